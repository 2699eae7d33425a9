"""The promises that keep messages from being lost, a sentence for each.

Each is a pair, "I write, then I look; you write, then you look", whose two
ends name each other in the sources.  The numbers are those that lab.toml, the
explorer and the handouts use.
"""

import re

PROMISES = {
    "P1": "a vcore that stops reading its mailbox has seen all that was "
          "posted there before",
    "P2": "a vcore that leaves its core by yielding has seen all that was "
          "posted while it was on the list",
    "P3": "no process sleeps on a message that was delivered",
    "P4": "no message lies in an event queue while its indirection is "
          "throttled and nobody will look",
    "P5": "a vcore that unmasks notifications sees what came while they were "
          "masked",
    "P6": "no bit is set in a bitmap whose hint says that there is none",
    "P7": "an update of a CEQ's entry is taken with it or posts it again",
    "P8": "an entry that found the CEQ's ring full is found by the scan",
    "P9": "whoever sees a slot of a UCQ ready sees its whole message",
    "P10": "nobody follows the link to a UCQ's new page before producers do",
    "P11": "the end of a system call is heard of, and once",
    "P12": "no interrupt between cores arrives before what it announces",
    "P13": "no vcore starts from a context that is not saved yet",
    "P14": "no core halts while a kernel message waits for it",
    "P15": "no consumer claims a slot of a UCQ that nobody has filled",
    "P16": "no message stays in a vcore's mailbox while notif_pending is "
           "clear",
}

# What the sentences of look.broken_promises() have in common, and whose end
# of the pair that is.
SIGNS = [
    (r"notification is pending .* WAITING", "P3"),
    (r"notification is pending .* not masked", "P5"),
    (r"messages lie in vcore \d+ (?:public|private)", "P16"),
    (r"messages lie in type", "P4"),
]


def sentence(number):
    return f"{number}: {PROMISES[number]}"


def seen_in(broken):
    """The promise that a sentence about a hanging guest tells of, or none."""
    for sign, number in SIGNS:
        if re.search(sign, broken):
            return number
    return None
