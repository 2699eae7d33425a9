"""What students type: left, hint, carry, handin."""

import json
import os
import pathlib
import subprocess
import sys
import tarfile
import io

import carry as carrying
import cutting
import git
import labfile
from cutting import bodies

ROOT = labfile.ROOT
HINTS = ".hints"  # how many of each were shown; ignored by git
OUT = os.environ.get("O") or "obj"


def the_lab(name=""):
    """The lab @name, or the one that this tree is the starter of."""
    if name:
        return labfile.load(name)
    there = labfile.names()
    if len(there) != 1:
        raise git.Failed("this is the finished kernel, with every lab: say "
                         "which one, like LAB=" + (there or ["mailboxes"])[-1])
    return labfile.load(there[0])


# --- left --------------------------------------------------------------------

def left(name=""):
    """List the exercises and what of them is still to be written."""
    lab = the_lab(name)
    todo = {c for _, c in cutting.unwritten(ROOT, lab)}
    for e in lab.exercises:
        mine = [c for c in e.cuts if not c.remove]
        done = not todo.intersection(mine)
        print(f"{'done ' if done else 'write'} {e.id}  {e.title}, "
              f"{e.points} points")
        for cut in mine:
            mark = "     " if cut not in todo else "  -> "
            print(f"      {mark}{cut.file}:{line_of(cut)}: {cut.function}()")
    deaf = cutting.deaf(ROOT, lab)
    if deaf:
        print("\nThese are written, and still say lab_no_events(): take that "
              "line away, or\nprocesses go on waiting without events.")
    for cut in deaf:
        print(f"  {cut.file}:{line_of(cut)}: {cut.function}()")
    if todo:
        first = next(e for e in lab.exercises if todo.intersection(e.cuts))
        print(f"\n{len(todo)} of {len(lab.cuts)} functions are left.  Next: "
              f"{lab.handout}#{first.anchor}\nand `make hint "
              f"EX={first.id}` when you are stuck.")
    else:
        print("\nNothing is left to write.  `make grade` says what it is "
              "worth.")
    return 0


def line_of(cut):
    """Where it stands, for an editor."""
    text = cutting.text_of(ROOT / cut.file)
    try:
        f = bodies.find(text, cut.function)
    except LookupError:
        return 1
    return text.count("\n", 0, f.head) + 1


# --- hint --------------------------------------------------------------------

def hint(key, which=0):
    """Show one more hint for an exercise, or the one asked for."""
    exercise = find_exercise(key)
    path = ROOT / HINTS
    try:
        seen = dict(json.loads(path.read_text()))
    except (OSError, TypeError, ValueError):
        seen = {}
    n = which or min(seen.get(exercise.id, 0) + 1, len(exercise.hints))
    if not 1 <= n <= len(exercise.hints):
        raise git.Failed(f"{exercise.id} has {len(exercise.hints)} hints: "
                         f"N is 1 to {len(exercise.hints)}")
    if not which:
        seen[exercise.id] = n
        path.write_text(json.dumps(seen) + "\n")
    print(f"{exercise.id}, {exercise.title}: hint {n} of "
          f"{len(exercise.hints)}\n")
    print(fold(exercise.hints[n - 1]))
    if n < len(exercise.hints):
        print(f"\nOne more: make hint EX={exercise.id}" +
              (f" N={n + 1}" if which else ""))
    return 0


def find_exercise(key):
    if not key:
        raise git.Failed("say which exercise, like EX="
                         + labfile.all_labs()[-1].exercises[0].id
                         + "; `make left` lists them")
    lab, dot, _ = key.rpartition(".")
    return the_lab(lab if dot else "").exercise(key)


def fold(text, width=72):
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = ""
        line += (" " if line else "") + word
    return "\n".join(lines + [line])


# --- carry -------------------------------------------------------------------

def carry(name, source):
    """Take what was written in another lab into this one."""
    if not source:
        raise git.Failed("say where from: FROM=mailboxes, or a branch, a "
                         "commit or a folder")
    there = labfile.names()
    if name and len(there) == 1 and there != [name]:
        raise git.Failed(f"this tree is lab {there[0]}: type `git switch "
                         f"lab/{name}` first")
    lab = the_lab(name)
    where = carrying.Source(source, ROOT)
    changed = uncommitted({f for f, _ in where.functions()})
    if changed:
        raise git.Failed(f"{changed[0]} has changes that are not committed, "
                         "and might be lost: type `git commit -a` first")
    report = carrying.carry(where, ROOT, lab)
    for title, names in (("taken", report.taken),
                         ("not written there", report.unwritten),
                         ("not taken, for you to look at",
                          report.not_taken)):
        if names:
            print(f"{title}:")
            print("".join(f"  {n}\n" for n in names), end="")
    print(f"{len(report.taken)} taken from {source}, {len(report.same)} are "
          "the same here.")
    if report.taken:
        print("Look at it with `git diff`, build it with `make`, and commit "
              f"it:\n`git add {carrying.CARRIED}` and `git commit -a`.")
    return 1 if report.not_taken else 0


