"""Record a PyTorch model while it trains, as a run folder for infoflow. Copy this file beside your script.

    from infoflow_recorder import Recorder, log_steps
    recorder = Recorder("runs/mine", model)
    ...
        if step in log_steps(last_step): recorder.snapshot(step, x, y, F.cross_entropy)

x and y are the probe: one mini-batch, the same at every step. It goes through the model in evaluation mode, where
dropout does nothing, BatchNorm uses its running statistics, and so no sample's loss depends on another sample. Kept of
each layer are T, what it puts out (a module's output: name the activation to have it after the activation), and
delta, the gradient of each sample's own loss with respect to T. Nothing of the training changes: modes, buffers, random
numbers and gradients are left as they were.

`infoflow import runs` reads what is written here. Needs torch and numpy.
"""
import collections
import contextlib
import difflib
import json
import operator
import os
import random
import re
import warnings

import numpy as np
import torch
from torch import nn


def _classes(stems):
    return tuple(getattr(nn, f"{stem}{axes}d") for stem in stems for axes in (1, 2, 3) if hasattr(nn, f"{stem}{axes}d"))


POOLS = ["MaxPool", "AvgPool", "LPPool", "AdaptiveMaxPool", "AdaptiveAvgPool", "FractionalMaxPool"]
CLASSES = {"conv": _classes(["Conv", "ConvTranspose"]), "pool": _classes(POOLS), "fc": (nn.Linear, nn.Bilinear)}
KINDS = (*CLASSES, "other")
# Where the features stand on the last axis, whatever stands between it and the samples.
FEATURES_LAST = (*CLASSES["fc"], nn.LayerNorm, nn.Embedding, nn.TransformerEncoderLayer, nn.TransformerDecoderLayer)
BATCH_NORM = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.SyncBatchNorm)


class RecorderError(ValueError):
    """Why something cannot be recorded: one line."""


def log_steps(last, per_decade=8):
    """The steps 0, 1, 2, 3, 4, 6, 7, 10, ... last: about per_decade from each power of ten to the next."""
    last, per_decade = operator.index(last), operator.index(per_decade)
    if last < 0 or per_decade < 1:
        raise RecorderError(f"log_steps({last}, {per_decade}): want a last step of 0 or more and 1 or more per decade")
    count = int(per_decade * np.log10(max(last, 1))) + 1
    return sorted({0, last} | {int(s) for s in np.rint(10 ** (np.arange(count) / per_decade)) if s < last})


# ---- which layers ---------------------------------------------------------------------------------------------------

def _unwrap(model):
    """The module that DataParallel, DistributedDataParallel or torch.compile wraps: the probe needs one device, and its
    hooks one plain forward pass, in which no other process has to take part."""
    while True:
        if isinstance(model, (nn.DataParallel, nn.parallel.DistributedDataParallel)):
            model = model.module
        elif isinstance(model, nn.Module) and hasattr(model, "_orig_mod"):
            model = model._orig_mod
        else:
            return model


def _kind(module):
    return next((kind for kind, classes in CLASSES.items() if isinstance(module, classes)), "other")


class _AutoLayers:
    """Every call of a convolution, pooling or linear module: its name, then name#2, name#3, ..."""

    def __init__(self, model):
        own = type(model).__name__.lower()  # of a model that is one layer and so has no name
        self.modules = {module: name or own for name, module in model.named_modules() if _kind(module) != "other"}

    def name(self, module, call):
        return self.modules[module] if call == 1 else f"{self.modules[module]}#{call}"

    def kind(self, name, module):
        return _kind(module)

    def unfit(self, name, why):
        warnings.warn(f"layer {name!r} {why}: left out", RuntimeWarning)

    def check(self, outputs, calls):
        if not outputs:
            raise RecorderError("the forward pass called no convolution, pooling or linear module: name the layers")


