"""The labs: what is handed out builds, boots, fails as it should, and keeps
its secrets; and what is filled in passes.
"""

import pathlib
import re
import shutil
import subprocess
import sys

import pytest

import mutant_bench
import runner

sys.path.insert(0, str(runner.ROOT / "tools/labs"))

import carry  # noqa: E402
import cutting  # noqa: E402
import git  # noqa: E402
import labfile  # noqa: E402
import leaks  # noqa: E402
import starter  # noqa: E402
import verify  # noqa: E402

pytestmark = pytest.mark.check

LABS = labfile.all_labs()
EACH = [pytest.param(lab, id=lab.name,
                     marks=pytest.mark.xdist_group(f"lab-{lab.name}"))
        for lab in LABS]
each_lab = pytest.mark.parametrize("lab", EACH)


@pytest.fixture(scope="session")
def tree(tmp_path_factory):
    """The starter of a lab in a folder, made once; a test may have filled some
    of it in."""
    made = {}

    def make(lab):
        if lab.name not in made:
            folder = tmp_path_factory.mktemp(lab.name)
            made[lab.name] = verify.Tree(lab, folder)
        return made[lab.name]

    return make


@pytest.fixture
def unfilled(tree):
    """The same, with nothing filled in."""

    def make(lab):
        tree(lab).fill([])
        return tree(lab)

    return make


# --- lab.toml ----------------------------------------------------------------

def known_tests():
    """The names by which lab.toml can ask for tests."""
    names = {p.stem for p in runner.ROOT.glob("user/tests/*.c")}
    for path in runner.ROOT.glob("grade/explorer/tests/*.c"):
        names |= {f"explore:{n}" for n in
                  re.findall(r"^[A-Z_]+\((\w+)", path.read_text(), re.M)}
    boots = (runner.ROOT / "grade/test_boot.py").read_text()
    return names | {f"boot:{n}" for n in
                    re.findall(r"^def test_(\w+)", boots, re.M)}


@each_lab
def test_lab_file(lab):
    """100 points; exercises in order, each with three hints, the last of
    which says where to read; functions and tests that exist."""
    assert lab.points == 100
    known, before = known_tests(), []
    for number, e in enumerate(lab.exercises, 1):
        assert e.id == f"{lab.name}.{number}"
        assert set(e.needs) <= set(before), f"{e.id} needs what comes later"
        assert len(e.hints) == 3 and 1 <= e.difficulty <= 3
        assert f"{lab.handout}#{e.anchor}" in e.hints[2], e.hints[2]
        assert e.cuts and e.tests
        for cut in e.cuts:
            cutting.bodies.find((runner.ROOT / cut.file).read_text(),
                                cut.function)
        for test in e.tests:
            assert test in known or test.rpartition("-")[0] in known, test
        before.append(e.id)


@each_lab
def test_mutants_belong_to_it(lab):
    """Each is a mistake in what its students write, and tests that give them
    points have to notice."""
    cut = {c.name for c in lab.cuts}
    tests = {t for e in lab.exercises for t in e.tests}
    tests |= {t.rpartition("-")[0] for t in tests}
    mutants = list(mutant_bench.of_lab(lab))
    assert len(mutants) >= 8
    for m in mutants:
        assert m.changes() and m.function in cut, m.name
        assert m.tests and set(m.tests) <= tests, m.name


def test_no_function_is_cut_twice():
    """One lab for each function, and one exercise."""
    cuts = [c.name for lab in LABS for c in lab.cuts]
    assert len(set(cuts)) == len(cuts)


def test_labs_follow_each_other():
    """In one line, from lab 0."""
    assert [lab.number for lab in LABS] == list(range(len(LABS)))
    assert [lab.follows for lab in LABS] == \
        [""] + [lab.name for lab in LABS[:-1]]


