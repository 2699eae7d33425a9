"""Boot, judge, and boot again where that is called for."""

import warnings

import judge
import runner
import scenarios


def boot_judged(name, judged, note=warnings.warn, **how):
    """Boot, judge, and do both once more if the verdict is about the host.

    That is reported to @note even if all is well the second time.
    """
    for attempt in (name, name + "-again"):
        boot = judge.Boot(runner.boot(attempt, **how))
        verdicts = judged(boot)
        errors = [v for v in verdicts.values() if v.kind == judge.ERROR]
        if not errors:
            break
        note(f"ERROR in {attempt}: {errors[0].why}")
    return boot, verdicts


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
               "race": members[0].race,
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
