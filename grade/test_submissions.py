"""What is taken of a submission, and what is refused."""

import csv
import io
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile

import pytest

import grading
import submissions
from submissions import Unusable

TRUSTED = """\
/* a.c - an example. */
#include "a.h"

static int helper(int x)
{
	return x + 1;
}

/* Add. */
int yours(int x)
{
	return helper(x);
}

int ours(int x)
{
	return yours(x) * 2;
}
"""


def overlaid(text):
    return submissions.overlay(text, TRUSTED, {"yours"}, "a.c")


def test_the_solution_stays():
    """What is not changed comes out as it was."""
    assert overlaid(TRUSTED) == TRUSTED


def test_only_what_is_theirs():
    """A cut function is the student's, with the helper that he added; every
    other is ours again."""
    theirs = TRUSTED.replace("\treturn helper(x);", "\treturn mine(x);") \
        .replace("yours(x) * 2", "1000") \
        .replace("/* Add. */", "static int mine(int x)\n{\n\treturn x;\n}\n\n"
                 "/* Add. */") \
        .replace('#include "a.h"', '#include "a.h"\n#include "lib/list.h"')
    text = overlaid(theirs)
    assert "return mine(x);" in text and "static int mine(" in text
    assert "return yours(x) * 2;" in text and "1000" not in text
    assert '"lib/list.h"' in text


@pytest.mark.parametrize("old, new, said", [
    ("int ours(int x)", "int other(int x)", "has lost ours()"),
    ('"a.h"', "</etc/passwd>", "includes </etc/passwd>"),
    ('"a.h"', '"/etc/passwd"', "includes"),
    ('"a.h"', '"../../labs/a.h"', "includes"),
    ('#include "a.h"', '#inc\\\nlude "/etc/passwd"', "includes"),
    ('#include "a.h"', '#/* x */include "/etc/passwd"', "includes"),
    ('#include "a.h"', "#define A \"a.h\"\n#include A", "includes A"),
    ("return helper(x);", 'asm(".incbin \\"x\\"");', "uses asm"),
    ("return helper(x);", 'record("end", "ok=1");', "uses record"),
    ("return helper(x);", "machine_\\\nexit(0);", "uses machine_exit"),
    ("return helper(x);", "irq_disable();", "uses irq_disable"),
    ("return helper(x);", "rec##ord();", "names out of parts"),
    ("int ours(int x)", "#define F ours\nint F(int x)\n{\n}\n\n#if 0\n"
     "int ours(int x)", "leaves out ours()"),
    ("static int helper(int x)", "static int\nhelper(int x)\n{\n}\n/*\n"
     "static int helper(int x)", "leaves out helper()"),
    ("int ours(int x)", "int\nours(int x)\n{\n}\n\n#define ours spare\n"
     "int ours(int x)", "defines a macro ours"),
    ("return helper(x);", "syscall_call(SYS_null + 19, 1, 0, 0, 0, 0);",
     "syscall_call() with more"),
    ("return helper(x);", "syscall_call(19, 1, 0, 0, 0, 0);",
     "syscall_call() with more"),
    ("return helper(x);", "(syscall_call)(n, 1, 0, 0, 0, 0);",
     "syscall_call() with more"),
    ("return helper(x);", "int SYS_mmap = 19;\n\tsyscall_call(SYS_mmap, 1);",
     "for something else"),
    ("return helper(x);", "#define SYS_mmap 19\n\tsyscall_call(SYS_mmap, 1);",
     "for something else"),
    ("return helper(x);", "sc.num = 19;", "the number in a struct syscall"),
    ("return helper(x);", "syscall_submit(&sc);", "uses syscall_submit"),
    ("return helper(x);", "syscall_trap(&sc);", "uses syscall_trap"),
    ("int yours(int x)", "int __attribute__((weak)) f(void);\n\n"
     "int yours(int x)", "uses __attribute__"),
    ("int yours(int x)", "int ours(int x)\n{\n}\n\nint yours(int x)",
     "has ours() twice"),
])
def test_tricks(old, new, said):
    """Sentences for what no exercise needs."""
    with pytest.raises(Unusable) as why:
        overlaid(TRUSTED.replace(old, new))
    assert said in str(why.value)


