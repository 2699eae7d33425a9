"""Read the C of this tree well enough to check it.

The house style makes that easy: a function's brace stands alone in column 0,
at its beginning and at its end.  Assembly functions are labels in column 0.
"""

import dataclasses
import functools
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
STRING = re.compile(r'"(?:\\.|[^"\\\n])*"')
NAME = re.compile(r"(\w+)\s*\(")


@dataclasses.dataclass
class Function:
    name: str
    first: int  # line of the opening brace, from 1
    last: int  # line of the closing brace

    def __contains__(self, line):
        return self.first <= line <= self.last


@dataclasses.dataclass
class Comment:
    text: str  # in one line, without its stars
    first: int
    last: int


def blank(match):
    """As many lines, no text."""
    return re.sub(r"[^\n]", " ", match.group())


class Source:
    """One file: its lines, its code without comments, its functions."""

    def __init__(self, path, root=ROOT):
        self.path = path
        self.name = str(path.relative_to(root))
        self.text = path.read_text()
        self.lines = self.text.split("\n")

    @functools.cached_property
    def code(self):
        """The lines with comments and the insides of strings blanked."""
        text = STRING.sub(lambda m: '"' + " " * (len(m.group()) - 2) + '"',
                          COMMENT.sub(blank, self.text))
        return text.split("\n")

    @functools.cached_property
    def comments(self):
        found = []
        for match in COMMENT.finditer(self.text):
            words = re.sub(r"^\s*\*|^/\*|\*/$", " ", match.group(), flags=re.M)
            first = self.text.count("\n", 0, match.start()) + 1
            last = first + match.group().count("\n")
            found.append(Comment(" ".join(words.split()), first, last))
        return found

    @functools.cached_property
    def functions(self):
        return list(self.labels() if self.name.endswith(".S")
                    else self.bodies())

    def bodies(self):
        first = None
        for number, line in enumerate(self.code, 1):
            if line.rstrip() == "{":
                first = number
            elif line.rstrip() == "}" and first:
                yield Function(self.heading(first), first, number)
                first = None

    def heading(self, brace):
        """The name of the function whose body opens in line @brace."""
        head = []
        for line in reversed(self.code[:brace - 1]):
            if not line.strip() or line.rstrip()[-1] in ";}" or line[0] == "#":
                break
            head.insert(0, line)
        names = [n for n in NAME.findall(" ".join(head))
                 if n != "__attribute__"]
        return names[0] if names else "?"

    def labels(self):
        marks = [(n, line.split(":")[0]) for n, line in
                 enumerate(self.code, 1) if re.match(r"[A-Za-z_]\w*:", line)]
        ends = [n - 1 for n, _ in marks[1:]] + [len(self.code)]
        for (number, name), end in zip(marks, ends):
            yield Function(name, number, end)

    def function_at(self, line):
        return next((f for f in self.functions if line in f), None)

    def function(self, name):
        return next((f for f in self.functions if f.name == name), None)


def sources(root, *folders, kinds=(".c", ".h", ".S")):
    """Every source file under @folders of the tree at @root, in order."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in kinds and path.is_file():
                yield Source(path, root)


def main(check):
    """Run one check by hand: its complaints, and a status that says if any."""
    complaints = list(check(ROOT))
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)
