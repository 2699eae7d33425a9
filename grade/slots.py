"""Private copies of this tree in which changed sources are built and tested.

A slot is made once, with what is built already, and then takes one set of
changes after the other: only what a change touches is built again.  Slots work
side by side, one thing at a time each.
"""

import fcntl
import functools
import json
import os
import pathlib
import pwd
import resource
import shutil
import signal
import subprocess
import sys

import runner

# All that building and testing need, and nothing that gives a lab away.
PARTS = ["Makefile", "README.md", "pytest.ini", "kernel", "user", "tools",
         "grade"]
NOT_COPIED = shutil.ignore_patterns("__pycache__", "grade", "slots*", "pytest",
                                    "mutants", "*.sock")

FILE_SIZE = 256 << 20
MEMORY = 8 << 30
PROCESSES = 512
NOBODY = "nobody"
WRITTEN = [runner.OUT, "compile_commands.json"]  # by who builds and tests
RUNNING = set()  # what slots have started and not ended
OURS = {}  # folder of slots -> its lock, held until we end


class Broken(Exception):
    """A slot could not say anything about what was tried in it."""


class Slot:
    def __init__(self, folder, labs, anew=False):
        self.root = pathlib.Path(folder).resolve()
        self.anew = anew  # nobody gets what others could have built
        self.changed = {}  # path -> the text that belongs there
        shutil.rmtree(self.root, ignore_errors=True)
        self.root.mkdir(parents=True)
        for name in PARTS:
            copy(runner.ROOT / name, self.root / name)
        for lab in labs:
            path = self.root / f"labs/{lab.name}/lab.toml"
            path.parent.mkdir(parents=True)
            shutil.copy2(runner.ROOT / f"labs/{lab.name}/lab.toml", path)
        # With mutants.toml in it, no slot is taken for a starter.
        (self.root / "labs/none").mkdir(parents=True)
        (self.root / "labs/none/mutants.toml").touch()
        (self.root / "compile_commands.json").touch()  # `make` writes it
        self.copy_built()
        self.user = self.give_to_nobody()

    def copy_built(self):
        built, out = runner.ROOT / runner.OUT, self.root / runner.OUT
        shutil.rmtree(out, ignore_errors=True)
        if built.exists():
            shutil.copytree(built, out, symlinks=True, ignore=NOT_COPIED)
        out.mkdir(parents=True, exist_ok=True)

    def give_to_nobody(self):
        """As root, let somebody with no rights work here, if one can: read
        all of it, and write what building and testing write.  The grader and
        the rest of the tree stay ours, for those who are tested next."""
        if os.geteuid():
            warn_once("what is tested has the rights of who grades: only root "
                      f"can let {NOBODY} run it")
            return None
        uid = pwd.getpwnam(NOBODY).pw_uid
        self.give_written(uid)
        for path in [self.root, *self.root.rglob("*")]:
            if not path.is_symlink():
                open_to_all(path)
        if can_run(["test", "-x", str(self.root)], uid):
            return uid
        warn_once(f"{NOBODY} cannot enter {self.root}: what is tested there "
                  "has root's rights")
        return None

    def give_written(self, uid):
        for path in (self.root / name for name in WRITTEN):
            for below in [path, *path.rglob("*")]:
                os.chown(below, uid, -1, follow_symlinks=False)

    def python(self):
        """One that whoever works here can run: root's own may lie in root's
        home."""
        names = [sys.executable, "/usr/bin/python3"]
        return next((n for n in names if can_run([n, "-V"], self.user)),
                    "python3")

    def apply(self, changes):
        """Put @changes, {path: text}, in place of those before."""
        anew = self.anew and self.user is not None
        if anew:
            self.copy_built()
            self.give_written(self.user)
        for path, text in self.changed.items():
            if path not in changes and anew:  # no newer than what is built
                shutil.copy2(runner.ROOT / path, self.root / path)
            elif path not in changes:
                self.write(path, text)
        self.changed = {p: (runner.ROOT / p).read_text() for p in changes}
        for path, text in changes.items():
            self.write(path, text)

    def write(self, path, text):
        file = self.root / path
        if file.read_text() != text:
            file.write_text(text)

    def run(self, tests, seed=0, budget=0, limit=3600):
        """Build, and run @tests, one after the other.

        {"error": the compiler's first error, "results": [...]}, the latter as
        grading.Result has them; Broken if that cannot be had.
        """
        answer = self.root / runner.OUT / "answer.json"
        answer.unlink(missing_ok=True)
        command = [self.python(), "tools/grade", "results", "--json",
                   str(answer), "--budget", str(budget), *tests]
        env = {"PATH": os.environ["PATH"], "O": runner.OUT, "JOBS": "1",
               "SEED": str(seed or ""), "HOME": str(self.root),
               "QEMU": os.environ.get("QEMU", ""), "EV6_PATIENCE": "0.25"}
        child = subprocess.Popen(  # ended by end_all() if we are
            command, cwd=self.root, env=env, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            errors="replace", user=self.user, group=self.user,
            extra_groups=None if self.user is None else [],
            preexec_fn=limits(self.user), start_new_session=True)
        RUNNING.add(child)
        try:
            said, _ = child.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            said = f"no answer in {limit} seconds"
        finally:
            end_session(child)
            RUNNING.discard(child)
        if not answer.exists():
            raise Broken(said.strip().split("\n")[-1][:200])
        try:
            return json.loads(answer.read_text())
        except ValueError:
            raise Broken("the answer was not written to its end") from None


