#!/usr/bin/env python3
"""Train a LeNet-5-like CNN on MNIST or Fashion-MNIST and write a run folder for infoflow.

Two 5x5 convolutions, each followed by 2x2 max pooling, and two fully connected layers, trained by
SGD with momentum. At chosen steps the first --probe images of the test set go through the network;
of each of the six layers, T (the output after its activation) and delta (the gradient of each
sample's own loss) are kept, by default as squared distances between the samples.

    python3 lenet5.py --data mnist --out runs --topology 6-12 --activation sigmoid

writes runs/lenet5-6-12-sigmoid-s0/. Needs torch and numpy.
"""
import argparse
import gzip
import io
import json
import os
import re
import sys
import zipfile
import zlib

try:
    import numpy as np
    import torch
    import torch.nn.functional as F
    from torch import nn
except ImportError as e:
    sys.exit(f"lenet5.py: {e}; it needs torch and numpy")

LAYERS = [("conv1", "conv", "NCHW"), ("pool1", "pool", "NCHW"), ("conv2", "conv", "NCHW"),
          ("pool2", "pool", "NCHW"), ("fc1", "fc", "ND"), ("fc2", "fc", "ND")]
SIDE, CLASSES, HIDDEN = 28, 10, 120
FLOAT32_BITS = 24  # of a float32's significand, the implicit leading one included


def fail(message, status=1):
    print(f"lenet5.py: {message}", file=sys.stderr)
    sys.exit(status)


# ---- data -------------------------------------------------------------------------------------

def read_idx(folder, stem, rank):
    """The IDX file folder/stem, or folder/stem.gz, as an array of uint8."""
    path = os.path.join(folder, stem)
    opener = open
    if not os.path.exists(path):
        path, opener = path + ".gz", gzip.open
    try:
        with opener(path, "rb") as f:
            data = f.read()
    except FileNotFoundError:
        fail(f"{folder}: neither {stem} nor {stem}.gz is there")
    except (OSError, EOFError, zlib.error) as e:
        fail(f"{path}: {getattr(e, 'strerror', None) or e}")
    head = 4 + 4 * rank
    if len(data) < head or data[:4] != bytes([0, 0, 8, rank]):
        fail(f"{path}: not an IDX file of unsigned bytes with {rank} axes")
    shape = tuple(int(v) for v in np.frombuffer(data, ">u4", rank, 4))
    if len(data) - head != np.prod(shape, dtype=object):
        fail(f"{path}: the header says {shape}, but {len(data) - head} bytes follow")
    return np.frombuffer(data, np.uint8, offset=head).reshape(shape)


def load_set(folder, prefix):
    """Images (n, 1, 28, 28) in 0..1 and labels (n,), as tensors."""
    images = read_idx(folder, f"{prefix}-images-idx3-ubyte", 3)
    labels = read_idx(folder, f"{prefix}-labels-idx1-ubyte", 1)
    if images.shape[1:] != (SIDE, SIDE):
        fail(f"{folder}: {prefix} images are {images.shape[1:]}, not ({SIDE}, {SIDE})")
    if len(images) != len(labels):
        fail(f"{folder}: {len(images)} {prefix} images, but {len(labels)} labels")
    if len(labels) == 0 or labels.max() >= CLASSES:
        fail(f"{folder}: {prefix} labels are not all in 0..{CLASSES - 1}")
    return (torch.from_numpy(images.astype(np.float32) / 255).unsqueeze(1),
            torch.from_numpy(labels.astype(np.int64)))


# ---- the network ------------------------------------------------------------------------------

