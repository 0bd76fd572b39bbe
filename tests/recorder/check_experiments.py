"""sample-runs/reproduce.sh from end to end on noise in the formats of MNIST and CIFAR-10: small, and started twice."""
import csv
import gzip
import os
import struct
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import numpy as np

from harness import require, test

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCRIPTS = os.path.join(ROOT, "sample-runs")
IMAGES = 160


def write_idx(path, array):
    with gzip.open(path, "wb") as file:
        file.write(struct.pack(">BBBB%dI" % array.ndim, 0, 0, 8, array.ndim, *array.shape) + array.tobytes())


def write_data(folder):
    numbers = np.random.default_rng(3)
    os.makedirs(os.path.join(folder, "mnist"))
    os.makedirs(os.path.join(folder, "cifar10"))
    for prefix in ("train", "t10k"):
        write_idx(os.path.join(folder, "mnist", prefix + "-images-idx3-ubyte.gz"),
                  numbers.integers(0, 256, (IMAGES, 28, 28), np.uint8))
        write_idx(os.path.join(folder, "mnist", prefix + "-labels-idx1-ubyte.gz"),
                  numbers.integers(0, 10, IMAGES).astype(np.uint8))
    records = numbers.integers(0, 256, (2 * IMAGES, 1 + 3 * 32 * 32), np.uint8)
    records[:, 0] %= 10
    records.tofile(os.path.join(folder, "cifar10", "data_batch_1.bin"))


def run(*words):
    result = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            env={**os.environ, "PYTHON": sys.executable, "OMP_NUM_THREADS": "1"})
    return result.returncode, result.stdout


def reproduce(box):
    code, said = run("sh", os.path.join(SCRIPTS, "reproduce.sh"), box.path("data"), box.path("out"), "--infoflow",
                     box.binary, "--seeds", "1", "--epochs", "1", "--topologies", "1-12 6-2", "--iterations", "1",
                     "--divide", "32")
    require(code == 0, said)
    return said


def table(box, name):
    with open(box.path("out", "tables", name + ".csv"), newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@test
def reproduce_sh(box):
    write_data(box.path("data"))
    said = reproduce(box)
    runs = sorted(os.listdir(box.path("out", "runs")))
    require(runs == ["cifar10-vgg16-s0", "mnist-1-12-sigmoid-s0", "mnist-2-2-relu-lr0.1-s0", "mnist-2-2-relu-s0",
                     "mnist-2-2-sigmoid-s0", "mnist-6-12-relu-lr0.1-s0", "mnist-6-12-relu-s0", "mnist-6-12-sigmoid-s0",
                     "mnist-6-2-sigmoid-s0"], runs)
    require("fashion: left out" in said, said)
    figures = os.listdir(box.path("out", "figures"))
    for name in ("fig1-2-2-sigmoid-start", "fig1-6-12-relu-end", "fig3-conv1-topologies", "fig3-conv2-training",
                 "fig4-mip-6-12-sigmoid", "fig5-tensor"):
        require(name + ".txt" in figures, name, figures)
        ElementTree.parse(box.path("out", "figures", name + ".svg"))
    chains = table(box, "chains")
    require({row["epoch"] for row in chains} == {"0", "1"} and len(chains) == 2 * 2 * 4, chains)
    filters = table(box, "filters")
    require([row["maps"] for row in filters if row["layer"] == "conv1"] == ["1", "6"], filters)
    require({row["composition"] for row in table(box, "vgg16")} == {"hadamard", "tensor", "geometric"}, "compositions")
    changed = os.stat(box.path("out", "runs", "mnist-2-2-relu-s0", "run.json")).st_mtime_ns
    again = reproduce(box)
    require(again.count(": is there") == len(runs), again)
    require(os.stat(box.path("out", "runs", "mnist-2-2-relu-s0", "run.json")).st_mtime_ns == changed, "trained again")
