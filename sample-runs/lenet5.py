#!/usr/bin/env python3
"""Train a LeNet-5-like CNN on MNIST or Fashion-MNIST and record it for infoflow, in the paper's setting.

Two 5x5 convolutions, each followed by 2x2 max pooling, and two fully connected layers, trained by SGD with momentum. Of
each of the six layers the run holds T, the output after its activation (of the last, after the softmax), and delta, the
gradient of each sample's own loss with respect to that output (of the last, with respect to the softmax's input), as
squared distances between the samples of the probe.

    python3 lenet5.py --data data/mnist --out runs --topology 6-12 --activation sigmoid

writes runs/mnist-6-12-sigmoid-s0/. Needs torch and numpy, and infoflow_recorder.py beside it.
"""
import gzip
import os
import re
import zlib

import numpy as np
import torch
from torch import nn

import training
from training import fail

SIDE, CLASSES, HIDDEN = 28, 10, 120
LAYERS = {"conv1": "conv", "pool1": "pool", "conv2": "conv", "pool2": "pool", "fc1": "fc", "fc2": "fc"}
ACTIVATIONS = {"sigmoid": nn.Sigmoid, "relu": nn.ReLU}


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


class LeNet5(nn.Module):
    """Its six submodules are the six layers; a layer's output is what leaves its activation."""

    def __init__(self, maps1, maps2, activation):
        super().__init__()
        self.conv1 = nn.Sequential(nn.Conv2d(1, maps1, 5), activation())
        self.pool1 = nn.MaxPool2d(2)
        self.conv2 = nn.Sequential(nn.Conv2d(maps1, maps2, 5), activation())
        self.pool2 = nn.MaxPool2d(2)
        self.fc1 = nn.Sequential(nn.Flatten(), nn.Linear(maps2 * 4 * 4, HIDDEN), activation())
        self.fc2 = nn.Linear(HIDDEN, CLASSES)

    def forward(self, x):
        for layer in self.children():
            x = layer(x)
        return x


def parse_arguments():
    p = training.parser("Train a LeNet-5-like CNN and record it for infoflow.", lr=0.1, momentum=0.95)
    p.add_argument("--topology", default="6-12", help="maps of conv1 and of conv2")
    p.add_argument("--activation", default="sigmoid", choices=[*ACTIVATIONS])
    p.add_argument("--epochs", type=int, default=10)
    args = p.parse_args()
    if not re.fullmatch(r"[1-9]\d{0,3}-[1-9]\d{0,3}", args.topology):
        p.error(f"--topology {args.topology}: want two numbers of maps, such as 6-12")
    args.name = args.name or f"{training.dataset_name(args.data)}-{args.topology}-{args.activation}-s{args.seed}"
    training.check(p, args)
    return args


def main():
    args = parse_arguments()
    train, test = load_set(args.data, "train"), load_set(args.data, "t10k")
    torch.manual_seed(args.seed)
    model = LeNet5(*map(int, args.topology.split("-")), ACTIVATIONS[args.activation])
    params = {"model": "lenet5", "topology": args.topology, "activation": args.activation, "epochs": args.epochs}
    last = args.epochs * -(-len(train[1]) // args.batch_size)
    training.record_training(args, model, train, test, last, params, layers=LAYERS,
                             readout={"fc2": lambda t: t.softmax(1)})


if __name__ == "__main__":
    main()