class _NamedLayers:
    """The layers of a list of names, or of {name: kind}."""

    def __init__(self, model, layers):
        self.kinds = dict(layers) if isinstance(layers, dict) else dict.fromkeys(layers)
        if not self.kinds:
            raise RecorderError("layers: there are none; \"auto\" takes every conv, pool and linear module")
        if len(self.kinds) != len(layers):
            raise RecorderError(f"layers: a name stands there twice: {list(layers)}")
        known = {name: module for name, module in model.named_modules(remove_duplicate=False) if name}
        self.places = {}  # name -> (module, which of its calls)
        for name, kind in self.kinds.items():
            self.places[name] = self.find(name, known)
            if kind is not None and kind not in KINDS:
                raise RecorderError(f"layer {name!r}: kind {kind!r}; want one of {', '.join(KINDS)}")
        self.names = {place: name for name, place in self.places.items()}
        for name, place in self.places.items():
            if self.names[place] != name:
                raise RecorderError(f"layers {name!r} and {self.names[place]!r} are the same")
        self.modules = {module for module, _ in self.places.values()}

    @staticmethod
    def find(name, known):
        if name in known:
            return known[name], 1
        stem, mark, call = str(name).rpartition("#")
        if mark and stem in known and call.isdecimal():
            return known[stem], int(call)
        nearest = difflib.get_close_matches(str(name), known, 1, 0)
        raise RecorderError(f"layer {name!r}: the model has none of this name"
                            + (f"; the nearest is {nearest[0]!r}" if nearest else ""))

    def name(self, module, call):
        return self.names.get((module, call))

    def kind(self, name, module):
        return self.kinds[name] or _kind(module)

    def unfit(self, name, why):
        raise RecorderError(f"layer {name!r} {why}")

    def check(self, outputs, calls):
        for name, (module, _) in self.places.items():
            if name not in outputs:
                raise RecorderError(f"layer {name!r}: the forward pass called this module {calls[module]} times")


# ---- forward and backward -------------------------------------------------------------------------------------------

@contextlib.contextmanager
def _random_numbers_kept():
    ours, numpys = random.getstate(), np.random.get_state()
    devices = list(range(torch.cuda.device_count())) if torch.cuda.is_initialized() else []
    try:
        with torch.random.fork_rng(devices):
            yield
    finally:
        random.setstate(ours)
        np.random.set_state(numpys)


@contextlib.contextmanager
def _buffers_kept(model):
    """Puts back buffers that the forward pass replaced or wrote to. The others are not touched: a graph that training
    still has to go back through may have saved them."""
    before = [(module, name, buffer, buffer._version, buffer.detach().clone())
              for module in model.modules() for name, buffer in module.named_buffers(recurse=False)]
    try:
        yield
    finally:
        with torch.no_grad():
            for module, name, buffer, version, copy in before:
                setattr(module, name, buffer)
                if buffer._version != version:
                    buffer.copy_(copy)


@contextlib.contextmanager
def _evaluating(model):
    """Every submodule in evaluation mode, and a DataParallel among them on its first device alone. The flags are set
    one by one: train() may be overridden, and a submodule's mode need not be its parent's."""
    modes = [(module, module.training) for module in model.modules()]
    parallel = [(module, module.device_ids) for module in model.modules() if isinstance(module, nn.DataParallel)]
    try:
        for module, _ in modes:
            module.training = False
        for module, devices in parallel:
            module.device_ids = devices[:1]
        yield
    finally:
        for module, devices in parallel:
            module.device_ids = devices
        for module, mode in modes:
            module.training = mode


@contextlib.contextmanager
def _gradients_on(model):
    """Gradients, whatever surrounds the call, without filling autocast's cache of weights, which training would use."""
    recurrent = any(isinstance(module, nn.RNNBase) for module in model.modules())
    cached = torch.is_autocast_cache_enabled()
    torch.set_autocast_cache_enabled(False)
    try:
        with contextlib.ExitStack() as stack:
            stack.enter_context(torch.inference_mode(False))
            stack.enter_context(torch.enable_grad())
            if recurrent:  # cuDNN's have no backward pass in evaluation mode
                stack.enter_context(torch.backends.cudnn.flags(enabled=False))
            yield
    finally:
        torch.set_autocast_cache_enabled(cached)


