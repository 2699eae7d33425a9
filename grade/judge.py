"""Judge a boot by the folder that it left.  No QEMU is needed for that.

PASS	every check of the test came, and came out as expected
FAIL	the test, or the kernel under it, did something else
HANG	the guest stopped making progress
ERROR	QEMU, the build or the host: nothing can be said about the code
"""

import dataclasses
import json
import pathlib
import shlex
import sys

import look
import promises
import records

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools"))

import machine  # noqa: E402

PASS, FAIL, HANG, ERROR = "PASS", "FAIL", "HANG", "ERROR"
TAIL = {"console.txt": 12, "stacks.txt": 30}  # lines of each in a report


@dataclasses.dataclass
class Verdict:
    kind: str
    why: str = ""
    expected: str = ""
    came: str = ""
    promise: str = ""  # the number of the one that was broken, if one knows
    todo: bool = False  # it came to a function that is yours to write

    @property
    def passed(self):
        return self.kind == PASS


class Boot:
    """What one folder says."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.meta = json.loads((self.folder / "meta.json").read_text())
        self.console = self.text("console.txt")
        said = self.text("records.txt")
        if self.meta["stopped"]:  # perhaps in the middle of a line
            said = said[:said.rfind("\n") + 1]
        self.records, self.wrong = records.read(said)

    def text(self, name):
        path = self.folder / name
        return path.read_text(errors="replace") if path.exists() else ""

    def first(self, kind):
        return next((r for r in self.records if r.kind == kind), None)

    def of_test(self, name):
        return [r for r in self.records if r.test == name]

    @property
    def status(self):
        """The status that the wrapper would end with, and its sentence."""
        return machine.outcome(self.meta["rc"], bool(self.first("bye")))


def unwritten(boot, test=None):
    """The function, left to the student, that this boot came to last, where
    it mostly ended: a sentence, or none.  What it came to when @test was over
    was not that test's trouble."""
    over = next((i for i, r in enumerate(boot.records)
                 if test and r.kind == "end" and r.test == test), None)
    reached = [r for r in boot.records[:over] if r.kind == "todo"]
    if not reached:
        return None
    todo = reached[-1]
    lab = todo.exercise.rpartition(".")[0]
    return (f"{todo.exercise}: {todo.function}() is yours to write "
            f"(handouts/{lab}.md)")


def with_todo(verdict, todo):
    """@verdict, which says what went wrong or nothing yet, and @todo: the
    function that is not written may be why, and may be not."""
    said = f"{verdict.why}, and {todo}" if verdict.why else todo
    return dataclasses.replace(verdict, kind=FAIL, why=said, todo=True)


def machine_verdict(boot):
    """How the machine as a whole did: PASS if it came up and ended by itself.

    Whatever it did after it came to a function that is not written yet is no
    riddle: a FAIL that names the function.
    """
    verdict = machine_verdict_of(boot)
    todo = unwritten(boot)
    if todo and not verdict.passed:
        return with_todo(Verdict(FAIL), todo)
    return verdict


def machine_verdict_of(boot):
    booted, panic = boot.first("boot"), boot.first("panic")
    if boot.wrong:
        return Verdict(ERROR, "the records cannot be trusted: " + boot.wrong[0])
    if booted and booted.seed != str(boot.meta["seed"]):
        return Verdict(ERROR, "these are the records of another run",
                       f"seed={boot.meta['seed']}", f"seed={booted.seed}")
    if panic:  # also of a kernel that could not start each core that is there
        return Verdict(FAIL, f"the kernel panicked: {panic.what}")
    if booted and booted.cores != str(boot.meta["cpus"]):
        return Verdict(ERROR, "not every core came online",
                       f"cores={boot.meta['cpus']}", f"cores={booted.cores}")
    if boot.meta["stopped"]:
        broken = list(look.broken_promises(boot.text("state.txt")))
        known = filter(None, map(promises.seen_in, broken))
        return Verdict(HANG, "; ".join([boot.meta["stopped"]] + broken[:2]),
                       promise=next(known, ""))
    if not booted:
        said = boot.text("qemu.txt").strip().split("\n")[-1]
        return Verdict(ERROR, f"the kernel did not come up; QEMU returned "
                       f"{boot.meta['rc']} {said}".rstrip())
    if not boot.first("bye"):
        return Verdict(ERROR, "the kernel did not say bye: "
                       + (boot.status[1] or "it just ended"))
    return Verdict(PASS)


WORD = (1 << 64) - 1


def mix(x):
    """As user/lib/testing.c has it, like the two that follow."""
    x = (x + 0x9e3779b97f4a7c15) & WORD
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9 & WORD
    x = (x ^ x >> 27) * 0x94d049bb133111eb & WORD
    return x ^ x >> 31


def number(text):
    """What a record says, if it is one."""
    return int(text) if text and text.isdigit() else -1


def contents(seed, messages):
    """What messages 0 to @messages - 1 of a run add up to."""
    return sum(mix(mix(seed) ^ n) for n in range(messages)) & WORD


def seal(seed, checks):
    """The sum over @checks that the last record must have: no text that was
    written beforehand has it, for it depends on the seed."""
    total = 0
    for check in checks:
        one = mix(seed)
        for byte in check.name.encode():
            one = mix(one ^ byte)
        total += mix(one ^ number(check.contents or check.got) & WORD)
    return total & WORD


