"""The records that a kernel writes on its second UART, one a line.

	@ev6 <seq> <core> <kind> <payload> *<crc32>

<seq> counts from 0 without a gap, <crc32> covers everything before " *", and
the payload is `key=value` pairs, values with blanks in double quotes.
"""

import dataclasses
import re
import zlib

LINE = re.compile(r"@ev6 (\d+) (\d+) (\w+)(?: (.*))?")
FIELD = re.compile(r'([\w.-]+)=(?:"([^"]*)"|(\S*))')


@dataclasses.dataclass
class Record:
    seq: int
    core: int
    kind: str
    fields: dict

    def __getattr__(self, name):
        """A field by its name; none if the record has no such field."""
        return self.__dict__.get("fields", {}).get(name)


def checksum(text):
    return f"{zlib.crc32(text.encode()):08x}"


def write(seq, core, kind, payload=""):
    """A record as the kernel writes it; for the tests of what reads them."""
    text = f"@ev6 {seq} {core} {kind} {payload}"
    return f"{text} *{checksum(text)}\n"


def read_line(line):
    """The record in @line, or the sentence that says why it is none."""
    text, _, crc = line.rpartition(" *")
    match = LINE.fullmatch(text)
    if not match:
        return f"not a record: {line[:60]!r}"
    if crc != checksum(text):
        return f"record {match[1]} has checksum {crc}, not {checksum(text)}"
    fields = {f[1]: f[3] if f[2] is None else f[2]
              for f in FIELD.finditer(match[4] or "")}
    return Record(int(match[1]), int(match[2]), match[3], fields)


def read(text):
    """(records, what is wrong with them as a sequence), from a whole file.

    A panic may stop a core in the middle of a line: that one line, directly
    before the panic's record, may be torn and its number lost.
    """
    found, wrong, torn = [], [], None
    for line in text.split("\n"):
        if not line:
            continue
        record = read_line(line)
        if isinstance(record, str):
            if torn:
                wrong.append(torn)
            torn = record
            continue
        due = found[-1].seq + 1 if found else 0
        excused = record.kind == "panic" and record.seq in (due, due + 1)
        if torn and not excused:
            wrong.append(torn)
        torn = None
        if record.seq > due and not excused:
            wrong.append(f"records {due} to {record.seq - 1} are missing")
        elif record.seq < due:
            wrong.append(f"record {record.seq} came again after {due - 1}")
        found.append(record)
    if torn:
        wrong.append(torn)
    return found, wrong
