"""The handouts: they build, name nothing that is not there, say what the tools
say, and give no solution away."""

import os
import pathlib
import re
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path += [str(ROOT / "tools"), str(ROOT / "tools" / "labs")]

from handouts import expand, links, page, site, transcript  # noqa: E402
import labfile  # noqa: E402
import leaks  # noqa: E402
import runner  # noqa: E402

pytestmark = [
    pytest.mark.check,
    pytest.mark.skipif(bool(site.missing()), reason=site.missing()),
    pytest.mark.skipif(len(expand.labs()) == 1,
                       reason="a starter's handouts are the whole kernel's"),
]

PAGES, COMPLAINTS = page.read_all(ROOT / page.PAGES)


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The site, and what was wrong with it."""
    out = tmp_path_factory.mktemp("handouts")
    return out, COMPLAINTS + site.build(PAGES, out)


def no(complaints):
    if complaints:
        pytest.fail("\n".join(complaints), pytrace=False)


def test_builds(built):
    """Everything that a page includes is there, and pandoc is content."""
    no(built[1])


def test_links(built):
    """Every link between pages leads to a page and an anchor of it."""
    no(list(links.broken(built[0])))


def test_names():
    """Files, functions and make targets that are named exist."""
    no([c for p in PAGES.values() for c in links.missing_names(p)])


@pytest.mark.parametrize("name", [n for n, p in PAGES.items()
                                  if transcript.transcripts(p)])
@pytest.mark.xdist_group("handouts")
def test_transcripts(qemu, name, monkeypatch):
    """What a page says that commands print, they print."""
    monkeypatch.setenv("O", runner.OUT)
    no([f"{PAGES[name].where(line)}: `make handouts FIX=1` makes this\n"
        + "\n".join(was) + "\nto this\n" + "\n".join(now)
        for line, was, now in transcript.check(page.read(PAGES[name].path),
                                               False)])


@pytest.mark.parametrize("lab", labfile.all_labs(), ids=lambda lab: lab.name)
def test_exercises(built, lab):
    """Each exercise has its section, in order, and each hint that names a
    section names one."""
    text = "\n".join(PAGES[lab.name].lines)
    assert re.findall(r"\{\{exercise ([\w.]+)\}\}", text) == \
        [e.id for e in lab.exercises]
    site_of = links.read_site(built[0])
    for e in lab.exercises:
        assert e.anchor in site_of[f"{lab.name}.html"].ids, e.id
        for name, _, anchor in (m.partition("#") for h in e.hints for m in
                                re.findall(r"handouts/([\w#.-]+\w)", h)):
            html = name.replace(".md", "") + ".html"
            assert html in site_of, f"{e.id}: handouts/{name}"
            assert not anchor or anchor in site_of[html].ids, \
                f"{e.id}: handouts/{name}#{anchor}"


@pytest.mark.parametrize("lab", labfile.all_labs(), ids=lambda lab: lab.name)
def test_no_leak(lab):
    """No line of a body that @lab cuts is in a page or a picture."""
    code = {str(p.relative_to(ROOT)): p.read_text()
            for folder in ("kernel", "user", "grade/explorer")
            for p in (ROOT / folder).rglob("*.[chS]")}
    cut = leaks.cut_lines(lab, code)
    assert cut, "the lab cuts nothing"
    for path in sorted((ROOT / page.PAGES).rglob("*.*")):
        text = leaks.squeezed(path.read_text())
        no([f"{path.relative_to(ROOT)}: `{line}` is of {where}()"
            for line, where in cut.items() if line in text])


# --- Each complaint can be made ----------------------------------------------

@pytest.fixture
def a_page(tmp_path):
    """A page with the text given, alone on its site."""

    def write(text):
        (tmp_path / "index.md").write_text(
            f"---\ntitle: One\n---\n\n{text}\n")
        (tmp_path / "ORDER").write_text("Part\n\tindex\n")
        pages, complaints = page.read_all(tmp_path)
        assert not complaints
        return pages

    return write


BAD = {
    "there is no kernel/none.c":
        '```{.c code="kernel/none.c:none"}\n```',
    "there is no none()":
        '```{.c code="kernel/event/mbox.c:none"}\n```',
    "must not be shown":
        '```{.c code="kernel/event/bitmap.c:bitmap_post"}\n```',
    "no struct or enum none":
        '```{.c struct="kernel/abi/event.h:none"}\n```',
    "no comment of":
        '```{.c comment="kernel/event/spam.c [none]"}\n```',
    "no race point NONE": '```{.race ends="a | b"}\nNONE | x |\n```',
    "three cells": '```{.race ends="a | b"}\nx | y\n```',
    "has no exercise": "{{exercise spamming.99}}",
    "means nothing here": "so many {{nothing}}",
    "there is no picture": "![x](none.svg)",
}


@pytest.mark.parametrize("said", BAD)
def test_bad_page(a_page, tmp_path, said):
    """A page that asks for what is not there is told so, with its line."""
    complaints = site.build(a_page(BAD[said]), tmp_path / "out")
    assert any(said in c for c in complaints), complaints


@pytest.mark.parametrize("said, text", [
    ("there is no two.html", "[x](two.md)"),
    ("has no #none", "[x](#none)"),
])
def test_bad_link(a_page, tmp_path, said, text):
    """A link that leads nowhere is found."""
    assert not site.build(a_page(text), tmp_path / "out")
    found = list(links.broken(tmp_path / "out"))
    assert len(found) == 1 and said in found[0], found


@pytest.mark.parametrize("said, text", [
    ("there is no kernel/none.c", "`kernel/none.c`"),
    ("there is no `qqq_not_here()`", "`qqq_not_here()`"),
    ("has no `spam_vcore()`", "`indir.h:spam_vcore()`"),
    ("no `make nothing`", "`make nothing`"),
])
def test_bad_name(a_page, said, text):
    """A name that the tree does not have is found, with its line."""
    found = list(links.missing_names(a_page(text)["index"]))
    assert len(found) == 1 and said in found[0] and ":5:" in found[0], found


def test_transcript_differs(a_page, monkeypatch):
    """A transcript that lies is found, and FIX=1 mends it."""
    monkeypatch.setenv("O", os.environ.get("O", "obj"))
    one = a_page('```{.console ignore="number"}\n$ echo one; echo 1\ntwo\n2\n'
                 '```\n\n```console\n$ printf "a\\n\\nb "\na\n\nb\n```')["index"]
    found = transcript.check(one, True)
    assert [(was, now) for _, was, now in found] == \
        [(["$ echo one; echo 1", "two", "2"],
          ["$ echo one; echo 1", "one", "1"])]
    assert transcript.check(page.read(one.path), False) == []
