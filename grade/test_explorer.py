"""The explorer: what is shipped stands every order, seeded bugs do not."""

import pathlib
import re
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent / "explorer"))

import audit  # noqa: E402
import mutants  # noqa: E402
import story  # noqa: E402
import xp  # noqa: E402

pytestmark = pytest.mark.check

SOURCES = sorted((xp.HERE / "tests").glob("*.c"))
NAMES = [name for path in SOURCES if path.name != "litmus.c"
         for name in re.findall(r"^XP_TEST\((\w+)", path.read_text(), re.M)]
SITES = {site.name: site for site in audit.sites()}
TABLE = (xp.HERE / "PAIRS.md").read_text()

# The large ones first: the others fill the gaps.
LARGE = ["spam_vs_yield_2senders", "spam_asleep", "ucq_2x2",
         "spam_vs_yield_2vcores", "ceq_recovery_2consumers", "unmask_2senders",
         "ceq_ring2"]
NAMES.sort(key=lambda name: LARGE.index(name) if name in LARGE else 99)


def find(name, cc="gcc"):
    try:
        return xp.find(name, cc)
    except xp.BuildError as error:
        pytest.fail(f"the explorer does not build:\n{error}", pytrace=False)


def explored(name, *options, cc="gcc"):
    """All of a test, or fail with its story."""
    test, program = find(name, cc)
    out = xp.explore(program, name, *options)
    if out.kind:
        pytest.fail("\n".join(story.tell(out, test)), pytrace=False)
    assert out.complete, f"explored in part only:\n{out.raw}"


@pytest.mark.parametrize("name", NAMES)
def test_shipped(name):
    """No order of steps loses anything, and there is no other order."""
    explored(name)


@pytest.mark.parametrize("cc", ["gcc", "clang"])
def test_machine_is_x86(cc):
    """Each litmus test has the outcomes of x86-TSO and no other, whichever
    compiler put the hooks in."""
    _, program = find("bitmap", cc)
    wrong = []
    for test in xp.tests(program):
        if test.group == "litmus":
            out = xp.explore(program, test.name, "-m", "tso", "-S", 0)
            if bool(out.kind) != test.seen:
                wrong.append(f"{test.name}: {test.proves} {out.text}")
    assert not wrong


def test_shipped_clang():
    """What clang makes of the sources stands it too; the largest tests, which
    would find nothing else in it, at random."""
    for name in NAMES:
        explored(name, *(["-m", "random"] if name in LARGE else ["-n", 50]),
                 cc="clang")


@pytest.mark.parametrize("name", [m.name for m in mutants.MUTANTS])
def test_mutant(name):
    """A seeded bug is found, and called what it is; PAIRS.md says the same of
    those that break a pair."""
    (a,) = audit.mutant_attempts([name])
    audit.attempt(a, "gcc")
    if a.error:
        pytest.fail(a.error, pytrace=False)
    assert a.found, f"{name} ({a.says}): nobody noticed"
    assert a.right, f"{name} ({a.says}): {a.outcome.kind}, not {a.kinds}"
    for pair, end, broken in audit.pair_rows():
        if broken == name:
            assert audit.row_head(pair, end, a) in TABLE


@pytest.mark.parametrize("name", SITES)
def test_fence_is_needed(name):
    """A fence or barrier is missed by a test, or a reason is written down."""
    site = SITES[name]
    audit.attempt(site, "gcc")
    assert not site.error
    assert site.found or audit.kept(site), f"{site.where}: {site.says}"
    if site.found:
        # Found, and so no reason is due.
        assert not audit.kept(site), f"{site.where}: {audit.kept(site)}"
    row = f"| {site.where} | {site.line} | `{site.says}` |"
    assert re.sub(r"\| \d+ \|", "|", row) in \
        re.sub(r"\| \d+ \|", "|", TABLE), "make PAIRS.md again"


def test_table_is_whole():
    """PAIRS.md has a row for each end of each pair, and no other."""
    rows = {(m[1], m[2], m[3].split(":")[0]) for m in
            map(audit.ROW.match, TABLE.splitlines()) if m}
    wanted = {(pair, end, name if name in {m.name for m in mutants.MUTANTS}
               else "-") for pair, end, name in audit.pair_rows()}
    assert rows == wanted, "tools/explore --table >grade/explorer/PAIRS.md"
    assert "**nobody**" not in TABLE
    boots = " ".join(audit.IN_QEMU.values()).split()
    assert not [b for b in boots
                if not (xp.ROOT / f"user/tests/{b}.c").exists()]


@pytest.mark.parametrize("status, good", [(0, False), (1, False), (0, True)])
def test_the_last_word(tmp_path, status, good):
    """Phases that went well are no verdict: the search may not be over."""
    program = tmp_path / "explore"
    program.write_text("#!/bin/sh\necho '@phase random 1 0.1 done 0'\n"
                       + "echo @ok\n" * good + f"exit {status}\n")
    program.chmod(0o755)
    out = xp.explore(program, "x")
    assert (out.complete, out.kind) == (good, "" if good else "engine")
    assert not xp.explore(program, "x", "-s", "ab").kind


def test_same_seed_same_story():
    """The same input gives the same verdict, byte for byte, and its schedule
    replays to the same story, also where nothing is left of the first run."""
    (a,) = audit.mutant_attempts(["B2"])
    program = xp.Build().make_mutant("B2-again", {a.file: a.text})
    first, again = (xp.explore(program, "bitmap_stale_hint")
                    for _ in range(2))
    assert first.kind == "wrong"
    assert any(story.held_stores(first.events))
    assert (first.schedule, first.events) == (again.schedule, again.events)
    xp.words_file(program, "bitmap_stale_hint").unlink()
    replayed = xp.replay(program, "bitmap_stale_hint", first.schedule)
    assert [line for line in story.tell(first)
            if not line.startswith("  found in")] == \
        list(story.tell(replayed))


def test_a_schedule_is_of_one():
    """What a failure says to type replays its test, also where the names of
    others begin with that of this one."""
    done = subprocess.run(["tools/explore", "spam_leaves", "-s", "a"],
                          cwd=xp.ROOT, capture_output=True, text=True)
    assert not done.returncode, done.stderr
    assert re.fullmatch(r"ok +spam_leaves .*\n", done.stdout)


def test_a_copied_tree(tmp_path, monkeypatch):
    """Its user code is compiled against its own abi/, not that of the tree
    where it was built before."""
    link = tmp_path / "include/abi"
    link.parent.mkdir()
    link.symlink_to(tmp_path)
    monkeypatch.setattr(xp, "OUT", tmp_path)
    xp.links()
    assert link.samefile(xp.ROOT / "kernel/abi")