@functools.cache
def warn_once(what):
    print(f"ev6: {what}", file=sys.stderr)


def open_to_all(path):
    """Let all read @path, and enter or run it if its owner can."""
    mode = path.stat().st_mode
    path.chmod(mode | 0o444 | (0o111 if mode & 0o100 else 0))


def can_run(command, uid):
    try:
        return not subprocess.run(
            command, user=uid, group=uid, stdout=subprocess.DEVNULL,
            extra_groups=None if uid is None else []).returncode
    except OSError:
        return False


def copy(source, to):
    if source.is_dir():
        shutil.copytree(source, to, symlinks=True,
                        ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy2(source, to)


def limits(user):
    """What a slot's processes may use, each of them; called in the child."""
    def set_them():
        os.nice(5)
        resource.setrlimit(resource.RLIMIT_CPU, (600, 600))
        resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_SIZE, FILE_SIZE))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if user is not None:  # for others it counts what they run elsewhere
            resource.setrlimit(resource.RLIMIT_NPROC, (PROCESSES, PROCESSES))
    return set_them


def end_session(child):
    """End @child and whatever it has started."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    child.wait()
    if child.stdout:
        child.stdout.close()


def end_all(*_):
    """A signal's handler: leave nothing behind that eats the machine."""
    for child in list(RUNNING):
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    os._exit(128 + signal.SIGTERM)


def keep_out(folder):
    """Nobody else makes slots there while we live: what is put into one would
    be tested as what somebody else has put there."""
    if folder in OURS:
        return
    path = runner.ROOT / runner.OUT / f"{folder}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    OURS[folder] = open(path, "w")
    try:
        fcntl.flock(OURS[folder], fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        OURS.pop(folder).close()
        raise Broken(f"another grader is at work in {runner.OUT}/{folder}: "
                     "wait until it has ended, or give this one a folder of "
                     "its own, like O=obj2") from None


def made(n, labs, folder="slots", anew=False):
    """@n slots; if what is tested in them is not to be trusted, @anew."""
    keep_out(folder)
    signal.signal(signal.SIGTERM, end_all)
    signal.signal(signal.SIGINT, end_all)
    return [Slot(runner.ROOT / runner.OUT / folder / str(i), labs, anew)
            for i in range(n)]
