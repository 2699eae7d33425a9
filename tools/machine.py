"""The machine that ev6 runs on: which QEMU, started how, ended with what.

Used by tools/qemu, the doctor, the benches and the grader, so that all of them
boot the same machine.
"""

import dataclasses
import os
import re
import shutil
import subprocess

NEED_QEMU = (9, 0)

# What the kernel writes to isa-debug-exit, x, QEMU returns as 2x + 1.
RC_DONE = 2 * 0x10 + 1
RC_PANIC = 2 * 0x11 + 1
RC_STATUS = 2 * 0x20 + 1

# The wrapper's own exit statuses, above what a program's status can be here.
EXIT_PANIC = 125
EXIT_QEMU = 126


class NoQemu(Exception):
    """Says in one sentence what is missing and what to do about it."""


def qemu_version(qemu):
    out = subprocess.run([qemu, "--version"], capture_output=True, text=True)
    found = re.search(r"version (\d+)\.(\d+)(?:\.(\d+))?", out.stdout)
    return tuple(int(n or 0) for n in found.groups()) if found else (0, 0, 0)


def find_qemu():
    """The path of a QEMU that is new enough, or NoQemu."""
    name = os.environ.get("QEMU") or "qemu-system-x86_64"
    qemu = shutil.which(name)
    if not qemu:
        raise NoQemu(f"{name} is not installed: type `make setup`.")
    version = qemu_version(qemu)
    if version < NEED_QEMU:
        raise NoQemu(
            "QEMU %d.%d is too old, because it has no x2APIC without KVM: ev6 "
            "needs %d.%d or newer; type `make setup`." % (version[:2] + NEED_QEMU)
        )
    return qemu


class BadRun(Exception):
    """Says in one sentence why the commands cannot reach the kernel."""


def quote(text):
    """@text as a value on the kernel's command line, in either quotes."""
    mark = "'" if '"' in text else '"'
    if mark in text:
        raise BadRun("RUN can hold double quotes or single ones, not both.")
    if len(os.fsencode(text)) > 900:
        raise BadRun("RUN is too long: the kernel takes 900 bytes.")
    return mark + text + mark


def serial(name, options):
    """One more UART, on a chardev of the given kind and options."""
    kind, _, rest = options.partition(",")
    chardev = f"{kind},id={name}" + (rest and "," + rest)
    return ["-chardev", chardev, "-serial", f"chardev:{name}"]


@dataclasses.dataclass
class Machine:
    cpus: int = 4
    mem: int = 256
    cpu: str = "max,+x2apic"
    run: str = ""  # commands for the shell; none: an interactive one
    det: int = 0  # the repeatable mode, and which of its schedules
    accel: str = ""
    seed: int = 0
    noise: int = 0  # pauses at race points, in a machine that has them
    trace: int = 0  # note the hops of each message from the start
    out: str = "obj"

    @classmethod
    def from_env(cls):
        """What was typed after `make qemu`."""
        env = {k: v for k, v in os.environ.items() if v}
        return cls(
            cpus=int(env.get("CPUS", cls.cpus)),
            mem=int(env.get("MEM", cls.mem)),
            cpu=env.get("CPU", cls.cpu),
            run=env.get("RUN", "").strip(),
            det=int(env.get("DET", cls.det)),
            accel=env.get("ACCEL", cls.accel),
            seed=int(env.get("SEED", cls.seed)),
            noise=int(env.get("NOISE", cls.noise)),
            trace=int(env.get("TRACE", cls.trace)),
            out=env.get("O", cls.out),
        )

    def nonce(self):
        """A number that the kernel must give back in its records."""
        return self.seed or self.det

    def append(self):
        """The kernel's command line."""
        words = [f"ev6.cores={self.cpus}", f"ev6.seed={self.nonce()}"]
        if self.noise:
            words.append(f"ev6.noise={self.noise}")
        if self.trace:
            words.append("ev6.trace=1")
        if self.run:
            words.append("ev6.run=" + quote(self.run))
        elif not self.det:
            words.append("ev6.monitor=1")  # somebody is there to look
        return " ".join(words)

    def speed(self):
        """Real threads; or one thread that counts instructions as its clock.

        Then virtual time is the number of instructions that all cores have
        executed, and a boot repeats to the last one.  Another shift is another
        schedule that repeats too.
        """
        if self.det:
            shift = (self.det - 1) % 8
            return ["-accel", "tcg,thread=single",
                    "-icount", f"shift={shift},sleep=off"]
        return ["-accel", self.accel or "tcg,thread=multi"]

    def command(self, qemu, console, records, extra=()):
        """What to execute; @console and @records say where the UARTs go."""
        return [
            qemu, "-M", "q35", "-cpu", self.cpu, "-smp", str(self.cpus),
            "-m", str(self.mem), *self.speed(),
            "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
            "-kernel", f"{self.out}/ev6.elf",
            "-initrd", f"{self.out}/initramfs.cpio",
            "-append", self.append(),
            "-device", "isa-debug-exit,iobase=0xf4,iosize=0x04",
            *serial("console", console),
            *serial("records", records),
            *extra,
        ]


def beside(out, name):
    """A folder @name inside the build @out, with its kernel and programs: for a
    QEMU that is steered by hand, whose sockets and notes lie there, too.

    @out is relative to the current folder, and so is the answer.
    """
    folder = f"{out}/{name}"
    os.makedirs(folder, exist_ok=True)
    for part in ("ev6.elf", "initramfs.cpio", "user"):
        if not os.path.islink(f"{folder}/{part}"):
            os.symlink(os.path.relpath(f"{out}/{part}", folder),
                       f"{folder}/{part}")
    return folder


def outcome(rc, said_bye, asked=True):
    """(exit status, sentence or none) for the way in which QEMU ended.

    QEMU itself returns 0 when someone typed Ctrl-A X or `kill` to GDB, and
    when the machine reset: after `reboot`, which says bye, or by a triple
    fault, which can not.  @asked: commands were given, so nobody typed.
    """
    if rc == RC_DONE or rc == 0 and (said_bye or not asked):
        return 0, None
    if rc == RC_PANIC:
        return EXIT_PANIC, "the kernel panicked"
    if rc > RC_STATUS and rc % 2:
        status = (rc - RC_STATUS) // 2
        return status, f"exit status {status}"
    if rc == 0:
        return EXIT_QEMU, "the machine reset without a word: a triple fault?"
    if rc < 0:
        return EXIT_QEMU, f"QEMU was ended by signal {-rc}"
    return EXIT_QEMU, f"QEMU itself failed (it returned {rc})"
