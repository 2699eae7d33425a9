"""What must hold a million times, that often.

`make grade` runs these tests too, with the small numbers that they choose by
themselves.
"""

import pytest

import batch
import judge
import runner

pytestmark = pytest.mark.check

LONG = [("sleep_wake 1000000", 2), ("notify_registers 100000", 4)]
LIMITS = runner.Limits(cpu=4000 * runner.PATIENCE, wall=4 * 900)


@pytest.mark.parametrize("command, cpus", LONG, ids=["sleep", "registers"])
def test_long(qemu, command, cpus):
    """The same test, at the length that it was made for."""
    name = command.split()[0]
    boot, verdicts = batch.boot_judged(
        f"long-{name}", lambda b: judge.judge(b, [name]), limits=LIMITS,
        cpus=cpus, run=command)
    if not verdicts[name].passed:
        pytest.fail(judge.report(boot, name, verdicts[name], command),
                    pytrace=False)
