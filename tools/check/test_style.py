"""The style of the tree, and proof that each check can fail.

A check is a module with `check(root)`, which yields one complaint a line.
Each has a small bad tree here, for every complaint that it can make.
"""

import os
import re
import subprocess

import asm
import fences
import order
import paths
import pytest
import shape
import source

CHECKS = [order, fences, shape, asm, paths]


@pytest.mark.parametrize("module", CHECKS, ids=lambda m: m.__name__)
def test_tree(module):
    """The tree as it is passes."""
    complaints = list(module.check(source.ROOT))
    if complaints:
        pytest.fail("\n".join(complaints), pytrace=False)


@pytest.fixture
def complaints(tmp_path):
    """Make a tree of the files given and return what a check says of it."""

    def run(module, files):
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return list(module.check(tmp_path))

    return run


GOOD_ORDER = "0 9 a.h low\n1 9 b.c high\n"
GOOD_FILES = {"kernel/ORDER": GOOD_ORDER, "kernel/a.h": "",
              "kernel/b.c": '#include "a.h"\n'}

BAD_ORDERS = {
    "not named": {"kernel/c.h": ""},
    "there is no": {"kernel/ORDER": GOOD_ORDER + "1 9 c.h gone\n"},
    "named twice": {"kernel/ORDER": GOOD_ORDER + "1 9 a.h again\n"},
    "not `layer": {"kernel/ORDER": GOOD_ORDER + "1 c.h\n"},
    "its budget": {"kernel/a.h": "\n" * 10},
    "of layer 1": {"kernel/a.h": '#include "b.c"\n', "kernel/b.c": ""},
    "includes itself": {"kernel/ORDER": "1 9 a.h low\n1 9 b.c high\n",
                        "kernel/a.h": '#include "b.c"\n'},
    "is not in": {"kernel/a.h": '#include "d.h"\n'},
}


@pytest.mark.parametrize("said", BAD_ORDERS)
def test_order(complaints, said):
    """A good ORDER is quiet; each bad one is told what is wrong with it."""
    assert complaints(order, GOOD_FILES) == []
    found = complaints(order, GOOD_FILES | BAD_ORDERS[said])
    assert len(found) == 1 and said in found[0], found


GOOD_FENCES = {
    "kernel/a.c": "void a(void)\n{\n"
                  "\t/* x before y.  Pairs with full_fence() in\n"
                  "\t * user/lib/b.c:b() [tag]. */\n"
                  "\tfull_fence();\n}\n",
    "user/lib/b.c": "void b(void)\n{\n"
                    "\t/* y before x.  Pairs with full_fence() in\n"
                    "\t * a.c:a() [tag]. */\n"
                    "\tfull_fence();\n}\n",
}

BAD_FENCES = {
    "has no `Pairs": ("kernel/c.c", "void c(void)\n{\n\tfull_fence();\n}\n"),
    "no file": ("kernel/a.c", GOOD_FENCES["kernel/a.c"].replace("b.c", "d.c")),
    "has no b()": ("user/lib/b.c", "void c(void)\n{\n"
                   "\t/* Pairs with full_fence() in a.c:a() [tag]. */\n"
                   "\tfull_fence();\n}\n"),
    "does not answer": ("user/lib/b.c", "void b(void)\n{\n}\n"),
    "has no full_fence": ("user/lib/b.c", "void b(void)\n{\n"
                          "\t/* Pairs with full_fence() in a.c:a() [tag]. */\n"
                          "\tstore_release();\n}\n"),
    "one end": ("user/lib/b.c", "void b(void)\n{\n\t/* [tag] */\n}\n"),
}


@pytest.mark.parametrize("said", BAD_FENCES)
def test_fences(complaints, said):
    """A pair is quiet; a fence without an answer is not."""
    assert complaints(fences, GOOD_FENCES) == []
    name, text = BAD_FENCES[said]
    found = complaints(fences, GOOD_FENCES | {name: text})
    assert any(said in f for f in found), found


@pytest.mark.parametrize("distance", ["\n", "\tb = 1;\n"])
def test_fence_far_from_its_comment(complaints, distance):
    """The comment stands directly above the fence."""
    apart = GOOD_FENCES["kernel/a.c"].replace("\tfull", distance + "\tfull")
    found = complaints(fences, GOOD_FENCES | {"kernel/a.c": apart})
    assert len(found) == 1 and "has no `Pairs" in found[0], found


def body(text):
    return "int f(void)\n{\n" + text + "}\n"


BAD_SHAPES = {
    "81 columns": "\t" * 9 + "123456789\n",
    "blanks": "int a; \n",
    "`#if`": "#ifdef A\n",
    "61 lines": body("\ta = 1;\n" * 61),
    "nests": body("\tif (a)\n\t\tif (b)\n\t\t\tif (c)\n\t\t\t\tif (d)\n"
                  "\t\t\t\t\te();\n"),
}

GOOD_SHAPE = body("\tif (a)\n\t\tif (b)\n\t\t\tif (c)\n\t\t\t\te();\n"
                  + "\ta = 1;\n" * 56)


@pytest.mark.parametrize("said", BAD_SHAPES)
def test_shape(complaints, said):
    """The longest and deepest that is allowed is quiet; one more is not."""
    assert complaints(shape, {"kernel/a.c": GOOD_SHAPE}) == []
    found = complaints(shape, {"kernel/a.c": BAD_SHAPES[said]})
    assert len(found) == 1 and said in found[0], found


def test_asm(complaints):
    """Assembly in the machine's folder is quiet; elsewhere it is not."""
    text = body('\tasm volatile("nop");\n')
    assert complaints(asm, {"kernel/arch/x86/a.h": text}) == []
    assert complaints(asm, {"kernel/b.h": "/* asm */\n"}) == []
    assert len(complaints(asm, {"kernel/b.h": text})) == 1


def test_paths(complaints):
    """A folder of one machine is found wherever it stands."""
    assert complaints(paths, {"a": "https://example.org/docs /bin/sh\n"}) == []
    assert len(complaints(paths, {"a": "x = '/ho" "me/student/ev6'\n"})) == 1


def test_doctor_looks_for_what_setup_needs():
    """What `make setup` would install, `make doctor` says is missing."""
    setup = (source.ROOT / "tools/setup").read_text()
    doctor = (source.ROOT / "tools/doctor").read_text()
    needed = re.search(r"for tool in (.*); do", setup)[1].split()
    assert "strip" in needed
    assert not [t for t in needed if f'"{t}"' not in doctor]


def test_doctor_looks_at_the_qemu_that_is_used():
    """QEMU= names another for `make qemu` and the grader."""
    said = subprocess.run(
        ["tools/doctor"], cwd=source.ROOT, text=True, capture_output=True,
        env=os.environ | {"QEMU": "/nosuch/qemu"}).stdout
    assert re.search(r"^QEMU +- .* missing ", said, re.M), said


def test_errors_have_words():
    """strerror() has a text for each error that the two headers define."""
    headers = [source.ROOT / "kernel/abi/errno.h",
               source.ROOT / "user/lib/errno.h"]
    defined = {name for header in headers
               for name in re.findall(r"#define (E\w+)", header.read_text())}
    strings = (source.ROOT / "user/lib/string.c").read_text()
    assert defined == set(re.findall(r"\[(E\w+)\] = \"", strings))
