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
    line: int = 0
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

# events.md section 7: which mutants break which end.  A sentence is a reason
# why the explorer has nothing to break there.
PAIRS = {
    "P1": (["S1", "S2", "S3"], ["its fence follows a locked operation, which "
                                "is one; its look is repeated by the kernel "
                                "at notif_pending: P2"]),
    "P2": (["S1", "S5", "S6"], ["W1", "W2"]),
    "P3": (["W5", "W7"], ["W3", "W6", "W12", "W16", "W17"]),
    "P4": (["S8", "S11"], ["S9", "S10"]),
    "P5": (["N1", "N2"], ["W9", "W10"]),
    "P6": (["B3", "B4"], ["B1", "B2", "B6"]),
    "P7": (["C2", "C4"], ["C3", "C13"]),
    "P8": (["C1", "C5"], ["C7", "C14"]),
    "P9": (["U1", "U2"], ["U3"]),
    "P10": (["U10", "linking first is harmless here: a full page counts as "
             "empty until prod_idx has moved on"], ["U7"]),
    "P11": (["Y1", "Y2", "Y3", "Y9"], ["Y4", "Y5", "Y6", "Y7", "Y8"]),
    "P12": (["K6", "the fence to the APIC: no store is left for it to hold, "
             "the queue being written by a locked operation; "
             "tools/check/fences.py asks for it"], ["K3"]),
    "P13": (["R1", "R4", "R5"], ["R2", "R3"]),
    "P14": (["K4", "K5"], ["K1"]),
    "P15": (["U16"], ["U8", "U14"]),
    "P16": (["S3", "S4"], ["W8", "W14"]),
}

# What looks at the same pair where the machine is real: user/tests/.
IN_QEMU = {
    "P1": "race_spam_left", "P2": "race_spam_head race_yield_pending",
    "P3": "race_sleep sleep_wake_scp", "P4": "alert_race alert_before_drain",
    "P5": "race_unmask notify_masked", "P6": "bitmap_two_consumers",
    "P7": "ceq_two_consumers", "P8": "ceq_overflow ceq_overflow_again",
    "P9": "ucq_two_consumers", "P10": "ucq_recycle",
    "P11": "syscall_registration", "P12": "notify_spinning",
    "P13": "preempt_progress kill_preempted", "P14": "alarm_sleeper",
    "P15": "ucq_recycle", "P16": "conservation_mcp",
}

ROW = re.compile(r"^\| (P\d+) \| (first|second) \| (.*?) \| (.*?) \| (.*?) \|")


def pair_rows():
    """(pair, end, mutant or reason) of all."""
    for pair, ends in PAIRS.items():
        for end, names in zip(("first", "second"), ends):
            for name in names:
                yield pair, end, name


def row_head(pair, end, a):
    """What does not depend on the machine's speed."""
    return (f"| {pair} | {end} | {a.name}: {a.says} | {a.found_by} | "
            f"{a.outcome.kind} |")


def every_order(a, cc):
    """By which exhaustive search it is found, after how much."""
    program = next(iter(a.programs.values()))
    slots = {t.name: t.build_slots
             for s in (1, 2) for t in xp.tests(xp.Build(s, cc).make())
             if t.build_slots == s}
    program = a.programs.get(slots[a.found_by], program)
    for mode in ("tso", "co"):
        out = xp.explore(program, a.found_by, "-m", mode, "-S", 0, "-b", 20)
        if out.kind and out.found_by():
            phase = out.found_by()
            return f"{mode}: {phase.count} states, {phase.seconds:.2f} s"
    return "no: a race is an order that nothing forces"


def by_chance(a, cc, seeds):
    """How often the random runs alone find it, and the middle one of the
    numbers of runs that took."""
    slots = {t.name: t.build_slots
             for s in (1, 2) for t in xp.tests(xp.Build(s, cc).make())
             if t.build_slots == s}
    program = a.programs[slots[a.found_by]]
    counts = []
    for seed in range(1, seeds + 1):
        out = xp.explore(program, a.found_by, "-m", "random", "-r", seed,
                         "-S", 0)
        if out.kind and out.found_by():
            before = [p.count for p in out.phases if p.result != "failed"]
            counts.append(out.found_by().count + sum(before))
    if not counts:
        return 0, "-"
    return len(counts), f"after {sorted(counts)[len(counts) // 2]} runs"


def measured(a, cc, seeds):
    """The columns behind row_head()."""
    search = every_order(a, cc)
    hits, runs = by_chance(a, cc, seeds)
    sure = seeds if not search.startswith("no") else hits
    return sure, f" {search} | {hits} of {seeds}, {runs} | {sure} of {seeds} |"


