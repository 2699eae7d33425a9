"""Every test in user/tests, in every scenario that it asks for."""

import pytest

import judge
import scenarios

EACH = [pytest.param(scenario, name, id=scenario.id,
                     marks=pytest.mark.xdist_group(name))
        for name, members in scenarios.batches(scenarios.find()).items()
        for scenario in members]


@pytest.mark.parametrize("scenario, name", EACH)
def test_user(shared_boot, scenario, name):
    """What the first sentence of the test says is so."""
    boot, verdict = shared_boot(name).verdicts[scenario]
    if not verdict.passed:
        text = judge.report(boot, scenario.name, verdict, scenario.command)
        pytest.fail(f"{scenario.sentence}\n{text}", pytrace=False)
