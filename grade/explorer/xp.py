"""Build explorers and run them.

An explorer is one program: engine, stubs, all tests, and the shipped sources
of kernel and user library, compiled with the hooks of -fsanitize=thread.  A
mutant is the same program with some source files replaced.

For others, in a line each:

    program = Build().make()                 # of this tree, slots = 2
    out = explore(program, "spam_leaves")    # .kind is "" if nothing is wrong
    print("\\n".join(story.tell(out, find("spam_leaves"))))

    text = bodies.replace(source, "try_spam_vcore", "\\treturn true;\\n")
    program = Build().make_mutant("mine", {"kernel/event/spam.c": text})

The tree is the one that this file lies in: to run the tests on another tree,
import that tree's xp.  find() says by which slots a test must be built.
"""

import concurrent.futures
import contextlib
import dataclasses
import fcntl
import functools
import os
import pathlib
import re
import subprocess
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = ROOT / "grade" / "explorer"
OUT = ROOT / os.environ.get("O", "obj") / "explore"

# What is explored.  Both ends of each pair are here, and nothing is a model
# but what stage.c and stubs.c say.
KERNEL = """
event/bitmap.c event/ucq.c event/ceq.c event/mbox.c event/vcmsg.c event/spam.c
event/indir.c event/send_event.c proc/notify.c proc/yield.c proc/cores.c
proc/upcall.c proc/restart.c
proc/preempt.c proc/mcp.c core/kmsg.c syscall/complete.c
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
RENAMED = " ".join(f"--redefine-sym {name}=real_{name}" for name in (
    "kmsg_send", "kmsg_run", "core_loop"))
REAL = {"kernel/core/kmsg.c": RENAMED, "kernel/proc/restart.c": RENAMED,
        "user/lib/preempt.c": "--weaken-symbol vcore_relax"}


MAKING = threading.RLock()
MADE = {}  # programs, by Build


class BuildError(Exception):
    """The compiler's words."""


class Refused(BuildError):
    """A sentence: what a source has that would reach into the explorer."""


def short(path):
    """@path as commands are given it, who run in ROOT: ROOT's own may have
    blanks in it."""
    return os.path.relpath(path, ROOT)


def run(command, **how):
    done = subprocess.run(command, shell=isinstance(command, str), cwd=ROOT,
                          capture_output=True, text=True, errors="replace",
                          **how)
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
        common = f"{cc} -DUCQ_SLOTS={self.slots} -I{short(HERE)}/include"
        if kind == "kernel":
            return f"{common} -Ikernel"
        if kind == "user":
            return (f"{common} -I{short(HERE)} -Iuser/lib "
                    f"-I{short(OUT)}/include -Derrno=ulib_errno")
        return f"{common} -I{short(HERE)} -Ikernel"

    def compile(self, kind, src, obj, text=None):
        """Compile @src, or @text in its place, unless the object is new."""
        obj.parent.mkdir(parents=True, exist_ok=True)
        obj = short(obj)
        where = str(src.relative_to(ROOT))
        lang = "-xc -" if text is not None else where
        extra = ""
        if text is not None:
            text = f'#line 1 "{where}"\n{text}'
            extra = f"-I{short(src.parent)}"
        if kind == "engine":
            run(f"gcc {ENGINE_FLAGS} -DUCQ_SLOTS={self.slots} -I{short(HERE)} "
                f"-Ikernel -MMD -MF {obj}.d -c {lang} -o {obj}", input=text)
            return
        run(f"{self.cc} {self.flags(kind)} {extra} -MMD -MF {obj}.d "
            f"-c {lang} -o {obj}", input=text)
        more = REAL.get(where, "")
        run(f"objcopy {RENAME} {more} {obj}")

    def sources(self):
        """(kind, source) of all."""
        for name in ("engine.c", "hooks.c", "race.c", "reduce.c", "search.c",
                     "stubs.c", "hooks.S"):
            yield "engine", HERE / name
        for name in KERNEL:
            yield "kernel", ROOT / "kernel" / name
        for name in USER:
            yield "user", ROOT / "user/lib" / name
        yield "test", HERE / "stage.c"
        yield "user", HERE / "stage_user.c"
        for path in sorted((HERE / "tests").glob("*.c")):
            yield "test", path

    def obj(self, src):
        return self.dir / (str(src.relative_to(ROOT)).replace("/", "-") + ".o")

    def link(self, objs, program):
        """One program of @objs, {source: object}."""
        check_names(objs)
        run(["gcc", "-no-pie", "-static", "-o", str(program)] +
            [str(o) for o in objs.values()])

    def make(self):
        """The program, built as far as needed."""
        with MAKING:
            if self not in MADE:
                with alone(OUT):
                    MADE[self] = self.make_now()
            return MADE[self]

    def make_now(self):
        links()
        program = self.dir / "explore"
        objs = {src: self.obj(src) for _, src in self.sources()}
        todo = [(kind, src, objs[src]) for kind, src in self.sources()
                if is_stale(objs[src], src)]
        if todo:  # whatever fails now, nobody runs what was made before
            program.unlink(missing_ok=True)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda job: self.compile(*job), todo))
        if not program.exists():
            check_hooks(objs.values())
            self.link(objs, program)
        return program

    def make_mutant(self, name, changes):
        """The program with sources replaced: {path: text}."""
        self.make()
        folder = self.dir / "mutants"
        folder.mkdir(exist_ok=True)
        objs = {}
        for kind, src in self.sources():
            rel = str(src.relative_to(ROOT))
            objs[src] = self.obj(src)
            if rel in changes:
                objs[src] = folder / f"{name}-{src.name}.o"
                self.compile(kind, src, objs[src], changes[rel])
        program = folder / name
        self.link(objs, program)
        return program


