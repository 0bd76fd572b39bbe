"""Wrong use: each a RecorderError of one line that names what is wrong, and no file."""
import json
import os
import warnings

import torch
import torch.nn.functional as F
from torch import nn

from harness import require, test
from infoflow_recorder import Recorder, RecorderError, log_steps
from networks import network, probe


def refused(call, *said):
    try:
        call()
    except RecorderError as problem:
        for part in said:
            require(part in str(problem), "should say", part, "in", str(problem))
        require("\n" not in str(problem), "is not one line:", str(problem))
        return
    require(False, "should be refused:", *said)


def snapshots(box):
    folder = box.path("run")
    return sorted(os.listdir(folder)) if os.path.isdir(folder) else []


@test
def the_arguments(box):
    model, run = network(), box.path("run")
    refused(lambda: Recorder(run, lambda x: x), "function")
    refused(lambda: Recorder(run, model, layers="conv"), "'conv'", "auto")
    refused(lambda: Recorder(run, model, layers=[]), "none")
    refused(lambda: Recorder(run, model, layers=["conv", "conv"]), "twice")
    refused(lambda: Recorder(run, model, layers=["relu", "relu#1"]), "relu#1", "same")
    refused(lambda: Recorder(run, model, layers={"conv": "cnov"}), "'cnov'", "conv, pool, fc, other")
    refused(lambda: Recorder(run, model, reduction="none"), "'none'")
    refused(lambda: Recorder(run, model, params={"lr": float("nan")}), "params")
    refused(lambda: log_steps(-1), "-1")
    require(not snapshots(box), snapshots(box))


@test
def an_unknown_layer(box):
    refused(lambda: Recorder(box.path("run"), network(), layers=["stem.0", "cnov"]), "'cnov'", "nearest is 'conv'")
    refused(lambda: Recorder(box.path("run"), network(), layers=["poool#2"]), "'poool#2'", "'pool'")


@test
def the_probe(box):
    model, (x, y) = network(), probe()
    recorder = Recorder(box.path("run"), model)
    refused(lambda: recorder.snapshot(0, x[:1], y[:1], F.cross_entropy), "1 samples", "at least 2")
    refused(lambda: recorder.snapshot(0, x, y[:4], F.cross_entropy), "10 samples", "(4,)")
    refused(lambda: recorder.snapshot(0, x.numpy(), y, F.cross_entropy), "ndarray")
    refused(lambda: recorder.snapshot(-1, x, y, F.cross_entropy), "-1")
    refused(lambda: recorder.snapshot(0, x / 0, y, F.cross_entropy), "x has", "NaN")
    require(not snapshots(box), snapshots(box))
    recorder.snapshot(0, x, y, F.cross_entropy)
    refused(lambda: recorder.snapshot(1, x[:6], y[:6], F.cross_entropy), "6 samples", "10")
    require(snapshots(box) == ["run.json", "step-0000000.npz"], snapshots(box))


@test
def the_loss(box):
    model, (x, y) = network(), probe()
    recorder = Recorder(box.path("run"), model)
    refused(lambda: recorder.snapshot(0, x, y, lambda o, y: F.cross_entropy(o, y, reduction="none")), "scalar", "(10,)")
    refused(lambda: recorder.snapshot(0, x, y, lambda o, y: 0.5), "scalar", "float")
    refused(lambda: recorder.snapshot(0, x, y, lambda o, y: F.cross_entropy(o.detach(), y)), "no gradient", "detached")
    refused(lambda: recorder.snapshot(0, x, y, lambda o, y: F.cross_entropy(o, y) / 0), "loss is inf")
    require(not snapshots(box), snapshots(box))


@test
def the_readout(box):
    model, (x, y) = network(), probe()

    def refuses(readout, *said):
        refused(lambda: Recorder(box.path("run"), model, readout=readout).snapshot(0, x, y, F.cross_entropy), *said)

    refuses({"cnov": torch.exp}, "'cnov'", "fc2")
    refuses({"fc2": lambda t: t.mean()}, "readout", "'fc2'", "10 samples")
    refuses({"fc2": lambda t: t / 0}, "readout", "'fc2'", "NaN")
    require(not snapshots(box), snapshots(box))


@test
def the_other_reduction(box):
    model, (x, y) = network(), probe()

    def total(output, y):
        return F.cross_entropy(output, y, reduction="sum")

    refused(lambda: Recorder(box.path("run"), model).snapshot(0, x, y, total), 'reduction="sum"')
    refused(lambda: Recorder(box.path("run"), model, reduction="sum").snapshot(0, x, y, F.cross_entropy),
            'reduction="mean"')
    require(not snapshots(box), snapshots(box))


