"""A test is a function that takes a Sandbox: a folder of its own, a database in it, and the program under test."""
import csv
import io
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import traceback

TIMEOUT = 300
NOBODY = 65534
tests = []  # (name, function)


class Skip(Exception):
    """Why a test cannot be done here."""


def test(function):
    module = function.__module__.replace("check_", "")
    tests.append((module + ": " + function.__name__.replace("_", " "), function))
    return function


def require(condition, *why):
    if not condition:
        raise AssertionError(" ".join(word if isinstance(word, str) else repr(word) for word in why))


def no_number(word):
    raise AssertionError("%s is no JSON" % word)


class Result:
    """What a command did. Every one is checked for what must never leave the program."""

    def __init__(self, words, code, out, err):
        self.words, self.code, self.out, self.err = words, code, out, err

    def text(self):
        return self.out.decode("utf-8")

    def lines(self):
        return self.text().splitlines()

    def csv(self):
        return list(csv.DictReader(io.StringIO(self.text())))

    def json(self):
        return json.loads(self.text(), parse_constant=no_number)

    def describe(self):
        return "%r: exit %d, stdout %r, stderr %r" % (self.words, self.code, self.out[:300], self.err[:600])


def check_clean(result, escapes):
    """Valid UTF-8 and no control character but the newline (with `escapes`, ESC on stdout)."""
    for name, data in (("stdout", result.out), ("stderr", result.err)):
        text = data.decode("utf-8")  # raises where it is not valid
        for character in text:
            code = ord(character)
            control = (code < 0x20 and character != "\n") or 0x7F <= code <= 0x9F
            if control and not (escapes and name == "stdout" and code == 0x1B):
                raise AssertionError("control character %#x on %s of %s" % (code, name, result.describe()))


class Sandbox:
    def __init__(self, binary):
        self.binary = binary
        self.folder = tempfile.mkdtemp(prefix="infoflow-cli-")
        os.chmod(self.folder, 0o755)
        self.db = self.path("runs.db")

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def code(self):
        with open(self.binary, "rb") as program:
            return program.read()

    def environment(self, changes):
        keep = {key: value for key, value in os.environ.items()
                if key in ("PATH", "GCOV_ERROR_FILE") or key.endswith("SAN_OPTIONS")}
        keep.update(HOME=self.folder, LC_ALL="C.UTF-8", TERM="xterm-256color")
        keep.update(changes or {})
        return {key: value for key, value in keep.items() if value is not None}

    def raw(self, *words, env=None, stdout=subprocess.PIPE, escapes=False, user=None, close_stdout=False,
            file_limit=None):
        """Runs the program with just these words."""
        def prepare():
            if close_stdout:
                os.close(1)
            if file_limit is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))

        # as somebody who may not write everywhere, where the tests run as root
        become = {"user": user, "group": user, "extra_groups": []} if user is not None and os.geteuid() == 0 else {}
        done = subprocess.run([self.binary, *words], stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE,
                              env=self.environment(env), timeout=TIMEOUT, cwd=self.folder,
                              preexec_fn=prepare if close_stdout or file_limit is not None else None, **become)
        result = Result(words, done.returncode, done.stdout or b"", done.stderr)
        require(b"Sanitizer" not in result.err and b"runtime error" not in result.err, result.describe())
        require(result.code >= 0, "died of a signal:", result.describe())
        check_clean(result, escapes)
        for line in result.err.decode("utf-8").splitlines():
            require(line.startswith("infoflow: "), "stderr line without the name:", result.describe())
        require(not result.err or result.err.endswith(b"\n"), "stderr without an end of line:", result.describe())
        return result

    def run(self, *words, **options):
        """Runs the program on the sandbox's database."""
        return self.raw(*words, "--db", self.db, **options)

    def ok(self, *words, quiet=True, **options):
        """It must succeed, and say nothing on stderr."""
        result = self.run(*words, **options)
        require(result.code == 0, "should succeed:", result.describe())
        require(not quiet or result.err == b"", "should say nothing:", result.describe())
        return result

    def fails(self, code, *words, said=(), **options):
        """It must end with this code, one line on stderr that holds each of `said`, and nothing on stdout."""
        result = self.run(*words, **options)
        check_failure(result, code, said)
        return result

    def publish(self):
        """Has the program where any user may run it."""
        if b"__gcov_exit" in self.code():
            raise Skip("another user cannot write what is counted")
        self.binary = shutil.copy(self.binary, self.path("infoflow"))
        os.chmod(self.binary, 0o755)

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def check_failure(result, code, said=()):
    require(result.code == code, "should exit with", str(code) + ":", result.describe())
    require(result.err.count(b"\n") == 1, "should say one line:", result.describe())
    require(result.out == b"", "should print nothing:", result.describe())
    for part in [said] if isinstance(said, str) else said:
        require(part in result.err.decode("utf-8"), "should say", part, "in", result.describe())


def one_line(error):
    text = str(error) or traceback.format_exc()
    return "".join(c if c.isprintable() else " " for c in " ".join(text.split()))


def run_all(binary, only=None):
    """A line a test; True if none failed."""
    failed = 0
    for name, function in tests:
        if only and not any(word in name for word in only):
            continue
        sandbox = Sandbox(binary)
        try:
            function(sandbox)
            print("ok " + name)
        except Skip as why:
            print("skip %s: %s" % (name, one_line(why)))
        except Exception as error:  # whatever it is, it is this test's failure
            where = traceback.extract_tb(sys.exc_info()[2])
            line = next((f for f in reversed(where) if "check_" in f.filename), where[-1])
            print("FAIL %s: %s:%d: %s: %s" % (name, os.path.basename(line.filename), line.lineno,
                                              type(error).__name__, one_line(error)))
            failed += 1
        finally:
            sandbox.remove()
            sys.stdout.flush()
    return failed == 0
