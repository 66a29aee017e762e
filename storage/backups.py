"""Copies of a database in a SQLite file, and the way back, without those who were erased meanwhile."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, insert, select

from storage.copying import Told, copy
from storage.database import BUSY, PATIENCE, migrate, open_database
from storage.keys import Keys
from storage.rotation import check_keys
from storage.tables import erasures, respondents

COPIES_KEPT = timedelta(days=30)
"""How long copies are kept that Merilo has made by itself, before a migration or a restoration."""

PAGES = 1000
Erasures = dict[str, datetime]
"""When somebody was erased, by mark."""


class CannotRestore(Exception):
    """The file is not a sound copy of a Merilo database."""


def back_up(engine: Engine, keys: Keys, file: Path, told: Told) -> None:
    """Copy the database while it is used. Raises FileExistsError rather than write over something."""
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    if engine.dialect.name == "sqlite":
        _copy_pages(Path(engine.url.database or ""), file, told)
        return
    with _opened(file, keys) as target:
        migrate(target)
        copy(engine, target, told)


def restore(file: Path, engine: Engine, keys: Keys, told: Told, now: datetime) -> int:
    """Put a copy in the place of the database; how many people of it had been erased since.

    The database that is replaced, where there is one, tells who that is; a SQLite file is kept beside.
    Raises CannotRestore or WrongKey, and then nothing has changed.
    """
    draft = file.with_name(f"{file.name}.restoring")
    draft.unlink(missing_ok=True)
    _copy_sound(file, draft, told)
    try:
        with _opened(draft, keys) as old:
            migrate(old)
            gone = _erase_again(old, _erasures(engine))
        _put_in_place(draft, engine, keys, told, now)
    finally:
        for left in draft.parent.glob(f"{draft.name}*"):
            left.unlink(missing_ok=True)
    return gone


def scrub(engine: Engine) -> None:
    """Take out of the log of changes what was just erased: for the tables, secure_delete sees to it."""
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        if engine.dialect.name == "sqlite":
            cursor.execute(f"PRAGMA busy_timeout={BUSY * 1000:.0f}")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            [busy, *_] = cursor.fetchone() or (1,)
            cursor.execute(f"PRAGMA busy_timeout={PATIENCE}")
            if busy:
                raise TimeoutError("the log of changes is in use")
        cursor.close()
    finally:
        raw.close()


def drop_old_copies(engine: Engine, now: datetime) -> int:
    """Delete the copies made before migrations and restorations that are past their time."""
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return 0
    database = Path(engine.url.database)
    oldest = (now - COPIES_KEPT).timestamp()
    past = [f for f in database.parent.glob(f"{database.name}.*.backup") if _age(f) < oldest]
    for copied in past:
        copied.unlink()
    return len(past)


def _age(file: Path) -> float:
    return file.stat().st_mtime


def _copy_pages(source: Path, target: Path, told: Told) -> None:
    def progress(_: int, left: int, whole: int) -> None:
        told("pages", whole - left, whole)

    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new, pages=PAGES, progress=progress)


def _copy_sound(file: Path, draft: Path, told: Told) -> None:
    if not file.is_file():
        raise CannotRestore(f"there is no file {file}")
    try:
        _copy_pages(file, draft, told)
        draft.chmod(0o600)
        if _is_sound(draft):
            return
    except sqlite3.DatabaseError:
        pass
    raise CannotRestore(f"{file} is not a sound copy of a Merilo database")


def _is_sound(file: Path) -> bool:
    """Raises sqlite3.DatabaseError for a file that is no database, or not one of ours."""
    with closing(sqlite3.connect(file)) as check:
        known = check.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
        return bool(known and check.execute("PRAGMA integrity_check").fetchone() == ("ok",))


@contextmanager
def _opened(file: Path, keys: Keys) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{file}", keys)
    try:
        yield engine
    finally:
        engine.dispose()


def _erasures(engine: Engine) -> Erasures:
    migrate(engine)
    with engine.connect() as connection:
        rows = connection.execute(select(erasures.c.mark, erasures.c.erased_at))
        return {row.mark: row.erased_at for row in rows}


def _erase_again(old: Engine, known: Erasures) -> int:
    """Whoever was erased since the copy was made is erased in it too, and it is remembered there."""
    with old.begin() as connection:
        check_keys(connection)
        marks = set(connection.scalars(select(erasures.c.mark)))
        gone = sum(_erase_mark(connection, mark) for mark in known)
        missing = [{"mark": m, "erased_at": at} for m, at in known.items() if m not in marks]
        if missing:
            connection.execute(insert(erasures), missing)
    scrub(old)
    return gone


def _erase_mark(connection: Connection, mark: str) -> int:
    return connection.execute(delete(respondents).where(respondents.c.mark == mark)).rowcount


def _put_in_place(draft: Path, engine: Engine, keys: Keys, told: Told, now: datetime) -> None:
    if engine.dialect.name != "sqlite":
        with _opened(draft, keys) as old:
            copy(old, engine, told, replace=True)
        return
    scrub(engine)
    engine.dispose()
    place = Path(engine.url.database or "")
    place.replace(place.with_name(f"{place.name}.{now:%Y%m%dT%H%M%SZ}.backup"))
    for left in ("-wal", "-shm"):
        place.with_name(place.name + left).unlink(missing_ok=True)
    draft.replace(place)
