#!/usr/bin/env python3
"""Shards where clusters run them: under GNU parallel, and in a job array of Slurm with a merge that depends on it, on one
node whose daemons are started here. In both a shard is killed and run again, and the spectra that are merged are those
of one process bit for bit.

    python3 tests/cluster.py BUILD
"""
import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, "tests", "cli"))
from check_shards import spectra  # noqa: E402
from harness import Skip, require  # noqa: E402

WIDTHS = ["--h", "1:20:12"]
PATIENCE = 120  # seconds
PROGRAMS = {"parallel": "GNU parallel", "slurmctld": "Slurm", "slurmd": "Slurm", "sbatch": "Slurm", "munged": "munge"}


class Place:
    """A folder with a run database, and the environment of whoever works there."""

    def __init__(self, build):
        self.folder = tempfile.mkdtemp(prefix="infoflow-cluster-")
        self.environment = {"PATH": "%s:%s" % (os.path.abspath(build), os.environ["PATH"]), "HOME": self.folder,
                            "LC_ALL": "C.UTF-8"}
        self.say("infoflow", "import", "--db", "runs.db", os.path.join(ROOT, "sample-runs"))
        for name in ("one.db", "parallel.db", "slurm.db"):
            shutil.copy(self.path("runs.db"), self.path(name))
        self.say("infoflow", "compute", "--db", "one.db", *WIDTHS)
        self.wanted = spectra(self.path("one.db"))

    def path(self, name):
        return os.path.join(self.folder, name)

    def begin(self, *words):
        return subprocess.Popen(words, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def say(self, *words):
        """What a command prints; it must succeed."""
        process = self.begin(*words)
        out = process.communicate(timeout=PATIENCE)[0].decode()
        require(process.returncode == 0, words, process.returncode, out[-500:])
        return out

    def merged(self, database):
        """Bit for bit, and the same again when the parts are merged once more."""
        require(spectra(self.path(database)) == self.wanted, "not the spectra of one process")
        parts = [name for name in os.listdir(self.folder) if name.startswith(database + ".part-")]
        lines = self.say("infoflow", "merge", "--db", database, *parts).splitlines()
        require(len(lines) == 4 and all(" 0 of them new" in line for line in lines), lines)
        require(spectra(self.path(database)) == self.wanted, "another merge changed something")


def wait_for(what, condition):
    limit = time.monotonic() + PATIENCE
    while not condition():
        require(time.monotonic() < limit, "never:", what)
        time.sleep(0.02)


def shard_process(part):
    """The process that writes this part."""
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError), open("/proc/%s/cmdline" % name, "rb") as file:
            words = file.read().decode(errors="replace").split("\0")
            if os.path.basename(words[0]) == "infoflow" and part in words:
                return int(name)
    return None


def kill_shard(place, part):
    """In the midst of its work."""
    wait_for("a part that has begun", lambda: os.path.exists(place.path(part)) and os.path.getsize(place.path(part)) > 200000)
    process = shard_process(part)
    require(process is not None, "the shard ended before it was killed")
    os.kill(process, signal.SIGKILL)


def need(*programs):
    for program in programs:
        if shutil.which(program) is None:
            raise Skip("%s is not installed" % PROGRAMS[program])


# ---- GNU parallel ----

def gnu_parallel(place):
    need("parallel")
    command = ["infoflow", "compute", "--db", "parallel.db", *WIDTHS, "--threads", "1", "--shard", "{}/4", "--out",
               "parallel.db.part-{}"]
    process = place.begin("parallel", "--retries", "2", "--jobs", "2", *command, ":::", "1", "2", "3", "4")
    kill_shard(place, "parallel.db.part-2")
    out = process.communicate(timeout=PATIENCE)[0].decode()
    require(process.returncode == 0, process.returncode, out[-500:])
    require(len(re.findall(r"computed, [1-9][0-9]* there already", out)) > 0, "the killed one began anew:", out)
    place.say("infoflow", "merge", "--db", "parallel.db", *("parallel.db.part-%d" % k for k in range(1, 5)))
    place.merged("parallel.db")


