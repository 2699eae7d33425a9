"""Which user tests there are, and how each wants to be booted.

A test is a file user/tests/NAME.c that begins

	/* NAME - the sentence that it proves. */

and runs on four cores.  A line in that first comment can say otherwise:

	Scenario: cpus=1,4 mem=64 args="-n 3" expect=panic race=1

cpus: one scenario each.  args: what follows the name on the command line.
expect: `panic`, or the status with which the machine ends, instead of records.
race: a machine that has race points (kernel/core/race.h), another build.

To save boots, scenarios that want the same machine share one, in batches.
"""

import dataclasses
import re
import shlex
import zlib

import runner

BATCH = 8  # tests in one boot

COMMENT = re.compile(r"\s*/\*(.*?)\*/", re.S)


@dataclasses.dataclass(frozen=True)
class Scenario:
    name: str
    sentence: str
    cpus: int = 4
    mem: int = 256
    args: str = ""
    expect: str = ""
    race: int = 0

    @property
    def id(self):
        return f"{self.name}-{self.cpus}"

    @property
    def command(self):
        return f"{self.name} {self.args}".strip()


class BadScenario(Exception):
    """Says what is wrong with the first comment of a test."""


def read(name, text):
    """The scenarios of the test called @name, whose file is @text."""
    match = COMMENT.match(text)
    comment = re.sub(r"^\s*\* ?", "", match[1] if match else "", flags=re.M)
    title = re.match(rf"\s*{name} - (.+?)(?:\n\s*\n|\nScenario:|\Z)",
                     comment, re.S)
    if not title:
        raise BadScenario(f"user/tests/{name}.c:1: does not begin with "
                          f"`/* {name} - a sentence. */`")
    asked = re.search(r"^\s*Scenario:(.*)$", comment, re.M)
    how = {}
    for word in shlex.split(asked[1]) if asked else []:
        key, _, value = word.partition("=")
        if key not in ("cpus", "mem", "args", "expect", "race"):
            raise BadScenario(f"user/tests/{name}.c:1: Scenario knows no {key}")
        how[key] = value
    sentence = " ".join(title[1].split())
    for cpus in how.pop("cpus", "4").split(","):
        yield Scenario(name, sentence, int(cpus), int(how.get("mem", 256)),
                       how.get("args", ""), how.get("expect", ""),
                       int(how.get("race", 0)))


def find():
    """Every scenario of every test, in the order of their names."""
    for path in sorted((runner.ROOT / "user/tests").glob("*.c")):
        try:
            yield from read(path.stem, path.read_text(errors="replace"))
        except ValueError as wrong:
            raise BadScenario(f"user/tests/{path.name}:1: Scenario: "
                              f"{wrong}") from wrong


def batches(scenarios):
    """@scenarios by the name of the boot that they share."""
    kinds, found = {}, {}
    for s in scenarios:
        if s.expect:
            found[s.id] = [s]
        else:
            kinds.setdefault((s.cpus, s.mem, s.race), []).append(s)
    for (cpus, mem, race), alike in kinds.items():
        for i in range(0, len(alike), BATCH):
            name = f"batch-{cpus}x{mem}{'-race' * race}-{i // BATCH}"
            found[name] = alike[i:i + BATCH]
    return found


def seed(name):
    """A number for the boot called @name, the same every time."""
    return zlib.crc32(name.encode()) & 0xffff | 1
