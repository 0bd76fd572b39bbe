"""infoflow sweep: chains over grids of widths, and the advice."""
import math
import os
import re

import dumps
from harness import require, test

GRID = "0.5:400:7"
UNFIT = ("constant", "collapsed", "saturated")
FORWARD, BACKWARD = ("H(T)", "I(X;T)"), ("H(delta)", "I(deltaK;delta)")


def near(a, b):
    return math.isclose(a, b, rel_tol=1e-12)


def key(row):
    return row["run"], row["step"], row["epoch"], row["batch"], row["layer"], row["quantity"]


def stretch(rows, layers, entropy, information, share):
    """(FROM, TO, how many snapshots) of the advice, from the records alone; Nones and 0 where there is none."""
    widths = sorted({float(row["h"]) for row in rows})
    fit = []  # for each width, the snapshots, or none where too many links are violated
    for h in widths:
        steps, links, violated = set(), 0, 0
        for step in {row["step"] for row in rows}:
            here = [row for row in rows if float(row["h"]) == h and row["step"] == step]
            if any(word in row["health"] for row in here if row["quantity"] in (entropy, "H(X)")
                   for word in UNFIT):
                continue
            steps.add(step)
            value = {row["layer"]: float(row["value"]) for row in here if row["quantity"] == information}
            chain = [value[layer] for layer in layers if layer in value]
            links += len(chain) - 1
            violated += sum(after - before > 1e-4 for before, after in zip(chain, chain[1:]))
        fit.append(steps if violated <= share * links else set())
    most = max(len(steps) for steps in fit)
    best = (0, 0)
    for first in range(len(widths)):
        last = first
        while most > 0 and last < len(widths) and len(fit[last]) == most and fit[last] == fit[first]:
            last += 1
        if last - first > best[1] - best[0]:
            best = (first, last)
    return (widths[best[0]], widths[best[1] - 1], most) if most > 0 else (None, None, 0)


