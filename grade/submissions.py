"""Grade a folder of submissions: one table, a row for each.

A submission is a tree, a git repository (bare or not), an archive or a folder
with nothing but an archive in it; its name is that of the folder or the file.
Of it only the files are read that the lab's exercises change, and of those only
what is the student's to write: every other function is put back as it was.
Everything else, tests and grader too, is the staff's own.  Symbolic links are
not followed, nothing is unpacked, and no file of it is executed on the host but
for the cut functions themselves, which the explorer compiles; those run without
rights, in a slot (slots.py).
"""

import concurrent.futures
import csv
import os
import pathlib
import queue
import re
import subprocess
import sys
import tarfile
import time
import zipfile

import grading
import judge
import runner
import slots

import bodies  # found where grading found the explorer

TOO_LONG = 256 << 10  # bytes of a source file
BUDGET = 300  # CPU seconds of QEMU and explorer for each submission
DEPTH = 2  # folders around the tree in a submission
# What makes git look for a repository's branches or files elsewhere.
BORROW = ["commondir", "objects/info/alternates"]


class Unusable(Exception):
    """Says in a sentence why nothing of a submission can be built."""


# --- Read --------------------------------------------------------------------

def decoded(data, name):
    if len(data) > TOO_LONG:
        raise Unusable(f"{name} is larger than {TOO_LONG >> 10} KiB")
    if b"\0" in data:
        raise Unusable(f"{name} is not a text")
    return data.decode(errors="replace")  # a comment may be in Latin-1


def from_folder(root, name):
    """File @name of the tree at @root or a little below; none if absent."""
    for depth in range(DEPTH + 1):
        for path in sorted(root.glob("*/" * depth + name)):
            parts = [path, *path.parents][:len(path.relative_to(root).parts)]
            if any(p.is_symlink() for p in parts):
                raise Unusable(f"{name} is a symbolic link")
            if path.is_file():
                with open(path, "rb") as file:
                    return decoded(file.read(TOO_LONG + 1), name)
    return None


def from_tar(path, name):
    with tarfile.open(path) as archive:
        member = uppermost((m.name for m in archive if m.isfile()), name)
        if not member:
            return None
        file = archive.extractfile(member)
        return decoded(file.read(TOO_LONG + 1), name)


def from_zip(path, name):
    with zipfile.ZipFile(path) as archive:
        member = uppermost(archive.namelist(), name)
        if not member:
            return None
        with archive.open(member) as file:
            return decoded(file.read(TOO_LONG + 1), name)


def uppermost(paths, name):
    """The one of @paths that is file @name of a tree: if there are two trees,
    of the one that lies less deep; or none."""
    return min((p for p in paths if ends_with(p, name)),
               key=lambda p: (p.count("/"), p), default=None)


def ends_with(path, name):
    """Is @path @name, below at most DEPTH folders?"""
    above, found, _ = f"/{path}".rpartition("/" + name)
    return bool(found) and path.endswith(name) and above.count("/") <= DEPTH


def refuse_borrowed(path):
    """All that the repository at @path has is in it, and not in a neighbour's
    or in ours."""
    for borrows in BORROW:
        if os.path.lexists(path / borrows):
            raise Unusable(f"it is a repository that reads another: it has "
                           f"{borrows}")
    for folder, below, files in os.walk(path):
        for p in (pathlib.Path(folder, name) for name in below + files):
            if p.is_symlink():
                raise Unusable(f"it is a repository with a symbolic link, "
                               f"{p.relative_to(path)}")


def from_git(path, name):
    refuse_borrowed(path)
    # Its own configuration may say that the file is to be fetched, and how.
    git = ["git", "-c", "safe.directory=*", "--git-dir", str(path)]
    alone = os.environ | {"GIT_ALLOW_PROTOCOL": ""}
    size = subprocess.run([*git, "cat-file", "-s", f"HEAD:{name}"],
                          capture_output=True, text=True, env=alone)
    if size.returncode:
        return None
    if int(size.stdout) > TOO_LONG:
        raise Unusable(f"{name} is larger than {TOO_LONG >> 10} KiB")
    done = subprocess.run([*git, "cat-file", "blob", f"HEAD:{name}"],
                          capture_output=True, env=alone)
    return decoded(done.stdout, name)


def reader(path):
    """How files are read out of the submission at @path."""
    if path.is_dir():
        bare = (path / "HEAD").exists() and (path / "objects").is_dir()
        return from_git if bare else from_folder
    found = from_archive(path)
    if not found:
        raise Unusable("it is neither a folder nor an archive")
    return found


def from_archive(path):
    if not path.is_file():
        return None
    return from_zip if zipfile.is_zipfile(path) else \
        from_tar if tarfile.is_tarfile(path) else None


def unwrapped(path):
    """@path; or the archive that is all there is in that folder, which is what
    sites make of one that is uploaded."""
    inside = [p for p in path.iterdir() if not p.name.startswith(".")] \
        if path.is_dir() else []
    if len(inside) != 1 or inside[0].is_symlink():
        return path
    return inside[0] if from_archive(inside[0]) else path