def report_table(args):
    known = {a.name: a for a in mutant_attempts()}
    wanted = [known[n] for _, _, n in pair_rows() if n in known]
    wanted = list({a.name: a for a in wanted}.values())
    for _ in all_attempts(wanted, args.cc, args.j):
        pass
    with concurrent.futures.ThreadPoolExecutor(args.j) as pool:
        columns = dict(zip([a.name for a in wanted], pool.map(
            lambda a: measured(a, args.cc, args.seeds)
            if a.found else (0, " | | |"), wanted)))
    missed = 0
    print(f"""# The pairs, and who notices when one is broken

Made by `tools/explore --table`.  `make check` finds each of these bugs again
and compares test and verdict; the figures are as they were measured.

For each end of each pair of the event system: what is removed or weakened, the
explorer's test that fails and what it calls the failure; the search through
every order that finds it (tso: the machine's; co: the compiler's too), which
takes no luck; how many of {args.seeds} random searches of 1000 runs, with
different seeds, find it before that; and so how many of {args.seeds} runs of
the test do.

| pair | end | broken | test | verdict | every order | random | found |
| --- | --- | --- | --- | --- | --- | --- | --- |""")
    for pair, end, name in pair_rows():
        if name not in known:
            print(f"| {pair} | {end} | - | | {name} | | | |")
            continue
        a = known[name]
        sure, text = columns[name]
        missed += not a.right or sure < args.seeds
        print(row_head(pair, end, a) + text if a.found else
              f"| {pair} | {end} | {name} | **nobody** | {a.error} |")
    print("\nIn QEMU boots look at the same pairs, in user/tests: the race_ "
          "tests\nwith race points that hold one core until another "
          "has passed, the others by\nnumbers.\n\n| pair | boots |\n"
          "| --- | --- |")
    for pair, names in IN_QEMU.items():
        print(f"| {pair} | {', '.join(names.split())} |")
    print("\nEach fence and barrier one by one, weakened to a plain access: "
          "the test that\nfails, or why it stays.\n\n"
          "| where | line | weakened | found by |\n| --- | --- | --- | --- |")
    for site in all_attempts(sites(), args.cc, args.j):
        print(f"| {site.where} | {site.line} | `{site.says}` | "
              f"{site_verdict(site)} |", flush=True)
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
    "kernel/proc/notify.c": "unmask_quiet unmask",
    "kernel/proc/preempt.c": mutants.PREEMPTS,
    "kernel/core/kmsg.c": "kmsg_idle kmsg_once",
    "user/lib/event.c": "post_drain alert_bitmap syscall_register "
                        "syscall_reuse syscall_deregister " +
                        mutants.QUIESCES,
    "user/lib/vcore.c": "unmask spam_leaves scp_sleep",
    "user/lib/syscall.c": mutants.CALLS,
    "user/lib/uspin.c": "ceq_recovery_2consumers quiesce_handler",
}

# Fences that no test misses, and why they stay.
IN_ORDER = ("TSO: stores stay in order, and so do loads; both are marked, so "
            "for compilers too")
KEPT = {
    ("kernel/event/bitmap.c", "bitmap_post", "user_store_release32"):
        "the bit is set by a locked operation, which is one",
    ("kernel/event/ucq.c", "ucq_next_page", "user_store_release64"): IN_ORDER,
    ("kernel/event/ucq.c", "ucq_post_locked", "user_store_release32"):
        IN_ORDER,
    ("user/lib/ucq.c", "ucq_turn_page", "load_acquire"): IN_ORDER,
    ("kernel/event/ceq.c", "ceq_say_lost", "user_store_release32"):
        "the entry is marked by a locked operation, which is one",
    ("kernel/event/ceq.c", "ceq_push", "user_store_release32"):
        "the slot is claimed by a locked operation, which is one",
    ("user/lib/ceq.c", "ring_pop", "store_release"): IN_ORDER,
    ("kernel/event/vcmsg.c", "post_vc_msg", "store_release"): IN_ORDER,
    ("kernel/proc/preempt.c", "preempt_save", "store_release"):
        "VC_PREEMPTED is set by a locked operation before it, which is one",
    ("kernel/proc/preempt.c", "preempt_wait_saved", "load_acquire"):
        "VC_PREEMPTED is cleared by a locked operation after it, which is one",
    ("user/lib/event.c", "event_quiesce", "load_acquire"):
        "pool_put() takes a lock after it, which is one",
    ("user/lib/vcore.c", "vcore_yield", "full_fence"):
        "the locked operation before it is one; named for the reader",
    ("user/lib/event.c", "event_quiesce", "full_fence"):
        "pool_retire() takes a lock before, which is one",
    ("user/lib/event.c", "handle_vcpd_mbox", "full_fence"):
        "taking a message is a locked operation; named for the reader",
    ("user/lib/event.c", "dispatch", "load_acquire"):
        "handlers are registered before the threads start",
    ("user/lib/event.c", "register_ev_handler", "store_release"):
        "handlers are registered before the threads start",
    ("kernel/proc/notify.c", "notify_restarted", "full_fence"):
        "only a preempted single-core process comes here: QEMU, scp_registers",
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
                              where=f"{file}:{where}()", line=line,
                              pair=where)


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
