"""Real runs and the values that a slow, plain program found for them; and the runs that come with the program."""
import csv
import glob
import os

from harness import Skip, require, test

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DUMPS = os.environ.get("INFOFLOW_DUMPS") or os.path.join(ROOT, "..", "shared", "dumps")


def compare(row, expected):
    for key in ("run", "step", "epoch", "batch", "layer", "quantity"):
        require(row[key] == expected[key], row, "should be", expected)
    tolerance = 1e-3 if "%" in row["quantity"] else 1e-5
    require(abs(float(row["value"]) - float(expected["value"])) <= tolerance, row, "should be", expected)


@test
def real_dumps(box):
    tables = sorted(glob.glob(os.path.join(DUMPS, "expected", "*.csv")))
    if not tables:
        raise Skip("no dumps in %s (INFOFLOW_DUMPS names their folder)" % os.path.normpath(DUMPS))
    box.ok("import", *[os.path.join(DUMPS, os.path.basename(table)[:-len(".csv")]) for table in tables])
    for table in tables:
        with open(table, newline="") as file:
            expected = list(csv.DictReader(file))
        rows = box.ok("estimate", os.path.basename(table)[:-len(".csv")], "--csv").csv()
        require(len(rows) == len(expected), table, len(rows), "records, not", len(expected))
        for row, other in zip(rows, expected):
            compare(row, other)


@test
def sample_runs(box):
    folder = os.path.join(ROOT, "sample-runs")
    runs = sorted(os.path.basename(os.path.dirname(path)) for path in glob.glob(os.path.join(folder, "*", "run.json")))
    require(runs, "there are none")
    result = box.ok("import", folder)
    require([line.split(":")[0] for line in result.lines()] == runs, result.describe())
    for run in runs:
        files = glob.glob(os.path.join(folder, run, "*.npz"))
        require(len(box.ok("show", run, "--json").json()["snapshots"]) == len(files), run)
    rows = box.ok("estimate", runs[0], "--csv", "--steps", "first", "--no-pairs").csv()
    require(len(rows) > 10, rows)
