"""Flipped bytes: never a crash, and no array that changed is believed. The unit tests of store/ flip 2,000 under
AddressSanitizer without the program; here it is the program, whose every use of the file must hold."""
import random
import sqlite3

import dumps
import faults
from harness import require, test

COMMANDS = (["verify"], ["estimate", "run", "--no-cache", "--csv"], ["show", "run"], ["runs"], ["plot", "ip", "run"],
            ["compute", "run"], ["tag", "run", "a=b"], ["import", "run"], ["delete", "run", "--purge"])


def arrays(path):
    """All that is stored of the arrays, as SQLite alone reads it; None where it cannot."""
    try:
        return faults.digest(faults.query(path, "SELECT variable, kind, map, digest, data FROM arrays ORDER BY rowid"))
    except (sqlite3.Error, UnicodeDecodeError):
        return None


@test
def bytes_of_a_database(box):
    flips = 2000 if faults.long else 120
    dumps.write_run(box.path("run"), steps=(0, 10), n=64)
    box.ok("import", "run")
    box.ok("estimate", "run", "--steps", "0")
    estimates = box.ok(*COMMANDS[1]).out
    with open(box.db, "rb") as file:
        data = file.read()
    sound, rng = arrays(box.db), random.Random(2)
    changed = reported = refused = 0
    for k in range(flips):
        at, bit = rng.randrange(len(data)), 1 << rng.randrange(8)
        flipped = data[:at] + bytes([data[at] ^ bit]) + data[at + 1:]
        where = "byte %d bit %d" % (at, bit)
        commands = COMMANDS[:2] + (COMMANDS[2 + k % (len(COMMANDS) - 2)],)
        results = []
        for words in commands:
            faults.write_database(box, flipped)
            result = box.run(*words)  # neither a signal nor a sanitizer's report: the sandbox sees to that
            require(result.code in (0, 1, 2, 3), where, result.describe())
            require(result.code == 0 or result.err != b"", where, result.describe())
            results.append(result)
        faults.write_database(box, flipped)
        now = arrays(box.db)
        if now is not None and now != sound:
            changed += 1
            require(results[0].code == 3, where, "an array changed, and verify says", results[0].describe())
            refused += results[1].code != 0
            require(results[1].code != 0 or results[1].out == estimates, where, "what changed was believed")
        reported += results[0].code != 0
    print("figure flipped bytes: %d, 0 crashes; %d changed an array: verify reports %d of them, estimate refuses %d and has "
          "no use for the others; verify reports %d in all" % (flips, changed, changed, refused, reported))
    require(changed > flips // 10, "hardly any array was hit:", changed)
