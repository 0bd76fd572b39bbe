"""The workbench under the fingers: what a key takes until the screen has changed, first paint, bytes and memory.

/usr/bin/python3 tests/bench/bench_workbench.py build/infoflow      (needs python3-numpy and python3-pyte)

Runs the program in a pty with a scripted session: 18 snapshots of a LeNet 6-12 (made-up activations of its shapes,
n = 128), the sample runs, and databases of 200 and 1,000 small runs. A line of JSON for each figure; times are of this
machine and this moment.
"""
import fcntl
import json
import os
import pty
import re
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time

import numpy as np
import pyte

BINARY = os.path.abspath(sys.argv[1])
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "cli"))
import dumps  # noqa: E402

LAYERS = [("conv1", "conv", "NCHW", (6, 24, 24)), ("pool1", "pool", "NCHW", (6, 12, 12)),
          ("conv2", "conv", "NCHW", (12, 8, 8)), ("pool2", "pool", "NCHW", (12, 4, 4)),
          ("fc1", "fc", "ND", (120,)), ("fc2", "fc", "ND", (10,))]


# ---- databases ----

def lenet(folder, snapshots=18, n=128):
    """Classes that come apart while it "trains", so that no kernel saturates."""
    rng = np.random.default_rng(0)
    os.makedirs(folder)
    layers = [{"name": name, "kind": kind, "axes": axes} for name, kind, axes, _ in LAYERS]
    with open(os.path.join(folder, "run.json"), "w", encoding="utf-8") as out:
        json.dump({"format": "infoflow-run", "version": 1, "name": "lenet-18", "params": {"topology": "6-12"},
                   "layers": layers}, out)
    labels = rng.integers(0, 10, n)
    x = rng.random((n, 784), dtype=np.float32)
    for k in range(snapshots):
        arrays = {"X": x, "Y": labels, "step": 100 * k, "epoch": k / 2}
        for depth, (name, _, _, shape) in enumerate(LAYERS):
            centre = rng.standard_normal((10,) + shape).astype(np.float32)
            noise = rng.standard_normal((n,) + shape).astype(np.float32)
            arrays["T/" + name] = ((0.2 + 0.1 * k) * centre[labels] + noise) * np.float32(0.3 / (depth + 1))
            arrays["delta/" + name] = noise * np.float32(0.05)
        np.savez(os.path.join(folder, "step-%07d.npz" % (100 * k)), **arrays)
    return folder


def small_runs(folder, count):
    for k in range(count):
        params = {"topology": "%d-%d" % (2 + k % 5, 4 + k % 7), "activation": ("relu", "sigmoid")[k % 2],
                  "seed": k % 4, "lr": 0.1 / (1 + k % 3), "dataset": "mnist", "model": "lenet5"}
        dumps.write_run(os.path.join(folder, "run-%04d" % k), steps=(0, 10), n=8, params=params)
    return folder


def database(work, name, *paths):
    path = os.path.join(work, name + ".db")
    subprocess.run([BINARY, "import", "--db", path, *paths], check=True, stdout=subprocess.DEVNULL)
    return path


# ---- a terminal that remembers when what came ----

class Terminal:
    def __init__(self, path, columns, rows, words=()):
        self.size = columns, rows
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.started = time.monotonic()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            for name in ("LINES", "COLUMNS", "NO_COLOR", "COLORFGBG", "COLORTERM"):
                os.environ.pop(name, None)
            os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8", XDG_CONFIG_HOME="/nonexistent",
                              XDG_STATE_HOME=tempfile.mkdtemp())
            os.execv(BINARY, [BINARY, "--db", path, *words])

    def read(self, quiet, limit=60):
        """[(when, bytes)] until nothing has come for `quiet` seconds."""
        chunks, end = [], time.monotonic() + limit
        while time.monotonic() < end and select.select([self.fd], [], [], quiet)[0]:
            try:
                piece = os.read(self.fd, 1 << 16)
            except OSError:
                break
            if not piece:
                break
            chunks.append((time.monotonic(), piece))
        return chunks

    def feed(self, chunks):
        for _, piece in chunks:
            # private modes that pyte takes for text
            self.stream.feed(re.sub(rb"\x1b\[[<>=?][0-9;]*[a-zA-Z]", b"", piece))

    def regions(self, areas):
        display = self.screen.display
        return [[display[row][x:x + columns] for row in range(y, y + rows)] for x, y, columns, rows in areas]

    def settle(self, quiet=0.7):
        chunks = self.read(quiet)
        self.feed(chunks)
        return sum(len(piece) for _, piece in chunks)

    def panels(self):
        """The columns at which `1 DPI`, `2 IP` and `3 M-IP` begin, and the row below their titles."""
        for row, line in enumerate(self.screen.display):
            if "1 DPI" in line and "3 M-IP" in line:
                return row + 1, [line.index("1 DPI"), line.index("2 IP"), line.index("3 M-IP"), self.size[0]]
        raise SystemExit("no panels on screen:\n" + "\n".join(self.screen.display))

    def key(self, keys, quiet=1.0):
        """Seconds until each of the three panels first changed, and until it looked as it will stay; bytes."""
        top, edges = self.panels()
        areas = [(a, top, b - a - 1, self.size[1] - top - 4) for a, b in zip(edges, edges[1:])]
        before = self.regions(areas)
        sent = time.monotonic()
        os.write(self.fd, keys)
        chunks = self.read(quiet)
        history = []
        for chunk in chunks:
            self.feed([chunk])
            history.append((chunk[0] - sent, self.regions(areas)))
        first, last = [], []
        for k in range(3):
            final = history[-1][1][k] if history else before[k]
            first.append(next((when for when, seen in history if seen[k] != before[k]), None))
            settled = None
            for when, seen in reversed(history):
                if seen[k] != final:
                    break
                settled = when
            last.append(settled if final != before[k] else None)
        return first, last, sum(len(piece) for _, piece in chunks)

    def memory(self):
        with open("/proc/%d/status" % self.pid, encoding="ascii") as status:
            return int(re.search(r"VmHWM:\s+(\d+)", status.read()).group(1)) / 1024

    def close(self):
        os.write(self.fd, b"\x1bq")
        self.read(1)
        os.close(self.fd)
        os.waitpid(self.pid, 0)


