"""The runner, on machines that misbehave: a shell script plays QEMU."""

import os
import pathlib
import shutil
import subprocess
import sys
import time

import pytest

import batch
import judge
import machine
import records
import runner
import scenarios

# Finds the records' file among its arguments, as QEMU would.
SCRIPT = """#!/bin/sh
case $1 in --version) echo "QEMU emulator version VERSION"; exit;; esac
for arg; do
	case $arg in *id=records,path=*) out=${arg##*path=};; esac
done
BODY
"""


@pytest.fixture
def qemu_that(tmp_path, monkeypatch):
    """Let a shell script be QEMU."""

    def write(body, version="10.0.2"):
        path = tmp_path / "qemu"
        text = SCRIPT.replace("BODY", body).replace("VERSION", version)
        path.write_text(text)
        path.chmod(0o755)
        monkeypatch.setenv("QEMU", str(path))

    return write


@pytest.fixture
def boot(request):
    def run(**limits):
        name = "runner-" + request.node.name
        return judge.Boot(runner.boot(name, runner.Limits(**limits), seed=7))

    return run


BOOT = records.write(0, 0, "boot", "cores=4 asked=4 seed=7").strip()
BYE = records.write(1, 0, "bye", "status=0").strip()


def test_good(qemu_that, boot):
    """It comes up, says bye and returns what a kernel makes QEMU return."""
    qemu_that(f"echo '{BOOT}' >$out; echo '{BYE}' >>$out; exit 33")
    assert judge.machine_verdict(boot()).passed


def test_still(qemu_that, boot, tmp_path):
    """Beats come, nothing moves: a HANG, long before any clock says so."""
    beats = tmp_path / "beats"
    beats.write_text("".join(records.write(1 + i, 0, "beat", f"ticks={i}")
                             for i in range(90)))
    qemu_that(f"echo '{BOOT}' >$out; while read line; do "
              f'echo "$line" >>$out; sleep 0.05; done <{beats}; '
              "exec sleep 60")
    verdict = judge.machine_verdict(boot(still_beats=8))
    assert verdict.kind == "HANG" and "guest seconds" in verdict.why


@pytest.mark.parametrize("got, threads, still",
                         [(1, 1, 8), (2, 4, 8), (0.5, 4, 2), (0, 4, 0),
                          (0, 0, 8)])
def test_starved(tmp_path, got, threads, still):
    """A guest that wants to run is still only as far as it could."""
    path = tmp_path / "records.txt"
    path.touch()
    progress = runner.Progress(path)
    for i in range(9):
        with path.open("a") as out:
            out.write(records.write(1 + i, 0, "beat", f"ticks={i}"))
        progress.look(1 + i * got, threads)
    assert progress.still == still and progress.beats == 8


def test_moving(qemu_that, boot):
    """Beats that differ are progress."""
    beats = "\n".join(records.write(1 + i, 0, "beat", f"ticks={i} posted={i}")
                      .strip() for i in range(9))
    bye = records.write(10, 0, "bye", "status=0").strip()
    qemu_that(f"echo '{BOOT}\n{beats}' >$out; sleep 0.5; "
              f"echo '{bye}' >>$out; exit 33")
    assert judge.machine_verdict(boot(still_beats=3)).passed


def test_silent_spin(qemu_that, boot):
    """No record, much CPU time: a kernel that spins."""
    qemu_that(f"echo '{BOOT}' >$out; while :; do :; done")
    verdict = judge.machine_verdict(boot(silent_cpu=0.5))
    assert verdict.kind == "HANG" and "CPU time" in verdict.why


def test_unwritten(qemu_that, boot):
    """A test waits for what is yours to write: it is not waited out."""
    todo = records.write(1, 0, "todo",
                         "exercise=x.1 function=f").strip()
    beats = "\n".join(records.write(2 + i, 0, "beat", f"ticks={i} posted={i}")
                      .strip() for i in range(9))
    qemu_that(f"echo '{BOOT}\n{todo}\n{beats}' >$out; while :; do :; done")
    ended = boot(wait_cpu=0.5)
    assert "a test waited" in ended.meta["stopped"]
    verdict = judge.machine_verdict(ended)
    assert verdict.kind == "FAIL" and "f() is yours to write" in verdict.why


def test_asleep(qemu_that, boot):
    """No record, no CPU time: the last net is the clock."""
    qemu_that(f"echo '{BOOT}' >$out; exec sleep 60")
    verdict = judge.machine_verdict(boot(wall=1))
    assert verdict.kind == "HANG" and "seconds have passed" in verdict.why


def test_nobody_wakes(qemu_that, boot):
    """No record, and no thread that wants to run: nothing will come."""
    qemu_that(f"echo '{BOOT}' >$out; exec sleep 60")
    verdict = judge.machine_verdict(boot(asleep=1))
    assert verdict.kind == "HANG" and "no timer" in verdict.why


def test_waits_for_its_turn(qemu_that, boot):
    """Silent, and it wants the CPU: that is no sleep, however long it lasts."""
    qemu_that(f"echo '{BOOT}' >$out; n=0; while [ $n -lt 1500000 ]; do "
              f"n=$((n + 1)); done; echo '{BYE}' >>$out; exit 33")
    assert judge.machine_verdict(boot(asleep=0.6)).passed


def test_refuses(qemu_that, boot):
    """QEMU itself fails: an ERROR that quotes it."""
    qemu_that("echo qemu: no such machine >&2; exit 1")
    verdict = judge.machine_verdict(boot())
    assert verdict.kind == "ERROR" and "no such machine" in verdict.why


