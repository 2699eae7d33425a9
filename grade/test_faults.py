"""What the console says when a program dies of its own doing."""

import re


def test_full_stack(booted):
    """A stack that is full is called that: the first one, a vcore's."""
    console = booted(run="proc_stacks").console
    said = re.findall(r"proc_stacks\) vcore \d: page fault .*", console)
    assert len(said) == 3, console
    assert all(line.rstrip().endswith(": the stack is full")
               for line in said), console


def test_no_memory(booted):
    """Memory that is out is called that, on a stack with room, too."""
    console = booted(run="bad_out_of_memory").console
    said = re.findall(r"bad_out_of_memory\) vcore \d: page fault .*", console)
    assert len(said) == 2, console
    assert all(line.rstrip().endswith(": no memory left")
               for line in said), console