def _why_unfit(output, n):
    if not isinstance(output, torch.Tensor):
        return f"puts out a {type(output).__name__}, not a tensor"
    if output.layout != torch.strided or output.is_complex() or output.is_quantized:
        return "does not put out a dense tensor of real numbers"
    if output.ndim == 0 or len(output) != n:
        return f"puts out the shape {tuple(output.shape)}, whose first axis is not the {n} samples"
    return None


def _home(model, x, y):
    """x and y on the one device where the model is; where it is on several, x is taken to be where it has to be."""
    devices = {a.device for a in (*model.parameters(), *model.buffers())}
    device = devices.pop() if len(devices) == 1 else x.device
    return x.detach().to(device), y.detach().to(device) if isinstance(y, torch.Tensor) else y


def _check_finite(tensor, what):
    good = torch.isfinite(tensor.detach())
    if not good.all():
        row = int((~good.reshape(len(good), -1)).any(1).nonzero()[0])
        raise RecorderError(f"{what} NaN or infinity, first at index {row}")


class _Taps:
    """Keeps layers' outputs during a forward pass.

    A private copy is kept and a copy of that goes on into the network, so that what is done in place afterwards changes
    neither T nor the point in the graph where the gradient is taken. Where nothing before needs a gradient, the
    kept copy is where the graph begins: frozen layers have a delta too.
    """

    def __init__(self, layers, n):
        self.layers, self.n = layers, n
        self.outputs = {}  # name -> (module, T), in the order of the calls
        self.calls = collections.Counter()

    def take(self, module, _, output):
        self.calls[module] += 1
        name = self.layers.name(module, self.calls[module])
        if name is None:
            return None
        why = _why_unfit(output, self.n)
        if why is not None:
            self.layers.unfit(name, why)
            return None
        if name in self.outputs:
            raise RecorderError(f"layer {name!r}: two modules have this name")
        kept = output.clone()
        if kept.is_floating_point() and not kept.requires_grad:
            kept = kept.detach().requires_grad_()
        self.outputs[name] = module, kept
        return kept.clone()

    def run(self, model, x):
        handles = [module.register_forward_hook(self.take) for module in self.layers.modules]
        try:
            output = model(x)
        finally:
            for handle in handles:
                handle.remove()
        self.layers.check(self.outputs, self.calls)
        return output


def _loss_value(loss, output, y):
    value = loss(output, y)
    if not isinstance(value, torch.Tensor) or value.numel() != 1:
        what = tuple(value.shape) if isinstance(value, torch.Tensor) else type(value).__name__
        raise RecorderError(f"the loss is not a scalar tensor but {what}: loss(output, y) has to be the batch's mean or"
                            " sum")
    if not value.requires_grad:
        raise RecorderError("the loss has no gradient: the model's output, or what the loss makes of it, is detached")
    if not torch.isfinite(value).all():
        raise RecorderError(f"the loss is {value.item()}")
    return value


def _check_reduction(reduction, loss, value, output, y):
    """The same batch twice over has the same mean and twice the sum."""
    if not all(isinstance(a, torch.Tensor) and a.ndim for a in (output, y)):
        return
    try:
        with torch.no_grad():
            twice = float(loss(torch.cat([output, output]), torch.cat([y, y])))
    except Exception:  # a loss that takes this batch alone cannot be asked
        return
    once, other = float(value), {"mean": "sum", "sum": "mean"}[reduction]
    if once != 0 and abs(twice / once - {"mean": 1, "sum": 2}[other]) < 0.01:
        raise RecorderError(f"the loss is a {other} over the batch, not a {reduction}: give Recorder"
                            f" reduction=\"{other}\"")


