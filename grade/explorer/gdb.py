"""Replay a story in GDB: a stop at each line, in the code that it is about.

tools/explore TEST -s SCHEDULE --gdb loads this.  `continue` goes to the next
line; the last stop is the failure.
"""

import pathlib

import gdb

ENGINE = {"engine.c", "hooks.c", "hooks.S", "race.c", "reduce.c", "search.c",
          "stubs.c", "atomic.h", "list.h"}


def file_of(frame):
    symtab = frame.find_sal().symtab
    return pathlib.Path(symtab.filename).name if symtab else ""


def show(event):
    """Select the frame of the code under test, and say whose it is."""
    if not isinstance(event, gdb.BreakpointEvent):
        return
    frame = gdb.newest_frame()
    while frame and file_of(frame) in ENGINE:
        frame = frame.older()
    if not frame:
        return
    frame.select()
    who = gdb.parse_and_eval("current ? current->name : \"at the end\"")
    line = gdb.parse_and_eval("nr_events")
    what = event.breakpoints[0].location
    if what == "vfail":
        print(f"{who.string()}: the failure")
    else:
        print(f"{who.string()}: line {line} of the story")
    gdb.execute("frame")


for place in ("story_line", "vfail"):
    gdb.Breakpoint(place).silent = True
gdb.events.stop.connect(show)
gdb.execute("set pagination off")
gdb.execute("handle SIGVTALRM nostop noprint pass")
