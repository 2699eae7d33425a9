"""Where a message stopped, from the trace records of a boot.

Each hop of the walk (README.md) that is in the kernel leaves a record: time,
core, hop, process and an argument; but for hop 6, which has nothing to say that
the record of hop 5 does not.  The rings are dumped when the machine stands
still, so the last message sent to the process under test is the one that nobody
handled, if any is missing at the end.
"""

import dataclasses

# In the order of the walk: the record's name, the hop's number in README.md,
# and a sentence about a message that came so far.
WALK = [
    ("send", 1, "send_event() took it"),
    ("post", 2, "post_ev_msg() put it into the mailbox"),
    ("indir", 3, "send_indir() made an indirection of it"),
    ("spam", 4, "spam put it into the public mailbox of vcore {arg}"),
    ("notify", 5, "proc_notify() sent a kernel message to core {arg}"),
    ("look", 7, "core {core} looked whether it may interrupt its vcore"),
    ("upcall", 8, "the uthread of vcore {arg} was interrupted"),
    ("start", 8, "vcore {arg} was started"),
]
NUMBER = {name: number for name, number, _ in WALK}
SAYS = {name: says for name, _, says in WALK}
USER = 9  # hops from here on are in user mode and leave no record

ASIDE = {"yield": "vcore {arg} left", "sleep": "the process went to sleep",
         "wakeup": "the process was woken",
         "preempt": "vcore {arg} was preempted",
         "race": "race point {arg}"}


@dataclasses.dataclass(frozen=True)
class Step:
    ns: int
    core: int
    hop: str
    pid: int
    arg: int

    @property
    def says(self):
        text = SAYS.get(self.hop) or ASIDE.get(self.hop, self.hop)
        return text.format(arg=self.arg, core=self.core)


def steps(records):
    """The trace in @records, in the order of time, of all cores."""
    found = [Step(int(r.ns), int(r.fields["core"]), r.hop, int(r.pid),
                  int(r.arg)) for r in records if r.kind == "trace"]
    return sorted(found, key=lambda s: s.ns)


def last_walk(trace, pid):
    """What happened to process @pid from the last message to it on."""
    mine = [s for s in trace if s.pid == pid]
    sends = [i for i, s in enumerate(mine) if s.hop == "send"]
    return mine[sends[-1]:] if sends else []


def receiver(trace):
    """The process to which the last message was sent, or none."""
    sends = [s for s in trace if s.hop == "send"]
    return sends[-1].pid if sends else None


def where(trace):
    """One sentence: how far the last message came; empty without a trace."""
    pid = receiver(trace)
    if pid is None:
        return ""
    walk = [s for s in last_walk(trace, pid) if s.hop in NUMBER]
    far = max(walk, key=lambda s: NUMBER[s.hop])
    text = (f"hop {NUMBER[far.hop]}: {far.says} (on core {far.core}; the last "
            f"message to process {pid})")
    if NUMBER[far.hop] >= USER - 1:
        return text + "; what is missing happens in the library"
    return text


def tell(trace, length=16):
    """The last steps, in lines."""
    if not trace:
        return
    begin = trace[max(0, len(trace) - length)].ns
    for s in trace[-length:]:
        number = NUMBER.get(s.hop, "")
        yield (f"{(s.ns - begin) / 1000:10.1f} us  core {s.core}  process "
               f"{s.pid}  {number:>2}  {s.says}")
