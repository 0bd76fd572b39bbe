"""T and delta against plain computations, one sample at a time."""
import json

import numpy as np
import torch
import torch.nn.functional as F

from harness import require, test
from infoflow_recorder import Recorder, log_steps
from networks import ALL, AUTO, CLASSES, N, network, probe


def record(box, model, layers="auto", loss=F.cross_entropy, data=None, folder="run", **options):
    x, y = data or probe()
    path = Recorder(box.path(folder), model, layers=layers, **options).snapshot(5, x, y, loss)
    with open(box.path(folder, "run.json"), encoding="utf-8") as file:
        return dict(np.load(path)), json.load(file)


def by_sample(model, loss, x, y):
    """{name: (T, delta)}: each sample alone through plain functions, and the gradient of its own loss."""
    parts = {}
    for i in range(len(x)):
        model.requires_grad_(True)
        found, output = model.plain(x[i:i + 1])
        deltas = torch.autograd.grad(loss(output, y[i:i + 1]), list(found.values()))
        for (name, t), delta in zip(found.items(), deltas):
            parts.setdefault(name, []).append((t.detach(), delta))
    return {name: tuple(torch.cat(arrays).numpy() for arrays in zip(*rows)) for name, rows in parts.items()}


def require_close(found, expected, what, tolerance=1e-5):
    require(found.shape == expected.shape, what, "has the shape", found.shape, "not", expected.shape)
    scale = np.abs(expected).max()
    require(scale > 0, what, "is nothing")
    apart = np.abs(found.astype(np.float64) - expected).max() / scale
    require(apart < tolerance, what, "is off by", apart)


def compare(arrays, expected, names, tolerance=1e-5):
    for name in names:
        require_close(arrays["T/" + name], expected[name][0], "T of " + name, tolerance)
        require_close(arrays["delta/" + name], expected[name][1], "delta of " + name, tolerance)


@test
def every_layer(box):
    model = network()
    arrays, manifest = record(box, model, layers=list(reversed(ALL)))
    require([layer["name"] for layer in manifest["layers"]] == ALL, manifest)
    compare(arrays, by_sample(model, F.cross_entropy, *probe()), ALL)


@test
def auto_layers(box):
    model = network()
    arrays, manifest = record(box, model)
    require([layer["name"] for layer in manifest["layers"]] == AUTO, manifest)
    kinds = [(layer["kind"], layer["axes"]) for layer in manifest["layers"]]
    require(kinds == [("conv", "NCHW")] * 2 + [("pool", "NCHW")] * 2 + [("fc", "ND")] * 2, kinds)
    compare(arrays, by_sample(model, F.cross_entropy, *probe()), AUTO)


@test
def the_last_delta(box):
    model = network()
    arrays, _ = record(box, model)
    p = torch.softmax(torch.from_numpy(arrays["T/fc2"]).double(), 1).numpy()
    require_close(arrays["delta/fc2"], p - np.eye(CLASSES)[probe()[1]], "p - onehot(y)")


@test
def a_readout(box):
    plain, _ = record(box, network(), folder="plain")
    read, _ = record(box, network(), folder="read", readout={"fc2": lambda t: t.softmax(1)})
    expected = torch.softmax(torch.from_numpy(plain.pop("T/fc2")).double(), 1).numpy()
    require_close(read.pop("T/fc2"), expected, "T of fc2")
    require(all(np.array_equal(read[key], plain[key]) for key in plain), "other arrays than T/fc2 changed")


@test
def sum_and_mean(box):
    model = network()
    mean, _ = record(box, model, folder="mean")
    total, _ = record(box, model, folder="sum", reduction="sum",
                      loss=lambda output, y: F.cross_entropy(output, y, reduction="sum"))
    require(sorted(mean) == sorted(total), "other keys")
    for key in mean:
        require_close(total[key], mean[key], key, 1e-5) if mean[key].any() else None


@test
def other_losses(box):
    model = network()
    x, _ = probe()
    y = torch.eye(CLASSES)[probe()[1]]
    arrays, _ = record(box, model, loss=F.mse_loss, data=(x, y))
    compare(arrays, by_sample(model, F.mse_loss, x, y), AUTO)
    require(np.array_equal(arrays["Y"], y.numpy()), "one-hot rows")


