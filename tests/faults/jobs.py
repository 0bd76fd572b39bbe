"""The commands that write, each on a database as it is before; for tests that end or hinder them somewhere."""
import os
import shutil

import dumps
import faults
from harness import require

SMALL = [{"name": "conv1", "kind": "conv", "axes": "NCHW", "shape": (2, 1, 1)},
         {"name": "fc1", "kind": "fc", "axes": "ND", "shape": (3,)}]


class Job:
    """`words` brings the database from what it is `before` to what it is `after`; where `atomic`, in one step."""

    def __init__(self, box, name, words, atomic):
        self.box, self.name, self.words, self.atomic = box, name, words, atomic
        self.copy = box.path("before-%s.db" % name.replace(" ", "-"))
        self.fresh = not os.path.exists(box.db)
        if not self.fresh:
            shutil.copy(box.db, self.copy)
        self.before = ({}, {}, {}) if self.fresh else faults.contents(box.db)
        self.said = box.ok(*words, quiet=False).err.decode()
        self.after = faults.contents(box.db)
        require(self.fresh or self.before != self.after, name, "does nothing")

    def reset(self):
        for name in os.listdir(self.box.folder):
            if name.startswith(faults.DATABASE):
                os.remove(self.box.path(name))
        if not self.fresh:
            shutil.copy(self.copy, self.box.db)

    def check_state(self, where):
        """Whole things only, none lost."""
        if not faults.settle(self.box):
            require(self.fresh, self.name, where, "lost the database")
            return
        now = faults.contents(self.box.db)
        if self.atomic:
            require(now in (self.before, self.after), self.name, where, "half done")
            return
        for kind in range(3):
            faults.require_within(now[kind], self.after[kind], where + ":")
            faults.require_within(self.before[kind], now[kind], where + ", lost:")

    def check_done_again(self, where):
        """Where nothing hinders it, it ends where it would have. What is deleted is not deleted again."""
        if not self.atomic or faults.contents(self.box.db) == self.before:
            self.box.ok(*self.words, quiet=False)
        require(faults.contents(self.box.db) == self.after, self.name, where, "done again: not the same")
        faults.require_alone(self.box)


def all_jobs(box):
    """In the order in which they can be made; each leaves the database as the next finds it."""
    small = dumps.write_run(box.path("small"), steps=(0, 10), n=4, layers=SMALL)
    yield Job(box, "first import", ["import", small], False)
    dumps.write_run(box.path("small"), steps=(0, 10, 20), n=4, layers=SMALL)
    yield Job(box, "import", ["import", small], False)
    yield Job(box, "tag", ["tag", "small", "good=yes"], True)
    box.ok("compute", "small", "--h", "2", "--shard", "1/1", "--out", box.path("part"))
    yield Job(box, "merge", ["merge", box.path("part")], False)
    yield Job(box, "compute", ["compute", "small"], False)
    yield Job(box, "delete", ["delete", "small"], True)
    box.ok("restore", "small", quiet=False)
    yield Job(box, "purge", ["delete", "small", "--purge"], True)
