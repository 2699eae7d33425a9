"""The judges, on folders that no QEMU has written."""

import json

import pytest

import judge
import look
import machine
import records
import scenarios

SEAL = judge.seal(7, [records.Record(0, 0, "check", {
    "name": "handled", "got": "32"})])

GOOD = [
    (0, "boot", "version=0.1 cores=4 asked=4 seed=7"),
    (1, "start", "test=t"),
    (2, "check", "test=t name=handled expected=32 got=32"),
    (1, "end", f"test=t ok=1 checks=1 seal={SEAL}"),
    (0, "beat", "ticks=1 posted=32"),
    (0, "bye", "status=0"),
]


@pytest.fixture
def folder(tmp_path):
    """Write a folder: records as (core, kind, payload) or lines as they are."""

    def write(entries=None, **meta):
        lines = [e if isinstance(e, str) else records.write(seq, *e)
                 for seq, e in enumerate(GOOD if entries is None else entries)]
        (tmp_path / "records.txt").write_text("".join(lines))
        (tmp_path / "console.txt").write_text("one\ntwo\n")
        (tmp_path / "meta.json").write_text(json.dumps({
            "cpus": 4, "mem": 256, "cpu": machine.Machine.cpu, "det": 0,
            "seed": 7, "run": "t", "rc": machine.RC_DONE, "stopped": None,
            "cpu_seconds": 1.0} | meta))
        return judge.Boot(tmp_path)

    return write


def without(kind, entries=GOOD):
    return [e for e in entries if e[1] != kind]


def changed(kind, payload, entries=GOOD):
    return [(e[0], kind, payload) if e[1] == kind else e for e in entries]


@pytest.mark.parametrize("end", [
    "test=t ok=1 checks=1", "test=t ok=1 checks=1 seal=0",
    f"test=t ok=1 checks=1 seal={SEAL ^ 1}"])
def test_printed_beforehand(folder, end):
    """Records that look right and do not carry the seal of this seed."""
    verdict = judge.judge(folder(changed("end", end)), ["t"])["t"]
    assert verdict.kind == "FAIL" and "seal" in verdict.why


def test_seal_of_another_seed(folder):
    """What passed once does not pass again with another seed."""
    entries = changed("boot", "version=0.1 cores=4 asked=4 seed=8")
    verdict = judge.judge(folder(entries, seed=8), ["t"])["t"]
    assert verdict.kind == "FAIL" and "seal" in verdict.why


def sealed(check):
    """GOOD with @check in it, and its seal."""
    fields = dict(word.split("=") for word in check.split())
    record = records.Record(0, 0, "check", fields)
    entries = changed("check", check)
    return changed("end", "test=t ok=1 checks=1 seal="
                   f"{judge.seal(7, [record])}", entries)


def test_contents(folder):
    """The sum over the messages' contents is the one that was sent."""
    check = "test=t name=c messages=3 contents="
    good = sealed(check + str(judge.contents(7, 3)))
    assert judge.judge(folder(good), ["t"])["t"].passed
    for wrong in judge.contents(7, 2), judge.contents(8, 3):
        verdict = judge.judge(folder(sealed(check + str(wrong))), ["t"])["t"]
        assert verdict.kind == "FAIL" and "not those" in verdict.why


def test_good_passes(folder):
    """A whole sequence with every check as expected."""
    assert judge.judge(folder(), ["t"]) == {"t": judge.Verdict("PASS")}


@pytest.mark.parametrize("kind, payload", [
    ("check", "test=t name=handled expected=32 got=31"),
    ("end", "test=t ok=0 checks=1"),
])
def test_bad_fails(folder, kind, payload):
    """A check that came out otherwise, an end that admits failure."""
    verdict = judge.judge(folder(changed(kind, payload)), ["t"])["t"]
    assert verdict.kind == "FAIL"


def test_no_end_fails(folder):
    """The program died, the machine lives."""
    assert judge.judge(folder(without("end")), ["t"])["t"].kind == "FAIL"


def test_no_check_fails(folder):
    """A test that checks nothing proves nothing."""
    entries = changed("end", "test=t ok=1 checks=0", without("check"))
    assert judge.judge(folder(entries), ["t"])["t"].kind == "FAIL"


def test_not_started_fails(folder):
    """No record of the test at all, as when there is no such program."""
    assert judge.judge(folder(), ["u"])["u"].kind == "FAIL"


def as_lines(entries=GOOD):
    return [records.write(seq, *e) for seq, e in enumerate(entries)]


def gap(lines):
    del lines[2]


def repeat(lines):
    lines.insert(2, lines[2])


def forged(lines):
    lines[2] = lines[2].replace("got=32", "got=33")


def garbage(lines):
    lines.insert(2, "ALL TESTS PASSED\n")


def torn(lines):
    lines[-1] = lines[-1][:20]


