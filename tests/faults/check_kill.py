"""kill -9: what was being stored is wholly there or not at all, and doing it again completes it."""
import os
import random
import signal
import subprocess
import time

import dumps
import faults
from faults import Fault, require_alone, require_within, runs, settle, snapshots
from harness import TIMEOUT, require, test
from jobs import all_jobs

KILLS = 200  # that hit an import while it ran


def import_killed(box, folder, seconds):
    """Kills an import after that time; whether it was still running."""
    program = subprocess.Popen([box.binary, "import", folder, "--db", box.db], stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=box.environment(None))
    try:
        program.wait(seconds)
        return False
    except subprocess.TimeoutExpired:
        program.kill()
        return program.wait(TIMEOUT) == -signal.SIGKILL


@test
def imports_killed_at_random(box):
    """The moments are random over the time that an import takes here; every database is looked at and completed."""
    folder = dumps.write_run(box.path("run"), steps=range(0, 80, 10), n=40)
    takes = []
    for _ in range(5):
        if os.path.exists(box.db):
            os.remove(box.db)
        before = time.monotonic()
        whole = box.ok("import", folder).out
        takes.append(time.monotonic() - before)
    estimates = box.ok("estimate", "run", "--csv", "--no-cache").out
    stored, described = snapshots(box.db), runs(box.db)
    rng = random.Random(1)
    counts = {"tried": 0, "killed": 0, "journals": 0, "some": 0}
    while counts["killed"] < KILLS:
        require(counts["tried"] < 10 * KILLS, "hardly any was running", counts)
        os.remove(box.db)
        counts["tried"] += 1
        counts["killed"] += import_killed(box, folder, rng.uniform(0, min(takes)))
        counts["journals"] += os.path.exists(box.db + "-journal")
        if settle(box):
            found = snapshots(box.db)
            require_within(found, stored, "snapshot")
            require_within(runs(box.db), described, "run")
            counts["some"] += 0 < len(found) < len(stored)
        require(box.ok("import", folder).out == whole, "importing again")
        require_alone(box)
        require(snapshots(box.db) == stored and runs(box.db) == described, "what was imported again")
        require(box.ok("estimate", "run", "--csv", "--no-cache").out == estimates, "the estimates")
    print("figure kills of imports: %d while they ran, of %d tried; %d left a journal, %d a part of the run; "
          "0 corrupt, 0 partial" % (KILLS, counts["tried"], counts["journals"], counts["some"]))
    require(counts["journals"] + counts["some"] > KILLS // 20, "hardly any hit", counts)


def strides(job):
    """Of so many operations one is tried, the long run tries all."""
    return 1 if faults.long or job.atomic else 3


@test
def killed_at_every_write(box):
    """Every write, truncation, sync and removal is once the last thing that the program would have done."""
    for job in all_jobs(box):
        def try_one(at):
            job.reset()
            fault = Fault(box, "kill", at)
            code, _, said = fault.ends(*job.words)
            if not fault.happened():
                require(code == 0, job.name, fault.name, said)
                return False
            require(code == -signal.SIGKILL, job.name, fault.name, "ended with", code)
            job.check_state(fault.name)
            job.check_done_again(fault.name)
            return True
        operations = faults.numbers_until_none(try_one, 1, strides(job))
        print("figure kills of %s: at one in %d of %d operations" % (job.name, strides(job), operations))
