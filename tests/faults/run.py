#!/usr/bin/env python3
"""Faults: kills, full disks, read-only files, flipped bytes, competing writers, signals, older databases.

    python3 tests/faults/run.py BINARY [--long] [WORD...]    only the tests whose name holds one of the WORDs

One line a test: `ok NAME`, `FAIL NAME: why` or `skip NAME: why`, and `figure ...` for what was counted; exit 1 if any
failed. --long takes every file operation where the usual run takes a part.
"""
import os
import sys
import tempfile

sys.dont_write_bytecode = True
here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(1, os.path.join(here, "..", "cli"))
import harness  # noqa: E402
import faults  # noqa: E402
import check_kill  # noqa: E402,F401
import check_full  # noqa: E402,F401
import check_readonly  # noqa: E402,F401
import check_signals  # noqa: E402,F401
import check_writers  # noqa: E402,F401
import check_flips  # noqa: E402,F401
import check_migrate  # noqa: E402,F401


def main():
    if len(sys.argv) < 2 or not os.access(sys.argv[1], os.X_OK):
        sys.exit("usage: run.py BINARY [--long] [WORD...]")
    words = sys.argv[2:]
    faults.long = "--long" in words
    memory = "/dev/shm"  # these tests wait for a disk a hundred thousand times
    if os.access(memory, os.W_OK) and not os.statvfs(memory).f_flag & os.ST_NOEXEC:
        tempfile.tempdir = memory
    sys.exit(0 if harness.run_all(os.path.abspath(sys.argv[1]), [w for w in words if w != "--long"]) else 1)


main()