@pytest.mark.parametrize("harm", [gap, repeat, forged, garbage, torn],
                         ids=lambda f: f.__name__)
def test_records_that_lie(folder, harm):
    """A gap, a repeat, a wrong checksum: nothing can be said."""
    lines = as_lines()
    harm(lines)
    verdict = judge.judge(folder(lines), ["t"])["t"]
    assert verdict.kind == "ERROR" and "trusted" in verdict.why


@pytest.mark.parametrize("entries, meta", [
    (without("bye"), {"rc": 0}),
    (without("bye"), {"rc": -9}),
    ([], {"rc": 1}),
    (changed("boot", "cores=3 asked=4 seed=7"), {}),
    (changed("boot", "cores=4 asked=4 seed=8"), {}),
], ids=["reset", "killed", "no-qemu", "three-cores", "old-records"])
def test_errors(folder, entries, meta):
    """The machine, not the test, is to blame."""
    assert judge.judge(folder(entries, **meta), ["t"])["t"].kind == "ERROR"


def test_panic_fails(folder):
    """A panic is the fault of the test that was running, and says what."""
    entries = without("bye", without("end")) + [(2, "panic", 'what="a b"')]
    boot = folder(entries, rc=machine.RC_PANIC)
    verdict = judge.judge(boot, ["s", "t", "u"])
    assert list(verdict) == ["t"]
    assert verdict["t"].kind == "FAIL" and "a b" in verdict["t"].why


def test_panic_tears_one_record(folder):
    """The cores that a panic stops may leave one line unfinished."""
    lines = as_lines(GOOD[:3])
    lines += ["@ev6 3 1 end te\n", records.write(4, 0, "panic", 'what="x"')]
    verdict = judge.judge(folder(lines, rc=machine.RC_PANIC), ["t"])["t"]
    assert verdict.kind == "FAIL" and "panicked: x" in verdict.why


def test_panic_tears_one_record_only(folder):
    """A torn line elsewhere is an error, panic or not."""
    lines = as_lines(GOOD[:3])
    lines[1] = lines[1][:9] + "\n"
    lines += [records.write(3, 0, "panic", 'what="x"')]
    verdict = judge.judge(folder(lines, rc=machine.RC_PANIC), ["t"])["t"]
    assert verdict.kind == "ERROR"


def test_hang(folder):
    """The runner gave up; tests that had ended keep their verdicts."""
    entries = without("bye") + [(1, "start", "test=u")]
    boot = folder(entries, rc=-9, stopped="nothing has moved")
    verdict = judge.judge(boot, ["t", "u", "v"])
    assert verdict["t"].kind == "PASS" and verdict["u"].kind == "HANG"
    assert "v" not in verdict


STATE = """\
  core 0: nobody's, messages waiting, locks 0
  pid  ppid state       kind online wanted refs  name
    1     0 waiting     scp       0      0    2  sh
    2     1 waiting     mcp       0      2    2  bin/t
vcores 1
  vcore 0: offline, pending 0, disabled 1, reads, taken 0/0
evqs 1
  type 12: ev_q 0x7d, flags 0x201, vcore 0, alert 0, ucq, empty, overflow 0
vcores 2
  vcore 0: offline, pending 0, disabled 1, taken 0/0
  vcore 2: offline, pending 1, disabled 1, taken 0/0
evqs 2
  type 26: ev_q 0x7d, flags 0x1, vcore 0, alert 0, bitmap 0x0 8, hint 1
  vcore 0 public: ucq, messages waiting, overflow 0
  vcore 0 private: bitmap 0x0 0, hint 0
  vcore 2 public: ucq, empty, overflow 0
"""


def test_broken_promises():
    """From the monitor's answers: who should look, and will not."""
    said = list(look.broken_promises(STATE))
    assert len(said) == 3
    assert "pending for vcore 2 of process 2 (bin/t), which is" in said[0]
    assert "messages lie in type 26: ev_q 0x7d of process 2" in said[1]
    assert "messages lie in vcore 0 public: ucq of process 2" in said[2]
    assert not list(look.broken_promises(STATE.replace("waiting ", "running ")
                                         .replace("pending 1", "pending 0")))


def test_nobody_recovered():
    """A vcore that was taken, and that no other looked after."""
    lost = (STATE.replace("waiting     mcp", "running-m   mcp")
            .replace("pending 1, disabled 1, taken 0/0",
                     "pending 0, disabled 0, reads, preempted, taken 1/1"))
    assert list(look.broken_promises(lost)) == [
        "vcore 2 of process 2 (bin/t) lost its core, and nobody has taken "
        "over what it was doing"]


def test_culprit_between_tests(folder):
    """Nothing was running: the last that ran left something behind."""
    boot = folder(without("bye"), rc=-9, stopped="nothing has moved")
    assert judge.judge(boot, ["t", "u"])["t"].kind == "HANG"


