#!/usr/bin/env python3
"""Assembly stays where the machine is: arch/x86 and sync, and few user files.

Elsewhere it would hide a memory access from the explorer, and a machine's
detail from the reader.
"""

import re

import source

ASM = re.compile(r"\b(asm|__asm__|__asm)\b")
ALLOWED = ("kernel/arch/x86/", "kernel/sync/",
           "user/lib/atomic.h", "user/lib/syscall.c", "user/lib/tls.c",
           "user/tests/")


def check(root):
    for src in source.sources(root, "kernel", "user", kinds=(".c", ".h")):
        if src.name.startswith(ALLOWED):
            continue
        for number, line in enumerate(src.code, 1):
            if ASM.search(line):
                yield f"{src.name}:{number}: assembly outside {ALLOWED[0]}"


if __name__ == "__main__":
    source.main(check)
