"""Control bytes in whatever a dump may name: none leaves the program. The harness looks at every output."""
import json
import os

import dumps
from harness import require, test

# C0, DEL, C1 as UTF-8, bidirectional override, an escape sequence; newline, tab, carriage return
NASTY = "x\x01\x07\x1b[31mred\x1b]0;title\x07\n\r\t\x7f\u0080\u009b2J\u202e,\"'<&>end"

# The names of zip entries are either ASCII or UTF-8; with C0 in the latter the whole file is refused.
ASCII = "x\x01\x07\x1b[31mred\x1b]0;title\x07\n\r\t\x7f,\"'<&>end"
UTF8 = "red\n\r\t\x7f\u0080\u009b2J\u202e,\"'<&>end"


def write_hostile(folder, name=NASTY):
    layers = [{"name": "a" + ASCII, "kind": "conv", "axes": "NCHW", "shape": (3, 2, 2)},
              {"name": "fc" + ASCII, "kind": "fc", "axes": "ND", "shape": (4,)},
              {"name": "u" + UTF8, "kind": "fc", "axes": "ND", "shape": (4,)}]
    params = {NASTY: NASTY, "list": [NASTY, {NASTY: [NASTY]}], "number": 0.5, "b": True, "none": None}
    dumps.write_run(folder, name=name, layers=layers, params=params, tags={"t" + NASTY: NASTY}, steps=())
    for step in (0, 10):
        arrays = dumps.snapshot(step, layers=layers, epoch=float(step), metrics={"m" + ASCII: 0.25, "u" + UTF8: 1.5})
        dumps.write_npz(os.path.join(folder, "step-%d.npz" % step), arrays)
    return folder


def all_commands(box, run):
    """Every command that prints something of a run."""
    yield box.ok("runs")
    yield box.ok("show", run)
    yield box.ok("estimate", run)
    for command in (["runs"], ["show", run], ["estimate", run]):
        rows = box.ok(*command, "--csv")
        require(len(rows.csv()) > 0, rows.describe())
        yield rows
        document = box.ok(*command, "--json")
        document.json()
        yield document
    for plot in ("dpi", "ip", "mip"):
        for charset in ("ascii", "braille"):
            yield box.ok("plot", plot, run, "--charset", charset, "--color", "never")
        box.ok("plot", plot, run, "--svg", box.path("a.svg"))
        with open(box.path("a.svg"), encoding="utf-8") as picture:
            text = picture.read()
        require(all(c.isprintable() or c == "\n" for c in text), plot + ".svg holds control characters")
        yield box.ok("plot", plot, run, "--svg", "-")


@test
def names_and_values_of_a_run(box):
    result = box.ok("import", write_hostile(box.path("run")))
    require(result.out.endswith(b": 2 snapshots, 3 layers, n = 12\n"), result.describe())
    require(result.out.count(b"\n") == 1, result.describe())
    for result in all_commands(box, "1"):
        require(b"red" in result.out or b"<svg" in result.out or b"DPI" in result.out or b"IP" in result.out,
                result.describe())
    require(box.fails(2, "show", NASTY + "?").err.count(b"\n") == 1, "unknown run")
    box.ok("tag", "1", NASTY + "=" + NASTY)
    box.ok("note", "1", NASTY + "\n" + NASTY)
    require(b"red" in box.ok("note", "1").out, "note")
    for words in (["show", "1"], ["show", "1", "--json"], ["runs", "--filter", "'red' and note ~ red", "--json"]):
        require(b"red" in box.ok(*words).out, words)
    box.fails(2, "runs", "--filter", "x = " + NASTY, said="--filter: column")
    require(box.ok("rename", "1", NASTY + "2", quiet=False).err.count(b"\n") == 1, "renamed")
    require(box.ok("rename", "1", NASTY, quiet=False).err.count(b"\n") == 1, "renamed")
    require(box.ok("delete", NASTY, quiet=False).err.count(b"\n") == 1, "deleted")
    box.ok("runs", "--deleted")
    require(box.ok("restore", NASTY, quiet=False).err.count(b"\n") == 1, "restored")


