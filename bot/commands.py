"""What operators do from a shell, each with its progress."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from bot.keyring import begin_rotation, end_rotation, keys_at_hand
from bot.progress import show_part, show_progress
from bot.refusal import Refused
from bot.settings import Settings
from bot.statistics import anonymous
from storage import backups, copying, rotation
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


def back_up(settings: Settings, file: str) -> None:
    """Raises Refused where there is something of that name already."""
    keys = keys_at_hand(settings)
    try:
        backups.back_up(_opened(settings, keys), keys, Path(file), show_part)
    except FileExistsError:
        raise Refused(f"{file} is there already: name another file") from None
    print(f"Backed up to {file}. Keep the key elsewhere: without it this copy cannot be read.")


def restore(settings: Settings, file: str) -> None:
    """Raises Refused where that file is not a copy of ours."""
    keys = keys_at_hand(settings)
    engine = open_database(settings.database, keys)
    try:
        gone = backups.restore(Path(file), engine, keys, show_part, datetime.now(UTC))
    except backups.CannotRestore as wrong:
        raise Refused(str(wrong)) from None
    print(f"Restored from {file}. Erased since then, and erased again: {gone} people.")


def copy(settings: Settings, to: str) -> None:
    """Raises Refused where the target holds people, or differs afterwards."""
    keys = keys_at_hand(settings)
    target = open_database(to, keys)
    migrate(target)
    try:
        counts = copying.copy(_opened(settings, keys), target, show_part)
    except copying.CannotCopy as wrong:
        raise Refused(str(wrong)) from None
    for table, rows in counts.items():
        print(f"  {table}: {rows} rows, the same digest on both sides")
    print("Copied. Set MERILO_DATABASE_URL to the new database, and keep the same key.")


def export(settings: Settings, instrument: str, format_: str) -> None:
    """To standard output. Raises Refused for an unknown instrument or where too few have answered."""
    with _opened(settings, keys_at_hand(settings)).connect() as connection:
        sys.stdout.buffer.write(anonymous(connection, instrument, format_))


def _opened(settings: Settings, keys: Keys) -> Engine:
    engine = open_database(settings.database, keys)
    migrate(engine)
    return engine