def read_from(path, name):
    """File @name of the submission at @path; none if absent."""
    try:
        path = unwrapped(path)
        return reader(path)(path, name)
    except Unusable:
        raise
    except Exception as broken:  # zlib's, lzma's, zipfile's: each its own
        raise Unusable(f"{name} cannot be read out of it: {broken}") from None


def name_of(path):
    name = os.fsencode(path.name).decode(errors="replace")
    return re.sub(r"(\.git|\.zip|\.tgz|\.tar(\.\w+)?)$", "", name)


# --- Take only what is the student's -----------------------------------------

# What no exercise needs: the host's files while it is compiled, the records,
# the end of the machine, interrupts off so that no race can be lost, and ways
# to name these without writing their names.
TRICKS = """asm __asm __asm__ __has_include embed include_next import pragma
_Pragma alias __alias__ SYS_record SYS_halt record machine_exit machine_reboot
sys_record sys_halt irq_disable irq_save
uart_putc uart_write uart_write_record bootarg_number bootarg_get outb
test_check test_main __attribute__ __attribute gnu __gnu__""".split()
# A system call says by its name what it is; and what one that does not could
# be made of.
CALL = re.compile(r"\bsyscall_call\s*\(\s*SYS_\w+\s*,")
UNNAMED = {
    r"\bsyscall_call\b": "syscall_call() with more than a name first",
    r"\bSYS_\w+": "the number of a system call for something else",
    r"\bsyscall_submit\b": "syscall_submit",
    r"\bsyscall_trap\b": "syscall_trap",
    r"(?:\.|->)\s*num\b": "the number in a struct syscall",
}
INCLUDE = re.compile(r"^\s*(?:#|%:)\s*include\b(.*)$", re.M)
DEFINE = re.compile(r"^\s*(?:#|%:)\s*(?:define|undef)\s+(\w+)", re.M)
IF = re.compile(r"^\s*(?:#|%:)\s*(?:if\w*|(end)if)\b", re.M)
# Ours, and those of the compiler's own that say names and types.
HARMLESS = re.compile(r'\s*(?:"(?:[a-z0-9_]+/)*[a-z0-9_]+\.h"|'
                      r'<(?:limits|stdarg|stdbool|stddef|stdint)\.h>)\s*')
STRING = r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
COMMENT = r"/\*.*?\*/|//[^\n]*"


def without_comments(text):
    """@text with lines joined, and nothing in place of comments."""
    return re.sub(f"{STRING}|{COMMENT}",
                  lambda m: " " if m[0][0] == "/" else m[0],
                  text.replace("\\\n", ""), flags=re.S)


def refuse_tricks(text, trusted, name):
    """Nothing of the TRICKS but what @trusted, our @name, has too."""
    text, trusted = map(without_comments, (text, trusted))
    for line in INCLUDE.findall(text):
        if not HARMLESS.fullmatch(line):
            raise Unusable(f"{name} includes {line.strip()[:60]}")
    text, trusted = (re.sub(STRING, '""', t) for t in (text, trusted))
    refuse_macros(text, trusted, name)
    for word in TRICKS:
        pattern = rf"\b{word}\b"
        if len(re.findall(pattern, text)) > len(re.findall(pattern, trusted)):
            raise Unusable(f"{name} uses {word}, which no exercise needs")
    refuse_unnamed_calls(text, trusted, name)
    if text.count("##") + text.count("%:%:") > trusted.count("##"):
        raise Unusable(f"{name} makes names out of parts, which no exercise "
                       "needs")


def refuse_macros(text, trusted, name):
    """None is called as something in what is put back."""
    theirs, ours = DEFINE.findall(text), DEFINE.findall(trusted)
    for what in theirs:
        if theirs.count(what) > ours.count(what) and \
                re.search(rf"\b{what}\b", trusted):
            raise Unusable(f"{name} defines a macro {what}, which means "
                           "something there already")


def refuse_left_out(text, known, name):
    """What is put back, @known, is compiled: no comment and no #if is around
    it."""
    text = without_comments(text)
    for function, ours in known.items():
        before, found, _ = text.partition(without_comments(ours))
        ends = [m[1] for m in IF.finditer(before)]
        if not found or len(ends) != 2 * ends.count("end"):
            raise Unusable(f"{name} leaves out {function}(), which was not to "
                           "be changed")


def refuse_unnamed_calls(text, trusted, name):
    """syscall_call(SYS_null + 19, ...) is SYS_record without that name."""
    text, trusted = (CALL.sub("(", t) for t in (text, trusted))
    for pattern, said in UNNAMED.items():
        if len(re.findall(pattern, text)) > len(re.findall(pattern, trusted)):
            raise Unusable(f"{name} uses {said}, which no exercise needs")


