"""What runs the grader elsewhere, made from lab.toml.

GitHub Classroom: a workflow in each starter, which believes the tree that it
is in.  Gradescope: setup.sh and run_autograder, which staff upload in one zip
together with the starter, so that of what a student hands in only the functions
of the exercises count.
"""

IMAGE = "debian:13"  # the first Debian whose QEMU emulates x2APIC

WORKFLOW = """\
# Made by `make release` from labs/{lab.name}/lab.toml.
name: Autograding Tests
on: [push, workflow_dispatch]
permissions:
  checks: write
  actions: read
  contents: read
jobs:
  grade:
    name: Lab {lab.number}, {lab.name}, {lab.points} points
    runs-on: ubuntu-latest
    container: {image}
    if: github.actor != 'github-classroom[bot]'
    timeout-minutes: 60
    steps:
      - name: What it needs
        run: apt-get update && apt-get install -y git make
      - uses: actions/checkout@v4
      - name: The rest of what it needs
        run: make setup
      - name: Grade
        id: grade
        run: |
          make grade LAB={lab.name} EXPORT=export || true
          cat export/classroom.env >> "$GITHUB_OUTPUT"
      - name: Points
        uses: classroom-resources/autograding-grading-reporter@v1
        env:
          GRADE_RESULTS: ${{{{ steps.grade.outputs.result }}}}
        with:
          runners: grade
"""

SETUP = """\
#!/bin/sh
# setup.sh - Gradescope runs this once, when the image of lab {lab.name} is
# built.  Choose a base image whose QEMU is 9.0 or newer, such as {image}:
# older ones emulate no x2APIC, and this then says so.
set -eu

root=${{AUTOGRADER:-/autograder}}
apt-get update
apt-get install -y make
mkdir -p "$root/ev6"
tar -xzf "$root/source/tree.tar.gz" -C "$root/ev6"
cd "$root/ev6"
make setup
make doctor
make -s
{explorer}"""

RUN = """\
#!/bin/sh
# run_autograder - grade one submission of lab {lab.name}, {lab.points} points.
#
# The tree is ours; of the submission only the functions that the exercises ask
# for are taken, as grade/submissions.py says.
set -u

root=${{AUTOGRADER:-/autograder}}
out=$root/results/results.json
mkdir -p "$root/results"

# Points, and one sentence: what a student sees if there is no verdict.
give_up() {{
	printf '{{"score": 0, "output": "%s"}}\\n' "$1" >"$out"
	exit 0
}}

cd "$root/ev6" || give_up "no tree"
rm -rf export
tools/grade one {lab.name} "$root/submission" --export export \
	>"$root/results/log.txt" 2>&1
if [ -f export/results.json ]; then
	cp export/results.json "$out"
else
	said=$(grep -m 1 -e error: -e ERROR "$root/results/log.txt" |
		tr -d '"\\\\[:cntrl:]')
	give_up "${{said:-The grader came to no verdict.}}"
fi
"""


def workflow_files(lab):
    """{path: text} of what a starter of @lab has for GitHub Classroom."""
    return {".github/workflows/classroom.yml":
            WORKFLOW.format(lab=lab, image=IMAGE)}


def gradescope_files(lab):
    """{name: text} of what staff upload for @lab, beside tree.tar.gz."""
    explored = any(e.scenarios for e in lab.exercises)
    explorer = "tools/explore --list >/dev/null\n" if explored else ""
    return {"setup.sh": SETUP.format(lab=lab, image=IMAGE, explorer=explorer),
            "run_autograder": RUN.format(lab=lab)}
