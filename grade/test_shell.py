"""The shell: a parent of processes, and one that wants its ^C."""

import re

import pexpect
import pytest

import runner
from test_boot import ended

# Those that type share one boot: see typed() below.
pytestmark = pytest.mark.xdist_group("shell")


# At the beginning of a line only: editing shows it again, behind a return.
PROMPT = r"\nev6[$] "


class Typist:
    """Types a line, and returns what was printed up to the next prompt."""

    def __init__(self, child):
        self.child = child

    def __call__(self, line):
        return self.press(line + "\n")

    def press(self, keys):
        self.child.send(keys)
        self.child.expect(PROMPT)
        return self.child.before.replace("\r", "") + "\n"

    def enter(self, line):
        """Type a line, and go on when its echo is complete.  The end of the
        echo is left for a PROMPT that follows at once."""
        self.child.sendline(line)
        self.child.expect("(?=\n)")

    def start(self, line, shows):
        self.enter(line)
        self.child.expect_exact(shows)


def boot_shell():
    child = pexpect.spawn("make", ["-s", "qemu", f"O={runner.OUT}"],
                          timeout=120, encoding="utf-8",
                          codec_errors="replace")
    child.expect(PROMPT)
    return Typist(child)


@pytest.fixture(scope="module")
def typed(qemu):
    """A shell to type at, each test going on where the last one left it."""
    typist = boot_shell()
    yield typist
    typist.child.close(force=True)


LINES = [
    ("echo a  b", "a b"),
    ("echo 'a  b' c\\ d", "a  b c d"),
    ("false; echo $?", "1"),
    ("exitwith 7; echo $?; echo $?", "7\n0"),
    ("nosuch; echo $?", "sh: nosuch: no such program; type help\n127"),
    ("echo '$?' $x", "$? $x"),
    ("sh -c 'echo in; exit 4'; echo $?", "in\n4"),
    ("true & wait; echo $?", "0"),
    ("echo a b | cat | wc", "      1       2       4"),
    ("yes | head 2; echo $?", "y\ny\n0"),
    ("yes | match y | head 2; echo $?", "y\ny\n0"),
    ("echo x | false; echo $?", "1"),
    ("echo x | nosuch; echo $?",
     "sh: nosuch: no such program; type help\n127"),
    ("sleep 0 & sleep 0 & wait; echo $?", "0"),
    ("cat nosuch", "cat: nosuch: no such file; README.md is there"),
    ("kill 9999", "kill: 9999: no such process; ps lists what there is"),
    ("preempt 9999", "preempt: 9999: no such process; ps lists what there is"),
    ("kill 4294967299",
     "kill: 4294967299: not a process number; ps has them"),
    ("preempt 7x", "preempt: 7x: not a process number; ps has them"),
    ("preempt 7 al", "preempt: al: neither a vcore nor all"),
    ("preempt 7 99", "preempt: 99: neither a vcore nor all"),
    ("preempt 7 all soon", "preempt: soon: not a number of microseconds"),
    ("provision x 1", "provision: x: not a process number; ps has them"),
    ("provision 7 x; echo $?", "provision: x: not a number of cores\n2"),
    ("provision 7 -1", "provision: -1: not a number of cores"),
    ("provision 9999 1",
     "provision: 9999: no such process; ps lists what there is"),
    ("head 2x", "usage: head [LINES]"),
    ("alarms 1x", "usage: alarms [SECONDS]"),
    ("mhello 4294967297", "usage: mhello [VCORES]"),
    ("spin 0x", "usage: spin [-i] [-m VCORES] [SECONDS]"),
    ("spin -m 1x", "usage: spin [-i] [-m VCORES] [SECONDS]"),
    ("pingpong 1x", "usage: pingpong [-m] [ROUNDS]"),
    ("bench 1x", "usage: bench [VCORES]"),
    ("sh -c 'exit 1x; echo never'; echo $?",
     "sh: exit: 1x: not a number from 0 to 255\n2"),
    ("help false", "true, false: exit with 0, with 1"),
    ("help exit", "exit [N]: leave this shell, with status N"),
    ("help exi; echo $?",
     "help: no line about exi; help alone lists all\n1"),
    ("help jobs", "jobs: what runs in the background"),
    ("echo end # echo never", "end"),
]


def test_lines(booted):
    """Command lines do what they would do in any shell."""
    boot = booted(run="; ".join(line for line, _ in LINES))
    said = boot.console.replace("\r", "").split("\n", 1)[1]
    assert said == "".join(f"{says}\n" for _, says in LINES)


def test_file_into_pipe(booted):
    """`cat README.md | wc` counts what the repository has."""
    with open("README.md", "rb") as readme:
        text = readme.read()
    said = booted(run="cat README.md | wc").console.split()
    assert [int(number) for number in said[-3:]] == [
        text.count(b"\n"), len(text.split()), len(text)]


def test_syntax_errors(booted):
    """A line that makes no sense runs no further, and fails."""
    assert "no closing '" in booted("2", run="echo 'a").console
    assert "before ;" in booted("2", run="echo no; ; echo never").console
    assert "after |" in booted("2", run="echo never |").console


def test_interrupted_sequence(typed):
    """^C ends the child in the foreground and what was to come after it."""
    typed.start("spin; echo never", "spinning")
    assert "never" not in typed.press("\x03")
    assert "\n130\n" in typed("echo $?")


def test_interrupted_many_core(typed):
    """^C ends a process that spins on several cores."""
    typed.start("spin -m 3", "spinning")
    typed.press("\x03")
    assert "spin" not in typed("ps").split("ps", 1)[1]