@contextlib.contextmanager
def alone(folder):
    """No other process builds there meanwhile."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def links():
    """User code includes abi/ through a link.  Where the tree has been copied
    with what is built in it, that is still the other's."""
    abi, ours = OUT / "include" / "abi", ROOT / "kernel" / "abi"
    if abi.exists() and abi.samefile(ours):
        return
    abi.parent.mkdir(parents=True, exist_ok=True)
    abi.unlink(missing_ok=True)
    abi.symlink_to(ours)


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
        if re.search(r"engine|hooks|race|reduce|search|stubs", obj.name.rsplit("-", 1)
                     [-1]):
            continue
        waiting = None
        said = run(f"objdump -dr --no-show-raw-insn {short(obj)}")
        for line in said.split("\n"):
            if ESCAPES.search(line):
                if waiting or "mfence" not in line:
                    raise BuildError(f"{obj.name}: unseen: {line.strip()}")
                waiting = line
            elif "R_X86_64_P" in line and waiting:
                if "__tsan_atomic_signal_fence" not in line:
                    raise BuildError(f"{obj.name}: unseen: "
                                     f"{waiting.strip()}")
                waiting = None


# Of the explorer, what kernel and user library may call: not what searches and
# prints the verdict.
SEAM = "hooks.c hooks.S stubs.c stage.c stage_user.c".split()
# The C library is linked, for the engine.  Of it the shipped sources may have
# what both string.h declare; memcpy and memset are hooks.
HARMLESS = "memcmp memmove strlen strcmp strncmp strchr".split()
SYMBOL = re.compile(r"^[0-9a-f]{16} (.)......\s(\S+)\t[0-9a-f]{16} (.+)$")


@dataclasses.dataclass
class Names:
    """Those that an object wants, those that it gives, and its sections'."""
    wants: set = dataclasses.field(default_factory=set)
    gives: set = dataclasses.field(default_factory=set)
    sections: set = dataclasses.field(default_factory=set)


def names_of(objs):
    """The Names of each of @objs, in their order."""
    found = []
    for line in run(["objdump", "-h", "-t", *map(short, objs)]).splitlines():
        symbol = SYMBOL.match(line)
        if "  file format " in line:
            found.append(Names())
        elif symbol and symbol[2] == "*UND*":
            found[-1].wants.add(symbol[3].split()[-1])
        elif symbol and symbol[1] != "l":
            found[-1].gives.add(symbol[3].split()[-1])
        elif re.match(r" +\d+ ", line):
            found[-1].sections.add(line.split()[1])
    return found


@functools.cache
def libc():
    """The names that the C library gives: the index of its archive."""
    path = run(["gcc", "-print-file-name=libc.a"]).strip()
    with open(path, "rb") as file:
        if file.read(8) != b"!<arch>\n":
            return frozenset()
        index = file.read(int(file.read(60)[48:58]))
    names = index[4 + 4 * int.from_bytes(index[:4], "big"):]
    return frozenset(names.decode().split("\0"))


def check_names(objs):
    """What is explored reaches nothing of what explores it, by no name: an
    exit() in it would be the C library's, and end the search."""
    names = dict(zip(objs, names_of(objs.values())))
    theirs = {src: n for src, n in names.items() if HERE not in src.parents}
    given = {"_GLOBAL_OFFSET_TABLE_", *HARMLESS}
    given.update(*(n.gives for src, n in names.items()
                   if src in theirs or src.name in SEAM))
    for src, n in theirs.items():
        where = src.relative_to(ROOT)
        for name in sorted(n.wants - given):
            raise Refused(f"{where} uses {name}, which the explorer does not "
                          "have: it has the shipped sources and what they "
                          "need, nothing else")
        for name in sorted(n.gives & libc()):
            raise Refused(f"{where} defines {name}, a name of the C library "
                          "that the explorer itself needs: make it static, or "
                          "call it something else")
        if "xp_tests" in n.sections:
            raise Refused(f"{where} has a test of the explorer in it")


