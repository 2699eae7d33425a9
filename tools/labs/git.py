"""What is asked of git, and nothing of the user's settings."""

import os
import subprocess

import labfile

# The same input gives the same commit: nobody's name, no clock.
IDENTITY = {
    "GIT_AUTHOR_NAME": "ev6", "GIT_AUTHOR_EMAIL": "ev6@course.invalid",
    "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
    "GIT_COMMITTER_NAME": "ev6", "GIT_COMMITTER_EMAIL": "ev6@course.invalid",
    "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
}


class Failed(Exception):
    """A sentence: what could not be done, and what to type next."""


def git(*words, root=labfile.ROOT, data=None, env=None, check=True):
    """What git prints, as bytes."""
    try:
        done = subprocess.run(["git", "-C", str(root), *map(str, words)],
                              input=data, capture_output=True,
                              env=os.environ | (env or {}))
    except FileNotFoundError:
        raise Failed("git is not installed: type `make setup`.") from None
    if done.returncode and check:
        said = done.stderr.decode(errors="replace").strip()
        raise Failed(f"git {words[0]} failed: {said}")
    return done.stdout if done.returncode == 0 else b""


def text(*words, **how):
    return git(*words, **how).decode().strip()


def is_repository(root=labfile.ROOT):
    """Is @root the top of a work tree?"""
    top = text("rev-parse", "--show-toplevel", root=root, check=False)
    return bool(top) and os.path.realpath(top) == os.path.realpath(root)


def resolve(name, root=labfile.ROOT):
    """The commit called @name, or ""."""
    return text("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}",
                root=root, check=False)


def entries(commit, root=labfile.ROOT):
    """{path: (mode, blob)} of every file of @commit."""
    found = {}
    listing = git("ls-tree", "-r", "-z", commit, root=root)
    for line in listing.decode().split("\0"):
        if line:
            meta, path = line.split("\t", 1)
            mode, kind, blob = meta.split()
            if kind == "blob":
                found[path] = (mode, blob)
    return found


def contents(files, root=labfile.ROOT):
    """{path: bytes} of @files, which are as entries() gives them."""
    blobs = "".join(f"{blob}\n" for _, blob in files.values())
    said = git("cat-file", "--batch", data=blobs.encode(), root=root)
    found, at = {}, 0
    for path in files:
        end = said.index(b"\n", at)
        size = int(said[at:end].split()[2])
        found[path] = said[end + 1:end + 1 + size]
        at = end + 1 + size + 1
    return found


def read(commit, path, root=labfile.ROOT):
    return git("cat-file", "blob", f"{commit}:{path}", root=root).decode()


def store(data, root=labfile.ROOT):
    """The blob that holds @data."""
    if isinstance(data, str):
        data = data.encode()
    return text("hash-object", "-w", "--stdin", data=data, root=root)


def commit_files(files, message, root=labfile.ROOT):
    """A commit without parents that holds @files, as entries() gives them."""
    index = text("rev-parse", "--absolute-git-dir", root=root) \
        + f"/ev6-index-{os.getpid()}"
    lines = "".join(f"{mode} {blob}\t{path}\0"
                    for path, (mode, blob) in sorted(files.items()))
    env = {"GIT_INDEX_FILE": index}
    try:
        git("update-index", "-z", "--add", "--index-info",
            data=lines.encode(), root=root, env=env)
        tree = text("write-tree", root=root, env=env)
    finally:
        if os.path.exists(index):
            os.unlink(index)
    return text("commit-tree", tree, data=message.encode(), root=root,
                env=IDENTITY)
