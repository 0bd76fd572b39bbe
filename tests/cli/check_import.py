"""What import takes, and what it says."""
import os
import subprocess

import dumps
from harness import Skip, require, test


def line(name, snapshots, layers=4, n=12):
    return ("%s: %d snapshots, %d layers, n = %d\n" % (name, snapshots, layers, n)).encode()


@test
def a_run_folder(box):
    folder = dumps.write_run(box.path("lenet"), n=128, steps=range(0, 70, 10))
    require(box.ok("import", folder).out == line("lenet", 7, n=128), "first")
    require(box.ok("import", folder + "/").out == line("lenet", 7, n=128), "again, with a slash")
    require(box.ok("runs", "--json").json()[0]["snapshots"] == 7, "runs")


@test
def another_training_of_a_name(box):
    """It is not mixed with the one that is stored, nor taken for it."""
    box.ok("import", dumps.write_run(box.path("a"), name="net", params={"seed": 1, "lr": 0.1}, steps=(0, 10)))
    longer = dumps.write_run(box.path("b"), name="net", params={"lr": 0.1, "seed": 4}, steps=(0, 10, 20))
    box.fails(3, "import", longer, said=("b: params: seed: 4, but 1", "net"))
    require(len(box.ok("show", "net", "--json").json()["snapshots"]) == 2, "nothing of it is stored")
    box.ok("import", dumps.write_run(box.path("c"), name="net", params={"seed": 1, "host": "gpu1"}, steps=(20,)))
    require(len(box.ok("show", "net", "--json").json()["snapshots"]) == 3, "with a param more it goes on")
    box.ok("rename", "net", "first", quiet=False)
    box.ok("import", longer)


@test
def importing_again_adds_only_what_is_new(box):
    folder = dumps.write_run(box.path("run"))
    box.ok("import", folder)
    numbers = box.ok("estimate", "run", "--csv").out
    before = box.ok("show", "run", "--json").json()
    box.ok("import", folder)
    require(box.ok("show", "run", "--json").json() == before, "nothing changes")
    dumps.write_run(folder, steps=(0, 10, 20, 30, 40))
    require(box.ok("import", folder).out == line("run", 5), "two more")
    require(box.ok("estimate", "run", "--csv", "--steps", "0,10,20").out == numbers, "the old ones stay as they are")
    dumps.write_npz(os.path.join(folder, "step-0000000.npz"), dumps.snapshot(0, seed=7))
    require(box.ok("import", folder).out == line("run", 5), "a changed file of a step that is there")
    require(box.ok("estimate", "run", "--csv", "--steps", "0,10,20").out == numbers, "is not read again")


@test
def a_folder_of_runs(box):
    for name in ("b", "a", "c"):
        dumps.write_run(box.path("all", name), steps=(0, 10), seed=name)
    os.mkdir(box.path("all", "no-run"))
    os.mkdir(box.path("all", ".hidden"))
    require(box.ok("import", box.path("all")).out == line("a", 2) + line("b", 2) + line("c", 2), "in order")


@test
def several_paths(box):
    for name in ("one", "two"):
        dumps.write_run(box.path(name), steps=(0,), seed=name)
    require(box.ok("import", box.path("two"), box.path("one")).out == line("two", 1) + line("one", 1), "as named")


@test
def a_single_snapshot(box):
    folder = dumps.write_run(box.path("run"))
    require(box.ok("import", os.path.join(folder, "step-0000010.npz")).out == line("run", 1), "one")
    require([s["step"] for s in box.ok("show", "run", "--json").json()["snapshots"]] == [10], "its step")
    require(box.ok("import", folder).out == line("run", 3), "then the others")


@test
def relative_paths(box):
    dumps.write_run(box.path("run"))
    require(box.ok("import", "run").out == line("run", 3), "run")
    require(box.ok("import", "run/step-0000000.npz").out == line("run", 3), "a file")
    require(box.ok("import", "./run/../run").out == line("run", 3), "dots")