def overlay(text, trusted, cuts, name):
    """@text, a student's file @name, with every function that is not one of
    @cuts as it is in @trusted.  What the student added stays."""
    known = {f.name: trusted[f.head:f.end]
             for f in bodies.functions(trusted) if f.name not in cuts}
    result, at, seen = [], 0, set()
    for f in bodies.functions(text):
        if f.name not in known:
            continue
        if f.name in seen:
            raise Unusable(f"{name} has {f.name}() twice")
        seen.add(f.name)
        result += [text[at:f.head], known[f.name]]
        at = f.end
    missing = [n for n in known if n not in seen]
    if missing:
        raise Unusable(f"{name} has lost {missing[0]}(), which was not to be "
                       "changed")
    whole = "".join(result) + text[at:]
    refuse_left_out(whole, known, name)
    refuse_tricks(whole, trusted, name)
    return whole


def our_text(file):
    return (runner.ROOT / file).read_text()


def changes_of(path, lab, trusted_text=our_text):
    """{file: text} of what the submission at @path changes, or Unusable."""
    found = {}
    for file in lab.files:
        text = read_from(path, file)
        if text is None:
            raise Unusable(f"there is no {file} in it")
        text = text.replace("\r\n", "\n")
        cuts = {c.function for c in lab.cuts if c.file == file}
        try:
            found[file] = overlay(text, trusted_text(file), cuts, file)
        except LookupError as endless:
            raise Unusable(f"{file}: {endless}") from None
        for c in lab.cuts:
            if c.file == file and not c.remove:
                must_define(found[file], c)
    return found


def must_define(text, cut):
    try:
        bodies.find(text, cut.function)
    except LookupError:
        raise Unusable(f"{cut.file} has no {cut.function}(), or not in the "
                       "shape that it had") from None


# --- Grade -------------------------------------------------------------------

def graded(path, lab, slot, seed, budget):
    """(record or none, sentence) of one submission."""
    tests = [t.id for t in grading.items_of(lab)]
    begin = time.monotonic()
    try:
        slot.apply(changes_of(path, lab))
        answer = slot.run(tests, seed, budget)
    except (Unusable, OSError, slots.Broken) as why:
        return None, str(why), time.monotonic() - begin
    seconds = time.monotonic() - begin
    if answer["error"]:
        return None, f"it does not build: {answer['error']}", seconds
    results = [grading.Result(**r) for r in answer["results"]]
    failed = [r for r in results if not r.passed]
    first = f"{failed[0].id}: {failed[0].why}" if failed else ""
    return grading.record(lab, results, seconds), first, seconds


def row(name, lab, record, sentence, seconds):
    """One row of the table, by its columns."""
    cells = {"name": name, "points": record["points"] if record else 0,
             "of": lab.points}
    for e in lab.exercises:
        cells[e.id] = 0
    for e in record["exercises"] if record else []:
        cells[e["id"]] = e["points"]
    for t in grading.items_of(lab):
        cells[t.id] = judge.ERROR
    for t in record["tests"] if record else []:
        cells[t["id"]] = t["kind"]
    return cells | {"seconds": round(seconds, 1), "sentence": sentence}


def made_slots(n, lab):
    """@n slots for strangers, with all that our tree needs built."""
    for t in grading.items_of(lab):
        if isinstance(t, grading.Scenario):
            t.found  # builds the explorer
    return slots.made(n, [lab], anew=True)


def grade_all(folder, lab, jobs=2, seed=0, budget=BUDGET, told=print):
    """The rows of all submissions in @folder, in the order of their names, each
    as soon as it and those before it are there."""
    paths = sorted(p for p in pathlib.Path(folder).iterdir()
                   if not p.name.startswith("."))
    free = queue.SimpleQueue()
    for slot in made_slots(min(jobs, len(paths)), lab):
        free.put(slot)

    def one(path):
        slot = free.get()
        try:
            record, sentence, seconds = graded(path, lab, slot, seed, budget)
        finally:
            free.put(slot)
        told(f"{name_of(path):<24} {record['points'] if record else 0:>3} of "
             f"{lab.points}, {seconds:5.1f} s  {sentence[:90]}")
        return row(name_of(path), lab, record, sentence, seconds)

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(one, paths)


def write_csv(rows, path):
    """@rows, each as it comes: who ends it halfway has those before.  How many
    there were."""
    n = 0
    with open(path, "w", newline="") as file:
        for n, cells in enumerate(rows, 1):
            writer = csv.DictWriter(file, list(cells))
            if n == 1:
                writer.writeheader()
            writer.writerow(cells)
            file.flush()
    return n


def grade_one(path, lab, seed, budget=BUDGET):
    """The record of one submission, whatever it is."""
    slot, = made_slots(1, lab)
    rec, sentence, _ = graded(pathlib.Path(path), lab, slot, seed, budget)
    return rec or grading.not_run(lab, sentence)


def main(folder, lab, out, jobs, seed, budget):
    if not pathlib.Path(folder).is_dir():
        sys.exit(f"ev6: there is no folder {folder}")
    n = write_csv(grade_all(folder, lab, jobs, seed, budget), out)
    if not n:
        sys.exit(f"ev6: nothing in {folder}")
    print(f"{n} submissions: {out}")
