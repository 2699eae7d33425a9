"""The tests that a lab asks for: run them, and count points.

A lab's exercises name tests (tools/labs/labfile.py).  Each is run once for the
lab, in a boot of its own, and belongs to every exercise that names it.  An
exercise has its points when all of its tests pass, and none before: half a race
is a race lost.

What is known afterwards is one record, a plain dict (see record()); the table,
the exports and the file that grades a course are all made from it.
"""

import concurrent.futures
import dataclasses
import datetime
import functools
import json
import os
import pathlib
import platform
import re
import resource
import subprocess
import sys
import threading
import time

import batch
import hops
import judge
import look
import promises
import runner
import scenarios
import screen

sys.path.insert(0, str(pathlib.Path(__file__).parent / "explorer"))
sys.path.insert(0, str(runner.ROOT / "tools/labs"))

import labfile  # noqa: E402
import story  # noqa: E402
import xp  # noqa: E402

FORMAT = 1  # of the record
# No test waits longer than 10 seconds (TEST_PATIENCE) for anything.
LIMITS = runner.Limits(still_beats=15, silent_cpu=60 * runner.PATIENCE,
                       cpu=300 * runner.PATIENCE)
COMPILER_CPU = 30  # seconds for a source file; ours take one or two
COMPILER_MEMORY = 2 << 30
TRACED = 4  # failures that are booted once more, with the trace on
STORY = 24  # lines of the explorer's story in a screen


class NoTest(Exception):
    """Says which test or lab there is not, and what there is."""


@dataclasses.dataclass
class Result:
    """What became of one test."""
    id: str
    sentence: str
    kind: str
    why: str = ""
    expected: str = ""
    came: str = ""
    todo: bool = False  # it came to a function that is yours to write
    hop: str = ""
    promise: str = ""
    race: str = ""
    cpus: int = 0
    seed: int = 0
    seconds: float = 0
    cpu_seconds: float = 0
    folder: str = ""
    again: str = ""  # why it had to be run a second time
    evidence: dict = dataclasses.field(default_factory=dict)
    type_this: list = dataclasses.field(default_factory=list)

    @property
    def passed(self):
        return self.kind == judge.PASS


@dataclasses.dataclass
class Sitting:
    """How the tests of one lab are run."""
    lab: labfile.Lab = None
    seed: int = 0  # 0: each test its own, the same every time
    limits: runner.Limits = LIMITS
    traced: int = TRACED
    budget: float = 0  # CPU seconds of all boots together; 0: as they need
    show: object = None  # console's text goes here while it comes
    used: float = 0
    lock: object = dataclasses.field(default_factory=threading.Lock)

    def may_trace(self):
        with self.lock:
            self.traced -= 1
            return self.traced >= 0

    def spend(self, seconds):
        with self.lock:
            self.used += seconds

    @property
    def spent(self):
        return self.budget and self.used >= self.budget

    def exercise_of(self, test):
        """The first exercise, of this lab or else of any, that asks for
        @test, or none."""
        names = {test, test.rpartition("-")[0]}
        for lab in [self.lab] if self.lab else labfile.all_labs():
            for e in lab.exercises:
                if names & set(e.tests):
                    return e
        return None


# --- The three kinds of tests ------------------------------------------------