@test
def several_batches_of_a_step(box):
    folder = box.path("run")
    dumps.write_manifest(folder, dumps.manifest("run"))
    for step in (0, 10):
        for batch in (0, 1):
            arrays = dumps.snapshot(step, batch=batch)
            dumps.write_npz(os.path.join(folder, dumps.file_name(arrays)), arrays)
    require(box.ok("import", folder).out == line("run", 4), "four")
    places = [(s["step"], s["batch"]) for s in box.ok("show", "run", "--json").json()["snapshots"]]
    require(places == [(0, 0), (0, 1), (10, 0), (10, 1)], places)


@test
def without_a_manifest(box):
    folder = dumps.write_run(box.path("bare"))
    os.remove(os.path.join(folder, "run.json"))
    result = box.ok("import", folder, quiet=False)
    require(result.out == line("bare", 3), result.describe())
    require(result.err.count(b"\n") == 1 and b"run.json" in result.err, result.describe())
    layers = box.ok("show", "bare", "--json").json()["layers"]
    require([layer["name"] for layer in layers] == ["conv1", "conv2", "fc1", "fc2"], layers)
    require([layer["axes"] for layer in layers] == ["NCHW", "NCHW", "ND", "ND"], layers)


@test
def safetensors_in_place_of_npz(box):
    dumps.write_run(box.path("npz"))
    folder = box.path("safetensors")
    dumps.write_manifest(folder, dumps.manifest("safetensors"))
    for k, step in enumerate((0, 10, 20)):
        arrays = dumps.snapshot(step, epoch=k / 2, metrics={"loss": 2.0 / (k + 1)})
        arrays["step"] = [step]
        dumps.write_safetensors(os.path.join(folder, "step-%07d.safetensors" % step), arrays)
    one = os.path.join(folder, "step-0000010.safetensors")
    require(box.ok("import", one).out == line("safetensors", 1), "one file")
    require(box.ok("import", box.path("npz"), folder).out == line("npz", 3) + line("safetensors", 3), "folders")
    rows = [[row[1:] for row in map(lambda l: l.split(","), box.ok("estimate", name, "--csv").lines())]
            for name in ("npz", "safetensors")]
    require(rows[0] == rows[1], "the same numbers")
    os.remove(os.path.join(folder, "run.json"))
    os.rename(folder, box.path("bare"))
    result = box.ok("import", box.path("bare"), quiet=False)
    require(result.out == line("bare", 3) and b"run.json: missing" in result.err, result.describe())


@test
def a_trainer_in_c(box):
    """sample-runs/record_in_c.c, as the tests built it."""
    trainer = os.path.join(os.path.dirname(box.binary), "tests", "record_in_c")
    if not os.path.exists(trainer):
        raise Skip("record_in_c is not built")
    os.mkdir(box.path("c"))
    subprocess.run([trainer, box.path("c")], check=True, timeout=60)
    require(box.ok("import", box.path("c")).out == line("spirals", 9, layers=3, n=96), "import")
    losses = [s["metrics"]["loss"] for s in box.ok("show", "spirals", "--json").json()["snapshots"]]
    require(losses == sorted(losses, reverse=True) and losses[-1] < 0.01, losses)
    rows = box.ok("estimate", "spirals", "--csv").csv()
    labels = [float(r["value"]) for r in rows if r["quantity"] == "H(Y)"]
    require(len(labels) == 9 and all(abs(h - 1.5849625007211562) < 1e-9 for h in labels), "three equal classes")


@test
def without_snapshots(box):
    dumps.write_manifest(box.path("empty"), dumps.manifest("empty"))
    result = box.ok("import", box.path("empty"), quiet=False)
    require(result.out == line("empty", 0, n=0) and b"no snapshots" in result.err, result.describe())
    require(box.ok("show", "empty", "--json").json()["snapshots"] == [], "show")
    result = box.ok("estimate", "empty", "--csv", quiet=False)
    require(result.lines() == ["run,step,epoch,batch,layer,quantity,value"], result.describe())
    require(b"no snapshots" in result.err, result.describe())
    require(box.ok("runs", "--csv").csv()[0]["snapshots"] == "0", "runs")
    box.fails(2, "plot", "dpi", "empty", said="no snapshots")
    box.fails(2, "plot", "ip", "empty", said="no snapshots")


