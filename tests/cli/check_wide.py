"""Layers of more maps than are kept one by one, and snapshots too large to be held."""
import os
import sqlite3

import dumps
from harness import require, test

WIDE = [{"name": "conv", "kind": "conv", "axes": "NCHW", "shape": (9, 2)},
        {"name": "last", "kind": "conv", "axes": "NHWC", "shape": (2, 4)},
        {"name": "fc", "kind": "fc", "axes": "ND", "shape": (5,)}]


def estimates(box, run, *words):
    rows = box.ok("estimate", run, "--csv", *words).csv()
    return {(r["layer"], r["quantity"]): r["value"] for r in rows}


@test
def a_sample_of_maps(box):
    dumps.write_run(box.path("all"), layers=WIDE, steps=(0, 10))
    dumps.write_run(box.path("some"), layers=WIDE, steps=(0, 10))
    box.ok("import", box.path("all"))
    box.ok("import", "--maps", "4", box.path("some"))
    kept = [[layer["kept"] for layer in box.ok("show", run, "--json").json()["layers"]] for run in ("all", "some")]
    require(kept == [[9, 4, 1], [4, 4, 1]], kept)
    require(b"a sample of 4 is kept" in box.ok("show", "some").out, "said")
    require(b"sample" not in box.ok("show", "all").out, "nothing to say")
    whole, part = estimates(box, "all"), estimates(box, "some")
    require(whole.keys() == part.keys(), "the same quantities")
    differ = {key for key in whole if whole[key] != part[key]}
    require(differ and all(layer == "conv" and "(X)" in what or "(Y)" in what for layer, what in differ), differ)
    require(not any(what.startswith(("H(", "I(")) for _, what in differ), "whole layers are of all maps")
    require([b"+-" in box.ok("estimate", run).out for run in ("all", "some")] == [False, True], "standard errors")
    words = box.ok("estimate", "some", "--width", "median", "--no-pairs").out
    require(words.count(b"sampled maps") == 2, words)


@test
def a_run_stays_with_its_maps(box):
    folder = dumps.write_run(box.path("run"), layers=WIDE, steps=(0,))
    box.ok("import", "--maps", "4", folder)
    dumps.write_run(folder, layers=WIDE, steps=(0, 10, 20))
    result = box.ok("import", "--maps", "all", folder, quiet=False)
    require(b"stays with 4 feature maps of a layer" in result.err, result.describe())
    box.ok("import", folder)
    box.ok("import", "--maps", "4", folder)
    with sqlite3.connect(box.db) as database:
        counts = set(database.execute("SELECT count(*) FROM arrays JOIN variables ON variables.id = variable"
                                      " WHERE maps = 9 GROUP BY variable"))
    database.close()
    require(counts == {(5,)}, counts)


@test
def numbers_of_maps(box):
    for words in (["--maps", "1"], ["--maps", "0"], ["--maps", "-3"], ["--maps", "x"], ["--maps"]):
        box.fails(2, "import", "run", *words)
    box.fails(2, "runs", "--maps", "4")


@test
def more_than_memory_is_to_hold(box):
    """Distances of 26 MB and more a snapshot are read a second time as they are stored."""
    layers = [{"name": "conv", "kind": "conv", "axes": "NCHW", "shape": (400, 1)}]
    for name in ("held", "streamed"):
        dumps.write_manifest(box.path(name), dumps.manifest(name, layers))
        for step in (0, 10):
            path = os.path.join(box.path(name), "step-%d.safetensors" % step)
            dumps.write_safetensors(path, dumps.snapshot(step, n=128, layers=layers))
    box.ok("import", "--maps", "5", box.path("held"))
    box.ok("import", "--maps", "all", box.path("streamed"))
    require(estimates(box, "held", "--no-pairs") == estimates(box, "streamed", "--no-pairs"), "the same numbers")
    with sqlite3.connect(box.db) as database:
        arrays = database.execute("SELECT count(*) FROM arrays WHERE kind = 'd2'").fetchone()[0]
    database.close()
    require(arrays == 2 * (1 + 2 * 6) + 2 * (1 + 2 * 401), arrays)

    def bad(arrays):
        arrays["delta/conv"][127][399][0] = float("nan")
        return arrays

    dumps.write_safetensors(os.path.join(box.path("streamed"), "step-20.safetensors"),
                            dumps.snapshot(20, n=128, layers=layers))
    path = os.path.join(box.path("streamed"), "step-30.safetensors")
    dumps.write_safetensors(path, bad(dumps.snapshot(30, n=128, layers=layers)))
    box.fails(3, "import", box.path("streamed"), said=[path + ": delta/conv: NaN at index 51199 (sample 127)"])
    require(box.ok("runs", "--json").json()[1]["snapshots"] == 2, "nothing new is stored")