@dataclasses.dataclass(frozen=True)
class UserTest:
    """A program in user/tests, on one machine."""
    scenario: scenarios.Scenario

    @property
    def id(self):
        return self.scenario.id

    @property
    def sentence(self):
        return self.scenario.sentence

    def verdict(self, boot):
        s = self.scenario
        if s.expect:
            return {s.name: judge.judge_status(boot, s.expect)}
        return judge.judge(boot, [s.name])

    def boot(self, name, sitting, **how):
        s = self.scenario
        notes = []
        boot, verdicts = batch.boot_judged(
            name, self.verdict, notes.append, run=s.command, cpus=s.cpus,
            mem=s.mem, race=s.race,
            seed=sitting.seed or scenarios.seed(self.id), **how)
        sitting.spend(boot.meta["cpu_seconds"])
        return boot, verdicts[s.name], " ".join(notes)

    def run(self, sitting):
        boot, verdict, again = self.boot(f"test-{self.id}", sitting,
                                         limits=sitting.limits,
                                         show=sitting.show)
        meta = boot.meta
        r = Result(self.id, self.sentence, verdict.kind, verdict.why,
                   verdict.expected, verdict.came, cpus=meta["cpus"],
                   seed=meta["seed"], cpu_seconds=meta["cpu_seconds"],
                   folder=str(boot.folder), again=again,
                   race=race_script(self.scenario.name))
        if r.passed:
            return r
        r.todo = verdict.todo
        promise = verdict.promise
        told = not r.todo or r.expected or r.came  # more than what is missing
        if told and r.kind != judge.ERROR:
            r.hop = self.look_closer(sitting, r)
        exercise = sitting.exercise_of(self.id)
        if not promise and exercise and len(exercise.promises) == 1:
            promise = exercise.promises[0]
        r.promise = promises.sentence(promise) if promise else ""
        self.say_more(boot, r, exercise)
        return r

    def look_closer(self, sitting, r):
        """Boot once more with the trace on, and stop where it fails: where
        did the message?"""
        if not sitting.may_trace():
            return ""
        limits = dataclasses.replace(sitting.limits, at_check=True)
        boot, verdict, _ = self.boot(f"trace-{self.id}", sitting,
                                     limits=limits, trace=1)
        if verdict.passed:
            return ("not this time: booted again with the trace on, it "
                    "passed; so it is a matter of timing")
        trace = hops.steps(boot.records)
        if trace:  # a kernel that spins does not answer
            r.evidence["trace"] = list(hops.tell(trace, 6))
            (boot.folder / "trace.txt").write_text(
                "".join(t + "\n" for t in hops.tell(trace, len(trace))))
        return hops.where(trace)

    def say_more(self, boot, r, exercise):
        if r.kind == judge.HANG:
            r.evidence["stacks"] = list(look.brief(boot.text("stacks.txt")))
        r.evidence["console"] = screen.tail(boot.console,
                                            screen.CONSOLE_TAIL)
        again = f"make run-test T={self.id} SEED={r.seed}"
        r.type_this = [("again", again), ("look", again + " GDB=1")]
        told = exercise.scenarios if exercise else []
        if told:
            r.type_this.append(("story", f"make explore TEST={told[0]}"))
        elif "trace" in r.evidence:
            r.type_this.append(
                ("story", f"{runner.RUNS}/trace-{self.id}/trace.txt"))
        r.type_this += read_this(exercise)


@dataclasses.dataclass(frozen=True)
class Scenario:
    """A test of the explorer."""
    name: str

    @property
    def id(self):
        return f"explore:{self.name}"

    @functools.cached_property
    def found(self):
        for slots in (1, 2):
            program = xp.Build(slots).make()
            for test in xp.tests(program):
                if test.name == self.name and test.build_slots == slots:
                    return test, program
        raise NoTest(f"the explorer has no test {self.name!r}: "
                     "tools/explore --list says what it has")

    @property
    def sentence(self):
        return self.found[0].proves + "."

    def run(self, sitting):
        try:
            test, program = self.found
        except xp.Refused as why:
            return Result(self.id, "", judge.FAIL, str(why))
        except xp.BuildError as error:
            return Result(self.id, "", judge.ERROR,
                          "the explorer does not build: " + first_error(error))
        out = xp.explore(program, self.name, "-r", sitting.seed or 1)
        r = Result(self.id, self.sentence, judge.PASS,
                   cpu_seconds=out.seconds)
        sitting.spend(out.seconds)
        if not out.kind and out.complete:
            return r
        exercise = sitting.exercise_of(self.id)
        r.kind = judge.FAIL if out.kind else judge.ERROR
        r.why = f"{out.kind}: {out.text}" if out.kind else \
            "explored in part only: the host is too slow"
        if out.kind == "engine":
            r.kind = judge.ERROR
        todo = re.search(r"[\w.]+: \w+\(\) is yours to write[^\n\t]*", out.raw)
        if todo:
            r.kind, r.why, r.todo = judge.FAIL, todo[0], True
        elif out.kind:
            r.promise = "; ".join(map(promises.sentence, test.pairs))
            told = list(story.tell(out, test, width=screen.WIDTH))[1:-2]
            r.evidence["story"] = told[-STORY:]
            again = f"make explore TEST={self.name}"
            r.type_this = [
                ("again", f"{again} SCHEDULE={out.schedule}"),
                ("look", f"tools/explore {self.name} -s {out.schedule} --gdb"),
                ("story", f"{again} V=1"), *read_this(exercise)]
        return r


