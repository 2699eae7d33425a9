"""Are the tests any good?  Remove each fence, seed each bug: who notices?"""

import concurrent.futures
import dataclasses
import re
import time

import bodies
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
    programs: dict = dataclasses.field(default_factory=dict)

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
    if a.error:
        return a
    known = {}
    for slots in (1, 2):
        for t in xp.tests(xp.Build(slots, cc).make()):
            if t.build_slots == slots:
                known[t.name] = t
    for name in a.tests:
        slots = known[name].build_slots
        try:
            if slots not in a.programs:
                begin = time.monotonic()
                a.programs[slots] = xp.Build(slots, cc).make_mutant(
                    a.name, {a.file: a.text})
                a.built += time.monotonic() - begin
        except xp.BuildError as error:
            a.error = str(error)
            return a
        out = xp.explore(a.programs[slots], name, "-r", seed, "-S", 0)
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
        a = Attempt(m.name, m.says, m.file, "",
                    list(dict.fromkeys(m.tests.split())), m.kinds.split(),
                    where=f"{m.file}:{m.function}()")
        try:
            a.text = m.source()
        except LookupError as gone:
            a.error = str(gone)
        yield a


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


# --- the pairs ---------------------------------------------------------------

# events.md section 7: which mutants break which end.  A string is a reason
# why the explorer has nothing to break there.
PAIRS = {
    "P1": (["S1", "S2", "S3"], ["its fence follows a locked operation, which is "
                                "one; its look is repeated by the kernel at "
                                "notif_pending: P2"]),
    "P2": (["S1", "S5", "S6"], ["W1", "W2"]),
    "P3": (["W5", "W7"], ["W3", "W6", "W12", "W16", "W17"]),
    "P4": (["S8", "S11"], ["S9", "S10"]),
    "P5": (["N1", "N2"], ["W9", "W10", "context.S is assembly: stage.c plays "
                          "it; QEMU tests the real one"]),
    "P6": (["B3", "B4"], ["B1", "B2", "B6"]),
    "P7": (["C2", "C4"], ["C3", "C13"]),
    "P8": (["C1", "C5"], ["C7", "C14"]),
    "P9": (["U1", "U2"], ["U3"]),
    "P10": (["U10", "linking first is harmless here: a full page counts as empty "
             "until prod_idx has moved on"], ["U7"]),
    "P11": (["Y1", "Y2", "Y3", "Y9"], ["Y4", "Y5", "Y6", "Y7", "Y8"]),
    "P12": (["K6", "the queue is written by a locked operation, so the fence to "
             "the APIC has nothing to hold: QEMU"], ["K3"]),
    "P13": (["not explored yet: QEMU"], ["not explored yet: QEMU"]),
    "P14": (["K4", "K5"], ["K1"]),
    "P15": (["U16"], ["U8", "U14"]),
    "P16": (["S3", "S4"], ["W8", "W14"]),
}


def many_seeds(a, cc, seeds):
    """How often one changed program is found, and after how many executions
    in the middle one."""
    found, counts, times, phases = 0, [], [], set()
    for seed in range(1, seeds + 1):
        attempt(a, cc, seed)
        if not a.right:
            continue
        a.tests = [a.found_by]
        found += 1
        phase = a.outcome.found_by()
        counts.append(phase.count)
        times.append(a.seconds)
        phases.add(phase.name)
        a.outcome = None
        a.seconds = 0
    return found, counts, times, phases


