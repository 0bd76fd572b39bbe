"""Plots as text and as SVG: sizes, characters, colours. What they look like is tested elsewhere."""
import math
import os
import pty
import re
import xml.etree.ElementTree as ElementTree

import dumps
from harness import require, test

PLOTS = ("dpi", "ip", "mip", "pid", "width")


def sample(box):
    box.ok("import", dumps.write_run(box.path("run")))


@test
def the_size_asked_for(box):
    sample(box)
    for plot in PLOTS:
        for columns, rows in ((80, 24), (40, 12), (120, 40), (200, 60), (20, 6), (1, 1), (3, 2)):
            result = box.ok("plot", plot, "run", "--size", "%dx%d" % (columns, rows), "--charset", "ascii",
                            "--color", "never")
            lines = result.text().split("\n")
            require(lines.pop() == "" and len(lines) <= rows, plot, columns, rows, result.describe())
            require(all(len(line) <= columns for line in lines), plot, columns, rows, result.describe())
            require(all(0x20 <= byte < 0x7F or byte == 0x0A for byte in result.out), plot, result.describe())
            require(not any(line.endswith(" ") for line in lines), plot, "trailing blanks")


@test
def without_a_size_80_by_24(box):
    sample(box)
    for plot in PLOTS:
        words = ["plot", plot, "run", "--charset", "ascii"]
        require(box.ok(*words).out == box.ok(*words, "--size", "80x24").out, plot)


@test
def characters(box):
    sample(box)
    for plot in PLOTS:
        braille = box.ok("plot", plot, "run", "--charset", "braille").text()
        require(any(0x2800 < ord(c) < 0x2900 for c in braille), plot, braille)
        require(all(len(line) <= 80 for line in braille.split("\n")), plot)
        require(box.ok("plot", plot, "run").text() == braille, plot, "in a UTF-8 locale")
        plain = box.ok("plot", plot, "run", env={"LC_ALL": "C"}).out
        require(plain == box.ok("plot", plot, "run", "--charset", "ascii").out, plot, "in the C locale")


@test
def colours(box):
    sample(box)
    for plot in PLOTS:
        for charset in ("ascii", "braille"):
            words = ["plot", plot, "run", "--charset", charset]
            plain = box.ok(*words, "--color", "never").text()
            require(box.ok(*words).text() == plain, plot, "no terminal, no colour")
            require(box.ok(*words, "--color", "auto").text() == plain, plot, "auto")
            colourful = box.ok(*words, "--color", "always", escapes=True).text()
            require("\x1b[" in colourful, plot, "always")
            stripped = re.sub(r"\x1b\[[0-9;]*m", "", colourful)
            require("\x1b" not in stripped, plot, "only SGR sequences")
            # a plot may use digits in place of colours, so the shapes need not be equal; the sizes are
            require(len(stripped.split("\n")) == len(plain.split("\n")), plot, "as many lines")