@dataclasses.dataclass(frozen=True)
class BootTest:
    """A function of grade/test_boot.py, for all that it is given or, as in
    cores[2], for one of it."""
    name: str

    @property
    def id(self):
        return f"boot:{self.name}"

    @functools.cached_property
    def sentence(self):
        text = (runner.ROOT / "grade/test_boot.py").read_text()
        function = self.name.partition("[")[0]
        said = re.search(rf'^def test_{function}\(.*\n    """(.*?)"""', text,
                         re.M | re.S)
        if not said:
            raise NoTest(f"grade/test_boot.py has no test_{function}()")
        return " ".join(said[1].split())

    def run(self, sitting):
        sentence = self.sentence
        before = cpu_of_children()
        done = subprocess.run(
            ["tools/pytest", "-n", "0", "--no-header", "-p", "no:warnings",
             f"grade/test_boot.py::test_{self.name}"],
            cwd=runner.ROOT, capture_output=True, text=True,
            env=os.environ | {"EV6_BUILT": "yes"})
        sitting.spend(cpu_of_children() - before)
        if not done.returncode:
            return Result(self.id, sentence, judge.PASS)
        said = re.search(r"^(FAIL|HANG|ERROR) (?:\S+ on \d+ cores: )?(.*)$",
                         done.stdout, re.M)
        r = Result(self.id, sentence, said[1] if said else judge.FAIL,
                   said[2] if said else "it did not hold")
        r.todo = "is yours to write" in r.why
        r.evidence["pytest"] = screen.tail(done.stdout, 16)
        r.type_this = [("again", f"make run-test T={self.id}"),
                       *read_this(sitting.exercise_of(self.id))]
        return r


def first_error(text):
    """The first line of a compiler's words that is about an error."""
    if re.search(r"Killed signal|virtual memory exhausted|out of memory",
                 str(text)):
        return (f"the compiler was stopped: it wanted more than "
                f"{COMPILER_CPU} seconds or {COMPILER_MEMORY >> 30} GiB")
    lines = str(text).strip().split("\n")
    found = [t for t in lines if re.search(
        r"\berror\b|undefined reference|multiple definition", t)]
    return (found or lines)[0].strip()[:200]


def race_script(name):
    """The race that the test asks for, if its source has one."""
    path = runner.ROOT / f"user/tests/{name}.c"
    found = re.search(r'\brace_script\(\s*((?:"[^"]*"\s*)+)\)',
                      path.read_text()) if path.exists() else None
    return " ".join("".join(re.findall('"([^"]*)"', found[1])).split()) \
        if found else ""


def read_this(exercise):
    if not exercise:
        return []
    lab = exercise.id.rpartition(".")[0]
    return [("read", f"handouts/{lab}.md#{exercise.anchor}")]


# --- Which tests ------------------------------------------------------------

@functools.cache
def user_tests():
    return tuple(map(UserTest, scenarios.find()))


def named(name):
    """The tests that @name means: NAME, NAME-CPUS, explore:NAME, boot:NAME."""
    kind, _, rest = name.rpartition(":")
    if kind == "explore":
        return [Scenario(rest)]
    if kind == "boot":
        return [BootTest(rest)]
    found = [t for t in user_tests() if name in (t.scenario.name, t.id)]
    if not found:
        raise NoTest(f"there is no test {name!r}: `ls user/tests` says what "
                     "there is")
    return found


def items(exercise):
    """The tests of @exercise, each once, in its order."""
    found = {t.id: t for name in exercise.tests for t in named(name)}
    return list(found.values())


def items_of(lab):
    """The tests of all exercises of @lab, each once."""
    return list({t.id: t for e in lab.exercises for t in items(e)}.values())


def touched_by(file, lab):
    """The tests of @lab that a change of @file is about, the explorer's first:
    they take seconds and miss nothing."""
    path = pathlib.Path(file)
    if path.parent.name == "tests":
        return named(path.stem)
    found = {t.id: t for e in lab.exercises for t in items(e)
             if any(str(path.resolve()).endswith("/" + c.file)
                    for c in e.cuts)}
    return sorted(found.values(), key=lambda t: not isinstance(t, Scenario))


