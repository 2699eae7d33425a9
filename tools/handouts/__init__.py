"""The handouts: `python3 -m handouts`, with tools/ in the path."""