@pytest.mark.parametrize("expect, rc, kind", [
    ("0", machine.RC_DONE, "PASS"),
    ("3", machine.RC_STATUS + 6, "PASS"),
    ("3", machine.RC_DONE, "FAIL"),
    ("panic", machine.RC_DONE, "FAIL"),
])
def test_status(folder, expect, rc, kind):
    """Boots that are judged by how they end."""
    assert judge.judge_status(folder(rc=rc), expect).kind == kind


def test_expected_panic(folder):
    """A panic that was asked for is a pass, even before the boot record."""
    boot = folder([(0, "panic", 'what="no x2APIC"')], rc=machine.RC_PANIC)
    assert judge.judge_status(boot, "panic").passed
    assert judge.judge_status(boot, "0").kind == "FAIL"


def test_report_is_a_screen(folder):
    """What was expected, what came, and the lines to type."""
    boot = folder(changed("check", "test=t name=n expected=2 got=1"))
    text = judge.report(boot, "t", judge.judge(boot, ["t"])["t"])
    assert "expected  2" in text and "came      1" in text
    assert "make qemu CPUS=4 RUN=t" in text and "make gdb" in text
    assert len(text.split("\n")) <= 24


def test_scenarios():
    """What the first comment of a test can ask for."""
    plain, = scenarios.read("t", "/* t - it works. */\n")
    assert (plain.id, plain.sentence) == ("t-4", "it works.")
    one, many = scenarios.read(
        "t", "/*\n * t - it\n * works.\n *\n * More.\n"
        ' * Scenario: cpus=1,64 args="-n 3" mem=64\n */\n')
    assert (one.cpus, many.cpus, one.mem) == (1, 64, 64)
    assert one.command == "t -n 3" and one.sentence == "it works."


@pytest.mark.parametrize("text", [
    "int a;", "/* u - another name. */", "/* t - x.\n * Scenario: core=1 */"])
def test_bad_scenarios(text):
    """A test whose first comment says nothing is told so."""
    with pytest.raises(scenarios.BadScenario):
        list(scenarios.read("t", text))


def test_unwritten_names_where_it_ended(folder):
    """Of the functions that were reached and are a student's to write, the
    last is the one to write next; the verdict is no riddle but a FAIL."""
    todo = [(0, "todo", "exercise=a.2 function=early"),
            (0, "todo", "exercise=a.1 function=late"),
            (0, "panic", 'what="a.1: late() is yours to write"')]
    verdict = judge.judge(folder(GOOD[:2] + todo), ["t"])["t"]
    assert verdict.kind == judge.FAIL and verdict.todo
    assert verdict.why == "a.1: late() is yours to write (handouts/a.md)"


def test_unwritten_after_the_end_is_no_excuse(folder):
    """A test that was over, and wrong, before something that is not written
    was reached has a mistake of its own to show."""
    todo = [(0, "todo", "exercise=a.2 function=later")]
    wrong = [(0, "check", "test=t name=fact expected=1 got=0"),
             (0, "end", "test=t ok=0 checks=1 seal=0")]
    boot = folder(GOOD[:2] + wrong + todo + GOOD[-1:])
    verdict = judge.judge(boot, ["t"])["t"]
    assert verdict.kind == judge.FAIL
    assert "fact" in verdict.why and "yours" not in verdict.why
    assert not verdict.todo


UNWRITTEN = (0, "todo", "exercise=a.5 function=idle")
WRONG = [(0, "check", "test=t name=fact expected=1 got=0"),
         (0, "end", "test=t ok=0 checks=1 seal=0")]


@pytest.mark.parametrize("entries", [
    GOOD[:1] + [UNWRITTEN] + GOOD[1:2] + WRONG + GOOD[-1:],
    GOOD[:2] + [UNWRITTEN] + WRONG[:1] + [(0, "panic", 'what="x"')],
], ids=["before", "within"])
def test_unwritten_hides_no_mistake(folder, entries):
    """A check that did not hold is told, with what was expected and what
    came, also where the shell before the test, or the test itself, came to
    a function that is not written: it may have nothing to do with it."""
    verdict = judge.judge(folder(entries), ["t"])["t"]
    assert verdict.kind == judge.FAIL and verdict.todo
    assert "`fact`" in verdict.why and "a.5: idle() is yours" in verdict.why
    assert (verdict.expected, verdict.came) == ("1", "0")


def test_unwritten_and_a_status(folder):
    """A program that ended otherwise: its status, and what is missing."""
    boot = folder(GOOD[:1] + [UNWRITTEN] + GOOD[1:], rc=machine.RC_DONE)
    verdict = judge.judge_status(boot, "3")
    assert verdict.todo and (verdict.expected, verdict.came) == ("3", "0")
    assert "another status" in verdict.why and "a.5" in verdict.why
