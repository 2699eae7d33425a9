"""A course in one folder: what is handed out, and what grades it.

	DIR/ev6		a repository with one branch for each lab, to push where
			students can clone it
	DIR/gradescope	NAME.zip for each lab, to upload as its autograder
"""

import gzip
import zipfile

import ci
import git
import labfile
import starter

ZIP_DATE = (2026, 1, 1, 0, 0, 0)


def release(folder):
    """Fill @folder, which must be new or empty."""
    if folder.exists() and any(folder.iterdir()):
        raise git.Failed(f"{folder} is not empty: give DIR= a new folder, or "
                         f"type `rm -r {folder}` first")
    head = starter.resolve("HEAD")
    labs = starter.labs_at(head)
    commits = {lab.name: starter.make(lab, head) for lab in labs}
    repository = folder / "ev6"
    repository.mkdir(parents=True)
    first = labs[0]
    git.git("init", "-q", "-b", first.branch, root=repository)
    for lab in labs:
        git.git("fetch", "-q", labfile.ROOT, commits[lab.name],
                root=repository)
        git.git("update-ref", f"refs/heads/{lab.branch}", commits[lab.name],
                root=repository)
    git.git("reset", "-q", "--hard", first.branch, root=repository)
    for lab in labs:
        pack(lab, commits[lab.name], folder / "gradescope")
        print(f"{lab.branch:<16} {commits[lab.name][:12]}  "
              f"{len(lab.exercises)} exercises, {lab.points} points")
    print(f"\nHand out {repository}: students begin with `git switch "
          f"{labs[min(1, len(labs) - 1)].branch}`.\nUpload "
          f"{folder}/gradescope/NAME.zip as the autograder of lab NAME.\n"
          "The starter of a lab holds the solutions of all others: push its "
          "branch when\nthe lab before it has been handed in.  Keep this "
          "repository to yourselves.")
    return 0


def pack(lab, commit, folder):
    """The zip that Gradescope wants: two scripts, and our tree."""
    folder.mkdir(parents=True, exist_ok=True)
    tree = gzip.compress(git.git("archive", commit), mtime=0)
    files = {name: text.encode()
             for name, text in ci.gradescope_files(lab).items()}
    files["tree.tar.gz"] = tree
    with zipfile.ZipFile(folder / f"{lab.name}.zip", "w",
                         zipfile.ZIP_DEFLATED) as whole:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, ZIP_DATE)
            info.external_attr = 0o755 << 16
            whole.writestr(info, data)

