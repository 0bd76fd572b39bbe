"""What changes runs after the fact: delete, restore, rename, tag, note; and runs --filter."""
import sqlite3

import dumps
from harness import require, test


def three_runs(box):
    for name, params in (("lenet-a", {"activation": "relu", "lr": 0.1}), ("lenet-b", {"activation": "sigmoid"}),
                         ("mlp", {"activation": "relu", "lr": 0.01})):
        box.ok("import", dumps.write_run(box.path(name), params=params, seed=name))


def names(box, *words):
    return [run["name"] for run in box.ok("runs", "--json", *words).json()]


def says(box, words, line, code=0):
    """Just this line on stderr, nothing on stdout."""
    result = box.run(*words)
    require((result.code, result.out, result.err.decode()) == (code, b"", "infoflow: " + line + "\n"),
            result.describe(), "instead of", line)


@test
def delete_and_restore(box):
    three_runs(box)
    before = box.ok("show", "lenet-a", "--json").out
    numbers = box.ok("estimate", "lenet-a", "--csv").out
    says(box, ["delete", "lenet-a"], "lenet-a: deleted (infoflow restore brings it back)")
    require(names(box) == ["lenet-b", "mlp"] and names(box, "--deleted") == ["lenet-a"], "in the bin")
    require(box.ok("runs", "--deleted", "--json").json()[0]["deleted"] > 1700000000, "when")
    require("deleted" not in box.ok("runs", "--json").json()[0], "the others were not")
    row = box.ok("runs", "--deleted", "--csv").csv()[0]
    require(row["name"] == "lenet-a" and row["deleted"].startswith("20") and len(row["deleted"]) == 16, row)
    for words in (["show", "lenet-a"], ["estimate", "lenet-a"], ["plot", "ip", "lenet-a"], ["delete", "lenet-a"],
                  ["rename", "lenet-a", "x"], ["tag", "lenet-a", "a=b"], ["note", "lenet-a"]):
        says(box, words, box.db + ": lenet-a: no such run (it was deleted)", 2)
    says(box, ["import", box.path("lenet-a")],
         box.path("lenet-a") + ": run lenet-a was deleted; restore it or delete it for good", 3)
    says(box, ["restore", "lenet-b"], box.db + ": lenet-b: no such deleted run (it is not deleted)", 2)
    says(box, ["restore", "le"], "lenet-a: restored")
    require(box.ok("show", "lenet-a", "--json").out == before, "as it was")
    require(box.ok("estimate", "lenet-a", "--csv").out == numbers, "as they were")
    require(names(box, "--deleted") == [], "the bin is empty")


@test
def delete_several(box):
    three_runs(box)
    result = box.run("delete", "nothing", "lenet-b", "mlp")
    require(result.code == 2 and result.err.decode().splitlines() ==
            ["infoflow: " + box.db + ": nothing: no such run",
             "infoflow: lenet-b: deleted (infoflow restore brings it back)",
             "infoflow: mlp: deleted (infoflow restore brings it back)"], result.describe())
    require(names(box) == ["lenet-a"], "one is left")
    result = box.run("restore", "lenet-b", "2", "mlp")  # its id: it is no longer there
    require(result.code == 2 and result.err.count(b"\n") == 3, result.describe())
    require(names(box) == ["lenet-a", "lenet-b", "mlp"], "all are back")


@test
def delete_for_good(box):
    three_runs(box)
    says(box, ["delete", "--purge", "lenet-a"], "lenet-a: deleted for good")
    box.ok("delete", "mlp", quiet=False)
    says(box, ["delete", "mlp", "--purge"], "mlp: deleted for good")
    require(names(box) == ["lenet-b"] and names(box, "--deleted") == [], "gone")
    says(box, ["restore", "mlp"], box.db + ": mlp: no such deleted run", 2)
    other = sqlite3.connect(box.db)
    left = [other.execute("SELECT count(*) FROM " + table).fetchone()[0] for table in ("runs", "snapshots", "layers")]
    other.close()
    require(left == [1, 3, 4], left)
    box.ok("import", box.path("lenet-a"))
    require(len(box.ok("estimate", "lenet-a", "--csv").csv()) > 0, "and can come again")


@test
def the_exact_name_is_purged(box):
    for name in ("run", "run-2"):
        box.ok("import", dumps.write_run(box.path(name), seed=name))
    box.ok("delete", "run", quiet=False)
    says(box, ["delete", "--purge", "run"], "run: deleted for good")  # not run-2, which the prefix would name
    require(names(box) == ["run-2"], "the other is there")


@test
def rename(box):
    three_runs(box)
    says(box, ["rename", "lenet-a", "first"], "lenet-a: renamed to first")
    says(box, ["rename", "fi", "first"], "first: renamed to first")
    require(names(box) == ["first", "lenet-b", "mlp"], "renamed")
    says(box, ["rename", "first", "mlp"], box.db + ": cannot rename the run: mlp: the name of another run", 3)
    box.ok("delete", "mlp", quiet=False)
    says(box, ["rename", "first", "mlp"],
         box.db + ": cannot rename the run: mlp: the name of another run, a deleted one", 3)
    says(box, ["rename", "first", ""], box.db + ": cannot rename the run: the name is empty", 2)
    says(box, ["rename", "first", "x" * 256], box.db + ": cannot rename the run: the name is longer than 255 bytes", 2)
    for words in ([], ["first"], ["first", "a", "b"]):
        says(box, ["rename"] + words, "rename: needs a RUN and a NAME (infoflow rename --help)", 2)
    require(names(box) == ["first", "lenet-b"], "nothing came of it")


