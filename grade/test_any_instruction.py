"""Interrupts between any two instructions.

QEMU takes interrupts where a block of translated instructions ends, which is at
jumps.  A real core takes them anywhere, and so does QEMU when each instruction
is a block of its own.
"""

import pytest

import batch
import judge

pytestmark = pytest.mark.check

# What is most often interrupted on its way from one context to another.
TESTS = [("notify_registers 1000", "notify_frames", "signal_nesting"),
         ("notify_storm", "fpu_uthreads", "preempt_steal")]


@pytest.mark.parametrize("commands", TESTS, ids=lambda each: each[0].split()[0])
def test_any_instruction(qemu, commands):
    """They hold what they promise, wherever they are interrupted."""
    names = [command.split()[0] for command in commands]
    boot, verdicts = batch.boot_judged(
        f"any-{names[0]}", lambda b: judge.judge(b, names), cpus=4,
        accel="tcg,thread=multi,one-insn-per-tb=on", run="; ".join(commands))
    for name in names:
        verdict = verdicts.get(name, judge.Verdict(judge.FAIL, "never started"))
        if not verdict.passed:
            pytest.fail(judge.report(boot, name, verdict, name), pytrace=False)
