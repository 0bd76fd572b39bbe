"""What a snapshot must leave as it was."""
import random

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from harness import require, test
from infoflow_recorder import Recorder
from networks import ALL, network, probe


def bits(tensor):
    return tensor.detach().clone().view(-1).numpy().tobytes()


def state(model):
    """Everything that a training depends on, to be compared bit for bit; tensors stay the same objects."""
    return {
        "values": {name: bits(value) for name, value in model.state_dict().items()},
        "objects": [id(value) for value in (*model.parameters(), *model.buffers())],
        "gradients": [(id(p.grad), None if p.grad is None else bits(p.grad)) for p in model.parameters()],
        "requires_grad": [p.requires_grad for p in model.parameters()],
        "modes": [module.training for module in model.modules()],
        "hooks": [len(module._forward_hooks) for module in model.modules()],
        "torch": bits(torch.get_rng_state()),
        "random": random.getstate(),
        "numpy": repr(np.random.get_state()),
        "grad mode": (torch.is_grad_enabled(), torch.is_inference_mode_enabled()),
        "autocast cache": torch.is_autocast_cache_enabled(),
    }


def require_same(before, after):
    for key, value in before.items():
        require(after[key] == value, key, "changed")


class Restless(nn.Module):
    """Draws numbers, counts and smooths even in evaluation mode, and writes to its input."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(12, 4)
        self.register_buffer("count", torch.zeros(()))
        self.register_buffer("mean", torch.zeros(12))

    def forward(self, x):
        x += torch.rand(()) + random.random() + np.random.rand()
        self.count = self.count + 1
        self.mean.mul_(0.9).add_(0.1 * x.detach().mean(0))
        return self.fc(x)


@test
def everything_is_as_before(box):
    model = network()
    model.stem[1].eval()  # one submodule's mode is not its parent's
    model.conv.weight.requires_grad_(False)
    model.fc2.bias.grad = None
    x, y = probe()
    before, inputs = state(model), bits(x)
    recorder = Recorder(box.path("run"), model, layers=ALL, distances=True)
    recorder.snapshot(0, x, y, F.cross_entropy)
    require_same(before, state(model))
    require(bits(x) == inputs and not x.requires_grad, "x changed")


@test
def training_goes_on_the_same(box):
    ends = []
    for recorded in (False, True):
        model = network()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
        recorder = Recorder(box.path("run"), model)
        for step in range(3):
            x, y = probe(seed=step)
            loss = F.cross_entropy(model(x), y)
            if recorded:  # between forward and backward, where a graph waits
                recorder.snapshot(step, *probe(), F.cross_entropy)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        ends.append(state(model)["values"])
    require(ends[0] == ends[1], "the parameters differ")


@test
def buffers_random_numbers_and_input(box):
    torch.manual_seed(1)
    model = Restless()
    x = torch.randn(6, 12)
    before, inputs = state(model), bits(x)
    Recorder(box.path("run"), model).snapshot(0, x, torch.zeros(6, dtype=torch.long), F.cross_entropy)
    require_same(before, state(model))
    require(bits(x) == inputs, "x changed")


@test
def after_an_exception(box):
    model = network()
    x, y = probe()
    before = state(model)

    def broken(output, y):
        raise KeyError("mine")

    recorder = Recorder(box.path("run"), model)
    for wrong in (broken, lambda output, y: output):
        try:
            recorder.snapshot(0, x, y, wrong)
        except (KeyError, ValueError):
            pass
        else:
            require(False, "nothing was raised")
        require_same(before, state(model))
    try:
        recorder.snapshot(0, x[:, :1], y, F.cross_entropy)  # fails amid the forward pass
    except RuntimeError:
        require_same(before, state(model))


@test
def without_gradients_around_it(box):
    model = network()
    x, y = probe()
    recorder = Recorder(box.path("run"), model)
    reference = dict(np.load(recorder.snapshot(0, x, y, F.cross_entropy)))
    for around in (torch.no_grad, torch.inference_mode):
        with around():
            before = state(model)
            found = dict(np.load(recorder.snapshot(0, x * 1, y * 1, F.cross_entropy)))
            require_same(before, state(model))
        require(sorted(found) == sorted(reference), around.__name__, sorted(found))
        for key, array in reference.items():
            require(np.array_equal(found[key], array), around.__name__, key, "differs")


@test
def autocast_keeps_no_weights(box):
    model = network()
    x, y = probe()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        Recorder(box.path("run"), model).snapshot(0, x, y, F.cross_entropy)
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.zero_()
        model.eval()
        require(not model(x).any(), "weights of the snapshot are in use")
