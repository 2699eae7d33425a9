"""What must hold a million times, that often.

`make grade` runs these tests too, with the small numbers that they choose by
themselves.
"""

import pytest

import runner

pytestmark = pytest.mark.check

LONG = [("sleep_wake 1000000", 2), ("notify_registers 100000", 4)]
LIMITS = runner.Limits(cpu=4000 * runner.PATIENCE, wall=4 * 900)


@pytest.mark.parametrize("command, cpus", LONG, ids=["sleep", "registers"])
def test_long(all_pass, command, cpus):
    """The same test, at the length that it was made for."""
    all_pass(f"long-{command.split()[0]}", [command], limits=LIMITS,
             cpus=cpus)
