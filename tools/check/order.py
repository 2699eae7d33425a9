#!/usr/bin/env python3
"""kernel/ORDER names every file of the kernel once, and nothing points up.

A line of ORDER is `layer budget file purpose`: the file may have as many
lines as its budget says, and include files of its own layer or a lower one,
but not in a circle.
"""

import re

import source

LINE = re.compile(r"(\d+)\s+(\d+)\s+(\S+)\s+(\S.*)")
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)


def read_order(root):
    """(file -> (layer, budget, line), complaints about the lines)."""
    files, wrong = {}, []
    text = (root / "kernel/ORDER").read_text()
    for number, line in enumerate(text.split("\n"), 1):
        where = f"kernel/ORDER:{number}"
        if not line.strip() or line.startswith("#"):
            continue
        match = LINE.match(line)
        if not match:
            wrong.append(f"{where}: not `layer budget file purpose`: {line}")
            continue
        layer, budget, name = match.group(1, 2, 3)
        if name in files:
            wrong.append(f"{where}: {name} is named twice")
        files[name] = (int(layer), int(budget), number)
    return files, wrong


def includes(src, files):
    """The kernel's files that @src includes, by their names in ORDER."""
    here = src.name.removeprefix("kernel/").rpartition("/")[0]
    for match in INCLUDE.finditer(src.text):
        line = src.text.count("\n", 0, match.start()) + 1
        beside = f"{here}/{match.group(1)}"
        yield line, beside if beside in files else match.group(1)


def circles(graph):
    """The circles in @graph, each from the first file that closes it."""
    done, path = set(), []

    def visit(node):
        if node in path:
            yield path[path.index(node):] + [node]
        elif node not in done:
            path.append(node)
            for after in sorted(graph.get(node, ())):
                yield from visit(after)
            done.add(path.pop())

    for node in sorted(graph):
        yield from visit(node)


def check(root):
    files, wrong = read_order(root)
    yield from wrong
    graph, seen = {}, set()
    for src in source.sources(root, "kernel"):
        name = src.name.removeprefix("kernel/")
        seen.add(name)
        if name not in files:
            yield f"{src.name}:1: not named in kernel/ORDER"
            continue
        layer, budget, number = files[name]
        length = src.text.count("\n")
        if length > budget:
            yield (f"kernel/ORDER:{number}: {name} has {length} lines, "
                   f"its budget is {budget}")
        graph[name] = set()
        for line, other in includes(src, files):
            if other not in files:
                yield f"{src.name}:{line}: {other} is not in kernel/ORDER"
                continue
            graph[name].add(other)
            if files[other][0] > layer:
                yield (f"{src.name}:{line}: layer {layer} includes {other} "
                       f"of layer {files[other][0]}")
    for name in sorted(set(files) - seen):
        yield f"kernel/ORDER:{files[name][2]}: there is no kernel/{name}"
    for circle in circles(graph):
        yield f"kernel/{circle[0]}:1: includes itself: {' > '.join(circle)}"


if __name__ == "__main__":
    source.main(check)
