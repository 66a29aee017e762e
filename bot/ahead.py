"""Preparing at a first start, in a process of its own, while this one loads what it serves with.

What preparing loads (Alembic, YAML, models of authors' files) would stay in memory for as long as Merilo
serves, 20 MB for nothing. A start that finds everything up to date needs none of it, and no such process.

Apart from ``preparing``, so that the process begins before anything large is loaded here.
"""

import subprocess
import sys

from bot.occupied import serving
from bot.settings import Settings


def begin_ahead(settings: Settings) -> "subprocess.Popen[bytes] | None":
    """The process, under way; None where there is nothing to prepare. Wait for it before serving.

    It reads the same settings again, and tells nothing: what it could not do, the start that waits for
    it does itself, and meets the same fault.
    """
    with serving(settings):
        if _is_there(settings) and _is_prepared(settings):
            return None
    # -P: a folder of the operator's that is called "bot" is not meant.
    return subprocess.Popen([sys.executable, "-P", "-m", "bot.preparing"])


def _is_there(settings: Settings) -> bool:
    """Whether there may be a database, as far as can be told without asking it."""
    return settings.database_file is None or settings.database_file.exists()


def _is_prepared(settings: Settings) -> bool:
    # Imported here: it takes half as long as all the preparing.
    from bot.preparing import is_prepared

    return is_prepared(settings)
