"""Read labs/NAME/lab.toml: the one place that says what a lab is.

Everything else is derived from it: the starter, the points, what is left, the
exercise boxes of the handouts, the exports, and what CI expects.

	name = "spamming"
	number = 2
	follows = "mailboxes"       # the lab before it; "" for the first
	title = "Find a vcore that will look"
	race = "..."                # the one race that the lab is about
	graded = true               # false: points are shown, none are lost

	[[exercise]]
	id = "spamming.1"
	title = "Choose the vcore"
	points = 15                 # over all exercises: 100
	difficulty = 1              # 1 to 3
	needs = []                  # ids without which it cannot be tried
	promises = ["P4"]           # rows of the table of pairs; may be empty
	deaf = false                # true: without it no event can be relied on
	hints = ["...", "...", "... handouts/spamming.md#choose-the-vcore"]
	tests = ["flag_indir", "explore:indir_ucq"]
	mutants = ["S8"]            # its tests must find these; never in a starter

	[[exercise.cut]]
	function = "kernel/event/send_event.c:next_vcore"
	stub = "return 0;"          # after lab_todo(); without: lab_todo_panic()

A test is the name of a file in user/tests, with all the machines that it asks
for, or NAME-CPUS for one of them; explore:NAME is a scenario of the explorer,
boot:NAME the function test_NAME of grade/test_boot.py.
"""

import dataclasses
import pathlib
import re
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]


class BadLab(Exception):
    """Says which file is wrong, how, and what would be right."""


@dataclasses.dataclass(frozen=True)
class Cut:
    """A function that the student writes."""
    file: str
    function: str
    stub: str = None  # what follows lab_todo(); none: it panics
    remove: bool = False  # a helper that goes without a trace

    @property
    def name(self):
        return f"{self.file}:{self.function}"


@dataclasses.dataclass(frozen=True)
class Exercise:
    id: str
    title: str
    points: int
    difficulty: int
    hints: tuple
    tests: tuple
    cuts: tuple
    needs: tuple = ()
    promises: tuple = ()
    mutants: tuple = ()
    deaf: bool = False  # without it no event can be relied on

    @property
    def user_tests(self):
        """Names, with -CPUS where only one machine is meant."""
        return [t for t in self.tests if ":" not in t]

    @property
    def scenarios(self):
        """Of the explorer."""
        return [t[8:] for t in self.tests if t.startswith("explore:")]

    @property
    def boot_tests(self):
        """Functions of grade/test_boot.py."""
        return ["test_" + t[5:] for t in self.tests if t.startswith("boot:")]

    @property
    def anchor(self):
        """Of its section in the handout, as pandoc and GitHub make them."""
        return anchor(self.title)


@dataclasses.dataclass(frozen=True)
class Lab:
    name: str
    number: int
    follows: str
    title: str
    race: str
    graded: bool
    exercises: tuple

    @property
    def points(self):
        return sum(e.points for e in self.exercises)

    @property
    def cuts(self):
        return [c for e in self.exercises for c in e.cuts]

    @property
    def files(self):
        """Those that the student edits, in the order of the exercises."""
        return list(dict.fromkeys(c.file for c in self.cuts))

    @property
    def handout(self):
        return f"handouts/{self.name}.md"

    @property
    def branch(self):
        return f"lab/{self.name}"

    def exercise(self, key):
        """By its id, or by its number alone."""
        for e in self.exercises:
            if key in (e.id, e.id.rpartition(".")[2]):
                return e
        raise BadLab(f"lab {self.name} has no exercise {key}; it has "
                     + ", ".join(e.id for e in self.exercises))

    def with_needs(self, exercise):
        """@exercise and all without which it cannot be tried, in order."""
        wanted = {exercise.id}
        for e in reversed(self.exercises):
            if e.id in wanted:
                wanted.update(e.needs)
        return [e for e in self.exercises if e.id in wanted]


def anchor(title):
    """The fragment that leads to a section of that title."""
    return re.sub(r"[^\w -]", "", title.lower()).strip().replace(" ", "-")


def path_of(name, root=ROOT):
    return pathlib.Path(root) / "labs" / name / "lab.toml"


def names(root=ROOT):
    """Of all labs that the tree has; in a starter that is one."""
    found = [p.parent.name
             for p in pathlib.Path(root).glob("labs/*/lab.toml")]
    return sorted(found, key=lambda n: number_of(n, root))


def number_of(name, root):
    return table_of(name, path_of(name, root).read_text()).get("number", 0)


def load(name, root=ROOT):
    """The lab @name of the tree at @root."""
    path = path_of(name, root)
    if not path.exists():
        raise BadLab(f"there is no lab {name!r}; there is "
                     + ", ".join(names(root)))
    return read(name, path.read_text())


def read(name, text):
    """The lab @name, whose lab.toml is @text."""
    table = table_of(name, text)
    try:
        return parse(table)
    except (TypeError, KeyError, ValueError) as wrong:
        raise BadLab(f"labs/{name}/lab.toml: {wrong}") from wrong


def table_of(name, text):
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise BadLab(f"labs/{name}/lab.toml: {wrong}; `git checkout HEAD "
                     f"labs/{name}/lab.toml` brings yours back") from wrong


def all_labs(root=ROOT):
    """Every lab of the tree, in the order in which they are taken."""
    return [load(name, root) for name in names(root)]


def parse(table):
    table = dict(table)
    exercises = tuple(parse_exercise(e) for e in table.pop("exercise", []))
    return Lab(exercises=exercises, **({"graded": True} | table))


def parse_exercise(table):
    table = dict(table)
    cuts = tuple(parse_cut(c) for c in table.pop("cut", []))
    lists = {k: tuple(v) for k, v in table.items() if isinstance(v, list)}
    return Exercise(cuts=cuts, **(table | lists))


def parse_cut(table):
    table = dict(table)
    file, _, function = table.pop("function").rpartition(":")
    if not file:
        raise ValueError(f"a cut is FILE:FUNCTION, not {function!r}")
    return Cut(file=file, function=function, **table)
