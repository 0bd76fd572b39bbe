#!/usr/bin/env python3
"""The command line by what it prints and how it ends.

    python3 tests/cli/run.py BINARY [WORD...]    only the tests whose name holds one of the WORDs

One line a test: `ok NAME`, `FAIL NAME: why` or `skip NAME: why`; exit 1 if any failed.
"""
import os
import sys

sys.dont_write_bytecode = True
import harness  # noqa: E402
import check_usage  # noqa: E402,F401
import check_import  # noqa: E402,F401
import check_watch  # noqa: E402,F401
import check_refusals  # noqa: E402,F401
import check_hostile  # noqa: E402,F401
import check_corpus  # noqa: E402,F401
import check_listing  # noqa: E402,F401
import check_edit  # noqa: E402,F401
import check_estimate  # noqa: E402,F401
import check_chains  # noqa: E402,F401
import check_sweep  # noqa: E402,F401
import check_shards  # noqa: E402,F401
import check_verify  # noqa: E402,F401
import check_numbers  # noqa: E402,F401
import check_hostile_database  # noqa: E402,F401
import check_escapes  # noqa: E402,F401
import check_database  # noqa: E402,F401
import check_output  # noqa: E402,F401
import check_plot  # noqa: E402,F401
import check_workbench  # noqa: E402,F401
import check_wide  # noqa: E402,F401
import check_real  # noqa: E402,F401


def main():
    if len(sys.argv) < 2 or not os.access(sys.argv[1], os.X_OK):
        sys.exit("usage: run.py BINARY [WORD...]")
    sys.exit(0 if harness.run_all(os.path.abspath(sys.argv[1]), sys.argv[2:]) else 1)


main()
