"""Boot QEMU once and leave a folder that tells all about it.

	console.txt	what people would have seen
	records.txt	the second UART
	meta.json	command line, cores, seed, QEMU's rc, CPU and wall time,
			and why it was stopped, if it had to be
	state.txt	what the kernel said of its processes, if it was stopped
	stacks.txt	where every core stood, likewise

A boot ends by itself, or is stopped when the guest makes no progress, or when
QEMU has used up its CPU time.  No limit is a tight clock: a loaded host makes a
boot slower, never wrong.  Where a function that a lab leaves to its student has
been reached there is less patience: what waits for it will wait for ever.
"""

import dataclasses
import json
import math
import os
import pathlib
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import machine  # noqa: E402

import look  # noqa: E402
import records  # noqa: E402

OUT = os.environ.get("O") or "obj"
RUNS = f"{OUT}/grade"


def build(race=0, **how):
    """`make`, of the machine with race points or the one without; what
    subprocess.run() returns, which takes @how, too."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    words = ["RACE=1", f"O={OUT}/race"] if race else [f"O={OUT}"]
    return subprocess.run(["make", "-s", "-j2", "-C", ROOT, *words], env=env,
                          **how)


# Less than 1 where many boots may be hopeless, as in a course.
PATIENCE = float(os.environ.get("EV6_PATIENCE") or 1)


# Threads of a guest that get this share of the CPU time that they want are on a
# host that keeps nobody waiting; four that spin on two cores have it.
SHARE = 0.5


@dataclasses.dataclass(frozen=True)
class Limits:
    """When to give a boot up."""

    still_beats: int = 30  # seconds of a guest that can run, nothing moving
    silent_cpu: float = 90 * PATIENCE  # CPU seconds of QEMU without a record
    wait_cpu: float = math.inf  # the same with no record but beats
    cpu: float = 400 * PATIENCE  # CPU seconds of QEMU in all
    asleep: float = 45 * PATIENCE  # seconds with no thread that wants to run
    wall: float = 900  # a net below the nets, for a host that sleeps
    at_check: bool = False  # stop, and look, when a check does not hold

    def of_a_starter(self):
        """The same for a boot that came to a function not written yet."""
        return dataclasses.replace(
            self, still_beats=min(self.still_beats, 3),
            wait_cpu=min(self.wait_cpu, 8), cpu=min(self.cpu, 20))


class Progress:
    """What the records that arrive say about the guest's progress."""

    def __init__(self, path):
        self.file = open(path, errors="replace")
        self.unwritten = False  # a function that is yours to write was called
        self.failed = None  # the first check that did not hold
        self.rest = ""
        self.counters = None
        self.beats = 0  # since something moved
        self.still = 0.0  # the same, each for as much as the guest could run
        self.cpu_at_record = 0.0
        self.cpu_at_fact = 0.0  # the same for records that are no beats
        self.cpu_at_beat = 0.0
        self.awake = time.monotonic()  # when a record came or a thread ran

    def look(self, cpu, wanting=1):
        """Read what is new, @cpu seconds of QEMU's time into the run.

        @wanting: so many of its threads do not just wait.  A guest that lives
        writes a beat each second; on a busy host it waits for its turn.
        """
        if wanting:
            self.awake = time.monotonic()
        *lines, self.rest = (self.rest + self.file.read()).split("\n")
        for line in lines:
            record = records.read_line(line)
            if isinstance(record, str):
                continue
            self.cpu_at_record = cpu
            self.awake = time.monotonic()
            self.note(record)
            if record.kind == "beat":
                got = cpu - self.cpu_at_beat
                self.beat(record, got / wanting if wanting else 1)
                self.cpu_at_beat = cpu
            else:
                self.beats = self.still = 0
                self.cpu_at_fact = cpu

    def beat(self, record, share):
        """Has anything moved since the last one?  A guest that got a small
        @share of what it wanted is not so still: it could hardly move, and
        the patience of its tests passes as slowly."""
        counters = {k: v for k, v in record.fields.items() if k != "ticks"}
        if counters != self.counters:
            self.beats = self.still = 0
        else:
            self.beats += 1
            self.still += min(1, share / SHARE)
        self.counters = counters

    def note(self, record):
        self.unwritten |= record.kind == "todo"
        if record.kind == "check" and record.expected != record.got:
            self.failed = self.failed or record.name

    def stuck(self, limits, cpu, wall):
        """Why the run must be given up, or none."""
        if self.failed and limits.at_check:
            return f"check `{self.failed}` did not hold"
        if self.unwritten:
            limits = limits.of_a_starter()
        if self.still >= limits.still_beats:
            return f"nothing has moved for {self.beats} guest seconds"
        if cpu - self.cpu_at_record > limits.silent_cpu:
            return (f"no record came in {limits.silent_cpu:.0f} seconds of "
                    "QEMU's CPU time")
        if cpu - self.cpu_at_fact > limits.wait_cpu:
            return (f"a test waited for {limits.wait_cpu:.0f} seconds of "
                    "QEMU's CPU time")
        if cpu > limits.cpu:
            return f"QEMU used {limits.cpu:.0f} seconds of CPU time"
        if time.monotonic() - self.awake > limits.asleep:
            return (f"every core has slept for {limits.asleep:.0f} seconds, "
                    "and no timer has woken one")
        if wall > limits.wall:
            return f"{limits.wall:.0f} seconds have passed"
        return None