@pytest.mark.parametrize("text, said", [
    ("number = ", "labs/x/lab.toml"), ("colour = 1", "colour"),
    ('[[exercise]]\nid = "x.1"', "title"),
    ('[[exercise]]\n[[exercise.cut]]\nfunction = "f"', "FILE:FUNCTION")])
def test_bad_lab_file(tmp_path, text, said):
    """What is wrong with a lab.toml is said with its name."""
    path = tmp_path / "labs/x/lab.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    with pytest.raises(labfile.BadLab, match=said):
        labfile.load("x", tmp_path)


# --- cutting -----------------------------------------------------------------

SOURCE = '''\
/* f.c */
#include "event/f.h"

#include "mm/a.h"

static int help(void)
{
	return 1;
}

/* What it does. */
int f(void)
{
	race_point(HERE);
	return help();
}
'''

CUT = '''\
/* f.c */
#include "event/f.h"

#include "lib/lab.h"
#include "mm/a.h"

static int help(void)
{
	return 1;
}

/* What it does. */
int f(void)
{
	/* Race points of this function: HERE. */
	lab_uses(help);
	lab_todo("x.1");
	return 0;
}
'''


def exercise(stub="return 0;"):
    cut = labfile.Cut("kernel/f.c", "f", stub)
    return labfile.Exercise("x.1", "F", 100, 1, (), (), (cut,))


def test_cut():
    """The comment stays, the stub names race points and helpers."""
    assert cutting.cut_file(SOURCE, "kernel/f.c", [exercise()]) == CUT
    loud = cutting.cut_file(SOURCE, "kernel/f.c", [exercise(None)])
    assert 'lab_todo_panic("x.1");' in loud and "return 0" not in loud


def test_restore():
    """Filled in, nothing of the stub is left."""
    assert cutting.restore(CUT, SOURCE, "kernel/f.c", [exercise()]) == SOURCE


# --- starters ----------------------------------------------------------------

@each_lab
def test_starter_repeats(lab):
    """The same HEAD gives the same hash, and no parent is told."""
    head = git.resolve("HEAD")
    made = starter.make(lab, head)
    assert made == starter.make(lab, head)
    assert git.text("rev-list", "--count", made) == "1"


def test_starter_is_of_what_was_committed(tmp_path):
    """A lab.toml that was changed and not committed changes no starter, also
    where it cuts a function less: that one would be handed out."""
    clone = tmp_path / "ev6"
    git.git("clone", "-q", runner.ROOT, clone)

    def make():
        done = subprocess.run([clone / "tools/lab", "make", "boot"], text=True,
                              capture_output=True)
        assert done.returncode == 0, done.stderr
        return git.resolve("lab/boot", root=clone), done.stdout

    made, cuts = make(), len(labfile.load("boot", clone).cuts)
    toml = clone / "labs/boot/lab.toml"
    whole = toml.read_text()
    cut = re.search(r"^\[\[exercise\.cut\]\]\n(\w+ = .*\n)+", whole, re.M)
    toml.write_text(whole.replace(cut[0], ""))
    assert len(labfile.load("boot", clone).cuts) == cuts - 1
    assert make() == made


@each_lab
def test_starter_holds_what_it_should(lab):
    """Its own lab.toml without mutants, and nothing that staff keep."""
    files = starter.files(lab, git.resolve("HEAD"))
    assert [f for f in files if f.startswith("labs/")] == \
        [f"labs/{lab.name}/lab.toml"]
    told = git.contents({"t": files[f"labs/{lab.name}/lab.toml"]})["t"]
    assert b"mutants" not in told
    for word in ("mutant", "solution", "alternative", "instructor",
                 "test_labs"):
        assert not [f for f in files if word in f]
    for file in ("README.md", "Makefile", "kernel/ORDER", "tools/lab",
                 "grade/judge.py", ".github/workflows/classroom.yml"):
        assert file in files


