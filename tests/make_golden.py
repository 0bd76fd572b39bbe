#!/usr/bin/env python3
"""Makes tests/golden/core/cases.txt: what libinfoflow must give, computed here with numpy, in float64, from the
definitions, one full eigenvalue problem at a time. No input is stored: both sides make it with splitmix64 and sums,
products and powers of two alone, so that every machine makes the same.

    python3 tests/make_golden.py            writes the file anew

The file, one word list a line:

    case NAME SEED N CLASSES PAIRS          PAIRS 0: without the pair quantities
    x|t|delta MAPS DIM KIND SCALE OFFSET    the data, t and delta in forward order; MAPS 0: not there
    params ALPHA H H_ERROR H_LABEL COMPOSITION WIDTH
    COUNT
    LAYER QUANTITY VALUE                    hexadecimal doubles

tests/unit/core/support.h says what the kinds of data are; variables() below is its twin.
"""
import os
import sys

import numpy as np

MASK = (1 << 64) - 1
HADAMARD, TENSOR, GEOMETRIC = range(3)
SILVERMAN, SCALED, MEDIAN, KNN, ALIGNMENT, FIXED = range(6)
BELL, CLASSES, ONE_HOT, DUPLICATE, CONSTANT, RANGE = range(6)


# ---- the data ----

