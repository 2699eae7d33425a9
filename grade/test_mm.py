"""The kernel's memory layer, as a program on the host."""

import os
import subprocess

import pytest

import runner

SOURCES = ["grade/host/mm_test.c", "kernel/arch/x86/paging.c"] + [
    f"kernel/mm/{name}.c"
    for name in ("page", "kmalloc", "region", "aspace", "shootdown")]

TESTS = ["pages", "kmalloc", "regions", "placement", "refusals", "limit",
         "fragments", "unmap_turns", "shootdown", "shootdown_late",
         "page_misuse"]


@pytest.fixture(scope="module")
def passed(tmp_path_factory):
    """Build the test program, run it, and list the tests that passed."""
    program = tmp_path_factory.mktemp("mm") / "mm_test"
    subprocess.run([os.environ.get("HOSTCC", "cc"), "-std=gnu11", "-O1", "-g",
                    "-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror",
                    "-Igrade/host/stub", "-Ikernel", "-o", program, *SOURCES],
                   cwd=runner.ROOT, check=True)
    try:
        told = subprocess.run([program], stdout=subprocess.PIPE,
                              timeout=60).stdout
    except subprocess.TimeoutExpired as hung:  # in the one after the last
        told = hung.stdout or b""
    return told.decode().split()


@pytest.mark.parametrize("name", TESTS)
def test_mm(passed, name):
    """What the kernel does agrees with a model that is simple."""
    assert name in passed