def test_a_trick_is_not_made_room_for():
    """What somebody takes out of a function that is ours, which is put back,
    he has not to spend elsewhere."""
    trusted = TRUSTED.replace("yours(x) * 2", "syscall_call(x, 0)")
    theirs = TRUSTED.replace("helper(x);", "syscall_call(19, 0);")
    with pytest.raises(Unusable, match="no exercise needs"):
        submissions.overlay(theirs, trusted, {"yours"}, "a.c")


def test_a_macro_is_no_trick():
    """A name of one's own for a number or for a few words, and an #if around
    something of one's own."""
    overlaid(TRUSTED.replace("/* Add. */", "#define ONE 1\n"
                             "#define MINE(x) \\\n\thelper(x)\n\n/* Add. */")
             .replace("\treturn helper(x);",
                      "#if 0\n\tx++;\n#else\n\tx--;\n#endif\n\treturn x;"))


@pytest.mark.parametrize("header", [
    '"lib/list.h"', "<stdbool.h>", "<stddef.h>", "<stdint.h>", "<limits.h>",
    "<stdarg.h>"])
def test_a_header_is_no_trick(header):
    """One of ours, or of those that a compiler has without any library."""
    overlaid(TRUSTED.replace('#include "a.h"',
                             f'#include "a.h"\n#include {header}  /* int */'))


def test_a_named_call_is_no_trick():
    """A system call is made by its name; on another line, too."""
    overlaid(TRUSTED.replace("return helper(x);",
                             "return syscall_call(SYS_mmap, x) + "
                             "syscall_call(\n\t\tSYS_change_vcore, x);"))


def test_words_in_comments_are_no_tricks():
    """One may write about what one may not use."""
    overlaid(TRUSTED.replace("/* Add. */", "/* No asm, no record here. */")
             .replace("return helper(x);", 'return "asm"[x]; // embed'))


if "spamming" not in grading.labfile.names():
    pytest.skip("another lab's starter", allow_module_level=True)
LAB = grading.labfile.load("spamming")
SOLUTION = {f: (grading.runner.ROOT / f).read_text() for f in LAB.files}


def write(folder, files=SOLUTION):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def as_tree(path):
    write(path)


def as_deep_tree(path):
    write(path / "ev6")


def as_tar(path):
    with tarfile.open(path, "w:gz") as archive:
        for name, text in SOLUTION.items():
            info = tarfile.TarInfo(f"spamming/{name}")
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))


def as_zip(path):
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in SOLUTION.items():
            archive.writestr(f"x/{name}", text)


def as_upload(path):
    """What Gradescope and Moodle make of what `make handin` has packed."""
    path.mkdir()
    as_tar(path / "spamming-0123456789ab.tar.gz")


def git(*words):
    subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@y",
                    *words], check=True, capture_output=True)


def as_two_trees(path):
    """One who has packed his tree, and an older one inside it."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in SOLUTION.items():
            archive.writestr(f"ev6/before/{name}", "old")
            archive.writestr(f"ev6/{name}", text)


def as_bare_git(path):
    tree = path.parent / "work"
    write(tree)
    git("init", "-q", str(tree))
    git("-C", str(tree), "add", ".")
    git("-C", str(tree), "commit", "-qm", "x")
    git("clone", "-q", "--bare", str(tree), str(path))


@pytest.mark.parametrize("make", [
    as_tree, as_deep_tree, as_tar, as_zip, as_two_trees, as_upload,
    as_bare_git,
], ids=lambda f: f.__name__)
def test_every_form_is_read(make, tmp_path):
    """A tree, an archive, a repository: the same text comes out."""
    path = tmp_path / "one"
    make(path)
    assert submissions.changes_of(path, LAB) == SOLUTION


def test_a_repository_runs_nothing(tmp_path):
    """One that says in its own configuration with what command its files are
    to be fetched."""
    path, ran = tmp_path / "one.git", tmp_path / "ran"
    git("init", "-q", "--bare", str(path))
    missing = subprocess.run(
        ["git", "-C", path, "mktree", "--missing"], check=True, text=True,
        input=f"100644 blob {1:040}\tkernel\n", capture_output=True)
    commit = subprocess.run(
        ["git", "-c", "user.name=x", "-c", "user.email=x@y", "-C", path,
         "commit-tree", "-m", "x", missing.stdout.strip()],
        check=True, text=True, capture_output=True)
    git("-C", str(path), "update-ref", "HEAD", commit.stdout.strip())
    (path / "config").write_text(f"""\
