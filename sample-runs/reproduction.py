#!/usr/bin/env python3
"""Draw the paper's figures and make the tables of REPRODUCTION.md from a run database that reproduce.sh filled.

    python3 reproduction.py --db out/runs.db --out out [--infoflow build/infoflow]

writes out/figures/*.txt and *.svg, each by `infoflow plot`, and out/tables/*.csv, from `infoflow show`, `estimate` and
`check`. Runs that are equal but for the seed are one: their mean is drawn, and the tables give it with the sample
standard deviation. Needs no more than Python.
"""
import argparse
import collections
import csv
import io
import json
import math
import os
import statistics
import subprocess
import sys

FIGURES = {"mnist": ("1", "3", "4"), "fashion": ("6", "7", "8")}  # DPI, PID, planes
MAIN_TOPOLOGIES = ("2-2", "6-12")  # of which chains and planes are drawn
COMPOSITIONS = ("hadamard", "tensor", "geometric")
WIDTHS = ("silverman", "scaled")  # the paper's, and the one that follows the data's variance
PAPER_LR = 0.1
SATURATED = 0.99  # of log2 n
LEARNED = 0.2  # test accuracy, twice chance: the network of a run that never reaches it learned nothing

Group = collections.namedtuple("Group", "dataset topology activation lr names")  # names: of the runs that learned


class Database:
    """What `infoflow` says of the runs of one database."""

    def __init__(self, binary, path):
        self.binary, self.path = binary, path
        self.shown = {}

    def call(self, command, *words, may_fail_check=False):
        result = subprocess.run([self.binary, command, "--db", self.path, *words], stdout=subprocess.PIPE, text=True)
        if result.returncode not in ((0, 4) if may_fail_check else (0,)):
            sys.exit(f"reproduction.py: infoflow {command} {' '.join(words)} ended with {result.returncode}")
        return result.stdout

    def rows(self, command, *words):
        text = self.call(command, *words, "--csv", may_fail_check=command == "check")
        return list(csv.DictReader(io.StringIO(text)))

    def runs(self, model):
        """The runs of a model, (name, params), by their parameters."""
        found = [(run["name"], run["params"]) for run in json.loads(self.call("runs", "--json"))
                 if run["params"].get("model") == model]
        return sorted(found, key=lambda run: [str(run[1].get(key)) for key in ("dataset", "topology", "activation", "lr",
                                                                               "seed")])

    def groups(self, model):
        """Runs of a model that differ in the seed alone. Those that stayed at chance are left out, unless all did."""
        found = {}
        for name, params in self.runs(model):
            key = json.dumps({**params, "seed": None}, sort_keys=True)
            found.setdefault(key, []).append((name, params))
        for members in found.values():
            names = [name for name, _ in members]
            params = members[0][1]
            yield Group(params["dataset"], params.get("topology", ""), params["activation"], params["lr"],
                        [name for name in names if self.learned(name)] or names)

    def show(self, name):
        if name not in self.shown:
            self.shown[name] = json.loads(self.call("show", name, "--json"))
        return self.shown[name]

    def snapshots(self, name):
        return self.show(name)["snapshots"]

    def layers(self, name):
        return self.show(name)["layers"]

    def accuracies(self, name):
        return [snapshot["metrics"]["test_accuracy"] for snapshot in self.snapshots(name)]

    def learned(self, name):
        return max(self.accuracies(name)) >= LEARNED

    def step_near(self, name, epoch):
        """The snapshot nearest to the end of an epoch."""
        return min(self.snapshots(name), key=lambda s: abs(s["epoch"] - epoch))["step"]


def is_main(group):
    """In the paper's setting, or, for ReLU, with the learning rate that was used in its place."""
    return group.activation != "relu" or group.lr != PAPER_LR


def by_filters(groups, dataset, layer):
    """The sigmoid topologies of Fig. 3: conv1 with 12 maps in conv2, or conv2 with 6 in conv1; {maps: group}."""
    found = {}
    for group in groups:
        first, second = map(int, group.topology.split("-"))
        if (group.dataset, group.activation, second if layer == "conv1" else first) == (
                dataset, "sigmoid", 12 if layer == "conv1" else 6):
            found[first if layer == "conv1" else second] = group
    return dict(sorted(found.items()))


# ---- figures --------------------------------------------------------------------------------------------------------