@each_lab
def test_leaks_are_found(lab):
    """A line of each cut body, quoted in a comment or a handout, is seen."""
    head = git.resolve("HEAD")
    files = starter.files(lab, head)
    assert leaks.find(lab, head, files) == []
    code = {p: e for p, e in git.entries(head).items()
            if p.startswith(leaks.CODE) and p.endswith((".c", ".h", ".S"))}
    lines = leaks.cut_lines(lab, leaks.texts(code))
    assert len(lines) > 3
    line = next(iter(lines))
    for quoted in (f"> {line}\n", f" * {line[:9]} {line[9:]}\n"):
        planted = {"handouts/x.md": ("100644", git.store(quoted))}
        assert leaks.find(lab, head, planted)


@each_lab
@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_starter_builds(lab, unfilled, compiler):
    """Without a warning, by both compilers."""
    if not shutil.which(compiler):
        pytest.skip(f"{compiler} is not installed")
    assert unfilled(lab).build(compiler) == ""


@each_lab
@pytest.mark.parametrize("cpus", [1, 4])
def test_starter_boots(lab, unfilled, qemu, cpus):
    """To the shell and through hello, and it says how much is left; in lab 0,
    to the first exercise."""
    assert unfilled(lab).build() == ""
    said, status = unfilled(lab).boots(cpus)
    if lab.number:
        assert status == 0 and "hello from ev6" in said, said
        left = [c for c in lab.cuts if c.file.startswith("kernel/")]
        assert f"\n{len(left)} functions of this kernel are yours" in said
    else:
        assert status and "is yours to write: handouts/boot.md" in said, said


@each_lab
def test_left(lab, unfilled):
    """All of it is listed, and where."""
    said = unfilled(lab).run("tools/lab", "left").stdout
    assert f"{len(lab.cuts)} of {len(lab.cuts)} functions are left" in said
    for cut in lab.cuts:
        assert re.search(rf"-> {cut.file}:\d+: {cut.function}\(\)", said), said


def git_in(folder):
    """What runs git there, as somebody."""
    def git_does(*words):
        subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@y",
                        "-C", folder, *words], check=True,
                       capture_output=True)
    return git_does


def copy_tree(tree, to):
    for part in ("tools", "kernel", "user", "labs", "grade"):
        shutil.copytree(tree.path(part), to / part)


def test_a_repository_of_ones_own(unfilled, tmp_path):
    """One that had a README before the starter: what was changed is told from
    the commit that brought the lab."""
    git_does = git_in(tmp_path)
    lab = LABS[0]
    tree = unfilled(lab)
    git_does("init", "-q")
    git_does("commit", "-q", "--allow-empty", "-m", "mine")
    copy_tree(tree, tmp_path)
    git_does("add", ".")
    git_does("commit", "-qm", "the starter")
    (tmp_path / "user/lib/string.c").write_text("")
    git_does("commit", "-qam", "work")
    said = subprocess.run(
        [sys.executable, "-c", "import student, labfile\n"
         f"for line in student.outside_changes(labfile.load('{lab.name}')):"
         " print(line)"], cwd=tmp_path / "tools/labs", capture_output=True,
        text=True)
    assert said.stdout.startswith("1 files that belong to no"), said.stderr


def test_handin_refuses_what_a_course_refuses(unfilled, tmp_path):
    """Who uses what no exercise needs hears of it here, where it can still be
    mended, and not from his points."""
    git_does = git_in(tmp_path)
    cut = LABS[0].cuts[-1]
    copy_tree(unfilled(LABS[0]), tmp_path)
    git_does("init", "-q")
    git_does("add", ".")
    git_does("commit", "-qm", "the starter")
    path = tmp_path / cut.file
    path.write_text(cutting.bodies.replace(path.read_text(), cut.function,
                                           "\tirq_disable();\n"))
    git_does("commit", "-qam", "work")
    said = subprocess.run([tmp_path / "tools/lab", "handin"], text=True,
                          capture_output=True)
    assert said.returncode == 1
    assert f"{cut.file} uses irq_disable, which no exercise" in said.stderr
    assert not (tmp_path / "obj").exists()


