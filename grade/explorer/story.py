"""Tell how a message was lost: one column a thread, in the order of steps."""

import functools
import pathlib
import subprocess
import sys

import xp

sys.path.insert(0, str(xp.ROOT / "grade"))

import promises  # noqa: E402

PLUMBING = ("atomic.h", "list.h", "stubs.c")
HELD, DRAIN, FAIL = "33", "36", "31;1"


class Places:
    """Addresses to (file, line, function)."""

    def __init__(self, program):
        self.program = program
        self.known = {}

    def learn(self, pcs):
        pcs = sorted({pc for pc in pcs if pc and pc not in self.known})
        if not pcs:
            return
        text = subprocess.run(
            ["addr2line", "-aifCe", str(self.program)],
            input="".join(f"{pc - 1:#x}\n" for pc in pcs),
            capture_output=True, text=True).stdout
        frames, pc = [], None
        for line in text.splitlines() + ["0x0"]:
            if line.startswith("0x"):
                if pc is not None:
                    self.known[pc + 1] = self.choose(frames)
                pc, frames = int(line, 16), []
            else:
                frames.append(line)

    @staticmethod
    def choose(lines):
        """The innermost frame that is not plumbing."""
        frames = [(where.split(" ")[0], name)
                  for name, where in zip(lines[::2], lines[1::2])]
        for where, name in frames:
            path, _, line = where.rpartition(":")
            if pathlib.Path(path).name not in PLUMBING:
                break
        return path, int(line) if line.isdigit() else 0, name

    def of(self, pc):
        return self.known.get(pc, ("?", 0, "?"))

    def short(self, pc):
        path, line, _ = self.of(pc)
        return f"{pathlib.Path(path).name}:{line}"

    def full(self, pc):
        path, line, name = self.of(pc)
        try:
            path = pathlib.Path(path).resolve().relative_to(xp.ROOT)
        except ValueError:
            pass
        return f"{path}:{line} {name}()"

    @functools.cache
    def text(self, pc):
        path, line, _ = self.of(pc)
        try:
            said = (xp.ROOT / path).read_text(errors="replace")
            return said.split("\n")[line - 1].strip()
        except (OSError, IndexError):
            return ""


def number(n):
    return str(n) if n < 1000 else f"{n:#x}"


def held_stores(events):
    """Stores whose thread went on before they were visible: index in events
    -> index of the drain, or None."""
    held = {}
    for i, store in enumerate(events):
        if store.what != "store":
            continue
        drain = next((k for k in range(i + 1, len(events))
                      if events[k].what == "drain" and
                      events[k].seq == i + 1), None)
        between = events[i + 1:drain]
        if any(e.thread != store.thread or e.what in ("load", "sleeps")
               for e in between if e.what not in ("drain", "store")):
            held[i] = drain
    return held


def sentence(e):
    if e.what == "load":
        return f"read {e.name} -> {number(e.val)}"
    if e.what == "store":
        return f"{e.name} = {number(e.val)}"
    if e.what == "locked":
        if e.val == e.old:
            return f"{e.name} stays {number(e.old)} (locked)"
        return f"{e.name} {number(e.old)} := {number(e.val)} (locked)"
    if e.what == "fence":
        return "full fence"
    if e.what == "lock":
        return f"lock {e.name}"
    if e.what == "unlock":
        return f"unlock {e.name}"
    if e.what == "wake":
        return f"woken: {e.name} is {number(e.val)}"
    if e.what == "irq":
        return ">>> interrupt"
    if e.what == "iret":
        return "<<< end of interrupt"
    if e.what == "choose":
        return f"choice {e.val}"
    if e.what == "ipi":
        return f"interrupt core {e.val}"
    return f"{e.what} {e.name}"


def paint(colour, text, on):
    return f"\033[{colour}m{text}\033[0m" if on else text