def watched(lab):
    """The files of @lab that its students edit."""
    tests = {f"user/tests/{t.scenario.name}.c" for t in items_of(lab)
             if isinstance(t, UserTest)}
    return [*lab.files, *sorted(tests)]


def the_lab(name=""):
    """The lab @name; without one, the lab of this starter; else none."""
    if name:
        return labfile.load(name)
    there = labfile.names()
    return labfile.load(there[0]) if len(there) == 1 and is_starter() else None


def is_starter():
    """Is this tree one that was handed out?  Those have no mutants."""
    return not list(runner.ROOT.glob("labs/*/mutants.toml"))


# --- Run them ----------------------------------------------------------------

def limit_compiler():
    """A source can keep a compiler busy for ever; in the child."""
    for what, most in ((resource.RLIMIT_CPU, COMPILER_CPU),
                       (resource.RLIMIT_AS, COMPILER_MEMORY)):
        resource.setrlimit(what, (most, most))


def cpu_of_children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def build(tests, out=sys.stderr):
    """Build what @tests run on; the compiler's first error, or none."""
    booted = [t for t in tests if not isinstance(t, Scenario)]
    for race in sorted({t.scenario.race if isinstance(t, UserTest) else 0
                        for t in booted}):
        make = runner.build(race, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True,
                            errors="replace", preexec_fn=limit_compiler)
        if make.returncode:
            if out:
                out.write(make.stdout)
            return first_error(make.stdout)
    return None


def take(test, sitting):
    """Run one test."""
    begin = time.monotonic()
    if sitting.spent:
        return Result(test.id, "", judge.HANG,
                      f"not run: the tests before it used up the "
                      f"{sitting.budget:.0f} seconds of CPU time")
    try:
        result = test.run(sitting)
    except (OSError, subprocess.SubprocessError) as failed:
        result = Result(test.id, "", judge.ERROR, f"the host: {failed}")
    result.seconds = round(time.monotonic() - begin, 2)
    return result


def take_all(tests, sitting, jobs=2, progress=None):
    """Run @tests, @jobs at a time; the results in the order of @tests."""
    lock = threading.Lock()

    def one(test):
        with lock:
            if progress:
                progress.began(test.id)
        result = take(test, sitting)
        with lock:
            if progress:
                progress.ended(result)
        return result

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(one, tests))


def score(exercise, by_id):
    """One row of the record's exercises."""
    tests = [t.id for t in items(exercise)]
    mine = [by_id[t] for t in tests]
    passed = sum(r.passed for r in mine)
    return {
        "id": exercise.id, "title": exercise.title, "tests": tests,
        "passed": passed, "of": exercise.points,
        "points": exercise.points if passed == len(mine) else 0,
        "verdicts": [r.kind for r in mine],
        "todo": any(r.todo for r in mine),
    }


def record(lab, results, seconds, error=""):
    """All that is known about a run of @lab, for people and for files; @error
    is why there was none."""
    exercises = [score(e, {r.id: r for r in results}) for e in lab.exercises]
    points = sum(e["points"] for e in exercises)
    return {
        "format": FORMAT, "lab": lab.name, "title": lab.title,
        "graded": lab.graded, "points": points, "of": lab.points,
        "complete": points == lab.points,
        "when": datetime.datetime.now().isoformat(timespec="seconds"),
        "host": platform.node() or "localhost",
        "seconds": round(seconds, 2), "error": error,
        "exercises": exercises,
        "tests": [dataclasses.asdict(r) for r in results],
    }


def not_run(lab, error):
    """The record of a run that there was not: no points, and why."""
    return record(lab, [Result(t.id, "", judge.ERROR, error)
                        for t in items_of(lab)], 0, error)


def grade(lab, sitting, jobs=2, stream=sys.stdout):
    """Run the tests of @lab, tell of them as they end; record and results."""
    begin = time.monotonic()
    tests = items_of(lab)
    progress = screen.Progress(len(tests), stream) if stream else None
    results = take_all(tests, sitting, jobs, progress)
    return record(lab, results, time.monotonic() - begin), results


def save(rec, name):
    """Write the record where the exports and other tools find it."""
    path = runner.ROOT / runner.RUNS / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rec, indent=1) + "\n")
    return path
