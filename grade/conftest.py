"""Build once, then hand each test the boot that it asks for."""

import os
import subprocess

import pytest

import judge
import machine
import runner
import scenarios


def pytest_configure(config):
    """Build before anything boots; workers find it built."""
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    env = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    make = subprocess.run(["make", "-s", "-j2", "-C", runner.ROOT,
                           f"O={runner.OUT}"], env=env)
    os.environ["EV6_BUILT"] = "no" if make.returncode else "yes"


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


def boot_judged(name, judged, **how):
    """Boot, judge, and do both once more if the verdict is about the host."""
    for again in (False, True):
        boot = judge.Boot(runner.boot(name, **how))
        verdicts = judged(boot)
        errors = [v for v in verdicts.values() if v.kind == judge.ERROR]
        if not errors:
            break
        print(f"{name}: ERROR{', again' * again}: {errors[0].why}")
    return boot, verdicts


@pytest.fixture
def booted(qemu, request):
    """Boot the machine described; it must end as @expect says."""

    def run(expect="0", **how):
        name = request.node.name.replace("[", "-").rstrip("]")
        name = "".join(c if c.isalnum() or c in "-_" else "-" for c in name)
        how.setdefault("seed", scenarios.seed(name))
        boot, verdicts = boot_judged(
            name, lambda b: {name: judge.judge_status(b, expect)}, **how)
        if not verdicts[name].passed:
            pytest.fail(judge.report(boot, name, verdicts[name]),
                        pytrace=False)
        return boot

    return run


class Batch:
    """Scenarios that share a boot, and what became of each."""

    def __init__(self, name, members):
        self.name = name
        self.verdicts = {}  # scenario -> (boot, verdict)
        self.run(members)

    def run(self, members):
        """Boot with @members; once more with those that one of them kept
        from their turn."""
        how = {"cpus": members[0].cpus, "mem": members[0].mem,
               "seed": scenarios.seed(self.name)}
        by_name = {s.name: s for s in members}
        commands = "; ".join(s.command for s in members)
        nth = f"-{len(self.verdicts)}" if self.verdicts else ""
        boot, verdicts = boot_judged(
            self.name + nth, lambda b: self.judged(b, members),
            run=commands, **how)
        for name, verdict in verdicts.items():
            self.verdicts[by_name[name]] = boot, verdict
        rest = [s for s in members if s not in self.verdicts]
        if rest:
            self.run(rest)

    @staticmethod
    def judged(boot, members):
        expect = members[0].expect
        if expect:
            return {members[0].name: judge.judge_status(boot, expect)}
        return judge.judge(boot, [s.name for s in members])


@pytest.fixture(scope="session")
def batch(qemu, request):
    """The batch of that name, booted when the first of it is asked for."""
    done = {}
    static = scenarios.batches(scenarios.find())
    chosen = {item.callspec.params["scenario"]
              for item in request.session.items
              if "scenario" in getattr(item, "fixturenames", ())}

    def run(name):
        if name not in done:
            done[name] = Batch(name, [s for s in static[name] if s in chosen])
        return done[name]

    return run
