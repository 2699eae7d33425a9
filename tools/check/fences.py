#!/usr/bin/env python3
"""Every fence names its partner, and the partner answers.

Directly above a use of full_fence(), load_acquire(), store_release() or
ipi_fence() a comment says

	Pairs with FENCE in FILE:FUNCTION() [tag]

The file and the function exist, inside that function stands FENCE, and a
comment with the same [tag].  So every tag has two ends at least.
"""

import collections
import re

import source

FOLDERS = ("kernel", "user/lib")
DEFINED_IN = ("kernel/sync/atomic.h", "user/lib/atomic.h")
FENCE = re.compile(r"\b(full_fence|load_acquire|store_release|ipi_fence)\s*\(")
PAIRS = re.compile(
    r"[Pp]airs with (\w+)[^\[\]]*?([\w./]+):(\w+)\(\)[^\[\]]*\[([\w-]+)\]")
FORM = "Pairs with FENCE in FILE:FUNCTION() [tag]"


def comment_above(src, line):
    """The comment directly above the statement at @line; one will do for
    several fences in a row."""
    first = line
    while first > 1 and src.code[first - 2].strip() and \
            (src.code[first - 2].rstrip()[-1] not in ";{}:"
             or FENCE.search(src.code[first - 2])):
        first -= 1
    for comment in src.comments:
        if comment.last == first - 1 or comment.first <= line == comment.last:
            return comment
    return None


def partner(tree, src, name):
    """The file called @name: from the root, from kernel/, or beside @src."""
    beside = src.name.rpartition("/")[0] + "/" + name
    for path in (name, "kernel/" + name, beside):
        if path in tree:
            return tree[path]
    return None


def answers(tree, src, where, pair):
    """What is wrong with one `Pairs with`, or nothing."""
    other_fence, name, function, tag = pair
    other = partner(tree, src, name)
    if not other:
        return f"{where}: [{tag}] there is no file {name}"
    body = other.function(function)
    if not body:
        return f"{where}: [{tag}] {other.name} has no {function}()"
    if not any(f"[{tag}]" in c.text and c.first in body
               for c in other.comments):
        return f"{where}: [{tag}] {other.name}:{function}() does not answer"
    code = "\n".join(other.code[body.first - 1:body.last])
    if not re.search(rf"\b{other_fence}\b", code):
        return (f"{where}: [{tag}] {other.name}:{function}() has no "
                f"{other_fence}()")
    return None


def check(root):
    tree = {s.name: s for s in source.sources(root, *FOLDERS)}
    ends = collections.defaultdict(set)
    for src in tree.values():
        for comment in src.comments:
            for pair in PAIRS.findall(comment.text):
                where = f"{src.name}:{comment.last}"
                ends[pair[-1]].add(where)
                wrong = answers(tree, src, where, pair)
                if wrong:
                    yield wrong
        if src.name not in DEFINED_IN:
            yield from unnamed(src)
    for tag, places in sorted(ends.items()):
        if len(places) < 2:
            yield f"{min(places)}: [{tag}] has one end only"


def unnamed(src):
    """The fences of @src that name no partner."""
    for number, line in enumerate(src.code, 1):
        fence = FENCE.search(line)
        if not fence:
            continue
        comment = comment_above(src, number)
        if not comment or not PAIRS.search(comment.text):
            yield f"{src.name}:{number}: {fence.group(1)}() has no `{FORM}`"


if __name__ == "__main__":
    source.main(check)
