"""The quantities once more, straight from their definitions, by numpy, to hold the program's numbers against.

Only what the definitions say: a kernel matrix of each variable, products of such matrices, eigenvalues.
"""
import numpy as np


def squared_distances(rows):
    difference = rows[:, None, :] - rows[None, :, :]
    return (difference ** 2).sum(axis=2)


def gram(rows, h, dim=None):
    """RBF kernel of width sigma = h n^(-1/(4+d))."""
    rows = np.asarray(rows, np.float64).reshape(len(rows), -1)
    sigma = h * len(rows) ** (-1.0 / (4 + (rows.shape[1] if dim is None else dim)))
    return np.exp(-squared_distances(rows) / (2 * sigma ** 2))


def entropy(kernel, alpha):
    """Renyi's, of order alpha, in bits, of the kernel matrix scaled to trace 1."""
    eigenvalues = np.linalg.eigvalsh(kernel / np.trace(kernel))
    eigenvalues = eigenvalues[eigenvalues > 0]
    if np.isinf(alpha):
        return -np.log2(eigenvalues.max())
    if alpha == 1:
        return -(eigenvalues * np.log2(eigenvalues)).sum()
    return np.log2((eigenvalues ** alpha).sum()) / (1 - alpha)


def maps_of(array, axes):
    """A list of (n, d) arrays, one a feature map."""
    array = np.asarray(array, np.float64)
    if array.ndim == 2 or axes == "ND":
        return [array.reshape(len(array), -1)]
    if axes == "NHWC":
        array = np.moveaxis(array, -1, 1)
    return [array[:, c].reshape(len(array), -1) for c in range(array.shape[1])]


class Estimator:
    def __init__(self, alpha=1.01, h=5.0, h_error=0.1, h_label=None, composition="hadamard"):
        self.alpha, self.h, self.h_error, self.h_label = alpha, h, h_error, h_label
        self.composition = composition

    def entropy(self, kernel):
        return entropy(kernel, self.alpha)

    def information(self, a, b):
        return self.entropy(a) + self.entropy(b) - self.entropy(a * b)

    def compose(self, maps, h):
        """The one kernel of a set of feature maps."""
        if self.composition == "tensor":
            return gram(np.hstack(maps), h)
        product = np.ones((len(maps[0]), len(maps[0])))
        for rows in maps:
            product = product * (gram(rows, h) ** (1 / len(maps) if self.composition == "geometric" else 1))
        return product

    def labels(self, labels):
        labels = np.asarray(labels)
        if self.h_label is None:
            return (labels[:, None] == labels[None, :]).astype(np.float64)
        return gram(np.eye(labels.max() + 1)[labels], self.h_label)

    def pairs(self, maps, other):
        """trade-off and non-redundant, averaged over the pairs of maps: bits, and percent of the pair's information."""
        values = []
        single = [self.information(other, self.compose([rows], self.h)) for rows in maps]
        for i in range(len(maps)):
            for j in range(i + 1, len(maps)):
                both = self.information(other, self.compose([maps[i], maps[j]], self.h))
                tradeoff = single[i] + single[j] - both
                rest = 2 * both - single[i] - single[j]
                values.append((tradeoff, rest, 100 * tradeoff / both, 100 * rest / both))
        return np.mean(values, axis=0)

    def snapshot(self, arrays, layers):
        """{(layer, quantity): value}"""
        found = {}
        others = {"X": gram(arrays["X"], self.h)}
        if "Y" in arrays:
            others["Y"] = self.labels(arrays["Y"])
        for name, kernel in others.items():
            found["", "H(%s)" % name] = self.entropy(kernel)
        for layer in layers:
            maps = maps_of(arrays["T/" + layer["name"]], layer["axes"])
            kernel = self.compose(maps, self.h)
            found[layer["name"], "H(T)"] = self.entropy(kernel)
            for name, other in others.items():
                found[layer["name"], {"X": "I(X;T)", "Y": "I(T;Y)"}[name]] = self.information(other, kernel)
                if len(maps) > 1 and self.composition != "tensor":
                    for quantity, value in zip(("tradeoff", "nonredundant", "tradeoff%", "nonredundant%"),
                                               self.pairs(maps, other)):
                        found[layer["name"], "%s(%s)" % (quantity, name)] = value
        errors = [(layer["name"], self.compose(maps_of(arrays["delta/" + layer["name"]], layer["axes"]), self.h_error))
                  for layer in layers if "delta/" + layer["name"] in arrays]
        for name, kernel in errors:
            found[name, "H(delta)"] = self.entropy(kernel)
        for name, kernel in errors[:-1]:
            found[name, "I(deltaK;delta)"] = self.information(errors[-1][1], kernel)
        return found