@test
def tags(box):
    three_runs(box)
    box.ok("tag", "lenet-a", "who=me", "lr=0.50", "expression=a=b", "gone=1")
    box.ok("tag", "lenet-a", "who=you", "gone=", "never=")
    require(box.ok("show", "lenet-a", "--json").json()["tags"] ==
            {"who": "you", "lr": 0.5, "expression": "a=b"}, box.ok("show", "lenet-a").text())
    require("tag who = you\ntag lr = 0.50\ntag expression = a=b\n" in box.ok("show", "lenet-a").text(), "show")
    require(box.ok("show", "lenet-b", "--json").json()["tags"] == {}, "the other's")
    box.ok("import", box.path("lenet-a"))
    require(box.ok("show", "lenet-a", "--json").json()["tags"]["who"] == "you", "kept by another import")
    says(box, ["tag", "lenet-a", "a=b", "nonsense"], "nonsense: is not KEY=VALUE (infoflow tag --help)", 2)
    says(box, ["tag", "lenet-a", "=b"], "=b: is not KEY=VALUE (infoflow tag --help)", 2)
    says(box, ["tag", "lenet-a", "a=b", "k=" + 4097 * "x"], "k: the value is longer than 4096 bytes", 2)
    says(box, ["tag", "lenet-a", "a=b", 256 * "k" + "=x"], 40 * "k" + "...: the key is longer than 255 bytes", 2)
    says(box, ["tag", "lenet-a"], "tag: needs a RUN and KEY=VALUE (infoflow tag --help)", 2)
    require("a" not in box.ok("show", "lenet-a", "--json").json()["tags"], "all or none")


@test
def notes(box):
    three_runs(box)
    require(box.ok("note", "lenet-a").out == b"", "none yet")
    box.ok("note", "lenet-a", "saturates at h = 5\nsee lenet-b")
    require(box.ok("note", "lenet-a").out == b"saturates at h = 5\nsee lenet-b\n", "two lines")
    require("note saturates at h = 5\nnote see lenet-b\n" in box.ok("show", "lenet-a").text(), "show")
    for document in (box.ok("show", "lenet-a", "--json").json(), box.ok("runs", "--json").json()[0]):
        require(document["note"] == "saturates at h = 5\nsee lenet-b", document)
    box.ok("note", "lenet-a", "")
    require(box.ok("note", "lenet-a").out == b"", "removed")
    says(box, ["note", "lenet-a", "two", "texts"], "note: needs a RUN and at most one TEXT (infoflow note --help)", 2)
    says(box, ["note", "lenet-a", 65537 * "x"], box.db + ": cannot annotate the run: the note is longer than 65536 bytes",
         2)


@test
def filters(box):
    three_runs(box)
    box.ok("tag", "mlp", "best=yes")
    box.ok("note", "mlp", "Look here")
    for expression, expected in (("", ["lenet-a", "lenet-b", "mlp"]), ("activation = relu", ["lenet-a", "mlp"]),
                                 ("RELU and lr > .05", ["lenet-a"]), ("name ~ NET", ["lenet-a", "lenet-b"]),
                                 ("not lr < 1", ["lenet-b"]), ("tag.best = yes || lr = 0.10", ["lenet-a", "mlp"]),
                                 ("note ~ look", ["mlp"]), ("snapshots = 3 && step = 20 && n = 12 && layers = 4",
                                                            ["lenet-a", "lenet-b", "mlp"]),
                                 ("metric.loss < 0", []), ("dpi >= 0 or dpi < 0", [])):
        require(names(box, "--filter", expression) == expected, expression)
    require([row["name"] for row in box.ok("runs", "--csv", "--filter=mlp").csv()] == ["mlp"], "CSV")
    require(len(box.ok("runs", "--filter", "mlp").lines()) == 2, "table")
    for expression, lacking in (("learning_rate > 0", "learning_rate"), ("lr > 0 or tag.lr = 1", "tag.lr")):
        said = box.ok("runs", "--filter", expression, quiet=False).err.decode()
        require(said == f"infoflow: --filter: no run has a field `{lacking}`\n", said)
    require(box.ok("runs", "--filter", "dpi > 0 or not step = 3 or nothing").err == b"", "fields that all runs have")
    box.ok("delete", "mlp", "lenet-a", quiet=False)
    require(names(box, "--deleted", "--filter", "lr < .05") == ["mlp"], "in the bin")
    says(box, ["runs", "--filter", "lr >"], "--filter: column 5: expected a value after >", 2)
    says(box, ["runs", "--filter", "(lr > 1"], "--filter: column 8: expected and, or, or )", 2)
    says(box, ["runs", "--filter", 4097 * "x"], "--filter: longer than 4096 bytes", 2)
    says(box, ["show", "--deleted"], "no such option --deleted (infoflow show --help lists them)", 2)
