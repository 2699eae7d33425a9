"""The machine comes up on any number of cores, and ends with what it should."""

import os
import socket
import subprocess

import pexpect
import pytest

import machine
import runner


PROMPT = r"[$] $"

# Those that type `make` share a worker: two makes at once may build at once.
types_make = pytest.mark.xdist_group("make")


def make_qemu(**variables):
    """Type `make qemu VAR=value...`; what it printed, and its status."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    words = [f"{k}={v}" for k, v in variables.items()]
    done = subprocess.run(["make", "-s", "qemu", f"O={runner.OUT}", *words],
                          env=env, text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.stdout, done.returncode


@pytest.mark.parametrize("cpus", [
    1, 2, 4, 64,
    pytest.param(255, marks=pytest.mark.slow),
    pytest.param(288, marks=pytest.mark.slow),
])
def test_cores(booted, cpus):
    """Every core that was asked for comes online, and is listed."""
    boot = booted(cpus=cpus, run="cores", mem=512 if cpus > 64 else 256)
    assert boot.first("boot").cores == str(cpus)
    for coreid in (0, cpus - 1):
        assert any(line.split()[:1] == [str(coreid)]
                   for line in boot.console.split("\n")), boot.console


def test_little_memory(booted):
    """64 MiB will do."""
    booted(mem=64, run="hello")


def test_hello(booted):
    """A program's output reaches the console."""
    assert "hello" in booted(run="hello").console.lower()


@pytest.mark.parametrize("run, status", [
    ("true", 0), ("false", 1), ("false; true", 0), ("exitwith 7", 7)])
def test_status(booted, run, status):
    """The status of the last command becomes the machine's."""
    booted(str(status), run=run)


def test_no_x2apic(booted):
    """Without x2APIC: a panic that says how to get it, never a hang."""
    boot = booted("panic", cpu="max,-x2apic", run="hello")
    for needed in ("x2APIC", "9.0", "+x2apic"):
        assert needed in boot.console, boot.console
    assert boot.status[0] == machine.EXIT_PANIC


def test_nobody_reads(booted, tmp_path):
    """A console whose other end reads nothing costs characters and one wait,
    not a wait for each of 4096 writes."""
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(str(tmp_path / "console"))
        deaf.listen()
        booted(run="yes | head 524288", limits=runner.Limits(wait_cpu=60),
               console=f"socket,path={tmp_path}/console")
        with deaf.accept()[0] as taken, taken.makefile() as said:
            assert 0 < len(said.read()) < 1048576


@types_make
def test_make_qemu_names_the_status(qemu):
    """A program that fails makes `make` fail, which says the status."""
    said, status = make_qemu(RUN="exitwith 7")
    assert status != 0 and "exit status 7" in said, said


@types_make
def test_make_qemu_quotes(qemu):
    """Semicolons, quotes and dollars reach the shell as they were typed."""
    said, status = make_qemu(RUN="echo one; echo two; echo 'th$ree'")
    assert status == 0 and "one" in said and "two" in said, said
    assert "th$$ree" not in said and "th$ree" in said, said


def test_repeats(booted):
    """In the repeatable mode two boots write the same, byte for byte."""
    wrote = []
    for _ in range(2):
        boot = booted(cpus=4, det=1, run="hello; cores")
        # Now, for the next one writes into the same folder.
        wrote.append((boot.console, boot.text("records.txt")))
    assert wrote[0] == wrote[1]


@pytest.fixture
def shell(qemu):
    """`make qemu`, as one types at it."""
    child = pexpect.spawn("make", ["-s", "qemu", f"O={runner.OUT}"],
                          timeout=120, encoding="utf-8",
                          codec_errors="replace")
    child.expect(PROMPT)
    yield child
    child.close(force=True)


def ended(shell):
    shell.expect(pexpect.EOF)
    shell.close()
    return shell.exitstatus


@types_make
def test_a_prompt_to_type_at(shell):
    """Without RUN there is a shell; what one types is run."""
    shell.sendline("hello")
    shell.expect("(?i)hello.*\\n.*hello")
    shell.expect(PROMPT)
    shell.sendline("halt")
    assert ended(shell) == 0


@types_make
def test_interrupt(shell):
    """^C ends what runs, and neither the shell nor QEMU."""
    shell.sendline("spin")
    shell.expect("spinning")
    shell.sendcontrol("c")
    shell.expect(PROMPT)
    shell.sendline("halt 3")
    assert ended(shell) != 0
    assert "exit status 3" in shell.before


@types_make
def test_machine_check(shell):
    """A machine check is told of, and not only the end of the machine."""
    shell.sendline("spin")
    shell.expect("spinning")
    shell.sendcontrol("a")
    shell.send("c")  # to QEMU's monitor
    shell.sendline("mce 0 9 0xbd00000000000000 0x4 0x1000 0x0")
    shell.expect("panic on core 0: machine check")
    shell.expect("ev6 monitor> ")
    shell.sendcontrol("a")
    shell.send("c")  # and back
    shell.sendline("continue")
    assert ended(shell) != 0


@types_make
def test_leave(shell):
    """Ctrl-A X leaves, whatever the guest does."""
    shell.sendline("spin")
    shell.sendcontrol("a")
    shell.send("x")
    assert ended(shell) == 0
