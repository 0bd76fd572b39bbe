"""Every dump of hostile_dumps.py: exit 3, one clear line, little memory and time, the database as it was."""
import os
import resource
import signal
import subprocess
import tempfile
import time

import dumps
import hostile_dumps
from check_database import digest
from harness import Result, check_clean, check_failure, require, test

MEGABYTES, SECONDS = 200, 20


def is_instrumented(box):
    """For a sanitizer, or to count what is run: it takes more time, and more memory."""
    return b"__asan_init" in box.code() or b"__gcov_exit" in box.code()


def bounded(box, limit, *words):
    """Runs the program on the sandbox's database, for `limit` seconds at most: what it did, and the megabytes and
    seconds it took."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.monotonic()
        program = subprocess.Popen([box.binary, *words, "--db", box.db], stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                   env=box.environment({}), cwd=box.folder,
                                   preexec_fn=lambda: signal.alarm(limit))  # outlives exec
        _, status, usage = os.wait4(program.pid, 0)
        took = time.monotonic() - began
        program.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        result = Result(words, program.returncode, out.read(), err.read())
    require(result.code >= 0, "died of a signal:", result.describe())
    check_clean(result, False)
    return result, usage.ru_maxrss / 1024, took


@test
def hostile_dumps_are_refused(box):
    instrumented = is_instrumented(box)
    box.ok("import", dumps.write_run(box.path("good")))
    before, most, longest, count = digest(box.db), 0, 0, 0
    for name, path, said in hostile_dumps.corpus(box.folder):
        result, megabytes, seconds = bounded(box, 6 * SECONDS if instrumented else SECONDS, "import", os.path.dirname(path))
        check_failure(result, 3, [path + ": "] + ([said] if isinstance(said, str) else list(said)))
        require(result.out == b"" and digest(box.db) == before, name, "changed the database")
        require(instrumented or megabytes < MEGABYTES, name, "took", str(megabytes), "MB")
        most, longest, count = max(most, megabytes), max(longest, seconds), count + 1
    require(count > 80, "only", count)
    if os.environ.get("INFOFLOW_MEASURE"):
        print("# %d hostile dumps: at most %.0f MB, %.2f s" % (count, most, longest))


@test
def a_dead_layer_is_no_bomb(box):
    """Zeros pack a thousand times: what is true is imported, in the memory of the array and little more."""
    declared = 64
    folder = dumps.write_run(box.path("dead"), steps=())
    dead = dumps.Raw(dumps.npy_header("<f4", (16, declared << 14)) + bytes(declared << 20))
    path = os.path.join(folder, "step-0000000.npz")
    dumps.write_npz(path, {"X": [[float(k)] for k in range(16)], "T/fc1": dead, "step": 0})
    require(os.path.getsize(path) < (declared << 20) // 900, "it packs well")
    result, megabytes, _ = bounded(box, 6 * SECONDS, "import", folder)
    require(result.code == 0 and b"1 snapshots, 4 layers, n = 16" in result.out, result.describe())
    require(is_instrumented(box) or megabytes < declared + 32, "took", str(megabytes), "MB")
