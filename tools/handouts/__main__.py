"""Make the handouts, in $O/handouts.

Without options: the pages, and a complaint for everything they name that is
not there.  --check also runs the transcripts and compares; --fix rewrites them
with what the commands print now.  Names of pages after it: only their
transcripts.
"""

import argparse
import os
import pathlib
import sys

from . import links, site, transcript
from .page import PAGES, ROOT, read_all


def run_transcripts(pages, names, fix):
    """Complaints about those that differ."""
    for name, page in pages.items():
        if names and name not in names:
            continue
        for line, wanted, got in transcript.check(page, fix):
            yield (f"{page.where(line)}: the commands print something else"
                   + (", rewritten" if fix else ":\n" + "\n".join(
                       ["  was:"] + [f"    {x}" for x in wanted] +
                       ["  is:"] + [f"    {x}" for x in got])))


def main():
    parser = argparse.ArgumentParser(
        prog="make handouts", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--fix", action="store_true")
    parser.add_argument("pages", nargs="*")
    args = parser.parse_args()
    absent = site.missing()
    if absent:
        sys.exit(f"ev6: {absent}")
    out = pathlib.Path(os.environ.get("O") or "obj", "handouts")
    pages, complaints = read_all(ROOT / PAGES)
    if args.check or args.fix:
        complaints += run_transcripts(pages, args.pages, args.fix)
    complaints += site.build(pages, ROOT / out)
    complaints += links.broken(ROOT / out)
    for page in pages.values():
        complaints += links.missing_names(page)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    print(f"{out}/index.html: {len(pages)} pages")
    return 1 if complaints else 0


sys.exit(main())
