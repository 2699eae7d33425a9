"""The kernel's monitor: ^P at the console, questions, and back to the shell."""

import os
import pathlib
import re
import subprocess

import pexpect
import pytest

import machine
import runner
import test_shell

pytestmark = pytest.mark.xdist_group("monitor")

PROMPT = "ev6 monitor> "


class Monitor:
    """Asks, and returns what was answered."""

    def __init__(self, typed):
        self.typed = typed
        typed.child.send("\x10")
        typed.child.expect_exact(PROMPT)

    def __call__(self, line):
        child = self.typed.child
        child.sendline(line)
        child.expect_exact(PROMPT)
        return child.before.replace("\r", "").partition("\n")[2]

    def leave(self, how="continue\n"):
        """Back at the shell: does it answer?"""
        self.typed.child.send(how)
        assert "\nback\n" in self.typed("echo ba''ck")


@pytest.fixture(scope="module")
def typed(qemu):
    """A shell with a process on two cores, and one that has an alarm."""
    typist = test_shell.boot_shell()
    typist("spin -m 2 &")
    typist("alarms 1000 &")
    typist("sleep 1")
    yield typist
    typist.child.send("\x01x")
    typist.child.expect(pexpect.EOF)


@pytest.fixture
def ask(typed):
    monitor = Monitor(typed)
    yield monitor
    monitor.leave()


def pid_of(name, said):
    return re.search(rf"^ *(\d+) .* (?:bin/)?{name}$", said, re.M)[1]


def asked_until(typed, question, answer):
    """What @question(ask) says, which is asked anew until it has @answer:
    between two times the machine runs."""
    for _ in range(50):
        ask = Monitor(typed)
        said = question(ask)
        ask.leave()
        if re.search(answer, said, re.M):
            break
    return said


def test_processes(typed):
    """Every process with its state, kind and cores; the shell may not have
    gone to sleep yet."""
    waits = r"^ *1 +0 waiting +scp +0 +0 +\d+  sh$"
    said = asked_until(typed, lambda ask: ask("ps"), waits)
    assert re.search(waits, said, re.M), said
    assert re.search(r" running-m +mcp +2 +2 +\d+ .*spin$", said, re.M), said


def test_vcores(ask):
    """Which vcore is on which list, on which core, with which flags."""
    said = ask(f"vcores {pid_of('spin', ask('ps'))}")
    online = re.search(r"online: (\d+) (\d+)\n", said)
    assert {online[1], online[2]} == {"0", "1"}, said
    assert re.search(r"bulk-preempted:\n  inactive: 2 ", said), said
    assert re.search(r"vcore 0: on core [123], pending \d, disabled \d, reads, "
                     r"taken 0/0", said), said


def test_event_queues(ask):
    """Where events go, and what lies in the mailboxes."""
    pid = pid_of("spin", ask("ps"))
    said = ask(f"evqs {pid}")
    assert re.search(r"type 3: ev_q 0x\w+, flags 0x\w+, vcore 0, alert 0, ucq, "
                     r"empty, overflow 0", said), said
    assert "vcore 0 private: ucq, empty" in said
    assert re.search(r"posted \d+, coalesced 0,", ask(f"counters {pid}"))


def test_alarms(typed):
    """The alarm that a process waits for; it may have rung just now."""
    one = r"alarm \d+: in -?\d+ us, to ev_q 0x\w+\n"
    said = asked_until(
        typed, lambda ask: ask(f"alarms {pid_of('alarms', ask('ps'))}"), one)
    assert re.search(one, said), said


def test_cores(ask):
    """Owners, locks and alarms of every core; core 0 is in here."""
    lines = ask("cores").splitlines()
    assert len(lines) == 4, lines
    assert sum(": owned," in line for line in lines[1:]) == 2, lines
    assert "no locks" in lines[0] and "alarms, the next in" in lines[0], lines


