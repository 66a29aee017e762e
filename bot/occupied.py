"""Who uses the data folder: any number may serve from it, but changing all of it needs it alone."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.refusal import Refused
from bot.settings import Settings

FILE = "in-use"


@contextmanager
def serving(settings: Settings) -> Iterator[None]:
    """Raises Refused while a command changes all of it."""
    with _locked(
        settings, fcntl.LOCK_SH, "A command of Merilo is changing the database: wait for it"
    ):
        yield


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Raises Refused while Merilo serves. On other machines at the same PostgreSQL it is not seen."""
    with _locked(settings, fcntl.LOCK_EX, "Merilo is running from this data folder: stop it first"):
        yield


@contextmanager
def _locked(settings: Settings, kind: int, taken: str) -> Iterator[None]:
    folder = Path(settings.data_dir)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / FILE).open("a") as file:
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except OSError:
            raise Refused(taken) from None
        yield