def steps_of(out, places, verbose, hint):
    """(thread, colour, text) of each line."""
    held = held_stores(out.events)
    drains = {d for d in held.values() if d is not None}
    for i, e in enumerate(out.events):
        if e.what == "drain":
            if i in drains:
                yield e.thread, DRAIN, (f"  ~~> {e.name} = {number(e.val)} "
                                        "becomes visible")
            continue
        if e.what == "store" and any(
                n.what == "unlock" and n.pc == e.pc
                for n in out.events[i + 1:i + 2]):
            continue
        line = f"{places.short(e.pc):<15} {sentence(e)}"
        if i in held:
            line += "  HELD"
        yield e.thread, HELD if i in held else "", line
        if verbose:
            yield e.thread, "2", "    " + places.text(e.pc)


def why_held(out, places):
    """The held stores that another thread read the old value of."""
    for i, drain in held_stores(out.events).items():
        store = out.events[i]
        end = len(out.events) if drain is None else drain
        stale = next((e for e in reversed(out.events[i:end])
                      if e.what == "load" and e.name == store.name and
                      e.thread != store.thread), None)
        look = next((e for e in out.events[i:end]
                     if e.what == "load" and e.thread == store.thread and
                     e.name != store.name), None)
        if not stale or not look:
            continue
        yield (f"{out.threads[store.thread][0]} stored {store.name} at "
               f"{places.short(store.pc)} and read {look.name} at "
               f"{places.short(look.pc)} while the store was still its own: "
               f"nothing between the two makes it wait.\n  So "
               f"{out.threads[stale.thread][0]} read the old "
               f"{store.name} -> {number(stale.val)} at "
               f"{places.short(stale.pc)}.")


def wrap(text, width):
    while len(text) > width:
        cut = text.rfind(" ", 0, width)
        cut = cut if cut > width // 2 else width
        yield text[:cut]
        text = "    " + text[cut:].lstrip()
    yield text


def tell(out, test=None, colour=False, verbose=False, hint=True, width=150):
    """The whole story of a failure, in lines."""
    places = Places(out.program)
    places.learn([e.pc for e in out.events] + [out.pc, out.pc2] +
                 [pc for _, _, pc in out.threads])
    n = max(1, len(out.threads))
    column = max(34, (width - 6) // n - 3)
    yield paint(FAIL, f"FAIL {out.test}: {out.kind}: {out.text}", colour)
    if test:
        yield f"  It should prove: {test.proves}."
    by = out.found_by()
    if by:
        what = "runs" if by.name.startswith("random") else "states"
        yield (f"  found in {by.seconds:.2f} s after {by.count} {what} "
               f"({by.name})" +
               (f"; this story needs {out.bound} preemptions or held stores"
                if out.bound >= 0 else ""))
    if out.pc and out.kind != "wrong":
        yield f"  at {places.full(out.pc)}"
    if out.pc2:
        yield f"  and {places.full(out.pc2)}"
    yield "     | " + " | ".join(f"{name:<{column}}"
                                 for name, _, _ in out.threads)
    last = -1
    for row, (thread, shade, line) in enumerate(
            steps_of(out, places, verbose, hint)):
        for part in wrap(line, column):
            cells = [" " * column] * n
            cells[thread] = paint(shade, f"{part:<{column}}",
                                  colour and shade)
            mark = f"{row + 1:4}" if row != last else "    "
            yield f"{mark} | " + " | ".join(cells)
            last = row
    for name, status, pc in out.threads:
        where = f" at {places.full(pc)}" if pc and status != "is done" else ""
        yield f"  at the end {name} {status}{where}"
    if hint:
        for line in why_held(out, places):
            yield "  " + line
        if test and test.pairs:
            yield "  it breaks a promise:"
            for pair in test.pairs:
                yield f"    {pair}: {promises.PROMISES[pair]}"
    yield f"  replay: make explore TEST={out.test} SCHEDULE={out.schedule}"
    yield f"  in GDB: tools/explore {out.test} -s {out.schedule} --gdb"
