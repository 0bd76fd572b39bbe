"""Control bytes from every side (database, files, environment, arguments, what a user's own folders hold) through every
command and the workbench: none comes out. The harness looks at all that commands print."""
import os
import re
import sqlite3

import dumps
from check_hostile import NASTY
from check_usage import COMMANDS
from harness import require, test
from terminal import Terminal

# What a terminal would obey, with a mark that the program's own sequences never have.
MARKED = "a\x1b[7777mb\x1b]0;7777\x07c\x9b7777m\x9d\u202e\x7f\r\n\t\x00".rstrip("\0")
BYTES = [NASTY.encode(), b"\xff\xfe\x1b[7777m\xc0\x9b7777m\xed\xa0\x80\xf5\x80\x80\x80"]


@test
def arguments_of_every_command(box):
    box.ok("import", dumps.write_run(box.path("run")))
    for text in BYTES:
        for command in COMMANDS:
            if command == "watch":  # it waits for what does not exist
                continue
            for words in ([command, text], [command, "1", text], [command, b"--" + text], [command, "--db", text],
                          [command, "1", b"--steps=" + text], [command, "--filter", text]):
                result = box.run(*words) if "--db" not in words else box.raw(*words)
                require(result.code in (0, 1, 2, 3), result.describe())
        for words in ([text], [b"--" + text], ["--help", text], ["plot", text, "1"], ["plot", "dpi", text, "1"],
                      ["tag", "1", text + b"=" + text], ["note", "1", text], ["rename", "1", b"1" + text], ["note", "1"],
                      ["show", "1"], ["runs"], ["runs", "--csv"], ["runs", "--json"], ["verify"]):
            box.run(*words)


@test
def environment_of_every_command(box):
    folder = dumps.write_run(box.path("run"), steps=(0,))
    box.ok("import", folder)
    for text in BYTES:
        for name in ("HOME", "XDG_DATA_HOME", "INFOFLOW_DB", "TERM", "COLORTERM", "LC_ALL", "LANG", "COLUMNS", "NO_COLOR",
                     "COLORFGBG", "TMPDIR"):
            where = os.fsencode(box.path("env")) + b"/" + text if name in ("HOME", "XDG_DATA_HOME") else text
            for words in (["runs"], ["import", folder], ["show", "run"], ["plot", "dpi", "run"], ["verify"], ["merge", "x"]):
                result = box.raw(*words, env={name: where, "HOME": where if name == "HOME" else box.folder})
                require(result.code in (0, 1, 2, 3), result.describe())


# The sequences that the workbench sends by itself.
OWN = re.compile(r"\x1b(\[[0-9;?>=:]*[ -/]*[@-~]|\][0-9;]*[?][\x07]|\][0-9;]*[?]\x1b\\|[()][0-9A-Z]|[=>78M])")


def require_harmless(sent):
    text = sent.decode("utf-8")  # raises where it is not valid
    for match in OWN.finditer(text):
        require("7777" not in match.group(), "obeyed:", repr(match.group()))
    for character in OWN.sub("", text):
        code = ord(character)
        control = (code < 0x20 and character not in "\r\n\t\b\x0e\x0f") or 0x7F <= code <= 0x9F
        require(not control and not 0x202A <= code <= 0x202E, "sent", hex(code))


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as out:
        out.write(data)


@test
def the_workbench(box):
    """Names of a database, lines of config, history and views, file names that Tab finds, what is pasted."""
    box.ok("import", dumps.write_run(box.path("run"), params={"lr": 0.1, "s": "x"}, tags={"t": "x"}))
    other = sqlite3.connect(box.db)
    for sql in ("UPDATE runs SET name = ?1, note = ?1", "UPDATE layers SET name = ?1 || position",
                "UPDATE params SET key = ?1 || position, text = ?1", "UPDATE tags SET key = ?1, text = ?1",
                "UPDATE metrics SET name = ?1"):
        other.execute(sql, ("red" + MARKED,))
    other.commit()
    other.close()
    marked = MARKED.replace("\n", "").encode() + b"\xff\x9b7777m"
    config = os.path.join(box.path("config"), "infoflow")
    write(os.path.join(config, "config"), b"alpha 1\n" + marked + b"\nbind x note " + marked + b"\n")
    write(os.path.join(box.path("state"), "infoflow", "history"), b"note " + marked + b"\n")
    write(os.fsencode(os.path.join(config, "views")) + b"/v" + marked.replace(b"/", b""), b"view pid\n")
    write(os.fsencode(box.path("files")) + b"/f" + marked.replace(b"/", b""), b"")
    with Terminal(box) as terminal:
        terminal.shows(b"red")
        for keys in (b"/red\r", b"i", b"\x1b", b"fred and lr\r", b":columns \t\x1b", b":compare \t\x1b", b":rename \t\x1b",
                     b":filter \t\t\x1b", b":note \x10\x1b", b":load \t\x1b", b":export files/\t\t\x1b", b":watch files/\t\x1b",
                     b"\r", b"1", b"2", b"3", b"4", b"5", b"0", b"?", b"\x1b", b":layer \t\x1b", b":" + marked[:20] + b"\x1b",
                     b":\x1b[200~" + marked + b"\x1b[201~", b"\x1b"):
            terminal.type(keys)
            terminal.settles()
        terminal.type(b":quit\r")
        code, said = terminal.ends()
        require(code == 0, str(code), said)
        require_harmless(terminal.sent)
