#!/usr/bin/env python3
"""sample-runs/infoflow_recorder.py: what it writes, what it leaves as it was, and what infoflow makes of it.

    python3 tests/recorder/run.py BINARY [WORD...]    only the tests whose name holds one of the WORDs

One line a test: `ok NAME`, `FAIL NAME: why` or `skip NAME: why`; exit 1 if any failed.
"""
import os
import sys

sys.dont_write_bytecode = True
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path += [os.path.join(ROOT, "tests", "cli"), os.path.join(ROOT, "sample-runs")]
import harness  # noqa: E402


def main():
    if len(sys.argv) < 2 or not os.access(sys.argv[1], os.X_OK):
        sys.exit("usage: run.py BINARY [WORD...]")
    try:
        import torch
    except ImportError as why:
        print("skip recorder: %s" % why)
        return
    torch.set_num_threads(1)  # adds in one order
    import check_trace  # noqa: F401
    import check_values  # noqa: F401
    import check_models  # noqa: F401
    import check_use  # noqa: F401
    import check_program  # noqa: F401
    import check_experiments  # noqa: F401
    sys.exit(0 if harness.run_all(os.path.abspath(sys.argv[1]), sys.argv[2:]) else 1)


main()
