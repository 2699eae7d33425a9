"""GDB on a machine that has stopped before its first instruction.

The same steps as README.md's: qemu-gdb in one terminal, gdb in another.
"""

import os
import pathlib
import re
import subprocess

import pytest

import machine
import runner


@pytest.fixture
def gdb(qemu):
    """Boot stopped with @run, attach, execute @commands; what GDB said."""
    machines = []

    def session(run, *commands, cpus=2, built="."):
        out = machine.beside(f"{runner.OUT}/{built}", "gdb")
        # attach waits for it; a QEMU that was killed has left its own.
        pathlib.Path(out, "gdb.sock").unlink(missing_ok=True)
        env = os.environ | {"O": out, "RUN": run, "CPUS": str(cpus)}
        machines.append(subprocess.Popen(
            ["tools/qemu", "--gdb"], env=env, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        arguments = [word for c in commands for word in ("-ex", c)]
        return subprocess.run(
            ["tools/gdb/attach", "-batch", *arguments, "-ex", "kill"],
            env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=300, stdin=subprocess.DEVNULL).stdout

    yield session
    for m in machines:
        try:
            m.wait(10)  # GDB has ended it, and it takes its socket with it
        except subprocess.TimeoutExpired:
            m.terminate()
            m.wait(60)


pytestmark = pytest.mark.xdist_group("gdb")


def test_send_event(gdb):
    """Stop in send_event(), see who called it, and its C source."""
    said = gdb("evdemo", "break send_event", "continue", "backtrace", "list",
               "step")
    assert "hit Breakpoint 1" in said, said
    assert "event/send_event.c" in said, said
    assert "#1 " in said, said


def test_boot_stops_in_kmain(gdb):
    """`boot` goes on to the first function in C."""
    said = gdb("hello", "boot", "backtrace 1")
    assert "kmain" in said and "kmain.c" in said, said


def test_user_code(gdb):
    """The first program in RUN has its symbols: stop in it, in C."""
    said = gdb("hello; true", "break main", "continue", "backtrace", "list")
    assert "user/bin/hello.c" in said, said


def test_another_program(gdb):
    """`user` takes the symbols of another program, and knows them all."""
    said = gdb("hello; echo x", "user echo", "break main", "continue",
               "backtrace 1")
    assert "user/bin/echo.c" in said, said


# What test_walk() has to see; and for GDB: go on until it has.
HOPS = ("send_event", "post_ev_msg", "send_indir", "spam_vcore",
        "proc_notify", "kmsg_send", "kmsg_run", "upcall_start", "vcore_entry",
        "handle_events", "on_event")
CONTINUE_TO_ALL = f"""
import gdb
for _ in range(200):
    if {{b.location for b in gdb.breakpoints() if b.hit_count}} >= set({HOPS}):
        break
    gdb.execute("continue")
"""


def test_walk(gdb, tmp_path):
    """`walk` follows a message across the IPI into user code."""
    script = tmp_path / "continue_to_all.py"
    script.write_text(CONTINUE_TO_ALL)
    said = gdb("evdemo", "walk", f"source {script}", cpus=4)
    for hop in HOPS:
        assert re.search(rf"hit Breakpoint [\d.]+, {hop} \(", said), said


def test_kernel_stack_full(gdb):
    """A kernel stack without room for a call: the panic says why."""
    gdb("hello", "break syscall_entry", "continue", "delete",
        "set $rsp = ((unsigned long)$rsp & ~0x3fff) + 16", "continue", cpus=1)
    said = pathlib.Path(runner.OUT, "gdb", "records.txt").read_text()
    assert "double fault" in said and "the kernel stack is full" in said, said


def test_held_core(gdb):
    """A core that a script holds at a race point can be looked at."""
    said = gdb("race_spam_left", "race SPAM_CHOSEN", "continue", "backtrace",
               *["next"] * 4, "held", cpus=4, built="race")
    assert "hit Breakpoint 1, hold" in said, said
    assert "try_spam_vcore" in said, said
    assert re.search(r"core \d+ \(thread \d+\) is held at SPAM_CHOSEN", said)


def test_no_race_points(gdb):
    """A machine without them says how to get one that has."""
    assert "make qemu-gdb RACE=1" in gdb("hello", "held")


def test_help(gdb):
    """`help ev6` names the commands."""
    said = gdb("hello", "help ev6")
    for command in ("boot", "user PROGRAM", "walk"):
        assert command in said, said
