"""The programs that one types to see something."""

import pathlib
import re

import runner

FLAGS = ("IPI", "SPAM_PUBLIC", "INDIR", "VCORE_PRIVATE", "SPAM_INDIR",
         "VCORE_MUST_RUN", "NOTHROTTLE", "ROUNDROBIN", "VCORE_APPRO", "WAKEUP")


def test_mhello(booted):
    """Each vcore says its line once, all of them on different cores."""
    console = booted(cpus=4, run="mhello").console
    said = re.findall(r"vcore (\d+) of process \d+, on core (\d+)", console)
    assert sorted(vcore for vcore, _ in said) == ["0", "1", "2"], console
    assert len({core for _, core in said}) == 3, console


def test_pingpong(booted):
    """Two processes, and two vcores, exchange as many events as asked."""
    console = booted(cpus=4, run="pingpong 50; pingpong -m 20").console
    assert re.search(r"50 rounds between processes 2 and 3", console), console
    assert "20 rounds between two vcores" in console


def test_pingpong_alone(booted):
    """The other process of pingpong does not outlive the one that started it,
    here a shell that never answers."""
    said = booted(
        run="sh -c 'pingpong -c & sleep 1'; sleep 3; sleep 1; ps").console
    assert " sh\n" in said.replace("\r", "") and "pingpong" not in said


def test_evdemo(booted):
    """All ten flags are shown; none is left out where there are cores."""
    console = booted(cpus=4, run="evdemo").console
    assert re.findall(r"^EVENT_(\w+):", console, re.M) == list(FLAGS)
    assert "left out" not in console
    assert "throttled +2" in console and "wakeups +1" in console


def test_evdemo_on_one_core(booted):
    """What needs two vcores is left out, and said to be."""
    console = booted(cpus=1, run="evdemo").console
    assert console.count("left out") == 6, console


def test_ps(booted):
    """The one on core 0 is ps, the child; shell and background job are there,
    in whatever state they have come to."""
    console = booted(run="sleep 1000 & ps").console
    rows = [line.split() for line in console.splitlines() if "SCP" in line]
    states = {row[-1]: row[2] for row in rows}
    assert [n for n in states if states[n] == "running"] == ["ps"], console
    assert "sh" in states and "sleep" in states, console


def test_help_knows_what_there_is(booted):
    """Every program in user/bin has its line, which says what it does."""
    console = booted(run="help").console.replace("\r", "")
    for source in pathlib.Path(runner.ROOT, "user/bin").glob("*.c"):
        line = rf"^  (\w+, )*{source.stem}\b.*  \S.*\S$"
        assert re.search(line, console, re.M), source.stem


def test_reboot(booted):
    """reboot says goodbye; without -no-reboot the machine would start over."""
    boot = booted(run="reboot; echo never")
    assert boot.first("bye").status == "0" and "never" not in boot.console
