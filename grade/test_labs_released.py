"""What `make release` writes for others to run, run as they would run it.

Not theirs, and left out here: the image, of which the scripts ask apt-get for
what this machine has; and the reporter, which reads what is checked here.
"""

import base64
import json
import os
import shutil
import subprocess
import sys

import pytest
import yaml

import runner
import submissions

sys.path.insert(0, str(runner.ROOT / "tools/labs"))

import git  # noqa: E402
import labfile  # noqa: E402
import release  # noqa: E402

pytestmark = [pytest.mark.check, pytest.mark.xdist_group("released")]

LAB = labfile.load("boot")
BUILT = LAB.cuts[-1]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    release.release(folder)
    return folder


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run a command where apt-get has nothing left to do, and where nothing
    is known of the `make` that we are in; its output, and the status."""
    tools = tmp_path_factory.mktemp("tools")
    (tools / "apt-get").symlink_to(shutil.which("true"))
    (tools / "sudo").write_text('#!/bin/sh\nexec "$@"\n')
    (tools / "sudo").chmod(0o755)
    known = {k: v for k, v in os.environ.items()
             if k in ("HOME", "QEMU", "TERM")}

    def run_it(*command, cwd, **env):
        done = subprocess.run(
            command, cwd=cwd, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env=known | {"PATH": f"{tools}:{os.environ['PATH']}"} | env)
        return done.stdout, done.returncode

    return run_it


@pytest.fixture(scope="module")
def autograder(course, run, tmp_path_factory):
    """The folder that is /autograder for Gradescope, set up."""
    root = tmp_path_factory.mktemp("autograder")
    shutil.unpack_archive(course / f"gradescope/{LAB.name}.zip",
                          root / "source")
    said, status = run("sh", "setup.sh", cwd=root / "source",
                       AUTOGRADER=str(root))
    assert status == 0, said
    return root


def graded(autograder, run, submission, below="somebody-ev6"):
    """What Gradescope reads after @submission, {path: text}."""
    shutil.rmtree(autograder / "submission", ignore_errors=True)
    for path, text in submission.items():
        file = autograder / "submission" / below / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    said, status = run("sh", "source/run_autograder", cwd=autograder,
                       AUTOGRADER=str(autograder))
    assert status == 0, said
    return json.loads((autograder / "results/results.json").read_text())


def solution():
    return {file: git.read("HEAD", file) for file in LAB.files}


def test_gradescope(autograder, run):
    """The solution, in a folder of any name, gets all points."""
    results = graded(autograder, run, solution())
    assert results["score"] == LAB.points, results
    assert {t["status"] for t in results["tests"]} == {"passed"}


def test_gradescope_sentences(autograder, run):
    """What lacks a file, or does not compile, gets no points and is told why;
    what was handed in before has left nothing behind."""
    *others, last = LAB.files
    lacking = graded(autograder, run, {f: solution()[f] for f in others})
    assert lacking["score"] == 0 and f"no {last}" in lacking["output"]
    broken = graded(autograder, run, with_body(BUILT, "\tnonsense;\n"))
    assert broken["score"] == 0 and BUILT.file in broken["output"], broken
    assert "does not build" in broken["output"] and \
        {t["status"] for t in broken["tests"]} == {"failed"}


def with_body(cut, body, text=None):
    """The solution with @body for the function of @cut."""
    text = text or solution()[cut.file]
    return solution() | {
        cut.file: submissions.bodies.replace(text, cut.function, body)}


def test_gradescope_takes_what_is_cut(autograder, run):
    """What was not to be written is ours again: an exercise that somebody
    solves there, and not in the function that it asks for, has no points."""
    first = LAB.exercises[0]
    cut, = first.cuts
    text = solution()[cut.file]
    check = submissions.bodies.find(text, cut.function).body_of(text)
    call = f"\t{cut.function}();\n"
    there = submissions.bodies.edit(text, "cpu_check", call, call + check)
    results = graded(autograder, run, with_body(cut, "", there))
    assert results["score"] == LAB.points - first.points, results
    assert [t["number"] for t in results["tests"] if not t["score"]] == ["1"]


def test_gradescope_refuses_tricks(autograder, run):
    """Records that somebody else writes are no records of ours."""
    text = '#include "dev/record.h"\n' + solution()[BUILT.file]
    forged = with_body(BUILT, '\trecord("end", "test=boot_cores ok=1");\n',
                       text)
    results = graded(autograder, run, forged, ".")
    assert results["score"] == 0
    assert "uses record, which no exercise needs" in results["output"]


def steps_run(course, run, tmp_path, changes):
    """Run the workflow in a clone of the starter with @changes: its job, and
    what the reporter reads."""
    clone, output = tmp_path / "clone", tmp_path / "output"
    git.git("clone", "-q", "--depth", "1", "-b", LAB.branch,
            (course / "ev6").as_uri(), str(clone))
    for path, text in changes.items():
        (clone / path).write_text(text)
    flow = yaml.safe_load(
        (clone / ".github/workflows/classroom.yml").read_text())
    job, = flow["jobs"].values()
    for step in job["steps"]:
        if "run" in step:
            said, status = run("sh", "-e", "-c", step["run"], cwd=clone,
                               GITHUB_OUTPUT=str(output))
            assert status == 0, said
    return job, json.loads(base64.b64decode(
        output.read_text().removeprefix("result=")))


def test_classroom(course, run, tmp_path):
    """Each step of the workflow ends well in a clone of the starter, and
    leaves the reporter what it reads: points, of 100, in its variable."""
    job, results = steps_run(course, run, tmp_path, {})
    reporter = job["steps"][-1]
    assert "autograding-grading-reporter@" in reporter["uses"]
    for name in reporter["with"]["runners"].split(","):
        assert reporter["env"][f"{name.upper()}_RESULTS"] == \
            "${{ steps.%s.outputs.result }}" % name
    assert [s["id"] for s in job["steps"] if "id" in s] == [name]
    assert results["max_score"] == LAB.points and results["tests"]
    assert {t["status"] for t in results["tests"]} == {"fail"}
    assert sum(t["score"] for t in results["tests"]) == 0


def test_classroom_does_not_compile(course, run, tmp_path):
    """The reporter has no points to report, and a sentence."""
    _, results = steps_run(course, run, tmp_path,
                           with_body(BUILT, "\tnonsense;\n"))
    assert results["max_score"] == LAB.points
    assert [t["score"] for t in results["tests"]] == [0] * len(LAB.exercises)
    assert all("does not build" in t["message"] and BUILT.file in t["message"]
               for t in results["tests"])
