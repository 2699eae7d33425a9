"""Ordinary pthread programs do the same on ev6 as on Linux.

Each is built from one source for both: with the host's compiler, and by `make
posix`.  Those in grade/posix are ours.  One more is taken, as it is, from the
manual page pthread_create(3) of the machine that runs the test.
"""

import gzip
import os
import pathlib
import re
import subprocess

import pytest

import runner

# One make at a time: see test_boot.py.
pytestmark = pytest.mark.xdist_group("make")

PAGE = pathlib.Path("/usr/share/man/man3/pthread_create.3.gz")
FOLDER = pathlib.Path(runner.OUT, "posix")
MARK = "-- status"

RUNS = {
    "philosophers": ["", "-n 30 -m 50"],
    "buffer": ["", "-p 1 -c 1 -n 500 -r 1", "-p 9 -c 7 -r 3"],
    "sum": ["", "-t 11 -n 777"],
}
PAGE_RUNS = ["hola salut servus", "-s 0x100000 one two three four five", "-x"]

TROFF = [(r"\e", "\\"), (r"\-", "-"), (r"\[aq]", "'"), (r"\(aq", "'"),
         (r"\&", "")]


def from_page(page):
    """The program in a manual page: the last example between .EX and .EE."""
    text = gzip.open(page, "rt").read()
    source = re.findall(r"^\.EX\n(.*?)^\.EE", text, re.M | re.S)[-1]
    for escape, character in TROFF:
        source = source.replace(escape, character)
    return source


def on_linux(source, runs):
    """What the program says here, both outputs in one, and its status."""
    binary = FOLDER / (source.stem + ".host")
    subprocess.run([os.environ.get("HOSTCC", "cc"), "-O2", "-w", "-pthread",
                    source, "-o", binary], check=True)
    for arguments in runs:
        done = subprocess.run([source.stem, *arguments.split()],
                              executable=binary, text=True, timeout=60,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        yield done.stdout, done.returncode


def on_ev6(sources, commands):
    """The same, each command on one machine after the other."""
    make = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    subprocess.run(["make", "-s", "posix", f"O={runner.OUT}",
                    "POSIX=" + " ".join(map(str, sources))],
                   env=make, check=True)
    run = "; ".join(f"{command}; echo {MARK} $?" for command in commands)
    done = subprocess.run(["tools/qemu"], text=True, timeout=300,
                          env=make | {"O": str(FOLDER), "RUN": run},
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    said = done.stdout.replace("\r", "").split("\n", 1)[1]
    return [(text, int(status)) for text, status in
            re.findall(rf"(.*?){MARK} (\d+)\n", said, re.S)]


def alike(text):
    """@text without what differs from run to run: addresses, and the order
    in which threads come to say a line."""
    return sorted(re.sub(r"0x[0-9a-f]+", "ADDRESS", text).splitlines())


def compare(sources, runs):
    FOLDER.mkdir(parents=True, exist_ok=True)
    commands = [f"{source.stem} {arguments}".strip()
                for source in sources for arguments in runs[source.stem]]
    linux = [said for source in sources
             for said in on_linux(source, runs[source.stem])]
    ev6 = on_ev6(sources, commands)
    assert len(ev6) == len(commands), ev6
    for command, here, there in zip(commands, linux, ev6):
        assert alike(there[0]) == alike(here[0]), command
        assert there[1] == here[1], command


def test_ours(qemu):
    """Mutexes, condition variables, deadlines, semaphores, barriers, once,
    keys, read-write locks, detached threads and join."""
    compare([pathlib.Path(f"grade/posix/{name}.c") for name in RUNS], RUNS)


@pytest.mark.skipif(not PAGE.exists(), reason="no pthread_create(3) here: "
                    "install manpages-dev")
def test_manual_page(qemu):
    """The program in pthread_create(3), unmodified."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    source = FOLDER / "pthread_create.c"
    source.write_text(from_page(PAGE))
    compare([source], {"pthread_create": PAGE_RUNS})
