"""Both compilers build everything without a warning, and say the same twice."""

import hashlib
import os
import shutil
import subprocess

import pytest

import source

OUT = os.environ.get("O") or "obj"


def make(*words, tree=source.ROOT):
    env = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    done = subprocess.run(["make", "-s", "-j2", "-C", tree, *words],
                          env=env, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    return done.stdout, done.returncode


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_build(compiler):
    """From nothing, with all warnings on and each of them an error."""
    if not shutil.which(compiler):
        pytest.skip(f"{compiler} is not installed")
    out = f"{OUT}/check-{compiler}"
    shutil.rmtree(source.ROOT / out, ignore_errors=True)
    said, status = make(f"O={out}", f"CC={compiler}")
    assert status == 0 and said == "", said


def test_copied_tree(tmp_path):
    """A tree that was copied with what is built uses headers of its own."""
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    for part in ("Makefile", "kernel", "user", "tools"):
        (first / part).symlink_to(source.ROOT / part)
    (first / "kernel").unlink()
    shutil.copytree(source.ROOT / "kernel", first / "kernel")
    make("O=obj", "obj/include/abi", tree=first)
    shutil.copytree(first, second, symlinks=True)
    said, status = make("O=obj", "obj/include/abi", tree=second)
    assert status == 0, said
    assert (second / "obj/include/abi").samefile(second / "kernel/abi")


def test_a_name_is_defined_once(tmp_path):
    """Two functions of the library with one name are an error; else programs
    would have either, depending on what else they call."""
    for part in ("Makefile", "kernel", "tools"):
        (tmp_path / part).symlink_to(source.ROOT / part)
    lib = tmp_path / "user/lib"
    lib.mkdir(parents=True)
    for path in (source.ROOT / "user/lib").iterdir():
        if path.suffix == ".h" or path.name == "format.c":
            shutil.copy(path, lib)
    said, status = make("O=obj", "obj/user/libev6.a", tree=tmp_path)
    assert status == 0, said
    (lib / "again.c").write_text('#include "stdio.h"\n\nint snprintf('
                                 "char *buf, size_t size, const char *fmt, "
                                 "...)\n{\n\treturn 0;\n}\n")
    said, status = make("O=obj", "obj/user/libev6.a", tree=tmp_path)
    assert status and "multiple definition of `snprintf'" in said, said
    assert not (tmp_path / "obj/user/libev6.a").exists()


def test_initramfs_repeats(tmp_path):
    """The same programs give the same archive, wherever they were built."""
    both = [tmp_path / "a", tmp_path / "b"]
    for out in both:
        shutil.copy("/bin/true", out.with_suffix(".elf"))
    sums = set()
    for out in both:
        archive = subprocess.run(
            [source.ROOT / "tools/initramfs", out, "strip",
             both[0].with_suffix(".elf"), both[1].with_suffix(".elf")],
            capture_output=True, check=True).stdout
        sums.add(hashlib.sha256(archive).hexdigest())
    assert len(sums) == 1
