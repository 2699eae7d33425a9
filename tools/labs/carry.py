"""Take functions that a student has written into another tree, by name.

There is no merge: a starter has no history in common with anything.  A body
replaces a body; functions that are only there come along, and so do includes.
What else was changed is listed, to be taken by hand.
"""

import dataclasses
import pathlib
import re

import cutting
import git
import labfile
from cutting import bodies

CARRIED = "labs/carried"  # functions that were carried here, one a line
INCLUDE = re.compile(r'^#include "([^"]+)"$', re.M)


class Source:
    """Where functions come from: a folder, or a commit of a repository."""

    def __init__(self, name, root):
        self.name = name
        self.root = root
        self.folder = pathlib.Path(name) if pathlib.Path(name).is_dir() \
            else None
        self.commit = "" if self.folder else find_commit(name, root)
        if not self.folder and not self.commit:
            raise git.Failed(
                f"there is no branch, commit or folder {name!r}: "
                "`git branch -a` lists the branches.")

    def read(self, path):
        """The text of a file, or none."""
        if self.folder:
            file = self.folder / path
            return file.read_text(errors="replace") if file.exists() else None
        data = git.git("cat-file", "blob", f"{self.commit}:{path}",
                       root=self.root, check=False)
        return data.decode(errors="replace") or None

    def labs(self):
        """The labs that it has."""
        for name in labfile.names(self.folder or self.root):
            yield name
        if self.folder:
            return
        for path in git.entries(self.commit, self.root):
            match = re.fullmatch(r"labs/([\w-]+)/lab\.toml", path)
            if match and match[1] not in labfile.names(self.root):
                yield match[1]

    def functions(self):
        """[(file, function)] that its owner may have written."""
        found = {}
        for name in self.labs():
            text = self.read(f"labs/{name}/lab.toml")
            if text:
                lab = labfile.read(name, text)
                found.update({(c.file, c.function): None for c in lab.cuts})
        for line in (self.read(CARRIED) or "").split():
            file, _, function = line.rpartition(":")
            found[file, function] = None
        if not found:
            raise git.Failed(f"{self.name} has no labs/NAME/lab.toml: FROM= is "
                             "the top of a tree in which a lab was written")
        return list(found)


def find_commit(name, root):
    for way in (name, f"lab/{name}", f"origin/{name}", f"origin/lab/{name}"):
        commit = git.resolve(way, root)
        if commit:
            return commit
    return ""


@dataclasses.dataclass
class Report:
    taken: list  # FILE:FUNCTION
    same: list
    unwritten: list
    not_taken: list  # sentences


def carry(source, root, to_lab):
    """Take what @source has written into the tree at @root, which is one of
    @to_lab."""
    root = pathlib.Path(root)
    report = Report([], [], [], [])
    by_file = {}
    for file, function in source.functions():
        by_file.setdefault(file, []).append(function)
    for file, names in by_file.items():
        theirs = source.read(file)
        if theirs is None or not (root / file).exists():
            report.not_taken += [f"{file}:{n}() has no file "
                                 + ("there" if theirs is None else "here")
                                 for n in names]
            continue
        ours = cutting.text_of(root / file)
        text = carry_file(file, names, theirs, ours, to_lab, report)
        if text != ours:
            (root / file).write_text(text, errors="surrogateescape")
    note(root, to_lab, report)
    return report


def carry_file(file, names, theirs, ours, to_lab, report):
    text = ours
    for name in names:
        text = carry_function(file, name, theirs, text, report)
    text = add_functions(file, theirs, text, report)
    for header in INCLUDE.findall(theirs):
        if header != cutting.lab_header(file):
            text = cutting.with_header(text, header)
    list_other_changes(file, names, theirs, text, to_lab, report)
    return cutting.without_header(text, cutting.lab_header(file))


def carry_function(file, name, theirs, text, report):
    where = f"{file}:{name}"
    try:
        body = bodies.find(theirs, name).body_of(theirs)
    except LookupError as gone:
        report.not_taken.append(f"{file}: {gone} where they come from")
        return text
    if cutting.STUB.search(cutting.code_of(body)):
        report.unwritten.append(where)
        return text
    body = cutting.without_beside(body)
    try:
        ours = bodies.find(text, name).body_of(text)
    except LookupError:
        return text  # a helper: add_functions() brings it
    if body == ours:
        report.same.append(where)
        return text
    report.taken.append(where)
    return bodies.replace(text, name, body)


def add_functions(file, theirs, text, report):
    """@text with the functions that only @theirs has, each behind the one
    that it stands behind there."""
    before = None
    for f in bodies.functions(theirs):
        try:
            bodies.find(text, f.name)
        except LookupError:
            whole = cutting.without_beside(theirs[f.comment:f.end])
            text = insert(text, whole, before, following(theirs, f, text))
            report.taken.append(f"{file}:{f.name}")
        before = f.name
    return text


def following(theirs, function, text):
    """The first function behind @function in @theirs that @text has too."""
    seen = False
    for f in bodies.functions(theirs):
        if seen and re.search(bodies.DEFINITION.format(f.name), text, re.M):
            return f.name
        seen = seen or f.name == function.name
    return None


def insert(text, whole, before, after):
    if after:
        at = bodies.find(text, after).comment
        return text[:at] + whole + "\n" + text[at:]
    if before:
        at = bodies.find(text, before).end
        return text[:at] + "\n" + whole + text[at:]
    return text + "\n" + whole


def list_other_changes(file, names, theirs, text, to_lab, report):
    """Note what is different and was not taken."""
    cut = {c.function for c in to_lab.cuts if c.file == file}
    for f in bodies.functions(theirs):
        body = f.body_of(theirs)
        if f.name in names or f.name in cut or cutting.STUB.search(body):
            continue
        if body != bodies.find(text, f.name).body_of(text):
            report.not_taken.append(f"{file}: {f.name}() is not one of the "
                                    "exercises, and was changed")
    rest = set(outside(text).split("\n"))
    for line in outside(theirs).split("\n"):
        if line.strip() and line not in rest and \
                not INCLUDE.match(line):
            report.not_taken.append(f"{file}: `{line.strip()}` stands "
                                    "outside of functions")


def outside(text):
    """@text without its functions and comments."""
    for f in reversed(list(bodies.functions(text))):
        text = text[:f.comment] + text[f.end:]
    return cutting.code_of(text)


def note(root, to_lab, report):
    """Remember what is the student's own, for the next time."""
    path = root / CARRIED
    mine = {c.name for c in to_lab.cuts}
    known = set(path.read_text().split()) if path.exists() else set()
    known |= {name for name in report.taken if name not in mine}
    if known and path.parent.exists():
        path.write_text("".join(f"{name}\n" for name in sorted(known)))
