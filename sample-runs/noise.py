#!/usr/bin/env python3
"""Noise, on which the limits of the estimator can be read: no layer knows anything about X, so every I(X;T) should be 0.

    python3 noise.py FOLDER        writes the runs FOLDER/noise-n32, noise-n128 and noise-n512

X and every feature map are independent normal vectors of 16 numbers; the layers have 1, 4, 16 and 64 maps.
"""
import json
import os
import sys

import numpy as np

MAPS = (1, 4, 16, 64)


def write_run(folder, n):
    rng = np.random.default_rng(n)
    arrays = {"X": rng.standard_normal((n, 16)), "step": 0}
    for maps in MAPS:
        arrays["T/%d maps" % maps] = rng.standard_normal((n, maps, 4, 4))
    os.makedirs(folder)
    with open(os.path.join(folder, "run.json"), "w", encoding="utf-8") as file:
        json.dump({"format": "infoflow-run", "version": 1, "name": os.path.basename(folder), "params": {"samples": n},
                   "layers": [{"name": "%d maps" % maps} for maps in MAPS]}, file)
    np.savez(os.path.join(folder, "step-0000000.npz"), **arrays)


if len(sys.argv) != 2:
    sys.exit(__doc__)
for samples in (32, 128, 512):
    write_run(os.path.join(sys.argv[1], "noise-n%d" % samples), samples)
