"""infoflow check: the two data-processing inequalities."""
import dumps
from harness import require, test


def rises(rows, quantity, layers):
    """(step, from, to, rise) of each link whose value rises by more than the default tolerance, from estimate --csv."""
    found = []
    for step in sorted({int(row["step"]) for row in rows}):
        values = {row["layer"]: float(row["value"]) for row in rows
                  if int(row["step"]) == step and row["quantity"] == quantity}
        chain = [layer for layer in layers if layer in values]
        for before, after in zip(chain, chain[1:]):
            if values[after] - values[before] > 1e-4:
                found.append((step, before, after, values[after] - values[before]))
    return found


@test
def lists_the_links_that_rise(box):
    box.ok("import", dumps.write_run(box.path("run")))
    rows = box.ok("estimate", "run", "--csv").csv()
    layers = [layer["name"] for layer in box.ok("show", "run", "--json").json()["layers"]]
    expected = {"forward": rises(rows, "I(X;T)", layers), "backward": rises(rows, "I(deltaK;delta)", layers[::-1])}
    require(any(expected.values()), "the sample has no violation to look for")
    for chain in ("forward", "backward"):
        result = box.run("check", "run", "--csv", "--chain", chain)
        require(result.code == (4 if expected[chain] else 0) and result.err == b"", result.describe())
        got = [(int(row["step"]), row["from"], row["to"], float(row["rise"])) for row in result.csv()]
        require(len(got) == len(expected[chain]), got)
        for one, other in zip(got, expected[chain]):
            require(one[:3] == other[:3] and abs(one[3] - other[3]) < 1e-5 * max(1, other[3]), (one, other))
    summary = box.run("check", "run", "--json")
    require(summary.code == 4, summary.describe())
    for chain in summary.json():
        require(chain["violated"] == len(expected[chain["chain"]]), chain)


@test
def holds_where_the_tolerance_is_wide(box):
    box.ok("import", dumps.write_run(box.path("run")))
    require(b"links hold (100.0 %)" in box.ok("check", "run", "--tolerance", "100").out, "check")
    box.fails(2, "check", "run", "--tolerance", "-1", said="--tolerance")
    box.fails(2, "check", "run", "--chain", "sideways", said="--chain")
    box.fails(2, "check", said="RUN")
