"""Models of other kinds: containers, other axes, other precisions, wrappers, frozen and detached parts."""
import warnings

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from check_values import by_sample, compare, record, require_close
from harness import require, test
from networks import ALL, AUTO, N, network, probe


def classes(n=N):
    return torch.arange(n) % 4


def warned(call):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        result = call()
    return result, [str(warning.message) for warning in said]


@test
def a_sequential_and_one_layer_alone(box):
    model = nn.Sequential(nn.Conv1d(3, 5, 3), nn.ReLU(inplace=True), nn.MaxPool1d(2), nn.Flatten(), nn.Linear(15, 4))
    arrays, manifest = record(box, model, data=(torch.randn(N, 3, 8), classes()))
    layers = [(layer["name"], layer["kind"], layer["axes"]) for layer in manifest["layers"]]
    require(layers == [("0", "conv", "NCHW"), ("2", "pool", "NCHW"), ("4", "fc", "ND")], layers)
    require((arrays["T/0"] < 0).any(), "the ReLU behind it changed T in place")
    _, manifest = record(box, nn.Linear(6, 4), folder="alone", data=(torch.randn(N, 6), classes()))
    require([layer["name"] for layer in manifest["layers"]] == ["linear"], manifest)


class Tokens(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(9, 6)
        self.encode = nn.TransformerEncoderLayer(6, 2, 8, batch_first=True)
        self.head = nn.Linear(6, 4)

    def forward(self, x):
        return self.head(self.encode(self.embed(x)).mean(1))


@test
def features_on_the_last_axis(box):
    x = torch.arange(N * 5).reshape(N, 5) % 9
    kinds = {"embed": None, "encode.linear1": None, "encode": "conv", "head": "fc"}
    arrays, manifest = record(box, Tokens(), layers=kinds, data=(x, classes()))
    layers = [(layer["name"], layer["kind"], layer["axes"]) for layer in manifest["layers"]]
    require(layers == [("embed", "other", "NHWC"), ("encode.linear1", "fc", "NHWC"), ("encode", "conv", "NCHW"),
                       ("head", "fc", "ND")], layers)
    require(arrays["T/embed"].shape == (N, 5, 6) and arrays["X"].dtype.kind == "i", arrays["X"].dtype)
    # maps are the features, each over the five tokens
    found, _ = record(box, Tokens(), layers=["embed"], data=(x, classes()), folder="distances", distances=True)
    require(found["D2/T/embed"].shape == (6, N * (N - 1) // 2) and found["dim/T/embed"] == 5, found["dim/T/embed"])


class Alias(nn.Module):
    """What `same` puts out is its input, which is overwritten afterwards; `other` is a second name of `fc`."""

    def __init__(self):
        super().__init__()
        self.fc, self.same = nn.Linear(5, 4), nn.Identity()
        self.other = self.fc

    def forward(self, x):
        a = self.fc(x)
        b = self.same(a) * 2
        return a.zero_() + b


@test
def one_tensor_or_module_under_two_names(box):
    model, x = Alias(), torch.randn(N, 5)
    arrays, _ = record(box, model, layers=["other", "same"], data=(x, classes()))
    require_close(arrays["T/same"], model.fc(x).detach().numpy(), "T")
    require_close(arrays["delta/same"], arrays["delta/other"], "delta")


class Compiled(nn.Module):
    """As torch.compile wraps a model: no hook is called in it."""

    def __init__(self, model):
        super().__init__()
        self._orig_mod = model


@test
def compiled(box):
    model = network()
    arrays, _ = record(box, Compiled(model))
    compare(arrays, by_sample(model, F.cross_entropy, *probe()), AUTO)


@test
def data_parallel(box):
    model = network()
    expected = by_sample(model, F.cross_entropy, *probe())
    arrays, manifest = record(box, nn.DataParallel(model), layers=ALL)
    require([layer["name"] for layer in manifest["layers"]] == ALL, manifest)
    compare(arrays, expected, ALL)
    model.stem = nn.DataParallel(model.stem)
    model.stem.device_ids = [0, 1]  # as it would be where there are two devices: the probe must not be spread
    devices = []
    model.stem.forward = lambda x: devices.append(list(model.stem.device_ids)) or model.stem.module(x)
    arrays, _ = record(box, model, layers=["stem.module.0"], folder="inner")
    require(devices == [[0]] and model.stem.device_ids == [0, 1], devices)
    require_close(arrays["T/stem.module.0"], expected["stem.0"][0], "T")


def require_near(arrays, expected, names):
    """As near as bfloat16's 8 bits get; a ReLU may fall on the other side of 0."""
    for name in names:
        for key, wanted in zip(("T/" + name, "delta/" + name), expected[name]):
            apart = np.linalg.norm(arrays[key] - wanted) / np.linalg.norm(wanted)
            require(apart < 0.15, key, "is off by", apart)


@test
def half_precision(box):
    x, y = probe()
    expected = by_sample(network(), F.cross_entropy, x, y)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        arrays, _ = record(box, network(), layers=ALL)
    require({arrays[kind + "conv"].dtype for kind in ("T/", "delta/")} == {np.dtype(np.float32)}, "bfloat16 is float32")
    require_near(arrays, expected, ALL)
    arrays, _ = record(box, network().bfloat16(), folder="whole", data=(x.bfloat16(), y))
    require_near(arrays, expected, AUTO)


class Spy(torch.autograd.Function):
    seen = []

    @staticmethod
    def forward(context, x):
        Spy.seen.append(torch.is_autocast_cpu_enabled())
        return x * 1

    @staticmethod
    def backward(context, gradient):
        Spy.seen.append(torch.is_autocast_cpu_enabled())
        return gradient


@test
def the_way_back_is_not_cast(box):
    with torch.autocast("cpu", dtype=torch.bfloat16):
        record(box, network(), loss=lambda output, y: Spy.apply(F.cross_entropy(output, y)))
    require(Spy.seen[0] and not Spy.seen[-1], Spy.seen)


@test
def small_errors_survive_half_precision(box):
    """Divided by n, a mean's gradients may be less than 6e-8, the least that float16 has."""
    data = (torch.randn(4096, 2), None)
    arrays, _ = record(box, nn.Linear(2, 1), data=data, loss=lambda output, y: 1e-5 * output.half().float().mean())
    require(np.allclose(arrays["delta/linear"], 1e-5, rtol=0.01), arrays["delta/linear"][0])


@test
def frozen_layers_have_a_delta(box):
    model = network()
    expected = by_sample(model, F.cross_entropy, *probe())
    model.requires_grad_(False)
    arrays, _ = record(box, model, layers=ALL)
    compare(arrays, expected, ALL)
    require(not any(p.requires_grad for p in model.parameters()), "requires_grad changed")


class Detached(nn.Module):
    def __init__(self, how):
        super().__init__()
        self.front, self.back, self.how = nn.Linear(5, 5), nn.Linear(5, 4), how

    def forward(self, x):
        if self.how == "no_grad":
            with torch.no_grad():
                x = self.front(x)
        else:
            x = self.front(x).detach()
        return self.back(x)


@test
def a_detached_layer_has_no_delta(box):
    for how in ("no_grad", "detach"):
        data = torch.randn(N, 5), classes()
        (arrays, manifest), said = warned(lambda how=how: record(box, Detached(how), data=data, folder=how))
        require(len(manifest["layers"]) == 2 and "T/front" in arrays and "delta/back" in arrays, sorted(arrays))
        require("delta/front" not in arrays, "a delta that is none")
        require(any("front" in line and "gradient" in line for line in said), said)


class Odd(nn.Module):
    """A pool with indices, a layer of other rows, one that puts out (n,)."""

    def __init__(self):
        super().__init__()
        self.pool = nn.MaxPool1d(2, return_indices=True)
        self.rows, self.fc = nn.Linear(2, 2), nn.Linear(8, 4)
        self.norm = nn.Flatten(0)

    def forward(self, x):
        x, _ = self.pool(x)
        return self.fc(self.rows(x.reshape(-1, 2)).reshape(len(x), -1)) + self.norm(x.mean((1, 2)))[:, None]


@test
def auto_leaves_out_what_does_not_fit(box):
    data = (torch.randn(N, 4, 4), classes())
    (arrays, manifest), said = warned(lambda: record(box, Odd(), data=data))
    require([layer["name"] for layer in manifest["layers"]] == ["fc"], manifest)
    require(len(said) == 2 and "pool" in said[0] and "rows" in said[1], said)
    arrays, _ = record(box, Odd(), layers=["norm"], data=data, folder="rank")
    require(arrays["T/norm"].shape == arrays["delta/norm"].shape == (N, 1), arrays["T/norm"].shape)


@test
def labels_that_are_none(box):
    model = nn.Linear(5, 2)
    targets = torch.randn(N, 2)
    (arrays, _), said = warned(lambda: record(box, model, data=(torch.randn(N, 5), targets), loss=F.mse_loss))
    require("Y" not in arrays and len(said) == 1 and "Y" in said[0], said)
    (arrays, _), said = warned(lambda: record(box, model, data=(torch.randn(N, 5), None), folder="none",
                                              loss=lambda output, y: output.square().mean()))
    require("Y" not in arrays and not said, said)


@test
def batch_statistics_are_told(box):
    model = nn.Sequential(nn.Linear(5, 6), nn.BatchNorm1d(6, track_running_stats=False), nn.Linear(6, 4))
    _, said = warned(lambda: record(box, model, data=(torch.randn(N, 5), classes())))
    require(len(said) == 1 and "BatchNorm" in said[0], said)
