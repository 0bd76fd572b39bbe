#!/usr/bin/env python3
"""The completions in real shells: bash, zsh and fish, each on a terminal, with what `cmake --install` put where they look.

    python3 tests/completions.py BUILD

A line is typed, then a key that completes it; then a function `args` is put before it, which writes the words that the
shell makes of the whole line to a file. One line a test: `ok NAME`, `FAIL NAME: why` or `skip NAME: why`.
"""
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "cli"))
import dumps  # noqa: E402

PATIENCE = 60  # seconds
HOSTILE = ["aa two words", "bb it's", 'cc a"b', "dd $(touch hit)", "ee `touch hit`", "ff;touch hit", "gg back\\slash",
           "hh*", "ii!!", "jj#no", "kk:colon:s", "ll=equals=s", "mm&touch hit", "nn\u00e9t\u00e9", "oo~", "pp>hit",
           "qq{a,b}", "rr[0]", "ss$HOME", "tt@host"]
KINDS = ["dpi", "ip", "mip", "pid", "width"]
RULES = ["silverman", "scaled", "median", "knn", "alignment", "fixed"]
START_OF_LINE, COMPLETE, ALL = b"\x01", b"\t", b"\x18a"


class Shell:
    """A shell that reads keys from a terminal. `offered` are all words that a line may go on with."""
    setup = ""

    def __init__(self, place):
        self.place = place
        self.out = os.path.join(place, "args")
        environment = {"PATH": place + "/prefix/bin:" + os.environ["PATH"], "HOME": place, "TERM": "xterm-256color",
                       "LC_ALL": "C.UTF-8", "OUT": self.out, "INFOFLOW_DB": place + "/runs.db",
                       "XDG_DATA_DIRS": place + "/prefix/share:/usr/local/share:/usr/share"}
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.chdir(place)
            os.execvpe(self.command[0], self.command, environment)
        self.seen = b""
        threading.Thread(target=self.listen, daemon=True).start()
        for line in self.setup.replace("PREFIX", place + "/prefix").splitlines():
            self.type(line.encode() + b"\r")
        self.run(b"args ready\r")

    def listen(self):
        try:
            while True:
                self.seen += os.read(self.terminal, 65536)
        except OSError:
            pass

    def type(self, keys):
        while keys:
            keys = keys[os.write(self.terminal, keys):]

    def run(self, keys):
        """The words of the line that these keys end, behind `args`."""
        self.type(keys)
        limit = time.monotonic() + PATIENCE
        while not os.path.exists(self.out):
            if time.monotonic() > limit:
                raise AssertionError("%s did not answer: %r" % (self.command[0], self.seen[-600:]))
            time.sleep(0.005)
        with open(self.out, "rb") as file:
            words = file.read().decode().split("\0")[:-1]
        os.remove(self.out)
        return words

    def completed(self, line):
        return self.run(line.encode() + COMPLETE + START_OF_LINE + b"args \r")

    def offered(self, line):
        before = len(line.split()) - (not line.endswith(" "))
        return self.run(line.encode() + ALL + START_OF_LINE + b"args \r")[before:]

    def end(self):
        os.close(self.terminal)
        os.kill(self.child, 9)
        os.waitpid(self.child, 0)


class Bash(Shell):
    command = ["bash", "--norc", "--noprofile", "-i"]
    setup = r"""
set +o history
. /usr/share/bash-completion/bash_completion
bind '"\C-xa": insert-completions'
args() { printf '%s\0' "$@" >"$OUT.new"; mv "$OUT.new" "$OUT"; }
"""


class BareBash(Bash):
    """Without the package bash-completion."""
    setup = Bash.setup.replace("/usr/share/bash-completion/bash_completion", "PREFIX/share/bash-completion/completions/infoflow")


class Zsh(Shell):
    command = ["zsh", "-f", "-i"]
    setup = r"""
bindkey -e
fpath=(PREFIX/share/zsh/site-functions $fpath); autoload -U compinit; compinit -u -D
zle -C all-matches complete-word _generic; bindkey '^Xa' all-matches
zstyle ':completion:all-matches::::' completer _all_matches _complete
zstyle ':completion:all-matches:*' insert true
args() { printf '%s\0' "$@" >"$OUT.new"; mv "$OUT.new" "$OUT"; }
"""


class Fish(Shell):
    command = ["fish", "-i"]
    setup = """
function args; printf '%s\\0' $argv >$OUT.new; mv $OUT.new $OUT; end
"""

    def offered(self, line):
        line = line.replace("\\", "\\\\").replace("'", "\\'")
        return [word.split("\t")[0] for word in self.run(b"args of (complete -C '%s')\r" % line.encode())[1:]]


def require(condition, *why):
    if not condition:
        raise AssertionError(" ".join(map(str, why)))


