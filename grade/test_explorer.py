"""The explorer: what is shipped stands every order, seeded bugs do not."""

import pathlib
import re
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent / "explorer"))

import audit  # noqa: E402
import mutants  # noqa: E402
import story  # noqa: E402
import xp  # noqa: E402

# One builds, and then all run: on one worker, beside the boots.
pytestmark = pytest.mark.xdist_group("explorer")

SOURCES = sorted((xp.HERE / "tests").glob("*.c"))
NAMES = [name for path in SOURCES if path.name != "litmus.c"
         for name in re.findall(r"^XP_TEST\((\w+)", path.read_text(), re.M)]


@pytest.fixture(scope="session")
def programs():
    """The explorers of the shipped sources, by slots of a UCQ page."""
    try:
        return {slots: xp.Build(slots).make() for slots in (1, 2)}
    except xp.BuildError as error:
        pytest.fail(f"the explorer does not build:\n{error}", pytrace=False)


def find(programs, name):
    for slots, program in programs.items():
        for test in xp.tests(program):
            if test.name == name and test.build_slots == slots:
                return test, program
    raise LookupError(name)


@pytest.mark.parametrize("cc", ["gcc", "clang"])
def test_machine_is_x86(cc):
    """Each litmus test has the outcomes of x86-TSO and no other, whichever
    compiler put the hooks in."""
    try:
        program = xp.Build(2, cc).make()
    except xp.BuildError as error:
        if "not found" in str(error):
            pytest.skip(f"no {cc}")
        pytest.fail(str(error), pytrace=False)
    wrong = []
    for test in xp.tests(program):
        if test.group == "litmus":
            out = xp.explore(program, test.name, "-m", "tso", "-S", 0)
            if bool(out.kind) != test.seen:
                wrong.append(f"{test.name}: {test.proves} {out.text}")
    assert not wrong


@pytest.mark.parametrize("name", NAMES)
def test_shipped(programs, name):
    """No order of steps loses anything, up to the stated bound."""
    test, program = find(programs, name)
    out = xp.explore(program, name)
    if out.kind:
        pytest.fail("\n".join(story.tell(out, test)), pytrace=False)
    assert out.complete, f"explored in part only:\n{out.raw}"


@pytest.mark.parametrize("name", [m.name for m in mutants.MUTANTS])
def test_mutant(programs, name):
    """A seeded bug is found, and called what it is."""
    (a,) = audit.mutant_attempts([name])
    audit.attempt(a, "gcc")
    if a.error:
        pytest.fail(a.error, pytrace=False)
    assert a.found, f"{name} ({a.says}): nobody noticed"
    assert a.right, f"{name} ({a.says}): {a.outcome.kind}, not {a.kinds}"


def test_same_seed_same_story(programs):
    """The same input gives the same verdict, byte for byte, and its schedule
    replays to the same end."""
    (a,) = audit.mutant_attempts(["B2"])
    program = xp.Build().make_mutant("B2", {a.file: a.text})
    first, again = (xp.explore(program, "bitmap_stale_hint")
                    for _ in range(2))
    assert first.kind == "wrong"
    assert first.schedule == again.schedule
    assert list(story.tell(first)) == list(story.tell(again)) or \
        first.events == again.events
    replayed = xp.explore(program, "bitmap_stale_hint", "-s", first.schedule)
    assert (replayed.kind, replayed.text) == (first.kind, first.text)
    assert any(story.held_stores(first.events))


def test_fences_are_needed(programs):
    """Each fence and barrier is missed by a test, or a reason is written
    down."""
    unmissed = []
    for site in audit.all_attempts(audit.sites(), "gcc", 1):
        if site.error:
            unmissed.append(f"{site.where}: {site.error}")
        elif not site.found and not audit.kept(site):
            unmissed.append(f"{site.where}: {site.says}")
    assert not unmissed


def test_table_is_true():
    """PAIRS.md names each pair and each mutant of it."""
    table = (xp.HERE / "PAIRS.md").read_text()
    for pair, ends in audit.PAIRS.items():
        for names in ends:
            for name in names:
                assert f"| {pair} |" in table and name in table, (pair, name)
    assert "**nobody**" not in table
