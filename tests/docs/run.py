#!/usr/bin/env python3
"""Every example of the pages for readers is run and does what the page says.

    python3 tests/docs/run.py BINARY [PAGE...]             the pages whose path holds one of these words
    python3 tests/docs/run.py BINARY --update [PAGE...]    writes what was printed and shown into the pages

pages.py says what an example is. What cannot be run here is in not_run.txt, with the reason. A page's examples are run one
after the other in a folder of their own, that looks like a clone of the repository, with a database of their own. One line an
example: `ok PAGE:LINE: ...`, `FAIL ...` or `not run ...`; exit 1 if any failed.
"""
import glob
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import pages  # noqa: E402
import screens  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PAGES = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "sample-runs/*.md", "tests/*.md", "tests/*/*.md", "app/*/*.[1-9]"]
NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
TIMEOUT = 300


class Wrong(Exception):
    """What an example does that the page does not say."""


def is_same(shown, printed):
    """Line by line; numbers may differ as far as another processor adds otherwise."""
    if len(shown) != len(printed):
        return False
    for one, other in zip(shown, printed):
        if one == other:
            continue
        pairs = list(zip(NUMBER.findall(one), NUMBER.findall(other)))
        if NUMBER.sub("0", one) != NUMBER.sub("0", other):
            return False
        if not all(math.isclose(float(a), float(b), rel_tol=1e-6, abs_tol=1e-9) for a, b in pairs):
            return False
    return True


def difference(shown, printed):
    for number, (one, other) in enumerate(zip(shown + [None], printed + [None])):
        if one is None or other is None or not is_same([one], [other]):
            return "line %d is %r, the page says %r" % (number + 1, other, one)
    return "the number of lines"