def infoflow(place, *words):
    done = subprocess.run([place + "/prefix/bin/infoflow", *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    return done.stdout.decode()


def flags(place, *command):
    return re.findall(r"^  (--[a-z-]+)", infoflow(place, *command, "--help"), re.M)


def commands(place):
    return [word for word in re.findall(r"^       infoflow ([a-z]+)", infoflow(place, "--help"), re.M)]


def offers_every_command_and_run(shell):
    place = shell.place
    names = [line.split(",")[1] for line in infoflow(place, "runs", "--csv", "--db", place + "/few.db").splitlines()[1:]]
    require(len(commands(place)) == 16 and names == ["deep", "deeper"], commands(place), names)
    offered = shell.offered("infoflow --db few.db ")
    require(sorted(offered) == sorted(commands(place) + names), offered)


def offers_every_flag(shell):
    place = shell.place
    for command in [[]] + [[name] for name in commands(place)]:
        wanted = flags(place, *command)
        require("--help" in wanted and "--db" in wanted, wanted)
        offered = shell.offered(" ".join(["infoflow", *command, "--"]))
        require(sorted(offered) == sorted(wanted), command, offered, wanted)


def offers_values(shell):
    for line, wanted in (("infoflow plot ", KINDS), ("infoflow estimate x --width ", RULES),
                         ("infoflow --composition ", ["hadamard", "tensor", "geometric"]),
                         ("infoflow check x --chain ", ["forward", "backward"]),
                         ("infoflow estimate --steps ", ["first", "last", "all"])):
        require(sorted(shell.offered(line)) == sorted(wanted), line, shell.offered(line))
    require(shell.completed("infoflow --width=sil") == ["infoflow", "--width=silverman"], "--width=sil")
    for typed in ("--nosuch=", "--version=", "--nosuch"):
        require(shell.completed("infoflow " + typed) == ["infoflow", typed], typed)
    require(shell.completed("infoflow pl") == ["infoflow", "plot"], "pl")
    require(shell.completed("infoflow est --no-p") == ["infoflow", "est", "--no-p"], "an option of another command")


def completes_files(shell):
    for typed, wanted in (("infoflow --db fe", ["--db", "few.db"]), ("infoflow --db=fe", ["--db=few.db"]),
                          ("infoflow import a\\ fo", ["import", "a folder/"]), ("infoflow watch fol", ["watch", "folder/"]),
                          ("infoflow import 'sp", ["import", "spaced file"]),
                          ("infoflow merge x.db fe", ["merge", "x.db", "few.db"]),
                          ("infoflow compute --out fe", ["compute", "--out", "few.db"])):
        words = shell.completed(typed)[1:]
        require([word.rstrip("/") for word in words] == [word.rstrip("/") for word in wanted], typed, words)


def names_of_runs_are_words(shell):
    for name in HOSTILE:
        require(shell.completed("infoflow show " + name[:2]) == ["infoflow", "show", name], name)
    for quoted in ("'aa", '"aa', "'cc", '"bb', '"dd', "'dd", '"ee', '"gg', "'bb", '"cc', "'kk", '"ll'):
        quote, name = quoted[0], next(name for name in HOSTILE if name.startswith(quoted[1:]))
        words = shell.completed("infoflow plot dpi " + quoted)
        require(words == ["infoflow", "plot", "dpi", name], quote, words)
    require(shell.completed("infoflow note aa\\ tw") == ["infoflow", "note", "aa two words"], "behind a blank")
    require(shell.completed("infoflow note kk:col") == ["infoflow", "note", "kk:colon:s"], "behind a colon")
    require(shell.completed("infoflow note kk\\:col") == ["infoflow", "note", "kk:colon:s"], "behind a quoted colon")
    require(not os.path.exists(shell.place + "/hit"), "a name was run")
    require(shell.completed("infoflow show zz") == ["infoflow", "show", "zz"], "a name that cannot be typed")
    require("--odd" not in shell.offered("infoflow show "), "a name that is an option")
    require("--odd" in shell.offered("infoflow show -- "), "no option behind --")


def the_database_is_that_of_the_line(shell):
    for line in ("infoflow --db few.db show ", "infoflow show --db=few.db ", "infoflow --alpha 2 --db 'few.db' check ",
                 "infoflow --db few.db plot ip deep ", "infoflow --db ~/few.db show "):
        require(shell.offered(line) == ["deep", "deeper"], line, shell.offered(line))
    require(shell.offered("infoflow --db few.db restore ") == ["gone"], "restore")
    offered = shell.offered("infoflow --db none.db show ")
    require(offered == [], "no database", offered)


TESTS = [offers_every_command_and_run, offers_every_flag, offers_values, completes_files, names_of_runs_are_words,
         the_database_is_that_of_the_line]


def prepare(build, place):
    subprocess.run(["cmake", "--install", build, "--component", "program", "--prefix", place + "/prefix"],
                   stdout=subprocess.DEVNULL, check=True)
    os.makedirs(place + "/.local/share/fish/generated_completions")  # so that fish does not read every manual page first
    for folder in ("a folder", "folder"):
        os.mkdir(os.path.join(place, folder))
    open(place + "/spaced file", "w").close()
    for k, name in enumerate(HOSTILE + ["--odd", "zz\x1b[31m", "zz\nline"]):
        dumps.write_run("%s/folder/run%d" % (place, k), name=name, steps=(0,))
    infoflow(place, "import", "--db", place + "/runs.db", place + "/folder")
    for name in ("deep", "deeper", "gone"):
        dumps.write_run("%s/a folder/%s" % (place, name), steps=(0,))
    infoflow(place, "import", "--db", place + "/few.db", place + "/a folder")
    infoflow(place, "delete", "--db", place + "/few.db", "gone")


def main():
    place = tempfile.mkdtemp(prefix="infoflow-completions-")
    good = True
    try:
        prepare(os.path.abspath(sys.argv[1]), place)
        for kind in (Bash, BareBash, Zsh, Fish):
            if shutil.which(kind.command[0]) is None:
                print("skip completions in %s: it is not installed" % kind.__name__)
                continue
            shell = kind(place)
            for test in TESTS:
                name = "%s: %s" % (kind.__name__, test.__name__.replace("_", " "))
                try:
                    test(shell)
                    print("ok " + name)
                except AssertionError as error:
                    good = False
                    print("FAIL %s: %s" % (name, " ".join(str(error).split())))
                    shell.end()
                    shell = kind(place)
            shell.end()
    finally:
        shutil.rmtree(place)
    sys.exit(0 if good else 1)


main()
