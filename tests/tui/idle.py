"""What the workbench sends to its terminal: nothing while nothing happens, little when something does.

python3 idle.py BINARY DATABASE
"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

BINARY, DATABASE = sys.argv[1:3]
LIMIT = 60  # seconds until a wait is given up


class Terminal:
    def __init__(self, columns, rows):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            for name in ("LINES", "COLUMNS", "NO_COLOR", "COLORFGBG"):
                os.environ.pop(name, None)
            os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
            os.execv(BINARY, [BINARY, "--db", DATABASE])

    def read(self, quiet):
        """All that comes until nothing has come for `quiet` seconds."""
        sent, end = b"", time.monotonic() + LIMIT
        while time.monotonic() < end and select.select([self.fd], [], [], quiet)[0]:
            try:
                piece = os.read(self.fd, 1 << 16)
            except OSError:  # the other side is gone
                break
            if not piece:
                break
            sent += piece
        return sent

    def type(self, keys, quiet=0.5):
        os.write(self.fd, keys)
        return self.read(quiet)

    def processor(self):
        """Seconds of processor time so far."""
        with open(f"/proc/{self.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def status(self):
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return status
            self.read(0.05)
        os.kill(self.pid, signal.SIGKILL)
        return None


def report(name, problem):
    print(f"FAIL {name}: {problem}" if problem else f"ok {name}")
    return bool(problem)


def idle():
    terminal = Terminal(120, 40)
    terminal.read(1)
    terminal.type(b"\r", 3)
    before = terminal.processor()
    sent = terminal.read(2)
    spent = terminal.processor() - before
    terminal.type(b"q")
    if terminal.status() != 0:
        return "it did not end"
    if sent:
        return f"{len(sent)} bytes in two idle seconds: {sent[:80]}"
    return f"{spent} s of processor time in two idle seconds" if spent > 0.05 else None


def hangup():
    """The terminal goes away: the program does not stay behind."""
    terminal = Terminal(80, 24)
    terminal.read(1)
    os.close(terminal.fd)
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        if os.waitpid(terminal.pid, os.WNOHANG)[0]:
            return None
        time.sleep(0.05)
    os.kill(terminal.pid, signal.SIGKILL)
    return "it is still there"


def crash():
    """What was asked of the terminal is taken back, whatever the program was about."""
    terminal = Terminal(80, 24)
    asked = terminal.read(1)
    os.kill(terminal.pid, signal.SIGSEGV)
    sent = terminal.read(1)
    terminal.status()
    modes = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
    on = set()
    for numbers, way in modes.findall(asked + sent):
        (on.update if way == b"h" else on.difference_update)(numbers.split(b";"))
    kept = on - {b"7", b"12", b"25"}  # the cursor, and that lines wrap
    return f"modes are still on: {kept}" if kept or b"25" not in on else None


def budgets():
    for columns, rows, full in ((80, 24, 3000), (120, 40, 8000), (200, 60, 15000)):
        terminal = Terminal(columns, rows)
        terminal.read(1)
        terminal.type(b"\r", 3)
        sent = len(terminal.type(b"\x0c"))
        terminal.type(b"q")
        terminal.status()
        if sent > full:
            return f"{sent} bytes for a full painting of {columns}x{rows}"
    return None


def main():
    failed = report("sends nothing while nothing happens", idle())
    failed |= report("goes when its terminal goes", hangup())
    failed |= report("takes back what it asked of the terminal when it crashes", crash())
    failed |= report("paints a screen in few bytes", budgets())
    return 1 if failed else 0


sys.exit(main())
