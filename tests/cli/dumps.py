"""Writes activation dumps: .npy and .npz without numpy, and whole runs of made-up numbers.

Arrays are nested lists, shapes follow from them. `Raw` is bytes taken as they are, for files that must be refused.
"""
import json
import os
import random
import struct
import zipfile

FORMATS = {"<f4": "f", "<f8": "d", "<i8": "q", "<i4": "i", "<u1": "B"}


class Raw(bytes):
    """The bytes of a whole .npy file."""


class Array:
    """Numbers with a type: Array([[1, 2], [3, 4]], "<i8")."""

    def __init__(self, values, dtype="<f4"):
        self.values = values
        self.dtype = dtype


def shape_of(values):
    shape = []
    while isinstance(values, (list, tuple)):
        shape.append(len(values))
        values = values[0] if values else 0
    return tuple(shape)


def flatten(values):
    if not isinstance(values, (list, tuple)):
        return [values]
    return [number for row in values for number in flatten(row)]


def npy_header(dtype, shape):
    text = "{'descr': %r, 'fortran_order': False, 'shape': %r, }" % (dtype, shape)
    text += " " * (63 - (10 + len(text)) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode("latin-1")


def npy(value):
    """The bytes of a .npy file: floats are float32, ints int64."""
    if isinstance(value, Raw):
        return bytes(value)
    if not isinstance(value, Array):
        kinds = {type(number) for number in flatten(value)}
        value = Array(value, "<i8" if kinds == {int} else "<f4")
    numbers = flatten(value.values)
    body = struct.pack("<%d%s" % (len(numbers), FORMATS[value.dtype]), *numbers)
    return npy_header(value.dtype, shape_of(value.values)) + body


def object_array():
    return Raw(npy_header("|O", (4,)) + b"\x80\x04]\x94.")


def write_npz(path, arrays, compress=True):
    """`arrays`: a dict, or a list of (key, value) where keys repeat."""
    items = arrays.items() if isinstance(arrays, dict) else arrays
    method = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    with zipfile.ZipFile(path, "w", method) as out:
        for key, value in items:
            out.writestr(key + ".npy", npy(value))


DTYPES = {"<f4": "F32", "<f8": "F64", "<i8": "I64", "<i4": "I32", "<u1": "U8"}


def write_safetensors(path, arrays, header=None):
    """`header` changes the header, a dict, before it is written."""
    body, entries = b"", {"__metadata__": {"format": "test"}}
    for key, value in arrays.items():
        raw = npy(value)
        value = value if isinstance(value, Array) else Array(value, "<i8" if b"'<i8'" in raw[:128] else "<f4")
        data = raw[10 + struct.unpack("<H", raw[8:10])[0]:]
        entries[key] = {"dtype": DTYPES[value.dtype], "shape": list(shape_of(value.values)),
                        "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    if header is not None:
        header(entries)
    text = json.dumps(entries).encode()
    with open(path, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text + body)


# ---- made-up runs ----

LAYERS = [
    {"name": "conv1", "kind": "conv", "axes": "NCHW", "shape": (3, 2, 2)},
    {"name": "conv2", "kind": "conv", "axes": "NHWC", "shape": (2, 2, 2)},
    {"name": "fc1", "kind": "fc", "axes": "ND", "shape": (5,)},
    {"name": "fc2", "kind": "fc", "axes": "ND", "shape": (4,)},
]


def gauss(rng, shape, scale):
    if not shape:
        return struct.unpack("<f", struct.pack("<f", scale * rng.gauss(0, 1)))[0]
    return [gauss(rng, shape[1:], scale) for _ in range(shape[0])]


def snapshot(step, n=12, layers=None, seed=0, batch=None, labels=True, errors=True, epoch=None, metrics=None):
    """The arrays of one snapshot, a dict to be changed at will."""
    rng = random.Random("%s %s %s" % (seed, step, batch))
    arrays = {"X": gauss(rng, (n, 6), 3.0), "step": step}
    if labels:
        arrays["Y"] = [k % 4 for k in range(n)]
    for layer in LAYERS if layers is None else layers:
        arrays["T/" + layer["name"]] = gauss(rng, (n,) + tuple(layer["shape"]), 2.0)
        if errors:
            arrays["delta/" + layer["name"]] = gauss(rng, (n,) + tuple(layer["shape"]), 0.05)
    if batch is not None:
        arrays["batch"] = batch
    if epoch is not None:
        arrays["epoch"] = Array(epoch, "<f8")
    for name, value in (metrics or {}).items():
        arrays["metrics/" + name] = Array(value, "<f8")
    return arrays


def manifest(name, layers=None, params=None, tags=None):
    described = [{key: layer[key] for key in ("name", "kind", "axes")} for layer in (LAYERS if layers is None else layers)]
    return {"format": "infoflow-run", "version": 1, "name": name, "params": params or {}, "tags": tags or {},
            "layers": described}


def file_name(arrays):
    batch = ".b%d" % arrays["batch"] if "batch" in arrays else ""
    return "step-%07d%s.npz" % (arrays["step"], batch)


def write_manifest(folder, contents):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "run.json"), "w", encoding="utf-8") as out:
        out.write(contents if isinstance(contents, str) else json.dumps(contents))


def write_run(folder, name=None, steps=(0, 10, 20), layers=None, params=None, tags=None, **more):
    """A whole run; returns its folder."""
    write_manifest(folder, manifest(name or os.path.basename(folder), layers, params, tags))
    for k, step in enumerate(steps):
        arrays = snapshot(step, layers=layers, epoch=k / 2, metrics={"loss": 2.0 / (k + 1)}, **more)
        write_npz(os.path.join(folder, file_name(arrays)), arrays)
    return folder
