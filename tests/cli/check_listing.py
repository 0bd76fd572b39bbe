"""runs and show: as a table, as CSV, as JSON; and how a RUN is named."""
import sqlite3

import dumps
from harness import check_failure, require, test
from terminal import Terminal

PARAMS = {"topology": "6-12", "lr": 0.1, "seed": 0, "augment": True, "decay": None, "maps": [6, {"a": 12}]}


def two_runs(box):
    box.ok("import", dumps.write_run(box.path("lenet-a"), params=PARAMS, tags={"who": "me"}))
    box.ok("import", dumps.write_run(box.path("lenet-b"), steps=(5, 7), layers=dumps.LAYERS[2:], seed=1))


@test
def runs_in_three_forms(box):
    two_runs(box)
    document = box.ok("runs", "--json").json()
    require([run["name"] for run in document] == ["lenet-a", "lenet-b"], document)
    require(document[0]["params"] == PARAMS, document[0]["params"])
    require(list(document[0]["params"]) == list(PARAMS), "in their order")
    require(document[0]["tags"] == {"who": "me"}, document[0])
    require(abs(document[0]["metrics"]["loss"] - 2 / 3) < 1e-12, document[0])
    rows = box.ok("runs", "--csv").csv()
    for row, run in zip(rows, document):
        require((row["name"], row["snapshots"], row["layers"], row["n"], row["last step"]) ==
                (run["name"], str(run["snapshots"]), str(run["layers"]), str(run["n"]), str(run["last_step"])), row)
        require(row["id"] == str(run["id"]), row)
    require("topology=6-12" in rows[0]["params"] and "lr=0.1" in rows[0]["params"], rows[0])
    table = box.ok("runs").lines()
    require(len(table) == 3 and table[0].split()[:3] == ["id", "name", "snapshots"], table)
    require(table[1].split()[1] == "lenet-a" and table[2].split()[1] == "lenet-b", table)


@test
def what_all_runs_have_alike_is_said_once(box):
    for name, lr in (("one", 0.1), ("two", 0.2)):
        box.ok("import", dumps.write_run(box.path(name), params={"model": "lenet", "lr": lr, "only-" + name: 1}))
    table = box.ok("runs").lines()
    require(table[1].endswith("lr=0.1 only-one=1  loss=0.6667") and table[2].endswith("lr=0.2 only-two=1  loss=0.6667"), table)
    require(table[3:] == ["", "all: model=lenet"], table)
    for words in (("runs", "--filter", "lr = 0.1"), ("runs", "--csv"), ("runs", "--json")):
        text = box.ok(*words).text()
        require("all:" not in text and "lenet" in text, words)


@test
def an_empty_list(box):
    box.ok("import", dumps.write_run(box.path("run")))
    box.ok("delete", "run", quiet=False)
    require(box.ok("runs", "--json").json() == [], "JSON")
    require(box.ok("runs", "--csv").csv() == [], "CSV")
    require(len(box.ok("runs").lines()) == 1, "table")


@test
def a_damaged_run(box):
    """It is named; the others are listed, and it can be deleted."""
    two_runs(box)
    before = box.ok("runs", "--json").json()
    damaged, sound = before
    other = sqlite3.connect(box.db)
    other.execute("UPDATE layers SET kind = 'x' WHERE run = ?", (damaged["id"],))
    other.commit()
    other.close()
    line = "infoflow: %s: %s: cannot read the run: damaged database (kind)\n" % (box.db, damaged["name"])
    for words in (["--json"], ["--csv"], []):
        result = box.run("runs", *words)
        require(result.code == 3 and result.err.decode() == line, result.describe())
        require(sound["name"] in result.text() and damaged["name"] not in result.text(), result.describe())
        require(words != ["--json"] or result.json() == [sound], result.describe())
    box.fails(3, "compute", said=damaged["name"])
    require(box.run("verify", "--csv").csv() == [{"run": "", "step": "", "batch": "", "what": damaged["name"],
                                                  "how": "cannot read the run: damaged database (kind)"}], "verify")
    with Terminal(box) as terminal:
        terminal.shows(sound["name"].encode())
        terminal.shows(b"1 damaged: ")
        terminal.type(b"q")
        require(terminal.ends()[0] == 0, "the workbench")
    box.ok("delete", damaged["name"], quiet=False)
    require(box.ok("runs", "--json").json() == [sound], "the others")
    box.ok("delete", "--purge", damaged["name"], quiet=False)
    box.ok("verify")


