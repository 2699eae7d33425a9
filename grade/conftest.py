"""Build once, then hand each test the boot that it asks for."""

import os

import pytest

import batch
import judge
import machine
import runner
import scenarios


def pytest_configure(config):
    """Build before anything boots; workers find it built, and so does a pytest
    that the grader has started."""
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    if os.environ.get("EV6_BUILT"):
        return
    try:
        races = any(s.race for s in scenarios.find())
    except scenarios.BadScenario as why:
        raise pytest.UsageError(str(why)) from None
    failed = [race for race in ((0, 1) if races else (0,))
              if runner.build(race).returncode]
    os.environ["EV6_BUILT"] = "no" if failed else "yes"


@pytest.fixture(autouse=True, scope="session")
def at_the_root():
    """All paths are relative to the root, and short enough for sockets."""
    os.chdir(runner.ROOT)


@pytest.fixture(scope="session")
def qemu():
    """A QEMU that will do, and something to boot on it: else no test that
    boots can say a thing."""
    if os.environ.get("EV6_BUILT") == "no":
        pytest.fail("ERROR the build failed: type `make`.", pytrace=False)
    try:
        return machine.find_qemu()
    except machine.NoQemu as missing:
        pytest.fail(f"ERROR {missing}", pytrace=False)


@pytest.fixture
def booted(qemu, request):
    """Boot the machine described; it must end as @expect says."""

    def run(expect="0", **how):
        name = request.node.name.replace("[", "-").rstrip("]")
        name = "".join(c if c.isalnum() or c in "-_" else "-" for c in name)
        how.setdefault("seed", scenarios.seed(name))
        boot, verdicts = batch.boot_judged(
            name, lambda b: {name: judge.judge_status(b, expect)}, **how)
        if not verdicts[name].passed:
            pytest.fail(judge.report(boot, name, verdicts[name]),
                        pytrace=False)
        return boot

    return run


@pytest.fixture
def all_pass(qemu):
    """Boot the machine described and run @commands there, each a test and its
    arguments; all of them must pass."""

    def run(name, commands, **how):
        names = [command.split()[0] for command in commands]
        boot, verdicts = batch.boot_judged(
            name, lambda b: judge.judge(b, names), run="; ".join(commands),
            **how)
        for test, command in zip(names, commands):
            verdict = verdicts.get(test) or \
                judge.Verdict(judge.FAIL, "never started")
            if not verdict.passed:
                pytest.fail(judge.report(boot, test, verdict, command),
                            pytrace=False)

    return run


@pytest.fixture(scope="session")
def shared_boot(qemu, request):
    """The batch of that name, booted when the first of it is asked for."""
    done = {}
    static = scenarios.batches(scenarios.find())
    chosen = {item.callspec.params["scenario"]
              for item in request.session.items
              if "scenario" in getattr(item, "fixturenames", ())}

    def run(name):
        if name not in done:
            members = [s for s in static[name] if s in chosen]
            done[name] = batch.Batch(name, members)
        return done[name]

    return run
