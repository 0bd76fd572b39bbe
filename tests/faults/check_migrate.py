"""Databases of every earlier schema: brought to the present one in one step, never down, whatever gets in the way."""
import glob
import os
import re
import shutil
import signal
import sqlite3

import dumps
import faults
from faults import DATABASE, Fault
from harness import NOBODY, Skip, check_failure, require, test
from jobs import SMALL

SCHEMAS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "schemas")


def version_of(path):
    return faults.query(path, "PRAGMA user_version")[0][0]


def schema(path):
    """All tables and indices, without what the program writes between the words."""
    return {name: re.sub(r"\s+", "", sql) for name, sql in
            faults.query(path, "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")}


def earlier():
    """(version, the SQL that makes its tables), the present one too."""
    found = []
    for path in glob.glob(os.path.join(SCHEMAS, "version-*.sql")):
        with open(path, encoding="utf-8") as file:
            found.append((int(re.search(r"(\d+)\.sql$", path)[1]), file.read()))
    return sorted(found)


def copy_into(path, present, sql):
    """A database of that schema with all the rows of the present one that it has columns for."""
    db = sqlite3.connect(path)
    db.executescript(sql)
    db.execute("ATTACH ? AS present", (present,))
    for (table,) in db.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"):
        columns = ", ".join(row[1] for row in db.execute("PRAGMA main.table_info(%s)" % table))
        db.execute("INSERT INTO main.%s(%s) SELECT %s FROM present.%s" % (table, columns, columns, table))
    db.commit()
    db.close()


class Made:
    """The present database, and one of each earlier schema; `now`, its version."""

    def __init__(self, box):
        self.box = box
        dumps.write_run(box.path("run"), steps=(0, 10), n=6, layers=SMALL, tags={"a": "b"})
        box.ok("import", "--maps", "all", "run")  # as it was before there was a choice
        box.ok("compute", "run")
        self.now, self.contents, self.estimates = version_of(box.db), faults.contents(box.db), self.estimate()
        self.shown = box.ok("show", "run").out
        self.present = box.path("present.db")
        shutil.copy(box.db, self.present)
        self.old = {}
        for version, sql in earlier():
            self.old[version] = box.path("version-%d.db" % version)
            copy_into(self.old[version], self.present, sql)
        require(sorted(self.old) == list(range(1, self.now + 1)), "schemas of", sorted(self.old), "but this is", self.now)

    def estimate(self):
        return self.box.ok("estimate", "run", "--csv").out + self.box.ok("estimate", "run", "--csv", "--no-cache").out

    def take(self, version):
        with open(self.old[version], "rb") as file:
            faults.write_database(self.box, file.read())

    def check_whole(self):
        """It is of the present schema and nothing is missing."""
        require(version_of(self.box.db) == self.now and schema(self.box.db) == schema(self.present), "the schema")
        require(faults.contents(self.box.db) == self.contents, "what it holds")
        faults.require_alone(self.box)

    def check_old_or_whole(self, version):
        """Without the program: SQLite alone undoes what is half done."""
        sqlite3.connect(self.box.db).execute("BEGIN IMMEDIATE").connection.rollback()
        if version_of(self.box.db) == version:
            require(schema(self.box.db) == schema(self.old[version]), "half migrated")
        else:
            self.check_whole()


@test
def from_every_version(box):
    """By commands that read and by those that write; the last schema that is written down is the present one."""
    made = Made(box)
    for version in made.old:
        for words in (["runs"], ["show", "run"], ["verify"], ["import", "run"], ["compute", "run"], ["merge", "none"]):
            made.take(version)
            result = box.run(*words)
            require(result.code == (1 if words[0] == "merge" else 0), version, result.describe())
            made.check_whole()
        require(box.ok("show", "run").out == made.shown, version, "show")
        require(made.estimate() == made.estimates, version, "estimates")
        box.ok("tag", "run", "more=1")
        box.ok("note", "run", "a note")


@test
def whatever_ends_it(box):
    """Killed, a signal, a full disk at every write of it: then it is of the old version or of the present one."""
    made, tried, kept_old = Made(box), 0, 0
    for version in [v for v in made.old if v < made.now]:
        for what in ("kill", "term", "full", "io"):
            def try_one(at):
                nonlocal tried, kept_old
                made.take(version)
                fault = Fault(box, what, at)
                code, _, said = fault.ends("runs")
                if not fault.happened():
                    require(code == 0, fault.name, said)
                    return False
                where = "version %d, %s: %d %s" % (version, fault.name, code, said)
                require(code in {"kill": (-signal.SIGKILL,), "term": (-signal.SIGTERM,)}.get(what, (0, 1)), where)
                require(said.count("\n") == (code == 1) and (code != 1 or DATABASE in said), where)
                made.check_old_or_whole(version)
                kept_old += version_of(box.db) == version
                box.ok("runs")
                made.check_whole()
                tried += 1
                return True
            faults.numbers_until_none(try_one, 1, 1 if faults.long else 3)
    print("figure migrations hindered: %d, %d left the old version, %d the present one, 0 anything between"
          % (tried, kept_old, tried - kept_old))


@test
def that_cannot_be_written(box):
    """It is named, and neither read nor changed."""
    made = Made(box)
    if os.geteuid() != 0:
        raise Skip("only root can become somebody else")
    box.publish()
    for mode, folder in ((0o444, 0o755), (0o666, 0o755)):  # the file; the folder, which takes no journal
        made.take(1)
        os.chmod(box.db, mode)
        os.chmod(box.folder, folder)
        for words in (["runs"], ["estimate", "run"], ["import", "run"], ["verify"]):
            result = box.run(*words, user=NOBODY)
            check_failure(result, 1, [DATABASE, "made by an older infoflow (schema version 1", "read-only"])
        require(version_of(box.db) == 1 and schema(box.db) == schema(made.old[1]), "it was changed")


@test
def never_down(box):
    """What a newer one made stays as it is."""
    made = Made(box)
    newer = sqlite3.connect(box.db)
    newer.execute("PRAGMA user_version = %d" % (made.now + 1))
    newer.close()
    with open(box.db, "rb") as file:
        before = file.read()
    for words in (["runs"], ["import", "run"], ["verify"], ["delete", "run", "--purge"]):
        box.fails(3, *words, said=[DATABASE, "made by a newer infoflow (schema version %d" % (made.now + 1)])
    with open(box.db, "rb") as file:
        require(file.read() == before, "it was changed")
