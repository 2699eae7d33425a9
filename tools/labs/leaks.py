"""No line of a cut body is anywhere in its starter.

A line is distinctive if it is long enough and stands, in the kernel, the
library and the tests, in cut bodies only: what other code says as well,
anybody may know.  Comments, handouts and tools are searched like code, and
blanks, quotes and the signs around a comment hide nothing.
"""

import re

import git
from cutting import bodies

SHORTEST = 18  # characters that count
CODE = ("kernel/", "user/", "grade/explorer/")
SIGNS = re.compile(r"[\s\"'`\\]+|/\*|\*/|^[*>|+-]+", re.M)


def squeezed(text):
    """@text without what does not tell it from others."""
    return SIGNS.sub("", text)


def lines_of(body):
    """The lines of @body that say something, squeezed."""
    for line in body.split("\n"):
        line = squeezed(line.strip().removeprefix("*"))
        if len(line) >= SHORTEST and not line.startswith("race_point("):
            yield line


def cut_lines(lab, sources):
    """{line: where it was cut} of all distinctive lines; @sources are the
    solution's texts."""
    names = {}
    for c in lab.cuts:
        names.setdefault(c.file, []).append(c.function)
    cut, rest = {}, []
    for path, text in sources.items():
        for name in names.get(path, ()):
            for line in lines_of(bodies.find(text, name).body_of(text)):
                cut.setdefault(line, f"{path}:{name}")
            text = bodies.replace(text, name, "")
        rest.append(squeezed(text))
    given = "\n".join(rest)
    return {line: where for line, where in cut.items() if line not in given}


def find(lab, commit, files):
    """[(path, line, where it was cut)] of every leak in @files, which are as
    git.entries() gives them."""
    code = {path: entry for path, entry in git.entries(commit).items()
            if path.startswith(CODE) and path.endswith((".c", ".h", ".S"))}
    cut = cut_lines(lab, texts(code))
    found = []
    for path, text in texts(files).items():
        text = squeezed(text)
        found += [(path, line, where) for line, where in cut.items()
                  if line in text]
    return found


def texts(files):
    return {path: data.decode(errors="replace")
            for path, data in git.contents(files).items()}


def check(lab, commit, files):
    """Fails with a sentence if there is a leak."""
    found = find(lab, commit, files)
    if found:
        path, line, where = found[0]
        raise git.Failed(
            f"{path} has a line of {where}(), which is cut, and so no starter "
            f"was made: {line} ({len(found)} such lines in all)")
