"""Databases made to do harm: every command reads them or refuses them, in little memory and time, and no control byte of
theirs comes out."""
import os
import shutil
import sqlite3

import dumps
from check_corpus import MEGABYTES, SECONDS, bounded, is_instrumented
from harness import require, test
from terminal import Terminal

NASTY = "char(27) || '[31mred' || char(7) || char(10) || char(155) || char(8238) || char(127) || CAST(x'fffe80' AS TEXT)"

READING = [["runs"], ["runs", "--json"], ["runs", "--csv"], ["runs", "--deleted"], ["runs", "--filter", "lr > 0 or red"],
           ["show", "1"], ["show", "1", "--json"], ["estimate", "1", "--csv"], ["estimate", "1", "--json", "--no-cache"],
           ["plot", "dpi", "1"], ["plot", "ip", "1", "--svg", "-"], ["plot", "pid", "1"], ["plot", "width", "1"],
           ["check", "1"], ["sweep", "1", "--h", "1:10:2"], ["compute", "1", "--h", "3"], ["verify"], ["verify", "--json"],
           ["note", "1"]]
WRITING = [["tag", "1", "a=b"], ["note", "1", "text"], ["rename", "1", "other"], ["delete", "1"], ["restore", "1"],
           ["delete", "--purge", "2"]]

# Of those, what goes a way of its own through the file.
WAYS = [["runs"], ["show", "1", "--json"], ["estimate", "1", "--csv", "--no-cache"], ["plot", "dpi", "1"],
        ["sweep", "1", "--h", "1:10:2"], ["verify"], ["tag", "1", "a=b"], ["delete", "1"], ["delete", "--purge", "2"]]

# Claims that nothing in the file bears out.
CLAIMS = [
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 1 WHERE name = 'arrays'",
    "UPDATE variables SET maps = 2147483647 WHERE role = 'T' AND layer = 0",
    "UPDATE variables SET maps = 2147483647 WHERE role IN ('T', 'delta')",
    "UPDATE variables SET maps = 1048576",
    "UPDATE variables SET maps = 1048576; UPDATE runs SET map_limit = 128",
    "UPDATE runs SET map_limit = 100000; UPDATE variables SET maps = 300000 WHERE role = 'T' AND layer = 0",
    "UPDATE variables SET dim = 9223372036854775807",
    "UPDATE variables SET layer = -1 WHERE role = 'T' AND layer = 0",
    "UPDATE snapshots SET n = 22361",
    "UPDATE snapshots SET n = 22361; UPDATE variables SET maps = 20000",
    "UPDATE snapshots SET n = 9223372036854775807",
    "UPDATE snapshots SET n = -1",
    "UPDATE snapshots SET step = 9223372036854775807 - id, epoch = 9e999",
    "UPDATE metrics SET value = 9e999; UPDATE runs SET created = 9223372036854775807, deleted = -9223372036854775807",
    "UPDATE about SET cache_bytes = -9223372036854775807; UPDATE changes SET count = 9223372036854775807",
    "UPDATE spectrum_sets SET used = 9223372036854775807, bytes = -9223372036854775807",
    "UPDATE runs SET name = id || printf('%.*c', 5000000, 'x'), note = printf('%.*c', 5000000, 'y')",
    "UPDATE params SET type = 'json', text = printf('%.*c', 300000, '[')",
    "UPDATE params SET type = 'number', text = '9e999', number = 9e999",
    "UPDATE params SET text = NULL",
    "UPDATE tags SET text = NULL",
    "UPDATE params SET number = NULL; UPDATE tags SET type = 'number', number = NULL",
    "UPDATE snapshots SET epoch = NULL; UPDATE metrics SET value = NULL; UPDATE runs SET deleted = NULL",
    "UPDATE layers SET kind = 'x'",
    "DELETE FROM variables WHERE role = 'X'",
    "DELETE FROM about; DELETE FROM changes",
    "WITH RECURSIVE c(x) AS (SELECT 4 UNION ALL SELECT x + 1 FROM c LIMIT 100000)"
    " INSERT INTO layers(run, position, name, kind, axes, maps) SELECT 1, x, 'l' || x, 'conv', 'NCHW', 0 FROM c",
    "WITH RECURSIVE c(x) AS (SELECT 4 UNION ALL SELECT x + 1 FROM c LIMIT 4092)"
    " INSERT INTO layers(run, position, name, kind, axes, maps) SELECT 1, x, 'l' || x, 'conv', 'NCHW', 0 FROM c",
    "WITH RECURSIVE c(x) AS (SELECT 100 UNION ALL SELECT x + 1 FROM c LIMIT 100000)"
    " INSERT INTO params(run, position, key, type, text, number) SELECT 1, x, 'l' || x, 'number', '1', 1 FROM c",
    "WITH RECURSIVE c(x) AS (SELECT 100 UNION ALL SELECT x + 1 FROM c LIMIT 20000)"
    " INSERT INTO snapshots(run, step, batch, n) SELECT 1, x, 0, 12 FROM c",
]

