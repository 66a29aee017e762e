"""Where a run writes: in memory, where the machine has room for that and ``TMPDIR`` does not say otherwise.

Merilo and PostgreSQL keep every setting that makes them wait for the disk. But no test cuts the power, and
what a file system has taken outlives ``kill -9`` on any of them: on a disk the run would only be slower.
"""

import os
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - the folders in it are made by tempfile and pytest, as in /tmp
ROOM = 2 * 1024**3
"""Bytes: several times what a run needs, as containers often have but a few megabytes there."""


def write_in_memory() -> None:
    """For this process, its children, and the workers of a run."""
    if "TMPDIR" not in os.environ and _has_room(MEMORY):
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # pytest has asked already, and the answer is kept


def _has_room(folder: Path) -> bool:
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        return False
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize >= ROOM and not found.f_flag & os.ST_NOEXEC
