#!/usr/bin/env python3
"""Writes sound inputs for the fuzzers, a folder each: python3 tests/fuzz/seeds.py FOLDER

That of the run database is an empty one, in the place of which the fuzzer tries sound databases of its own making.
"""
import json
import os
import struct
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
import dumps  # noqa: E402

LAYERS = [{"name": "c", "kind": "conv", "axes": "NCHW", "shape": (3, 2)},
          {"name": "p", "kind": "pool", "axes": "NHWC", "shape": (2, 2)},
          {"name": "f", "kind": "fc", "axes": "ND", "shape": (2,)}]


def npy_files():
    """Each type, order and version; as values, labels and distances."""
    for dtype in ("|b1", "|i1", "<i2", ">i4", "<i8", "|u1", ">u2", "<u4", "<u8", "<f2", ">f2", "<f4", ">f4", "<f8", ">f8"):
        width = int(dtype[2])
        yield dtype[1:], header(dtype, "(3, 2)") + bytes(range(6 * width))
    yield "fortran", header("<f4", "(3, 2, 2)", fortran=True) + struct.pack("<12f", *range(12))
    yield "wide", header("<f4", "(2, 3, 2, 2)") + struct.pack("<24f", *range(24))
    yield "distances", header("<f4", "(2, 3)") + struct.pack("<6f", *range(6))
    yield "labels", header("<i8", "(4,)") + struct.pack("<4q", -1, 7, 1 << 40, 7)
    yield "one-hot", header("|u1", "(2, 3)") + bytes([0, 1, 0, 1, 0, 0])
    yield "scalar", header("<i8", "()") + struct.pack("<q", 7)
    yield "empty", header("<f4", "(0, 2)")
    yield "nan", header("<f4", "(2, 2)") + struct.pack("<4f", 1, float("nan"), float("inf"), 2)
    yield "version-2", header("<f4", "(2,)", version=2) + struct.pack("<2f", 1, 2)
    yield "version-3", header("<f4", "(2,)", version=3) + struct.pack("<2f", 1, 2)


def header(dtype, shape, fortran=False, version=1):
    text = "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }\n" % (dtype, fortran, shape)
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", len(text)) + text.encode()


def snapshots():
    plain = dumps.snapshot(7, n=3, layers=LAYERS, batch=1, epoch=0.5, metrics={"loss": 1.5})
    yield "plain", plain
    yield "bare", dumps.snapshot(0, n=2, layers=LAYERS[2:], labels=False, errors=False)
    condensed = {"D2/X": [[1.0, 2.0, 3.0]], "dim/X": 6, "D2/T/c": [[1.0, 2.0, 0.5]] * 3, "dim/T/c": 2, "step": 3}
    yield "distances", condensed
    yield "unknown", {**condensed, "other": 1, "dim/T/f": 2}


def manifests():
    full = dumps.manifest("run", LAYERS, {"lr": 0.1, "seed": 1, "list": [1, {"a": None}], "on": True}, {"t": "x\u00df\n"})
    yield "full", full
    yield "bare", {"format": "infoflow-run", "version": 1, "name": "r", "layers": []}
    yield "notes", {**full, "other": 1, "layers": [{"name": "a", "more": 2}]}


FILTERS = ["activation = sigmoid and test_accuracy > .97", "not (lr <= 1e-3 or 'a b' ~ quoted)", "!sigmoid && n == 128",
           "param.lr != tag.lr", "\"a b\" = 'x\" y' or metric.loss < inf", "((dpi >= 50))", "lenet5 ~ \u00df", ""]

TEXTS = [b"plain", b"x\x1b[31mred\x1b]0;title\x07\n\r\t\x7f", "\u0080\u009b2J\u202eabc\u200b\u2066".encode(), b"\xff\xfe\xc0\xaf",
         b"\xed\xa0\x80\xf4\x90\x80\x80", "\u4e2d\u6587e\u0301\U0001f600".encode(), b'a,"b",\\', b"-1.5e-07", b"inf", b"1e400"]

LINES = ["h 5\nalpha=1.01\nwidth median\n", "set h-error 0.1\nset pairs all\nset 3\n", "bind ^R quit\nbind list:F2 sort name\nunbind w\n",
         "filter activation = relu and lr < 0.1\n", "compare #1,#2 run\nlayer conv1\nexport ~/a.svg\n",
         "# a comment\n\ncolumns name lr\ntheme dark\nview pid\nmouse off\n", "zoom\nhel\nlod x\n"]


def write(folder, kind, name, data):
    os.makedirs(os.path.join(folder, kind), exist_ok=True)
    with open(os.path.join(folder, kind, name), "wb") as out:
        out.write(data)


def main(folder):
    for name, data in npy_files():
        write(folder, "npy", name, data)
    for name, arrays in snapshots():
        path = os.path.join(folder, "npz", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        dumps.write_npz(path, arrays, compress=False)
        dumps.write_npz(path + "-deflated", arrays)
        os.makedirs(os.path.join(folder, "safetensors"), exist_ok=True)
        dumps.write_safetensors(os.path.join(folder, "safetensors", name), arrays)
    for name, contents in manifests():
        write(folder, "manifest", name, json.dumps(contents).encode())
    write(folder, "database", "empty", b"")
    for kind, texts in (("filter", FILTERS), ("text", TEXTS), ("lines", LINES)):
        for k, text in enumerate(texts):
            write(folder, kind, "%02d" % k, text if isinstance(text, bytes) else text.encode())


main(sys.argv[1])