class LeNet5(nn.Module):
    def __init__(self, maps1, maps2, activation):
        super().__init__()
        self.activation = {"sigmoid": torch.sigmoid, "relu": torch.relu}[activation]
        self.conv1 = nn.Conv2d(1, maps1, 5)
        self.conv2 = nn.Conv2d(maps1, maps2, 5)
        self.fc1 = nn.Linear(maps2 * 4 * 4, HIDDEN)
        self.fc2 = nn.Linear(HIDDEN, CLASSES)

    def layers(self, x):
        """The outputs of the six layers in forward order; the last one before its softmax."""
        conv1 = self.activation(self.conv1(x))
        pool1 = F.max_pool2d(conv1, 2)
        conv2 = self.activation(self.conv2(pool1))
        pool2 = F.max_pool2d(conv2, 2)
        fc1 = self.activation(self.fc1(pool2.flatten(1)))
        return [conv1, pool1, conv2, pool2, fc1, self.fc2(fc1)]

    def forward(self, x):
        return self.layers(x)[-1]


def accuracy(net, images, labels, chunk=1000):
    with torch.no_grad():
        right = sum(int((net(x).argmax(1) == y).sum())
                    for x, y in zip(images.split(chunk), labels.split(chunk)))
    return right / len(labels)


# ---- what a snapshot holds --------------------------------------------------------------------

def observe(net, images, labels):
    """The probe's mean loss, and {"T/<layer>": array, "delta/<layer>": array}.

    No sample's loss depends on another sample (there is no batch normalisation), so the gradient of
    the summed loss is, row by row, that of each sample's own loss: nothing is divided by n.
    autograd.grad leaves the parameters' .grad alone, and no random number is drawn.
    """
    outputs = net.layers(images)
    loss = F.cross_entropy(outputs[-1], labels, reduction="sum")
    deltas = torch.autograd.grad(loss, outputs)
    arrays = {}
    for (name, _, _), t, delta in zip(LAYERS, outputs, deltas):
        # The output layer's error is taken in the usual sense, p - onehot(y), the gradient with
        # respect to the softmax's input; its T is the softmax's output p.
        arrays[f"T/{name}"] = (torch.softmax(t, 1) if name == "fc2" else t).detach().numpy()
        arrays[f"delta/{name}"] = delta.numpy()
    return loss.item() / len(labels), arrays


def squared_distances(maps):
    """(n, C, d) -> (C, n(n-1)/2) in float64, pairs in the order (0,1) (0,2) ... (n-2,n-1).

    By differences, not by |a|^2 + |b|^2 - 2ab, which cancels for rows that are nearly equal.
    """
    maps = maps.astype(np.float64)
    parts = []
    for i in range(len(maps) - 1):
        r = maps[i + 1:] - maps[i]
        parts.append(np.einsum("ncd,ncd->cn", r, r))
    return np.concatenate(parts, axis=1)


def round_float32(x, bits):
    """float64 -> the nearest float32 whose significand has at most `bits` bits."""
    fraction, exponent = np.frexp(x)
    return np.ldexp(np.rint(np.ldexp(fraction, bits)), exponent - bits).astype(np.float32)


def as_distances(arrays, bits):
    out = {}
    for key, a in arrays.items():
        maps = a.reshape(len(a), 1, -1) if key == "X" or a.ndim == 2 else a.reshape(*a.shape[:2], -1)
        out[f"D2/{key}"] = round_float32(squared_distances(maps), bits)
        out[f"dim/{key}"] = np.int64(maps.shape[2])
    return out


# ---- files ------------------------------------------------------------------------------------

def write_file(path, data):
    """Write path.tmp, then rename it: a killed run leaves nothing half-written behind."""
    tmp = path + ".tmp"
    try:
        with open(tmp, "wb") as f:
            f.write(data)
        os.replace(tmp, path)
    except OSError as e:
        fail(f"{path}: {e.strerror}")


