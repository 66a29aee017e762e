"""What operators do from a shell, each with its progress."""

import sys

from sqlalchemy import Engine

from bot.keyring import begin_rotation, end_rotation, keys_at_hand
from bot.settings import Settings
from storage import rotation
from storage.database import migrate, open_database
from storage.keys import Keys


def rotate_key(settings: Settings) -> None:
    """Raises WrongKey where something is sealed under a key that is not at hand."""
    engine = _opened(settings, begin_rotation(settings))
    done = rotation.rotate(engine, show_progress)
    end_rotation(settings)
    print(f"Sealed anew: {done} notes and addresses. The old key opens nothing any more.")


def migrate_database(settings: Settings) -> None:
    engine = _opened(settings, keys_at_hand(settings))
    print(f"The database is up to date: {engine.url.render_as_string(hide_password=True)}")


def show_progress(done: int, whole: int) -> None:
    """One line that grows on a terminal; a line a batch elsewhere."""
    end = "\r" if sys.stderr.isatty() and done < whole else "\n"
    print(f"  {done} of {whole}", end=end, file=sys.stderr, flush=True)


def _opened(settings: Settings, keys: Keys) -> Engine:
    engine = open_database(settings.database, keys)
    migrate(engine)
    return engine
