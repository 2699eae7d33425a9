"""The starter of a lab: this tree, without what its students write.

A starter is a commit without parents, made from HEAD by nobody at no time, so
that the same HEAD gives the same hash: also the list of what is cut is the one
that was committed, whatever the working tree has.  What is in it is said by a
white list; what is not, by the names that solutions go by; and before it is
shown to anybody it is searched for what was cut.
"""

import fnmatch
import re

import ci
import cutting
import git
import labfile
import leaks

SHIPPED = """
.devcontainer/* .gdbinit .gitignore LICENSE Makefile README.md pytest.ini
docs/* grade/* handouts/* kernel/* tools/* user/*
""".split()

# Solutions, wrong ones, and what looks for them.
KEPT_BACK = """
*mutant* *mutation* *alternative* *cheat* *instructor* *reference* *solution*
grade/explorer/audit.py grade/explorer/PAIRS.md grade/test_*explorer*.py
grade/test_labs*.py tools/labs/verify.py tools/labs/ci.py tools/labs/release.py
""".split()

TOML = re.compile(r"labs/([\w-]+)/lab\.toml")
MUTANTS = re.compile(r"^mutants = \[[^\]]*\]\n", re.M)
TITLE = re.compile(r"\A# .*\n")


def is_shipped(path):
    def among(patterns):
        return any(fnmatch.fnmatchcase(path, p) for p in patterns)
    return among(SHIPPED) and not among(KEPT_BACK)


def reduced(text):
    """A lab.toml for students: nothing about mutants."""
    return MUTANTS.sub("", text)


def readme(text, lab):
    """The README of the starter of @lab."""
    said = (f"\n> This is the starter of lab {lab.number}, *{lab.title}*.  "
            f"Begin with\n> [{lab.handout}]({lab.handout}); `make left` lists "
            "what is yours to write, and\n> `make grade` says how far you "
            "are.\n")
    return TITLE.sub(lambda m: m[0] + said, text, count=1)


def lab_at(commit, name):
    """The lab @name as @commit has it."""
    return labfile.read(name, git.read(commit, f"labs/{name}/lab.toml"))


def labs_at(commit):
    """Every lab of @commit, in the order in which they are taken."""
    names = [m[1] for m in map(TOML.fullmatch, git.entries(commit)) if m]
    return sorted((lab_at(commit, n) for n in names), key=lambda x: x.number)


def files(lab, commit):
    """{path: (mode, blob)} of the starter of @lab, as @commit has that."""
    lab = lab_at(commit, lab.name)
    found = {path: entry for path, entry in git.entries(commit).items()
             if is_shipped(path)}
    cut = cutting.cut_tree(lambda f: git.read(commit, f), lab)
    changed = dict(cut)
    changed["README.md"] = readme(git.read(commit, "README.md"), lab)
    toml = f"labs/{lab.name}/lab.toml"
    changed[toml] = reduced(git.read(commit, toml))
    changed.update(ci.workflow_files(lab))
    for path, text in changed.items():
        mode = found.get(path, ("100644",))[0]
        found[path] = (mode, git.store(text))
    return found


def resolve(commit):
    head = git.resolve(commit)
    if not head:
        raise git.Failed("there is no commit to make a starter from: type "
                         "`git commit` first.")
    return head


def make(lab, commit="HEAD"):
    """The commit that is the starter of @lab."""
    head = resolve(commit)
    lab = lab_at(head, lab.name)
    found = files(lab, head)
    leaks.check(lab, head, found)
    return git.commit_files(found, f"ev6: lab {lab.number}, {lab.name}\n")


def branch(lab, commit="HEAD"):
    """Make the starter of @lab, and let its branch name it."""
    made = make(lab, commit)
    ref = f"refs/heads/{lab.branch}"
    old = git.resolve(ref)
    if old and git.text("rev-list", "--count", old) != "1":
        raise git.Failed(
            f"branch {lab.branch} has commits of its own, which would be "
            f"lost: type `git branch -m {lab.branch} NAME` to keep them "
            "under another name.")
    if git.text("symbolic-ref", "-q", "HEAD", check=False) == ref:
        raise git.Failed(f"you are on branch {lab.branch}: type `git switch` "
                         "and the branch of the finished kernel first.")
    git.git("update-ref", ref, made)
    return made
