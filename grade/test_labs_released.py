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

sys.path.insert(0, str(runner.ROOT / "tools/labs"))

import git  # noqa: E402
import labfile  # noqa: E402
import release  # noqa: E402

pytestmark = [pytest.mark.check, pytest.mark.xdist_group("released")]

LAB = labfile.load("boot")


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


def graded(autograder, run, submission):
    """What Gradescope reads after @submission, {path: text}."""
    shutil.rmtree(autograder / "submission", ignore_errors=True)
    for path, text in submission.items():
        file = autograder / "submission/somebody-ev6" / path
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
    broken = graded(autograder, run, solution() | {last: "nonsense\n"})
    assert broken["score"] == 0 and last in json.dumps(broken), broken


def test_classroom(course, run, tmp_path):
    """Each step of the workflow ends well in a clone of the starter, and
    leaves the reporter what it reads: points, of 100, in its variable."""
    clone, output = tmp_path / "clone", tmp_path / "output"
    git.git("clone", "-q", "--depth", "1", "-b", LAB.branch,
            (course / "ev6").as_uri(), str(clone))
    flow = yaml.safe_load(
        (clone / ".github/workflows/classroom.yml").read_text())
    job, = flow["jobs"].values()
    for step in job["steps"]:
        if "run" in step:
            said, status = run("sh", "-e", "-c", step["run"], cwd=clone,
                               GITHUB_OUTPUT=str(output))
            assert status == 0, said
    reporter = job["steps"][-1]
    assert "autograding-grading-reporter@" in reporter["uses"]
    for name in reporter["with"]["runners"].split(","):
        assert reporter["env"][f"{name.upper()}_RESULTS"] == \
            "${{ steps.%s.outputs.result }}" % name
    assert [s["id"] for s in job["steps"] if "id" in s] == [name]
    results = json.loads(base64.b64decode(
        output.read_text().removeprefix("result=")))
    assert results["max_score"] == LAB.points and results["tests"]
    assert sum(t["score"] for t in results["tests"]) < LAB.points