def wrong_contents(boot, check):
    """Are the messages of @check not those that were sent?"""
    return check.contents and number(check.contents) != contents(
        boot.meta["seed"], number(check.messages))


def failed_check(boot, name):
    """About the first check of test @name that did not hold; none if all of
    them did."""
    for check in boot.of_test(name):
        if check.kind != "check":
            continue
        if check.expected != check.got:
            return Verdict(FAIL, f"check `{check.name}` did not hold",
                           check.expected, check.got)
        if wrong_contents(boot, check):
            return Verdict(FAIL, f"the {check.messages} messages that came "
                           "are not those that were sent")
    return None


def test_verdict(boot, name):
    """What the records of test @name say; none if it did not end."""
    failed = failed_check(boot, name)
    if failed:
        return failed
    mine = boot.of_test(name)
    end = next((r for r in mine if r.kind == "end"), None)
    checks = [r for r in mine if r.kind == "check"]
    if not end:
        return None
    if len([r for r in mine if r.kind == "start"]) != 1:
        return Verdict(ERROR, "the test did not start exactly once")
    if end.checks != str(len(checks)):
        return Verdict(ERROR, "checks and their count differ",
                       f"checks={end.checks}", f"checks={len(checks)}")
    if end.ok != "1":
        return Verdict(FAIL, "the test said at its end that it failed")
    if not checks:
        return Verdict(FAIL, "the test checked nothing")
    if end.seal != str(seal(boot.meta["seed"], checks)):
        return Verdict(FAIL, "the test did not write these records itself: "
                       "the last one lacks their seal")
    return Verdict(PASS)


def culprit(boot, names):
    """Which of the tests @names, run in this order, brought the machine down.

    The one that started and did not end; else the last that did end; else the
    first.
    """
    last = names[0]
    for name in names:
        kinds = {r.kind for r in boot.of_test(name)}
        if "start" in kinds:
            last = name
        if "start" in kinds and "end" not in kinds:
            return name
    return last


def judge(boot, names):
    """The verdicts on the tests @names that ran in this order in one boot.

    A test is missing from the answer if it never started, because one before
    it brought the machine down: it deserves another boot.

    Where a function that is not written was reached, the verdict says so; of
    what else was wrong it says a check that did not hold, for that may be a
    mistake in what is written.
    """
    whole = machine_verdict(boot)
    if whole.kind == ERROR:
        return {name: whole for name in names}
    verdicts = {n: test_verdict(boot, n) for n in names}
    for name, verdict in verdicts.items():
        todo = unwritten(boot, name)
        if todo and verdict and not verdict.passed:
            own = failed_check(boot, name) or Verdict(FAIL)
            verdicts[name] = with_todo(own, todo)
    if whole.passed:
        todo = unwritten(boot)
        died = with_todo(Verdict(FAIL), todo) if todo else Verdict(
            FAIL, "the test ended without its last record")
        return {n: v or died for n, v in verdicts.items()}
    guilty = culprit(boot, names)
    own = whole.todo and failed_check(boot, guilty)
    verdicts[guilty] = with_todo(own, whole.why) if own else whole
    return {n: v for n, v in verdicts.items() if v}


def judge_status(boot, expected):
    """For a boot that should end with a panic, or with a program's status."""
    panic = expected == "panic"
    whole = machine_verdict(boot)
    if whole.kind in (ERROR, HANG) or whole.kind == FAIL and (
            not panic or whole.todo):
        return whole
    due = machine.EXIT_PANIC if panic else int(expected)
    status = boot.status[0]
    if status == due:
        return Verdict(PASS)
    wrong = Verdict(FAIL, "the machine ended with another status",
                    str(due), str(status))
    todo = unwritten(boot)
    return with_todo(wrong, todo) if todo else wrong


def commands(meta, run):
    """The lines to type to see it again, and to look at it."""
    words = [f"CPUS={meta['cpus']}"]
    for key, name in (("mem", "MEM"), ("cpu", "CPU"), ("det", "DET")):
        if meta[key] != getattr(machine.Machine, key):
            words.append(f"{name}={meta[key]}")
    if meta.get("race"):
        words.append("RACE=1")
    if meta.get("noise"):
        words.append(f"NOISE={meta['noise']}")
    line = " ".join(words + ["RUN=" + shlex.quote(run)])
    return [f"again:  make qemu {line}",
            f"look:   make qemu-gdb {line}",
            "        and in another terminal: make gdb"]


def report(boot, name, verdict, run=None):
    """One screen about a verdict that is not PASS."""
    meta = boot.meta
    lines = [f"{verdict.kind} {name} on {meta['cpus']} cores: {verdict.why}"]
    if verdict.expected or verdict.came:
        lines += [f"  expected  {verdict.expected}",
                  f"  came      {verdict.came}"]
    lines.append(f"  seed {meta['seed']}, {meta['cpu_seconds']} s of CPU time; "
                 f"all of it is in {boot.folder}/")
    for name, length in TAIL.items():
        text = boot.text(name).replace("\r", "")
        tail = [t for t in text.split("\n") if t][-length:]
        if tail:
            lines += [f"  {name}, the end of it:"]
            lines += [f"    | {t[:110]}" for t in tail]
    lines += ["  " + c for c in commands(meta, run or meta["run"])]
    return "\n".join(lines)
