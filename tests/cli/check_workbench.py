"""How the workbench begins and ends, in a terminal."""
import os
import sqlite3

import dumps
from harness import NOBODY, require, test
from terminal import CLEAR_SCREEN, Terminal


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
