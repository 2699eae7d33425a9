"""Take the bodies of functions out of C sources, and put bodies in.

A cut function keeps its head and the comment above it, which is its
specification.  Its body becomes a stub that says whose it is to write.
"""

import pathlib
import re
import sys

import labfile

sys.path.insert(0, str(labfile.ROOT / "grade/explorer"))

import bodies  # noqa: E402

COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
INCLUDE = re.compile(r'^#include "([^"]+)"\n', re.M)
RACE_POINT = re.compile(r"\brace_point\((\w+)\)")
STUB = re.compile(r"\blab_todo(?:_panic)?\(\"([\w.-]+)\"\);")
POINTS = "Race points of this function: "
# Of a stub, what may stay when it is filled in.
BESIDE = re.compile(r"[ \t]*(?:lab_uses\(\w+\);|lab_no_events\(\);|"
                    rf"/\* {POINTS}[^/]*\*/)[ \t]*\n?")
DEAF = re.compile(r"\blab_no_events\(\);")
NEEDS_HEADER = re.compile(r"\blab_(?:todo|todo_panic|uses|no_events)\(")
WIDTH = 79


def lab_header(file):
    """What a file includes for its stubs."""
    return "lib/lab.h" if file.startswith("kernel/") else "lab.h"


def text_of(path):
    """The text of a source, also of one with a comment that is not UTF-8."""
    return path.read_text(errors="surrogateescape")


def code_of(text):
    """@text without its comments."""
    return COMMENT.sub(" ", text)


def mentions(text, name):
    return re.search(rf"\b{name}\b", text) is not None


def cut_file(text, file, exercises):
    """@text of @file without what @exercises have cut there."""
    solution = text
    stubs = {}
    for exercise in exercises:
        for cut in exercise.cuts:
            if cut.file == file and cut.remove:
                text = remove(text, cut.function)
            elif cut.file == file:
                stubs[cut.function] = (exercise, cut)
    for name, (exercise, cut) in stubs.items():
        body = bodies.find(solution, name).body_of(solution)
        text = bodies.replace(text, name, stub(exercise, cut, body, []))
    for user, unused in orphans(solution, text, stubs).items():
        exercise, cut = stubs[user]
        body = bodies.find(solution, user).body_of(solution)
        text = bodies.replace(text, user, stub(exercise, cut, body, unused))
    return with_header(text, lab_header(file)) if stubs else text


def stub(exercise, cut, solution, unused):
    """The body that stands in for @solution."""
    lines = []
    points = list(dict.fromkeys(RACE_POINT.findall(solution)))
    if points:
        lines += comment(POINTS + ", ".join(points) + ".")
    lines += [f"lab_uses({name});" for name in unused]
    if exercise.deaf:
        lines.append("lab_no_events();")
    if cut.stub is not None:
        lines.append(f'lab_todo("{exercise.id}");')
        lines += cut.stub.strip().splitlines()
    else:
        lines.append(f'lab_todo_panic("{exercise.id}");')
    return "".join(f"\t{line}\n" for line in lines)


def comment(text):
    """@text as the lines of a comment, one level in."""
    lines, line = [], "/*"
    for word in text.split():
        if len(line) + 1 + len(word) > WIDTH - 8 - 3:
            lines.append(line)
            line = " *"
        line += " " + word
    return lines + [line + " */"]


def orphans(solution, starter, stubs):
    """Static functions that nobody calls any more, by the cut function that
    used them first: compilers complain, and its writer wants to know."""
    found = {}
    names = [f.name for f in bodies.functions(starter)
             if f.head_of(starter).startswith("static ")]
    for name in names:
        f = bodies.find(starter, name)
        rest = code_of(starter[:f.head] + starter[f.end:])
        rest = re.sub(rf"^static [^;{{}}]*?\b{name}\([^;{{}}]*\);", "", rest,
                      flags=re.M)  # a declaration is no use
        if mentions(rest, name):
            continue
        for user in stubs:
            body = bodies.find(solution, user).body_of(solution)
            if user != name and mentions(code_of(body), name):
                found.setdefault(user, []).append(name)
                break
    return found


def remove(text, name):
    """@text without the function @name and the comment above it."""
    f = bodies.find(text, name)
    end = f.end + (text[f.end:f.end + 1] == "\n")
    return text[:f.comment] + text[end:]


def with_header(text, header):
    """@text with @header included, in its place among the others."""
    line = f'#include "{header}"\n'
    found = list(INCLUDE.finditer(text))
    if any(m[1] == header for m in found):
        return text
    if len(found) == 1:
        return text[:found[0].end()] + "\n" + line + text[found[0].end():]
    for m in found[1:]:
        if m[1] > header:
            return text[:m.start()] + line + text[m.start():]
    return text[:found[-1].end()] + line + text[found[-1].end():]


def without_header(text, header):
    """The reverse, where no stub, or what is left of one, needs it."""
    line = f'#include "{header}"\n'
    if NEEDS_HEADER.search(code_of(text)) or line not in text:
        return text
    alone = len(INCLUDE.findall(text)) == 2
    return text.replace("\n" + line if alone else line, "", 1)


def cut_tree(read, lab):
    """{file: text} for each file that @lab changes; @read gives the solution's
    text of a file."""
    return {f: cut_file(read(f), f, lab.exercises) for f in sorted(lab.files)}


def without_beside(text):
    """@text without what stood beside the line of a stub that was taken
    away: its reader has read it."""
    return BESIDE.sub("", text)


def unwritten(root, lab):
    """[(exercise, cut)] of @lab that the tree at @root still has as stubs."""
    return [(e, c) for e in lab.exercises for c in e.cuts
            if not c.remove and is_stub(root, c)]


def deaf(root, lab):
    """The cuts of @lab that are filled in and still say that no event can be
    relied on."""
    return [c for c in lab.cuts if not c.remove and not is_stub(root, c)
            and DEAF.search(code_now(root, c))]


def is_stub(root, cut):
    code = code_now(root, cut)
    return code is None or STUB.search(code) is not None


def code_now(root, cut):
    """The body of @cut in the tree at @root; none if it is gone."""
    text = text_of(pathlib.Path(root, cut.file))
    try:
        return code_of(bodies.find(text, cut.function).body_of(text))
    except LookupError:
        return None


def restore(starter, solution, file, exercises):
    """@starter with the bodies of @exercises as @solution has them."""
    for exercise in exercises:
        for cut in exercise.cuts:
            if cut.file == file and not cut.remove:
                body = bodies.find(solution, cut.function).body_of(solution)
                starter = bodies.replace(starter, cut.function, body)
    return without_header(starter, lab_header(file))
