"""watch: a real process follows a folder while files come, break, are repaired, and go."""
import os
import queue
import shutil
import signal
import sqlite3
import subprocess
import threading

import dumps
from harness import TIMEOUT, Result, Skip, check_clean, check_failure, require, test


def signals_as_usual():
    """Whoever runs the tests in the background may have had signals ignored, which `watch` respects."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


class Watch:
    """A running `infoflow watch`; its lines are waited for as they come. Leaving the block without `end` kills it."""

    def __init__(self, box, *words, prepare=signals_as_usual):
        self.words = ("watch", "--db", box.db, *words)
        self.process = subprocess.Popen([box.binary, *self.words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env=box.environment(None), cwd=box.folder,
                                        preexec_fn=prepare)
        self.all = {"out": b"", "err": b""}
        self.lines = {"out": queue.Queue(), "err": queue.Queue()}
        self.readers = [threading.Thread(target=self.read, args=(name, stream), daemon=True)
                        for name, stream in (("out", self.process.stdout), ("err", self.process.stderr))]
        for reader in self.readers:
            reader.start()

    def read(self, name, stream):
        for line in stream:
            self.all[name] += line
            self.lines[name].put(line.decode("utf-8").rstrip("\n"))
        self.lines[name].put(None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def line(self, name):
        try:
            line = self.lines[name].get(timeout=TIMEOUT)
        except queue.Empty:
            raise AssertionError("nothing more on std%s; so far %r" % (name, self.all)) from None
        require(line is not None, "it ended:", repr(self.all))
        return line

    def grows(self, run, snapshots, layers=4, n=12):
        """Reads lines of stdout, all of this run, until it has so many snapshots."""
        while True:
            line = self.line("out")
            name, count = line.split(" snapshots, ")[0].rsplit(": ", 1)
            require(name == run and int(count) <= snapshots, "a line of", run, str(snapshots), "expected:", line)
            require(line.endswith(" snapshots, %d layers, n = %d" % (layers, n)), line)
            if int(count) == snapshots:
                return

    def says(self, *parts):
        line = self.line("err")
        require(all(part in line for part in ("infoflow: ",) + parts), repr(parts), "expected:", line)

    def end(self, number=signal.SIGTERM):
        """Ends it; it must have nothing more to say."""
        self.process.send_signal(number)
        code = self.process.wait(TIMEOUT)
        for reader in self.readers:
            reader.join(TIMEOUT)
        result = Result(self.words, code, self.all["out"], self.all["err"])
        require(b"Sanitizer" not in result.err and b"runtime error" not in result.err, result.describe())
        require(code == (128 + number if number != signal.SIGKILL else -number), "exit code:", result.describe())
        check_clean(result, False)
        for name in ("out", "err"):
            rest = [self.lines[name].get() for _ in range(self.lines[name].qsize())]
            require(rest == [None], "more on std" + name + ":", repr(rest))


def add(folder, step, **more):
    """Renamed into place, as a training script should."""
    arrays = dumps.snapshot(step, **more)
    path = os.path.join(folder, dumps.file_name(arrays))
    dumps.write_npz(path + ".tmp", arrays)
    os.rename(path + ".tmp", path)
    return path


def follows(box, *words):
    os.mkdir(box.path("all"))
    first = dumps.write_run(box.path("all", "first"))
    with Watch(box, *words, "all") as watch:
        watch.grows("first", 3)
        add(first, 30)
        watch.grows("first", 4)
        second = dumps.write_run(box.path("second"), seed=2)
        os.rename(second, box.path("all", "second"))
        watch.grows("second", 3)
        add(box.path("all", "second"), 50)
        watch.grows("second", 4)
        watch.end()
    require([run["snapshots"] for run in box.ok("runs", "--json").json()] == [4, 4], "stored")


@test
def follows_a_folder_of_runs(box):
    follows(box)


@test
def follows_by_polling(box):
    follows(box, "--poll")


@test
def follows_a_run_folder(box):
    folder = dumps.write_run(box.path("run"), n=128, steps=())
    with Watch(box, folder + "/") as watch:
        for step in range(3):
            add(folder, step, n=128)
            watch.grows("run", step + 1, n=128)
        watch.end()


def survives_bad_files(box, *words):
    folder = dumps.write_run(box.path("all", "run"))
    with Watch(box, *words, "all") as watch:
        watch.grows("run", 3)
        bad = add(folder, 30, layers=dumps.LAYERS[:1] + [dict(dumps.LAYERS[1], name="absent")])
        watch.says("step-0000030.npz: ", "absent")
        with open(os.path.join(folder, "step-0000040.npz.tmp"), "wb") as half:
            half.write(b"PK\3\4")
        add(folder, 50)
        watch.grows("run", 4)
        with open(bad, "r+b") as file:
            file.truncate(100)
        watch.says("step-0000030.npz: zip: ")
        add(folder, 30)
        watch.grows("run", 5)
        watch.end()


@test
def survives_bad_files_and_takes_them_when_repaired(box):
    survives_bad_files(box)


@test
def survives_bad_files_by_polling(box):
    survives_bad_files(box, "--poll")


@test
def half_written_in_place(box):
    folder = dumps.write_run(box.path("run"), steps=(0,))
    whole = box.path("whole.npz")
    dumps.write_npz(whole, dumps.snapshot(10))
    with open(whole, "rb") as file:
        data = file.read()
    with Watch(box, "run") as watch:
        watch.grows("run", 1)
        with open(os.path.join(folder, "step-0000010.npz"), "wb") as file:
            for k in range(0, len(data), 100):
                file.write(data[k:k + 100])
                file.flush()
        watch.grows("run", 2)
        watch.end()


def waits_for_the_folder(box, *words):
    with Watch(box, *words, "all") as watch:
        watch.says("all: not there yet, waiting for it")
        dumps.write_run(box.path("all", "run"))
        watch.grows("run", 3)
        shutil.rmtree(box.path("all"))
        watch.says("all: gone, waiting for it")
        dumps.write_run(box.path("all", "run"), steps=(0, 10, 20, 30))
        watch.grows("run", 4)
        watch.end()


@test
def the_folder_comes_goes_and_comes(box):
    waits_for_the_folder(box)


@test
def the_folder_comes_goes_and_comes_by_polling(box):
    waits_for_the_folder(box, "--poll")


@test
def killed_and_started_again(box):
    folder = dumps.write_run(box.path("run"), n=64, steps=range(0, 200, 10))
    with Watch(box, "run") as watch:
        watch.process.kill()  # wherever it is
        watch.process.wait()
    with Watch(box, "run") as watch:
        watch.grows("run", 20, n=64)
        watch.end(signal.SIGKILL)
    add(folder, 300, n=64)
    with Watch(box, "run") as watch:
        watch.grows("run", 21, n=64)
        watch.end()
    box.ok("import", "run")


@test
def run_json_comes_after_the_first_snapshot(box):
    os.makedirs(box.path("all", "folder"))
    add(box.path("all", "folder"), 0)
    dumps.write_run(box.path("all", "other"), steps=(0,))
    with Watch(box, "all") as watch:
        watch.grows("other", 1)  # though `folder` is looked at before it
        dumps.write_manifest(box.path("all", "folder"), dumps.manifest("named"))
        watch.grows("named", 1)
        watch.end()


@test
def a_locked_database(box):
    folder = dumps.write_run(box.path("run"))
    with Watch(box, "run") as watch:
        watch.grows("run", 3)
        other = sqlite3.connect(box.db, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        add(folder, 30)
        watch.says("locked")
        other.execute("ROLLBACK")
        watch.grows("run", 4)
        watch.end()


@test
def signals_end_it(box):
    dumps.write_run(box.path("run"))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        box.run("delete", "--purge", "run")
        with Watch(box, "run") as watch:
            watch.grows("run", 3)
            watch.end(number)
    box.run("delete", "--purge", "run")
    with Watch(box, "run", prepare=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)) as watch:  # as nohup does
        watch.grows("run", 3)
        watch.process.send_signal(signal.SIGHUP)
        watch.end()


@test
def names_are_shown_harmless(box):
    folder = dumps.write_run(box.path("run"), name="a\x1b[31mb\nc\x9b", steps=(0,))
    with open(os.path.join(folder, "z\x1b[2J\n.npz"), "w", encoding="utf-8") as out:
        out.write("no zip")
    with Watch(box, "run") as watch:
        watch.says("npz: zip: ")
        require(watch.line("out").endswith(": 1 snapshots, 4 layers, n = 12"), "one line")
        watch.end()


@test
def wrong_usage(box):
    for words in (["watch"], ["watch", "a", "b"], ["watch", "a", "--csv"], ["runs", "--poll"], ["--watch"],
                  ["--watch="], ["runs", "--watch", "x"]):
        check_failure(box.raw(*words), 2)
    with open(box.path("file"), "w", encoding="utf-8") as out:
        out.write("x")
    box.fails(3, "watch", "file", said="file: not a folder")
    with open(box.db, "w", encoding="utf-8") as out:
        out.write("no database" * 50)
    box.fails(3, "watch", box.folder, said="not an infoflow database")


@test
def stdout_cannot_be_written(box):
    if not os.path.exists("/dev/full"):
        raise Skip("there is no /dev/full")
    dumps.write_run(box.path("run"))
    with open("/dev/full", "wb") as full:
        check_failure(box.run("watch", "run", stdout=full), 1, "standard output")
