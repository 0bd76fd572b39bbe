#!/usr/bin/env python3
"""ifl_squared_distances against scipy's pdist(..., 'sqeuclidean'), in turns on the same arrays, one thread. Prints a JSON
line a shape: how many times faster (shortest times of many), and the largest relative difference.

    taskset -c 1 python3 tests/bench/bench_distances.py build/lib/libinfoflow.so [ROUNDS]
"""
import ctypes
import json
import sys
import time

import numpy as np
from scipy.spatial.distance import pdist

SHAPES = [(128, 1), (128, 4), (128, 25), (128, 84), (128, 144), (128, 576), (128, 784), (128, 4096), (512, 64), (512, 784),
          (1000, 100)]


def shortest(rounds, work):
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def main():
    core = ctypes.CDLL(sys.argv[1])
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    doubles = ctypes.POINTER(ctypes.c_double)
    core.ifl_squared_distances.argtypes = [doubles, ctypes.c_size_t, ctypes.c_size_t, ctypes.c_size_t, doubles]
    core.ifl_squared_distances.restype = None
    random = np.random.default_rng(1)
    for n, d in SHAPES:
        rows = random.random((n, d))
        got, want = np.empty(n * (n - 1) // 2), np.empty(n * (n - 1) // 2)
        arguments = rows.ctypes.data_as(doubles), n, d, d, got.ctypes.data_as(doubles)
        ours = lambda: core.ifl_squared_distances(*arguments)
        theirs = lambda: pdist(rows, "sqeuclidean", out=want)
        times = [float("inf")] * 2
        for _ in range(4):  # in turns, for the machine is not ours alone
            count = max(1, min(rounds, int(2e9 / (n * n * d))) // 4)
            times = [min(times[0], shortest(count, ours)), min(times[1], shortest(count, theirs))]
        apart = float(np.max(np.abs(got - want) / want))
        print(json.dumps({"n": n, "d": d, "times_faster": round(times[1] / times[0], 2), "apart": apart}), flush=True)


main()
