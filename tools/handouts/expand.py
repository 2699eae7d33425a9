"""What a page looks up in the tree: code by name, races, boxes, figures.

Fences:
  {.c code="FILE:FUNCTION ..."}     functions as they stand, comment and all
  {.c struct="FILE:NAME ..."}       structs and enums
  {.c comment="FILE [tag]"}         the two columns of a tag
  {.race ends="FIRST | SECOND"}     rows `POINT | first | second`, a table
In the text:
  {{exercise spamming.1}}           its box, from lab.toml
  {{exercises spamming}}            all of a lab in a table
  {{fact spamming title}}           one field of a lab
  {{labs}}                          the labs in a table
  {{ends}}                          both ends of each pair, from the comments
  {{bench null}}                    a figure of the last `make bench`

Whatever a lab cuts is never included: a starter carries these pages too.
"""

import collections
import functools
import html
import json
import os
import pathlib
import re
import sys

from .page import ROOT

sys.path.insert(0, str(ROOT / "grade" / "explorer"))
sys.path.insert(0, str(ROOT / "tools" / "labs"))

import bodies  # noqa: E402
import labfile  # noqa: E402

INLINE = re.compile(r"\{\{(\w+)((?: [\w.+-]+)*)\}\}")
POINT = re.compile(r"X\((\w+),")


class Wrong(Exception):
    """Says in one sentence what a page asks for that is not there."""


# --- The tree ----------------------------------------------------------------

def text_of(name):
    path = ROOT / name
    if not path.is_file():
        raise Wrong(f"there is no {name}")
    return path.read_text()


@functools.cache
def labs():
    """The labs whose description is in this tree, by name, in order.  A
    student's tree has one."""
    return {lab.name: lab for lab in labfile.all_labs(ROOT)}


def race_points():
    return set(POINT.findall(text_of("kernel/abi/race.h")))


def listing(name, text, what, language="c"):
    """A block of @language with its origin above it."""
    code = text.rstrip("\n").expandtabs(8)
    return [f'::: {{.listing}}', f'[`{name}`]{{.file}} {what}', '',
            f"```{language}", *code.split("\n"), "```", ":::"]


def split_ref(ref):
    name, _, what = ref.rpartition(":")
    if not name:
        raise Wrong(f"`{ref}` is not FILE:NAME")
    return name, what


def code(ref, cuts):
    name, function = split_ref(ref)
    if (name, function) in cuts:
        raise Wrong(f"{ref}() is cut in a lab and must not be shown")
    text = text_of(name)
    try:
        f = bodies.find(text, function)
    except LookupError as gone:
        raise Wrong(f"{name}: {gone}") from None
    return listing(name, text[f.comment:f.end], f"`{function}()`")


STRUCT = r"^(?:struct|enum) {} \{{\n.*?^\}}[^;]*;\n"


def struct(ref, cuts):
    name, wanted = split_ref(ref)
    text = text_of(name)
    found = re.search(STRUCT.format(re.escape(wanted)), text, re.M | re.S)
    if not found:
        raise Wrong(f"{name} has no struct or enum {wanted}")
    return listing(name, found.group(), "")


def columns_of(text, tag):
    """The paragraphs of a comment that begin with [tag]."""
    found = re.search(rf"^ \* \[{re.escape(tag)}\].*?(?=^ \* \[|^ \*/)", text,
                      re.M | re.S)
    return found and [line[3:] for line in found.group().split("\n")]


def comment(ref, cuts):
    name, _, tag = ref.partition(" ")
    lines = columns_of(text_of(name), tag.strip("[]"))
    if not lines:
        raise Wrong(f"no comment of {name} begins with {tag}")
    return listing(name, "\n".join(lines).rstrip(), f"`{tag}`", "text")


# --- Races -------------------------------------------------------------------

def race_row(line, points):
    """POINT | first | second: a point in the margin; or == what comes of it."""
    if line.startswith("=="):
        words = html.escape(line.strip("= ").strip())
        return f'<tr class="end"><td></td><td colspan="2">{words}</td></tr>'
    cells = [cell.strip() for cell in line.split("|")]
    if len(cells) != 3:
        raise Wrong(f"a race's row has three cells: {line}")
    if cells[0] and cells[0] not in points:
        raise Wrong(f"kernel/abi/race.h has no race point {cells[0]}")
    margin, *both = (html.escape(cell) for cell in cells)
    margin = f"<code>{margin.replace('_', '_<wbr>')}</code>" if margin else ""
    sides = "".join(f"<td><code>{side}</code></td>" if side else "<td></td>"
                    for side in both)
    return f'<tr><td class="point">{margin}</td>{sides}</tr>'


def race(fence, cuts):
    ends = [html.escape(e.strip()) for e in fence.attrs["ends"].split("|")]
    points = race_points()
    rows = [race_row(line, points) for line in fence.body if line.strip()]
    head = "".join(f"<th>{end}</th>" for end in ends)
    return ["```{=html}", '<div class="wide"><table class="race">',
            f'<thead><tr><th class="point">race point</th>{head}</tr></thead>',
            "<tbody>", *rows, "</tbody></table></div>", "```"]


# --- Labs --------------------------------------------------------------------

def lab_named(name):
    """A lab, or None in the tree of another one."""
    if name in labs():
        return labs()[name]
    if len(labs()) == 1:
        return None
    raise Wrong(f"there is no labs/{name}/lab.toml")


def stars(exercise):
    return "●" * exercise.difficulty + "○" * (3 - exercise.difficulty)


def promise(name):
    return f"[{name}](promises.md#{name.lower()})"


