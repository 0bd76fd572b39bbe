"""What a command shows on a terminal of some size after some keys, as text: through tmux."""
import os
import subprocess
import time

QUIET = 0.25     # a screen that has not changed for so long has taken the key
SETTLED = 3.0    # and one for so long is not going to change, where it is not known what it shall be
PATIENCE = 60.0


class Terminal:
    """A window of tmux with a command in it."""

    opened = 0

    def __init__(self, command, columns, rows, folder, environment):
        Terminal.opened += 1
        self.socket = os.path.join(folder, ".tmux%d" % Terminal.opened)  # the one before may still be closing
        self.environment = {**environment, "XDG_STATE_HOME": self.socket + "-state"}  # else it goes on where one was cut off
        self.tmux("new-session", "-d", "-x", str(columns), "-y", str(rows), "-c", folder, command,
                  before=["-f", os.devnull], after=[";", "set-option", "-g", "status", "off", ";",
                                                    "resize-window", "-x", str(columns), "-y", str(rows)])

    def tmux(self, *words, before=(), after=()):
        done = subprocess.run(["tmux", "-S", self.socket, *before, *words, *after], env=self.environment, check=True,
                              stdout=subprocess.PIPE, timeout=PATIENCE)
        return done.stdout.decode("utf-8")

    def screen(self):
        lines = [line.rstrip() for line in self.tmux("capture-pane", "-p").split("\n")]
        while lines and not lines[-1]:
            lines.pop()
        return lines

    def wait(self, quiet, wanted=None):
        end = time.monotonic() + PATIENCE
        seen, since = self.screen(), time.monotonic()
        while time.monotonic() < min(end, since + quiet) and seen != wanted:
            time.sleep(0.05)
            now = self.screen()
            if now != seen:
                seen, since = now, time.monotonic()
        return seen

    def press(self, keys):
        for key in keys:
            self.wait(QUIET)
            self.tmux("send-keys", *(["-l", key] if len(key) == 1 or key.startswith(":") else [key]))
            if key.startswith(":"):
                self.tmux("send-keys", "Enter")

    def close(self):
        try:
            self.tmux("kill-server")
        except subprocess.SubprocessError:
            pass


def show(command, columns, rows, keys, folder, environment, wanted, quiet):
    """The screen as soon as it is the wanted one, or has not changed for `quiet` seconds."""
    terminal = Terminal(command, columns, rows, folder, environment)
    try:
        while not terminal.screen():
            time.sleep(0.05)
        terminal.press(keys)
        return terminal.wait(quiet, wanted)
    finally:
        terminal.close()