class Clone:
    """A folder with links to all that the repository has, and the program on the path."""

    def __init__(self, binary):
        self.folder = tempfile.mkdtemp(prefix="infoflow-docs-")
        for path, folders, files in os.walk(ROOT):
            folders[:] = [name for name in folders if not name.startswith((".", "build", "__"))]
            there = os.path.join(self.folder, os.path.relpath(path, ROOT))
            os.makedirs(there, exist_ok=True)
            for name in files:
                os.symlink(os.path.join(path, name), os.path.join(there, name))
        tools = os.path.join(self.folder, ".tools")
        os.makedirs(tools)
        os.symlink(binary, os.path.join(tools, "infoflow"))
        os.symlink("/usr/bin/python3", os.path.join(tools, "python3"))
        self.environment = {"PATH": tools + ":" + os.environ["PATH"], "HOME": self.folder, "LC_ALL": "C.UTF-8",
                            "TERM": "xterm-256color", "PYTHONDONTWRITEBYTECODE": "1"}

    def run(self, command, folder="."):
        """What it prints on either stream, as lines."""
        done = subprocess.run(["sh", "-c", command], cwd=os.path.join(self.folder, folder), env=self.environment, timeout=TIMEOUT,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return done.returncode, [line.rstrip() for line in done.stdout.decode("utf-8").splitlines()]

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class Examples:
    """Those of one page, run in turn."""

    def __init__(self, page, binary, not_run, update):
        self.page, self.clone, self.not_run, self.update = page, Clone(binary), not_run, update
        self.ran = 0  # commands and screens
        self.name = os.path.relpath(page.path, ROOT)
        self.folder = os.path.dirname(os.path.relpath(page.path, ROOT)) if "sample-runs" in page.path else "."

    def is_not_run(self, title):
        reason = self.not_run.pop((self.name, title), None)
        if reason is not None:
            print("not run %s: %s: %s" % (self.name, title, reason))
        return reason is not None

    def must(self, command):
        self.ran += 1
        status, lines = self.clone.run(command, self.folder)
        if status != 0:
            raise Wrong("%s: exit %d: %s" % (command, status, " / ".join(lines[-3:])))

    def console(self, block):
        parts = pages.parts_of_console(block.lines)
        self.ran += len(parts)
        told = None
        for part in parts:
            blank = [""] if part[1] and not part[1][-1] else []
            printed = self.clone.run(part[0], self.folder)[1] + blank
            if not is_same(part[1], printed):
                told = told or "%s: %s" % (part[0].split("\n")[0], difference(part[1], printed))
                part[1] = printed
        block.lines = pages.console_of_parts(parts)
        return told

    def sh(self, block):
        text = "\n".join(block.lines)
        for argument in [a for name, a in block.marks if name == "with"]:
            for word in argument.split():
                text = re.sub(r"\b%s\b" % re.escape(word.split("=")[0]), word.split("=", 1)[1], text)
        for command, shown in zip(text.split("\n"), block.lines):
            if command.strip() and not command.startswith("#") and not self.is_not_run(pages.title_of(shown)):
                self.must(command)

    def file(self, block):
        name, command = re.split(r":\s+", next(a for n, a in block.marks if n == "file"), 1)
        path = os.path.join(self.clone.folder, self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(block.lines) + "\n")
        self.must(command)

    def python(self, block):
        before = [os.path.join(HERE, argument) for name, argument in block.marks if name == "before"]
        program = "".join(open(name, encoding="utf-8").read() for name in before) + "\n".join(block.lines) + "\n"
        with open(os.path.join(self.clone.folder, self.folder, "example.py"), "w", encoding="utf-8") as file:
            file.write(program)
        self.must("PYTHONPATH=%s python3 example.py" % os.path.join(self.clone.folder, "sample-runs"))

    def screen(self, block):
        argument = next(a for name, a in block.marks if name == "screen")
        before, command = re.split(r":\s+", argument, 1)
        size, *keys = before.split()
        self.ran += 1
        keys = [key.replace("_", " ") for key in keys]
        columns, rows = (int(number) for number in size.split("x"))
        wanted = list(block.lines)
        shown = screens.show(command, columns, rows, keys, os.path.join(self.clone.folder, self.folder), self.clone.environment,
                             wanted, screens.SETTLED if self.update else screens.PATIENCE)
        told = None if shown == wanted else difference(wanted, shown)
        block.lines = shown
        return told

    def run(self, block):
        """What is wrong with it, or None."""
        for command in [argument for name, argument in block.marks if name == "run"]:
            self.must(command)
        kinds = {"screen": self.screen, "file": self.file, "console": self.console, "sh": self.sh, "python": self.python}
        for kind in [name for name, _ in block.marks] + [block.kind]:
            if kind in kinds:
                return kinds[kind](block)
        raise Wrong("it is not said how to run this (tests/docs/pages.py); or it belongs into tests/docs/not_run.txt")


def read_not_run():
    """{(page, first line): reason}"""
    found = {}
    with open(os.path.join(HERE, "not_run.txt"), encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                page, title, reason = (part.strip() for part in line.split(" | "))
                found[page, title] = reason
    return found


def missing_files(page):
    """What a page names in code as if it were a file, and is none. A name without a folder may be of any folder; frob is
    what somebody adds."""
    bare = {name for _, folders, files in os.walk(ROOT) for name in files}
    for name in re.findall(r"`([\w./-]+\.(?:c|h|py|sh|md|txt|json|cff))`", "\n".join(page.text)):
        beside = os.path.join(os.path.dirname(page.path), name)
        if not os.path.exists(os.path.join(ROOT, name)) and not os.path.exists(beside) and name not in bare and "frob" not in name:
            yield name


def run_page(page, binary, not_run, update):
    """How many examples failed."""
    examples = Examples(page, binary, not_run, update)
    name, failed = examples.name, 0
    for missing in missing_files(page):
        print("FAIL %s: there is no %s" % (name, missing))
        failed += 1
    try:
        for block in page.blocks:
            place = "%s:%d: %s" % (name, block.begin, block.title())
            ran = examples.ran
            try:
                if block.kind != "sh" and examples.is_not_run(block.title()):
                    continue
                told = examples.run(block)
                if examples.ran == ran:
                    continue
            except (Wrong, ValueError, OSError, subprocess.SubprocessError) as error:
                told, failed = str(error), failed + 1
                print("FAIL %s: %s" % (place, told))
                continue
            if told is None or update:
                print("%s %s" % ("ok" if told is None else "written", place))
            else:
                failed += 1
                print("FAIL %s: %s" % (place, told))
            sys.stdout.flush()
    finally:
        examples.clone.remove()
    if update:
        page.save()
    return failed


def main():
    words = [word for word in sys.argv[1:] if word != "--update"]
    if not words or not os.access(words[0], os.X_OK):
        sys.exit("usage: run.py BINARY [--update] [PAGE...]")
    names = [os.path.relpath(path, ROOT) for pattern in PAGES for path in sorted(glob.glob(os.path.join(ROOT, pattern)))]
    chosen = [name for name in names if not words[1:] or any(word in name for word in words[1:])]
    not_run, failed = read_not_run(), 0
    for name in chosen:
        try:
            page = pages.Page(os.path.join(ROOT, name))
        except ValueError as error:
            print("FAIL %s" % error)
            failed += 1
            continue
        failed += run_page(page, os.path.abspath(words[0]), not_run, "--update" in sys.argv)
    for name, title in not_run:  # what is left
        if name in chosen or name not in names:
            print("FAIL not_run.txt: %s has no example or command %s" % (name, title))
            failed += 1
    sys.exit(1 if failed else 0)


main()
