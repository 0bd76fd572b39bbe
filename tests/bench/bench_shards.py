"""Shards of the spectra of a sample run: two processes against one, each of one thread, and what merging them takes.

    /usr/bin/python3 tests/bench/bench_shards.py build/infoflow [ROUNDS]

`efficiency` is the time of one process over twice that of two, side by side, the shortest of each; `work` is the processor
time that two take together over that of one, which a busy machine disturbs less. The run has an even number of snapshots
here, so that the shares are equal.
"""
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time

BINARY = os.path.abspath(sys.argv[1])
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RUN, SNAPSHOTS = "lenet5-6-12-sigmoid", 8
COMPUTE = ["compute", RUN, "--h", "1:20:16", "--threads", "1"]


def infoflow(*words):
    return subprocess.run([BINARY, *words], stdout=subprocess.PIPE, check=True).stdout.decode()


def used():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class Bench:
    def __init__(self, folder):
        self.folder = folder
        self.db = self.path("runs.db")
        infoflow("import", "--db", self.db, os.path.join(ROOT, "sample-runs", RUN))
        steps = [snapshot["step"] for snapshot in json.loads(infoflow("show", "--db", self.db, RUN, "--json"))["snapshots"]]
        self.steps = ",".join(map(str, steps[:SNAPSHOTS]))
        self.spectra = 0

    def path(self, name):
        return os.path.join(self.folder, name)

    def shards(self, count):
        """Seconds until the last of them has ended, and of processor time; their parts are left."""
        parts = [self.path("part%d-of-%d" % (k + 1, count)) for k in range(count)]
        for part in filter(os.path.exists, parts):
            os.remove(part)
        before, begin = used(), time.monotonic()
        processes = [subprocess.Popen([BINARY, *COMPUTE, "--db", self.db, "--steps", self.steps, "--shard",
                                       "%d/%d" % (k + 1, count), "--out", part], stdout=subprocess.PIPE)
                     for k, part in enumerate(parts)]
        texts = [process.communicate()[0].decode() for process in processes]
        if any(process.returncode for process in processes):
            sys.exit("infoflow compute failed")
        self.spectra = sum(int(text.split(", ")[1].split()[0]) for text in texts)
        return time.monotonic() - begin, used() - before

    def merge(self):
        """Seconds to merge the two parts into a database that has none of them, and of processor time."""
        database = self.path("merged.db")
        shutil.copy(self.db, database)
        before, begin = used(), time.monotonic()
        infoflow("merge", "--db", database, self.path("part1-of-2"), self.path("part2-of-2"))
        return time.monotonic() - begin, used() - before


def main():
    folder = tempfile.mkdtemp(prefix="infoflow-shards-")
    try:
        bench = Bench(folder)
        rounds = [(bench.shards(1), bench.shards(2), bench.merge()) for _ in range(ROUNDS)]
        (one, one_work), (two, two_work), (merge, merge_work) = [[min(round[k][j] for round in rounds) for j in range(2)]
                                                                 for k in range(3)]
        size = sum(os.path.getsize(bench.path("part%d-of-2" % k)) for k in (1, 2))
        print(json.dumps({"bench": "shards", "spectra": bench.spectra, "one_s": round(one, 3), "two_s": round(two, 3),
                          "efficiency": round(one / (2 * two), 3), "work": round(two_work / one_work, 3),
                          "spectra_per_core_s": round(bench.spectra / one_work), "load": round(os.getloadavg()[0], 1)}))
        print(json.dumps({"bench": "merge", "spectra": bench.spectra, "megabytes": round(size / 1e6, 1), "s": round(merge, 3),
                          "spectra_per_s": round(bench.spectra / merge), "spectra_per_core_s": round(bench.spectra / merge_work),
                          "per_compute": round(one_work / merge_work, 1)}))
    finally:
        shutil.rmtree(folder)


main()
