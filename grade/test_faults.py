"""What the console says when a program dies of its own doing."""

import re

import pytest


@pytest.mark.parametrize("program, why, times", [
    # The first stack, a vcore's, one of many vcores'.
    ("proc_stacks", "the stack is full", 3),
    # On a stack with room, too.
    ("bad_out_of_memory", "no memory left", 2),
])
def test_why(booted, program, why, times):
    """A page fault that the program could not help says why."""
    console = booted(run=program).console
    said = re.findall(rf"{program}\) vcore \d: page fault .*", console)
    assert len(said) == times, console
    assert all(line.rstrip().endswith(f": {why}") for line in said), console


def test_no_reason(booted):
    """Of a fault on a stack that is there, as one that runs it, not that it is
    full."""
    console = booted(run="fault_protect").console
    said = re.findall(r"fault_protect\) vcore \d: page fault .*", console)
    assert len(said) == 11, console
    assert not any(re.search("full|memory", line) for line in said), console
