"""Transcripts: what a page says that commands print is what they print.

A fence marked `console` holds lines `$ COMMAND` and what follows each.  One
marked `gdb` is a session on a machine that stands still before its first
instruction, lines `(gdb) COMMAND`; its attributes say what the machine runs:

	{.gdb run="evdemo IPI" cpus=2}

Two texts are the same if they are equal after the fence's own `ignore`, which
names what may differ: address, line (numbers of source lines), number,
seconds.  Blanks at the end of a line never count.
"""

import os
import pathlib
import re
import subprocess

import machine

from .page import ROOT

# Seconds for one command or session.  A net for what never ends, no measure: a
# command may have to build both explorers first, on a host that has others to
# serve.
LIMIT = 1800

IGNORE = {
    "address": (re.compile(r"0x[0-9a-f]+"), "0x_"),
    "line": (re.compile(r"(\.[chS]:|line )\d+|^\d+(?=\t)"), r"\1_"),
    "number": (re.compile(r"\d+"), "_"),
    "seconds": (re.compile(r"\d+\.\d+ s\b"), "_ s"),
    "states": (re.compile(r"\d+ (runs|states)"), r"_ \1"),
    "spaces": (re.compile(r"\s+"), " "),
}

# Which GDB prints what of arguments differs between versions and compilers.
GDB_SETUP = ["set print frame-arguments presence", "set style enabled off",
             "set print address off", "set disassemble-next-line off",
             "set print frame-info location", "set width 0"]


def out_dir():
    return os.environ.get("O") or "obj"


def environment(**more):
    """The caller's, without what make leaves there for other makes."""
    env = {k: v for k, v in os.environ.items()
           if not k.startswith(("MAKE", "MFLAGS"))}
    return env | {"O": out_dir(), "LC_ALL": "C.UTF-8"} | more


def run_console(fence):
    """The lines of @fence as they come out now."""
    out = []
    for line in fence.body:
        if not line.startswith("$ "):
            continue
        said = subprocess.run(
            ["bash", "-c", line[2:]], cwd=ROOT, env=environment(),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, timeout=LIMIT).stdout
        out += [line, *said.rstrip("\n").split("\n")] if said else [line]
    return [line.rstrip().expandtabs(8) for line in out]


def run_gdb(fence):
    commands = [line[6:] for line in fence.body if line.startswith("(gdb) ")]
    folder = machine.beside(out_dir(), "handouts/gdb")
    env = environment(O=folder, RUN=fence.attrs.get("run", "hello"),
                      CPUS=fence.attrs.get("cpus", "2"), DET="1")
    script = ROOT / folder / "script.gdb"
    script.write_text("\n".join(
        GDB_SETUP + ["echo \\n@begin\\n"] +
        [line for c in commands for line in (f"echo (gdb) {c}\\n", c)]
        + ["echo @end\\n", "kill", ""]))
    sock = ROOT / folder / "gdb.sock"
    sock.unlink(missing_ok=True)
    with subprocess.Popen(["tools/qemu", "--gdb"], cwd=ROOT, env=env,
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as qemu:
        try:
            said = subprocess.run(
                ["tools/gdb/attach", "-batch", "-x", str(script)], cwd=ROOT,
                env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, text=True, timeout=LIMIT).stdout
        finally:
            qemu.terminate()
    _, _, said = said.partition("@begin\n")
    said, _, _ = said.partition("@end\n")
    return tidy(said)


def tidy(said):
    """One empty line never follows another, none begins or ends."""
    text = re.sub(r"\n\s*\n+", "\n", said).strip("\n")
    return [line.rstrip().expandtabs(8) for line in text.split("\n")]


RUN = {"console": run_console, "gdb": run_gdb}


def normal(lines, names):
    text = "\n".join(line.rstrip() for line in lines)
    for name in names:
        pattern, into = IGNORE[name]
        text = "\n".join(pattern.sub(into, line) for line in text.split("\n"))
    return text


def transcripts(page):
    return [f for f in page.fences()
            if f.kind in RUN and "once" not in f.attrs]


def check(page, fix):
    """Run all of @page.  (line, wanted, got) of those that differ; with @fix
    the page on disk says afterwards what they print."""
    differ = []
    for fence in reversed(transcripts(page)):
        got = RUN[fence.kind](fence)
        names = fence.attrs.get("ignore", "").split()
        if normal(got, names) == normal(fence.body, names):
            continue
        differ.insert(0, (fence.first, fence.body, got))
        page.lines[fence.first + 1:fence.last] = got
    if fix and differ:
        lines = page.path.read_text().split("\n")[:page.offset] + page.lines
        page.path.write_text("\n".join(lines))
    return differ