def _errors(value, outputs, scale):
    """{name: delta} of the layers that the gradient reaches. `scale` enters at the loss, before the backward pass:
    behind a mean, half precision could have rounded what is divided by n to zero."""
    points = {name: kept for name, (_, kept) in outputs.items() if kept.requires_grad}
    device, found = value.device.type, ()
    with torch.autocast(device, enabled=False) if device in ("cpu", "cuda") else contextlib.nullcontext():
        if points:
            found = torch.autograd.grad(value, [*points.values()], torch.full_like(value, scale), allow_unused=True)
    deltas = {name: delta for name, delta in zip(points, found) if delta is not None}
    lost = [name for name in outputs if name not in deltas]
    if lost:
        warnings.warn(f"no gradient reaches {', '.join(lost)}: stored without delta", RuntimeWarning)
    return deltas


def _read_out(readout, outputs, n):
    """Puts function(T) in the place of T."""
    for name, function in readout.items():
        if name not in outputs:
            raise RecorderError(f"readout: no layer {name!r}; there are {', '.join(outputs)}")
        module, t = outputs[name]
        with torch.no_grad():
            read = function(t)
        why = _why_unfit(read, n)
        if why is not None:
            raise RecorderError(f"the readout of layer {name!r} {why}")
        _check_finite(read, f"the readout of layer {name!r} has")
        outputs[name] = module, read


# ---- arrays ---------------------------------------------------------------------------------------------------------

def _axes(module, kind, rank):
    if rank <= 2:
        return "ND"
    return "NHWC" if kind not in ("conv", "pool") and isinstance(module, FEATURES_LAST) else "NCHW"


def _maps(array, axes):
    """A tensor (n, C, ...), (n, ..., C) or (n, ...) as (n, C, d)."""
    if axes == "ND":
        return array.reshape(len(array), 1, -1)
    return (array.movedim(-1, 1) if axes == "NHWC" else array).flatten(2)


def _squared_distances(maps):
    """(n, C, d) -> (C, n(n-1)/2), the pairs (0,1) (0,2) ... (n-2,n-1), on the device where maps is. Of differences in
    float64, so that rows that are nearly equal lose nothing; rounded once, to float32."""
    maps = maps.cpu() if maps.device.type == "mps" else maps  # which has no float64
    return torch.stack([torch.pdist(rows.double().contiguous()).square().float() for rows in maps.transpose(0, 1)])


def _variables(x, layers, outputs, deltas, distances):
    """{key: array} of X, T and delta as the format has them."""
    variables = [("X", x, "ND")]
    variables += [(f"T/{layer['name']}", outputs[layer["name"]][1], layer["axes"]) for layer in layers]
    variables += [(f"delta/{layer['name']}", deltas[layer["name"]], layer["axes"]) for layer in layers
                  if layer["name"] in deltas]
    arrays = {}
    for key, a, axes in variables:
        a = a.detach() if a.ndim > 1 else a.detach().unsqueeze(1)
        if not distances:
            arrays[key] = _numpy(a)
            continue
        maps = _maps(a, axes)
        squares = _squared_distances(maps)
        _check_finite(squares, f"the squared distances of {key} have")
        arrays[f"D2/{key}"], arrays[f"dim/{key}"] = _numpy(squares), np.int64(maps.shape[2])
    return arrays


def _numpy(tensor):
    tensor = tensor.detach()
    return (tensor.float() if tensor.dtype == torch.bfloat16 else tensor).cpu().numpy()


def _labels(y, n):
    """{"Y": y}, if it is what the format takes as labels: integers or one-hot rows."""
    if y is None:
        return {}
    a = _numpy(y) if isinstance(y, torch.Tensor) else np.asarray(y)
    whole = a.dtype.kind in "biuf" and np.array_equal(a, np.rint(a))
    one_hot = whole and a.ndim == 2 and ((a == 0) | (a == 1)).all() and (a.sum(1) == 1).all()
    if whole and (a.shape in ((n,), (n, 1)) or one_hot):
        return {"Y": a.astype(np.int64)}
    warnings.warn("y is neither classes (n,) nor one-hot (n, classes): stored without Y", RuntimeWarning)
    return {}


# ---- files ----------------------------------------------------------------------------------------------------------

