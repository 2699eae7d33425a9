"""A lab's tests, points and screens, without a machine."""

import io
import json
import subprocess
import sys
import types

import pytest

import grading
import hops
import judge
import look
import promises
import records
import screen

labfile = grading.labfile


def a_lab(*tests, graded=True):
    """A lab with one exercise for each list of tests."""
    points = 100 // len(tests)
    return labfile.parse({
        "name": "toy", "number": 1, "follows": "", "title": "A toy",
        "race": "none", "graded": graded, "exercise": [{
            "id": f"toy.{n}", "title": f"Exercise {n}", "points": points,
            "difficulty": 1, "hints": [], "promises": ["P3"],
            "tests": list(names)} for n, names in enumerate(tests, 1)]})


LAB = a_lab(["spam_storm", "explore:scp_sleep"], ["spam_storm-2", "wakeup_ucq"])


def results(**kinds):
    """A result for each test of LAB: PASS, unless @kinds says otherwise."""
    for t in grading.items_of(LAB):
        kind = kinds.get(t.id.replace("-", "_").replace(":", "_"), "PASS")
        yield grading.Result(t.id, "it works.", kind, seconds=1,
                             todo=kind == "FAIL")


def test_items():
    """A name is all its machines, name-cpus is one; each test runs once."""
    ids = [t.id for t in grading.items_of(LAB)]
    assert ids == ["spam_storm-1", "spam_storm-2", "spam_storm-4",
                   "explore:scp_sleep", "wakeup_ucq-4"]
    assert len(grading.items(LAB.exercises[1])) == 2


@pytest.mark.parametrize("name", ["nosuch", "spam_storm-3", "boot:nosuch"])
def test_no_such_test(name):
    """A test that there is not is a sentence."""
    with pytest.raises(grading.NoTest):
        print([t.sentence for t in grading.named(name)])


@pytest.mark.skipif("spamming" not in labfile.names(),
                    reason="another lab's starter")
def test_what_a_saved_file_is_about():
    """The tests of exercises that change it, the explorer's first; of a test,
    itself; of anything else, nothing."""
    lab = grading.labfile.load("spamming")
    ids = [t.id for t in grading.touched_by("kernel/event/indir.c", lab)]
    assert ids[0].startswith("explore:") and "flag_indir-4" in ids
    assert "flag_roundrobin_scp-4" not in ids
    tests = grading.touched_by("user/tests/flag_indir.c", lab)
    assert [t.id for t in tests] == ["flag_indir-4"]
    assert not grading.touched_by("README.md", lab)
    files = grading.watched(lab)
    assert "kernel/event/indir.c" in files and "user/tests/flag_indir.c" in \
        files


def test_points():
    """An exercise has all its points or none; a test may count twice."""
    record = grading.record(LAB, list(results(spam_storm_2="FAIL")), 5)
    assert [(e["points"], e["passed"]) for e in record["exercises"]] == \
        [(0, 3), (0, 1)]
    assert not record["complete"]
    record = grading.record(LAB, list(results(wakeup_ucq_4="HANG")), 5)
    assert [e["points"] for e in record["exercises"]] == [50, 0]
    record = grading.record(LAB, list(results()), 5)
    assert record["points"] == 100 and record["complete"]
    json.dumps(record)  # as it is saved


def test_table():
    """Exercises, tests, points, verdicts, and the total."""
    record = grading.record(LAB, list(results(spam_storm_2="FAIL",
                                              wakeup_ucq_4="HANG")), 5)
    text = "\n".join(screen.table(record))
    assert "toy.1     Exercise 1   3/4      0/50  1 FAIL, yours to write" in \
        text
    assert "1 FAIL, 1 HANG" in text and "3/5" in text and "0/100" in text
    assert "\033" not in text
    assert "\033" in "\n".join(screen.table(record, colour=True))


def test_progress_is_plain_in_a_file():
    """A line for each test, no colour, nothing that moves."""
    out = io.StringIO()
    progress = screen.Progress(2, out)
    for r in list(results())[:2]:
        progress.began(r.id)
        progress.ended(r)
    assert out.getvalue() == "[ 1/2] PASS     1.0 s  spam_storm-1\n" \
        "[ 2/2] PASS     1.0 s  spam_storm-2\n"