@test
def not_a_number(box):
    model, (x, y) = network(), probe()
    with torch.no_grad():
        model.conv.weight[2, 1, 0, 0] = float("nan")
    refused(lambda: Recorder(box.path("run"), model).snapshot(3, x, y, F.cross_entropy), "step 3", "'conv'", "NaN")
    require(not snapshots(box), snapshots(box))


class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm, self.unused, self.fc = nn.LSTM(3, 4, batch_first=True), nn.Linear(1, 1), nn.Linear(4, 4)

    def forward(self, x):
        return self.fc(self.lstm(x)[0][:, -1])


@test
def layers_that_do_not_fit(box):
    x, y = torch.randn(10, 6, 3), probe()[1]
    refused(lambda: Recorder(box.path("run"), Two(), layers=["lstm"]).snapshot(0, x, y, F.cross_entropy),
            "'lstm'", "tuple")
    refused(lambda: Recorder(box.path("run"), Two(), layers=["unused"]).snapshot(0, x, y, F.cross_entropy),
            "'unused'", "0 times")
    refused(lambda: Recorder(box.path("run"), network(), layers=["relu#3"]).snapshot(0, *probe(), F.cross_entropy),
            "'relu#3'", "2 times")
    refused(lambda: Recorder(box.path("run"), nn.Flatten()).snapshot(0, x, y, F.cross_entropy), "name the layers")
    flat = nn.Sequential(nn.Flatten(0, 1), nn.Linear(3, 4))
    refused(lambda: Recorder(box.path("run"), flat, layers=["0"]).snapshot(0, x, y, F.cross_entropy),
            "'0'", "(60, 3)", "10 samples")
    require(not snapshots(box), snapshots(box))


@test
def another_runs_folder(box):
    model, (x, y) = network(), probe()
    run = box.path("run")
    Recorder(run, model, params={"lr": 0.1}, tags={"host": "a"}).snapshot(0, x, y, F.cross_entropy)
    with open(os.path.join(run, "run.json"), "rb") as file:
        before = file.read()
    Recorder(run, model, params={"lr": 0.1}, tags={"host": "b"}).snapshot(1, x, y, F.cross_entropy)  # goes on
    refused(lambda: Recorder(run, model, ["conv"], params={"lr": 0.1}).snapshot(2, x, y, F.cross_entropy),
            "run.json", "layers", "conv")
    refused(lambda: Recorder(run, model, params={"lr": 0.2}).snapshot(2, x, y, F.cross_entropy), "params", "0.2")
    refused(lambda: Recorder(run, model, name="b", params={"lr": 0.1}).snapshot(2, x, y, F.cross_entropy), "name")
    with open(os.path.join(run, "run.json"), "rb") as file:
        require(file.read() == before, "run.json changed")
    require(snapshots(box) == ["run.json", "step-0000000.npz", "step-0000001.npz"], snapshots(box))
    for text in ("{", "[1]", json.dumps({"layers": 3})):
        with open(os.path.join(run, "run.json"), "w", encoding="utf-8") as file:
            file.write(text)
        refused(lambda: Recorder(run, model).snapshot(2, x, y, F.cross_entropy), "run.json")


def warned(call):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call()
    return [str(warning.message) for warning in caught]


@test
def what_can_be_meant_and_often_is_not(box):
    model, (x, y) = network(), probe()
    first = Recorder(box.path("run"), model)
    for step in (0, 5):
        require(warned(lambda: first.snapshot(step, x, y, F.cross_entropy)) == [], "nothing is wrong", step)
    require(warned(lambda: first.snapshot(5, x + 1, y, F.cross_entropy, batch=1)) == [], "another mini-batch")
    said = warned(lambda: first.snapshot(6, x + 1, y, F.cross_entropy))
    require(len(said) == 1 and "step 6: x is not that of the snapshot before" in said[0], said)
    require(warned(lambda: first.snapshot(7, x, y, F.cross_entropy)) == [], "once")
    again = Recorder(box.path("run"), model)
    said = warned(lambda: again.snapshot(7, x, y, F.cross_entropy))
    require(len(said) == 1 and "snapshots up to step 7 already" in said[0], said)
    require(warned(lambda: again.snapshot(3, x, y, F.cross_entropy)) == [], "once")
    require(warned(lambda: Recorder(box.path("run"), model).snapshot(8, x, y, F.cross_entropy)) == [], "it goes on")


@test
def a_write_that_fails(box):
    model, (x, y) = network(), probe()
    recorder = Recorder(box.path("run"), model)
    recorder.snapshot(0, x, y, F.cross_entropy)
    os.mkdir(box.path("run", "step-0000001.npz"))  # cannot be replaced by a file
    try:
        recorder.snapshot(1, x, y, F.cross_entropy)
    except OSError:
        pass
    require(not [name for name in snapshots(box) if name.endswith(".tmp")], snapshots(box))