def percentile(values, share):
    values = sorted(value for value in values if value is not None)
    return values[min(len(values) - 1, int(share * len(values)))] if values else None


def milliseconds(seconds):
    return None if seconds is None else round(1000 * seconds, 1)


def say(**figures):
    print(json.dumps(figures), flush=True)


# ---- what is measured ----

def hands(path, run, label):
    """One step of h at a time, each to its end; then of alpha."""
    terminal = Terminal(path, 200, 60, [run])
    terminal.settle(2.5)
    names = ("dpi_first", "ip_whole", "mip_whole")
    for keys, what in ((b"w", "h"), (b"A", "alpha")):
        rows = [terminal.key(keys) for _ in range(20)]
        columns = ([first[0] for first, _, _ in rows], [last[1] for _, last, _ in rows], [last[2] for _, last, _ in rows])
        figures = {}
        for name, values in zip(names, columns):
            figures[name + "_p50_ms"] = milliseconds(percentile(values, 0.5))
            figures[name + "_p95_ms"] = milliseconds(percentile(values, 0.95))
        say(bench="hand", run=label, step_of=what, size="200x60", **figures)
    say(bench="memory", run=label, mib=round(terminal.memory(), 1))
    terminal.close()


def held(path, run, label):
    """A key held for a while: how soon after its release the screen is at rest."""
    terminal = Terminal(path, 200, 60, [run])
    terminal.settle(2.5)
    for _ in range(40):
        os.write(terminal.fd, b"w")
        terminal.feed(terminal.read(0.025, 0.03))
    released = time.monotonic()
    chunks = terminal.read(1.5)
    terminal.feed(chunks)
    say(bench="held", run=label, keys=40, at_rest_after_release_ms=milliseconds(chunks[-1][0] - released if chunks else 0))
    terminal.close()


def bytes_sent(path, run, label):
    for columns, rows in ((80, 24), (120, 40), (200, 60)):
        terminal = Terminal(path, columns, rows, [run])
        terminal.settle(2.5)
        sizes = {}
        for name, keys in (("full", b"\x0c"), ("h", b"w"), ("h_back", b"u"), ("epoch", b"["), ("layer", b"\x1b[C")):
            os.write(terminal.fd, keys)
            sizes[name] = sum(len(piece) for _, piece in terminal.read(1.0))
        sizes["idle_second"] = sum(len(piece) for _, piece in terminal.read(1.0))
        say(bench="bytes", run=label, size="%dx%d" % (columns, rows), **sizes)
        terminal.close()


def opening(path, label, shown, few):
    times, memory = [], 0
    for _ in range(7):
        terminal = Terminal(path, 120, 40)
        seen = None
        for when, piece in terminal.read(0.6):
            terminal.feed([(when, piece)])
            if seen is None and any(shown in line for line in terminal.screen.display):
                seen = when - terminal.started
        memory = max(memory, terminal.memory())
        times.append(seen)
        terminal.close()
    first = percentile(times, 0.5)
    say(bench="open", database=label, first_paint_p50_ms=milliseconds(first),
        over_3_runs=round(first / few, 2) if few else 1, mib=round(memory, 1))
    return first


def main():
    with tempfile.TemporaryDirectory() as work:
        lenet_db = database(work, "lenet", lenet(os.path.join(work, "lenet-18")))
        sample_db = database(work, "samples", os.path.join(ROOT, "sample-runs"))
        for path, run, label in ((lenet_db, "lenet-18", "LeNet 6-12, 18 snapshots"),
                                 (sample_db, "lenet5-6-12-sigmoid", "sample run, 9 snapshots")):
            hands(path, run, label)
            held(path, run, label)
        bytes_sent(sample_db, "lenet5-6-12-sigmoid", "sample run, 9 snapshots")
        few = opening(sample_db, "3 runs", "lenet5", None)
        for count in (200, 1000):
            path = database(work, "small-%d" % count, small_runs(os.path.join(work, "small-%d" % count), count))
            opening(path, "%d runs" % count, "run-", few)


main()
