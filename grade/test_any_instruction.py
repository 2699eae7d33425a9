"""Interrupts between any two instructions.

QEMU takes interrupts where a block of translated instructions ends, which is at
jumps.  A real core takes them anywhere, and so does QEMU when each instruction
is a block of its own.
"""

import pytest

pytestmark = pytest.mark.check

# What is most often interrupted on its way from one context to another.
TESTS = [("notify_registers 1000", "notify_frames", "signal_nesting"),
         ("notify_storm", "fpu_uthreads", "preempt_steal")]


@pytest.mark.parametrize("commands", TESTS, ids=lambda each: each[0].split()[0])
def test_any_instruction(all_pass, commands):
    """They hold what they promise, wherever they are interrupted."""
    all_pass(f"any-{commands[0].split()[0]}", commands, cpus=4,
             accel="tcg,thread=multi,one-insn-per-tb=on")
