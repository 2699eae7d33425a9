"""Does each lab do what it promises?  Staff only; takes minutes.

The starter has no points, and each of its tests is a FAIL that says whose it
is to write.  Each exercise, filled in with what it needs and nothing else,
passes exactly its tests.  All filled in, everything passes.
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
        self.lab = lab
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

    def grade(self):
        """The grader's record."""
        made = self.run("tools/grade", "lab", self.lab.name)
        path = self.folder / f"obj/grade/{self.lab.name}.json"
        if not path.exists():
            raise git.Failed(f"the grader left no record:\n{made.stdout}")
        record = json.loads(path.read_text())
        path.unlink()
        return record


def write(files, folder):
    """@files, as git.entries() gives them, into @folder."""
    for path, data in git.contents(files).items():
        to = folder / path
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(data)
        to.chmod(0o755 if files[path][0] == "100755" else 0o644)


@dataclasses.dataclass
class Row:
    """One filling of a lab, and what became of it."""
    name: str
    points: int
    expected: int
    wrong: list  # sentences
    seconds: float
    verdicts: dict


def fillings(lab):
    """(name, exercises) of each way to fill @lab in that is judged."""
    yield "starter", []
    for e in lab.exercises:
        yield e.id, lab.with_needs(e)
    if len(lab.with_needs(lab.exercises[-1])) < len(lab.exercises):
        yield "all of it", list(lab.exercises)


def judged(tree, name, exercises):
    """Fill @exercises in: exactly their tests pass."""
    begin = time.monotonic()
    done = {e.id for e in exercises}
    tree.fill(exercises)
    said = tree.build()
    if said:
        return Row(name, 0, 0, [f"does not build: {said.strip()[:300]}"], 0,
                   {})
    record = tree.grade()
    wrong = []
    due = {t for e in record["exercises"] if e["id"] in done
           for t in e["tests"]}
    for t in record["tests"]:
        ought = "PASS" if t["id"] in due else "FAIL"
        if t["kind"] != ought or ought == "FAIL" and not t["todo"]:
            wrong.append(f"{t['id']} is {t['kind']}, not {ought}: "
                         f"{t['why'] or 'passed'}")
    points = sum(e.points for e in tree.lab.exercises if e.id in done)
    return Row(name, record["points"], points, wrong,
               time.monotonic() - begin,
               {t["id"]: (t["kind"], t["why"], t["seconds"])
                for t in record["tests"]})


def rows(tree, only=()):
    """Each filling of the lab, as it is judged."""
    for name, exercises in fillings(tree.lab):
        if not only or name in only or name.rpartition(".")[2] in only:
            yield judged(tree, name, exercises)


def verify(lab, folder=None, only=(), stream=sys.stdout):
    """Judge every filling of @lab; True if all are as they ought to be."""
    good = True
    with tempfile.TemporaryDirectory(prefix="ev6-") as scratch:
        tree = Tree(lab, folder or scratch)
        for row in rows(tree, only):
            right = not row.wrong and row.points == row.expected
            good &= right
            print(f"{'ok' if right else 'WRONG':<6}{lab.name:<12}"
                  f"{row.name:<16}{row.points:>4} of {row.expected:<4}"
                  f"{row.seconds:7.1f} s", file=stream, flush=True)
            for sentence in row.wrong:
                print(f"      {sentence}", file=stream, flush=True)
    return good


if __name__ == "__main__":
    sys.exit(not verify(labfile.load(sys.argv[1]), only=sys.argv[2:]))