def report_table(args):
    known = {a.name: a for a in mutant_attempts()}
    print(f"""# The pairs, and who notices when one is broken

Made by `tools/explore --table`; `make check` compares.  Each end of each pair
of events.md section 7: what is removed or weakened, the test that fails, and
how soon: the runs (random), or states (tso, co: every order), of the middle
one of {args.seeds} searches with different seeds.

| pair | end | broken | found by | level | after | seconds | found |
| --- | --- | --- | --- | --- | --- | --- | --- |""")
    missed = 0
    for pair, ends in PAIRS.items():
        for end, names in zip(("first", "second"), ends):
            for name in names:
                if name not in known:
                    print(f"| {pair} | {end} | {name} | | | | | |")
                    continue
                a = dataclasses.replace(known[name])
                found, counts, times, phases = many_seeds(a, args.cc,
                                                          args.seeds)
                missed += found < args.seeds
                middle = sorted(counts)[len(counts) // 2] if counts else "-"
                slow = f"{max(times):.1f}" if times else "-"
                print(f"| {pair} | {end} | {name}: {a.says} | {a.found_by} | "
                      f"{' '.join(sorted(phases))} | {middle} | {slow} | "
                      f"{found} of {args.seeds} |", flush=True)
    print("\nFences and barriers one by one, weakened to a plain access: the "
          "test that fails, or why it stays.\n\n"
          "| where | weakened | found by |\n| --- | --- | --- |")
    for site in all_attempts(sites(), args.cc, args.j):
        print(f"| {site.where} | `{site.says}` | {site_verdict(site)} |",
              flush=True)
        missed += not site.found and not kept(site)
    return 1 if missed else 0


# --- every fence -------------------------------------------------------------

AUDITED = {
    "kernel/event/bitmap.c": mutants.BITMAPS,
    "user/lib/bitmap.c": mutants.BITMAPS,
    "kernel/event/ucq.c": mutants.UCQS, "user/lib/ucq.c": mutants.UCQS,
    "kernel/event/ceq.c": mutants.CEQS, "user/lib/ceq.c": mutants.CEQS,
    "kernel/event/vcmsg.c": "spam_leaves post_drain",
    "kernel/event/indir.c": mutants.INDIRS,
    "kernel/event/send_event.c": "scp_sleep sleep_other_vcore spam_leaves",
    "kernel/proc/yield.c": "scp_sleep spam_leaves sleep_other_vcore",
    "kernel/proc/notify.c": "unmask",
    "kernel/core/kmsg.c": "kmsg_idle kmsg_once",
    "user/lib/event.c": "post_drain alert_bitmap syscall_register "
                        "syscall_reuse syscall_deregister",
    "user/lib/vcore.c": "unmask spam_leaves scp_sleep",
    "user/lib/syscall.c": mutants.CALLS,
    "user/lib/uspin.c": mutants.UCQS,
}

# Fences that no test misses, and why they stay.
KEPT = {
    ("user/lib/vcore.c", "vcore_yield", "full_fence"):
        "the locked operation before it is one; named for the reader",
    ("user/lib/event.c", "event_quiesce", "full_fence"):
        "[quiesce] is not explored yet",
    ("user/lib/event.c", "event_quiesce", "load_acquire"):
        "[quiesce] is not explored yet",
    ("user/lib/event.c", "handle_vcpd_mbox", "full_fence"):
        "[quiesce] is not explored yet",
    ("user/lib/event.c", "epoch_end", "store_release"):
        "[quiesce] is not explored yet",
    ("user/lib/event.c", "dispatch", "load_acquire"):
        "handlers are registered before the threads start",
    ("user/lib/event.c", "register_ev_handler", "store_release"):
        "handlers are registered before the threads start",
    ("user/lib/event.c", "deregister_evq", "load_acquire"):
        "nothing is read after it; the caller's reuse is a store",
    ("kernel/proc/notify.c", "notify_restarted", "full_fence"):
        "the restart of a preempted SCP is not explored yet",
}


def sites():
    for file, tests in AUDITED.items():
        text = (xp.ROOT / file).read_text()
        for weaker, plain in WEAKER:
            for found in weaker.finditer(text):
                line = text[:found.start()].count("\n") + 1
                start = text.rfind("\n", 0, found.start()) + 1
                if text[start:found.start()].lstrip().startswith(("*", "/*")):
                    continue
                changed = (text[:found.start()] + found.expand(plain) +
                           text[found.end():])
                what = found.group().split("(")[0]
                where = bodies.enclosing(text, found.start())
                name = f"site-{file.replace('/', '-')}-{line}-{what}"
                yield Attempt(name, what, file, changed, tests.split(), [],
                              where=f"{file}:{where}()", pair=where)


def kept(site):
    return KEPT.get((site.file, site.pair, site.says))


def site_verdict(site):
    if site.error:
        return "does not build"
    if site.found:
        return f"{site.found_by}: {site.outcome.kind}"
    return f"stays: {kept(site)}" if kept(site) else "**nobody**"


def main(args):
    if args.mutants:
        return report_mutants(args)
    return report_table(args)