# Plays a shell whose program "bad" panics; each other one passes.
SHELL = """
seq=0
say() {
	line="@ev6 $seq 0 $*"
	printf '%s *%s\\n' "$line" $(printf %s "$line" | CRC) >>$out
	seq=$((seq + 1))
}
for arg; do
	case $arg in *ev6.run=*) append=$arg;; esac
done
seed=${append#*ev6.seed=}
say boot cores=4 seed=${seed%% *}
run=${append#*run=?}
for name in $(echo "${run%?}" | tr -d ';'); do
	say start test=$name
	if [ $name = bad ]; then
		say panic what=ouch
		exit 35
	fi
	say check test=$name name=n expected=1 got=1
	say end test=$name ok=1 checks=1 seal=SEAL
done
say bye status=0
exit 33
"""

CRC = "gzip | tail -c 8 | head -c 4 | od -An -tx4 | tr -d ' '"


def test_culprit(qemu_that):
    """One of a batch panics: it alone is blamed, the rest get their turn."""
    check = records.Record(0, 0, "check", {"name": "n", "got": "1"})
    seal = judge.seal(scenarios.seed("runner-culprit"), [check])
    qemu_that(SHELL.replace("CRC", CRC).replace("SEAL", str(seal)))
    members = [scenarios.Scenario(n, "") for n in ("a", "bad", "b", "c")]
    done = batch.Batch("runner-culprit", members).verdicts
    kinds = {s.name: verdict.kind for s, (_, verdict) in done.items()}
    assert kinds == {"a": "PASS", "bad": "FAIL", "b": "PASS", "c": "PASS"}
    assert "ouch" in done[members[1]][1].why


def test_error_is_retried_once(qemu_that, tmp_path):
    """An ERROR is the host's: boot again, once."""
    qemu_that(f"echo x >>{tmp_path}/boots; exit 1")
    members = [scenarios.Scenario("a", "")]
    with pytest.warns(UserWarning, match="ERROR in runner-error"):
        done = batch.Batch("runner-error", members).verdicts
    assert done[members[0]][1].kind == "ERROR"
    assert (tmp_path / "boots").read_text() == "x\nx\n"


def test_too_old(qemu_that):
    """A QEMU without x2APIC is refused in a sentence."""
    qemu_that("", version="8.2.1")
    with pytest.raises(machine.NoQemu, match="8.2 is too old.*make setup"):
        machine.find_qemu()


def ended(pid):
    """Is @pid gone, or waiting for nothing but its parent?"""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True
    return stat.rpartition(") ")[2].startswith("Z")


@pytest.mark.skipif(not shutil.which("setpriv"), reason="needs util-linux")
def test_ends_with_its_grader(qemu_that, tmp_path):
    """A grader that is killed leaves no QEMU behind."""
    note = tmp_path / "pid"
    qemu_that(f"echo $$ >{note}; exec sleep 600")
    grader = subprocess.Popen(
        [sys.executable, "-c", "import runner; runner.boot('runner-orphan')"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)})
    patience = time.monotonic() + 60
    while not (note.exists() and note.read_text().endswith("\n")):
        assert time.monotonic() < patience, "it never began"
        time.sleep(0.05)
    assert not ended(note.read_text().strip())
    grader.kill()
    grader.wait()
    while not ended(note.read_text().strip()):
        assert time.monotonic() < patience, "it lives on"
        time.sleep(0.05)


def test_missing(monkeypatch):
    """No QEMU is a sentence too."""
    monkeypatch.setenv("QEMU", "no-such-qemu")
    with pytest.raises(machine.NoQemu, match="not installed.*make setup"):
        machine.find_qemu()


def test_no_gdb(qemu_that, boot, monkeypatch):
    """A hang is a hang without GDB, too; where the stacks would be stands what
    to do about it."""
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr(machine, "find_qemu", lambda: os.environ["QEMU"])
    qemu_that(f"echo '{BOOT}' >$out; exec sleep 60")
    hung = boot(wall=1)
    assert judge.machine_verdict(hung).kind == "HANG"
    assert "GDB is not installed" in hung.text("stacks.txt")
    assert "make setup" in hung.text("stacks.txt")


@pytest.mark.parametrize("rc, bye, asked, status, said", [
    (33, True, True, 0, None),
    (35, False, True, 125, "panicked"),
    (67, True, True, 1, "exit status 1"),
    (65 + 2 * 95, True, True, 95, "exit status 95"),
    (0, False, False, 0, None),
    (0, True, True, 0, None),
    (0, False, True, 126, "triple fault"),
    (1, False, True, 126, "QEMU itself failed"),
    (-9, False, True, 126, "signal 9"),
])
def test_outcome(rc, bye, asked, status, said):
    """Every way in which QEMU can end."""
    got, sentence = machine.outcome(rc, bye, asked)
    assert got == status
    assert sentence == said or said in sentence


def test_run_reaches_the_kernel_whole():
    """Quotes and semicolons survive; what cannot is refused."""
    assert machine.quote("a; b 'c'") == '"a; b \'c\'"'
    assert machine.quote('echo "a b"') == "'echo \"a b\"'"
    with pytest.raises(machine.BadRun):
        machine.quote("\"'")
    for long in ("x" * 901, "\N{MIDDLE DOT}" * 451):  # of two bytes each
        with pytest.raises(machine.BadRun):
            machine.quote(long)
