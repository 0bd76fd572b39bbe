"""INT, TERM, HUP: what is under way is undone, the database is closed, and the program dies of the signal."""
import itertools
import os
import signal
import subprocess
import time

import dumps
import faults
from faults import Fault
from harness import require, test
from jobs import all_jobs

PATIENCE = 10  # seconds that the program waits for a lock
SIGNALS = {"int": signal.SIGINT, "term": signal.SIGTERM, "hup": signal.SIGHUP}


def names():
    """int, term, hup, int, ... so that each comes at a third of the moments."""
    while True:
        yield from SIGNALS


@test
def at_every_write(box):
    """The signal comes before each write, truncation, sync and removal."""
    name, tried, undone = names(), 0, 0
    for job in all_jobs(box):
        def try_one(at):
            nonlocal tried, undone
            job.reset()
            what = next(name)
            fault = Fault(box, what, at)
            code, out, said = fault.ends(*job.words)
            if not fault.happened():
                require(code == 0, job.name, fault.name, said)
                return False
            require(code == -SIGNALS[what] and said in ("", job.said), job.name, fault.name, code, said, out)
            faults.require_alone(box)  # no journal: it was closed
            job.check_state(fault.name)
            undone += os.path.getsize(box.db) == 0 or faults.contents(box.db) == job.before
            job.check_done_again(fault.name)
            tried += 1
            return True
        faults.numbers_until_none(try_one, 1, 1 if faults.long else 2 if job.atomic else 5)
    print("figure signals while writing: %d, all died of theirs, 0 left a journal, %d undid all" % (tried, undone))


@test
def while_reading(box):
    """The same before reads: of commands that only compute and print."""
    box.ok("import", dumps.write_run(box.path("run"), steps=(0, 10)))
    stored = faults.contents(box.db)
    name, tried = names(), 0
    for words in (["estimate", "run", "--no-cache"], ["sweep", "run", "--h", "2:8:3", "--no-cache"], ["verify"],
                  ["check", "run", "--no-cache"], ["plot", "ip", "run"], ["show", "run"], ["runs"]):
        def try_one(at):
            nonlocal tried
            what = next(name)
            fault = Fault(box, what, at, reads=True)
            code, _, said = fault.ends(*words)
            if not fault.happened():
                return False
            require(code == -SIGNALS[what] and said == "", words, fault.name, "ended with", code, said)
            faults.require_alone(box)
            require(faults.contents(box.db)[:2] == stored[:2], words, fault.name)
            tried += 1
            return True
        reads = faults.numbers_until_none(try_one, 1, 1 if faults.long else 9)
        require(reads > 0, words, "reads nothing")
    print("figure signals while reading: %d, all died of theirs" % tried)


@test
def while_a_large_database_is_verified(box):
    """Of a disk so slow that SQLite is at its first look for seconds."""
    box.ok("import", dumps.write_run(box.path("run"), steps=(0, 10), n=200))
    for number in SIGNALS.values():
        fault = Fault(box, "slow", 20, on=True, reads=True)
        program = subprocess.Popen([box.binary, "verify", "--db", box.db], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=box.environment(fault.env),
                                   cwd=box.folder)
        while not fault.happened():
            require(program.poll() is None, "it ended")
            time.sleep(0.01)
        program.send_signal(number)
        out, said = program.communicate(timeout=2)
        require(program.returncode == -number and out + said == b"", program.returncode, out, said)
        faults.require_alone(box)


@test
def while_it_waits_for_a_lock(box):
    """The lock is still held when it has ended."""
    folder = dumps.write_run(box.path("run"))
    box.ok("import", folder)
    commands = (["import", folder], ["runs"], ["tag", "run", "a=b"], ["merge", "x"])
    with faults.held(box.db):
        for words, number in itertools.product(commands, SIGNALS.values()):
            program = subprocess.Popen([box.binary, *words, "--db", box.db], stdin=subprocess.DEVNULL,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=box.environment(None),
                                       cwd=box.folder)
            while pauses(program.pid) < 20:  # a look at the lock, a pause
                require(program.poll() is None, words, "did not wait")
            program.send_signal(number)
            out, said = program.communicate(timeout=PATIENCE - 2)
            require(program.returncode == -number and out + said == b"", words, program.returncode, out, said)


def pauses(pid):
    """How often the process gave up the processor by itself."""
    with open("/proc/%d/status" % pid, encoding="ascii") as status:
        return next((int(line.split()[1]) for line in status if line.startswith("voluntary_")), 0)


@test
def a_signal_that_is_ignored(box):
    """As nohup does."""
    folder = dumps.write_run(box.path("run"))
    fault = Fault(box, "hup", 20)
    previous = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        code, out, said = fault.ends("import", folder)
    finally:
        signal.signal(signal.SIGHUP, previous)
    require(fault.happened() and code == 0 and "3 snapshots" in out, code, out, said)