def cpu_seconds(pid):
    """CPU time of @pid and its threads so far."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0.0
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def threads_wanting(pid):
    """How many threads of @pid run, or wait for their turn or a disk."""
    n = 0
    for stat in pathlib.Path(f"/proc/{pid}/task").glob("*/stat"):
        try:
            n += stat.read_text().rpartition(") ")[2][:1] in ("R", "D")
        except OSError:
            pass
    return n


def stop(qemu, folder, m, progress):
    """Look around in the guest, then end QEMU."""
    console = pathlib.Path(folder, "console.txt")
    before = console.read_bytes()
    looks = [("state.txt", (look.state, folder, m.trace))]
    if not progress.failed:
        looks.insert(0, ("stacks.txt", (look.stacks, folder, m.out, m.run)))
    if progress.unwritten and not progress.failed:
        looks = []  # there is nothing to find out
    for name, look_at in looks:
        pathlib.Path(folder, name).write_text(look.attempt(*look_at))
    qemu.kill()
    qemu.wait()
    console.write_bytes(before)  # without what was typed at the monitor


class Console:
    """Passes on what appears on the console, to @show if there is one."""

    def __init__(self, folder, show):
        self.file = open(f"{folder}/console.txt", "rb")
        self.show = show

    def look(self):
        new = self.file.read()
        if self.show and new:
            self.show(new.decode(errors="replace"))


def watch(qemu, folder, m, limits, show):
    """Wait for QEMU to end, or stop it; (why stopped or none, CPU seconds)."""
    progress = Progress(f"{folder}/records.txt")
    console = Console(folder, show)
    begin = time.monotonic()
    why, cpu, pause = None, 0.0, 0.01
    while True:
        try:
            qemu.wait(pause)
            console.look()
            return why, max(cpu, 0.0)
        except subprocess.TimeoutExpired:
            pause = min(pause * 1.5, 0.2)
        console.look()
        cpu = cpu_seconds(qemu.pid)
        progress.look(cpu, threads_wanting(qemu.pid))
        why = why or progress.stuck(limits, cpu, time.monotonic() - begin)
        if why:
            stop(qemu, folder, m, progress)


# More cores than this make way: a few hundred threads that all want to run
# leave a small machine beside them too little for its tests' patience.
CROWD = 32


def considerate(command, cpus):
    """@command, which is killed when we are, for nobody else would end its
    spin; and which makes way for others if it is a crowd."""
    setpriv = shutil.which("setpriv")
    if setpriv:
        command = [setpriv, "--pdeathsig", "KILL", *command]
    return ["nice", "-n", "19", *command] if cpus > CROWD else command


def boot(name, limits=Limits(), show=None, race=0, console=None, **how):
    """Boot the machine.Machine that @how describes; return its folder.

    @race: the one that has race points.  @show is called with what appears on
    the console, while it does.  @console: a chardev of the caller's to be the
    console, of which nothing is kept.
    """
    m = machine.Machine(out=f"{OUT}/race" if race else OUT, **how)
    folder = pathlib.Path(RUNS, name)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "records.txt").touch()
    (folder / "console.txt").touch()
    command = m.command(
        machine.find_qemu(),
        console or f"socket,path={folder}/console.sock,server=on,wait=off,"
        f"logfile={folder}/console.txt",
        f"file,path={folder}/records.txt",
        ["-chardev", f"socket,id=monitor,path={folder}/monitor.sock,"
         "server=on,wait=off", "-mon", "chardev=monitor,mode=readline"])
    begin = time.monotonic()
    with open(folder / "qemu.txt", "w") as complaints:
        qemu = subprocess.Popen(considerate(command, m.cpus),
                                stdin=subprocess.DEVNULL,
                                stdout=complaints, stderr=complaints)
        try:
            stopped, cpu = watch(qemu, folder, m, limits, show)
        finally:
            qemu.kill()
            qemu.wait()
    meta = dataclasses.asdict(m) | {
        "seed": m.nonce(), "race": race,
        "command": command, "rc": qemu.returncode, "stopped": stopped,
        "cpu_seconds": round(cpu, 2),
        "wall_seconds": round(time.monotonic() - begin, 2),
    }
    (folder / "meta.json").write_text(json.dumps(meta, indent=1) + "\n")
    return folder
