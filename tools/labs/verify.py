"""Does each lab do what it promises?  Staff only; takes minutes.

In the starter each test is a FAIL that says whose it is to write.  Each
exercise, filled in with what it needs and nothing else, passes exactly its
tests.  All filled in, everything passes.
"""

import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import cutting
import git
import labfile
import starter

# What the makefile exports: a tree of its own has its own.
TYPED = "O CPUS MEM CPU ACCEL DET RUN RACE SEED JOBS TEST".split()


class Tree:
    """The starter of a lab in a folder, to be filled in and built."""

    def __init__(self, lab, folder, commit="HEAD", slim=True):
        self.lab = lab = starter.lab_at(commit, lab.name)
        self.folder = pathlib.Path(folder)
        files = starter.files(lab, git.resolve(commit))
        write(files, self.folder)
        if slim:
            self.slim()
        self.starter = {f: self.path(f).read_text() for f in lab.files}
        self.solution = {f: git.read(commit, f) for f in lab.files}

    def slim(self):
        """Without the tests that this lab does not ask for, which would be
        linked again and again."""
        asked = {t for e in self.lab.exercises for t in e.user_tests}
        asked |= {t.rpartition("-")[0] for t in asked}
        for test in self.folder.glob("user/tests/*.c"):
            if test.stem not in asked:
                test.unlink()

    def path(self, file):
        return self.folder / file

    def fill(self, exercises):
        """Have the bodies of @exercises in the tree, and of no other."""
        for file, text in self.starter.items():
            text = cutting.restore(text, self.solution[file], file, exercises)
            if text != self.path(file).read_text():
                self.path(file).write_text(text)

    def run(self, *command, **variables):
        """Type @command there, with nothing of the `make` that we are in."""
        env = {k: v for k, v in os.environ.items()
               if not k.startswith("MAKE") and k not in TYPED}
        return subprocess.run(command, cwd=self.folder, text=True,
                              env=env | variables, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)

    def build(self, compiler="gcc"):
        """What the compiler complains of; nothing, if all is well."""
        made = self.run("make", "-s", "-j2", f"CC={compiler}",
                        f"O=obj-{compiler}" if compiler != "gcc" else "O=obj")
        if made.returncode and not made.stdout:
            return f"make ended with {made.returncode}"
        return made.stdout

    def boots(self, cpus, run="hello"):
        """The console of a boot that runs @run, and the status."""
        made = self.run("tools/qemu", CPUS=str(cpus), RUN=run)
        return made.stdout, made.returncode

    def results(self, tests):
        """What becomes of @tests, as the grader's `results` says it."""
        answer = self.folder / "answer.json"
        answer.unlink(missing_ok=True)
        made = self.run("tools/grade", "results", "--json", str(answer),
                        *tests, JOBS="2")
        if not answer.exists():
            raise git.Failed(f"the grader has no results:\n{made.stdout}")
        told = json.loads(answer.read_text())
        if told["error"]:
            raise git.Failed(f"the grader builds nothing: {told['error']}")
        return told["results"]


def write(files, folder):
    """@files, as git.entries() gives them, into @folder."""
    for path, data in git.contents(files).items():
        to = folder / path
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(data)
        to.chmod(0o755 if files[path][0] == "100755" else 0o644)


@dataclasses.dataclass(frozen=True)
class Filling:
    """Exercises that are written, and the tests that are run then: these have
    to pass, and those to fail and to say whose it is to write."""
    name: str
    exercises: list
    passes: set
    fails: set


def tests_of(exercises):
    return {t for e in exercises for t in e.tests}


def fillings(lab):
    """The ways to fill @lab in: not at all, each exercise with what it needs,
    and all of it.

    In the first every test has to fail, in the last to pass.  Between them a
    test is run only where it has to pass for the first time, and where it has
    to fail for the last: all of them each time takes several times as long.
    """
    every = tests_of(lab.exercises)
    ways = [(e.id, lab.with_needs(e), set(e.tests)) for e in lab.exercises]
    if ways[-1][1] != list(lab.exercises):
        ways.append(("all of it", list(lab.exercises), every))
    ways[-1] = (*ways[-1][:2], every)
    undue = [every - tests_of(exercises) for _, exercises, _ in ways]
    yield Filling("starter", [], set(), every)
    for n, (name, exercises, passes) in enumerate(ways):
        yield Filling(name, exercises, passes,
                      undue[n].difference(*undue[n + 1:]))


@dataclasses.dataclass
class Row:
    """One filling of a lab, and what became of it."""
    name: str
    ran: int
    wrong: list  # sentences
    seconds: float


def judged(tree, filling):
    """Fill the tree in, and run the tests."""
    begin = time.monotonic()
    tree.fill(filling.exercises)
    said = tree.build()
    if said:
        return Row(filling.name, 0,
                   [f"does not build: {said.strip()[:300]}"], 0)
    results = tree.results(sorted(filling.passes | filling.fails))
    wrong = []
    for t in results:
        due = {t["id"], t["id"].rpartition("-")[0]} & filling.passes
        ought = "PASS" if due else "FAIL"
        if t["kind"] != ought or ought == "FAIL" and not t["todo"]:
            wrong.append(f"{t['id']} is {t['kind']}, not {ought}: "
                         f"{t['why'] or 'passed'}")
    return Row(filling.name, len(results), wrong, time.monotonic() - begin)


def verify(lab, folder=None, only=(), stream=sys.stdout):
    """Judge every filling of @lab; True if all are as they ought to be."""
    good = True
    with tempfile.TemporaryDirectory(prefix="ev6-") as scratch:
        tree = Tree(lab, folder or scratch)
        for filling in fillings(tree.lab):
            if only and not {filling.name, filling.name.rpartition(".")[2]} \
                    & set(only):
                continue
            row = judged(tree, filling)
            good &= not row.wrong
            print(f"{'WRONG' if row.wrong else 'ok':<6}{lab.name:<12}"
                  f"{row.name:<16}{row.ran:>4} tests {row.seconds:7.1f} s",
                  file=stream, flush=True)
            for sentence in row.wrong:
                print(f"      {sentence}", file=stream, flush=True)
    return good


if __name__ == "__main__":
    sys.exit(not verify(labfile.load(sys.argv[1]), only=sys.argv[2:]))