def sentence(what, words):
    return [f"{what} {', '.join(words)}.", ""] if words else []


def exercise_box(ident):
    """The heading of an exercise, and what lab.toml says of it."""
    lab = lab_named(ident.partition(".")[0])
    if not lab:
        return [f"### {ident}", "", "The points and tests of this exercise "
                "stand in the tree of its lab."]
    e = lab.exercise(ident)
    write = [f"`{c.function}()` in `{c.file}`" for c in e.cuts if not c.remove]
    return [f"### {e.title}", "", "::: {.exercise}",
            f"**{e.id}** · {e.points} points · "
            f'[{stars(e)}]{{title="difficulty {e.difficulty} of 3"}}', "",
            *sentence("Write", write),
            *sentence("Comes after", e.needs),
            *sentence("Keeps", map(promise, e.promises)),
            *sentence("Judged by", [f"`{t}`" for t in e.tests]),
            f"`make hint EX={e.id}` · `make grade LAB={lab.name}`", ":::"]


def exercise_table(name):
    lab = lab_named(name)
    if not lab:
        return ["The points stand in the tree of that lab."]
    rows = [f"| {e.id} | [{e.title}](#{e.anchor}) | {e.points} | {stars(e)} |"
            for e in lab.exercises]
    return ["| | exercise | points | difficulty |",
            "| --- | --- | ---: | --- |", *rows,
            f"| | together | {lab.points} | |"]


def lab_table():
    rows = [f"| {lab.number} | [{lab.title}]({lab.name}.md) | {lab.race} | "
            f"{len(lab.exercises)} |" for lab in labs().values()]
    return ["| lab | title | the one race | exercises |",
            "| --- | --- | --- | ---: |", *rows]


def fact(name, field):
    lab = lab_named(name)
    return str(getattr(lab, field)) if lab else f"({field})"


# --- Pairs ----------------------------------------------------------------

PAIRS = re.compile(r"airs\s+with\s[^\[\]]*?\[([\w-]+)\]")
STARS = re.compile(r"\n\s*\*")


def pair_ends():
    """Tag -> the functions whose comments name a partner under it."""
    found = collections.defaultdict(list)
    for folder in "kernel", "user/lib":
        for path in sorted((ROOT / folder).rglob("*.[ch]")):
            name = str(path.relative_to(ROOT))
            text = path.read_text()
            for pair in PAIRS.finditer(STARS.sub(pad, text)):
                function = bodies.enclosing(text, pair.start())
                end = f"`{name}:{function}()`" if function else f"`{name}`"
                if end not in found[pair[1]]:
                    found[pair[1]].append(end)
    return found


def pad(found):
    """As many blanks, so that offsets stay what they are."""
    return " " * len(found.group())


def ends():
    rows = [f"| `[{tag}]` | {'<br>'.join(where)} |"
            for tag, where in sorted(pair_ends().items())]
    return ["| tag | ends |", "| --- | --- |", *rows]


# --- Figures -----------------------------------------------------------------

def bench(row):
    """What the last `make bench` found; a dash if there was none."""
    path = pathlib.Path(os.environ.get("O") or "obj", "bench.json")
    if not (ROOT / path).is_file():
        return "–"
    found = json.loads((ROOT / path).read_text())
    if row not in found:
        raise Wrong(f"{path} has no row {row}")
    return f"{found[row]:,}" if isinstance(found[row], int) else \
        str(found[row])


# --- A page ------------------------------------------------------------------

FENCES = {"code": code, "struct": struct, "comment": comment}
BLOCKS = {"exercise": exercise_box, "exercises": exercise_table,
          "labs": lab_table, "ends": ends}
WORDS = {"fact": fact, "bench": bench}


def expanded(fence, cuts):
    """The lines that stand for @fence, or None if it is only what it says."""
    if fence.kind == "race":
        return race(fence, cuts)
    for attr, function in FENCES.items():
        if attr in fence.attrs:
            refs = [fence.attrs[attr]] if attr == "comment" else \
                fence.attrs[attr].split()
            return [line for ref in refs
                    for line in ["", *function(ref, cuts), ""]]
    if fence.kind in ("console", "gdb"):
        return [f"```{{.{fence.kind}}}", *fence.body, "```"]
    return None


def expand_line(line):
    """The lines that stand for one line of prose."""
    alone = INLINE.fullmatch(line.strip())
    if alone and alone[1] in BLOCKS:
        return BLOCKS[alone[1]](*alone[2].split())

    def word(found):
        if found[1] not in WORDS:
            raise Wrong(f"{found[0]} means nothing here")
        return WORDS[found[1]](*found[2].split())

    return [INLINE.sub(word, line)]


def all_cuts():
    return {(c.file, c.function) for lab in labs().values()
            for e in lab.exercises for c in e.cuts}


def expand(page, complaints):
    """The page as Markdown that pandoc reads; what is wrong with it is added
    to @complaints."""
    cuts, out, at = all_cuts(), [], 0
    by_line = {f.first: f for f in page.fences()}
    while at < len(page.lines):
        fence = by_line.get(at)
        try:
            if fence:
                lines = expanded(fence, cuts)
                out += lines if lines is not None else \
                    page.lines[fence.first:fence.last + 1]
            else:
                out += expand_line(page.lines[at])
        except (Wrong, labfile.BadLab, TypeError, KeyError,
                AttributeError) as wrong:
            complaints.append(f"{page.where(at)}: {wrong}")
        at = fence.last + 1 if fence else at + 1
    return "\n".join(out)