[core]
\trepositoryformatversion = 1
\tbare = true
[extensions]
\tpartialClone = origin
[remote "origin"]
\turl = {path}
\tpromisor = true
\tuploadpack = touch {ran}; false
""")
    assert submissions.from_git(path, "kernel") is None
    assert not ran.exists()


def with_links(repository, other):
    for name in "objects", "refs":
        shutil.rmtree(repository / name)
        (repository / name).symlink_to(f"../{other}/{name}")


def with_common_folder(repository, other):
    (repository / "commondir").write_text(f"../{other}\n")


def with_alternates(repository, other):
    commit = subprocess.run(
        ["git", "--git-dir", repository.parent / other, "rev-parse", "HEAD"],
        check=True, capture_output=True, text=True).stdout
    (repository / "HEAD").write_text(commit)
    (repository / "objects/info/alternates").write_text(
        f"../../{other}/objects\n")


@pytest.mark.parametrize("borrow", [
    with_links, with_common_folder, with_alternates],
    ids=lambda f: f.__name__)
def test_a_repository_reads_no_other(borrow, tmp_path):
    """What is handed in as somebody's is not what a neighbour has handed in,
    nor ours."""
    as_bare_git(tmp_path / "ada.git")
    git("init", "-q", "--bare", str(tmp_path / "eve.git"))
    shutil.copy(tmp_path / "ada.git/HEAD", tmp_path / "eve.git/HEAD")
    borrow(tmp_path / "eve.git", "ada.git")
    with pytest.raises(Unusable, match="it is a repository"):
        submissions.changes_of(tmp_path / "eve.git", LAB)


def with_body(function, body):
    file = next(c.file for c in LAB.cuts if c.function == function)
    text = submissions.bodies.replace(SOLUTION[file], function, body)
    return SOLUTION | {file: text}


def test_a_missing_file(tmp_path):
    """A sentence that names it."""
    write(tmp_path, {LAB.files[0]: SOLUTION[LAB.files[0]]})
    with pytest.raises(Unusable, match=f"there is no {LAB.files[1]}"):
        submissions.changes_of(tmp_path, LAB)


def test_a_link_is_not_followed(tmp_path):
    """Nor one to the solution."""
    write(tmp_path)
    path = tmp_path / LAB.files[0]
    path.unlink()
    path.symlink_to(grading.runner.ROOT / LAB.files[0])
    with pytest.raises(Unusable, match="symbolic link"):
        submissions.changes_of(tmp_path, LAB)


@pytest.mark.parametrize("data, said", [
    (b"x" * 300000, "larger than"), (b"\xff\xfe/\0", "not a text")])
def test_not_a_source(tmp_path, data, said):
    """Too much, or no text at all."""
    write(tmp_path)
    (tmp_path / LAB.files[0]).write_bytes(data)
    with pytest.raises(Unusable, match=said):
        submissions.changes_of(tmp_path, LAB)


def test_a_file_that_is_no_archive(tmp_path):
    """A sentence, not a traceback."""
    (tmp_path / "essay").write_text("I did it")
    os.mkfifo(tmp_path / "pipe")  # nobody writes there, ever
    for name in "essay", "pipe":
        with pytest.raises(Unusable, match="neither a folder nor an archive"):
            submissions.changes_of(tmp_path / name, LAB)


def half_of(path):
    data = path.read_bytes()
    path.write_bytes(data[:len(data) // 2])


def of_unknown_method(path):
    """Such as 7-Zip and Windows write, which Python does not know."""
    head = b"PK\1\2"
    parts = path.read_bytes().split(head)
    path.write_bytes(head.join(
        parts[:1] + [p[:6] + b"\x09" + p[7:] for p in parts[1:]]))


@pytest.mark.parametrize("make, broken", [
    (as_tar, half_of), (as_zip, of_unknown_method)])
def test_a_broken_archive(make, broken, tmp_path):
    """It costs the others nothing, nor who grades a traceback."""
    make(tmp_path / "one")
    broken(tmp_path / "one")
    with pytest.raises(Unusable, match="cannot be read"):
        submissions.changes_of(tmp_path / "one", LAB)


def test_a_file_without_an_end(tmp_path):
    """Its last brace is lost: the same."""
    file = LAB.files[0]
    write(tmp_path, SOLUTION | {file: SOLUTION[file].rstrip()[:-1]})
    with pytest.raises(Unusable, match=r"\(\) has no end"):
        submissions.changes_of(tmp_path, LAB)


def test_an_accent_costs_nothing(tmp_path):
    """A comment that is not UTF-8: what compiles at home is graded here."""
    file = LAB.files[0]
    write(tmp_path)
    (tmp_path / file).write_bytes(
        SOLUTION[file].encode() + b"/* J\xfcrgen */\n")
    assert "rgen" in submissions.changes_of(tmp_path, LAB)[file]


class Answers:
    """A slot that says of everything it gets: all passed."""

    def apply(self, changes):
        self.changes = changes

    def run(self, tests, seed, budget):
        if "no_such_thing" in "".join(self.changes.values()):
            return {"error": "spam.c:1:1: error: no_such_thing", "results": []}
        return {"error": None, "results": [
            grading.dataclasses.asdict(grading.Result(t, "", "PASS"))
            for t in tests]}


def test_a_table(tmp_path):
    """A row for each, with points, verdicts and a sentence, in a CSV."""
    write(tmp_path / "ada")
    write(tmp_path / "bob", with_body("spam_any", "\tno_such_thing();"))
    (tmp_path / "eve").mkdir()
    rows = [submissions.row(name, LAB, *submissions.graded(
        tmp_path / name, LAB, Answers(), 0, 0)) for name in
        ("ada", "bob", "eve")]
    assert submissions.write_csv(rows, tmp_path / "out.csv") == 3
    with open(tmp_path / "out.csv", newline="") as file:
        ada, bob, eve = csv.DictReader(file)
    assert (ada["points"], ada["of"], ada["sentence"]) == ("100", "100", "")
    assert ada["spamming.1"] == str(LAB.exercises[0].points)
    assert ada["flag_indir-4"] == "PASS"
    assert bob["points"] == "0" and "does not build: spam.c" in bob["sentence"]
    assert bob["flag_indir-4"] == "ERROR"
    assert eve["sentence"] == f"there is no {LAB.files[0]} in it"


def test_a_course_that_is_ended(tmp_path, monkeypatch):
    """Whoever was graded before stays in the table."""
    write(tmp_path / "in/ada")
    write(tmp_path / "in/bob")
    monkeypatch.setattr(submissions, "made_slots", lambda *_: [Answers()])
    rows = submissions.grade_all(tmp_path / "in", LAB, jobs=1)

    def until_bob():
        for row in rows:
            if row["name"] == "bob":
                raise KeyboardInterrupt
            yield row

    with pytest.raises(KeyboardInterrupt):
        submissions.write_csv(until_bob(), tmp_path / "out.csv")
    with open(tmp_path / "out.csv", newline="") as file:
        assert [row["name"] for row in csv.DictReader(file)] == ["ada"]


def test_two_courses_at_once():
    """The second would put its submissions into the slots of the first, which
    would grade them under other names."""
    ours = submissions.slots
    script = (f"import sys; sys.path.insert(0, {str(ours.runner.ROOT)!r}"
              " + '/grade'); import slots; slots.keep_out('slots of two')")
    ours.keep_out("slots of two")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True,
                          text=True, cwd=ours.runner.ROOT)
    assert "another grader is at work" in done.stderr
    ours.OURS.pop("slots of two").close()
    assert not subprocess.run([sys.executable, "-c", script],
                              cwd=ours.runner.ROOT).returncode


def test_a_rehearsal_takes_nobodys_place(tmp_path):
    """Its folder may be the one with the course's own submissions."""
    mutant_course = pytest.importorskip("mutant_course")  # a starter has none
    write(tmp_path / "ada")
    with pytest.raises(SystemExit, match="not empty"):
        mutant_course.make(LAB, tmp_path, 1)
    assert (tmp_path / "ada").exists()
