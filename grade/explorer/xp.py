"""Build explorers and run them.

An explorer is one program: engine, stubs, all tests, and the shipped sources
of kernel and user library, compiled with the hooks of -fsanitize=thread.  A
mutant is the same program with one source file replaced.
"""

import dataclasses
import functools
import hashlib
import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = ROOT / "grade" / "explorer"
OUT = ROOT / os.environ.get("O", "obj") / "explore"

# What is explored.  Both ends of each pair are here, and nothing is a model
# but what stage.c and stubs.c say.
KERNEL = """
event/bitmap.c event/ucq.c event/ceq.c event/mbox.c event/vcmsg.c event/spam.c
event/indir.c event/send_event.c proc/notify.c proc/yield.c proc/cores.c
proc/upcall.c proc/restart.c
proc/preempt.c core/kmsg.c syscall/complete.c
""".split()
USER = """
bitmap.c ucq.c ceq.c mbox.c event.c vcore.c uthread.c syscall.c uspin.c evq.c
pool.c preempt.c
""".split()

WARN = "-Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers"
ENGINE_FLAGS = f"-std=gnu11 -O2 -g -fno-pie {WARN} -Wno-clobbered -Werror"
HOOKED = ("-std=gnu11 -O1 -g -fno-pie -fsanitize=thread -fno-stack-protector "
          "-fno-optimize-sibling-calls -fno-strict-aliasing -fcf-protection=none "
          "-fno-builtin-memset -fno-builtin-memcpy -fno-common "
          "-fno-asynchronous-unwind-tables -DEV6_EXPLORE ")
GCC = HOOKED + ("--param tsan-distinguish-volatile=1 "
                "--param tsan-instrument-func-entry-exit=0 -Wno-tsan")
CLANG = HOOKED + ("-mllvm -tsan-distinguish-volatile=1 "
                  "-mllvm -tsan-instrument-read-before-write=1 "
                  "-mllvm -tsan-instrument-func-entry-exit=0 "
                  "-Wno-unused-command-line-argument")
RENAME = ("--rename-section .data=xp_data --rename-section .bss=xp_bss "
          "--redefine-sym memcpy=xp_memcpy --redefine-sym memset=xp_memset")

# stage.c has a short form of these, and chooses.
REAL = " ".join(f"--redefine-sym {name}=real_{name}" for name in (
    "kmsg_send", "kmsg_run", "core_loop"))
REAL += " --weaken-symbol vcore_relax"


class BuildError(Exception):
    """The compiler's words."""


def run(command, **how):
    done = subprocess.run(command, shell=isinstance(command, str), cwd=ROOT,
                          capture_output=True, text=True, **how)
    if done.returncode:
        raise BuildError(done.stdout + done.stderr)
    return done.stdout


@dataclasses.dataclass(frozen=True)
class Build:
    """One way to compile everything."""
    slots: int = 2
    cc: str = "gcc"

    @property
    def dir(self):
        return OUT / f"{self.cc}-{self.slots}"

    def flags(self, kind):
        cc = GCC if self.cc == "gcc" else CLANG
        common = f"{cc} -DUCQ_SLOTS={self.slots} -I{HERE}/include"
        if kind == "kernel":
            return f"{common} -Ikernel"
        if kind == "user":
            return (f"{common} -Iuser/lib -I{OUT}/include "
                    "-Derrno=ulib_errno")
        return f"{common} -I{HERE} -Ikernel"

    def compile(self, kind, src, obj, text=None):
        """Compile @src, or @text in its place, unless the object is new."""
        obj.parent.mkdir(parents=True, exist_ok=True)
        where = str(src.relative_to(ROOT))
        lang = "-xc -" if text is not None else where
        extra = ""
        if text is not None:
            text = f'#line 1 "{where}"\n{text}'
            extra = f"-I{src.parent}"
        if kind == "engine":
            run(f"gcc {ENGINE_FLAGS} -DUCQ_SLOTS={self.slots} -I{HERE} "
                f"-Ikernel -MMD -MF {obj}.d -c {lang} -o {obj}", input=text)
            return
        run(f"{self.cc} {self.flags(kind)} {extra} -MMD -MF {obj}.d "
            f"-c {lang} -o {obj}", input=text)
        more = REAL if src.name in ("kmsg.c", "restart.c", "preempt.c") else ""
        run(f"objcopy {RENAME} {more} {obj}")

    def sources(self):
        """(kind, source) of all."""
        for name in ("engine.c", "hooks.c", "race.c", "search.c", "stubs.c",
                     "hooks.S"):
            yield "engine", HERE / name
        for name in KERNEL:
            yield "kernel", ROOT / "kernel" / name
        for name in USER:
            yield "user", ROOT / "user/lib" / name
        if (HERE / "stage.c").exists():
            yield "test", HERE / "stage.c"
        for path in sorted((HERE / "tests").glob("*.c")):
            yield "test", path

    def obj(self, src):
        return self.dir / (str(src.relative_to(ROOT)).replace("/", "-") + ".o")

    def link(self, objs, program):
        run(["gcc", "-no-pie", "-static", "-o", str(program)] +
            [str(o) for o in objs])

    def make(self):
        """The program, built as far as needed."""
        links()
        program = self.dir / "explore"
        objs = []
        stale = False
        for kind, src in self.sources():
            obj = self.obj(src)
            objs.append(obj)
            if is_stale(obj, src):
                self.compile(kind, src, obj)
                stale = True
        if stale or not program.exists():
            check_hooks(objs)
            self.link(objs, program)
        return program

    def make_mutant(self, name, changes):
        """The program with sources replaced: {path: text}."""
        self.make()
        folder = self.dir / "mutants"
        folder.mkdir(exist_ok=True)
        objs = []
        for kind, src in self.sources():
            rel = str(src.relative_to(ROOT))
            if rel in changes:
                obj = folder / f"{name}-{src.name}.o"
                self.compile(kind, src, obj, changes[rel])
                objs.append(obj)
            else:
                objs.append(self.obj(src))
        program = folder / name
        self.link(objs, program)
        return program


def links():
    abi = OUT / "include" / "abi"
    abi.parent.mkdir(parents=True, exist_ok=True)
    if not abi.is_symlink():
        abi.symlink_to(ROOT / "kernel" / "abi")


def is_stale(obj, src):
    deps = pathlib.Path(f"{obj}.d")
    if not obj.exists() or not deps.exists():
        return True
    made = obj.stat().st_mtime
    names = deps.read_text().replace("\\\n", " ").split(":", 1)[1].split()
    for name in [*names, str(pathlib.Path(__file__))]:
        path = ROOT / name
        if not path.exists() or path.stat().st_mtime > made:
            return True
    return False


ESCAPES = re.compile(r"\t(lock |xchg.*\(|mfence)")


def check_hooks(objs):
    """No locked operation or fence escapes the hooks: after each one that the
    compiler left in place, the next call is that of a hook."""
    for obj in objs:
        if re.search(r"engine|hooks|race|search|stubs", obj.name.rsplit("-", 1)
                     [-1]):
            continue
        waiting = None
        for line in run(f"objdump -dr --no-show-raw-insn {obj}").split("\n"):
            if ESCAPES.search(line):
                if waiting or "mfence" not in line:
                    raise BuildError(f"{obj.name}: unseen: {line.strip()}")
                waiting = line
            elif "R_X86_64_P" in line and waiting:
                if "__tsan_atomic_signal_fence" not in line:
                    raise BuildError(f"{obj.name}: unseen: "
                                     f"{waiting.strip()}")
                waiting = None
