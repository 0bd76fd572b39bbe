#!/usr/bin/env python3
"""The man pages: without a warning, complete against the helps and the description of the dump format.

    python3 tests/man.py BUILD
"""
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def run(*words):
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "MANWIDTH": "120", "HOME": "/nonexistent"}
    return subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)


def output(*words):
    return run(*words).stdout.decode()


def rendered(page):
    """As plain text, without what stands above and below it."""
    text = re.sub("[\u2010\u2212]", "-", re.sub(".\b", "", output("mandoc", "-T", "utf8", page)))
    return "\n".join(text.splitlines()[1:-1]) + "\n"


def section(text, title):
    return re.search(r"^%s\n(.*?)(?=^\S|\Z)" % re.escape(title), text, re.M | re.S).group(1)


def flags(help_text, title):
    part = re.search(r"^%s:\n(.*?)(?=^\S|\Z)" % title, help_text, re.M | re.S)
    return re.findall(r"^  (--[a-z-]+)", part.group(1), re.M) if part else []


def has_flag(text, flag):
    return re.search(re.escape(flag) + r"(?![a-z-])", text) is not None


def warnings(build):
    for page in ("infoflow.1", "infoflow-dump.5"):
        path = os.path.join(build, "man", page)
        yield "man --warnings " + page, run("man", "--warnings", "-l", path).stderr.decode()
        yield "mandoc -T lint " + page, output("mandoc", "-T", "lint", "-W", "warning", path)


def missing_flags(build):
    """Of every command in its synopsis, and each of them explained behind it."""
    text = rendered(os.path.join(build, "man", "infoflow.1"))
    synopsis = section(text, "SYNOPSIS")
    rest = text.split(synopsis)[1]
    parameters = section(text, "PARAMETERS")
    binary = os.path.join(build, "infoflow")
    commands = [""] + re.findall(r"^       infoflow ([a-z]+)", output(binary, "--help"), re.M)
    for command in commands:
        help_text = output(binary, *command.split(), "--help")
        name = "infoflow " + command if command else "infoflow"
        usage = re.search(r"^ +%s(?= +[^a-zC ]|$)(.*?)(?=^ +infoflow|\Z)" % name, synopsis, re.M | re.S)
        usage = usage.group(1) + "--help" if usage else ""  # of every command at once
        missing = [flag for flag in flags(help_text, "Options") if not has_flag(usage, flag)]
        missing += [flag for flag in flags(help_text, "Options") if not has_flag(rest, flag)]
        missing += [flag for flag in flags(help_text, "Parameters") if not has_flag(parameters, flag)]
        if command and not re.search(r"^ {5,7}%s\b" % command, section(text, "COMMANDS"), re.M):
            missing.append("COMMANDS")
        yield "infoflow(1) has all of infoflow %s" % command, " ".join(missing)


def differing_facts(build):
    """What FORMAT.md sets in code stands in infoflow-dump(5), and what that sets in bold stands in FORMAT.md."""
    with open(os.path.join(ROOT, "sample-runs", "FORMAT.md")) as file:
        markdown = file.read()
    with open(os.path.join(build, "man", "infoflow-dump.5")) as file:
        source = file.read()
    text = rendered(os.path.join(build, "man", "infoflow-dump.5"))
    code = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", markdown, flags=re.S)) + re.findall(r'"(\w+)"', markdown)
    yield "infoflow-dump(5) has the words of FORMAT.md", " ".join(word for word in code if word not in text)
    bold = [word.replace("\\-", "-") for word in re.findall(r"\\fB(.+?)\\fR", source)]
    yield "FORMAT.md has the words of infoflow-dump(5)", " ".join(word for word in bold if word not in markdown)
    numbers = set(re.findall(r"\d+", text)) ^ set(re.findall(r"\d+", markdown))
    yield "the two have the same numbers", " ".join(sorted(numbers))


def main():
    build, good = sys.argv[1], True
    for checks in (warnings, missing_flags, differing_facts):
        for name, problem in checks(build):
            good = good and not problem
            print("ok " + name if not problem else "FAIL %s: %s" % (name, " ".join(problem.split())))
    sys.exit(0 if good else 1)


main()