def uncommitted(files=()):
    """What `git status` says, of @files or of all."""
    if not git.is_repository():
        return []
    said = git.text("status", "--porcelain", "--untracked-files=no", "--",
                    *sorted(files))
    return [line.split(maxsplit=1)[1] for line in said.splitlines()]


# --- handin ------------------------------------------------------------------

def handin(name=""):
    """Check that all is there, grade it, and pack it into one file."""
    lab = the_lab(name)
    if not git.is_repository():
        raise git.Failed("this is no git repository, and it should be one: "
                         "begin with the repository that you were given, or "
                         "type `git init && git add . && git commit`")
    dirty = uncommitted()
    if dirty:
        raise git.Failed(f"not everything is committed, {dirty[0]} for one: "
                         "type `git commit -a` first")
    head = git.resolve("HEAD")
    refuse_what_staff_refuse(lab)
    for line in outside_changes(lab):
        print(f"note: {line}")
    record = graded(lab)
    path = pack(lab, head, record)
    print(f"\nHand in {path.relative_to(ROOT)}: commit {head[:12]}, "
          f"{record['points']} of {record['of']} points.")
    return 0


def began(lab):
    """The commit that brought the lab: the first, but for who had begun a
    repository of his own before."""
    brought = git.text("log", "--diff-filter=A", "--format=%H", "--",
                       f"labs/{lab.name}/lab.toml")
    first = git.text("rev-list", "--max-parents=0", "HEAD")
    return (brought or first).split("\n")[-1]


def refuse_what_staff_refuse(lab):
    """A starter that passes all tests here, and of which a course would take
    nothing: that has to be known before it is handed in."""
    if len(labfile.names()) != 1:
        return
    sys.path.insert(0, str(ROOT / "grade"))
    import submissions
    base = began(lab)

    def as_given(file):
        data = git.git("cat-file", "blob", f"{base}:{file}", check=False)
        return data.decode(errors="replace") or cutting.text_of(ROOT / file)

    try:
        submissions.changes_of(ROOT, lab, as_given)
    except submissions.Unusable as why:
        raise git.Failed("staff would give no points for this, so it was not "
                         f"graded or packed: {why}") from None


def outside_changes(lab):
    """What was changed beside the exercises: it will not count."""
    base = began(lab)
    files = git.text("diff", "--name-only", base, "HEAD").split("\n")
    mine = set(lab.files) | {carrying.CARRIED}
    others = [f for f in files if f and f not in mine]
    if others:
        yield (f"{len(others)} files that belong to no exercise were changed; "
               "staff grade with their own: " + ", ".join(others[:5])
               + (" ..." if len(others) > 5 else ""))
    cut = {(c.file, c.function) for c in lab.cuts}
    for file in set(lab.files) & set(files):
        before = git.git("cat-file", "blob", f"{base}:{file}",
                         check=False).decode(errors="surrogateescape")
        now = cutting.text_of(ROOT / file)
        for f in bodies.functions(before):
            if (file, f.name) in cut:
                continue
            try:
                body = bodies.find(now, f.name).body_of(now)
            except LookupError:
                yield f"{file}: {f.name}() is gone"
                continue
            if body != f.body_of(before):
                yield f"{file}: {f.name}() was changed, no exercise asks that"


def graded(lab):
    """The grader's record of this tree, made now."""
    path = ROOT / OUT / f"grade/{lab.name}.json"
    path.unlink(missing_ok=True)
    subprocess.run(["tools/grade", "lab", lab.name], cwd=ROOT, check=False)
    if not path.exists():
        raise git.Failed("the grader came to no verdict, see above: without "
                         "one there is nothing to hand in")
    return json.loads(path.read_text())


def pack(lab, commit, record):
    """One archive: the tree of @commit, and its verdict."""
    folder = f"{lab.name}-{commit[:12]}"
    path = ROOT / OUT / f"handin/{folder}.tar.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    tree = git.git("archive", f"--prefix={folder}/", commit)
    verdict = json.dumps({"commit": commit} | record, indent=1).encode()
    with tarfile.open(fileobj=io.BytesIO(tree)) as whole, \
            tarfile.open(path, "w:gz") as packed:
        for member in whole.getmembers():
            packed.addfile(member, whole.extractfile(member)
                           if member.isfile() else None)
        info = tarfile.TarInfo(f"{folder}/verdict.json")
        info.size = len(verdict)
        packed.addfile(info, io.BytesIO(verdict))
    return path