class Figures:
    def __init__(self, database, folder):
        self.database, self.folder = database, folder
        os.makedirs(folder, exist_ok=True)

    def draw(self, name, *words):
        with open(os.path.join(self.folder, name + ".txt"), "w", encoding="utf-8") as file:
            file.write(self.database.call("plot", *words, "--size", "100x32", "--charset", "braille", "--color", "never"))
        self.database.call("plot", *words, "--svg", os.path.join(self.folder, name + ".svg"))
        print(f"figures/{name}", flush=True)

    def chains(self, group, number):
        """Figs. 1 and 6: before training, after 3 epochs and at the end."""
        name = group.names[0]
        for when, step in (("start", "first"), ("epoch3", str(self.database.step_near(name, 3))), ("end", "last")):
            self.draw(f"fig{number}-{group.topology}-{group.activation}-{when}", "dpi", ",".join(group.names), "--step",
                      step)

    def filters(self, groups, dataset, number):
        """Figs. 3 and 7: at the end over topologies, and up to four of them over training."""
        for layer in ("conv1", "conv2"):
            found = by_filters(groups, dataset, layer)
            words = [",".join(group.names) for group in found.values()]
            if len(words) < 2:
                continue
            self.draw(f"fig{number}-{layer}-topologies", "pid", *words, "--layer", layer, "--over", "topologies")
            several = [",".join(group.names) for maps, group in found.items() if maps > 1][-4:]
            self.draw(f"fig{number}-{layer}-training", "pid", *several, "--layer", layer, "--over", "training")

    def planes(self, group, number):
        """Figs. 4 and 8."""
        for plane in ("ip", "mip"):
            self.draw(f"fig{number}-{plane}-{group.topology}-{group.activation}", plane, ",".join(group.names))

    def vgg16(self, group):
        """Fig. 5, and the other compositions."""
        for composition in COMPOSITIONS:
            self.draw(f"fig5-{composition}", "dpi", ",".join(group.names), "--composition", composition)


def draw_all(database, folder):
    figures = Figures(database, folder)
    groups = [group for group in database.groups("lenet5") if is_main(group)]
    for dataset, (chains, filters, planes) in FIGURES.items():
        own = [group for group in groups if group.dataset == dataset]
        for group in own:
            if group.topology in MAIN_TOPOLOGIES:
                figures.chains(group, chains)
        if own:
            figures.filters(own, dataset, filters)
        for group in own:
            if group.topology in MAIN_TOPOLOGIES:
                figures.planes(group, planes)
    for group in database.groups("vgg16"):
        figures.vgg16(group)


# ---- tables ---------------------------------------------------------------------------------------------------------

def mean(values):
    return statistics.fmean(values)


def deviation(values):
    return statistics.stdev(values) if len(values) > 1 else ""


