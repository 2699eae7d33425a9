"""Is the grader any good?  Wrong solutions must lose points, right ones none.

labs/NAME/mutants.toml has wrong ones, each a small change to a function that
the lab's students write:

	[[mutant]]
	name = "no-second-look"
	says = "spams a vcore and does not look whether it still reads"
	function = "kernel/event/spam.c:try_spam_vcore"
	old = "..."           # in the body; without: the whole body is replaced
	new = "..."
	tests = ["explore:spam_leaves"]     # each of them must notice
	verdict = "FAIL"      # or HANG; the default is FAIL

and the explorer's own mutants (grade/explorer/mutants.py) belong to a lab if
one of its exercises lists them: a scenario of that lab must notice.

labs/NAME/alternatives/WHAT/ holds right solutions that are not ours: files at
the paths of those they change, each with the functions that it replaces, the
helpers that these need above them, and a comment on top that says what is
different.
"""

import concurrent.futures
import dataclasses
import pathlib
import queue
import re
import sys
import tomllib

import grading
import judge
import runner
import slots

import bodies  # found where grading found the explorer
import mutants as explorer

LETTERS = {"PASS": ".", "FAIL": "F", "HANG": "H", "ERROR": "E"}
LEVELS = {"explore": "explorer", "race": "race script", "boot": "boot",
          "user": "boot"}


@dataclasses.dataclass
class Mutant:
    lab: str
    name: str
    says: str
    function: str  # FILE:FUNCTION
    new: str
    old: str = ""
    tests: tuple = ()  # each must notice, or with any_test one of them
    verdict: str = judge.FAIL
    any_test: bool = False
    results: dict = dataclasses.field(default_factory=dict)  # test -> verdicts
    why: str = ""

    @property
    def file(self):
        return self.function.rpartition(":")[0]

    def changes(self):
        """{file: its text with the mistake in it}."""
        text = (runner.ROOT / self.file).read_text()
        name = self.function.rpartition(":")[2]
        try:
            text = bodies.edit(text, name, self.old, self.new) if self.old \
                else bodies.replace(text, name, self.new)
        except LookupError as gone:
            raise LookupError(f"{self.lab}: {self.name}: {gone}") from gone
        return {self.file: text}

    def noticed_by(self, test):
        """In each run, and with the right verdict?"""
        kinds = self.results.get(test, [])
        return bool(kinds) and all(k == self.verdict for k in kinds)

    @property
    def killed(self):
        found = [self.noticed_by(t) for t in self.tests]
        return bool(found) and (any(found) if self.any_test else all(found))

    @property
    def level(self):
        """What noticed first, in the order of the labs' four levels."""
        seen = {level_of(t) for t in self.tests if self.noticed_by(t)}
        for level in ("explorer", "race script", "boot"):
            if level in seen:
                return level
        return "nobody"


def level_of(test):
    kind = test.partition(":")[0] if ":" in test else \
        "race" if test.startswith("race_") else "user"
    return LEVELS[kind]


def of_lab(lab):
    """The mutants of @lab: its own, then the explorer's."""
    path = runner.ROOT / f"labs/{lab.name}/mutants.toml"
    table = tomllib.loads(path.read_text()) if path.exists() else {}
    for m in table.get("mutant", []):
        yield Mutant(lab.name, **(m | {"tests": tuple(m["tests"])}))
    yield from of_explorer(lab)


def of_explorer(lab):
    """The explorer's mutants that exercises of @lab list.  Any scenario of the
    lab may notice: some need a later exercise, too."""
    known = {m.name: m for m in explorer.MUTANTS}
    scenarios = {t for e in lab.exercises for t in e.scenarios}
    for name in dict.fromkeys(n for e in lab.exercises for n in e.mutants):
        m = known[name]
        tests = dict.fromkeys(f"explore:{t}" for t in m.tests.split()
                              if t in scenarios)
        yield Mutant(lab.name, name, m.says, f"{m.file}:{m.function}", m.new,
                     m.old, tuple(tests), any_test=True)


def alternatives(lab):
    """(name, sentence, {file: text}) of each right solution of @lab."""
    base = runner.ROOT / f"labs/{lab.name}/alternatives"
    for folder in sorted(base.iterdir()) if base.exists() else []:
        changes, says = {}, ""
        for path in sorted(folder.rglob("*.c")):
            file = str(path.relative_to(folder))
            text = path.read_text()
            said = re.match(r"/\*(.*?)\*/\s*", text, re.S)
            says = says or " ".join(said[1].replace("\n *", " ").split())
            changes[file] = with_functions(
                (runner.ROOT / file).read_text(), text[said.end():])
        yield folder.name, says, changes


def with_functions(text, functions):
    """@text with the functions of @functions in place of its own; what stands
    before the first of a name that @text knows goes with it."""
    pending = 0
    for f in bodies.functions(functions):
        try:
            old = bodies.find(text, f.name)
        except LookupError:
            continue
        text = text[:old.comment] + functions[pending:f.end].strip("\n") + \
            "\n" + text[old.end:]
        pending = f.end
    return text


# --- Try them ----------------------------------------------------------------

class Bench:
    """Slots in which changed trees are tried, some at a time."""

    def __init__(self, labs, jobs):
        self.free = queue.SimpleQueue()
        for slot in slots.made(jobs, labs, "mutants"):
            self.free.put(slot)
        self.jobs = jobs

    def attempt(self, changes, tests, seed=0, budget=0):
        """The answer of a slot: {"error":, "results":}."""
        slot = self.free.get()
        try:
            slot.apply(changes)
            return slot.run(tests, seed, budget)
        finally:
            self.free.put(slot)

    def all(self, attempt, things):
        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            yield from pool.map(attempt, things)


