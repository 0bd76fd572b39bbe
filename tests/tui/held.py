"""What the workbench does when it is held up by a terminal that takes nothing.

python3 held.py BINARY DATABASE
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
SOON = 6    # seconds that what must not be held up may take, on a slow machine too


class Terminal:
    """A terminal that takes nothing but when it is told to."""

    def __init__(self, database, columns=120, rows=40):
        self.errors, child = os.pipe()
        self.sent = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            for name in ("LINES", "COLUMNS", "NO_COLOR", "COLORFGBG"):
                os.environ.pop(name, None)
            os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
            os.dup2(child, 2)
            os.execv(BINARY, [BINARY, "--db", database])
        os.close(child)

    def wait(self, pattern, limit=LIMIT):
        """Takes what comes until it has the pattern, from where the last one was found."""
        end = time.monotonic() + limit
        while not (found := re.search(pattern, self.sent)):
            if not select.select([self.fd], [], [], max(0, end - time.monotonic()))[0]:
                return False
            try:
                self.sent += os.read(self.fd, 1 << 16)
            except OSError:
                return False
        self.sent = self.sent[found.end():]
        return True

    def type(self, keys):
        os.write(self.fd, keys)

    def take(self, seconds):
        """Takes what is there, or comes within that time."""
        if select.select([self.fd], [], [], seconds)[0]:
            try:
                os.read(self.fd, 1 << 16)
            except OSError:
                pass

    def ended(self, reading, limit=SOON):
        """How the program ended within so many seconds, else None. `reading`: the terminal takes what comes."""
        end = time.monotonic() + limit
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            if reading:
                self.take(0.02)
            else:
                select.select([], [], [], 0.02)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return None

    def said(self):
        return os.read(self.errors, 1 << 16).decode()

    def modes(self):
        return termios.tcgetattr(self.fd)[3] & (termios.ICANON | termios.ECHO)

    def state(self):
        """What the program is about: R, S, and so on."""
        with open(f"/proc/{self.pid}/stat", encoding="ascii") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0]


def fill(terminal):
    """Repaintings that nobody reads, until one is held up: then a key stays unread."""
    end = time.monotonic() + LIMIT
    fd = os.open(f"/proc/{terminal.pid}/fd/0", os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    since = time.monotonic()
    while time.monotonic() < min(end, since + 1):
        if struct.unpack("i", fcntl.ioctl(fd, termios.FIONREAD, b"\0" * 4))[0] == 0:
            terminal.type(b"\x0c")
            since = time.monotonic()
        select.select([], [], [], 0.005)
    os.close(fd)
    return time.monotonic() < end


def unread(number):
    def check():
        terminal = Terminal(DATABASE)
        if not terminal.wait(rb"infoflow"):
            return "it never painted"
        modes = terminal.modes()
        if not fill(terminal):
            return "the terminal never was full"
        os.kill(terminal.pid, number)
        status = terminal.ended(False)
        if status != 128 + number:
            return f"it ended with {status}"
        return None if terminal.modes() != modes else "the terminal's modes were not put back"
    return check


def stopped():
    """^S, and a signal: the terminal goes on, and is given back as it was."""
    terminal = Terminal(DATABASE)
    if not terminal.wait(rb"infoflow"):
        return "it never painted"
    terminal.type(b"\x13")
    os.kill(terminal.pid, signal.SIGWINCH)
    terminal.type(b"jj\x0c")
    os.kill(terminal.pid, signal.SIGTERM)
    if not terminal.wait(rb"\x1b\[\?1049l", SOON):
        return "the screen was not given back"
    status = terminal.ended(True)
    return None if status == 128 + signal.SIGTERM else f"it ended with {status}"


def report(name, problem):
    print(f"FAIL {name}: {problem}" if problem else f"ok {name}")
    return bool(problem)


def main():
    failed = False
    for number in (signal.SIGTERM, signal.SIGHUP):
        failed |= report(f"ends by {number.name} while nobody reads its terminal", unread(number)())
    failed |= report("ends by a signal behind ^S", stopped())
    return 1 if failed else 0


sys.exit(main())
