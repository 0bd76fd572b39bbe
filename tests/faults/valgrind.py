#!/usr/bin/env python3
"""A tour of every command, and of the workbench, under Valgrind: nothing read that was never written, nothing lost.

    python3 tests/faults/valgrind.py BINARY

One line a step: `ok ...`, `FAIL ...`, or `skip ...` without Valgrind; exit 1 if any failed.
"""
import os
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
import dumps  # noqa: E402
from harness import TIMEOUT, Sandbox  # noqa: E402
from terminal import Terminal  # noqa: E402

FOUND = 99  # the exit code of a program with errors
OPTIONS = ["--quiet", "--error-exitcode=%d" % FOUND, "--leak-check=full", "--errors-for-leak-kinds=definite,possible",
           "--show-leak-kinds=definite,possible", "--child-silent-after-fork=yes", "--track-fds=no"]
TOUR = (
    (0, "import run"), (0, "import --maps 2 wide more.safetensors"), (0, "import run"), (3, "import broken"),
    (0, "runs"), (0, "runs --json --filter (lr>0.01)and(not(name~x))"), (2, "runs --filter (lr"), (0, "show run"),
    (0, "show run --json"), (0, "estimate run --csv"), (0, "estimate run --width knn --composition tensor --json"),
    (0, "estimate run --alpha 2 --no-cache --steps last"), (2, "estimate nobody"), (4, "check run"),
    (0, "sweep run --h 2:8:3 --csv"), (0, "plot dpi run"), (0, "plot ip run wide --overlay --charset ascii"),
    (0, "plot mip run --svg mip.svg"), (0, "plot pid run --svg pid.svg"), (0, "plot width run"),
    (0, "compute run --h 2:8:2"), (0, "compute --shard 1/2 --out part"), (0, "merge part"), (0, "tag run a=b"),
    (0, "note run text"), (0, "rename run other"), (0, "verify"), (0, "delete other"), (0, "restore other"),
    (0, "delete other wide --purge"), (2, "delete nobody"), (1, "import run --db /dev/null/x.db"),
    (3, "runs --db broken/run.json"), (0, "--help"), (0, "--version"), (2, "runs --jsn"),
)


def make_dumps(box):
    dumps.write_run(box.path("run"), steps=(0, 10), n=8, params={"lr": 0.1, "note": "t"}, tags={"who": "me"})
    dumps.write_run(box.path("wide"), steps=(0,), n=8, layers=[dict(dumps.LAYERS[0], shape=(5, 2, 2))] + dumps.LAYERS[2:])
    dumps.write_safetensors(box.path("more.safetensors"), dumps.snapshot(5, n=8))
    dumps.write_run(box.path("broken"), steps=(0,))
    with open(box.path("broken", "step-0000000.npz"), "r+b") as file:
        file.truncate(300)


def run(box, valgrind, words, stdout=subprocess.DEVNULL):
    place = [] if "--db" in words or words[0].startswith("--") else ["--db", box.db]
    environment = box.environment({"OPENBLAS_NUM_THREADS": "1"})
    done = subprocess.run([*valgrind, box.binary, *words, *place], stdin=subprocess.DEVNULL, stdout=stdout,
                          stderr=subprocess.PIPE, env=environment, timeout=TIMEOUT, cwd=box.folder, check=False)
    return done.returncode, done.stderr.decode()


def watch(box, valgrind):
    """To its end where the first line cannot be printed: Valgrind keeps signals from a pselect."""
    box.db = box.path("watched.db")
    with open("/dev/full", "wb") as full:
        return run(box, valgrind, ["watch", "run"], stdout=full)


def workbench(box, valgrind):
    """The list, a run with all its estimates, the help, the end."""
    with Terminal(box, under=valgrind) as terminal:
        for shown, keys in ((b" %", b"\r"), (b"I(X;T)", b"w?"), (b"Parameters", b"qq")):
            terminal.shows(shown)
            terminal.type(keys)
        return terminal.ends()


def report(name, code, said, expected):
    """Whether it failed. Lines of Valgrind's begin with ==."""
    good = code == expected and "==" not in said
    print("ok valgrind: " + name if good else "FAIL valgrind: %s: exit %d" % (name, code))
    if not good:
        print("\n".join("    | " + line for line in said.splitlines()[:60]))
    sys.stdout.flush()
    return not good


def tour(box, valgrind):
    """How many steps failed."""
    make_dumps(box)
    failed = sum(report(line, *run(box, valgrind, line.split()), expected) for expected, line in TOUR)
    failed += report("watch", *watch(box, valgrind), 1)
    failed += report("the workbench", *workbench(box, valgrind), 0)
    commands = set(re.findall(r"^ +infoflow ([a-z]+)", box.raw("--help").text(), re.M))
    missed = commands - {line.split()[0] for _, line in TOUR} - {"watch"}
    return failed + report("every command", len(missed), "not in the tour: %s" % ", ".join(sorted(missed)), 0)


def main():
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        print("skip valgrind (not there)")
        return 0
    box = Sandbox(os.path.abspath(sys.argv[1]))
    try:
        return 1 if tour(box, [valgrind, *OPTIONS]) else 0
    finally:
        box.remove()


sys.exit(main())