def npz_bytes(arrays):
    """As numpy.savez_compressed, but at deflate's level 9 and without the time of day, so that the
    same run gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for key, a in arrays.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, np.ascontiguousarray(a).reshape(np.shape(a)))
            info = zipfile.ZipInfo(key + ".npy", (1980, 1, 1, 0, 0, 0))
            z.writestr(info, member.getvalue(), zipfile.ZIP_DEFLATED, 9)
    return out.getvalue()


def manifest(args):
    params = {"dataset": args.dataset, "model": "lenet5", "topology": args.topology,
              "activation": args.activation, "seed": args.seed, "optimizer": "sgd", "lr": args.lr,
              "momentum": args.momentum, "batch_size": args.batch_size, "epochs": args.epochs,
              "probe": f"test[0:{args.probe}]"}
    tags = {"made_by": f"lenet5.py, torch {torch.__version__}",
            "stored": "raw" if args.raw else f"squared distances, {args.mantissa_bits} significant bits"}
    return {"format": "infoflow-run", "version": 1, "name": args.name, "params": params, "tags": tags,
            "layers": [{"name": n, "kind": k, "axes": a} for n, k, a in LAYERS]}


class Recorder:
    def __init__(self, args, net, train, test):
        self.args, self.net, self.train, self.test = args, net, train, test
        self.images, self.labels = test[0][:args.probe], test[1][:args.probe]
        self.folder = os.path.join(args.out, args.name)
        self.steps_per_epoch = -(-len(train[1]) // args.batch_size)
        try:
            os.makedirs(self.folder)
        except FileExistsError:
            fail(f"{self.folder}: is already there; choose another --out or --name")
        except OSError as e:
            fail(f"{self.folder}: {e.strerror}")
        text = json.dumps(manifest(args), indent=1) + "\n"
        write_file(os.path.join(self.folder, "run.json"), text.encode())

    def snapshot(self, step):
        loss, arrays = observe(self.net, self.images, self.labels)
        for key, a in arrays.items():
            if not np.isfinite(a).all():
                fail(f"{self.args.name}: step {step}: {key} is not finite; try a smaller --lr")
        metrics = {"loss": loss, "train_accuracy": accuracy(self.net, *self.train),
                   "test_accuracy": accuracy(self.net, *self.test)}
        arrays = {"X": self.images.numpy(), **arrays}
        if not self.args.raw:
            arrays = as_distances(arrays, self.args.mantissa_bits)
        epoch = step / self.steps_per_epoch
        scalars = {"step": np.int64(step), "epoch": np.float64(epoch),
                   **{f"metrics/{k}": np.float64(v) for k, v in metrics.items()}}
        labels = {"Y": self.labels.numpy().astype(np.int32)}
        data = npz_bytes({**scalars, **labels, **arrays})
        write_file(os.path.join(self.folder, f"step-{step:07d}.npz"), data)
        print(f"step {step:7d}  epoch {epoch:7.3f}  probe loss {loss:.4f}"
              f"  train {metrics['train_accuracy']:.4f}  test {metrics['test_accuracy']:.4f}"
              f"  {len(data)} bytes", flush=True)


# ---- training ---------------------------------------------------------------------------------

def snapshot_steps(text, last):
    """--steps as a set: a list of steps, or log:N, which is 0 and N - 1 log-spaced from 1 to last."""
    if re.fullmatch(r"log:\d{1,6}", text):
        count = int(text[4:])
        if count < 2:
            fail(f"--steps {text}: at least log:2 is needed, the first step and the last", 2)
        return {0} | {int(s) for s in np.rint(np.geomspace(1, last, count - 1))} | {last}
    if not re.fullmatch(r"\d{1,12}(,\d{1,12})*", text):
        fail(f"--steps {text}: want numbers with commas between them, or log:N", 2)
    steps = {int(s) for s in text.split(",")}
    if max(steps) > last:
        fail(f"--steps {text}: the run ends at step {last}", 2)
    return steps


def train(args, net, data, steps, recorder):
    images, labels = data
    optimizer = torch.optim.SGD(net.parameters(), lr=args.lr, momentum=args.momentum)
    order = torch.Generator().manual_seed(args.seed)
    step = 0
    if step in steps:
        recorder.snapshot(step)
    for _ in range(args.epochs):
        for rows in torch.randperm(len(labels), generator=order).split(args.batch_size):
            loss = F.cross_entropy(net(images[rows]), labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            step += 1
            if not np.isfinite(loss.item()):
                fail(f"{args.name}: step {step}: the loss is {loss.item()}; try a smaller --lr")
            if step in steps:
                recorder.snapshot(step)


def parse_arguments():
    p = argparse.ArgumentParser(
        prog="lenet5.py", formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        argument_default=argparse.SUPPRESS,
        description="Train a LeNet-5-like CNN and write a run folder for infoflow.")
    add = p.add_argument
    add("--data", required=True, help="folder of the IDX files, with or without .gz")
    add("--out", required=True, help="folder in which the run's own folder, NAME, is made")
    add("--name", help="of the run; without it lenet5-TOPOLOGY-ACTIVATION-sSEED")
    add("--dataset", default="mnist", help="what to call the data in run.json")
    add("--topology", default="6-12", help="maps of conv1 and of conv2")
    add("--activation", default="sigmoid", choices=["sigmoid", "relu"])
    add("--seed", type=int, default=0, help="of the initial weights and of the order of the data")
    add("--epochs", type=int, default=10)
    add("--lr", type=float, default=0.1)
    add("--momentum", type=float, default=0.95)
    add("--batch-size", type=int, default=128)
    add("--probe", type=int, default=128, help="how many images, the first of the test set")
    add("--steps", default="log:12", help="snapshots: steps with commas between them, or log:N")
    add("--raw", action="store_true", default=False, help="store the arrays themselves, not their distances")
    add("--mantissa-bits", type=int, default=FLOAT32_BITS,
        help="significant bits of a stored distance; fewer pack better")
    args = p.parse_args()
    if not re.fullmatch(r"[1-9]\d{0,3}-[1-9]\d{0,3}", args.topology):
        p.error(f"--topology {args.topology}: want two numbers of maps, such as 6-12")
    for flag, ok, want in [("epochs", args.epochs >= 1, "at least 1"),
                           ("seed", 0 <= args.seed < 2**63, "0 or more"),
                           ("lr", 0 < args.lr < np.inf, "more than 0"),
                           ("momentum", 0 <= args.momentum < 1, "in [0, 1)"),
                           ("batch-size", args.batch_size >= 1, "at least 1"),
                           ("probe", args.probe >= 2, "at least 2"),
                           ("mantissa-bits", 1 <= args.mantissa_bits <= FLOAT32_BITS,
                            f"1 to {FLOAT32_BITS}")]:
        if not ok:
            p.error(f"--{flag} {getattr(args, flag.replace('-', '_'))}: want {want}")
    if args.raw and args.mantissa_bits != FLOAT32_BITS:
        p.error("--mantissa-bits rounds distances; --raw stores none")
    if not hasattr(args, "name"):
        args.name = f"lenet5-{args.topology}-{args.activation}-s{args.seed}"
    if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]*", args.name):
        p.error(f"--name {args.name!r}: want letters, digits, '.', '_' and '-'")
    return args


def main():
    args = parse_arguments()
    torch.set_num_threads(1)  # one thread adds in one order: the run can be repeated to the bit
    train_set, test_set = load_set(args.data, "train"), load_set(args.data, "t10k")
    if args.probe > len(test_set[1]):
        fail(f"--probe {args.probe}: the test set has {len(test_set[1])} images", 2)
    last = args.epochs * -(-len(train_set[1]) // args.batch_size)
    steps = snapshot_steps(args.steps, last)
    torch.manual_seed(args.seed)
    net = LeNet5(*map(int, args.topology.split("-")), args.activation)
    train(args, net, train_set, steps, Recorder(args, net, train_set, test_set))


if __name__ == "__main__":
    main()