# --- run ---------------------------------------------------------------------

@dataclasses.dataclass
class Test:
    name: str
    slots: int  # 0: any
    group: str
    pairs: list
    seen: bool  # a litmus test whose outcome must be found
    proves: str

    @property
    def build_slots(self):
        return self.slots or 2


@functools.cache
def tests(program):
    """All tests of @program, in the order of the sources."""
    found = []
    for line in run([str(program), "-l"]).splitlines():
        name, slots, group, pairs, seen, proves = line.split("\t")
        found.append(Test(name, int(slots), group, pairs.split(),
                          seen == "seen", proves))
    return found


@dataclasses.dataclass
class Phase:
    name: str
    count: int
    seconds: float
    result: str  # done, failed, budget
    bound: int


@dataclasses.dataclass
class Event:
    step: int
    thread: int
    what: str
    name: str
    size: int
    val: int
    old: int
    pc: int
    seq: int


@dataclasses.dataclass
class Outcome:
    """What an explorer said of one test."""
    program: pathlib.Path
    test: str
    phases: list = dataclasses.field(default_factory=list)
    kind: str = ""  # of failure; empty: none
    text: str = ""
    pc: int = 0
    pc2: int = 0
    schedule: str = ""
    bound: int = -1
    threads: list = dataclasses.field(default_factory=list)
    events: list = dataclasses.field(default_factory=list)
    misfit: str = ""
    ok: bool = False  # its last word was that nothing is wrong
    raw: str = ""

    @property
    def seconds(self):
        return sum(p.seconds for p in self.phases)

    @property
    def complete(self):
        return self.ok and bool(self.phases) and \
            all(p.result == "done" for p in self.phases)

    def found_by(self):
        return next((p for p in self.phases if p.result == "failed"), None)


def parse(program, test, text):
    out = Outcome(program, test, raw=text)
    for line in text.splitlines():
        word, _, rest = line.partition("\t")
        if line.startswith("@phase "):
            _, name, count, seconds, result, bound = line.split()
            out.phases.append(Phase(name, int(count), float(seconds), result,
                                    int(bound)))
        elif word == "@fail":
            kind, why, pc, pc2, _ = rest.split("\t")
            out.kind, out.text = kind, why
            out.pc, out.pc2 = int(pc, 16), int(pc2, 16)
        elif line.startswith("@schedule "):
            out.schedule = line.split(" ", 1)[1].strip()
        elif line.startswith("@bound "):
            out.bound = int(line.split()[1])
        elif line.startswith("@misfit"):
            out.misfit = line
        elif line == "@ok":
            out.ok = True
        elif word == "@thread":
            _, name, status, pc = rest.split("\t")
            out.threads.append((name, status, int(pc, 16)))
        elif word == "@event":
            s, t, what, name, size, val, old, pc, seq = rest.split("\t")
            out.events.append(Event(int(s), int(t), what, name, int(size),
                                    int(val, 16), int(old, 16), int(pc, 16),
                                    int(seq)))
    return out


def find(name, cc="gcc"):
    """(test, program) of this tree; a LookupError if there is no such test."""
    for slots in (2, 1):
        program = Build(slots, cc).make()
        for test in tests(program):
            if test.name == name and test.build_slots == slots:
                return test, program
    raise LookupError(f"the explorer has no test {name!r}")


def words_file(program, test):
    """Which words a run found to be shared: what its schedule counts."""
    return program.parent / f"{program.name}-{test}.words"


def replay(program, test, schedule):
    """Do as @schedule says.  Without the words of the run that it is from,
    those are found first."""
    if words_file(program, test).exists():
        out = explore(program, test, "-s", schedule)
        if not out.misfit:
            return out
    explore(program, test)
    return explore(program, test, "-s", schedule)


def explore(program, test, *options, limit=3600):
    """Run one test; @options are those of search.c's main().

    Each phase has a budget of CPU time; @limit, of the clock's, is a net."""
    words = words_file(program, test)
    try:
        done = subprocess.run(
            [str(program), "-t", test, "-w", str(words), *map(str, options)],
            capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        out = Outcome(program, test)
        out.kind, out.text = "engine", f"no verdict after {limit} s"
        return out
    out = parse(program, test, done.stdout)
    if done.returncode not in (0, 1) or "@" not in done.stdout:
        out.kind = "engine"
        out.text = f"ended with {done.returncode}: {done.stderr.strip()}"
    elif not (out.kind or out.ok or "-s" in options):
        out.kind = "engine"
        out.text = (f"ended with {done.returncode} before it had come to a "
                    "verdict")
    return out
