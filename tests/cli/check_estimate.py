"""estimate: which records, in which order, in which form."""
import math
import os
import re
import sqlite3
import statistics

import dumps
from harness import require, test

HEADER = "run,step,epoch,batch,layer,quantity,value"
MAPS_QUANTITIES = ["tradeoff", "nonredundant", "tradeoff%", "nonredundant%"]


def expected_rows(labels=True, errors=True, pairs=True):
    """The (layer, quantity) of one snapshot, in the order of the contract."""
    rows = [("", "H(X)")] + ([("", "H(Y)")] if labels else [])
    for layer in dumps.LAYERS:
        rows += [(layer["name"], "H(T)"), (layer["name"], "I(X;T)")]
        rows += [(layer["name"], "I(T;Y)")] if labels else []
        if pairs and len(layer["shape"]) > 1:
            for of in ["X", "Y"] if labels else ["X"]:
                rows += [(layer["name"], "%s(%s)" % (name, of)) for name in MAPS_QUANTITIES]
    names = [layer["name"] for layer in dumps.LAYERS]
    if errors:
        rows.append((names[-1], "H(delta)"))
        for name in names[-2::-1]:
            rows += [(name, "H(delta)"), (name, "I(deltaK;delta)")]
    return rows


def places(rows):
    return [(row["layer"], row["quantity"]) for row in rows]


def sample(box, name="run", **options):
    box.ok("import", dumps.write_run(box.path(name), **options))


@test
def csv_columns_and_order(box):
    sample(box)
    result = box.ok("estimate", "run", "--csv")
    require(result.lines()[0] == HEADER, result.describe())
    rows = result.csv()
    require(places(rows) == expected_rows() * 3, places(rows))
    count = len(expected_rows())
    require([(r["run"], r["step"], r["epoch"], r["batch"]) for r in rows[::count]] ==
            [("run", "0", "0.0", "0"), ("run", "10", "0.5", "0"), ("run", "20", "1.0", "0")], rows[::count])
    for row in rows:
        require(math.isfinite(float(row["value"])), row)
        require(float("%.17g" % float(row["value"])) == float(row["value"]), row)
    require(sum(len(row["value"]) > 12 for row in rows) > len(rows) / 2, "17 digits")


