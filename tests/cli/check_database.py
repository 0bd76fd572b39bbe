"""Where the database is, and what may happen to it."""
import hashlib
import os
import sqlite3

import dumps
from harness import NOBODY, Skip, check_failure, require, test


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


@test
def where_it_is(box):
    folder = dumps.write_run(box.path("run"), steps=(0,))
    for place, env in ((box.path("a.db"), {"INFOFLOW_DB": box.path("a.db"), "XDG_DATA_HOME": box.path("unused")}),
                       (box.path("data", "infoflow", "runs.db"), {"XDG_DATA_HOME": box.path("data")}),
                       (box.path(".local", "share", "infoflow", "runs.db"), {})):
        result = box.raw("import", folder, env=env)
        require(result.code == 0 and os.path.isfile(place), result.describe())
        require(box.raw("runs", "--json", env=env).json()[0]["name"] == "run", place)
    require(not os.path.exists(box.path("unused")), "INFOFLOW_DB goes first")
    result = box.raw("runs", "--json", "--db", box.path("a.db"), env={"INFOFLOW_DB": box.path("b.db")})
    require(result.code == 0 and result.json()[0]["name"] == "run", "--db goes before all: " + result.describe())
    check_failure(box.raw("runs", env={"HOME": None}), 1)


@test
def there_is_none(box):
    for words in (["runs"], ["show", "x"], ["estimate", "x"], ["plot", "dpi", "x"], ["delete", "x"],
                  ["sweep", "x", "--h", "1:2:3"], ["compute"], ["merge", "x"], ["verify"]):
        box.fails(1, *words, said=["runs.db", "no run database"])
        require(not os.path.exists(box.db), words, "made one")
    result = box.raw("runs", "--db", box.path("no", "folder", "x.db"))
    check_failure(result, 1)
    require(not os.path.exists(box.path("no")), "made a folder")


@test
def of_0_bytes(box):
    """As a first import leaves it that was killed at once: one without runs."""
    for words, out in ((["runs", "--json"], "[]"), (["verify"], ": 0 snapshots, 0 arrays, 0 spectra: sound"), (["compute"], "")):
        with open(box.db, "w"):
            pass
        require(box.ok(*words, quiet=False).text().strip().endswith(out), words)
    with open(box.db, "w"):
        pass
    box.fails(2, "show", "run", said="run")
    box.ok("import", dumps.write_run(box.path("run")))
    box.ok("show", "run")


@test
def another_programs_file(box):
    foreign = box.path("foreign.db")
    other = sqlite3.connect(foreign)
    other.execute("CREATE TABLE runs(id INTEGER PRIMARY KEY, name TEXT)")
    other.execute("INSERT INTO runs VALUES(1, 'mine')")
    other.commit()
    other.close()
    text = box.path("notes.txt")
    with open(text, "w") as out:
        out.write("dear diary\n" * 1000)
    folder = dumps.write_run(box.path("run"))
    for path in (foreign, text, os.path.join(folder, "step-0000000.npz")):
        before = digest(path)
        for words in (["runs"], ["import", folder], ["estimate", "run"], ["delete", "mine"], ["show", "1"],
                      ["plot", "ip", "run"], ["compute"], ["merge", foreign], ["verify"]):
            check_failure(box.raw(*words, "--db", path), 3, os.path.basename(path))
        require(digest(path) == before, path, "was changed")
        require(not os.path.exists(path + "-journal") and not os.path.exists(path + "-wal"), path)
    check_failure(box.raw("runs", "--db", box.folder), 3, box.folder)


@test
def a_newer_database(box):
    box.ok("import", dumps.write_run(box.path("run")))
    later = sqlite3.connect(box.db)
    later.execute("PRAGMA user_version = 999")
    later.close()
    before = digest(box.db)
    for words in (["runs"], ["import", box.path("run")], ["estimate", "run"], ["delete", "run"], ["restore", "run"],
                  ["rename", "run", "x"], ["tag", "run", "a=b"], ["note", "run"], ["compute"], ["merge", "x"], ["verify"]):
        box.fails(3, *words, said="runs.db")
    require(digest(box.db) == before, "was changed")


