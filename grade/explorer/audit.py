"""Are the tests any good?  Remove each fence, seed each bug: who notices?"""

import collections
import concurrent.futures
import dataclasses
import os
import re
import time

import mutants
import xp

# Where a fence may be weakened, and to what.
WEAKER = [
    (re.compile(r"\bfull_fence\(\);"), ";"),
    (re.compile(r"\bload_acquire\(&([^()]*(?:\([^()]*\)[^()]*)*)\)"),
     r"read_once(\1)"),
    (re.compile(r"\bstore_release\(&([^,]*), "), r"write_once(\1, "),
    (re.compile(r"\bstore_release\(([a-z]+), "), r"write_once(*\1, "),
    (re.compile(r"\buser_store_release(32|64)\("), r"user_store\1("),
]


@dataclasses.dataclass
class Attempt:
    """A changed program, and what became of it."""
    name: str
    says: str
    file: str
    text: str
    tests: list
    kinds: list
    where: str = ""
    pair: str = ""
    outcome: object = None
    found_by: str = ""
    seconds: float = 0
    built: float = 0
    error: str = ""

    @property
    def found(self):
        return bool(self.outcome and self.outcome.kind)

    @property
    def right(self):
        return self.found and (not self.kinds or
                               self.outcome.kind.replace(" ", "-")
                               in self.kinds)


def attempt(a, cc, seed=1):
    """Build it, and run its tests until one fails."""
    by_slots = collections.defaultdict(list)
    known = {}
    for slots in (1, 2):
        for t in xp.tests(xp.Build(slots, cc).make()):
            if t.build_slots == slots:
                known[t.name] = t
    for name in a.tests:
        by_slots[known[name].build_slots].append(name)
    programs = {}
    for name in a.tests:
        slots = known[name].build_slots
        try:
            if slots not in programs:
                begin = time.monotonic()
                programs[slots] = xp.Build(slots, cc).make_mutant(
                    a.name, {a.file: a.text})
                a.built += time.monotonic() - begin
        except xp.BuildError as error:
            a.error = str(error)
            return a
        out = xp.explore(programs[slots], name, "-r", seed, "-S", 0)
        a.seconds += out.seconds
        if out.kind:
            a.outcome, a.found_by = out, name
            return a
    return a


def all_attempts(attempts, cc, jobs):
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(lambda a: attempt(a, cc), attempts)


def mutant_attempts(only=()):
    for m in mutants.MUTANTS:
        if only and m.name not in only:
            continue
        yield Attempt(m.name, m.says, m.file, m.source(),
                      list(dict.fromkeys(m.tests.split())), m.kinds.split(),
                      where=f"{m.file}:{m.function}()")


def describe(out):
    phase = out.found_by()
    if not phase:
        return ""
    what = "runs" if phase.name.startswith("random") else "states"
    return f"{phase.name}, {phase.count} {what}"


def report_mutants(args):
    missed = 0
    total = 0
    begin = time.monotonic()
    for a in all_attempts(mutant_attempts(args.tests), args.cc, args.j):
        total += 1
        if a.error:
            print(f"ERROR {a.name:<4} {a.says}\n{a.error[:800]}")
        elif not a.right:
            kind = a.outcome.kind if a.found else "nobody noticed"
            print(f"MISS  {a.name:<4} {a.says}: {kind}")
        else:
            print(f"found {a.name:<4} {a.says:<62} {a.found_by}: "
                  f"{a.outcome.kind} ({describe(a.outcome)}, "
                  f"{a.seconds:.2f} s)", flush=True)
            continue
        missed += 1
    print(f"{total - missed} of {total} found, "
          f"{time.monotonic() - begin:.0f} s")
    return 1 if missed else 0


def main(args):
    if args.mutants:
        return report_mutants(args)
    return report_table(args)