@test
def what_stands_beside(box):
    model = network()
    x, y = probe()
    recorder = Recorder(box.path("run"), model, params={"lr": np.float32(0.5), "seed": np.int64(3), "on": True},
                        tags={"host": box}, name="mine")
    path = recorder.snapshot(np.int64(12), x, y, F.cross_entropy, epoch=0.5, metrics={"accuracy": torch.tensor(0.25)})
    require(path == box.path("run", "step-0000012.npz"), path)
    other = recorder.snapshot(12, x, y, F.cross_entropy, batch=2, metrics={"loss": 9})
    require(other == box.path("run", "step-0000012.b2.npz"), other)
    arrays, second = dict(np.load(path)), dict(np.load(other))
    model.eval()
    loss = F.cross_entropy(model(x), y).item()
    expected = {"step": 12, "batch": 0, "epoch": 0.5, "metrics/accuracy": 0.25, "metrics/loss": loss}
    for key, value in expected.items():
        require(arrays[key].shape == () and np.isclose(arrays[key], value), key, arrays[key])
    require(second["batch"] == 2 and second["metrics/loss"] == 9 and "epoch" not in second, sorted(second))
    require(np.array_equal(arrays["X"], x.numpy()) and np.array_equal(arrays["Y"], y.numpy()), "X and Y")
    with open(box.path("run", "run.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    require(manifest["name"] == "mine" and manifest["params"] == {"lr": 0.5, "seed": 3, "on": True}, manifest)


def condensed(rows):
    """float64, of differences, row-major upper triangle."""
    rows = rows.reshape(len(rows), -1).astype(np.float64)
    return np.concatenate([((rows[i + 1:] - rows[i]) ** 2).sum(1) for i in range(len(rows) - 1)])


@test
def distances(box):
    model = network()
    raw, _ = record(box, model, layers=ALL, folder="raw")
    found, _ = record(box, model, layers=ALL, folder="distances", distances=True)
    require(not any(key.startswith(("T/", "delta/")) or key == "X" for key in found), sorted(found))
    for key, array in raw.items():
        if key != "X" and not key.startswith(("T/", "delta/")):
            require(np.array_equal(found[key], array), key, "differs")
            continue
        maps = [array] if key == "X" or array.ndim == 2 else list(np.moveaxis(array, 1, 0))
        expected = np.stack([condensed(rows) for rows in maps])
        require(found["D2/" + key].shape == expected.shape, key, found["D2/" + key].shape)
        require(found["dim/" + key] == maps[0][0].size, key, found["dim/" + key])
        apart = np.abs(found["D2/" + key] - expected)
        require((apart <= 2**-24 * 1.01 * expected).all(), key, "is off by more than float32's rounding", apart.max())


@test
def distances_of_near_equal_rows(box):
    torch.manual_seed(2)
    model = torch.nn.Sequential(torch.nn.Identity(), torch.nn.Flatten(), torch.nn.Linear(32, CLASSES)).double()
    x = 1e-4 * torch.randn(N, 2, 16, dtype=torch.float64)  # whose squares float64 does not hold
    x[::2] += 100  # so that no centre is near all of them
    x[1::2] -= 100
    found, _ = record(box, model, layers=["0"], data=(x, probe()[1]), distances=True)
    for c in range(2):
        expected = condensed(x[:, c].numpy())
        require((np.abs(found["D2/T/0"][c] - expected) <= 1e-6 * expected).all(), "map", c)


@test
def steps(box):
    require(log_steps(10) == [0, 1, 2, 3, 4, 6, 7, 10], log_steps(10))
    require(log_steps(0) == [0] and log_steps(1) == [0, 1], log_steps(1))
    require(log_steps(1000, per_decade=1) == [0, 1, 10, 100, 1000], log_steps(1000, 1))
    many = log_steps(46900)
    require(many[-1] == 46900 and many == sorted(set(many)) and 30 < len(many) < 42, many)
