"""How the workbench begins and ends, in a terminal."""
import os
import signal
import sqlite3

import dumps
from harness import NOBODY, require, test
from terminal import CLEAR_SCREEN, GIVE_BACK, Terminal


@test
def only_a_lock_is_waited_for(box):
    """It begins on a database that another program holds, and on no other that cannot be opened."""
    box.ok("import", dumps.write_run(box.path("tide")))
    holder = sqlite3.connect(box.db, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with Terminal(box) as terminal:
        terminal.shows(b"locked by another process")
        holder.execute("ROLLBACK")
        terminal.shows(b"tide")
        terminal.type(b"q")
        require(terminal.ends()[0] == 0, "a lock")
    holder.close()

    box.publish()
    os.chmod(box.db, 0)
    with Terminal(box, user=NOBODY) as terminal:
        code, said = terminal.ends()
        require(code == 1 and said.count("\n") == 1 and "runs.db: cannot open: " in said, str(code), said)
        require(CLEAR_SCREEN not in terminal.sent, "it took the screen")


@test
def signals_end_it(box):
    """Its screen is given back, its database closed."""
    box.ok("import", dumps.write_run(box.path("tide"), n=48))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        for keys, text in ((b"", b"tide"), (b"\rwwww", b"I(X;T)")):  # the list; a run that is estimated
            with Terminal(box) as terminal:
                terminal.shows(b"tide")
                terminal.type(keys)
                terminal.shows(text)
                require(terminal.mode() != terminal.modes, "it takes keys as they come")
                os.kill(terminal.pid, number)
                code, said = terminal.ends()
                require(code == 128 + number and said == "", number, code, said)
                require(GIVE_BACK in terminal.sent and terminal.mode() == terminal.modes, "the terminal", number)
                require(not os.path.exists(box.db + "-journal"), "a journal")
    box.ok("verify")
