# What a training script has in its hands when it writes a snapshot.
import json
import os
import numpy as np

run, step, epoch, loss, n = "runs/by-hand", 469, 1.0, 2.3, 20
tmp = run + "/snapshot.tmp.npz"
rng = np.random.default_rng(0)
x, y = rng.random((n, 28, 28)), np.arange(n) % 10
t1, t2 = rng.random((n, 6, 24, 24)), rng.random((n, 10))
d1, d2 = rng.random((n, 6, 24, 24)), rng.random((n, 10))
os.makedirs(run)
with open(run + "/run.json", "w", encoding="utf-8") as file:
    json.dump({"format": "infoflow-run", "version": 1, "name": "by-hand",
               "layers": [{"name": "conv1"}, {"name": "fc1", "axes": "ND"}]}, file)

