"""Input that breaks the format: exit 3, one line that names file and key, and nothing of the run stored."""
import json
import os
import struct
import warnings

import dumps
from harness import require, test

GOOD = "good: 3 snapshots, 4 layers, n = 12\n"


def refuse(box, arrays, said, name="bad"):
    """The snapshot `arrays` (or its bytes) between two good ones is refused; the database keeps what it had."""
    if not os.path.exists(box.db):
        box.ok("import", dumps.write_run(box.path("good")))
    folder = dumps.write_run(box.path(name), steps=(0, 20))
    path = os.path.join(folder, "step-0000010.npz")
    if isinstance(arrays, bytes):
        with open(path, "wb") as out:
            out.write(arrays)
    else:
        dumps.write_npz(path, arrays)
    refuse_path(box, folder, [path + ": "] + ([said] if isinstance(said, str) else list(said)))
    os.remove(path)


def refuse_path(box, path, said):
    runs = box.ok("runs", "--json").out if os.path.exists(box.db) else None
    box.fails(3, "import", path, said=said)
    if runs is not None:
        require(box.ok("runs", "--json").out == runs, "something was stored")


@test
def broken_safetensors(box):
    box.ok("import", dumps.write_run(box.path("good")))
    folder = dumps.write_run(box.path("bad"), steps=(0, 20))
    path = os.path.join(folder, "step-0000010.safetensors")

    def offsets(entries):
        entries["X"]["data_offsets"][0] = -8

    def dtype(entries):
        entries["T/fc1"]["dtype"] = "F8_E5M2"

    for change, said in ((offsets, "X: data_offsets"), (dtype, "T/fc1: dtype 'F8_E5M2' is not supported")):
        dumps.write_safetensors(path, dumps.snapshot(10), change)
        refuse_path(box, folder, [path + ": ", said])
    for size in (0, 7, 100):
        with open(path, "r+b") as file:
            file.truncate(size)
        refuse_path(box, folder, [path + ": header: "])


def changed(change):
    arrays = dumps.snapshot(10)
    change(arrays)
    return arrays


def with_key(key, value):
    return changed(lambda arrays: arrays.__setitem__(key, value))


def without_key(key):
    return changed(lambda arrays: arrays.pop(key))


@test
def n_that_differs_between_arrays(box):
    other = dumps.snapshot(10, n=11)
    for key in ("Y", "X", "T/conv1", "delta/fc2"):
        refuse(box, with_key(key, other[key]), "n = 11" if key != "X" else "n = 1")
    refuse(box, other, "11 samples")  # all of the file, but not the files before


@test
def numbers_that_are_not_finite(box):
    for bad in (float("nan"), float("inf"), float("-inf")):
        for key in ("X", "T/conv1", "T/fc1", "delta/conv2"):
            arrays = dumps.snapshot(10)
            row = arrays[key][3]
            while isinstance(row[0], list):
                row = row[1]
            row[1] = bad
            refuse(box, arrays, key + ": ")


@test
def bad_snapshots_left_out_on_request(box):
    """--skip-bad: the others of the run are stored, and each that is not is named with its reason."""
    folder = dumps.write_run(box.path("run"))
    bad = dumps.snapshot(10)
    bad["T/conv1"][3][1][0][1] = float("nan")
    dumps.write_npz(os.path.join(folder, "step-0000010.npz"), bad)
    with open(os.path.join(folder, "step-0000015.npz"), "w") as out:
        out.write("no zip")
    require(box.run("import", folder).code == 3 and box.ok("runs", "--json").json() == [], "without it: nothing")
    for _ in range(2):
        result = box.ok("import", "--skip-bad", folder, quiet=False)
        require(result.text() == "run: 2 snapshots, 4 layers, n = 12\n", result.describe())
        first, second = sorted(result.err.decode().splitlines())
        require("step-0000010.npz: T/conv1: NaN at index 41 (sample 3); left out" in first, result.describe())
        require("step-0000015.npz: zip: " in second and second.endswith("; left out"), result.describe())
    steps = [snapshot["step"] for snapshot in box.ok("show", "run", "--json").json()["snapshots"]]
    require(steps == [0, 20], steps)
    dumps.write_npz(os.path.join(folder, "step-0000010.npz"), dumps.snapshot(10))
    box.ok("import", "--skip-bad", folder, quiet=False)
    require(box.ok("show", "run", "--json").json()["snapshots"][1]["step"] == 10, "mended")