# ---- Slurm ----

CONFIGURATION = """
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SlurmdPort={node_port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/builtin
SchedulerParameters=sched_min_interval=0,batch_sched_delay=0
SlurmdParameters=config_overrides
NodeName={host} NodeAddr=127.0.0.1 CPUs=2
PartitionName=all Nodes=ALL Default=YES State=UP
"""


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


@contextlib.contextmanager
def slurm(place):
    """The daemons of a cluster of one node, in a folder of their own."""
    need("munged", "slurmctld", "slurmd", "sbatch")
    if os.geteuid() != 0:
        raise Skip("the daemons of Slurm need root")
    folder = place.path("slurm")
    for name in ("", "state", "spool"):
        os.mkdir(os.path.join(folder, name))
    key = os.open(os.path.join(folder, "munge.key"), os.O_WRONLY | os.O_CREAT, 0o600)
    os.write(key, os.urandom(128))
    os.close(key)
    ports = free_ports(2)
    with open(os.path.join(folder, "slurm.conf"), "w") as file:
        file.write(CONFIGURATION.format(host=socket.gethostname().split(".")[0], port=ports[0], node_port=ports[1], folder=folder))
    place.environment["SLURM_CONF"] = os.path.join(folder, "slurm.conf")
    munge = ["--%s=%s/munge.%s" % (option, folder, end) for option, end in
             (("key-file", "key"), ("socket", "socket"), ("pid-file", "pid"), ("log-file", "log"), ("seed-file", "seed"))]
    daemons = []
    try:
        with open(os.path.join(folder, "log"), "wb") as log:
            for command in (["munged", "--foreground", "--force", *munge], ["slurmctld", "-D"], ["slurmd", "-D"]):
                daemons.append(subprocess.Popen(command, cwd=folder, env=place.environment, stdout=log, stderr=log))
        try:
            wait_for("an idle node", lambda: b"idle" in place.begin("sinfo", "-h", "-o", "%t").communicate()[0])
        except AssertionError as error:
            with open(os.path.join(folder, "log"), errors="replace") as log:
                raise AssertionError("%s: %s" % (error, log.read()[-600:]))
        yield
    finally:
        for daemon in reversed(daemons):
            daemon.terminate()
            daemon.wait()


def submit(place):
    """The array and the merge behind it, as compute.sbatch says; the number of the array."""
    script = os.path.join(ROOT, "sample-runs", "compute.sbatch")
    array = place.say("sbatch", "--parsable", "--array=1-4", script, "slurm.db", *WIDTHS).strip()
    place.say("sbatch", "--dependency=afterok:" + array, "--kill-on-invalid-dep=yes", "--output=merge.log", "--wrap",
              "infoflow merge --db slurm.db slurm.db.part-*")
    return array


def wait_for_jobs(place):
    wait_for("the end of the jobs", lambda: place.say("squeue", "-h") == "")


def job_array(place):
    with slurm(place):
        submit(place)
        kill_shard(place, "slurm.db.part-2")
        wait_for_jobs(place)
        require(spectra(place.path("slurm.db")) == [], "merged without the killed shard")
        array = submit(place)
        wait_for_jobs(place)
        for task in range(1, 5):
            with open(place.path("infoflow-%s-%d.log" % (array, task))) as log:
                text = log.read()
            require(re.search(r"computed, [1-9][0-9]* there already", text), "began anew:", text)
            require((task == 2) == bool(re.search(r" [1-9][0-9]* spectra computed", text)), task, text)
        place.merged("slurm.db")


def main():
    place = Place(sys.argv[1])
    good = True
    try:
        for test in (gnu_parallel, job_array):
            name = "shards: " + test.__name__.replace("_", " ")
            try:
                test(place)
                print("ok " + name)
            except Skip as skip:
                print("skip %s: %s" % (name, skip))
            except AssertionError as error:
                good = False
                print("FAIL %s: %s" % (name, " ".join(str(error).split())))
    finally:
        shutil.rmtree(place.folder)
    sys.exit(0 if good else 1)


main()
