"""A course to grade the grader with: submissions whose points are known.

Solutions in every form, starters, wrong solutions, right ones that are not
ours, cheats, and what cannot be built, in one folder; `tools/grade rehearse`
makes it, grades it, and compares.
"""

import pathlib
import shutil
import subprocess
import sys
import tarfile
import time
import zipfile

import mutant_bench
import runner
import submissions

import bodies  # found where grading found the explorer and the labs
import cutting

ALL, NONE, SOME = "all", "none", "some"  # of the points


def own_files(lab):
    return {f: (runner.ROOT / f).read_text() for f in lab.files}


def starter(lab):
    return {f: cutting.cut_file(text, f, lab.exercises)
            for f, text in own_files(lab).items()}


def first_cut(lab, n=0):
    return [c for c in lab.cuts if not c.remove][n % len(lab.cuts)]


def with_body(lab, body, n=0, header=""):
    """The solution, but for the body of the lab's function number @n."""
    cut = first_cut(lab, n)
    files = own_files(lab)
    files[cut.file] = header + bodies.replace(files[cut.file], cut.function,
                                              body)
    return files


def one_by_one(lab):
    """The starter with each exercise filled in alone."""
    for e in lab.exercises:
        rest = [x for x in lab.exercises if x is not e]
        yield e.id, {f: cutting.cut_file(text, f, rest)
                     for f, text in own_files(lab).items()}


BAD = [
    ("does-not-build", "\treturn no_such_thing;\n", ""),
    ("does-not-parse", "\tif (\n", ""),
    ("includes-passwd", "\t;\n", '#include "/etc/passwd"\n'),
    ("includes-upward", "\t;\n", '#include "../labs/lab.h"\n'),
    ("writes-records", '\trecord("end", "ok=1");\n', ""),
    ("switches-off", "\tmachine_exit(0);\n", '#include "dev/exit.h"\n'),
    ("assembles", '\tasm volatile("cli; hlt");\n', ""),
    ("macro-bomb", "\tA6;\n", "#define A0 1 + 1\n" + "".join(
        f"#define A{n} A{n - 1} " + f"+ A{n - 1} " * 30 + "\n"
        for n in range(1, 7))),
]


def trees(lab):
    """(name, files, points) of everything that is a tree."""
    for n in range(4):
        yield f"solution-{n}", own_files(lab), ALL
    for n in range(4):
        yield f"starter-{n}", starter(lab), NONE
    for name, _, changes in mutant_bench.alternatives(lab):
        yield f"right-{name}", own_files(lab) | changes, ALL
    for e, files in one_by_one(lab):
        yield f"only-{e}", files, SOME
    for name, body, header in BAD:
        for n in range(2):
            yield f"bad-{name}-{n}", with_body(lab, body, n, header), NONE
    for n in range(2):
        yield f"loop-{n}", with_body(
            lab, "\tfor (volatile int forever = 1; forever; )\n\t\t;\n"
            "\t__builtin_trap();\n", n), SOME
    # Last, for there are many: a short course has some of every other kind.
    for m in mutant_bench.of_lab(lab):
        yield f"wrong-{m.name}", own_files(lab) | m.changes(), SOME


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def as_archive(folder):
    with tarfile.open(f"{folder}.tar.gz", "w:gz") as archive:
        archive.add(folder, folder.name)
    shutil.rmtree(folder)


def as_zip(folder):
    with zipfile.ZipFile(f"{folder}.zip", "w") as archive:
        for path in folder.rglob("*.c"):
            archive.write(path, f"x/{path.relative_to(folder)}")
    shutil.rmtree(folder)


def as_repository(folder):
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@x", "-C",
           str(folder)]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"]):
        subprocess.run(git + words, check=True)
    subprocess.run(["git", "clone", "-q", "--bare", str(folder),
                    f"{folder}.git"], check=True)
    shutil.rmtree(folder)


def make(lab, folder, most):
    """Write at most @most submissions; {name: points}."""
    folder = pathlib.Path(folder)
    if folder.exists() and any(folder.iterdir()):
        sys.exit(f"ev6: {folder} is not empty: give a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "essay").write_text("I have found a truly marvellous kernel.\n")
    (folder / "nothing").mkdir()
    due = {"essay": NONE, "nothing": NONE}
    shapes = {"solution-1": as_archive, "solution-2": as_zip,
              "solution-3": as_repository, "starter-1": as_archive}
    for name, files, points in trees(lab):
        if len(due) == most:
            break
        write(folder / name, files)
        due[name] = points
        shapes.get(name, lambda f: None)(folder / name)
    return due


def as_due(row, points):
    """Has the submission the points that it must have?"""
    full = int(row["points"]) == int(row["of"])
    none = int(row["points"]) == 0
    return full if points == ALL else none if points == NONE else not full


def rehearse(lab, folder, csv, most, jobs, budget):
    due = make(lab, folder, most)
    begin = time.monotonic()
    rows = list(submissions.grade_all(folder, lab, jobs, 0, budget))
    seconds = time.monotonic() - begin
    submissions.write_csv(rows, csv)
    wrong = [r["name"] for r in rows if not as_due(r, due[r["name"]])]
    print(f"{len(rows)} submissions in {seconds:.0f} s, "
          f"{len(rows) - len(wrong)} as they had to be: {csv}")
    for name in wrong:
        print(f"  not so: {name}")
    return 1 if wrong or len(rows) != len(due) else 0
