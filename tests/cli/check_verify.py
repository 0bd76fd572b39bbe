"""infoflow verify: is the database as it was stored?"""
import random
import shutil
import sqlite3

import dumps
from harness import check_failure, require, test


def make(box):
    box.ok("import", dumps.write_run(box.path("first"), steps=(0, 10)))
    box.ok("import", dumps.write_run(box.path("second"), steps=(0,)))
    box.ok("estimate", "first", "--csv")


def change(path, sql):
    other = sqlite3.connect(path)
    other.execute(sql)
    other.commit()
    other.close()


@test
def a_sound_database(box):
    make(box)
    line = box.ok("verify").lines()
    require(len(line) == 1 and line[0].startswith(box.db + ": 3 snapshots, ") and line[0].endswith(": sound"), line)
    document = box.ok("verify", "--json").json()
    other = sqlite3.connect(box.db)
    counts = {table: other.execute("SELECT count(*) FROM " + table).fetchone()[0]
              for table in ("snapshots", "arrays", "spectra")}
    other.close()
    require({key: document[key] for key in counts} == counts and counts["spectra"] > 0, document, counts)
    require(document["damages"] == [] and document["database"] == box.db, document)
    require(box.ok("verify", "--csv").out == b"run,step,batch,what,how\n", "csv")
    box.fails(2, "verify", "first", said="first")


@test
def a_damaged_array_is_named(box):
    make(box)
    change(box.db, "UPDATE arrays SET data = zeroblob(length(data)) WHERE map = 1 AND variable = (SELECT variables.id FROM"
                   " variables JOIN snapshots ON snapshots.id = snapshot WHERE run = 1 AND step = 10 AND role = 'T'"
                   " AND layer = 0)")
    change(box.db, "UPDATE spectra SET data = zeroblob(length(data)) WHERE id = 1")
    result = box.run("verify", "--json")
    require(result.code == 3 and result.err.count(b"\n") == 1 and b"damaged in 2 places" in result.err, result.describe())
    first, second = sorted(result.json()["damages"], key=lambda damage: damage["what"])
    require(first == {"run": "first", "step": 10, "batch": 0, "what": "T/conv1", "how": "map 1: damaged"}, first)
    require((second["run"], second["step"], second["what"]) == ("first", 0, "spectra"), second)
    rows = box.run("verify", "--csv")
    require(rows.code == 3 and [row["what"] for row in rows.csv()] == ["spectra", "T/conv1"], rows.describe())
    table = box.run("verify")
    require(table.code == 3 and table.lines()[-1].split() == "first 10 0 T/conv1 map 1: damaged".split(), table.describe())


@test
def names_in_a_damaged_database_are_harmless(box):
    make(box)
    change(box.db, "UPDATE runs SET name = 'a' || char(27) || '[31m' || char(10) || 'b' WHERE id = 1")
    change(box.db, "UPDATE arrays SET data = zeroblob(length(data)) WHERE rowid = 1")
    for words in ([], ["--csv"], ["--json"]):
        require(box.run("verify", *words).code == 3, words)


@test
def what_is_no_database(box):
    box.fails(1, "verify", said="no run database")
    with open(box.path("letter.db"), "w") as out:
        out.write("dear diary\n" * 1000)
    check_failure(box.raw("verify", "--db", box.path("letter.db")), 3, "letter.db")


@test
def flipped_bytes(box):
    """The unit tests flip 2,000; here it is what the program makes of it: no crash, 0 or 3."""
    make(box)
    with open(box.db, "rb") as file:
        data = file.read()
    damaged, rng, found = box.path("damaged.db"), random.Random(1), 0
    for _ in range(60):
        at, bit = rng.randrange(len(data)), 1 << rng.randrange(8)
        with open(damaged, "wb") as file:
            file.write(data[:at] + bytes([data[at] ^ bit]) + data[at + 1:])
        result = box.raw("verify", "--db", damaged)
        require(result.code in (0, 3), "byte", at, result.describe())
        require(result.err.count(b"\n") == (result.code == 3), "byte", at, result.describe())
        found += result.code == 3
    require(found > 0, "none found")
    for size in (100, 4096, len(data) // 2, len(data) - 4096):
        with open(damaged, "wb") as file:
            file.write(data[:size])
        require(box.raw("verify", "--db", damaged).code == 3, "cut to", size)


@test
def it_writes_nothing(box):
    make(box)
    shutil.copy(box.db, box.path("before.db"))
    box.ok("verify")
    with open(box.db, "rb") as one, open(box.path("before.db"), "rb") as other:
        require(one.read() == other.read(), "was changed")