@test
def show_in_three_forms(box):
    two_runs(box)
    document = box.ok("show", "lenet-a", "--json").json()
    require(document["name"] == "lenet-a" and document["params"] == PARAMS, document)
    require([(layer["name"], layer["kind"], layer["axes"], layer["maps"], layer["dim"], layer["errors"])
             for layer in document["layers"]] ==
            [("conv1", "conv", "NCHW", 3, 4, True), ("conv2", "conv", "NHWC", 2, 4, True),
             ("fc1", "fc", "ND", 1, 5, True), ("fc2", "fc", "ND", 1, 4, True)], document["layers"])
    snapshots = document["snapshots"]
    require([(s["step"], s["epoch"], s["batch"], s["n"]) for s in snapshots] ==
            [(0, 0, 0, 12), (10, 0.5, 0, 12), (20, 1, 0, 12)], snapshots)
    rows = box.ok("show", "lenet-a", "--csv").csv()
    for row, snapshot in zip(rows, snapshots):
        for key in ("step", "epoch", "batch", "n"):
            require(float(row[key]) == snapshot[key], row)
        require(abs(float(row["loss"]) - snapshot["metrics"]["loss"]) < 1e-5, row)
    text = box.ok("show", "lenet-a").text()
    for part in ("run lenet-a\n", "param topology = 6-12\n", "param lr = 0.1\n", "param decay = null\n",
                 "tag who = me\n", "3 snapshots, 4 layers, n = 12\n"):
        require(part in text, part, text)


@test
def metrics_that_come_and_go(box):
    folder = box.path("run")
    dumps.write_manifest(folder, dumps.manifest("run"))
    for step, metrics in ((0, {"a": 1.0}), (1, {"a": 2.0, "b": 3.0}), (2, {})):
        dumps.write_npz("%s/step-%d.npz" % (folder, step), dumps.snapshot(step, metrics=metrics))
    box.ok("import", folder)
    require(box.ok("runs", "--json").json()[0]["metrics"] == {"a": 2, "b": 3}, "of the last that has any")
    rows = box.ok("show", "run", "--csv").csv()
    require([row.get("a") for row in rows] == ["1", "2", ""], rows)
    require([row.get("b") for row in rows] == ["", "3", ""], rows)


@test
def runs_by_name_prefix_and_id(box):
    two_runs(box)
    box.ok("import", dumps.write_run(box.path("lenet"), seed=2))
    ids = {run["name"]: str(run["id"]) for run in box.ok("runs", "--json").json()}

    def name_of(which):
        return box.ok("show", which, "--json").json()["name"]

    require(name_of("lenet") == "lenet", "an exact name goes before a prefix")
    require(name_of("lenet-a") == "lenet-a" and name_of("lenet-b") == "lenet-b", "names")
    for name, number in ids.items():
        require(name_of(number) == name, "id", number)
    result = box.fails(2, "show", "len")
    require(all(name in result.err.decode() for name in ("lenet", "lenet-a", "lenet-b")), result.describe())
    box.fails(2, "show", "LENET")
    box.ok("delete", "lenet", quiet=False)
    check_failure(box.run("show", "lenet"), 2, "lenet-a")
    box.ok("import", dumps.write_run(box.path("other"), seed=3))
    require(name_of("o") == "other", "a unique prefix")
    box.ok("import", dumps.write_run(box.path("1"), name="1", seed=4))
    require(name_of("1") == "1", "a name goes before an id")
