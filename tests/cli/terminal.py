"""The program in a terminal that takes all it is sent."""
import fcntl
import os
import pty
import select
import struct
import termios
import time

from harness import TIMEOUT, require

CLEAR_SCREEN = b"\x1b[?1049h"
GIVE_BACK = b"\x1b[?1049l"


class Terminal:
    """Leaving the block kills the program where it still runs. `under`: a program that runs it, and its words."""

    def __init__(self, box, *words, user=None, columns=100, rows=30, under=()):
        self.sent = b""
        reading, errors = os.pipe()
        environment = box.environment({"XDG_STATE_HOME": box.path("state"), "XDG_CONFIG_HOME": box.path("config")})
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.dup2(errors, 2)
            if user is not None and os.geteuid() == 0:
                os.setgroups([])
                os.setgid(user)
                os.setuid(user)
            os.chdir(box.folder)
            command = [*under, box.binary, "--db", box.db, *words]
            os.execve(command[0], command, environment)
        os.close(errors)
        self.errors = reading
        self.modes = self.mode()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.pid is not None:
            os.kill(self.pid, 9)
            os.waitpid(self.pid, 0)
        os.close(self.fd)
        os.close(self.errors)

    def mode(self):
        return termios.tcgetattr(self.fd)[3] & (termios.ICANON | termios.ECHO)

    def take(self, seconds=0.1):
        """What comes, or nothing in that time. False at the end."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            piece = os.read(self.fd, 1 << 16)
        except OSError:  # the program is gone
            return False
        self.sent += piece
        return piece != b""

    def shows(self, text):
        """Waits for it."""
        end = time.monotonic() + TIMEOUT
        while text not in self.sent:
            require(time.monotonic() < end and self.take(), "never saw", repr(text), "in", repr(self.sent[-300:]))

    def settles(self, quiet=0.2):
        """Takes what comes until nothing has come for so long."""
        while select.select([self.fd], [], [], quiet)[0] and self.take(0):
            continue

    def type(self, keys):
        os.write(self.fd, keys)

    def ends(self):
        """Waits for the end: the exit code, or -N of signal N, and what was said on stderr."""
        end = time.monotonic() + TIMEOUT
        status = 0, 0
        while status[0] == 0 and time.monotonic() < end:
            self.take()
            status = os.waitpid(self.pid, os.WNOHANG)
        require(status[0] != 0, "it does not end")
        self.pid = None
        while self.take(0) and select.select([self.fd], [], [], 0)[0]:
            continue
        return os.waitstatus_to_exitcode(status[1]), os.read(self.errors, 1 << 16).decode()
