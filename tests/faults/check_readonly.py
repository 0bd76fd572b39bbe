"""Files and folders that cannot be written: browsing works, what would write is refused by name."""
import os
import subprocess

import dumps
import faults
from harness import NOBODY, Skip, check_failure, require, test

READING = (["runs", "--csv"], ["show", "run", "--csv"], ["estimate", "run", "--csv"], ["check", "run", "--csv"],
           ["sweep", "run", "--h", "2:8:3", "--csv"], ["plot", "ip", "run"], ["plot", "dpi", "run"], ["verify", "--csv"],
           ["note", "run"])
WRITING = (["import", "run"], ["compute", "run"], ["merge", "part"], ["delete", "run"], ["restore", "run"],
           ["delete", "run", "--purge"], ["rename", "run", "other"], ["tag", "run", "a=b"], ["note", "run", "x"])


def make(box):
    """Without a spectrum: what is estimated would be kept."""
    box.ok("import", dumps.write_run(box.path("run")))
    box.ok("compute", "run", "--shard", "1/1", "--out", box.path("part"))
    expected = [box.run(*words, *(["--no-cache"] if words[0] in ("estimate", "check", "sweep") else []))
                for words in READING]
    dumps.write_run(box.path("run"), steps=(0, 10, 20, 30))
    return expected


def browse(box, expected, run):
    """run(words): on the database that cannot be written."""
    with open(box.db, "rb") as file:
        before = file.read()
    for words, was in zip(READING, expected):
        result = run(words)
        require((result.code, result.out, result.err) == (was.code, was.out, was.err), result.describe())
    for words in WRITING:
        result = run(words)
        if words[0] == "restore":  # it is not in the bin
            require(result.code != 0 and result.err.count(b"\n") == 1, result.describe())
        else:
            check_failure(result, 1, faults.DATABASE)
    with open(box.db, "rb") as file:
        require(file.read() == before, "it was changed")
    faults.require_alone(box)


@test
def a_file_that_is_not_ours(box):
    expected = make(box)
    os.chmod(box.db, 0o444)
    os.chmod(box.folder, 0o755)
    become_nobody(box)
    browse(box, expected, lambda words: box.run(*words, user=NOBODY))


@test
def a_folder_that_is_not_ours(box):
    """The file could be written, but no journal can be made beside it."""
    expected = make(box)
    os.chmod(box.db, 0o666)
    os.chmod(box.folder, 0o755)
    become_nobody(box)
    browse(box, expected, lambda words: box.run(*words, user=NOBODY))


def become_nobody(box):
    if os.geteuid() != 0:
        raise Skip("only root can become somebody else")
    box.publish()


def bind_read_only(folder):
    for words in (["mount", "--bind", folder, folder], ["mount", "-o", "remount,ro,bind", folder]):
        if subprocess.run(words, stderr=subprocess.DEVNULL, check=False).returncode != 0:
            subprocess.run(["umount", folder], stderr=subprocess.DEVNULL, check=False)
            raise Skip("this user may not mount")


@test
def a_file_system_that_is_read_only(box):
    """For root too."""
    expected = make(box)
    bind_read_only(box.folder)
    try:
        browse(box, expected, lambda words: box.run(*words))
        check_failure(box.raw("import", "run", "--db", "new.db"), 1, "new.db")
    finally:
        subprocess.run(["umount", box.folder], check=True)


@test
def a_small_disk(box):
    """A file system of 640 KiB: what fits is stored, the rest is refused, and fits once there is room."""
    disk = box.path("disk")
    os.mkdir(disk)
    mount = ["mount", "-t", "tmpfs", "-o", "size=640k", "none", disk]
    if subprocess.run(mount, stderr=subprocess.DEVNULL, check=False).returncode != 0:
        raise Skip("this user may not mount")
    try:
        box.db = os.path.join(disk, faults.DATABASE)
        folder = dumps.write_run(box.path("run"), steps=range(0, 100, 10), n=40)
        box.fails(1, "import", folder, said=[faults.DATABASE, "disk full"])
        require(faults.settle(box), "no database")
        stored = len(faults.snapshots(box.db))
        require(0 < stored < 10, "stored", stored)
        estimates = box.run("estimate", "run", "--csv")  # which cannot be kept
        require(estimates.code == 0 and estimates.err == b"", estimates.describe())
        subprocess.run(["mount", "-o", "remount,size=8m", disk], check=True)
        require(b": 10 snapshots" in box.ok("import", folder).out, "when there is room")
        require(box.ok("estimate", "run", "--csv").out.startswith(estimates.out), "the same numbers")
    finally:
        subprocess.run(["umount", disk], check=True)