@test
def snapshots_that_lack_a_layer(box):
    folder = dumps.write_run(box.path("run"))
    arrays = dumps.snapshot(10, labels=False)
    del arrays["T/fc2"], arrays["delta/fc2"]
    dumps.write_npz(os.path.join(folder, "step-0000010.npz"), arrays)
    require(box.ok("import", folder).out == line("run", 3), "import")
    rows = box.ok("estimate", "run", "--csv").csv()
    at = {step: {(r["layer"], r["quantity"]) for r in rows if r["step"] == step} for step in ("0", "10")}
    require(("fc2", "H(T)") in at["0"] and ("fc2", "H(T)") not in at["10"], "fc2")
    require(("fc1", "H(delta)") in at["10"] and ("fc1", "I(deltaK;delta)") not in at["10"], "fc1 is the last there")
    require(not any("Y" in quantity for _, quantity in at["10"]), "no labels")


@test
def distances_in_place_of_values(box):
    n = 12
    folder = dumps.write_run(box.path("raw"), steps=(0,), n=n)
    arrays = dumps.snapshot(0, n=n, epoch=0.0, metrics={"loss": 2.0})

    def condensed(rows):
        return [sum((a - b) ** 2 for a, b in zip(rows[i], rows[j])) for i in range(n) for j in range(i + 1, n)]

    def maps_of(values, layer):
        if len(layer["shape"]) == 1:
            return [values]
        if layer["axes"] == "NHWC":
            return [[[v[c] for row in s for v in row] for s in values] for c in range(layer["shape"][-1])]
        return [[dumps.flatten(s[c]) for s in values] for c in range(layer["shape"][0])]

    other = {key: value for key, value in arrays.items() if "/" not in key or key.startswith("metrics/")}
    other["D2/X"] = dumps.Array([condensed(other.pop("X"))], "<f8")
    other["dim/X"] = 6
    for layer in dumps.LAYERS:
        for key in ("T/" + layer["name"], "delta/" + layer["name"]):
            maps = maps_of(arrays[key], layer)
            other["D2/" + key] = dumps.Array([condensed(rows) for rows in maps], "<f8")
            other["dim/" + key] = len(maps[0][0])
    dumps.write_manifest(box.path("condensed"), dumps.manifest("condensed"))
    dumps.write_npz(box.path("condensed", "step-0000000.npz"), other)
    box.ok("import", folder, box.path("condensed"))
    values = [[float(r["value"]) for r in box.ok("estimate", run, "--csv").csv()] for run in ("raw", "condensed")]
    require(len(values[0]) == len(values[1]) > 0, "as many")
    require(max(abs(a - b) for a, b in zip(*values)) < 1e-4, "the same numbers")


@test
def unknown_keys_get_a_note(box):
    folder = dumps.write_run(box.path("run"), steps=(0,))
    arrays = dumps.snapshot(0)
    arrays["extra"] = [1.0, 2.0]
    dumps.write_npz(os.path.join(folder, "step-0000000.npz"), arrays)
    result = box.ok("import", folder, quiet=False)
    require(result.out == line("run", 1), result.describe())
    require(result.err.count(b"\n") == 1 and b"step-0000000.npz: extra: " in result.err, result.describe())


@test
def stored_and_deflated_files(box):
    for name, compress in (("stored", False), ("deflated", True)):
        folder = box.path(name)
        dumps.write_manifest(folder, dumps.manifest(name))
        dumps.write_npz(os.path.join(folder, "a.npz"), dumps.snapshot(3), compress)
        box.ok("import", folder)
    values = [[r["value"] for r in box.ok("estimate", name, "--csv").csv()] for name in ("stored", "deflated")]
    require(values[0] == values[1], "the same numbers")