@test
def what_is_ignored_is_said_once(box):
    """However many files have it, and not where the run is refused: then there is one line to read."""
    folder = dumps.write_run(box.path("run"), steps=())
    for step in range(5):
        arrays = dumps.snapshot(step)
        arrays["T_conv1"], arrays["odd%d" % (step // 4)] = [1.0], [1.0]
        dumps.write_npz(os.path.join(folder, "step-%d.npz" % step), arrays)
    bad = dumps.snapshot(5)
    bad["X"][3][1] = float("nan")
    dumps.write_npz(os.path.join(folder, "step-5.npz"), bad)
    box.fails(3, "import", folder, said="step-5.npz: X: NaN")
    os.remove(os.path.join(folder, "step-5.npz"))
    said = box.ok("import", folder, quiet=False).err.decode().splitlines()
    require(len(said) == 3, said)
    for path, key in ("step-0.npz", "T_conv1"), ("step-0.npz", "odd0"), ("step-4.npz", "odd1"):
        require(any("%s: %s: unknown key, ignored" % (path, key) in line for line in said), key, said)


@test
def what_cannot_be_opened_is_not_left_out(box):
    """It may be good."""
    folder = dumps.write_run(box.path("run"))
    os.symlink("nowhere", os.path.join(folder, "step-0000015.npz"))
    box.fails(3, "import", "--skip-bad", folder, said=["step-0000015.npz: cannot open"])
    require(box.ok("runs", "--json").json() == [], "something was stored")


@test
def a_run_of_bad_snapshots_alone(box):
    folder = dumps.write_run(box.path("run"), steps=())
    for name in ("a", "b"):
        with open(os.path.join(folder, name + ".npz"), "w") as out:
            out.write("no zip")
    result = box.run("import", "--skip-bad", folder)
    require(result.code == 3 and result.out == b"" and result.err.count(b"\n") == 2, result.describe())
    require(box.ok("runs", "--json").json() == [], "something was stored")


@test
def wrong_types(box):
    refuse(box, with_key("T/conv1", dumps.object_array()), "T/conv1: ")
    refuse(box, with_key("X", dumps.Raw(dumps.npy_header("<c8", (12,)) + bytes(96))), "X: ")
    refuse(box, with_key("X", dumps.Raw(dumps.npy_header("<U3", (12,)) + bytes(144))), "X: ")
    refuse(box, with_key("X", dumps.Raw(b"not an array at all")), "X: ")
    refuse(box, with_key("Y", [0.5] * 12), "Y: ")
    refuse(box, with_key("step", 1.5), "step: ")
    refuse(box, with_key("step", -1), "step: ")
    refuse(box, with_key("step", [1, 2]), "step: ")
    refuse(box, with_key("batch", -1), "batch: ")


@test
def shapes_that_lie(box):
    data = struct.pack("<72f", *range(72))
    for shape in ("(12, 7)", "(12, 5)", "(-12, 6)", "(12, -6)", "(4611686018427387904, 8)", "(12, 0)", "(0, 6)",
                  "(18446744073709551616,)", "(1,)", "(" + "1, " * 40 + ")"):
        text = "{'descr': '<f4', 'fortran_order': False, 'shape': %s, }\n" % shape
        header = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()
        refuse(box, with_key("X", dumps.Raw(header + data)), "X: ")


@test
def trailing_and_missing_bytes(box):
    whole = dumps.npy(dumps.snapshot(10)["X"])
    refuse(box, with_key("X", dumps.Raw(whole + b"\0")), "X: ")
    refuse(box, with_key("X", dumps.Raw(whole[:-1])), "X: ")
    refuse(box, with_key("X", dumps.Raw(whole[:50])), "X: ")
    refuse(box, with_key("X", dumps.Raw(b"")), "X: ")


@test
def truncated_zips(box):
    path = box.path("whole.npz")
    dumps.write_npz(path, dumps.snapshot(10))
    with open(path, "rb") as whole:
        data = whole.read()
    for size in (0, 1, 22, len(data) // 2, len(data) - 1):
        refuse(box, data[:size], "")
    refuse(box, b"PK\x05\x06" + bytes(18), "X: missing")  # a zip of nothing
    middle = len(data) // 3
    refuse(box, data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1:], "")  # a checksum fails


@test
def keys(box):
    refuse(box, with_key("T/conv9", [[1.0]] * 12), ["T/conv9", "no such layer"])
    refuse(box, without_key("X"), "X: missing")
    refuse(box, without_key("step"), "step: missing")
    arrays = dumps.snapshot(10)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile sees it too
        refuse(box, [*arrays.items(), ("T/fc1", arrays["T/fc1"])], "T/fc1: ")


@test
def shapes_that_disagree(box):
    layers = [dict(layer) for layer in dumps.LAYERS]
    layers[0]["shape"] = (4, 2, 2)
    other = dumps.snapshot(10, layers=layers)
    refuse(box, other, "T/conv1: ")
    refuse(box, with_key("delta/conv1", other["delta/conv1"]), "delta/conv1: ")


@test
def shapes_that_disagree_after_the_first_file(box):
    box.ok("import", dumps.write_run(box.path("good")))
    folder = dumps.write_run(box.path("bad"), steps=(0, 10, 20, 30), errors=False)
    arrays = dumps.snapshot(10)
    dumps.write_npz(os.path.join(folder, "step-0000010.npz"), arrays)
    layers = [dict(layer) for layer in dumps.LAYERS]
    layers[3]["shape"] = (9,)
    late = dumps.snapshot(20, layers=layers)
    del late["T/fc2"]  # so that only its errors, which the first file lacks, are of another shape
    dumps.write_npz(os.path.join(folder, "step-0000020.npz"), late)
    refuse_path(box, folder, ["step-0000020.npz: delta/fc2: "])


@test
def condensed_distances(box):
    pairs = [0.5] * 66
    for key in ("X", "T/fc1"):
        def of(distances, dim=5, key=key):
            arrays = without_key(key)
            arrays["D2/" + key] = distances
            if dim is not None:
                arrays["dim/" + key] = dim
            return arrays
        refuse(box, of([pairs[:65]]), "D2/" + key + ": ")
        refuse(box, of([pairs[:55]]), "D2/" + key + ": ")  # n = 11
        refuse(box, of(pairs), "D2/" + key + ": ")
        refuse(box, of([[-1.0] + pairs[1:]]), "D2/" + key + ": ")
        refuse(box, of([[float("nan")] + pairs[1:]]), "D2/" + key + ": ")
        refuse(box, of([pairs], dim=None), "dim/" + key + ": missing")
        refuse(box, of([pairs], dim=0), "dim/" + key + ": ")
    both = dumps.snapshot(10)
    both["D2/X"], both["dim/X"] = [pairs], 6
    refuse(box, both, "D2/X: duplicate")


@test
def one_step_twice(box):
    box.ok("import", dumps.write_run(box.path("good")))
    folder = dumps.write_run(box.path("bad"))
    dumps.write_npz(os.path.join(folder, "again.npz"), dumps.snapshot(10))
    refuse_path(box, folder, ["step-0000010.npz: step: ", "again.npz"])


@test
def manifests(box):
    box.ok("import", dumps.write_run(box.path("good")))
    folder = dumps.write_run(box.path("bad"))
    good = dumps.manifest("bad")

    def bad(key, **changes):
        contents = {**good, **changes}
        contents = {k: v for k, v in contents.items() if v is not None}
        dumps.write_manifest(folder, contents)
        refuse_path(box, folder, ["run.json: ", key])

    for text in ("", "{", "nonsense", "[]", '{"format": "infoflow-run", "version": 1,, }', "{}" * 2, "[" * 5000):
        dumps.write_manifest(folder, text)
        refuse_path(box, folder, "run.json: ")
    dumps.write_manifest(folder, json.dumps(good)[:-1] + ', "name": "twice"}')
    refuse_path(box, folder, "run.json: ")
    bad("format: ", format=None)
    bad("format: ", format="other")
    bad("version: ", version=2)
    bad("version: ", version="1")
    bad("version: ", version=None)
    bad("name: ", name=None)
    bad("name: ", name="")
    bad("name: ", name=7)
    bad("name: ", name="x" * 5000)
    bad("params: ", params=[])
    bad("tags: ", tags="x")
    bad("layers: ", layers=None)
    bad("layers: ", layers={})
    bad("layers[0]", layers=["conv1"])
    bad("layers[1].name: ", layers=[{"name": "a"}, {"name": "a"}])
    bad("layers[0].kind: ", layers=[{"name": "a", "kind": "convolution"}])
    bad("layers[0].axes: ", layers=[{"name": "a", "axes": "CHWN"}])
    dumps.write_manifest(folder, good)
    box.ok("import", folder)


@test
def layers_that_differ_from_those_stored(box):
    folder = dumps.write_run(box.path("run"))
    box.ok("import", folder)
    before = box.ok("show", "run", "--json").out
    layers = [dict(layer) for layer in dumps.LAYERS]
    layers[1]["name"] = "other"
    dumps.write_run(folder, layers=layers, steps=(0, 10, 20, 30))
    box.fails(3, "import", folder, said="other")
    dumps.write_run(folder, layers=dumps.LAYERS[:3], steps=(0, 10, 20, 30))
    box.fails(3, "import", folder)
    require(box.ok("show", "run", "--json").out == before, "something was stored")


@test
def n_that_differs_from_that_stored(box):
    folder = dumps.write_run(box.path("run"))
    box.ok("import", folder)
    before = box.ok("show", "run", "--json").out
    dumps.write_npz(os.path.join(folder, "step-0000030.npz"), dumps.snapshot(30, n=14))
    dumps.write_npz(os.path.join(folder, "step-0000040.npz"), dumps.snapshot(40, n=14))
    box.fails(3, "import", folder)
    require(box.ok("show", "run", "--json").out == before, "something was stored")


@test
def a_bad_run_among_good_ones(box):
    for name in ("a", "b", "c"):
        dumps.write_run(box.path("all", name), seed=name)
    dumps.write_npz(box.path("all", "b", "step-0000010.npz"), without_key("X"))
    result = box.run("import", box.path("all"))
    require(result.code == 3 and result.err.count(b"\n") == 1 and b"X: missing" in result.err, result.describe())
    require([line.split(":")[0] for line in result.lines()] == ["a", "c"], result.describe())
    require([run["name"] for run in box.ok("runs", "--json").json()] == ["a", "c"], "stored")


@test
def paths_that_are_no_runs(box):
    os.mkdir(box.path("nothing"))
    with open(box.path("text.txt"), "w") as out:
        out.write("hello")
    os.mkdir(box.path("folder.npz"))
    for path in ("nothing", "text.txt", "absent", "absent.npz", "folder.npz", ""):
        box.fails(3, "import", path, said=path)
    dumps.write_run(box.path("good"))
    result = box.run("import", "absent", "good")
    require(result.code == 3 and result.text() == GOOD, result.describe())


@test
def what_does_not_fit_the_stored_run(box):
    """A refusal against snapshots that were imported before stores none of the new ones, and names the file."""
    folder = dumps.write_run(box.path("run"))
    box.ok("import", folder)
    before = box.ok("show", "run", "--json").out
    lacking = dumps.snapshot(1000)
    del lacking["T/conv1"], lacking["delta/conv1"]
    dumps.write_npz(os.path.join(folder, "step-0001000.npz"), lacking)
    other = dumps.snapshot(1001)
    other["T/conv1"] = [sample[:-1] for sample in other["T/conv1"]]
    del other["delta/conv1"]
    path = os.path.join(folder, "step-0001001.npz")
    dumps.write_npz(path, other)
    box.fails(3, "import", folder, said=[path + ": T/conv1: "])
    require(box.ok("show", "run", "--json").out == before, "something was stored")
    os.remove(path)
    manifest = dumps.manifest("run")
    manifest["layers"][1]["kind"] = "other"
    dumps.write_manifest(folder, manifest)
    box.fails(3, "import", folder, said=[folder, "layers[1]"])
    require(box.ok("show", "run", "--json").out == before, "something was stored")
