"""The challenge of lab mailboxes, solved: what its handout asks can be done."""

import os
import pathlib
import subprocess

import pytest

import runner

HERE = pathlib.Path("labs/mailboxes/reference")


@pytest.fixture
def build(tmp_path):
    """Compile both halves and their test, with the change given."""

    def make(file=None, old="", new=""):
        for source in HERE.iterdir():
            text = source.read_text()
            if source.name == file:
                assert old in text
                text = text.replace(old, new, 1)
            (tmp_path / source.name).write_text(text)
        cc = ["gcc", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror",
              "-Wno-unused-parameter", "-fno-strict-aliasing", "-DEV6_EXPLORE",
              f"-I{tmp_path}"]
        objects = []
        for name, include in (("bcq_post", "kernel"), ("bcq_test", "kernel"),
                              ("bcq_get", "user/lib")):
            objects.append(tmp_path / f"{name}.o")
            subprocess.run(
                [*cc, f"-I{include}", f"-I{runner.OUT}/include", "-c", "-o",
                 objects[-1], tmp_path / f"{name}.c"], check=True)
        out = tmp_path / "bcq"
        subprocess.run(["gcc", "-pthread", "-o", out, *objects], check=True)
        return out

    return make


def run(program):
    return subprocess.run([program], capture_output=True, text=True,
                          timeout=120, env=os.environ).stdout


def test_contract(build):
    """Alone, together and in order: the contract of the handout is kept."""
    assert "keeps its contract" in run(build())


@pytest.mark.parametrize("file, old, new", [
    ("bcq_post.c", "if (closed)", "if (0 && closed)"),
    ("bcq_get.c", "take_lost(bcq, msg) || take_slot(bcq, msg)",
     "take_slot(bcq, msg) || take_lost(bcq, msg)"),
    ("bcq_post.c", "old & bit ? POST_COALESCED : POST_NEW", "POST_COALESCED"),
    ("bcq_get.c", "while (!found && take_bits(bcq))",
     "while (!found && (take_bits(bcq), 0))"),
], ids=["never-closed", "ring-first", "counts", "no-second-look"])
def test_test(build, file, old, new):
    """A BCQ that breaks a sentence of the contract does not pass."""
    assert "not so" in run(build(file, old, new))
