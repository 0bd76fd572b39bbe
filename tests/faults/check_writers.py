"""Several processes that write at once: none loses anything, and none waits without end."""
import os
import subprocess
import time

import dumps
import faults
from harness import TIMEOUT, require, test
from jobs import SMALL

WRITERS, RUNS = 4, 300


@test
def four_at_once(box):
    """Each imports a folder of 300 runs. A write that waited for more than 10 seconds would have failed."""
    for writer in range(WRITERS):
        for k in range(RUNS):
            name = "run-%d-%d" % (writer, k)
            dumps.write_run(box.path("all%d" % writer, name), steps=(0,), n=3, layers=SMALL[1:], seed=k % 7)
    before = time.monotonic()
    programs = [subprocess.Popen([box.binary, "import", box.path("all%d" % writer), "--db", box.db],
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                 env=box.environment(None)) for writer in range(WRITERS)]
    results = [program.communicate(timeout=TIMEOUT) + (program.returncode,) for program in programs]
    took = time.monotonic() - before
    failed = sum(err.count(b"\n") for _, err, _ in results)
    reported = sum(out.count(b": 1 snapshots") for out, _, _ in results)
    stored = len(faults.snapshots(box.db))
    print("figure writers: %d of %d runs stored by %d processes in %.1f s, %d refused for a lock"
          % (stored, WRITERS * RUNS, WRITERS, took, failed))
    require(all(code == 0 for _, _, code in results) and failed == 0, [err[:200] for _, err, _ in results])
    require(stored == reported == WRITERS * RUNS, stored, "stored,", reported, "reported")
    box.ok("verify")
    faults.require_alone(box)


@test
def one_that_is_held_up(box):
    """While another program keeps the lock: every writer gives up by itself, with one line, and loses nothing."""
    folder = dumps.write_run(box.path("run"))
    box.ok("import", folder)
    before = faults.contents(box.db)
    dumps.write_run(box.path("run"), steps=(0, 10, 20, 30))
    with faults.held(box.db):
        programs = [subprocess.Popen([box.binary, *words, "--db", box.db], stdin=subprocess.DEVNULL,
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=box.environment(None))
                    for words in (["import", folder], ["tag", "run", "a=b"], ["compute", "run"],
                                  ["delete", "run", "--purge"])]
        for program in programs:
            out, err = program.communicate(timeout=TIMEOUT)
            require(program.returncode == 1 and out == b"" and err.count(b"\n") == 1, out, err)
            require(b"runs.db: " in err and b"locked by another process" in err, err)
    require(faults.contents(box.db) == before, "something was stored")
    box.ok("import", folder)
    require(os.path.getsize(box.db) > 0 and len(faults.snapshots(box.db)) == 4, "when it is free again")
