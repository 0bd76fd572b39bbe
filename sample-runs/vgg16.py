#!/usr/bin/env python3
"""Train VGG-16 on CIFAR-10's binary batches for a few hundred iterations and record it for infoflow.

The 16 layers of the paper's Figure 5 are recorded: conv1 to conv13 after BatchNorm and ReLU, fc14 to fc16 (the last after
its softmax), as squared distances between the samples of the probe. The pools between them are not recorded.

    python3 vgg16.py --data data/cifar10 --out runs

writes runs/cifar10-vgg16-s0/, about 280 MB a snapshot. Needs torch and numpy, and infoflow_recorder.py beside it.
"""
import glob
import os

import numpy as np
import torch
from torch import nn

import training
from training import fail

SIDE, CLASSES = 32, 10
RECORD = 1 + 3 * SIDE * SIDE  # the label, then the red, the green and the blue plane
HELD_OUT = 1000
BLOCKS = [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)]  # maps of a convolution, convolutions before a pool
HIDDEN = 512


def read_batch(path):
    """Images (n, 3, 32, 32) in 0..1 and labels (n,), as tensors."""
    try:
        data = np.fromfile(path, np.uint8)
    except OSError as e:
        fail(f"{path}: {e.strerror}")
    if len(data) == 0 or len(data) % RECORD:
        fail(f"{path}: {len(data)} bytes are not a whole number of records of {RECORD}")
    rows = data.reshape(-1, RECORD)
    if rows[:, 0].max() >= CLASSES:
        fail(f"{path}: labels are not all in 0..{CLASSES - 1}")
    images = rows[:, 1:].astype(np.float32).reshape(-1, 3, SIDE, SIDE) / 255
    return torch.from_numpy(images), torch.from_numpy(rows[:, 0].astype(np.int64))


def load(folder):
    """(images, labels) to train on and to test on: test_batch.bin, or the last 1,000 records of the others without it."""
    paths = sorted(glob.glob(os.path.join(glob.escape(folder), "data_batch_*.bin")))
    if not paths:
        fail(f"{folder}: no data_batch_*.bin is there")
    images, labels = (torch.cat(parts) for parts in zip(*map(read_batch, paths)))
    test = os.path.join(folder, "test_batch.bin")
    if os.path.exists(test):
        return (images, labels), read_batch(test)
    held = min(HELD_OUT, len(labels) // 2)
    return (images[:-held], labels[:-held]), (images[-held:], labels[-held:])


class VGG16(nn.Module):
    """Its submodules but the pools are the 16 layers; a layer's output is what leaves its activation."""

    def __init__(self, divide):
        super().__init__()
        self.kinds = {}  # of the layers, by name
        maps = 3
        for block, (wide, convolutions) in enumerate(BLOCKS, 1):
            for _ in range(convolutions):
                self.layer("conv", nn.Conv2d(maps, wide // divide, 3, padding=1), nn.BatchNorm2d(wide // divide), nn.ReLU())
                maps = wide // divide
            self.add_module(f"pool{block}", nn.MaxPool2d(2))
        self.layer("fc", nn.Flatten(), nn.Linear(maps, HIDDEN // divide), nn.ReLU())
        self.layer("fc", nn.Linear(HIDDEN // divide, HIDDEN // divide), nn.ReLU())
        self.layer("fc", nn.Linear(HIDDEN // divide, CLASSES))

    def layer(self, kind, *parts):
        name = f"{kind}{len(self.kinds) + 1}"
        self.kinds[name] = kind
        self.add_module(name, nn.Sequential(*parts))

    def forward(self, x):
        for layer in self.children():
            x = layer(x)
        return x


def parse_arguments():
    p = training.parser("Train VGG-16 on CIFAR-10 and record it for infoflow.", lr=0.01, momentum=0.9, steps="log:2")
    p.add_argument("--iterations", type=int, default=300)
    p.add_argument("--divide", type=int, default=1, choices=[1, 2, 4, 8, 16, 32],
                   help="the number of maps and units of each layer by this: a small one to try")
    args = p.parse_args()
    args.name = args.name or f"{training.dataset_name(args.data)}-vgg16-s{args.seed}"
    training.check(p, args)
    return args


def main():
    args = parse_arguments()
    train, test = load(args.data)
    torch.manual_seed(args.seed)
    model = VGG16(args.divide)
    params = {"model": "vgg16", "activation": "relu", "divide": args.divide, "iterations": args.iterations}
    last = list(model.kinds)[-1]
    training.record_training(args, model, train, test, args.iterations, params, layers=model.kinds,
                             readout={last: lambda t: t.softmax(1)})


if __name__ == "__main__":
    main()
