#!/usr/bin/env python3
"""What gcov counted in a build, room by room: `ok ROOM ...`, or `FAIL ROOM ...` where it is below its floor.

    python3 tests/coverage.py BUILD [ROOM...]    of these rooms also the lines that were not run and the branches not taken
"""
import collections
import json
import os
import subprocess
import sys

# percent of lines, of branches: a goal where it is a round number, else a little under what was measured
FLOORS = {
    "core": (95, 94),
    "base": (97, 90),
    "dump": (100, 95),
    "store": (90, 90),
    "intake": (95, 79),
    "engine": (95, 83),
    "plot": (97, 94),
    "tui": (94, 85),
    "cli": (94, 83),
}


def room_of(path):
    words = path.split(os.sep)
    return words[0] if words[0] == "core" else words[1] if words[0] == "app" else None


def count(build):
    """How often each line was run, and each branch taken: by (file, line) and (file, line, which of the line's)."""
    told = subprocess.run(["gcovr", "--root", ".", "--exclude-unreachable-branches", "--json", "-", build],
                          stdout=subprocess.PIPE, check=True).stdout
    lines, branches = collections.Counter(), collections.Counter()
    for file in json.loads(told)["files"]:
        path = os.path.relpath(os.path.realpath(file["file"]))  # a room's header is found by way of a link in the build
        if room_of(path) not in FLOORS:
            continue
        for line in file["lines"]:
            if line["gcovr/noncode"]:
                continue
            place = path, line["line_number"]
            lines[place] += line["count"]
            for k, branch in enumerate(line["branches"]):
                branches[place + (k,)] += branch["count"]
    return lines, branches


def percent(counts):
    return 100 * sum(value > 0 for value in counts) / len(counts)


def missing(counts, room):
    """The lines of a room with a count of 0, a file a line."""
    by_file = collections.defaultdict(set)
    for (path, line, *_), value in counts.items():
        if value == 0 and room_of(path) == room:
            by_file[path].add(line)
    return ["%s: %s" % (path, " ".join(map(str, sorted(by_file[path])))) for path in sorted(by_file)]


def main():
    build, shown = sys.argv[1], sys.argv[2:]
    lines, branches = count(build)
    failed = False
    for room, floors in FLOORS.items():
        found = [percent([value for place, value in counts.items() if room_of(place[0]) == room])
                 for counts in (lines, branches)]
        low = any(value < floor for value, floor in zip(found, floors))
        failed = failed or low
        print("%s %-6s %5.1f %% of lines (at least %d), %5.1f %% of branches (at least %d)" % (
            "FAIL" if low else "ok", room, found[0], floors[0], found[1], floors[1]))
        if room in shown:
            for text in missing(lines, room):
                print("# line   " + text)
            for text in missing(branches, room):
                print("# branch " + text)
    sys.exit(failed)


main()