def test_interrupted_pipeline(typed):
    """^C ends all of a pipeline, those that wait, too."""
    typed.enter("yes | match no | cat; echo never")
    assert "never" not in typed.press("\x03").split("^C")[1]
    assert "\n130\n" in typed("echo $?")
    said = typed("ps").split("ps", 1)[1]
    assert "match" not in said and "yes" not in said


def test_interrupt_at_the_prompt(typed):
    """^C abandons the line, and the shell lives on."""
    typed.child.send("echo never")
    assert "never\n" not in typed.press("\x03").split("^C")[1]
    assert "\n130\n" in typed("echo $?")


def test_keys_around_an_interrupt(typed):
    """In one go: what stands before ^C is forgotten, what follows is run."""
    typed.press("lost\x03")
    for _ in range(10):
        typed.child.send("lost\x03\x15echo ke''pt\n")
        typed.child.expect_exact("\nkept")
        typed.child.expect(PROMPT)


def test_paste(typed):
    """Many lines in one go are run one after the other."""
    typed.child.send("echo a''bc tr\n" * 100)
    for _ in range(100):
        typed.child.expect_exact("\nabc tr")
    typed.child.expect(PROMPT)


def test_interrupted_wait(typed):
    """^C ends `wait`, and not what it waits for."""
    typed("sleep 1000 &")
    typed.enter("wait")
    typed.press("\x03")
    assert "sleep" in typed("ps")


def test_interrupt_reaches_the_inner_shell_child(typed):
    """A shell in a shell: ^C goes to who is in the foreground, no further."""
    typed("sh")
    typed.start("spin", "spinning")
    typed.press("\x03")
    typed("exit 5")
    assert "\n5\n" in typed("echo $?")


def test_interrupt_with_a_shell_in_the_pipeline(typed):
    """A shell that is not in the foreground alone takes ^C from nobody."""
    typed.start("sh -c true | spin", "spinning")
    typed.press("\x03")
    assert "spin" not in typed("ps").split("ps", 1)[1]


def until_told(typed, line, what):
    """What is said from @line on until the shell tells @what became of a job:
    it does so before a prompt."""
    said = typed(line)
    for _ in range(30):
        if what in said:
            break
        said += typed("sleep 1")
    assert what in said
    return said


def test_interrupt_with_a_shell_in_the_background(typed):
    """Nor does one in the background, and ^C does not end what it runs."""
    pid = typed("sh -c 'sleep 1000; true' &").split("\n[")[1].split()[1]
    assert any("sleep" in typed("ps") for _ in range(50))
    typed.child.send("echo never")
    assert "never\n" not in typed.press("\x03").split("^C")[1]
    typed.start("spin", "spinning")
    typed.press("\x03")
    said = typed("ps")
    assert "spin" not in said.split("ps", 1)[1] and "sleep" in said
    until_told(typed, f"kill {pid}", "143")
    for sleeper in re.findall(r"\n *(\d+) .*sleep\n", typed("ps")):
        typed(f"kill {sleeper}")


def test_jobs(typed):
    """`&` names the job; how it ended is told before a prompt."""
    assert "\n[" in until_told(typed, "exitwith 9 &", "exit 9")


def test_kill_tells(typed):
    """kill sends SIGTERM, and the shell says what became of the job."""
    pid = typed("spin &").split("\n[")[1].split()[1]
    until_told(typed, f"kill {pid}", "signal 15")
    assert "spin" not in typed("ps")


def test_kill_what_ignores_signals(typed):
    """A process that ignores all signals is there after SIGTERM and ^C, and
    gone after SIGKILL."""
    said = typed("spin -i &")
    pid = said.split("\n[")[1].split()[1]
    if "spinning" not in said:
        typed.child.expect_exact("spinning")
    typed(f"kill {pid}")
    typed(f"kill -INT {pid}")
    assert "spin" in typed("sleep 1; ps")
    until_told(typed, f"kill -KILL {pid}", "signal 9")
    assert "spin" not in typed("ps")


def test_ignored_interrupt(typed):
    """^C does not end what ignores it: that ends when it is done."""
    typed.start("spin -i 10; echo over", "spinning")
    typed.child.send("\x03")
    assert "\nover\n" in typed.press("")
    assert "\n0\n" in typed("echo $?")


def row_of(typed, name, wanted):
    """What ps shows of process @name: it may take a while to do @wanted."""
    for _ in range(50):
        row = re.findall(rf".* {name}\n", typed("ps"))[0].split()
        if row[2:2 + len(wanted)] == wanted:
            break
    return row


def test_ps_shows_vcores(typed):
    """How many cores a process has and wants, and what it does."""
    spins, sleeps = ["running", "MCP", "2", "2"], ["waiting", "SCP"]
    typed("spin -m 2 &")
    row = row_of(typed, "spin", spins)
    assert row[2:6] == spins, row
    typed("sleep 1000 &")
    row = row_of(typed, "sleep", sleeps)
    assert row[2:4] == sleeps, row
    for job in re.findall(r"\] (\d+) ", typed("jobs")):
        typed(f"kill {job}")
    typed("wait")
    assert "MCP" not in typed("ps")


def test_line_editing(typed):
    """Backspace, ^U, cursor keys and history make the line that is run."""
    assert "\nabc\n" in typed("echo ax\x7fbc")
    assert "\nright\n" in typed("echo wrong\x15echo right")
    assert "\nxyz\n" in typed("echo xz\x1b[Dy")
    assert "\nxyz\n" in typed("\x1b[A")
    assert "\nright\n" in typed("\x1b[A\x1b[A")
    assert "\nright\n" in typed("\x1b[A\x1b[A\x1b[B\x1b[A\x1b[B")


def test_end_of_input(qemu):
    """^D on an empty line leaves the shell, without failing."""
    typed = boot_shell()
    typed("false")
    typed.child.send("\x04")
    assert ended(typed.child) == 0