@test
def damaged_databases_never_crash(box):
    box.ok("import", dumps.write_run(box.path("run"), steps=(0, 10)))
    box.ok("estimate", "run")
    with open(box.db, "rb") as file:
        data = file.read()
    for k in range(40):
        position = k * len(data) // 40 + 37 * k % 97
        with open(box.path("damaged.db"), "wb") as file:
            file.write(data[:position] + bytes([data[position] ^ (1 << k % 8)]) + data[position + 1:])
        for words in (["runs"], ["estimate", "run", "--csv", "--no-cache"]):
            result = box.raw(*words, "--db", box.path("damaged.db"))
            require(result.code in (0, 1, 2, 3), result.describe())
            require(result.code == 0 or result.err.count(b"\n") == 1, result.describe())
    for size in (100, 4096, len(data) // 2, len(data) - 4096):
        with open(box.path("damaged.db"), "wb") as file:
            file.write(data[:size])
        result = box.raw("estimate", "run", "--db", box.path("damaged.db"))
        require(result.code in (1, 2, 3) and result.err.count(b"\n") == 1, result.describe())


@test
def spectra_are_kept(box):
    box.ok("import", dumps.write_run(box.path("run")))
    before = digest(box.db)
    first = box.ok("estimate", "run", "--csv", "--no-cache").out
    require(digest(box.db) == before, "--no-cache wrote")
    require(box.ok("estimate", "run", "--csv").out == first and digest(box.db) != before, "kept")
    other = sqlite3.connect(box.db)
    kept = other.execute("SELECT count(*) FROM spectra").fetchone()[0]
    other.execute("UPDATE arrays SET data = zeroblob(length(data)) WHERE kind = 'd2'")
    other.commit()
    other.close()
    require(kept > 0, "none")
    require(box.ok("estimate", "run", "--csv").out == first, "computed again where they were kept")
    require(box.ok("estimate", "run", "--csv", "--alpha", "2").out != first, "another alpha needs no distances")
    box.fails(3, "estimate", "run", "--csv", "--h", "3", said="runs.db")  # these need them: damaged
    box.fails(3, "estimate", "run", "--csv", "--no-cache", said="runs.db")


@test
def a_read_only_database(box):
    box.ok("import", dumps.write_run(box.path("run")))
    expected = box.ok("estimate", "run", "--csv", "--no-cache").out
    dumps.write_run(box.path("run"), steps=(0, 10, 20, 30))
    box.publish()
    os.chmod(box.db, 0o444)
    os.chmod(box.folder, 0o555)
    try:
        if os.access(box.db, os.W_OK) and os.geteuid() != 0:
            raise Skip("modes do not count on this file system")
        before = digest(box.db)
        require(box.ok("runs", "--json", user=NOBODY).json()[0]["name"] == "run", "runs")
        for words in ([], ["--no-cache"], []):
            require(box.ok("estimate", "run", "--csv", *words, user=NOBODY).out == expected, words)
        box.ok("show", "run", user=NOBODY)
        box.ok("plot", "ip", "run", user=NOBODY)
        box.fails(1, "import", box.path("run"), said="runs.db", user=NOBODY)
        for words in (["delete", "run"], ["delete", "run", "--purge"], ["rename", "run", "x"], ["tag", "run", "a=b"],
                      ["note", "run", "x"]):
            box.fails(1, *words, said=["runs.db", "read-only"], user=NOBODY)
        require(digest(box.db) == before, "was changed")
    finally:
        os.chmod(box.folder, 0o755)


@test
def reading_goes_on_beside_a_writer(box):
    box.ok("import", dumps.write_run(box.path("run")))
    holder = sqlite3.connect(box.db, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    require(box.ok("runs", "--json").json()[0]["name"] == "run", "runs")
    holder.execute("ROLLBACK")
    holder.close()
    box.ok("estimate", "run")


@test
def a_full_disk(box):
    box.ok("import", dumps.write_run(box.path("run"), n=64))
    before = box.ok("show", "run", "--json").out
    expected = box.ok("estimate", "run", "--csv", "--no-cache").out
    limit = os.path.getsize(box.db)
    dumps.write_run(box.path("run"), steps=(0, 10, 20, 30), n=64)
    for size in (limit, limit // 2):
        box.fails(1, "import", box.path("run"), said="runs.db", file_limit=size)
        require(box.ok("show", "run", "--json").out == before, "something was stored")
    require(box.ok("estimate", "run", "--csv", file_limit=limit).out == expected, "the numbers come all the same")
    result = box.raw("import", box.path("run"), "--db", box.path("new.db"), file_limit=1000)
    check_failure(result, 1, "new.db")
    require(box.ok("import", box.path("run")).out == b"run: 4 snapshots, 4 layers, n = 64\n", "once there is room")


@test
def several_processes_import_at_once(box):
    import concurrent.futures
    names = ["run%d" % k for k in range(6)]
    for name in names:
        dumps.write_run(box.path(name), seed=name)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda name: box.run("import", box.path(name)), names * 2))
    for result in results:
        require(result.code == 0 and b": 3 snapshots, 4 layers, n = 12" in result.out, result.describe())
    require([run["name"] for run in box.ok("runs", "--json").json()] == names, "all are there")
