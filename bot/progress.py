"""How far a command is, for whoever waits for it."""

import sys


def show_part(part: str, done: int, whole: int) -> None:
    show_progress(done, whole, part)


def show_progress(done: int, whole: int, part: str = "notes and addresses") -> None:
    """One line that grows on a terminal; a line a batch elsewhere."""
    end = "\r" if sys.stderr.isatty() and done < whole else "\n"
    print(f"  {part}: {done} of {whole}", end=end, file=sys.stderr, flush=True)
