"""Where stdout cannot be written: exit 1 and one line, whatever the command."""
import os
import signal
import sqlite3
import subprocess

import dumps
from harness import TIMEOUT, Skip, check_failure, require, test

COMMANDS = [["--help"], ["estimate", "--help"], ["--version"], ["runs"], ["runs", "--csv"], ["runs", "--json"],
            ["show", "run"], ["show", "run", "--csv"], ["show", "run", "--json"], ["estimate", "run"],
            ["estimate", "run", "--csv"], ["estimate", "run", "--json"], ["plot", "dpi", "run"],
            ["plot", "ip", "run", "--svg", "-"], ["plot", "pid", "run"], ["plot", "width", "run"], ["check", "run"],
            ["check", "run", "--json"], ["sweep", "run", "--h", "1:9:3"], ["sweep", "run", "--h", "1:9:3", "--csv"],
            ["sweep", "run", "--h", "1:9:3", "--json"], ["compute"], ["verify"], ["verify", "--json"], ["import", "run"]]


def words_on(box, words):
    return words if words[-1] in ("--help", "--version") else [*words, "--db", box.db]


@test
def a_full_disk(box):
    if not os.path.exists("/dev/full"):
        raise Skip("there is no /dev/full")
    box.ok("import", dumps.write_run(box.path("run")))
    for words in COMMANDS:
        with open("/dev/full", "wb") as full:
            check_failure(box.raw(*words_on(box, words), stdout=full), 1, "standard output")


@test
def closed(box):
    box.ok("import", dumps.write_run(box.path("run")))
    before = box.ok("estimate", "run", "--csv").out
    for words in COMMANDS:
        check_failure(box.raw(*words_on(box, words), stdout=None, close_stdout=True), 1, "standard output")
    require(box.ok("estimate", "run", "--csv").out == before, "the database took no harm")


@test
def a_reader_that_has_had_enough(box):
    """As head does: whoever writes on is ended, by the signal or as if all were read, and has nothing to say."""
    box.ok("import", dumps.write_run(box.path("run")))
    for words in COMMANDS:
        if words[0] == "import":
            continue
        process = subprocess.Popen([box.binary, *words_on(box, words)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=box.environment({}), cwd=box.folder)
        process.stdout.close()
        said = process.stderr.read()
        process.stderr.close()
        code = process.wait(timeout=TIMEOUT)
        require(code in (0, 4, -signal.SIGPIPE) and said == b"", words, code, said)


@test
def a_failure_half_way(box):
    """What came before it is printed, and a JSON document is whole; of what fails at once there is nothing."""
    box.ok("import", dumps.write_run(box.path("run"), steps=(0, 10, 20)))
    whole = box.ok("estimate", "run", "--json", "--no-cache").json()
    for step in (10, 0):
        other = sqlite3.connect(box.db)
        other.execute("UPDATE arrays SET digest = digest + 1 WHERE kind = 'd2' AND variable IN (SELECT variables.id FROM"
                      " variables JOIN snapshots ON snapshots.id = snapshot WHERE step = ?)", (step,))
        other.commit()
        other.close()
        result = box.run("estimate", "run", "--json", "--no-cache")
        swept = box.run("sweep", "run", "--json", "--no-cache", "--h", "2:8:2")
        if step == 0:
            check_failure(result, 3, ["runs.db", "damaged"])
            check_failure(swept, 3, ["runs.db", "damaged"])
            continue
        require(result.code == 3 and result.err.count(b"\n") == 1, result.describe())
        require(result.json() == [record for record in whole if record["step"] == 0], result.describe())
        document = swept.json()
        require(swept.code == 3 and list(document) == ["run", "records"], swept.describe())
        require({record["step"] for record in document["records"]} == {0}, document)


@test
def what_needs_no_stdout_does_without(box):
    box.ok("import", dumps.write_run(box.path("run")))
    result = box.run("plot", "dpi", "run", "--svg", box.path("a.svg"), stdout=None, close_stdout=True)
    require(os.path.getsize(box.path("a.svg")) > 0, result.describe())