def expanded(tests):
    """{test id: the name in @tests that asked for it}."""
    return {t.id: name for name in tests for t in grading.named(name)}


def run_once(bench, mutant, tests, seed):
    """Add what @tests say of @mutant to its results."""
    names = expanded(tests)
    try:
        answer = bench.attempt(mutant.changes(), list(names), seed)
    except (slots.Broken, LookupError) as why:
        mutant.why = str(why)
        return
    mutant.why = answer["error"] or ""
    worst = {}
    for r in answer["results"]:
        name = names[r["id"]]
        if worst.get(name, judge.PASS) == judge.PASS:
            worst[name] = r["kind"]
    for name, kind in worst.items():
        mutant.results.setdefault(name, []).append(kind)


def try_mutant(bench, mutant, runs, all_tests=()):
    """Run its tests @runs times; stop early where it has not been noticed.

    Where one of several scenarios is enough, they are asked in turn, and who
    has noticed is asked from then on.
    """
    if not mutant.any_test or all_tests:
        groups = [[*mutant.tests, *all_tests]]
    else:
        groups = [[t] for t in mutant.tests]
    for group in groups:
        for n in range(runs):
            run_once(bench, mutant, group, n)
            if not mutant.killed:
                break
        if mutant.killed or mutant.why:
            break
    return mutant


def line(mutant):
    said = ", ".join(f"{t} {'/'.join(dict.fromkeys(k))}"
                     for t, k in mutant.results.items()) or mutant.why
    word = "killed" if mutant.killed else "ALIVE "
    return f"{word} {mutant.lab} {mutant.name:<22} {said}"


def page(tried, right, labs):
    """The matrix, as Markdown."""
    yield "# Wrong solutions, and who notices"
    yield ""
    yield "Made by `tools/grade mutants`.  A mutant is a right solution with "
    yield "one mistake; each test named must notice it in every run."
    yield ""
    yield "| lab | mutants | killed | by explorer | by race script | by boot |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for lab in labs:
        mine = [m for m in tried if m.lab == lab.name]
        levels = [m.level for m in mine if m.killed]
        yield (f"| {lab.name} | {len(mine)} | {len(levels)} | " + " | ".join(
            str(levels.count(x))
            for x in ("explorer", "race script", "boot")) + " |")
    for lab in labs:
        yield from lab_page(lab, [m for m in tried if m.lab == lab.name],
                            [r for r in right if r[0] == lab.name])


def lab_page(lab, mine, right):
    yield ""
    yield f"## {lab.name}: {lab.title}"
    yield ""
    yield "| mutant | what is wrong | function | noticed by | level |"
    yield "| --- | --- | --- | --- | --- |"
    for m in mine:
        by = ", ".join(f"{t} ({'/'.join(dict.fromkeys(m.results[t]))}, "
                       f"{len(m.results[t])} of {len(m.results[t])})"
                       for t in m.tests if m.noticed_by(t))
        yield (f"| {m.name} | {m.says} | {m.function} | "
               f"{by or '**nobody** ' + m.why} | {m.level} |")
    if right:
        yield ""
        yield "| right solution | what is different | points |"
        yield "| --- | --- | --- |"
        for _, name, says, points in right:
            yield f"| {name} | {says} | {points} |"
    tests = sorted({t for m in mine for t in m.results})
    if not tests:
        return
    yield ""
    yield ("Mutant by test: `F` fails, `H` hangs, `.` passes, blank was not "
           "run.")
    yield ""
    yield "| | " + " | ".join(tests) + " |"
    yield "| --- |" + " --- |" * len(tests)
    for m in mine:
        cells = ["".join(dict.fromkeys(LETTERS[k] for k in m.results.get(t, [])))
                 for t in tests]
        yield f"| {m.name} | " + " | ".join(cells) + " |"


def try_alternative(bench, lab, alternative):
    name, says, changes = alternative
    tests = [t.id for t in grading.items_of(lab)]
    answer = bench.attempt(changes, tests)
    if answer["error"]:
        return lab.name, name, says, f"does not build: {answer['error']}"
    results = [grading.Result(**r) for r in answer["results"]]
    record = grading.record(lab, results, 0)
    lost = [r.id for r in results if not r.passed]
    return (lab.name, name, says, f"{record['points']}/{record['of']}"
            + (f": {', '.join(lost)}" if lost else ""))


def main(names, out, jobs, runs, only, every_test, also_right):
    labs = [grading.labfile.load(n) for n in names] or \
        grading.labfile.all_labs()
    todo = [m for lab in labs for m in of_lab(lab)
            if not only or m.name in only]
    bench = Bench(labs, jobs)
    tests = {lab.name: [t.id for t in grading.items_of(lab)] if every_test
             else () for lab in labs}
    tried = []
    for m in bench.all(lambda m: try_mutant(bench, m, runs, tests[m.lab]),
                       todo):
        print(line(m), flush=True)
        tried.append(m)
    right = []
    pairs = [(lab, a) for lab in labs for a in alternatives(lab)
             if also_right and (not only or a[0] in only)]
    for r in bench.all(lambda p: try_alternative(bench, *p), pairs):
        print(f"right  {r[0]} {r[1]:<22} {r[3]}", flush=True)
        right.append(r)
    if out:
        pathlib.Path(out).write_text("\n".join(page(tried, right, labs))
                                     + "\n")
    killed = sum(m.killed for m in tried)
    print(f"{killed} of {len(tried)} killed")
    lost = [r for r in right if not r[3].startswith(("100/100",))]
    return 1 if killed < len(tried) or lost else 0


if __name__ == "__main__":
    sys.exit("tools/grade mutants runs this")
