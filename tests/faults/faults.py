"""What the tests of faults share: a program whose N-th file operation fails or is its last, and what a database holds."""
import contextlib
import hashlib
import os
import sqlite3
import subprocess

from harness import TIMEOUT, Skip, require

DATABASE = "runs.db"
long = False  # whether every operation is to be tried, see run.py


def shim(box):
    """The library that is preloaded; a build with sanitizers has none."""
    path = os.path.join(os.path.dirname(box.binary), "tests", "libfault_shim.so")
    if not os.path.exists(path):
        raise Skip("no %s beside the program" % os.path.basename(path))
    return path


class Fault:
    """The settings of shim.c for one run of the program."""

    def __init__(self, box, what, at, on=False, part=DATABASE, reads=False):
        self.box, self.mark = box, box.path("fault.mark")
        self.env = {"LD_PRELOAD": shim(box), "FAULT_DO": what, "FAULT_AT": str(at), "FAULT_FILE": part,
                    "FAULT_MARK": self.mark, "FAULT_ON": "yes" if on else "", "FAULT_READS": "yes" if reads else ""}
        self.name = "%s at %d%s" % (what, at, " and on" if on else "")
        if os.path.exists(self.mark):
            os.remove(self.mark)

    def happened(self):
        return os.path.exists(self.mark)

    def run(self, *words):
        """Only for faults that the program lives through."""
        return self.box.run(*words, env=self.env)

    def ends(self, *words):
        """How the program ended, and what it said."""
        done = subprocess.run([self.box.binary, *words, "--db", self.box.db], stdin=subprocess.DEVNULL,
                              capture_output=True, env=self.box.environment(self.env), timeout=TIMEOUT,
                              cwd=self.box.folder)
        return done.returncode, done.stdout.decode(), done.stderr.decode()


def numbers_until_none(try_one, start=1, stride=1):
    """try_one(N) for N = start, start + stride, ... until it says that the N-th operation was never reached; how many."""
    at = start
    while try_one(at):
        at += stride
    return at - start


@contextlib.contextmanager
def held(path):
    """While another program writes."""
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        holder.execute("ROLLBACK")
        holder.close()


def write_database(box, data):
    """These bytes and nothing beside them."""
    for end in ("-journal", "-wal", "-shm"):
        if os.path.exists(box.db + end):
            os.remove(box.db + end)
    with open(box.db, "wb") as file:
        file.write(data)


# ---- what a database holds ----

def query(path, sql):
    db = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def digest(rows):
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def settle(box):
    """Has the program undo what was left half done, and look at everything; False where there is no database yet."""
    if not os.path.exists(box.db):
        return False
    result = box.run("verify")
    require(result.code == 0 and result.lines()[0].endswith(": sound"), result.describe())
    return True


def require_alone(box):
    """Nothing lies beside the database."""
    beside = [name for name in os.listdir(box.folder) if name.startswith(DATABASE) and name != DATABASE]
    require(not beside, "left:", beside)


def snapshots(path):
    """What is stored of each snapshot: (run, step, batch) -> a digest of all its rows."""
    found = {}
    for run, step, batch, key, epoch, n in query(
            path, "SELECT name, step, batch, snapshots.id, epoch, n FROM snapshots JOIN runs ON runs.id = run"):
        rows = [epoch, n]
        rows += query(path, "SELECT position, name, value FROM metrics WHERE snapshot = %d ORDER BY 1" % key)
        rows += query(path, "SELECT role, layer, maps, dim, kind, map, digest, data FROM variables JOIN arrays ON"
                            " variable = variables.id WHERE snapshot = %d ORDER BY 1, 2, 5, 6" % key)
        found[run, step, batch] = digest(rows)
    return found


def runs(path):
    """The same of each run by itself."""
    found = {}
    for name, key, rest in query(path, "SELECT name, id, note || '/' || map_limit || '/' || (deleted IS NULL) FROM runs"):
        rows = [rest]
        for table in ("params", "tags"):
            rows += query(path, "SELECT position, key, type, text, number FROM %s WHERE run = %d ORDER BY 1" % (table, key))
        rows += query(path, "SELECT position, name, kind, axes FROM layers WHERE run = %d ORDER BY 1" % key)
        found[name] = digest(rows)
    return found


def spectra(path):
    """And of each spectrum."""
    return dict(query(path, "SELECT name || '/' || step || '/' || batch || '/' || width || composition || h || '/' ||"
                            " h_error || '/' || h_label || '/' || variable || '/' || joined || '/' || layer || '/' ||"
                            " i || '/' || j, data FROM spectra JOIN spectrum_sets ON spectrum_sets.id = spectrum_set"
                            " JOIN snapshots ON snapshots.id = snapshot JOIN runs ON runs.id = run"))


def contents(path):
    return runs(path), snapshots(path), spectra(path)


def require_within(part, whole, what):
    """All that is there is as in the whole."""
    for key, value in part.items():
        require(whole.get(key) == value, what, repr(key), "is not what it should be")
