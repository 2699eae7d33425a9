"""Look at a guest that hangs, before QEMU is ended.

GDB tells where every core stands. The kernel's own monitor, which ^P on the
console enters, tells of processes, vcores and mailboxes, if the kernel still
answers; from that one can often say which promise is broken.
"""

import pathlib
import re
import shutil
import socket
import subprocess
import time

PATIENCE = 3  # seconds without a word after which the monitor is silent
PROMPT = "ev6 monitor> "

PROCESS = re.compile(r"^\s*(\d+)\s+\d+ ([\w-]+)\s+(scp|mcp)\s+(\d+)\s+\d+\s+\d+"
                     r"\s+(\S+)$", re.M)
VCORE = re.compile(r"^  vcore (\d+): (offline|on core \d+), pending (\d)"
                   r", disabled (\d)(.*)$", re.M)
WAITING = re.compile(r"^  (.*), (?:flags .*)?(?:messages waiting|"
                     r"bitmap (?!0x0 0,)|[1-9]\d* in the ring).*$", re.M)


def program(folder, out, run):
    """The ELF of the program that was running: the last that has said so, or
    else the last that RUN names."""
    text = pathlib.Path(folder, "records.txt").read_text(errors="replace")
    words = re.findall(r"\w+", run) + re.findall(r" start test=(\w+)", text)
    elves = [pathlib.Path(out, f"user/bin/{word}.elf") for word in words]
    return [e for e in elves if e.exists()][-1:]


def stacks(folder, out, run):
    """Where every core stands, from GDB."""
    if not shutil.which("gdb"):
        return "GDB is not installed: type `make setup`.\n"
    stub = f"{folder}/gdb.sock"
    symbols = [f"file {out}/ev6.elf"]
    symbols += [f"add-symbol-file {e}" for e in program(folder, out, run)]
    with socket.socket(socket.AF_UNIX) as monitor:
        monitor.settimeout(10)
        monitor.connect(f"{folder}/monitor.sock")
        monitor.sendall(f"gdbserver unix:{stub},server=on,wait=off\n".encode())
        time.sleep(0.5)
        commands = ["set width 0", *symbols, f"target remote {stub}",
                    "thread apply all backtrace 6"]
        return subprocess.run(
            ["gdb", "-nx", "-batch"] + [w for c in commands for w in ("-ex", c)],
            capture_output=True, text=True, timeout=60,
            stdin=subprocess.DEVNULL).stdout


def brief(said):
    """What stacks() said, a line for each core that does something."""
    idle = []
    for core, text in re.findall(r"CPU#(\d+) .*\n((?:#.*\n?)*)", said):
        frames = re.findall(r"^#\d+ +(?:0x\w+ in )?(\w+) .*? at (\S+)$", text,
                            re.M)
        names = [name for name, _ in frames]
        if names[:2] == ["irq_wait", "core_loop"]:
            idle.append(int(core))
        elif frames:
            yield f"core {core}: " + ", from ".join(
                f"{name}() {where}" for name, where in frames[:3])
    if idle:
        yield "idle: core " + ", ".join(map(str, sorted(idle)))


class Monitor:
    """Types at the kernel's monitor, through the console."""

    def __init__(self, console):
        self.console = console
        console.settimeout(PATIENCE)

    def ask(self, line):
        """What the monitor says to @line, without the echo."""
        self.console.sendall(line.encode())
        said = ""
        while not said.endswith(PROMPT):
            more = self.console.recv(65536).decode(errors="replace")
            if not more:
                break
            said += more.replace("\r", "")
        return said.removesuffix(PROMPT).partition("\n")[2]


def state(folder, trace=False):
    """What the kernel says of every process; @trace: and have it write its
    trace to the second UART."""
    with socket.socket(socket.AF_UNIX) as console:
        console.connect(f"{folder}/console.sock")
        monitor = Monitor(console)
        monitor.ask("\x10")
        if trace:
            monitor.ask("trace\n")
        said = monitor.ask("cores\n") + monitor.ask("ps\n")
        for pid, *_ in PROCESS.findall(said):
            for question in "vcores", "evqs", "counters":
                said += f"{question} {pid}\n"
                said += monitor.ask(f"{question} {pid}\n")
        return said


def attempt(look, *args):
    """What a look found, or why it could not."""
    try:
        return look(*args)
    except (OSError, subprocess.SubprocessError) as failed:
        return f"no answer: {failed}\n"


def about(said, pid):
    """The parts of @said about one process."""
    parts = re.split(r"^(\w+ \d+)\n", said, flags=re.M)
    return "".join(text for title, text in zip(parts[1::2], parts[2::2])
                   if title.split()[1] == pid)


def broken_promises(said):
    """Sentences about what should not be, in what state() returned."""
    for pid, condition, _, _, name in PROCESS.findall(said):
        mine = about(said, pid)
        process = f"process {pid} ({name})"
        for vcoreid, where, pending, disabled, rest in VCORE.findall(mine):
            if where == "offline" and ", reads, preempted" in rest:
                yield (f"vcore {vcoreid} of {process} lost its core, and "
                       "nobody has taken over what it was doing")
            if pending == "0":
                continue
            if condition == "waiting":
                yield (f"a notification is pending for vcore {vcoreid} of "
                       f"{process}, which is WAITING: nobody will look")
            elif where != "offline" and disabled == "0":
                yield (f"a notification is pending for vcore {vcoreid} of "
                       f"{process}, {where} and not masked: nobody told it")
        if condition == "waiting":
            for box in WAITING.findall(mine):
                yield (f"messages lie in {box.split(', flags')[0]} of "
                       f"{process}, which is WAITING")
