"""Pages to HTML: pandoc for the text, Graphviz for the pictures.

The site works from the file system: relative links, one style sheet, nothing
fetched.
"""

import concurrent.futures
import html
import pathlib
import re
import shutil
import subprocess

from . import expand
from .page import PAGES, ROOT

HERE = pathlib.Path(__file__).resolve().parent
PICTURE = re.compile(r"!\[[^\]]*\]\((\w[\w/.-]*)\.svg\)")
NEEDS = {"pandoc": "pandoc", "dot": "graphviz"}

# What all pictures have in common, so that none of them says it again.
DRAW = ["dot", "-Tsvg", "-Gbgcolor=transparent", "-Gpad=0.1", "-Granksep=0.45",
        "-Nshape=box", "-Nstyle=filled,rounded", "-Nmargin=0.14,0.08",
        "-Ecolor=#444444", "-Efontcolor=#444444", "-Earrowsize=0.7",
        *(f"-{what}{name}" for what in "GNE"
          for name in ("fontname=DejaVu Sans", "fontsize=11"))]


def missing():
    """A sentence about the programs that are not there, or ""."""
    absent = [package for tool, package in NEEDS.items()
              if not shutil.which(tool)]
    if not absent:
        return ""
    return (f"the handouts need {' and '.join(absent)}: type `make setup`, or "
            "read handouts/*.md as they are")


def run(command, text, complaints, where):
    """What @command makes of @text; what it grumbles about is a complaint."""
    done = subprocess.run(command, input=text, capture_output=True, text=True,
                          cwd=ROOT)
    for line in done.stderr.splitlines():
        complaints.append(f"{where}: {command[0]}: {line}")
    if done.returncode and not done.stderr:
        complaints.append(f"{where}: {command[0]} failed")
    return done.stdout


# --- Around the text ---------------------------------------------------------

def navigation(pages, here):
    """All pages by part, the one that is open marked."""
    out, part = [], None
    for name, page in pages.items():
        if page.meta["part"] != part:
            out += ["</ul>"] if part else []
            part = page.meta["part"]
            out.append(f"<p>{html.escape(part)}</p><ul>")
        mark = ' aria-current="page"' if name == here else ""
        out.append(f'<li><a href="{name}.html"{mark}>'
                   f"{html.escape(page.title)}</a></li>")
    return "\n".join(out + ["</ul>"])


def neighbours(pages, here):
    names = list(pages)
    at = names.index(here)
    links = []
    for step, what, sign in (-1, "prev", "←"), (1, "next", "→"):
        if 0 <= at + step < len(names):
            name = names[at + step]
            title = html.escape(pages[name].title)
            text = f"{sign} {title}" if step < 0 else f"{title} {sign}"
            links.append(f'<a rel="{what}" href="{name}.html">{text}</a>')
    return "\n".join(links)


# --- Pages and pictures ------------------------------------------------------

def make_page(pages, name, out):
    """Write one page; what is wrong with it."""
    complaints = []
    page = pages[name]
    text = expand.expand(page, complaints)
    made = run(
        ["pandoc", "--from=markdown+gfm_auto_identifiers", "--to=html5",
         "--standalone", f"--template={HERE}/page.html",
         f"--lua-filter={HERE}/links.lua", "--highlight-style=kate",
         f"--metadata=pagetitle:{page.title}", f"--metadata=title:{page.title}",
         "--variable", "nav=" + navigation(pages, name),
         "--variable", "neighbours=" + neighbours(pages, name)],
        text, complaints, f"{PAGES}/{page.path.name}")
    (out / f"{name}.html").write_text(made)
    return complaints


def pictures(pages):
    """The names of all pictures that pages show."""
    return sorted({name for page in pages.values()
                   for _, line in page.prose()
                   for name in PICTURE.findall(line)})


def make_picture(name, out):
    """Draw handouts/pictures/NAME.dot, or copy docs/NAME.svg."""
    complaints = []
    text = ROOT / PAGES / "pictures" / f"{name}.dot"
    drawn = ROOT / "docs" / f"{name}.svg"
    if text.is_file():
        svg = run(DRAW, text.read_text(), complaints,
                  f"{PAGES}/pictures/{name}.dot")
        (out / f"{name}.svg").write_text(svg)
    elif drawn.is_file():
        shutil.copyfile(drawn, out / f"{name}.svg")
    else:
        complaints.append(f"there is no picture {PAGES}/pictures/{name}.dot")
    return complaints


def build(pages, out):
    """Make the whole site in @out; all that is wrong with it."""
    out.mkdir(parents=True, exist_ok=True)
    for old in (*out.glob("*.html"), *out.glob("*.svg")):
        old.unlink()
    shutil.copyfile(HERE / "style.css", out / "style.css")
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(make_page, pages, name, out) for name in pages]
        jobs += [pool.submit(make_picture, name, out)
                 for name in pictures(pages)]
        return [complaint for job in jobs for complaint in job.result()]