@test
def colours_on_a_terminal(box):
    sample(box)
    for env, colourful in (({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False), ({"TERM": None}, False),
                           ({"TERM": "xterm", "NO_COLOR": ""}, True)):
        reader, writer = pty.openpty()
        try:
            for words, expected in (([], colourful), (["--color", "never"], False), (["--color", "always"], True)):
                box.ok("plot", "dpi", "run", "--size", "60x10", *words, stdout=writer, env=env)
                text = os.read(reader, 1 << 16)
                require((b"\x1b[" in text) == expected, env, words, text)
        finally:
            os.close(reader)
            os.close(writer)


@test
def steps(box):
    sample(box)
    last = box.ok("plot", "dpi", "run").text()
    require("step 20" in last and "run" in last, last)
    require(box.ok("plot", "dpi", "run", "--step", "20").text() == last, "the last")
    require(box.ok("plot", "dpi", "run", "--step", "last").text() == last, "last")
    first = box.ok("plot", "dpi", "run", "--step", "first").text()
    require("step 0" in first and first != last, first)
    require(box.ok("plot", "dpi", "run", "--step", "0").text() == first, "0")
    for plot in ("ip", "mip"):
        box.ok("plot", plot, "run", "--step", "10")


@test
def parameters_matter(box):
    sample(box)
    for plot in PLOTS:
        require(box.ok("plot", plot, "run", "--h", "1").out != box.ok("plot", plot, "run").out, plot)
    require(box.ok("plot", "ip", "run", "--no-cache").out == box.ok("plot", "ip", "run").out, "--no-cache")


@test
def several_runs(box):
    for name in ("one", "two"):
        box.ok("import", dumps.write_run(box.path(name), seed=name))
    both = box.ok("plot", "dpi", "one", "two").text()
    require(both == box.ok("plot", "dpi", "one").text() + "\n" + box.ok("plot", "dpi", "two").text(), both)


@test
def several_runs_on_shared_axes(box):
    for name in ("one", "two", "three", "four", "five"):
        layers = dumps.LAYERS if name != "four" else dumps.LAYERS[2:]
        box.ok("import", dumps.write_run(box.path(name), seed=name, layers=layers, errors=name != "four"))
    for plot in ("dpi", "ip", "mip"):
        for runs in (["one", "two"], ["one", "two", "three", "four"], ["one"]):
            words = ["plot", plot, *runs, "--overlay"]
            text = box.ok(*words, "--size", "60x30", "--charset", "ascii").text()
            require(len(text.split("\n")) <= 31, plot, text)
            for number, run in enumerate(runs, 1):
                require(len(runs) == 1 or "%d %s" % (number, run) in text, plot, run, text)
            root = ElementTree.fromstring(box.ok(*words, "--svg", "-").out)
            require(all(run in "".join(root.itertext()) for run in runs), plot, "names the runs")
    alone = box.ok("plot", "dpi", "one", "--overlay").text()
    require(alone == box.ok("plot", "dpi", "one").text(), "one run alone is plotted as ever")
    five = ("one", "two", "three", "four", "five")
    box.fails(2, "plot", "dpi", *five, "--overlay", said="at most 4")
    box.fails(2, "plot", "ip", "one", "two", "--svg", box.path("a.svg"), said="--overlay")
    require(not os.path.exists(box.path("a.svg")), "nothing is written")
    box.fails(2, "plot", "ip", "one", "none", "--overlay", said="none")


@test
def runs_as_one(box):
    for name in ("one", "two"):
        box.ok("import", dumps.write_run(box.path(name), seed=name))
    box.ok("import", dumps.write_run(box.path("other"), layers=dumps.LAYERS[2:]))
    for plot in ("dpi", "ip", "mip", "pid"):
        alone = box.ok("plot", plot, "one").text()
        same = box.ok("plot", plot, "one,one").text()
        require(same.replace("one + 1 run", "one") == alone, plot, "the mean of a run and itself", same)
        mean = box.ok("plot", plot, "one,two").text()
        require("one + 1 run" in mean and mean.replace("one + 1 run", "one") != alone, plot, mean)
        require("one + 2 runs" in box.ok("plot", plot, "one,two,one").text(), plot)
        box.fails(2, "plot", plot, "one,other", said="other layers")
        box.fails(2, "plot", plot, "one,none", said="none")
    shared = box.ok("plot", "dpi", "one,two", "two", "--overlay").text()
    require("1 one + 1 run" in shared and "2 two" in shared, shared)
    topologies = box.ok("plot", "pid", "one,two", "two", "--over", "topologies").text()
    require("feature maps" in topologies, topologies)


@test
def runs_that_lack_something(box):
    box.ok("import", dumps.write_run(box.path("unlabelled"), labels=False))
    box.ok("import", dumps.write_run(box.path("flat"), errors=False, layers=dumps.LAYERS[2:]))
    box.ok("import", dumps.write_run(box.path("short"), steps=(0,), layers=dumps.LAYERS[3:]))
    for name in ("unlabelled", "flat", "short"):
        for plot in PLOTS:
            result = box.ok("plot", plot, name, "--charset", "ascii")
            require(name in result.text() and len(result.lines()) <= 24, result.describe())
            box.ok("plot", plot, name, "--svg", box.path("a.svg"))
            ElementTree.parse(box.path("a.svg"))


@test
def svg(box):
    sample(box)
    for plot in PLOTS:
        path = box.path(plot + ".svg")
        require(box.ok("plot", plot, "run", "--svg", path).out == b"", "nothing on stdout")
        root = ElementTree.parse(path).getroot()
        require(root.tag == "{http://www.w3.org/2000/svg}svg", root.tag)
        require("run" in "".join(root.itertext()), plot, "names the run")
        with open(path, "rb") as picture:
            require(picture.read() == box.ok("plot", plot, "run", "--svg", "-").out, plot, "the same on stdout")


@test
def svg_escapes_what_xml_would_misread(box):
    name = "a<b>&\"c'd ]]> --><script>"
    layers = [dict(layer, name=name + layer["name"]) for layer in dumps.LAYERS]
    box.ok("import", dumps.write_run(box.path("run"), name=name, layers=layers))
    for plot in PLOTS:
        root = ElementTree.fromstring(box.ok("plot", plot, name, "--svg", "-").out)
        require(not [e for e in root.iter() if e.tag.endswith("script")], plot, "markup from a name")
        require("a<b>&" in "".join(root.itertext()), plot, "the name as it is")


def text_corners(element, turned):
    """Where a text of a picture begins and ends, by about what its letters take."""
    letter = 9 if element.get("font-size") else 6.8
    width = letter * len(element.text or "")
    x, y = float(element.get("x")), float(element.get("y"))
    x -= {"start": 0, "middle": width / 2, "end": width}[element.get("text-anchor")]
    for along in (0, width):
        turn = math.radians(turned[2])
        yield turned[0] + (x + along) * math.cos(turn) - y * math.sin(turn), turned[1] + (x + along) * math.sin(turn) + y


def texts(element, turned=(0, 0, 0)):
    """(text, corner) of all texts in it."""
    moved = re.match(r"translate\((\S+),(\S+)\) rotate\((\S+)\)", element.get("transform") or "")
    turned = tuple(float(number) for number in moved.groups()) if moved else turned
    if element.tag.endswith("text"):
        yield from ((element.text, corner) for corner in text_corners(element, turned))
    for child in element:
        yield from texts(child, turned)


@test
def svg_keeps_its_texts_inside(box):
    long_name = "a-long-name-as-sweeps-make-them-lr0.0003-wd1e-5-cosine-warmup500-bf16-seed"
    deep = [dict(dumps.LAYERS[0], name="encoder.layers.%d.attention.output" % k) for k in range(30)]
    box.ok("import", dumps.write_run(box.path("long"), name=long_name + "1", layers=deep[:4]))
    box.ok("import", dumps.write_run(box.path("deep"), name=long_name + "2", layers=deep))
    box.ok("import", dumps.write_run(box.path("one"), layers=deep[:1], steps=(0,)))
    names = [long_name + "1", long_name + "2", "one"]
    for words in [[plot, name] for plot in PLOTS for name in names] + \
                 [[plot, *names, "--overlay"] for plot in ("dpi", "ip", "mip")] + [["pid", *names]]:
        for columns, rows in (80, 28), (40, 15), (160, 60):
            size = [] if columns == 80 else ["--size", "%dx%d" % (columns, rows)]
            picture = ElementTree.fromstring(box.ok("plot", *words, *size, "--svg", "-").out)
            width, height = 10 * columns, 20 * rows
            require((picture.get("width"), picture.get("height")) == (str(width), str(height)), words, size)
            for text, (x, y) in texts(picture):
                require(-2 <= x <= width + 2 and 0 <= y <= height + 2, words, size, text, x, y)


@test
def svg_that_cannot_be_written(box):
    sample(box)
    box.fails(1, "plot", "dpi", "run", "--svg", box.path("no", "folder.svg"), said="folder.svg")
    box.fails(1, "plot", "dpi", "run", "--svg", box.folder, said=box.folder)
    if os.path.exists("/dev/full"):
        box.fails(1, "plot", "dpi", "run", "--svg", "/dev/full", said="/dev/full")


@test
def pid_of_several_runs(box):
    for name in ("small", "large"):
        box.ok("import", dumps.write_run(box.path(name), seed=name))
    training = box.ok("plot", "pid", "small", "large", "--over", "training").text()
    require("epoch" in training and "small" in training and "large" in training, training)
    require(box.ok("plot", "pid", "small", "large").text() == training, "equal maps: over training")
    topologies = box.ok("plot", "pid", "small", "large", "--over", "topologies").text()
    require("feature maps" in topologies and "H(X)" in topologies, topologies)
    labels = box.ok("plot", "pid", "small", "--with", "y").text()
    require("H(Y)" in labels and "I(T;Y)" in labels, labels)
    box.fails(2, "plot", "pid", "small", "--layer", "nothing", said=["--layer", "nothing"])
    box.fails(2, "plot", "pid", *["small"] * 5, "--over", "training", said="at most 4")
    box.fails(2, "plot", "pid", *["small"] * 17, "--over", "topologies", said="at most 16")


@test
def width_sweeps_h(box):
    sample(box)
    forward = box.ok("plot", "width", "run").text()
    require("H(T)" in forward and "H(X)" in forward and "trusted" in forward, forward)
    require("h 5" in forward, "the h in force", forward)
    require("h 2.5" in box.ok("plot", "width", "run", "--h", "2.5").text(), "the h asked for")
    backward = box.ok("plot", "width", "run", "--chain", "backward").text()
    require("h 0.1" in backward and "of the errors" in backward, backward)
    box.fails(2, "plot", "width", "run", "run", said="one RUN")
    box.fails(2, "plot", "dpi", "run", "--layer", "conv1", said="--layer")


@test
def runs_that_end_at_different_steps(box):
    """A mean is of the last step that all of them have; on shared axes each is at its own last, and the title says so."""
    for name, steps in (("long", (0, 10, 20)), ("short", (0, 10)), ("other", (5,))):
        box.ok("import", dumps.write_run(box.path(name), steps=steps, seed=name))
    mean = box.ok("plot", "dpi", "long,short").text()
    require(mean.startswith("DPI  long + 1 run  step 10  "), mean[:80])
    require(mean == box.ok("plot", "dpi", "long,short", "--step", "10").text(), "not that of step 10")
    require(box.ok("plot", "dpi", "long,short", "--step", "first").text().startswith("DPI  long + 1 run  step 0  "), "first")
    box.fails(2, "plot", "dpi", "long,short,other", said=["other", "has no step that the runs before it have"])
    box.fails(2, "plot", "dpi", "long", "short", "--overlay", "--step", "20", said="--step: short: the run has no snapshot")
    together = box.ok("plot", "dpi", "long", "short", "other", "--overlay").text()
    require(together.startswith("DPI  step 20, 10, 5\n"), together[:80])
    require(box.ok("plot", "dpi", "long", "short", "--overlay", "--step", "0").text().startswith("DPI  step 0"), "alike")
