"""Functions of C sources by name: find them, cut them, replace their bodies.

Works on this tree's own style: a definition begins in column 0, its brace and
the brace that ends it stand alone in column 0.  No parser is needed for that,
and a file that breaks it is a LookupError.

    text = path.read_text()
    text = bodies.replace(text, "evbitmap_get", "\treturn false;\n")
    text = bodies.edit(text, "evbitmap_get", "full_fence();", "")
"""

import dataclasses
import re


@dataclasses.dataclass(frozen=True)
class Function:
    """Where a function stands in a text, as offsets."""
    name: str
    comment: int  # its contract comment begins here, or the head
    head: int  # the line of its name begins here
    open: int  # first character of the body: after the brace's line
    close: int  # the brace that ends it, in column 0
    end: int  # after that brace's line

    def head_of(self, text):
        """Return type, name and arguments."""
        return text[self.head:self.open - 2].rstrip()

    def body_of(self, text):
        """Between the braces, with the newline of the last line."""
        return text[self.open:self.close]


DEFINITION = r"^[a-z][^\n;#]*?\b{}\([^;{{}}]*\)\n\{{\n"


def functions(text):
    """Each function that @text defines, in order."""
    for found in re.finditer(DEFINITION.format(r"((?!__)\w+)"), text, re.M):
        yield at(text, found.group(1), found)


def find(text, name):
    """The function @name of @text."""
    found = re.search(DEFINITION.format(re.escape(name)), text, re.M)
    if not found:
        raise LookupError(f"there is no {name}()")
    return at(text, name, found)


def at(text, name, found):
    close = text.find("\n}", found.end() - 1)
    if close < 0:
        raise LookupError(f"{name}() has no end")
    close += 1
    end = text.find("\n", close)
    return Function(name, comment_before(text, found.start()), found.start(),
                    found.end(), close, len(text) if end < 0 else end + 1)


def comment_before(text, head):
    """Where the comment directly above @head begins, or @head."""
    if not text[:head].endswith("*/\n"):
        return head
    begin = text.rfind("/*", 0, head)
    return text.rfind("\n", 0, begin) + 1


def replace(text, name, body):
    """@text with the body of @name replaced; the head and the comment above
    stay."""
    f = find(text, name)
    return text[:f.open] + body.rstrip("\n") + "\n" + text[f.close:]


def edit(text, name, old, new):
    """@text with the first @old in the body of @name replaced."""
    f = find(text, name)
    body = f.body_of(text)
    if old not in body:
        raise LookupError(f"{name}() has no\n{old}")
    return text[:f.open] + body.replace(old, new, 1) + text[f.close:]


def enclosing(text, offset):
    """The name of the function around @offset, or ""."""
    name = ""
    for f in functions(text):
        if f.open <= offset < f.close:
            name = f.name
    return name