@test
def several_runs_and_what_is_computed(box):
    """What is said of all runs at once, of links that rise, of widths, of spectra and of a part."""
    box.ok("import", write_hostile(box.path("run")))
    box.ok("import", write_hostile(box.path("other"), name="other"))
    require(b"red" in box.ok("runs").out.partition(b"\nall: ")[2], "what all runs share")
    for form in ([], ["--csv"], ["--json"]):
        result = box.run("check", "1", *form)
        require(result.code == 4 and b"red" in result.out, "links that rise", result.describe())
        require(b"red" in box.ok("sweep", "1", "--h", "2:8:3", *form, quiet=False).out, "widths")
    require(b"red" in box.ok("compute", "1").out, "spectra")
    part = box.path("part" + NASTY.replace("/", ""))
    require(b"red" in box.ok("compute", "1", "--h", "7", "--shard", "1/1", "--out", part).out, "a shard")
    require(b"red" in box.ok("merge", part).out, "a part")
    offered = box.raw("--complete", "show", "--db", box.db, "").out
    require(b"other" in offered and b"red" not in offered, "a shell is told of no name that cannot be typed", offered)


@test
def json_within_params(box):
    box.ok("import", write_hostile(box.path("run")))
    for command in (["show", "1"], ["runs"]):
        document = box.ok(*command, "--json").json()
        params = (document[0] if isinstance(document, list) else document)["params"]
        require(params["number"] == 0.5 and params["b"] is True and params["none"] is None, params)
        texts = json.dumps(params["list"], ensure_ascii=False)
        require(len(params["list"]) == 2 and not any(ord(c) == 0x7F or 0x80 <= ord(c) < 0xA0 for c in texts), texts)


@test
def key_names_in_messages(box):
    folder = dumps.write_run(box.path("run"), steps=(0,))
    path = os.path.join(folder, "step-0000000.npz")
    arrays = dumps.snapshot(0)
    arrays["unknown" + ASCII] = [1.0]
    arrays["unknown" + UTF8] = [1.0]
    dumps.write_npz(path, arrays)
    result = box.ok("import", folder, quiet=False)
    require(result.err.count(b"\n") == 2 and result.err.count(b"ignored") == 2, result.describe())
    for key in ("T/absent" + ASCII, "T/absent" + UTF8, "T/absent" + NASTY):
        arrays = dumps.snapshot(1)
        arrays[key] = [[1.0]] * 12
        dumps.write_npz(path, arrays)
        box.fails(3, "import", folder, said="step-0000000.npz")
    dumps.write_npz(path, dumps.snapshot(1))
    manifest = dumps.manifest("run")
    manifest["key" + NASTY] = 1
    manifest["layers"][0]["layer key" + NASTY] = 1
    dumps.write_manifest(folder, manifest)
    require(b"layer key" in box.run("import", folder).err, "a note")


@test
def names_of_files_and_words(box):
    folder = write_hostile(box.path("dir" + NASTY.replace("/", "")), name="tame")
    box.ok("import", folder)
    with open(os.path.join(folder, "step-bad" + NASTY.replace("/", "") + ".npz"), "w") as out:
        out.write("no zip")
    box.fails(3, "import", folder, said="step-bad")
    for words in (["frob" + NASTY], ["runs", "--opt" + NASTY], ["runs", NASTY], ["show", NASTY],
                  ["estimate", "tame", "--alpha", NASTY], ["estimate", "tame", "--steps", NASTY],
                  ["estimate", "tame", "--quantities", NASTY], ["plot", "dpi", "tame", "--step", NASTY],
                  ["plot", "dpi", "tame", "--size", NASTY], ["plot", NASTY, "tame"]):
        box.fails(2, *words)
    box.fails(3, "import", NASTY)
    box.fails(1, "plot", "dpi", "tame", "--svg", box.path("no folder" + NASTY, "a.svg"))


@test
def bytes_that_are_no_text(box):
    for words in ([b"frob\xff\xfe"], [b"runs", b"--\x80"], [b"show", b"\xc3"], [b"import", b"/nowhere/\xff\xc0\xaf"]):
        result = box.raw(*words)
        require(result.code != 0 and result.err.count(b"\n") == 1, result.describe())
    folder = dumps.write_run(box.path("run"), steps=(0,))
    os.rename(os.path.join(folder, "step-0000000.npz").encode(), os.path.join(folder.encode(), b"st\xff\x9b31m.npz"))
    box.ok("import", folder)
    folder = dumps.write_run(box.path("bare"), steps=(0,))
    os.remove(os.path.join(folder, "run.json"))
    named = box.folder.encode() + b"/\xff\xfe\x1b[1mbare"
    os.rename(folder.encode(), named)
    result = box.run("import", named)
    require(result.code in (0, 3), result.describe())  # a folder's name that is no text becomes a run's, or not
    box.ok("runs")
    box.ok("runs", "--json").json()


@test
def environment(box):
    result = box.raw("runs", env={"INFOFLOW_DB": "/nowhere/" + NASTY})
    require(result.code == 1 and result.err.count(b"\n") == 1, result.describe())