def test_backtraces(ask):
    """Every core says where it is, those in user mode, too; where one did
    not get to run in time, they are asked again."""
    for _ in range(10):
        said = ask("bt")
        if "does not answer" not in said:
            break
    for core in range(4):
        assert re.search(rf"^core {core} backtrace: \w+", said, re.M), said


def test_panic(qemu):
    """A panic at a console ends in the monitor, and the other cores say where
    they were stopped."""
    out = machine.beside(runner.OUT, "panic")
    child = pexpect.spawn("tools/qemu", ["--gdb"], timeout=120,
                          encoding="utf-8", codec_errors="replace",
                          env=os.environ | {"O": out, "RUN": ""})
    try:
        see_panic(child, out)
    finally:
        child.close(force=True)


def see_panic(child, out):
    """Panic on core 0 of @child, and ask the others."""
    child.expect_exact("make gdb")
    steps = ["break syscall_run", "continue",
             'set {char[10]} panic_message = "asked for"',
             "set $rdi = panic_message", "set $rip = panic", "delete",
             "detach"]
    subprocess.run(["tools/gdb/attach", "-batch",
                    *[word for step in steps for word in ("-ex", step)]],
                   env=os.environ | {"O": out}, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, timeout=300)
    child.expect_exact(PROMPT)
    assert "panic on core 0: asked for" in child.before, child.before
    child.sendline("bt")
    child.expect_exact(PROMPT)
    for core in (1, 2, 3):
        assert re.search(rf"core {core} (backtrace|was in user mode)",
                         child.before), child.before
    child.sendline("continue")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == machine.EXIT_PANIC


def test_trace(qemu):
    """The shell waits for each key: a trace has its sleeps and wake-ups."""
    wanted = {"send", "post", "yield", "sleep", "wakeup"}
    hops = set()
    out = machine.beside(runner.OUT, "traced")
    child = pexpect.spawn("tools/qemu", timeout=120, encoding="utf-8",
                          codec_errors="replace",
                          env=os.environ | {"O": out, "RUN": ""})
    child.expect(test_shell.PROMPT)
    typed = test_shell.Typist(child)
    Monitor(typed)("trace on")
    for _ in range(20):
        if hops >= wanted:
            break
        typed.press("c\n\n")
        Monitor(typed)("trace")
        said = pathlib.Path(out, "records.txt").read_text()
        hops = set(re.findall(r" trace ns=\d+ .* hop=(\w+) pid=1 ", said))
    child.close(force=True)
    assert hops >= wanted, hops


def test_trace_from_the_start(qemu):
    """With TRACE=1 as debugging.md has it: nobody said `trace on`."""
    out = machine.beside(runner.OUT, "traced-1")
    child = pexpect.spawn("tools/qemu", timeout=120, encoding="utf-8",
                          codec_errors="replace",
                          env=os.environ | {"O": out, "RUN": "", "TRACE": "1"})
    child.expect(test_shell.PROMPT)
    typed = test_shell.Typist(child)
    typed("evdemo SPAM_PUBLIC")
    Monitor(typed)("trace")
    child.close(force=True)
    said = pathlib.Path(out, "records.txt").read_text()
    assert re.search(r" trace ns=\d+ core=\d+ hop=spam pid=2 arg=0 ", said)


def test_memory_and_help(ask):
    assert re.search(r"\d+ of \d+ pages free, \d+ kernel threads", ask("memory"))
    for word in re.findall(r"^  (\w+)", ask("help"), re.M):
        assert word in ("ps", "vcores", "evqs", "counters", "alarms", "cores",
                        "memory", "bt", "trace", "halt", "continue"), word


def test_unknown_process(ask):
    """A question about nobody says what to type."""
    assert "try: ps" in ask("vcores 999")


def test_leave_with_ctrl_p(typed):
    """^P leaves as it enters, and what runs has gone on meanwhile."""
    Monitor(typed).leave("\x10")
    assert "spin" in typed("ps")