def test_a_failure_is_a_screen():
    """What was expected, what came, where it stopped, what to type."""
    r = grading.Result(
        "spam_storm-4", "nothing is lost.", "FAIL", "check `n` did not hold",
        "32", "31", hop="hop 5: ...", promise=promises.sentence("P3"),
        race="v0@SPAM_CHOSEN waits v1@YIELD_LEFT", cpus=4, seed=7,
        folder="obj/grade/x", evidence={"console": ["a", "b"]},
        type_this=[("again", "make run-test T=spam_storm-4 SEED=7")])
    lines = list(screen.failure(r))
    assert lines[0] == "FAIL spam_storm-4: check `n` did not hold"
    for label in ("proves", "expected", "came", "stopped", "promise",
                  "machine", "race", "console", "again"):
        assert any(t.startswith(f"  {label} ") for t in lines), label
    assert "  promise   P3: no process sleeps on" in "\n".join(lines)


def test_what_is_not_written_is_one_line():
    """No screen about a function that is yet to be written."""
    r = grading.Result("a-4", "", "FAIL", "toy.1: f() is yours to write",
                       todo=True)
    assert len(list(screen.failure(r))) == 1
    r.expected, r.came = "32", "31"  # a check failed as well
    assert "  came      31" in list(screen.failure(r))


def trace(*steps):
    """Records of a trace: (core, hop, pid, arg), a microsecond apart."""
    return hops.steps([
        records.Record(n, 0, "trace", {
            "ns": str(1000 * n), "core": str(core), "hop": hop,
            "pid": str(pid), "arg": str(arg)})
        for n, (core, hop, pid, arg) in enumerate(steps)])


DELIVERED = [(0, "send", 2, 26), (0, "post", 2, 0), (0, "notify", 2, 1),
             (1, "look", 2, 0), (1, "upcall", 2, 0)]


@pytest.mark.parametrize("length, says", [
    (1, "hop 1: send_event() took it"),
    (2, "hop 2: post_ev_msg() put it into the mailbox"),
    (3, "hop 5: proc_notify() sent a kernel message to core 1"),
    (4, "hop 7: core 1 looked"),
    (5, "what is missing happens in the library"),
])
def test_the_hop_where_it_stopped(length, says):
    """The last message to whom the last message was: how far did it come?"""
    before = DELIVERED + [(2, "send", 1, 12), (2, "upcall", 1, 0)]
    assert says in hops.where(trace(*before, *DELIVERED[:length]))


def test_no_trace_no_hop():
    """Without a record nothing is claimed."""
    assert hops.where([]) == "" and list(hops.tell([])) == []


def test_no_trace_no_story(tmp_path, monkeypatch):
    """A kernel that spins writes no trace when it is asked to: no screen
    sends its reader to an empty file."""
    boot = types.SimpleNamespace(folder=tmp_path, records=[])
    monkeypatch.setattr(grading.UserTest, "boot", lambda *_, **how: (
        boot, judge.Verdict(judge.HANG), ""))
    r = grading.Result("x", "", judge.HANG)
    assert grading.user_tests()[0].look_closer(grading.Sitting(), r) == ""
    assert not r.evidence and not list(tmp_path.iterdir())


def test_trace_is_told_in_order():
    """Cores mixed, times from the first line on."""
    lines = list(hops.tell(trace(*DELIVERED), 3))
    assert len(lines) == 3 and lines[0].split()[0] == "0.0"
    assert "core 1" in lines[2] and "interrupted" in lines[2]


STACKS = """\
Thread 2 (Thread 1.2 (CPU#1 [running])):
#0  0xffffffff8010bb9f in spam_fallback (p=0x0) at kernel/event/spam.c:147
#1  spam_public_msg (p=0x0) at kernel/event/spam.c:190

Thread 1 (Thread 1.1 (CPU#0 [halted ])):
#0  0xffffffff8010bb9f in irq_wait () at kernel/arch/x86/irq.h:60
#1  core_loop () at kernel/proc/restart.c:92
"""


def test_stacks_in_brief():
    """A line for a core that does something; the idle ones together."""
    assert list(look.brief(STACKS)) == [
        "core 1: spam_fallback() kernel/event/spam.c:147, from "
        "spam_public_msg() kernel/event/spam.c:190", "idle: core 0"]


