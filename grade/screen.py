"""What a person reads: a screen for each failure, a table for a lab.

Nothing here decides anything.  Colours are for terminals; NO_COLOR turns them
off there, too.
"""

import os
import shutil
import sys

COLOURS = {"PASS": "32", "FAIL": "31;1", "HANG": "35;1", "ERROR": "33;1",
           "dim": "2", "bold": "1"}
CONSOLE_TAIL = 5  # lines in a screen
WIDTH = 100


def on_terminal(stream=None):
    return (stream or sys.stdout).isatty() and not os.environ.get("NO_COLOR")


def paint(word, text, colour):
    return f"\033[{COLOURS[word]}m{text}\033[m" if colour else text


def width():
    return min(shutil.get_terminal_size((WIDTH, 24)).columns, 140)


def tail(text, length):
    """The last lines of a text that say something."""
    lines = [t.rstrip() for t in text.replace("\r", "").split("\n")]
    return [t for t in lines if t][-length:]


def row(label, text):
    return f"  {label:<9} {text}"


def rows(label, lines):
    for i, line in enumerate(lines):
        yield row(label if not i else "", line)


def failure(result, colour=False):
    """One screen about a result that is not a PASS, in lines."""
    r = result
    yield paint(r.kind, f"{r.kind} {r.id}: {r.why}", colour)
    if r.todo and not (r.expected or r.came):
        return
    yield row("proves", r.sentence)
    if r.expected or r.came:
        yield row("expected", r.expected)
        yield row("came", r.came)
    if r.hop:
        yield row("stopped", r.hop)
    if r.promise:
        yield row("promise", r.promise)
    if r.cpus:
        seed = f", seed {r.seed}" if r.seed else ""
        yield row("machine", f"{r.cpus} cores{seed}, {r.cpu_seconds:.1f} s of "
                  f"CPU time; all of it is in {r.folder}/")
    if r.race:
        yield row("race", r.race)
    for label, lines in r.evidence.items():
        yield from rows(label, [f"| {t[:WIDTH + 10]}" for t in lines])
    for label, line in r.type_this:
        yield row(label, line)


def summary(kinds):
    """`2 FAIL, 1 HANG`, for the verdicts that are not PASS; else PASS."""
    counted = [f"{kinds.count(k)} {k}" for k in ("FAIL", "HANG", "ERROR")
               if k in kinds]
    return ", ".join(counted) or "PASS"


def table(record, colour=False):
    """The table at the end of a lab, from its record, in lines."""
    exercises = record["exercises"]
    wide = max([len(e["title"]) for e in exercises] + [5])
    name = max([len(e["id"]) for e in exercises] + [8])
    yield paint("bold", f"{record['lab']}: {record['title']}", colour)
    yield f"{'exercise':<{name}}  {'title':<{wide}}   tests  points  verdict"
    for e in exercises:
        said = summary(e["verdicts"])
        word = "PASS" if said == "PASS" else said.split()[1].rstrip(",")
        if e["todo"]:
            said += ", yours to write"
        yield (f"{e['id']:<{name}}  {e['title']:<{wide}}  "
               f"{e['passed']:>2}/{len(e['tests']):<3}  "
               f"{e['points']:>3}/{e['of']:<3} " + paint(word, said, colour))
    tests = record["tests"]
    passed = sum(t["kind"] == "PASS" for t in tests)
    yield (f"{'':<{name}}  {'total':<{wide}}  {passed:>2}/{len(tests):<3}  "
           f"{record['points']:>3}/{record['of']:<3} "
           f"{record['seconds']:.0f} s")
    if not record["graded"]:
        yield "No points are lost in this lab."
    for t in tests:
        if t["again"]:
            yield paint("ERROR", f"retried: {t['id']}: {t['again']}", colour)


class Progress:
    """One line for each test that is done; on a terminal, what runs now."""

    def __init__(self, total, stream=sys.stdout):
        self.stream = stream
        self.live = stream.isatty()
        self.colour = on_terminal(stream)
        self.total, self.done, self.running = total, 0, []

    def began(self, name):
        self.running.append(name)
        self.show()

    def ended(self, result):
        self.running.remove(result.id)
        self.done += 1
        self.clear()
        word = paint(result.kind, f"{result.kind:<5}", self.colour)
        print(f"[{self.done:>2}/{self.total}] {word} {result.seconds:6.1f} s  "
              f"{result.id}", file=self.stream, flush=True)
        self.show()

    def clear(self):
        if self.live:
            self.stream.write("\r\033[K")

    def show(self):
        if self.live and self.running:
            text = f"[{self.done:>2}/{self.total}] " + ", ".join(self.running)
            self.stream.write("\r\033[K" + text[:width() - 1])
            self.stream.flush()
