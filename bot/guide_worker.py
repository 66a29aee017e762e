"""Compiles the guide for an edition, given on standard input, into the folder that is named.

A process of its own, for ``bot.following``: compiling takes a second, and memory that serving can do without.
"""

import sys
from pathlib import Path

from bot.shipped import shipped_guide
from content.compiled import load_edition
from content.library import Library

if __name__ == "__main__":
    edition = load_edition(sys.stdin.buffer.read())
    shipped_guide(Library([edition], [edition.digest]), Path(sys.argv[1]))
