"""The program's numbers against numpy's, computed anew from the dump."""
import os

import dumps
from harness import Skip, require, test

TOLERANCE = 1e-4  # bits; percentages have their own below


def compare(box, words, several_batches=False, **parameters):
    try:
        from oracle import Estimator
    except ImportError:
        raise Skip("numpy is not there") from None
    folder = box.path("run")
    snapshots = {}
    dumps.write_manifest(folder, dumps.manifest("run"))
    for step in (0, 10):
        for batch in (0, 1) if several_batches else (0,):
            arrays = dumps.snapshot(step, n=20, batch=batch)
            snapshots[str(step), str(batch)] = arrays
            dumps.write_npz(os.path.join(folder, dumps.file_name(arrays)), arrays)
    box.ok("import", folder)
    rows = box.ok("estimate", "run", "--csv", *words).csv()
    estimator = Estimator(**parameters)
    expected = {place: estimator.snapshot(arrays, dumps.LAYERS) for place, arrays in snapshots.items()}
    require(len(rows) == sum(len(values) for values in expected.values()), "as many records")
    for row in rows:
        value = expected[row["step"], row["batch"]][row["layer"], row["quantity"]]
        # a percentage is of a pair's information, which may be a small number of bits
        tolerance = 0.1 if "%" in row["quantity"] else TOLERANCE
        require(abs(float(row["value"]) - value) < tolerance, words, row, "numpy:", value)


@test
def default_parameters(box):
    compare(box, [])


@test
def several_batches(box):
    compare(box, [], several_batches=True)


@test
def geometric_with_all_parameters(box):
    compare(box, ["--alpha", "2.5", "--h", "1.7", "--h-error", "0.5", "--h-label", "2", "--composition", "geometric"],
            alpha=2.5, h=1.7, h_error=0.5, h_label=2.0, composition="geometric")


@test
def tensor(box):
    compare(box, ["--composition", "tensor", "--h", "2"], h=2.0, composition="tensor")


@test
def the_limits_of_alpha(box):
    compare(box, ["--alpha", "1", "--h", "3"], alpha=1.0, h=3.0)
    compare(box, ["--alpha", "inf", "--h", "3"], alpha=float("inf"), h=3.0)
    compare(box, ["--alpha", "0.5", "--h", "1"], alpha=0.5, h=1.0)