@test
def comes_as_it_is_computed(box):
    """Where the last snapshot cannot be read, the records of those before it are there: they were written first."""
    sample(box)
    commands = [(*words, "--no-cache", form) for form in ("--csv", "--json")
                for words in (("estimate", "run"), ("sweep", "run", "--h", "1:2:2"))]
    before = [box.run(*words).text() for words in commands]
    other = sqlite3.connect(box.db)
    other.execute("UPDATE arrays SET data = zeroblob(length(data)) WHERE kind = 'd2' AND variable IN (SELECT variables.id"
                  " FROM variables JOIN snapshots ON snapshots.id = snapshot WHERE step = 20)")
    other.commit()
    other.close()
    for words, whole in zip(commands, before):
        result = box.run(*words)
        require(result.code == 3 and result.err.count(b"\n") == 1, result.describe())
        records = [line for line in whole.split("\n") if re.search(r'"step": (0|10)\b|run,(0|10),', line)]
        if words[0] == "sweep":
            records = records[:len(records) // 2]  # of the first width
        require(len(records) > 10 and set(records) <= set(result.text().split("\n")), result.describe())


@test
def json_has_the_same_values(box):
    sample(box)
    rows = box.ok("estimate", "run", "--csv").csv()
    records = box.ok("estimate", "run", "--json").json()
    require(len(rows) == len(records), "as many")
    for row, record in zip(rows, records):
        require(list(record) == HEADER.split(","), record)
        require(float(row["value"]) == record["value"] and float(row["epoch"]) == record["epoch"], record)
        require((row["run"], int(row["step"]), int(row["batch"]), row["layer"], row["quantity"]) ==
                (record["run"], record["step"], record["batch"], record["layer"], record["quantity"]), record)


@test
def table(box):
    sample(box)
    values = {(r["step"], r["layer"], r["quantity"]): float(r["value"]) for r in box.ok("estimate", "run", "--csv").csv()}
    blocks = box.ok("estimate", "run").text().split("\n\n")
    require(len(blocks) == 3, blocks)
    for block, step, epoch in zip(blocks, ("0", "10", "20"), ("0", "0.5", "1")):
        lines = block.rstrip("\n").split("\n")
        whole = "run  step %s  epoch %s  H(X) = %.4f bits  H(Y) = %.4f bits" % (
            step, epoch, values[step, "", "H(X)"], values[step, "", "H(Y)"])
        require(lines[0] == whole, lines[0], whole)
        header = lines[1].split()
        require(header[:4] == ["layer", "H(T)", "I(X;T)", "I(T;Y)"] and header[-1] == "health", header)
        require([line.split()[0] for line in lines[2:]] == [layer["name"] for layer in dumps.LAYERS], lines)
        for line in lines[2:]:
            name, entropy, with_x, with_y = line.split()[:4]
            for shown, quantity in ((entropy, "H(T)"), (with_x, "I(X;T)"), (with_y, "I(T;Y)")):
                require(shown == "%.4f" % values[step, name, quantity], line)


@test
def a_table_of_what_belongs_to_no_layer(box):
    sample(box, steps=(0,))
    lines = box.ok("estimate", "run", "--quantities", "H(X)").lines()
    require(len(lines) == 1 and "H(X) = " in lines[0] and "H(Y)" not in lines[0], lines)


@test
def steps(box):
    sample(box)
    everything = box.ok("estimate", "run", "--csv").csv()
    for words, wanted in ((["first"], ["0"]), (["last"], ["20"]), (["all"], ["0", "10", "20"]), (["10"], ["10"]),
                          (["20,0"], ["0", "20"]), (["0,10,20"], ["0", "10", "20"]), (["10,10"], ["10"])):
        rows = box.ok("estimate", "run", "--csv", "--steps", *words).csv()
        require(rows == [row for row in everything if row["step"] in wanted], words)


@test
def quantities_and_no_pairs(box):
    sample(box, steps=(0,))
    everything = box.ok("estimate", "run", "--csv").csv()
    rows = box.ok("estimate", "run", "--csv", "--no-pairs").csv()
    require(places(rows) == expected_rows(pairs=False), places(rows))
    for wanted in (["H(X)"], ["I(X;T)"], ["tradeoff%(Y)"], ["I(deltaK;delta)"], ["nonredundant(X)", "H(T)"],
                   ["I(T;Y)", "H(delta)", "H(Y)"]):
        rows = box.ok("estimate", "run", "--csv", "--quantities", ",".join(wanted)).csv()
        require(rows == [row for row in everything if row["quantity"] in wanted], wanted)
    box.fails(2, "estimate", "run", "--csv", "--no-pairs", "--quantities", "tradeoff(X)", said="--no-pairs")
    for quantity in {row["quantity"] for row in everything}:
        require(quantity in box.raw("estimate", "--help").text() or "(Y)" in quantity, quantity)


@test
def tensor_has_no_pairs(box):
    sample(box, steps=(0,))
    rows = box.ok("estimate", "run", "--csv", "--composition", "tensor").csv()
    require(places(rows) == expected_rows(pairs=False), places(rows))


@test
def without_labels_and_without_errors(box):
    sample(box, "unlabelled", labels=False, steps=(0,))
    sample(box, "flat", errors=False, steps=(0,))
    sample(box, "bare", labels=False, errors=False, steps=(0,))
    for name, expected in (("unlabelled", expected_rows(labels=False)), ("flat", expected_rows(errors=False)),
                           ("bare", expected_rows(labels=False, errors=False))):
        rows = box.ok("estimate", name, "--csv").csv()
        require(places(rows) == expected, name, places(rows))
        box.ok("estimate", name)


@test
def without_an_epoch(box):
    folder = box.path("run")
    dumps.write_manifest(folder, dumps.manifest("run"))
    dumps.write_npz(os.path.join(folder, "a.npz"), dumps.snapshot(3))
    box.ok("import", folder)
    require(box.ok("estimate", "run", "--csv").csv()[0]["epoch"] == "nan", "CSV")
    require(box.ok("estimate", "run", "--json").json()[0]["epoch"] is None, "JSON")
    require("epoch" not in box.ok("estimate", "run").lines()[0], "table")
    require(box.ok("show", "run", "--json").json()["snapshots"][0]["epoch"] is None, "show")


@test
def several_batches(box):
    folder = box.path("run")
    dumps.write_manifest(folder, dumps.manifest("run"))
    for step in (0, 10):
        for batch in (0, 3):
            arrays = dumps.snapshot(step, batch=batch)
            dumps.write_npz(os.path.join(folder, dumps.file_name(arrays)), arrays)
    box.ok("import", folder)
    rows = box.ok("estimate", "run", "--csv").csv()
    count = len(expected_rows())
    require([(row["step"], row["batch"]) for row in rows[::count]] == [("0", "0"), ("0", "3"), ("10", "0"), ("10", "3")],
            rows[::count])
    last = box.ok("estimate", "run", "--csv", "--steps", "last").csv()
    require(last == rows[2 * count:], "all batches of the last step")
    require("batch 3" in box.ok("estimate", "run").text(), "table")


@test
def two_percentages_make_100_and_two_parts_the_whole(box):
    sample(box)
    values = {(r["step"], r["layer"], r["quantity"]): float(r["value"]) for r in box.ok("estimate", "run", "--csv").csv()}
    found = 0
    for (step, layer, quantity), value in values.items():
        if quantity.startswith("tradeoff%"):
            other = values[step, layer, quantity.replace("tradeoff%", "nonredundant%")]
            require(abs(value + other - 100) < 1e-9, step, layer, quantity)
            found += 1
    require(found == 12, found)


@test
def a_sample_of_pairs(box):
    layers = [{"name": "wide", "kind": "conv", "axes": "NCHW", "shape": (8, 2)}]
    sample(box, layers=layers, steps=(0,))

    def pairs(*words):
        return [r["value"] for r in box.ok("estimate", "run", "--csv", "--quantities", "tradeoff(X)", *words).csv()]

    whole = pairs()
    require(pairs("--pairs", "all") == whole and pairs("--pairs", "28") == whole, "all")
    require(pairs("--pairs", "1000") == whole, "more than there are")
    require(pairs("--pairs", "4") != whole, "a sample")
    require(pairs("--pairs", "4") == pairs("--pairs", "4", "--seed", "0"), "the same sample")
    require(len({pairs("--pairs", "4", "--seed", str(seed))[0] for seed in range(6)}) > 1, "another sample")


@test
def a_sample_of_pairs_comes_with_its_error(box):
    layers = [{"name": "wide", "kind": "conv", "axes": "NCHW", "shape": (8, 2)},
              {"name": "narrow", "kind": "conv", "axes": "NCHW", "shape": (3, 2)}]
    sample(box, layers=layers, steps=(0,))
    words = ["estimate", "run", "--quantities", "I(X;T),tradeoff(X),tradeoff%(X)"]
    require(all("error" not in record for record in box.ok(*words, "--json").json()), "all pairs")
    require("+-" not in box.ok(*words).text(), "all pairs")
    records = box.ok(*words, "--json", "--pairs", "4").json()
    found = {(r["layer"], r["quantity"]): r for r in records}
    for (layer, quantity), record in found.items():  # narrow has but three pairs
        require(("error" in record) == (layer == "wide" and "tradeoff" in quantity), record)
    bits, percent = found["wide", "tradeoff(X)"], found["wide", "tradeoff%(X)"]
    require(bits["error"] > 0 and percent["error"] > 0, records)
    lines = box.ok(*words, "--pairs", "4").lines()
    require("%.4f +-%.4f" % (bits["value"], bits["error"]) in lines[2], lines)
    require("%.1f +-%.1f" % (percent["value"], percent["error"]) in lines[2], lines)
    require("+-" not in lines[3], lines)
    require(box.ok(*words, "--csv", "--pairs", "4").lines()[0] == HEADER, "CSV keeps its columns")
    one = box.ok(*words, "--json", "--pairs", "1").json()
    require([r["error"] for r in one if "error" in r] == [None] * 4, one)
    require("+-inf" in box.ok(*words, "--pairs", "1").text(), "of one pair")


@test
def a_constant_variable_is_said_to_be(box):
    folder = box.path("run")
    dumps.write_manifest(folder, dumps.manifest("run"))
    arrays = dumps.snapshot(0)
    arrays["T/fc1"] = [[1.0] * 5] * 12
    arrays["T/conv1"] = [[[[0.0] * 2] * 2] * 3] * 12
    dumps.write_npz(os.path.join(folder, "a.npz"), arrays)
    box.ok("import", folder)
    rows = {(r["layer"], r["quantity"]): float(r["value"]) for r in box.ok("estimate", "run", "--csv").csv()}
    require(rows["fc1", "H(T)"] < 1e-9 and rows["conv1", "H(T)"] < 1e-9, "no entropy", rows)
    require(all(math.isfinite(value) for value in rows.values()), "finite")
    lines = {line.split()[0]: line for line in box.ok("estimate", "run").lines()[2:]}
    require("constant" in lines["fc1"] and "constant" in lines["conv1"] and "constant" not in lines["fc2"], lines)


@test
def threads_and_cache_change_no_number(box):
    sample(box)
    expected = box.ok("estimate", "run", "--csv", "--no-cache").out
    for words in (["--threads", "1"], ["--threads", "3"], [], [], ["--no-cache", "--threads", "1"]):
        require(box.ok("estimate", "run", "--csv", *words).out == expected, words)


@test
def extreme_parameters_give_finite_numbers(box):
    sample(box, steps=(0,))
    for words in (["--alpha", "0"], ["--alpha", "inf"], ["--alpha", "1"], ["--alpha", "2"], ["--alpha", "1e300"],
                  ["--alpha", "1e-300"], ["--h", "1e-300"], ["--h", "1e300"], ["--h", "5e-324"],
                  ["--h-error", "1e-200"], ["--h-error", "1e200"], ["--h-label", "1e-100"], ["--h-label", "1e100"],
                  ["--h", "1e150", "--alpha", "0", "--composition", "geometric"]):
        rows = box.ok("estimate", "run", "--csv", *words).csv()
        require(places(rows) == expected_rows(), words)
        for row in rows:
            require(math.isfinite(float(row["value"])), words, row)


@test
def several_batches_have_a_mean(box):
    folder = dumps.write_run(box.path("batched"), steps=(0,))
    os.rename(os.path.join(folder, "step-0000000.npz"), os.path.join(folder, "step-0000000.b0.npz"))
    for batch in (1, 2):
        dumps.write_npz(os.path.join(folder, "step-0000000.b%d.npz" % batch), dumps.snapshot(0, seed=batch, batch=batch))
    box.ok("import", folder)
    values = [float(row["value"]) for row in box.ok("estimate", "batched", "--csv").csv() if row["quantity"] == "H(X)"]
    require(len(values) == 3, values)
    text = box.ok("estimate", "batched").out.decode()
    expected = "mean +-deviation of 3 mini-batches  H(X) = %.4f +-%.4f bits" % (
        statistics.mean(values), statistics.stdev(values))
    require(expected in text, expected, "not in", text)


@test
def one_batch_alone_has_no_deviation(box):
    """Labels are in one of two mini-batches: what needs them has a mean of one, and no +- beside it."""
    folder = dumps.write_run(box.path("batched"), steps=())
    for batch in (0, 1):
        dumps.write_npz(os.path.join(folder, "b%d.npz" % batch), dumps.snapshot(0, batch=batch, labels=batch == 0))
    box.ok("import", folder)
    mean = box.ok("estimate", "batched", "--quantities", "I(X;T),I(T;Y)").out.decode().split("mini-batches")[1]
    for line in mean.splitlines()[2:]:
        require(line.count("+-") == 1, "one deviation of two quantities", mean)


@test
def lists_of_steps(box):
    box.ok("import", dumps.write_run(box.path("run")))
    listed = box.ok("estimate", "run", "--csv", "--steps", ",".join(["10", "20"] * 1000)).csv()
    require({row["step"] for row in listed} == {"10", "20"}, "a long list")
    for step in ("7", "-1", "9223372036854775808", "9" * 400, "-" + "9" * 400):
        box.fails(2, "estimate", "run", "--steps", "10," + step, said="no snapshot at step " + step)
    for words in ("", ",", "10,", "10 20", "ten", "10;20"):
        box.fails(2, "estimate", "run", "--steps", words, said="is not first, last, all or a list")
