#!/usr/bin/env python3
"""Make a small copy of a run of distances: fewer snapshots, fewer significant bits, and deflated.

    python3 pack.py runs/mnist-6-12-sigmoid-s0 small/mnist-6-12-sigmoid-s0 --steps 0,469,938

Distances are rounded to 16 significant bits (the leading one included), a relative error of at most 2^-16, which deflate
packs a fifth better. The same run gives the same bytes. Needs numpy alone.
"""
import argparse
import io
import os
import shutil
import sys
import zipfile

import numpy as np

FLOAT32_BITS = 24


def fail(message):
    sys.exit(f"pack.py: {message}")


def rounded(x, bits):
    """The nearest float32 whose significand has at most `bits` bits."""
    fraction, exponent = np.frexp(x.astype(np.float64))
    return np.ldexp(np.rint(np.ldexp(fraction, bits)), exponent - bits).astype(np.float32)


def npz_bytes(arrays):
    """As numpy.savez_compressed, but at deflate's level 9 and without the time of day."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for key, a in arrays.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, a)
            info = zipfile.ZipInfo(key + ".npy", (1980, 1, 1, 0, 0, 0))
            z.writestr(info, member.getvalue(), zipfile.ZIP_DEFLATED, 9)
    return out.getvalue()


def pack(source, target, steps, bits):
    os.makedirs(target)
    shutil.copyfile(os.path.join(source, "run.json"), os.path.join(target, "run.json"))
    names = [f"step-{step:07d}.npz" for step in steps] if steps else sorted(n for n in os.listdir(source)
                                                                             if n.endswith(".npz"))
    for name in names:
        with np.load(os.path.join(source, name)) as z:
            arrays = {key: rounded(a, bits) if key.startswith("D2/") else a for key, a in z.items()}
        with open(os.path.join(target, name), "wb") as file:
            file.write(npz_bytes(arrays))


def main():
    p = argparse.ArgumentParser(description="Make a small copy of a run of distances.")
    p.add_argument("source", help="the run's folder")
    p.add_argument("target", help="the folder to make")
    p.add_argument("--steps", type=lambda text: [int(s) for s in text.split(",")],
                   help="snapshots, with commas between them; without it all")
    p.add_argument("--bits", type=int, default=16, choices=range(1, FLOAT32_BITS + 1), metavar=f"1..{FLOAT32_BITS}",
                   help="significant bits of a distance (16)")
    args = p.parse_args()
    try:
        pack(args.source, args.target, args.steps, args.bits)
    except OSError as e:
        fail(f"{e.filename}: {e.strerror}")
    except ValueError as e:
        fail(f"{args.source}: {e}")


if __name__ == "__main__":
    main()
