"""infoflow compute and merge: spectra ahead of time, in one process or in many."""
import os
import shutil
import sqlite3
import subprocess

import dumps
from harness import require, test

WIDTHS = ["--h", "1:20:3", "--h-error", "0.01:1:2"]


def spectra(path):
    """All that is kept, bit for bit, by what it is of."""
    other = sqlite3.connect(path)
    rows = other.execute(
        "SELECT snapshot, width, composition, h, h_error, h_label, variable, joined, layer, i, j, digest, data"
        " FROM spectrum_sets JOIN spectra ON spectrum_set = spectrum_sets.id ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11")
    found = rows.fetchall()
    other.close()
    return found


def make(box, runs=2):
    for k in range(runs):
        box.ok("import", dumps.write_run(box.path("run%d" % k), seed=k, steps=(0, 10, 20, 30)))
    box.copy = box.path("copy.db")
    shutil.copy(box.db, box.copy)


@test
def three_shards_are_one_process(box):
    make(box)
    lines = box.ok("compute", *WIDTHS).lines()
    require([line.split(":")[0] for line in lines] == ["run0", "run1"], lines)
    want = spectra(box.db)
    require(len(want) > 100 and {row[0] for row in want} == set(range(1, 9)), len(want))
    for shard in "123":
        result = box.raw("compute", *WIDTHS, "--db", box.copy, "--shard", shard + "/3", "--out",
                         box.path(shard + ".part"))
        require(result.code == 0 and result.err == b"", result.describe())
    require(spectra(box.copy) == [], "a shard wrote into the database")
    parts = [box.path(shard + ".part") for shard in "123"]
    require(sorted(row[0] for part in parts for row in spectra(part)) == sorted(row[0] for row in want), "the shares")
    require(max(len({row[0] for row in spectra(part)}) for part in parts) == 3, "an uneven share")
    for k in range(2):
        result = box.raw("merge", *parts, "--db", box.copy)
        require(result.code == 0 and result.err == b"", result.describe())
        require(all(("0 of them new" in line) == (k == 1) for line in result.lines()), result.describe())
        require(spectra(box.copy) == want, "merged", k)


@test
def merged_spectra_give_the_same_numbers(box):
    make(box)
    exact = {}
    for run in ("run0", "run1"):
        exact[run] = box.ok("estimate", run, "--csv", "--no-cache", "--h", "20", "--h-error", "0.01").out
    for shard in "123":
        box.ok("compute", "--h", "20", "--h-error", "0.01", "--shard", shard + "/3", "--out", box.path(shard + ".part"))
    for _ in range(2):
        box.ok("merge", *(box.path(shard + ".part") for shard in "312"))
    other = sqlite3.connect(box.db)  # so that they cannot come from the distances
    other.execute("UPDATE arrays SET data = zeroblob(length(data)) WHERE kind = 'd2'")
    other.commit()
    other.close()
    for run, numbers in exact.items():
        require(box.ok("estimate", run, "--csv", "--h", "20", "--h-error", "0.01").out == numbers, run)
    box.fails(3, "estimate", "run0", "--csv", "--h", "19")


@test
def what_is_there_is_not_computed_again(box):
    make(box)
    first = box.ok("compute", "run0", "--steps", "0,10").text()
    require(first.startswith("run0: 2 snapshots, ") and first.endswith(" 0 there already\n"), first)
    count = first.split(", ")[1].split()[0]
    second = box.ok("compute", "run0", "run0", "--steps", "0,10", "--alpha", "2").text()
    require(second == "run0: 2 snapshots, 0 spectra computed, %s there already\n" % count, second)
    require({row[0] for row in spectra(box.db)} == {1, 2}, "others")
    few = box.ok("compute", "run1", "--no-pairs", "--quantities", "I(X;T)").text()
    require(0 < int(few.split(", ")[1].split()[0]) < 2 * int(count), few)
    shard = ["run0", "--steps", "0,10,20", "--shard", "1/1", "--out", box.path("a.part")]
    third = box.ok("compute", *shard).text()
    require(third.endswith(" %s there already\n" % count), third)
    require({row[0] for row in spectra(box.path("a.part"))} == {3}, "what the database has is not in the part")
    fourth = box.ok("compute", *shard).text()
    require(" 0 spectra computed" in fourth, fourth)