class Stream:
    """splitmix64 as a counter, so that many values come at once."""

    def __init__(self, seed):
        self.state = seed

    def uniform(self, count):
        step = 0x9E3779B97F4A7C15
        with np.errstate(over="ignore"):
            z = np.uint64(self.state) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(step)
            z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            z = z ^ (z >> np.uint64(31))
        self.state = (self.state + count * step) & MASK
        return (z >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def bell(self, count):
        u = self.uniform(4 * count).reshape(count, 4)
        return ((u[:, 0] + u[:, 1]) + u[:, 2]) + u[:, 3] - 2.0


def labels_of(n, classes):
    return np.arange(n) * 7 % max(classes, 1)


def map_rows(stream, n, classes, dim, kind, scale, offset):
    """One map's (n, dim) rows."""
    centre = np.zeros((n, dim))
    if kind == CLASSES:
        centre = stream.bell(max(classes, 1) * dim).reshape(-1, dim)[labels_of(n, classes)]
    noise = stream.bell(n * dim).reshape(n, dim)
    i = np.arange(n)[:, None]
    if kind == ONE_HOT:
        return np.where(i % dim == np.arange(dim), scale, 0.0)
    if kind == CONSTANT:
        return np.full((n, dim), float(offset))
    if kind == RANGE:
        return np.ldexp(1 + noise / 4, 100 * i // (n - 1) - 50)
    rows = offset + scale * (centre + noise)
    return rows[np.arange(n) // 2 * 2] if kind == DUPLICATE else rows


class Variable:
    def __init__(self, stream, n, classes, spec):
        maps, self.dim, *how = spec
        self.maps = [squared_distances(map_rows(stream, n, classes, self.dim, *how)) for _ in range(maps)]
        self.whole = sum(self.maps)


def squared_distances(rows):
    difference = rows[:, None, :] - rows[None, :, :]
    return (difference * difference).sum(axis=2)


def variables(case):
    stream = Stream(case["seed"])
    make = lambda spec: Variable(stream, case["n"], case["classes"], spec)
    return make(case["x"]), [make(s) for s in case["t"]], [make(s) for s in case.get("delta", [])]


# ---- the definitions ----

def silverman(n, dim):
    return n ** (-1.0 / (4 + dim))


def aligned_sigma(distances, same):
    """The sigma whose kernel aligns best with the labels' delta kernel: a fine grid, then, by bisection, the point where
    the slope of the alignment is 0."""
    far = distances[distances > 0]
    if not far.size:
        return 0.0

    def value_and_slope(log_sigma):
        e = distances / (2 * np.exp(2 * log_sigma))
        k = np.exp(-e)
        product, square = (k * same).sum(), (k * k).sum()
        return product / np.sqrt(square), 2 * ((e * k * same).sum() / product - (e * k * k).sum() / square)

    grid = np.linspace(np.log(far.min()) / 2 - np.log(10), np.log(far.max()) / 2 + np.log(10), 1001)
    values = [value_and_slope(at)[0] for at in grid]
    best = int(np.argmax(values))
    if best in (0, len(grid) - 1):
        sys.exit("the alignment is best at an end of the grid: take other data")
    low, high = grid[best - 1], grid[best + 1]
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if value_and_slope(middle)[1] > 0 else (low, middle)
    return np.exp((low + high) / 2)


class Widths:
    """The kernel width of an array of distances under a rule."""

    def __init__(self, rule, same):
        self.rule, self.same, self.found = rule, same, {}

    def sigma(self, distances, h, dim):
        if self.rule == FIXED:
            return h
        if self.rule == SILVERMAN:
            return h * silverman(len(distances), dim)
        if id(distances) not in self.found:  # the array is kept, so that its id stays its own
            self.found[id(distances)] = self.factor(distances, dim), distances
        return h * self.found[id(distances)][0]

    def factor(self, distances, dim):
        n = len(distances)
        others = distances[~np.eye(n, dtype=bool)].reshape(n, n - 1)
        if self.rule == SCALED:
            return silverman(n, dim) * np.sqrt(others.mean() / (2 * dim))
        if self.rule == MEDIAN:
            return np.median(np.sqrt(distances[np.triu_indices(n, 1)]))
        if self.rule == KNN:
            return np.sqrt(np.sort(others, axis=1)[:, :10]).mean()
        return aligned_sigma(distances, self.same)

    def rbf(self, distances, h, dim):
        """Gram matrix of one variable."""
        return np.exp(-distances / (2 * self.sigma(distances, h, dim) ** 2))


def label_rbf(same, h, classes):
    """Y's RBF on one-hot rows, always of Silverman's width."""
    return np.exp(-np.where(same, 0.0, 2.0) / (2 * (h * silverman(len(same), classes)) ** 2))


def gram(variable, members, h, composition, widths):
    """K of a set of maps. Of hundreds of maps the product is formed as it stands; it is what exp of the sum must be."""
    if composition == TENSOR and len(members) == len(variable.maps):
        return widths.rbf(variable.whole, h, variable.dim * len(members))
    product = np.ones_like(variable.maps[0])
    for m in members:
        product = product * widths.rbf(variable.maps[m], h, variable.dim)
    return product ** (1.0 / len(members)) if composition == GEOMETRIC else product


class Entropy:
    """S_alpha of stacks of Gram matrices of trace n, Eq. (2)."""

    def __init__(self, alpha):
        self.alpha = alpha

    def __call__(self, k):
        eigenvalues = np.linalg.eigvalsh(k / k.shape[-1])
        if self.alpha < 1 and eigenvalues.min() < 1e-9:
            # Below 1 an eigenvalue that is 0 but for rounding counts: lambda^0.5 of 1e-17 is 3e-9. Not for a golden file.
            sys.exit("alpha < 1 on a matrix that is all but singular: take other data or a smaller h")
        return np.array([self.of_spectrum(w[w > 0]) for w in eigenvalues.reshape(-1, k.shape[-1])]).reshape(
            k.shape[:-2])

    def of_spectrum(self, w):
        w = w / w.sum()
        if self.alpha == 1:
            return -(w * np.log2(w)).sum()
        if np.isinf(self.alpha):
            return -np.log2(w.max())
        return np.log2((w**self.alpha).sum()) / (1 - self.alpha)


def pair_records(layer, reference, h_reference, suffix, case_layer, entropy, p, widths):
    """Means over all pairs of Eqs. (9) and (10) and of their shares of the pair's information; a pair without any (two
    constant maps) counts as wholly redundant."""
    count = len(layer.maps)
    single = np.stack([gram(layer, [m], p["h"], p["composition"], widths) for m in range(count)])
    alone = h_reference + entropy(single) - entropy(single * reference)
    tradeoff, nonredundant, both = [], [], []
    for i in range(count - 1):
        j = np.arange(i + 1, count)
        pair = single[i] * single[j]
        if p["composition"] == GEOMETRIC:
            pair = np.sqrt(pair)
        joint = h_reference + entropy(pair) - entropy(pair * reference)
        both.append(joint)
        tradeoff.append(alone[i] + alone[j] - joint)
        nonredundant.append(2 * joint - alone[i] - alone[j])
    tradeoff, nonredundant, both = map(np.concatenate, (tradeoff, nonredundant, both))
    dead = np.abs(both) < 1e-12
    if both[~dead].size and both[~dead].min() < 1e-3:
        sys.exit("shares of next to no information are noise: take other data")
    whole = np.where(dead, 1.0, both)
    shares = [100 * np.where(dead, 1.0, tradeoff / whole).mean(), 100 * np.where(dead, 0.0, nonredundant / whole).mean()]
    values = [tradeoff.mean(), nonredundant.mean()] + shares
    names = ["tradeoff", "nonredundant", "tradeoff%", "nonredundant%"]
    return [(case_layer, f"{name}({suffix})", v) for name, v in zip(names, values)]


def records(case, data, p):
    x, t, delta = data
    entropy, every = Entropy(p["alpha"]), lambda v: range(len(v.maps))
    labels = labels_of(case["n"], case["classes"])
    same = labels[:, None] == labels[None, :]
    widths = Widths(p["width"], same)
    references = {"X": widths.rbf(x.maps[0], p["h"], x.dim)}
    if case["classes"]:
        references["Y"] = label_rbf(same, p["h_label"], case["classes"]) if p["h_label"] else same.astype(np.float64)
    h_of = {name: entropy(k) for name, k in references.items()}
    out = [(-1, f"H({name})", h) for name, h in h_of.items()]
    for k, layer in enumerate(t):
        if not layer.maps:
            continue
        whole = gram(layer, every(layer), p["h"], p["composition"], widths)
        h_t = entropy(whole)
        out.append((k, "H(T)", h_t))
        for name, label in (("X", "I(X;T)"), ("Y", "I(T;Y)")):
            if name in references:
                out.append((k, label, h_of[name] + h_t - entropy(whole * references[name])))
        if case["pairs"] and len(layer.maps) > 1 and p["composition"] != TENSOR:
            for name in references:
                out += pair_records(layer, references[name], h_of[name], name, k, entropy, p, widths)
    present = [k for k, d in enumerate(delta) if d.maps]
    for k in reversed(present):
        whole = gram(delta[k], every(delta[k]), p["h_error"], p["composition"], widths)
        h_delta = entropy(whole)
        out.append((k, "H(delta)", h_delta))
        if k == present[-1]:
            last, h_last = whole, h_delta
        else:
            out.append((k, "I(deltaK;delta)", h_last + h_delta - entropy(whole * last)))
    return out


# ---- the cases ----

def params(alpha, h=5.0, h_error=0.1, h_label=0.0, composition=HADAMARD, width=SILVERMAN):
    return dict(alpha=alpha, h=h, h_error=h_error, h_label=h_label, composition=composition, width=width)


def under_rules(alpha=1.01):
    """Each rule but the paper's, under each composition."""
    usual = {SCALED: 3.0, MEDIAN: 1.0, KNN: 1.5, ALIGNMENT: 1.0, FIXED: 2.0}
    return [params(alpha, h=h, h_error=h if rule != FIXED else 0.05, composition=composition, width=rule)
            for rule, h in usual.items() for composition in (HADAMARD, TENSOR, GEOMETRIC)]


USUAL = [params(1.01), params(1.0), params(2.0, h=2.0), params(2.5, h_error=0.02), params(np.inf, h=8.0),
         params(1.01, h_label=0.7), params(1.01, composition=TENSOR), params(2.0, composition=GEOMETRIC, h_label=1.5)]
NO_Y = [p for p in USUAL if not p["h_label"]]
NARROW = [params(0.5, h=0.3, h_error=0.05), params(0.5, h=0.4, h_error=0.05, composition=GEOMETRIC)] + NO_Y[:4]
NONE = (0, 1, BELL, 0.0, 0.0)

CASES = [
    dict(name="two-samples", seed=1, n=2, classes=2, pairs=1, x=(1, 3, BELL, 4.0, 0.0),
         t=[(3, 2, BELL, 3.0, 0.0), (1, 5, BELL, 3.0, 0.0)], delta=[(3, 2, BELL, 0.1, 0.0), (1, 5, BELL, 0.1, 0.0)],
         params=USUAL),
    dict(name="three-samples", seed=2, n=3, classes=0, pairs=1, x=(1, 1, BELL, 4.0, 0.0),
         t=[(2, 1, BELL, 3.0, 0.0), (4, 3, BELL, 3.0, 0.0)], delta=[(2, 1, BELL, 0.1, 0.0), (4, 3, BELL, 0.1, 0.0)],
         params=NARROW),
    dict(name="lenet-like", seed=3, n=16, classes=4, pairs=1, x=(1, 30, CLASSES, 1.0, 0.0),
         t=[(6, 9, CLASSES, 1.0, 0.0), (6, 4, CLASSES, 1.5, 0.0), (8, 4, CLASSES, 2.0, 0.0), (2, 6, CLASSES, 2.0, 0.0),
            (1, 12, CLASSES, 1.0, 0.0), (1, 4, CLASSES, 3.0, 0.0)],
         delta=[(6, 9, CLASSES, 0.02, 0.0), (6, 4, CLASSES, 0.02, 0.0), (8, 4, CLASSES, 0.03, 0.0),
                (2, 6, CLASSES, 0.04, 0.0), (1, 12, CLASSES, 0.02, 0.0), (1, 4, CLASSES, 0.05, 0.0)],
         params=USUAL),
    dict(name="batch-of-64", seed=4, n=64, classes=10, pairs=1, x=(1, 50, CLASSES, 1.0, 0.0),
         t=[(4, 8, CLASSES, 1.0, 0.0), (3, 5, CLASSES, 1.0, 0.0), (1, 10, CLASSES, 2.0, 0.0)],
         delta=[(4, 8, CLASSES, 0.02, 0.0), NONE, (1, 10, CLASSES, 0.02, 0.0)], params=USUAL),
    dict(name="batch-of-128", seed=5, n=128, classes=10, pairs=1, x=(1, 64, CLASSES, 1.0, 0.0),
         t=[(6, 16, CLASSES, 1.0, 0.0), (1, 10, CLASSES, 2.0, 0.0)],
         delta=[(6, 16, CLASSES, 0.01, 0.0), (1, 10, CLASSES, 0.02, 0.0)], params=USUAL),
    dict(name="full-rank", seed=6, n=16, classes=0, pairs=1, x=(1, 10, BELL, 1.0, 0.0),
         t=[(3, 8, BELL, 1.0, 0.0), (1, 12, BELL, 1.0, 0.0)], delta=[(3, 8, BELL, 0.1, 0.0), (1, 12, BELL, 0.1, 0.0)],
         params=NARROW),
    dict(name="64-maps", seed=7, n=16, classes=3, pairs=1, x=(1, 10, CLASSES, 1.0, 0.0),
         t=[(64, 4, CLASSES, 1.0, 0.0)],
         params=USUAL[:4] + USUAL[5:] + [params(1.01, h=2.0, width=MEDIAN), params(2.0, h=1.0, width=KNN,
                                                                                    composition=GEOMETRIC)]),
    dict(name="600-maps", seed=8, n=32, classes=4, pairs=0, x=(1, 10, CLASSES, 1.0, 0.0),
         t=[(600, 4, CLASSES, 0.1, 0.0), (600, 4, CLASSES, 2.0, 0.0)], delta=[(600, 4, CLASSES, 0.001, 0.0), NONE],
         params=USUAL + [params(1.01, h=20.0, h_error=20.0, width=MEDIAN), params(1.01, h=20.0, h_error=20.0,
                                                                                  width=SCALED)]),
    dict(name="far-from-the-origin", seed=9, n=64, classes=5, pairs=1, x=(1, 20, CLASSES, 1.0, 1e6),
         t=[(3, 8, CLASSES, 1.0, 1e6), (1, 8, CLASSES, 1.0, -1e6)],
         delta=[(3, 8, CLASSES, 0.02, 1e6), (1, 8, CLASSES, 0.02, 1e6)], params=USUAL[:5]),
    dict(name="duplicated-rows", seed=10, n=32, classes=4, pairs=1, x=(1, 20, DUPLICATE, 1.0, 0.0),
         t=[(3, 8, DUPLICATE, 2.0, 0.0), (1, 8, DUPLICATE, 2.0, 5.0)],
         delta=[(3, 8, DUPLICATE, 0.05, 0.0), (1, 8, DUPLICATE, 0.05, 0.0)], params=USUAL),
    dict(name="one-hot", seed=11, n=48, classes=6, pairs=1, x=(1, 12, ONE_HOT, 10.0, 0.0),
         t=[(3, 8, ONE_HOT, 4.0, 0.0), (1, 4, ONE_HOT, 1000.0, 0.0)], delta=[(3, 8, ONE_HOT, 0.1, 0.0), NONE],
         params=USUAL),
    dict(name="constant", seed=12, n=32, classes=4, pairs=1, x=(1, 12, BELL, 2.0, 0.0),
         t=[(3, 8, CONSTANT, 0.0, 0.3), (1, 4, CONSTANT, 0.0, 1e9), (2, 4, CLASSES, 1.0, 0.0)],
         delta=[(3, 8, CONSTANT, 0.0, 0.0), NONE, (2, 4, CLASSES, 0.05, 0.0)], params=USUAL),
    dict(name="distances-1e-30-to-1e30", seed=13, n=40, classes=4, pairs=1, x=(1, 1, RANGE, 0.0, 0.0),
         t=[(3, 2, RANGE, 0.0, 0.0), (1, 1, RANGE, 0.0, 0.0)], delta=[(3, 2, RANGE, 0.0, 0.0), (1, 1, RANGE, 0.0, 0.0)],
         params=USUAL),
    dict(name="width-rules", seed=14, n=48, classes=4, pairs=1, x=(1, 20, CLASSES, 1.0, 0.0),
         t=[(3, 8, CLASSES, 1.0, 0.0), (4, 5, CLASSES, 2.0, 0.0), (2, 6, CLASSES, 1.5, 3.0),
            (1, 10, CLASSES, 2.0, 0.0)],
         delta=[(3, 8, CLASSES, 0.02, 0.0), NONE, (2, 6, CLASSES, 0.03, 0.0), (1, 10, CLASSES, 0.05, 0.0)],
         params=under_rules() + [params(2.0, h_label=0.7, width=ALIGNMENT, h=1.0, h_error=1.0)]),
    dict(name="rules-for-few-samples", seed=15, n=7, classes=2, pairs=1, x=(1, 5, CLASSES, 1.0, 0.0),
         t=[(3, 4, CLASSES, 1.0, 0.0)], delta=[(3, 4, CLASSES, 0.1, 0.0)],
         params=[p for p in under_rules(2.5) if p["width"] != ALIGNMENT]),
    dict(name="batch-of-512", seed=16, n=512, classes=10, pairs=1, x=(1, 64, CLASSES, 1.0, 0.0),
         t=[(3, 16, CLASSES, 1.0, 0.0), (1, 10, CLASSES, 2.0, 0.0)],
         delta=[(3, 16, CLASSES, 0.01, 0.0), (1, 10, CLASSES, 0.02, 0.0)],
         params=USUAL[:1] + USUAL[-1:] + [params(2.0, h=1.0, h_error=1.0, width=MEDIAN, composition=TENSOR),
                                          params(1.01, h=1.0, h_error=1.0, width=ALIGNMENT)]),
    dict(name="batch-of-300", seed=17, n=300, classes=10, pairs=1, x=(1, 64, CLASSES, 1.0, 0.0),
         t=[(4, 16, CLASSES, 1.0, 0.0), (1, 10, CLASSES, 2.0, 0.0)],
         params=[params(1.01), params(1.5, h=1.0, h_error=1.0, width=KNN)]),
]


def number(v):
    v = float(v)
    return "inf" if np.isinf(v) else str(int(v)) if v == int(v) and abs(v) < 1e6 else v.hex()


def write(out):
    for case in CASES:
        data = variables(case)
        print("case", case["name"], case["seed"], case["n"], case["classes"], case["pairs"], file=out)
        specs = [("x", case["x"])] + [("t", s) for s in case["t"]] + [("delta", s) for s in case.get("delta", [])]
        for role, (maps, dim, kind, scale, offset) in specs:
            print(role, maps, dim, kind, number(scale), number(offset), file=out)
        for p in case["params"]:
            rows = records(case, data, p)
            widths = [number(p[k]) for k in ("alpha", "h", "h_error", "h_label")]
            print("params", *widths, p["composition"], p["width"], file=out)
            print(len(rows), file=out)
            for layer, quantity, value in rows:
                print(layer, quantity, number(value), file=out)


if __name__ == "__main__":
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden", "core", "cases.txt"), "w") as f:
        write(f)