def _write(path, write):
    """Calls write(file) on path.tmp and renames it: a job that is killed leaves no half of a file."""
    try:
        with open(path + ".tmp", "wb") as file:
            write(file)
        os.replace(path + ".tmp", path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.remove(path + ".tmp")
        raise


def _plain(fields, key):
    """As JSON gives it back: numbers stay numbers, what JSON does not know becomes text."""
    try:
        return json.loads(json.dumps(dict(fields or {}), allow_nan=False,
                                     default=lambda a: a.tolist() if hasattr(a, "tolist") else str(a)))
    except (TypeError, ValueError) as problem:
        raise RecorderError(f"{key}: {problem}") from None


class Recorder:
    """Writes one run: a folder with run.json and a file a snapshot.

    directory   the run's folder; it is made. One that holds this run already is continued.
    layers      "auto": every convolution, pooling and linear module, in the order of the calls. Or names as in
                model.named_modules(), or {name: kind} with the kind conv, pool, fc or other. The second call of
                `relu` in one forward pass is the layer `relu#2`.
    name        of the run; without it the folder's.
    params      {name: value} that runs are told apart by, such as lr and seed; tags: whatever else.
    distances   store the squared distances between the samples, which is all that infoflow needs, not the arrays
    readout     {layer: function}: what is stored as that layer's T is function(its output); its delta stays the gradient
                with respect to the output. {"fc2": lambda t: t.softmax(1)}, where the softmax is inside the loss.
    reduction   "mean" or "sum": what loss(output, y) does with the batch

    Wrong use raises RecorderError.
    """

    def __init__(self, directory, model, layers="auto", name=None, params=None, tags=None, distances=False,
                 reduction="mean", readout=None):
        if not isinstance(model, nn.Module):
            raise RecorderError(f"model is a {type(model).__name__}, not a torch.nn.Module")
        if reduction not in ("mean", "sum"):
            raise RecorderError(f"reduction {reduction!r}: want \"mean\" or \"sum\"")
        if isinstance(layers, str) and layers != "auto":
            raise RecorderError(f"layers {layers!r}: want \"auto\", a list of names or {{name: kind}}")
        self.directory, self.distances, self.reduction = os.fspath(directory), distances, reduction
        self.readout = dict(readout or {})
        self.model = _unwrap(model)
        self.chosen = _AutoLayers(self.model) if layers == "auto" else _NamedLayers(self.model, layers)
        self.manifest = {"format": "infoflow-run", "version": 1,
                         "name": name or os.path.basename(os.path.abspath(self.directory)),
                         "params": _plain(params, "params"), "tags": _plain(tags, "tags")}
        self.n = None
        self.probes = {}  # batch -> its x, None once it is known to change
        os.makedirs(self.directory, exist_ok=True)

    def snapshot(self, step, x, y, loss, epoch=None, metrics=None, batch=0):
        """Runs the probe and writes one file, whose path is returned; one of this step and batch is replaced.

        x has the shape (n, ...); y is what loss(output, y) takes, or None. The probe's mean loss is stored as
        the metric `loss` unless metrics, {name: number}, has one. Several mini-batches of a step differ in `batch`.
        """
        step, batch = operator.index(step), operator.index(batch)
        if step < 0 or batch < 0:
            raise RecorderError(f"step {step}, batch {batch}: want 0 or more")
        self._check_probe(x, y)
        x, y = _home(self.model, x, y)
        try:
            with _random_numbers_kept(), _buffers_kept(self.model), _evaluating(self.model), _gradients_on(self.model):
                outputs, deltas, mean = self._observe(x, y, loss)
            layers = self._describe(outputs)
            arrays = _variables(x, layers, outputs, deltas, self.distances)
        except RecorderError as problem:
            raise RecorderError(f"step {step}: {problem}") from None
        arrays.update(_labels(y, len(x)), step=np.int64(step), batch=np.int64(batch))
        arrays.update({} if epoch is None else {"epoch": np.float64(float(epoch))})
        for key, value in {"loss": mean, **(metrics or {})}.items():
            arrays[f"metrics/{key}"] = np.float64(float(value))
        self._declare(layers)
        self._warn(step, batch, x)
        self.n = len(x)
        path = os.path.join(self.directory, f"step-{step:07d}{f'.b{batch}' if batch else ''}.npz")
        _write(path, lambda file: np.savez(file, **arrays))
        return path

    def _check_probe(self, x, y):
        if not isinstance(x, torch.Tensor) or x.ndim == 0:
            raise RecorderError(f"x is a {type(x).__name__}, not a tensor (n, ...)")
        if len(x) < 2:
            raise RecorderError(f"x has {len(x)} samples: at least 2 are needed")
        if isinstance(y, (torch.Tensor, np.ndarray)) and (y.ndim == 0 or len(y) != len(x)):
            raise RecorderError(f"x has {len(x)} samples, y has the shape {tuple(y.shape)}")
        _check_finite(x, "x has")
        if self.n not in (None, len(x)):
            raise RecorderError(f"x has {len(x)} samples, the snapshots before {self.n}: one run has one n")

    def _warn(self, step, batch, x):
        """Of what can be meant and often is not."""
        found = [re.fullmatch(r"step-(\d+)(\.b\d+)?\.npz", name) for name in os.listdir(self.directory)]
        last = max((int(match[1]) for match in found if match), default=-1)
        if self.n is None and last >= step:
            warnings.warn(f"{self.directory}: there are snapshots up to step {last} already: this training replaces"
                          " those of its steps, the others stay", RuntimeWarning)
        before = self.probes.setdefault(batch, x.clone())
        if before is not None and not (before.dtype == x.dtype and torch.equal(before.to(x.device), x)):
            warnings.warn(f"step {step}: x is not that of the snapshot before: estimates compare where the probe is the"
                          " same at every step; several mini-batches of a step differ in `batch`", RuntimeWarning)
            self.probes[batch] = None

    def _observe(self, x, y, loss):
        """The layers' outputs {name: (module, T)}, their deltas, and the probe's mean loss."""
        if any(isinstance(module, BATCH_NORM) and module.running_mean is None for module in self.model.modules()):
            warnings.warn("a BatchNorm without running statistics mixes the samples: delta is not each sample's own",
                          RuntimeWarning)
        taps = _Taps(self.chosen, len(x))
        output = taps.run(self.model, x.clone())  # which the model may write to
        for name, (_, t) in taps.outputs.items():
            _check_finite(t, f"layer {name!r} puts out")
        y = y.clone() if isinstance(y, torch.Tensor) else y  # no longer one of inference mode
        value = _loss_value(loss, output, y)
        if self.n is None:
            _check_reduction(self.reduction, loss, value, output, y)
        deltas = _errors(value, taps.outputs, len(x) if self.reduction == "mean" else 1)
        for name, delta in deltas.items():
            _check_finite(delta, f"layer {name!r} gets back")
        _read_out(self.readout, taps.outputs, len(x))
        return taps.outputs, deltas, value.item() / (1 if self.reduction == "mean" else len(x))

    def _describe(self, outputs):
        """The layers as run.json has them."""
        layers = []
        for name, (module, t) in outputs.items():
            kind = self.chosen.kind(name, module)
            layers.append({"name": name, "kind": kind, "axes": _axes(module, kind, t.ndim)})
        return layers

    def _declare(self, layers):
        """Writes run.json, or sees that the one that is there says the same."""
        path = os.path.join(self.directory, "run.json")
        ours = {**self.manifest, "layers": layers}
        if not os.path.exists(path):
            _write(path, lambda file: file.write((json.dumps(ours, indent=1) + "\n").encode()))
            return
        with open(path, encoding="utf-8") as file:
            try:
                there = dict(json.load(file))
            except (TypeError, ValueError) as problem:
                raise RecorderError(f"{path}: {problem}") from None
        for key in ("layers", "name", "params"):
            if there.get(key) != ours[key]:
                raise RecorderError(f"{path}: another run's: its {key}: {json.dumps(there.get(key))}, now:"
                                    f" {json.dumps(ours[key])}; choose another directory")