@test
def a_killed_shard_is_run_again(box):
    make(box)
    part = box.path("a.part")
    words = [*WIDTHS, "--shard", "1/1", "--out", part]
    for size in (0, 60000, 120000, 180000):
        process = subprocess.Popen([box.binary, "compute", *words, "--db", box.copy], env=box.environment(None),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and (not os.path.exists(part) or os.path.getsize(part) <= size):
            pass
        process.kill()
        process.wait()
    require(box.raw("compute", *words, "--db", box.copy).code == 0, "again")
    require(box.raw("merge", box.path("a.part"), "--db", box.copy).code == 0, "merge")
    box.ok("compute", *WIDTHS)
    require(spectra(box.copy) == spectra(box.db), "not the same")


@test
def a_full_disk_ends_it(box):
    make(box)
    result = box.fails(1, "compute", "--shard", "1/1", "--out", box.path("a.part"), said=["a.part", "disk full"],
                       file_limit=60000)
    box.fails(1, "compute", said=["runs.db", "disk full"], file_limit=os.path.getsize(box.db) + 10000)
    box.ok("compute", "--shard", "1/1", "--out", box.path("a.part"))
    box.ok("merge", box.path("a.part"))
    require(" 0 spectra computed" in box.ok("compute").text(), "something was missing", result.describe())


@test
def several_processes_compute_at_once(box):
    import concurrent.futures
    make(box)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda run: box.run("compute", *WIDTHS, run), ["run0", "run1"] * 2))
    for result in results:
        require(result.code == 0 and result.err == b"", result.describe())
    alone = box.raw("compute", *WIDTHS, "--db", box.copy)
    require(alone.code == 0 and spectra(box.copy) == spectra(box.db), "not the same")


@test
def other_files_are_refused(box):
    make(box)
    box.ok("compute", "--shard", "1/8", "--out", box.path("a.part"))
    other = box.path("other.db")
    require(box.raw("import", box.path("run0"), "--db", other).code == 0, "import")
    result = box.raw("merge", box.path("a.part"), "--db", other)
    require(result.code == 3 and b"a part of another database" in result.err, result.describe())
    require(spectra(other) == [], "something was merged")
    result = box.raw("compute", "--shard", "1/2", "--out", box.path("a.part"), "--db", other)
    require(result.code == 3 and b"a part of another database" in result.err, result.describe())
    for path, said in ((box.db, "a run database"), (other, "a run database"), (box.path("run0", "run.json"), "run.json")):
        box.fails(3, "merge", path, said=said)
        box.fails(3, "compute", "--shard", "1/2", "--out", path, said=said)
    box.fails(1, "merge", box.path("none.part"), said="none.part: no such part")
    result = box.raw("runs", "--db", box.path("a.part"))
    require(result.code == 3 and b"a part of a run database" in result.err, result.describe())
    later = sqlite3.connect(box.path("a.part"))
    later.execute("PRAGMA user_version = 999")
    later.close()
    box.fails(3, "merge", box.path("a.part"), said="schema version 999")
    require(spectra(box.db) == [], "something was merged")


@test
def parts_outlive_their_snapshots(box):
    make(box)
    box.ok("compute", "--shard", "1/2", "--out", box.path("a.part"), "--no-pairs")
    box.run("delete", "run0", "--purge")
    result = box.run("merge", box.path("a.part"))
    require(result.code == 0 and b"2 of its snapshots have been deleted since" in result.err, result.describe())
    require({row[0] for row in spectra(box.db)} == {5, 7}, "the others")


@test
def wrong_usage(box):
    make(box)
    box.fails(2, "compute", "--shard", "1/2", said="--out")
    box.fails(2, "compute", "--out", box.path("a.part"), said="--shard")
    for shard in ("0/2", "3/2", "1", "1/", "/2", "a/b", "1/2/3", "-1/2", "1/0"):
        box.fails(2, "compute", "--out", box.path("a.part"), "--shard=" + shard, said="--shard:")
    box.fails(2, "compute", "none", said="no such run")
    box.fails(2, "compute", "run0", "--steps", "7", said="--steps: run0: ")
    box.fails(2, "merge", said="PART.db")


@test
def shards_read_a_database_that_nobody_can_write(box):
    make(box)
    box.publish()
    os.mkdir(box.path("parts"))
    os.chmod(box.path("parts"), 0o777)
    os.chmod(box.db, 0o444)
    os.chmod(box.folder, 0o555)
    try:
        box.ok("compute", "--no-pairs", "--shard", "1/2", "--out", box.path("parts", "a.part"), user=65534)
        box.fails(1, "compute", "--no-pairs", said="read-only", user=65534)
    finally:
        os.chmod(box.folder, 0o755)
    require({row[0] for row in spectra(box.path("parts", "a.part"))} == {1, 3, 5, 7}, "every other snapshot")
