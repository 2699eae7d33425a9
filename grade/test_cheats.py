"""Cheats: kernels that would rather be believed than be right.

Each is a body for a function of the spamming lab, as a student could hand it
in; a course refuses some of them unseen (test_submissions.py), and here they
run.
"""

import os

import pytest

import grading
import slots
import submissions

TEST = "flag_roundrobin_scp"
FILE = "kernel/event/send_event.c"

CHEATS = {
    # name: (headers, body of next_vcore(), verdict, words of the reason)
    "early-exit": (["dev/exit.h"], "machine_exit(0);", "FAIL",
                   "ended without its last record"),
    "forged-records": (
        ["dev/exit.h", "dev/record.h"],
        f'record("check", "test={TEST} name=vcore-0-each-time expected=5 '
        f'got=5"); record("end", "test={TEST} ok=1 checks=1 seal=1"); '
        "machine_exit(0);", "FAIL", "lacks their seal"),
    "forged-start": (
        ["dev/exit.h", "dev/record.h"],
        f'record("start", "test={TEST} seed=1"); record("check", '
        f'"test={TEST} name=x expected=1 got=1"); record("end", '
        f'"test={TEST} ok=1 checks=1 seal=1"); machine_exit(0);', "ERROR",
        "did not start exactly once"),
    "panic-says-ok": ([], 'panic("' + TEST + ': ok, all tests passed");',
                      "FAIL", "the kernel panicked"),
    "endless-loop": ([], "for (;;)\n\t\tcpu_relax_bounded();", "HANG", ""),
}

EXPLORED = {
    # name: (file, what stands above it, function, its first lines, a test,
    #        what is refused)
    "libc-exit": (
        "user/lib/ucq.c", '#include "stdlib.h"\n', "ucq_claim",
        "\tif (slot_of(ucq->cons_idx) > UCQ_SLOTS)\n\t\texit(1);\n",
        "explore:ucq_1slot", "exit"),
    "forged-phase": (
        "kernel/event/indir.c",
        "extern void _exit(int) __attribute__((weak));\n"
        "extern long write(int, const void *, unsigned long)\n"
        "\t__attribute__((weak));\n", "indir_throttled",
        '\tif (_exit) {\n\t\twrite(1, "@phase x 1 0.1 done 0\\n", 22);\n'
        "\t\t_exit(0);\n\t}\n", "explore:alert_bitmap", "_exit"),
}


def cheat(headers, body):
    """The file with that body, whole and unlike what a course accepts."""
    text = (grading.runner.ROOT / FILE).read_text()
    text = submissions.bodies.replace(
        text, "next_vcore", f"\t{body}\n\treturn last + !d;\n")
    return "".join(f'#include "{h}"\n' for h in headers) + text


@pytest.fixture(scope="module")
def slot(qemu):
    return slots.made(1, [], "slots of cheats", anew=True)[0]


@pytest.mark.xdist_group("cheats")
def test_honest(slot):
    """In the same place, whose path has blanks, a right kernel passes."""
    assert " " in str(slot.root)
    slot.apply({})
    answer = slot.run([TEST])
    assert not answer["error"]
    assert [r["kind"] for r in answer["results"]] == ["PASS"]


@pytest.mark.xdist_group("cheats")
@pytest.mark.parametrize("name", CHEATS)
def test_cheat(slot, name):
    """It is called what it is, and has no points."""
    headers, body, kind, why = CHEATS[name]
    slot.apply({FILE: cheat(headers, body)})
    answer = slot.run([TEST], budget=100)
    assert not answer["error"], answer["error"]
    result, = answer["results"]
    assert (result["kind"], why in result["why"]) == (kind, True), result


@pytest.mark.xdist_group("cheats")
@pytest.mark.parametrize("name", EXPLORED)
def test_explored_cheat(slot, name):
    """In the explorer, too, nothing but the explorer has the last word: that
    the C library is linked there is nobody's to use."""
    file, above, function, first, test, refused = EXPLORED[name]
    text = (grading.runner.ROOT / file).read_text()
    f = submissions.bodies.find(text, function)
    slot.apply({file: above + text[:f.open] + first + text[f.open:]})
    result, = slot.run([test])["results"]
    assert result["kind"] == "FAIL", result
    assert result["why"].startswith(f"{file} uses {refused}, "), result


@pytest.mark.xdist_group("cheats")
def test_the_grader_stays_ours(slot):
    """Whoever is tested as nobody writes nothing of the grader, nor of the
    sources; what is built is made anew for the next."""
    if slot.user is None:
        pytest.skip("only root can let somebody with no rights run")
    for path in ("grade/judge.py", "grade", "kernel/event/ucq.c", "tools/grade",
                 ".", "Makefile"):
        assert slots.can_run(["test", "-r", slot.root / path], slot.user)
        assert not slots.can_run(["test", "-w", slot.root / path], slot.user)
    left = slot.root / grading.runner.OUT / "left.o"
    assert slots.can_run(["touch", left], slot.user)
    slot.apply({})
    assert not left.exists()


def test_without_root_it_says_so(monkeypatch, capsys):
    """Once, whoever grades is told what those who are graded could do."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    slots.warn_once.cache_clear()
    for _ in range(2):
        assert slots.Slot.give_to_nobody(None) is None
    said = capsys.readouterr().err
    assert "rights of who grades" in said and said.count("\n") == 1


@pytest.mark.parametrize("name", ["early-exit", "forged-records"])
def test_a_course_refuses_it_unseen(name):
    """These words are in nobody's way to a right solution."""
    headers, body, *_ = CHEATS[name]
    trusted = (grading.runner.ROOT / FILE).read_text()
    with pytest.raises(submissions.Unusable, match="no exercise needs"):
        submissions.overlay(cheat(headers, body), trusted, {"next_vcore"},
                            FILE)