def test_broken_sources_get_a_sentence(unfilled):
    """A comment that is not UTF-8 is nothing to `make left`, a file that is
    gone and a lab.toml with a conflict in it are a line."""
    tree = unfilled(LABS[0])
    file, toml = LABS[0].files[0], f"labs/{LABS[0].name}/lab.toml"
    source, table = tree.path(file).read_text(), tree.path(toml).read_text()
    try:
        tree.path(file).write_bytes(source.encode() + b"/* J\xfcrgen */\n")
        left = tree.run("tools/lab", "left")
        tree.path(file).unlink()
        gone = tree.run("tools/lab", "left")
        tree.path(toml).write_text(f"<<<<<<< HEAD\n{table}")
        both = tree.run("tools/grade", "lab").stdout, \
            tree.run("tools/lab", "left").stdout
    finally:
        tree.path(file).write_text(source)
        tree.path(toml).write_text(table)
    assert not left.returncode, left.stdout
    assert "No such file" in gone.stdout and "Traceback" not in gone.stdout
    for said in both:
        assert "git checkout HEAD labs/" in said and said.count("\n") == 1


def test_left_tells_of_events_that_are_missing(unfilled):
    """A function that is written, and still says lab_no_events()."""
    made = unfilled(labfile.load("mailboxes"))
    path = made.path("kernel/event/ucq.c")
    starter_of_it = path.read_text()
    path.write_text(cutting.STUB.sub("mine();", starter_of_it))
    said = made.run("tools/lab", "left").stdout
    path.write_text(starter_of_it)
    _, _, told = said.partition("still say lab_no_events()")
    for function in "ucq_fill", "ucq_post":
        assert re.search(rf"^  kernel/event/ucq.c:\d+: {function}\(\)$", told,
                         re.M), said
    assert "still say" not in made.run("tools/lab", "left").stdout


# --- filled in ---------------------------------------------------------------

@pytest.mark.parametrize("lab, filling", [
    pytest.param(lab, filling, id=f"{lab.name}-{filling.name}",
                 marks=pytest.mark.xdist_group(f"lab-{lab.name}"))
    for lab in LABS for filling in verify.fillings(lab)])
def test_filled_in(lab, filling, tree, qemu):
    """Each exercise with what it needs, and nothing else, passes exactly its
    tests; any other is a FAIL that says whose it is to write.  So the starter
    has no points, and the solution has all."""
    row = verify.judged(tree(lab), filling)
    assert row.ran
    assert not row.wrong, "\n".join(row.wrong)


# --- carry -------------------------------------------------------------------

@each_lab
def test_carry_gives_the_solution_back(lab, tmp_path):
    """With the finished kernel as the source, byte for byte."""
    tree = verify.Tree(lab, tmp_path, slim=False)
    (tmp_path / "labs").mkdir(exist_ok=True)
    report = carry.carry(carry.Source("HEAD", runner.ROOT), tmp_path, lab)
    assert not report.not_taken and not report.unwritten
    assert {f"{c.file}:{c.function}" for c in lab.cuts} == set(report.taken)
    for file in tree.solution:
        assert tree.path(file).read_text() == tree.solution[file], file