@test
def gives_the_numbers_of_estimate_at_each_width(box):
    box.ok("import", dumps.write_run(box.path("run")))
    rows = box.run("sweep", "run", "--h", "0.5:50:3", "--h-error", "0.01:1:3", "--csv").csv()
    for chain, option, quantities, widths in (("forward", "--h", FORWARD + ("H(X)",), (0.5, 5, 50)),
                                              ("backward", "--h-error", BACKWARD, (0.01, 0.1, 1))):
        mine = [row for row in rows if row["chain"] == chain]
        require(all(near(float(a["h"]), b) for a, b in zip(mine[::len(mine) // 3], widths)), "the widths", mine[0])
        for k, h in enumerate(widths):
            exact = mine[k * len(mine) // 3]["h"]
            want = box.ok("estimate", "run", option, exact, "--no-cache", "--quantities", ",".join(quantities),
                          "--csv").csv()
            got = [row for row in mine if row["h"] == exact]
            require([key(row) for row in got] == [key(row) for row in want], chain, h)
            require([row["value"] for row in got] == [row["value"] for row in want], chain, h)


@test
def advises_the_longest_stretch_without_a_fault(box):
    box.ok("import", dumps.write_run(box.path("run")))
    layers = [layer["name"] for layer in dumps.LAYERS]
    advised = set()
    for share in ("0", "0.2", "0.5", "1"):
        document = box.ok("sweep", "run", "--h", GRID, "--h-error", "0.001:10:9", "--share", share, "--json").json()
        require(document["run"] == "run", document["run"])
        for advice, names, (entropy, information) in zip(document["advice"], (layers, layers[::-1]), (FORWARD, BACKWARD)):
            rows = [row for row in document["records"] if row["chain"] == advice["chain"]]
            want = stretch(rows, names, entropy, information, float(share))
            require((advice["from"], advice["to"], advice["fit"]) == want and advice["snapshots"] == 3, advice, want)
            advised.add((advice["chain"],) + want)
    require(len(advised) > 2 and any(advice[1] for advice in advised), "one advice whatever is asked", advised)


@test
def a_width_that_collapses_the_input_is_not_trusted(box):
    """A layer may vary more than the input: its own entropy is sound where I(X;T) is nothing but what is left of H(X)."""
    folder = dumps.write_run(box.path("run"), steps=())
    arrays = dumps.snapshot(0)
    arrays["X"] = [[x / 1000 for x in row] for row in arrays["X"]]
    dumps.write_npz(os.path.join(folder, "step-0000000.npz"), arrays)
    box.ok("import", folder)
    advice = box.ok("sweep", "run", "--h", "1:10:4", "--share", "1", "--layer", "conv1", "--json").json()["advice"][0]
    require(advice["fit"] == 0, advice)


@test
def the_share_that_it_names_is_the_one_it_takes(box):
    box.ok("import", dumps.write_run(box.path("run")))
    words = ("sweep", "run", "--h-error", "0.001:10:9")
    line = box.ok(*words).lines()[-1]
    share = re.search(r"with --share (\S+) in (\d) of 3 snapshots", line)
    require(share is not None, line)
    before = box.ok(*words, "--share", str(float(share.group(1)) - 0.002), "--json").json()["advice"][0]
    after = box.ok(*words, "--share", share.group(1), "--json").json()["advice"][0]
    require(before["fit"] < after["fit"] == int(share.group(2)) == before["most_fit"] == after["most_fit"], before, after)
    require(after["most_share"] <= float(share.group(1)) < after["most_share"] + 0.001, after)


@test
def the_advice_never_breaks_the_data(box):
    box.ok("import", dumps.write_run(box.path("run")))
    words = ("sweep", "run", "--h", GRID, "--share", "0.5")
    table = box.ok(*words).lines()
    require(table[0].startswith("forward  run  3 snapshots") and table[-1].startswith("forward: "), table)
    require(len(table) == 2 + 7 + 2 and table[1].split()[:2] == ["h", "entropies"], table)
    as_csv = box.run(*words, "--csv")
    require(as_csv.code == 0 and as_csv.err.decode() == "infoflow: " + table[-1] + "\n", as_csv.describe())
    require(len({len(line.split(",")) for line in as_csv.lines()}) == 1, "a ragged table")
    document = box.ok(*words, "--json").json()
    advice, widths = document["advice"][0], document["widths"]
    require(len(widths) == 7 and all(width["links"] == 3 * width["fit"] for width in widths), widths)
    trusted = [width["h"] for width in widths if width["trusted"]]
    require(advice["from"] in trusted and advice["to"] in trusted, advice, trusted)
    require("trusted h %.4g .. %.4g in " % (advice["from"], advice["to"]) in table[-1], table[-1])


@test
def one_chain_one_layer_some_steps(box):
    box.ok("import", dumps.write_run(box.path("run")))
    rows = box.run("sweep", "run", "--h", GRID, "--h-error", GRID, "--chain", "backward", "--steps", "last", "--csv").csv()
    require({row["chain"] for row in rows} == {"backward"} and {row["step"] for row in rows} == {"20"}, rows[0])
    whole = box.ok("sweep", "run", "--h", GRID, "--json").json()["widths"]
    layer = box.ok("sweep", "run", "--h", GRID, "--layer", "fc2", "--json").json()["widths"]
    require([w["entropies"] for w in whole] == [15] * 7 and [w["entropies"] for w in layer] == [6] * 7, layer)
    require(all(w["links"] == 3 * w["fit"] for w in layer), "the chain stays whole")
    require(sum(w["fit"] for w in layer) > sum(w["fit"] for w in whole), "one layer is as fit as all")
    box.fails(2, "sweep", "run", "--h", GRID, "--layer", "none", said="--layer")


@test
def runs_without_errors_or_snapshots(box):
    box.ok("import", dumps.write_run(box.path("run"), errors=False))
    result = box.ok("sweep", "run", "--h-error", GRID)
    require(result.lines()[-1].startswith("backward: nothing to go by: no errors recorded"), result.describe())
    require(box.ok("sweep", "run", "--h-error", GRID, "--json").json()["advice"][0]["from"] is None, "advice")
    dumps.write_manifest(box.path("bare"), dumps.manifest("bare"))
    box.ok("import", box.path("bare"), quiet=False)
    result = box.ok("sweep", "bare", "--h", GRID, quiet=False)
    require(b"no snapshots" in result.err and b"nothing to go by" in result.out, result.describe())


@test
def grids_that_are_none(box):
    for grid in ("1:2", "1:2:1", "0:2:3", "2:1:3", "1:1:3", "-1:2:3", "1:inf:3", "1:nan:3", "1:2:3:4", "::", "1:2:2000",
                 "a:b:c", "1:2:-3"):
        for option in ("--h", "--h-error"):
            box.fails(2, "sweep", "run", option + "=" + grid, said=option + ":")
            box.fails(2, "estimate", "run", option + "=" + grid, said=option + ":")
    box.fails(2, "sweep", "run", said="--h FROM:TO:COUNT")
    box.fails(2, "sweep", "run", "--h", "5", said="--h FROM:TO:COUNT")
    box.fails(2, "sweep", "--h", GRID, said="RUN")
    box.fails(2, "sweep", "run", "--h", GRID, "--chain", "backward", said="--h-error FROM:TO:COUNT")
    for share in ("-0.1", "1.1", "x", "nan"):
        box.fails(2, "sweep", "run", "--h", GRID, "--share=" + share, said="--share:")
