#!/usr/bin/env python3
"""80 columns, functions of up to 60 lines and three levels, no `#if` in .c."""

import re

import source

FOLDERS = ("kernel", "user")
COLUMNS, LENGTH, LEVELS = 80, 60, 3
IF = re.compile(r"\s*#\s*(if|ifdef|ifndef|elif|else)\b")
LEVEL = re.compile(r"(\t+)(?:\} )?(?:if|else|for|while|do|switch)\b")


def check(root):
    for src in source.sources(root, *FOLDERS):
        for number, line in enumerate(src.lines, 1):
            width = len(line.expandtabs(8))
            if width > COLUMNS:
                yield f"{src.name}:{number}: {width} columns"
            if line != line.rstrip():
                yield f"{src.name}:{number}: blanks at the end"
            if src.name.endswith(".c") and IF.match(line):
                yield f"{src.name}:{number}: `#if` in a .c file"
        if not src.name.endswith(".S"):
            yield from functions(src)


def functions(src):
    for function in src.functions:
        where = f"{src.name}:{function.first}: {function.name}()"
        length = function.last - function.first - 1
        if length > LENGTH:
            yield f"{where} has {length} lines"
        # A level is a tab: what a fourth `if` controls stands five tabs in.
        for number in range(function.first, function.last):
            level = LEVEL.match(src.code[number - 1])
            if level and len(level.group(1)) > LEVELS:
                yield f"{src.name}:{number}: {function.name}() nests deeper"


if __name__ == "__main__":
    source.main(check)