class Table:
    def __init__(self, path, columns):
        self.path, self.columns, self.lines = path, columns.split(), []

    def add(self, *values):
        if len(values) != len(self.columns):
            raise ValueError(f"{self.path}: {len(values)} values for {len(self.columns)} columns")
        self.lines.append([f"{v:.4g}" if isinstance(v, float) else v for v in values])

    def write(self):
        with open(self.path, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(self.columns)
            writer.writerows(self.lines)
        print(f"tables/{os.path.basename(self.path)}: {len(self.lines)} rows", flush=True)


class Trajectories:
    """A run's estimates as {(layer, quantity): [(epoch, value), ...]}."""

    def __init__(self, database, name, *words):
        self.of = collections.defaultdict(list)
        for row in database.rows("estimate", name, *words):
            self.of[row["layer"], row["quantity"]].append((float(row["epoch"]), float(row["value"])))

    def at(self, layer, quantity, epoch):
        return min(self.of[layer, quantity], key=lambda point: abs(point[0] - epoch))[1]

    def values(self, layer, quantity):
        return [value for _, value in self.of[layer, quantity]]


def accuracy_at(database, name, epoch):
    return min(database.snapshots(name), key=lambda s: abs(s["epoch"] - epoch))["metrics"]["test_accuracy"]


def last_epoch(database, group):
    return database.snapshots(group.names[0])[-1]["epoch"]


def chains_table(database, groups, path):
    """How many of the chains' links hold, by epoch."""
    table = Table(path, "width dataset topology activation seeds epoch forward_holds_% backward_holds_%"
                  " largest_forward_rise_bits largest_backward_rise_bits")
    for width, group in ((width, group) for width in WIDTHS for group in groups):
        links = len(database.layers(group.names[0])) - 1
        rises = {name: database.rows("check", name, "--width", width) for name in group.names}
        for epoch in range(int(last_epoch(database, group)) + 1):
            holds, largest = {"forward": [], "backward": []}, {"forward": 0.0, "backward": 0.0}
            for name in group.names:
                step = str(database.step_near(name, epoch))
                for chain in holds:
                    found = [float(row["rise"]) for row in rises[name] if (row["chain"], row["step"]) == (chain, step)]
                    holds[chain].append(100 * (links - len(found)) / links)
                    largest[chain] = max([largest[chain], *found])
            table.add(width, group.dataset, group.topology, group.activation, len(group.names), epoch,
                      mean(holds["forward"]), mean(holds["backward"]), largest["forward"], largest["backward"])
    table.write()


def filters_table(database, groups, path):
    """MMI, trade-off and non-redundant information by the number of filters (Figs. 3 and 7)."""
    table = Table(path, "dataset layer maps topology seeds epoch test_accuracy I(X;T) I(X;T)_sd H(X) tradeoff_% tradeoff_%_sd"
                  " nonredundant_% lowest_tradeoff_%_of_all_snapshots")
    for dataset in FIGURES:
        for layer in ("conv1", "conv2"):
            for maps, group in by_filters(groups, dataset, layer).items():
                runs = [Trajectories(database, name) for name in group.names]
                end = last_epoch(database, group)
                for epoch in sorted({min(3, end), end}):
                    informations = [run.at(layer, "I(X;T)", epoch) for run in runs]
                    shares = [run.at(layer, "tradeoff%(X)", epoch) for run in runs] if maps > 1 else []
                    lowest = [min(run.values(layer, "tradeoff%(X)")) for run in runs] if maps > 1 else []
                    table.add(dataset, layer, maps, group.topology, len(runs), epoch,
                              mean([accuracy_at(database, name, epoch) for name in group.names]), mean(informations),
                              deviation(informations), mean([run.at("", "H(X)", epoch) for run in runs]),
                              mean(shares) if shares else "", deviation(shares) if shares else "",
                              100 - mean(shares) if shares else "", min(lowest) if lowest else "")
    table.write()


def fall(points):
    """(start, peak, its epoch, the lowest after it, the last)."""
    values = [value for _, value in points]
    k = max(range(len(values)), key=values.__getitem__)
    return values[0], values[k], points[k][0], min(values[k:]), values[-1]


def planes_table(database, groups, path):
    """How far each coordinate of IP and M-IP falls from its peak (Figs. 4 and 8)."""
    table = Table(path, "width dataset topology activation seeds layer quantity start peak peak_epoch lowest_after_peak last"
                  " falls_to_lowest_% falls_to_last_% falls_to_last_%_sd last_H(T)_of_log2_n_%")
    for width, group in ((width, group) for width in WIDTHS for group in groups):
        runs = [Trajectories(database, name, "--width", width) for name in group.names]
        full = math.log2(database.snapshots(group.names[0])[0]["n"])
        for layer, quantity in runs[0].of:
            if quantity not in ("I(X;T)", "I(T;Y)", "nonredundant(X)", "nonredundant(Y)"):
                continue
            falls = [fall(run.of[layer, quantity]) for run in runs]
            to_lowest = [100 * (peak - lowest) / peak for _, peak, _, lowest, _ in falls]
            to_last = [100 * (peak - last) / peak for _, peak, _, _, last in falls]
            table.add(width, group.dataset, group.topology, group.activation, len(falls), layer, quantity,
                      *map(mean, zip(*falls)), mean(to_lowest), mean(to_last), deviation(to_last),
                      mean([100 * run.values(layer, "H(T)")[-1] / full for run in runs]))
    table.write()


def runs_table(database, path):
    """What each training came to; ReLU at the paper's learning rate among them."""
    table = Table(path, "run lr seed best_test_accuracy last_test_accuracy lowest_after_best learned")
    for name, params in database.runs("lenet5") + database.runs("vgg16"):
        accuracies = database.accuracies(name)
        best = max(range(len(accuracies)), key=accuracies.__getitem__)
        table.add(name, params["lr"], params["seed"], accuracies[best], accuracies[-1], min(accuracies[best:]),
                  "yes" if database.learned(name) else "no")
    table.write()


def vgg16_table(database, path):
    """I(X;T) and H(T) of VGG-16's layers under the three compositions (Fig. 5)."""
    table = Table(path, "composition step layer maps H(X) H(T) H(T)_of_log2_n_% I(X;T) saturated")
    for group in database.groups("vgg16"):
        name = group.names[0]
        full = math.log2(database.snapshots(name)[0]["n"])
        maps = {layer["name"]: layer["maps"] for layer in database.layers(name)}
        for composition in COMPOSITIONS:
            values = {(row["step"], row["layer"], row["quantity"]): float(row["value"]) for row in database.rows(
                "estimate", name, "--composition", composition, "--no-pairs", "--quantities", "H(X),H(T),I(X;T)")}
            for step, layer in dict.fromkeys((step, layer) for step, layer, _ in values if layer):
                entropy = values[step, layer, "H(T)"]
                table.add(composition, step, layer, maps[layer], values[step, "", "H(X)"], entropy, 100 * entropy / full,
                          values[step, layer, "I(X;T)"], "yes" if entropy > SATURATED * full else "no")
    table.write()


def tabulate_all(database, folder):
    os.makedirs(folder, exist_ok=True)
    groups = [group for group in database.groups("lenet5") if is_main(group)]
    main_groups = [group for group in groups if group.topology in MAIN_TOPOLOGIES]
    chains_table(database, main_groups, os.path.join(folder, "chains.csv"))
    filters_table(database, groups, os.path.join(folder, "filters.csv"))
    planes_table(database, main_groups, os.path.join(folder, "planes.csv"))
    runs_table(database, os.path.join(folder, "runs.csv"))
    vgg16_table(database, os.path.join(folder, "vgg16.csv"))


def main():
    p = argparse.ArgumentParser(description="Draw the paper's figures and make the tables of REPRODUCTION.md.")
    p.add_argument("--db", required=True, help="the run database")
    p.add_argument("--out", required=True, help="where figures/ and tables/ are made")
    p.add_argument("--infoflow", default="infoflow", help="the program")
    args = p.parse_args()
    database = Database(args.infoflow, args.db)
    draw_all(database, os.path.join(args.out, "figures"))
    tabulate_all(database, os.path.join(args.out, "tables"))


if __name__ == "__main__":
    main()
