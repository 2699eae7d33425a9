"""What pages point to, and whether it is there.

Links and anchors are looked up in the HTML that was made.  Names of the tree
are looked up in the tree: `kernel/event/spam.c`, `spam.c:send_indir()`,
`send_indir()`, and `make` targets.
"""

import functools
import html.parser
import re

from .page import ROOT

FOLDERS = ("kernel", "user", "tools", "grade", "handouts", "docs")
SPAN = re.compile(r"`([^`]+)`")
PATH = re.compile(rf"(?:{'|'.join(FOLDERS)})/[\w./-]*\w")
CALL = re.compile(r"(?:([\w./]+\.[chS]):)?([a-z_]\w*)\(\)")
TARGET = re.compile(r"make ([a-z][\w-]*)\b(?!=)")


class Reader(html.parser.HTMLParser):
    """The anchors of a page, and what it points to."""

    def __init__(self):
        super().__init__()
        self.ids, self.targets = set(), []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if "id" in attrs:
            self.ids.add(attrs["id"])
        for key in "href", "src":
            if key in attrs:
                self.targets.append(attrs[key])


def read_site(out):
    found = {}
    for path in sorted(out.glob("*.html")):
        found[path.name] = Reader()
        found[path.name].feed(path.read_text())
    return found


def broken(out):
    """A complaint for each link of the site in @out that leads nowhere."""
    site = read_site(out)
    for name, reader in site.items():
        for target in reader.targets:
            if re.match(r"[a-z]+:", target):
                continue
            file, _, anchor = target.partition("#")
            file = file or name
            if not (out / file).is_file():
                yield f"{name}: there is no {file}"
            elif anchor and anchor not in site[file].ids:
                yield f"{name}: {file} has no #{anchor}"


# --- Names of the tree -------------------------------------------------------

@functools.cache
def sources():
    """Every source of kernel, user, grade and tools, by name."""
    return {str(p.relative_to(ROOT)): p.read_text(errors="replace")
            for folder in ("kernel", "user", "grade", "tools")
            for p in (ROOT / folder).rglob("*") if p.is_file() and
            p.suffix in (".c", ".h", ".S", ".py", ".mk", "") and
            "__pycache__" not in p.parts and not p.name.startswith("test_")}


@functools.cache
def words():
    return set(re.findall(r"\w+", "\n".join(sources().values())))


@functools.cache
def targets():
    text = "\n".join(p.read_text() for p in
                     [ROOT / "Makefile", *(ROOT / "tools").glob("*.mk")])
    return {name for line in re.findall(r"^([a-z][\w -]*):", text, re.M)
            for name in line.split()}


def missing_call(file, function):
    if file:
        found = [t for name, t in sources().items()
                 if name.endswith("/" + file)]
        if not any(re.search(rf"\b{function}\b", t) for t in found):
            return f"`{file}` has no `{function}()`"
    elif function not in words():
        return f"there is no `{function}()`"
    return None


def missing_names(page):
    """A complaint for each name in @page's text that the tree has not."""
    for line, text in page.prose():
        for span in SPAN.findall(text):
            path = PATH.fullmatch(span.partition(":")[0])
            if path and not (ROOT / path.group()).exists():
                yield f"{page.where(line)}: there is no {path.group()}"
            call = CALL.fullmatch(span)
            wrong = call and missing_call(*call.groups())
            if wrong:
                yield f"{page.where(line)}: {wrong}"
            for target in TARGET.findall(span):
                if span.startswith("make") and target not in targets():
                    yield f"{page.where(line)}: no `make {target}`"
