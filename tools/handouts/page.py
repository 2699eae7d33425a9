"""The pages as they are written: front matter, fences, and their order.

A page is Markdown with two additions.  A fenced block with attributes may stand
for something that is looked up (see expand.py) or was said by a command (see
transcript.py); a {{word arguments}} in the text stands for a figure or a box.
"""

import dataclasses
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = pathlib.Path("handouts")
ORDER = "ORDER"

OPEN = re.compile(r"^(```+)\s*(?:\{\.(?P<kind>[\w-]+)(?P<attrs>[^}]*)\}"
                  r"|(?P<word>[\w-]*))\s*$")
ATTR = re.compile(r'([\w-]+)=(?:"([^"]*)"|(\S+))')


@dataclasses.dataclass
class Fence:
    """One fenced block: lines[first] opens it, lines[last] closes it."""
    kind: str
    attrs: dict
    first: int
    last: int
    body: list


@dataclasses.dataclass
class Page:
    """One file of handouts/, its front matter taken off."""
    path: pathlib.Path
    meta: dict
    lines: list
    offset: int  # lines of front matter before lines[0]

    @property
    def name(self):
        return self.path.stem

    @property
    def title(self):
        return self.meta.get("title", self.name)

    def where(self, line):
        return f"{PAGES}/{self.path.name}:{line + self.offset + 1}"

    def fences(self):
        return list(fences(self.lines))

    def prose(self):
        """(line, text) of all that is not in a fence."""
        inside = {n for f in self.fences() for n in range(f.first, f.last + 1)}
        return [(n, text) for n, text in enumerate(self.lines)
                if n not in inside]


def fences(lines):
    """Each fenced block, in order."""
    at = 0
    while at < len(lines):
        found = OPEN.match(lines[at])
        if not found:
            at += 1
            continue
        last = at + 1
        while last < len(lines) and lines[last].rstrip() != found[1]:
            last += 1
        attrs = {k: a or b for k, a, b in ATTR.findall(found["attrs"] or "")}
        yield Fence(found["kind"] or found["word"] or "", attrs, at, last,
                    lines[at + 1:last])
        at = last + 1


def read(path):
    lines = path.read_text().split("\n")
    meta, offset = {}, 0
    if lines[0] == "---":
        offset = lines.index("---", 1) + 1
        for line in lines[1:offset - 1]:
            key, _, value = line.partition(":")
            meta[key.strip()] = value.strip().strip('"')
    return Page(path, meta, lines[offset:], offset)


def order(folder):
    """(part, name) of each page, as handouts/ORDER has them."""
    part = ""
    for line in (folder / ORDER).read_text().split("\n"):
        text = line.partition("#")[0].rstrip()
        if text and not text[0].isspace():
            part = text
        elif text:
            yield part, text.strip()


def read_all(folder):
    """Pages by name in reading order.  One for instructors may be missing: a
    student's tree does not have it."""
    pages, complaints = {}, []
    named = list(order(folder))
    for part, name in named:
        path = folder / f"{name}.md"
        if not path.exists():
            if part != "For instructors":
                complaints.append(f"{PAGES}/{ORDER}: there is no {name}.md")
            continue
        pages[name] = read(path)
        pages[name].meta["part"] = part
    for path in sorted(folder.glob("*.md")):
        if path.stem not in pages:
            complaints.append(f"{PAGES}/{path.name} is not in {PAGES}/{ORDER}")
    return pages, complaints