def test_signs_of_broken_promises():
    """What the monitor's answers say is broken has a number."""
    for text, number in [
            ("a notification is pending for vcore 2 of process 2 (t), which "
             "is WAITING: nobody will look", "P3"),
            ("messages lie in vcore 0 public: ucq of process 2 (t), which is "
             "WAITING", "P16")]:
        assert promises.seen_in(text) == number
    assert promises.seen_in("it is fine") is None


def test_error_of_the_compiler():
    """Of all its words, the first about an error."""
    assert grading.first_error("a.c: In function f:\na.c:3:5: error: no\n"
                               "a.c:4:1: error: yes\nmake: Error 1") == \
        "a.c:3:5: error: no"
    assert grading.first_error("ld: undefined reference to `f'") == \
        "ld: undefined reference to `f'"
    assert grading.first_error("ld: b.o: in function `f':\nb.c:1: multiple "
                               "definition of `f'") == \
        "b.c:1: multiple definition of `f'"
    assert "30 seconds or 2 GiB" in grading.first_error(
        "gcc: fatal error: Killed signal terminated program cc1")


def test_a_budget_ends_it():
    """Tests that come after the CPU time was used up are not run."""
    sitting = grading.Sitting(LAB, budget=10)
    sitting.spend(11)
    result = grading.take(grading.named("wakeup_ucq")[0], sitting)
    assert result.kind == judge.HANG and "not run" in result.why


def test_a_budget_ends_it_unbuilt(monkeypatch):
    """Also one of an explorer that does not build: one verdict, and those of
    the others stay."""
    def unbuilt(slots):
        raise grading.xp.BuildError("no such thing")

    monkeypatch.setattr(grading.xp, "Build", unbuilt)
    sitting = grading.Sitting(LAB, budget=10)
    sitting.spend(11)
    result, = grading.take_all([grading.Scenario("scp_sleep")], sitting)
    assert result.kind == judge.HANG and "not run" in result.why


def typed(*words, **env):
    done = subprocess.run(
        [sys.executable, "tools/grade", *words], capture_output=True,
        text=True, env={"PATH": "/usr/bin:/bin"} | env)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("text, said", [
    ("int main(void) { return 0; }", "does not begin with"),
    ("/* a - b.\n\n   Scenario: cpus=four */", "Scenario: invalid"),
    ('/* a - b.\n\n   Scenario: args="-n */', "Scenario: No closing")])
def test_a_test_of_ones_own(tmp_path, monkeypatch, text, said):
    """What its first comment lacks, and where."""
    (tmp_path / "user/tests").mkdir(parents=True)
    (tmp_path / "user/tests/a.c").write_text(text)
    monkeypatch.setattr(grading.runner, "ROOT", tmp_path)
    with pytest.raises(grading.scenarios.BadScenario, match=said) as why:
        list(grading.scenarios.find())
    assert str(why.value).startswith("user/tests/a.c:1: ")


def test_sentences_not_tracebacks(tmp_path):
    """Wrong names, wrong numbers, no QEMU: one sentence each."""
    for words, env, said in [
            (["lab", "nosuch"], {}, "there is no lab 'nosuch'"),
            (["test", "nosuch"], {}, "there is no test 'nosuch'"),
            (["lab"], {"TEST": "of_nobody"}, "matches no test"),
            (["lab"], {"TEST": "two names"}, "matches no test"),
            (["test", "wakeup_ucq"], {"QEMU": "no-qemu"}, "make setup"),
            (["test", "wakeup_ucq"], {"SEED": "x"}, "SEED is a number"),
            (["test", "wakeup_ucq"], {"SEED": "-3"}, "SEED is a number"),
            (["results", "--json", "/dev/null"], {"JOBS": "0"},
             "JOBS is a number from 1 on"),
            (["lab", "spamming", "--export", "Makefile"], {},
             "Makefile: File exists"),
            (["lab", "--export", str(tmp_path)], {"TEST": "any"},
             "EXPORT is for a whole lab")]:
        status, text = typed(*words, **env)
        assert status == 1 and said in text, text
        assert "Traceback" not in text and text.count("\n") == 1, text
