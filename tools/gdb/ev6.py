"""GDB for ev6: attach, kernel and user symbols, a few commands.

Loaded by .gdbinit, in the root of the tree.
"""

import os
import pathlib

import gdb

OUT = pathlib.Path(os.environ.get("O") or "obj")

SETTINGS = """
set confirm off
set pagination off
set print pretty on
set history save off
set disassemble-next-line auto
set architecture i386:x86-64
"""

USER_BASE = "0x400000"  # where every program lies: user/lib/user.ld


def programs():
    return sorted(p.stem for p in (OUT / "user/bin").glob("*.elf"))


class Ev6(gdb.Command):
    """The kernel, its programs and their symbols.

Cores are threads: `info threads`, `thread 2`.  While one is stepped the others
stand still, if `set scheduler-locking step` is on; it is off at first.

boot          go on from the reset to kmain(), or as far as is asked:
              `boot core_main`.
user PROGRAM  load the symbols of a user program.  All programs lie at the same
              addresses, so those of the one before are dropped.  At first
              they are those of the first program in RUN.
walk          follow the next message: a breakpoint in send_event(), and when
              that is reached, at the hops after it, up to the EV_EVENT
              handler.
race [POINT]  in a machine with race points: stop when a core is held, there or
              anywhere.  kernel/abi/race.h has the names.
held          which cores are held where.

The hops of a message are in README.md."""

    def __init__(self):
        super().__init__("ev6", gdb.COMMAND_USER, prefix=True)

    def invoke(self, args, tty):
        gdb.execute("help ev6")


class User(gdb.Command):
    """Load the symbols of a user program: user PROGRAM."""

    loaded = False

    def __init__(self):
        super().__init__("user", gdb.COMMAND_FILES)

    def complete(self, text, word):
        return [p for p in programs() if p.startswith(word)]

    def invoke(self, args, tty):
        elf = OUT / "user/bin" / f"{args.strip()}.elf"
        if not elf.exists():
            raise gdb.GdbError(f"there is no program {args!r}; there are: "
                               + " ".join(programs()))
        if self.loaded:
            gdb.execute(f"remove-symbol-file -a {USER_BASE}", to_string=True)
        gdb.execute(f"add-symbol-file {elf}", to_string=True)
        self.loaded = True
        print(f"symbols: {OUT}/ev6.elf and {elf}")


class Boot(gdb.Command):
    """Go on to kmain(), or to the function named: boot [FUNCTION]."""

    def __init__(self):
        super().__init__("boot", gdb.COMMAND_RUNNING)

    def complete(self, text, word):
        return gdb.COMPLETE_SYMBOL

    def invoke(self, args, tty):
        gdb.execute(f"tbreak {args.strip() or 'kmain'}")
        gdb.execute("continue")


class Walk(gdb.Command):
    """Follow the next message: stop in send_event(), and then at each hop.

The hops after the first are also passed on other business, so they are armed
when the first is reached.  The program's handler, behind the last, is for
`break` and its name."""

    HOPS = ("post_ev_msg", "send_indir", "spam_public_msg", "spam_vcore",
            "proc_notify", "kmsg_send", "kmsg_run", "upcall_start",
            "vcore_entry", "handle_events", "on_event")

    def __init__(self):
        super().__init__("walk", gdb.COMMAND_BREAKPOINTS)

    def invoke(self, args, tty):
        first = gdb.Breakpoint("send_event")
        hops = [gdb.Breakpoint(hop) for hop in self.HOPS if known(hop)]
        for hop in hops:
            hop.enabled = False
        first.commands = "enable " + " ".join(str(h.number) for h in hops)


class Race(gdb.Command):
    """Stop when a script holds a core: race [POINT]."""

    def __init__(self):
        super().__init__("race", gdb.COMMAND_BREAKPOINTS)

    def complete(self, text, word):
        return [name for name in race_points() if name.startswith(text)]

    def invoke(self, args, tty):
        point = args.strip()
        if point and point not in race_points():
            raise gdb.GdbError(f"there is no race point {point!r}; there are: "
                               + " ".join(race_points()))
        only = f" if point == {race_points().index(point)}" if point else ""
        gdb.execute("break hold" + only)


class Held(gdb.Command):
    """Say which cores a script holds at race points, and where."""

    def __init__(self):
        super().__init__("held", gdb.COMMAND_STATUS)

    def invoke(self, args, tty):
        names = race_points()
        at = [int(gdb.parse_and_eval(f"race_held[{core}]"))
              for core in range(len(gdb.selected_inferior().threads()))]
        for core, point in enumerate(at):
            if point < len(names):
                print(f"core {core} (thread {core + 1}) is held at "
                      f"{names[point]}: `thread {core + 1}`, `backtrace`")
        if all(point == len(names) for point in at):
            print("no core is held")


def race_points():
    """The names of all race points, in order."""
    if not known("race_held"):
        raise gdb.GdbError("this machine has no race points: start it with "
                           "`make qemu-gdb RACE=1`, and `make gdb RACE=1`")
    fields = gdb.lookup_type("enum race_point").fields()
    return [f.name.removeprefix("RACE_") for f in fields[:-1]]


def known(function):
    """Is there a symbol of that name?"""
    try:
        gdb.parse_and_eval(f"&{function}")
        return True
    except gdb.error:
        return False


def first_program():
    """The first program that RUN names, if qemu-gdb has noted any."""
    note = OUT / "gdb.run"
    words = note.read_text().replace(";", " ").split() if note.exists() else []
    return words[0] if words and words[0] in programs() else None


def attach():
    for line in SETTINGS.split("\n"):
        gdb.execute(line)
    gdb.execute(f"file {OUT}/ev6.elf", to_string=True)
    gdb.execute(f"target remote {OUT}/gdb.sock", to_string=True)
    print("attached; `boot` goes on to kmain(), `help ev6` says what else "
          "there is")
    program = first_program()
    if program:
        gdb.execute(f"user {program}")


for command in Ev6, User, Boot, Walk, Race, Held:
    command()
if (OUT / "gdb.sock").is_socket():
    attach()
