"""Preparing at a first start, in a process of its own, while this one loads what it serves with.

What preparing loads (Alembic, YAML, models of authors' files) would stay in memory for as long as Merilo
serves, 20 MB for nothing. A start that finds everything up to date needs none of it, and no such process.

The process is a fork, begun when what both need is loaded: to load that again costs 0.3 s of CPU time.
Nothing has begun a thread or opened a connection by then.
"""

import os

from bot.occupied import serving
from bot.preparing import is_prepared, prepare_ahead
from bot.settings import Settings


class Ahead:
    """The process, under way. Wait for it before serving."""

    def __init__(self, settings: Settings) -> None:
        self._id = os.fork()
        if not self._id:
            _prepare_and_end(settings)

    def wait(self) -> int:
        """Its exit code. What it could not do, the start that waits does itself, and meets the same fault."""
        return os.waitstatus_to_exitcode(os.waitpid(self._id, 0)[1])


def begin_ahead(settings: Settings) -> Ahead | None:
    """None where there is nothing to prepare."""
    with serving(settings):
        if _is_there(settings) and is_prepared(settings):
            return None
    return Ahead(settings)


def _prepare_and_end(settings: Settings) -> None:
    """In the new process; whatever happens, it must not go on as a second Merilo."""
    code = 1
    try:
        code = prepare_ahead(settings)
    finally:
        # Everything is closed by now. Python's own clearing up takes 0.2 s, and the start waits for it.
        os._exit(code)


def _is_there(settings: Settings) -> bool:
    """Whether there may be a database, as far as can be told without asking it."""
    return settings.database_file is None or settings.database_file.exists()