def test_carry_takes_what_the_student_wrote(tmp_path):
    """Bodies, new helpers and includes come along; other changes are named,
    stubs stay.  What stood beside the line of a stub, and was left there when
    that line was taken away, does not come along: there is no header for it."""
    lab, after = labfile.load("mailboxes"), labfile.load("spamming")
    old, new = tmp_path / "old", tmp_path / "new"
    verify.Tree(lab, old, slim=False)
    verify.Tree(after, new, slim=False)
    path = old / "kernel/event/bitmap.c"
    text = path.read_text().replace('#include "mm/usercopy.h"\n',
                                    '#include "lib/string.h"\n'
                                    '#include "mm/usercopy.h"\n'
                                    "#include <limits.h>\n")
    text = cutting.bodies.replace(text, "bitmap_post", "\treturn mine(0);\n")
    head = text.index("int bitmap_post(")
    text = text[:head] + "#define MINE 7\n\nstatic int mine(int x)\n{\n" \
        "\treturn x + MINE;\n}\n\n" + text[head:]
    path.write_text(text)
    ucq = "kernel/event/ucq.c"
    written = cutting.STUB.sub("mine();", (old / ucq).read_text())
    assert "lab_uses(" in written and "lab_no_events(" in written
    (old / ucq).write_text(written)
    report = carry.carry(carry.Source(str(old), old), new, after)
    got = (new / "kernel/event/bitmap.c").read_text()
    assert "\treturn mine(0);\n" in got and "return x + MINE;" in got
    assert '#include "lib/string.h"' in got
    of_ucq = {c.name for c in lab.cuts if c.file == ucq}
    assert set(report.taken) == {"kernel/event/bitmap.c:bitmap_post",
                                 "kernel/event/bitmap.c:mine"} | of_ucq
    assert len(report.unwritten) == len(lab.cuts) - 1 - len(of_ucq)
    got = (new / ucq).read_text()
    assert got.count("\tmine();\n") == len(of_ucq)
    assert "lab_" not in got and "Race points of this" not in got
    for left in "MINE 7", "<limits.h>":
        assert any(left in line for line in report.not_taken)
    # What was carried is the student's: it goes along the next time, too.
    assert "kernel/event/bitmap.c:bitmap_post" in \
        (new / carry.CARRIED).read_text()


# --- what is typed -----------------------------------------------------------

def lab_tool(*words):
    done = subprocess.run([runner.ROOT / "tools/lab", *words], text=True,
                          capture_output=True)
    return done.stdout + done.stderr, done.returncode


@pytest.mark.parametrize("words, said", [
    (["left"], "LAB="), (["hint"], "EX="), (["hint", "boot.9"], "boot.1"),
    (["hint", "boot.1", "7"], "1 to 3"), (["hint", "nosuch.1"], "mailboxes"),
    (["carry", "boot", ""], "FROM="), (["carry", "boot", "nosuch"],
                                       "git branch -a"),
    (["carry", "boot", "docs"], "docs has no labs/NAME/lab.toml"),
    (["make", "nosuch"], "spamming"), (["handin"], "LAB="),
    (["release", "."], "not empty")])
def test_mistakes_get_a_sentence(words, said):
    """What is missing, and what to type; never a traceback."""
    out, status = lab_tool(*words)
    assert status == 1 and out.startswith("ev6: ") and said in out, out
    assert "Traceback" not in out


def test_hints_come_one_at_a_time(unfilled):
    """Three steps, then the last again; N= shows one and counts nothing."""
    lab = labfile.load("boot")
    hints = [" ".join(h.split()) for h in lab.exercises[0].hints]
    made = unfilled(lab)
    made.path(".hints").unlink(missing_ok=True)
    for n, words in ((3, ["3"]), (1, []), (2, []), (3, []), (3, [])):
        said = made.run("tools/lab", "hint", "boot.1", *words).stdout
        assert f"hint {n} of 3" in said
        assert hints[n - 1] in " ".join(said.split())


def test_release(tmp_path):
    """A repository with a branch for each lab, none of them with a history,
    and a zip for each; the commit that is the solution is not in it."""
    folder = tmp_path / "course"
    out, status = lab_tool("release", str(folder))
    assert status == 0, out
    heads = git.text("for-each-ref", "--format=%(refname:short)",
                     root=folder / "ev6").split()
    assert sorted(heads) == sorted(lab.branch for lab in LABS)
    assert git.text("rev-list", "--all", "--count",
                    root=folder / "ev6") == str(len(LABS))
    for lab in LABS:
        assert pathlib.Path(folder, f"gradescope/{lab.name}.zip").exists()
    assert not git.git("cat-file", "-e", git.resolve("HEAD"), check=False,
                       root=folder / "ev6")
