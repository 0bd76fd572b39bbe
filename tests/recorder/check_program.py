"""What infoflow makes of the recorder's files, against numpy's values from arrays that the recorder never saw."""
import json

import numpy as np
import torch
import torch.nn.functional as F

from check_values import by_sample
from harness import require, test
from infoflow_recorder import Recorder, log_steps
from networks import AUTO, network, probe
from oracle import Estimator

TOLERANCE = 1e-4  # bits; percentages have their own below


def train(box, distances):
    """A training recorded in three lines; {step: arrays found without the recorder}."""
    model = network(steps=0)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    recorder = Recorder(box.path("run"), model, params={"lr": 0.05}, distances=distances)
    x, y = probe()
    expected = {}
    for step in range(4):
        if step in log_steps(3):
            recorder.snapshot(step, x, y, F.cross_entropy)
            arrays = {"X": x.numpy(), "Y": y.numpy()}
            for name, (t, delta) in by_sample(model, F.cross_entropy, x, y).items():
                arrays["T/" + name], arrays["delta/" + name] = t, delta
            expected[str(step)] = arrays
        optimizer.zero_grad()
        F.cross_entropy(model(probe(seed=step)[0]), y).backward()
        optimizer.step()
    return expected


def compare(box, distances):
    expected = train(box, distances)
    with open(box.path("run", "run.json"), encoding="utf-8") as file:
        layers = json.load(file)["layers"]
    require([layer["name"] for layer in layers] == AUTO, layers)
    box.ok("import", box.path("run"))
    rows = box.ok("estimate", "run", "--csv").csv()
    values = {step: Estimator().snapshot(arrays, layers) for step, arrays in expected.items()}
    require(len(rows) == sum(len(found) for found in values.values()), len(rows), "records")
    for row in rows:
        value = values[row["step"]][row["layer"], row["quantity"]]
        tolerance = 0.1 if "%" in row["quantity"] else TOLERANCE
        require(abs(float(row["value"]) - value) < tolerance, row, "numpy:", value)


@test
def arrays_are_imported(box):
    compare(box, distances=False)


@test
def distances_are_imported(box):
    compare(box, distances=True)


@test
def every_type_is_imported(box):
    x = torch.arange(40).reshape(10, 4)
    model = torch.nn.Sequential(torch.nn.Embedding(40, 3), torch.nn.Flatten(), torch.nn.Linear(12, 4)).bfloat16()
    Recorder(box.path("run"), model, layers=["0", "2"]).snapshot(0, x, probe()[1], F.cross_entropy)
    box.ok("import", box.path("run"))
    rows = box.ok("estimate", "run", "--csv").csv()
    require({row["layer"] for row in rows} == {"", "0", "2"}, rows)
    require(np.isfinite([float(row["value"]) for row in rows]).all(), rows)