# Schemas that are not ours, each refused before anything of it is evaluated. A function that fails where it is called tells that something of theirs ran.
SCHEMAS = [
    "CREATE TRIGGER t AFTER UPDATE ON runs BEGIN SELECT raise(ABORT, 'ran'); END",
    "CREATE TRIGGER t BEFORE INSERT ON tags BEGIN UPDATE runs SET name = 'pwned'; END",
    "ALTER TABLE runs RENAME TO kept; CREATE VIEW runs AS SELECT id, 'pwned' AS name, created, deleted, note, map_limit"
    " FROM kept",
    "DROP TABLE layers; CREATE VIEW layers AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)"
    " SELECT 1 AS run, x AS position, 'l' AS name, 'fc' AS kind, 'ND' AS axes, 0 AS maps FROM c",
    "DROP TABLE params; CREATE VIRTUAL TABLE params USING fts5(run, position, key, type, text, number)",
    "DROP TABLE params; CREATE VIRTUAL TABLE params USING fts4(run, position, key, type, text, number)",
    "DROP TABLE metrics; CREATE TABLE metrics(snapshot, position, name TEXT, value AS (zeroblob(100000000)))",
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE about(id, identity"
    " AS (load_extension(''/tmp/x'')), cache_bytes)' WHERE name = 'about'",
    "CREATE INDEX harm ON runs(printf('%.*c', 5000000, name))",
    "DROP TABLE arrays; CREATE TABLE arrays(variable, kind, map, digest, data TEXT);"
    " INSERT INTO arrays SELECT id, 'd2', 0, 0, 'text' FROM variables",
    "DROP TABLE arrays",
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE runs(x'  WHERE name = 'runs'",
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'CHECK(id = 1)',"
    " 'CHECK(id = abs(-9223372036854775808))') WHERE name = 'changes'",
]

# The free texts at once, and then those that are one of a few words.
NAMES = ["UPDATE runs SET name = %s || id, note = %s; UPDATE params SET key = %s || position, text = %s;"
         " UPDATE tags SET key = %s, text = %s; UPDATE layers SET name = %s || position; UPDATE metrics SET name = %s",
         "UPDATE variables SET role = %s WHERE role = 'Y'", "UPDATE layers SET kind = %s", "UPDATE arrays SET kind = %s",
         "UPDATE about SET identity = %s", "UPDATE params SET type = %s",
         "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE runs(' || %s WHERE name = 'runs'"]


def make(box):
    for name in ("one", "two"):
        folder = dumps.write_run(box.path(name), params={"lr": 0.1, "s": "x"}, tags={"t": "x"}, steps=(0, 10), seed=name)
        box.ok("import", folder)
    box.ok("estimate", "one", "--csv", "--h", "2")
    os.rename(box.db, box.path("sound.db"))


def spoil(box, sql):
    shutil.copy(box.path("sound.db"), box.db)
    other = sqlite3.connect(box.db)
    other.executescript("PRAGMA foreign_keys = OFF; " + sql)
    other.commit()
    other.close()


def each_command(box, commands, what):
    """Reading and writing: done, refused, or a check that fails; a machine that fails is none of these."""
    instrumented = is_instrumented(box)
    for words in commands:
        result, megabytes, _ = bounded(box, 6 * SECONDS if instrumented else SECONDS, *words)
        require(result.code in (0, 3) or (result.code == 4 and words[0] == "check") or
                (result.code == 2 and b": no such " in result.err), what, "made it fail:", result.describe())
        require(result.err.count(b"\n") <= 1, what, result.describe())
        require(result.code != 3 or b"runs.db" in result.err, what, result.describe())
        require(b"pwned" not in result.out and b"ran" not in result.err, what, result.describe())
        require(instrumented or megabytes < MEGABYTES, what, words, "took", str(megabytes), "MB")


@test
def claims_that_nothing_bears_out(box):
    make(box)
    for sql in CLAIMS:
        spoil(box, sql)
        each_command(box, WAYS, sql)


@test
def schemas_of_somebody_else(box):
    make(box)
    for sql in SCHEMAS:
        spoil(box, sql)
        each_command(box, WAYS, sql)
        for words in WAYS:
            require(box.run(*words).code == 3, sql, words, "is done")


@test
def names_in_every_column(box):
    make(box)
    for sql in NAMES:
        spoil(box, sql.replace("%s", "(" + NASTY + ")"))
        each_command(box, READING + WRITING, sql)


# What a part may claim; %s is a name of control bytes.
PARTS = [
    "UPDATE snapshots SET fingerprint = fingerprint + 1",
    "UPDATE snapshots SET id = id + 9000000000000000000",
    "INSERT INTO snapshots SELECT id + 100, fingerprint FROM snapshots",
    "UPDATE spectrum_sets SET snapshot = 77",
    "UPDATE spectrum_sets SET width = %s, composition = %s",
    "UPDATE spectrum_sets SET h = 9e999, h_error = -id, used = 9223372036854775807, bytes = -9223372036854775807",
    "UPDATE spectra SET data = zeroblob(30000000)",
    "UPDATE spectra SET data = zeroblob(0)",
    "UPDATE spectra SET layer = 2147483647 - id, variable = 2, joined = 3",
    "UPDATE spectra SET variable = 99, layer = id",
    "UPDATE about SET identity = %s",
    "UPDATE about SET cache_bytes = 9223372036854775807",
    "DELETE FROM about",
    "CREATE TRIGGER t AFTER INSERT ON spectra BEGIN DELETE FROM snapshots; END",
    "CREATE TABLE runs(id, name); INSERT INTO runs VALUES(1, %s)",
    "DROP TABLE spectra; CREATE VIEW spectra AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)"
    " SELECT x AS id, 1 AS spectrum_set, 0 AS variable, 0 AS joined, 0 AS layer, -1 AS i, -1 AS j, 0 AS digest,"
    " zeroblob(96) AS data FROM c",
    "DROP TABLE snapshots; CREATE TABLE snapshots(id AS (printf('%%.*c', 1000000000, 'x')), fingerprint)",
]


@test
def parts_made_to_do_harm(box):
    """Whatever is in a part, the database it is merged into stays sound, and has no run more or less."""
    make(box)
    shutil.copy(box.path("sound.db"), box.db)
    box.ok("compute", "one", "--steps", "first", "--shard", "1/1", "--out", box.path("sound.part"), "--no-pairs")
    runs = box.ok("runs", "--json").out
    part, instrumented = box.path("a.part"), is_instrumented(box)
    for sql in PARTS:
        shutil.copy(box.path("sound.part"), part)
        other = sqlite3.connect(part)
        other.executescript("PRAGMA foreign_keys = OFF; " + sql.replace("%s", "(" + NASTY + ")").replace("%%", "%"))
        other.commit()
        other.close()
        result, megabytes, _ = bounded(box, 6 * SECONDS if instrumented else SECONDS, "merge", part)
        left_out = result.code == 1 and b"left out" in result.err
        require((result.code in (0, 3) or left_out) and result.err.count(b"\n") <= 2, sql, result.describe())
        require(instrumented or megabytes < MEGABYTES, sql, "took", str(megabytes), "MB")
        require(box.ok("runs", "--json").out == runs, sql, "changed the runs")
        require(box.ok("verify").text().endswith(": sound\n"), sql, "left it damaged")
    require(b" 13 spectra" in box.ok("merge", box.path("sound.part")).out, "the sound one")
