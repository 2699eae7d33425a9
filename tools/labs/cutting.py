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
WIDTH = 79


def lab_header(file):
    """What a file includes for its stubs."""
    return "lib/lab.h" if file.startswith("kernel/") else "lab.h"


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
        lines += comment("Race points of this function: "
                         + ", ".join(points) + ".")
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
    """The reverse, where no stub is left to need it."""
    line = f'#include "{header}"\n'
    if STUB.search(text) or line not in text:
        return text
    alone = len(INCLUDE.findall(text)) == 2
    return text.replace("\n" + line if alone else line, "", 1)


def cut_tree(read, lab):
    """{file: text} for each file that @lab changes; @read gives the solution's
    text of a file."""
    return {f: cut_file(read(f), f, lab.exercises) for f in sorted(lab.files)}


def unwritten(root, lab):
    """[(exercise, cut)] of @lab that the tree at @root still has as stubs."""
    left = []
    for exercise in lab.exercises:
        for cut in exercise.cuts:
            if not cut.remove and is_stub(pathlib.Path(root), cut):
                left.append((exercise, cut))
    return left


def is_stub(root, cut):
    text = (root / cut.file).read_text()
    try:
        f = bodies.find(text, cut.function)
    except LookupError:
        return True
    return STUB.search(code_of(f.body_of(text))) is not None


def restore(starter, solution, file, exercises):
    """@starter with the bodies of @exercises as @solution has them."""
    for exercise in exercises:
        for cut in exercise.cuts:
            if cut.file == file and not cut.remove:
                body = bodies.find(solution, cut.function).body_of(solution)
                starter = bodies.replace(starter, cut.function, body)
    return without_header(starter, lab_header(file))
