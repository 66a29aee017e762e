"""Opening the database: settings that lose nothing, and migrations, after a backup copy."""

import logging
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url

from storage.keys import Keys
from storage.prepared import run

log = logging.getLogger(__name__)

SYNCHRONOUS_FULL = 2

BUSY = 10.0
"""Seconds to wait for other programs that use the same SQLite file."""

PATIENCE = 10
"""Milliseconds for which SQLite waits by itself before it is asked again."""

HEAD = "0007"
"""The newest migration. Compared with the database's own before Alembic is imported: that is slow."""


def open_database(url: str, keys: Keys) -> Engine:
    """An engine for that address; the folder of a SQLite file is made.

    The keys travel with its connections: see ``storage.keys.keys_of``.
    Raises sqlalchemy.exc.ArgumentError for an address that is not one.
    """
    parsed = make_url(with_driver(url))
    # Parameters are people's answers and notes: they must not appear in an error's text.
    engine = create_engine(parsed, hide_parameters=True, execution_options={"keys": keys})
    if parsed.get_backend_name() != "sqlite":
        return engine
    if parsed.database:
        Path(parsed.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def unsafe_settings(engine: Engine) -> list[str]:
    """What would let the database lose what it has acknowledged; empty where all is well."""
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            level = connection.exec_driver_sql("PRAGMA synchronous").scalar_one()
            return [] if level >= SYNCHRONOUS_FULL else ["synchronous is below FULL"]
        shown = {
            name: connection.exec_driver_sql(f"SHOW {name}").scalar_one()
            for name in ("synchronous_commit", "fsync", "full_page_writes")
        }
    return [f"{name} is off" for name, value in shown.items() if value == "off"]


def with_driver(url: str) -> str:
    """``postgresql://`` as people write it, with the driver that Merilo brings."""
    name, sign, rest = url.partition("://")
    return f"postgresql+psycopg{sign}{rest}" if name in {"postgres", "postgresql"} else url


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver must not begin transactions by itself: see _begin_immediate.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY * 1000:.0f}",
        "journal_mode=WAL",
        "synchronous=FULL",  # an acknowledged answer survives a power cut
        "foreign_keys=ON",
        "secure_delete=ON",  # what a person erases is overwritten, not only unlinked
        f"busy_timeout={PATIENCE}",  # from here on: see _begin_immediate
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    """Take the write lock at once: upgrading a read lock later could fail half-way.

    SQLite lets whoever has waited longest ask least often: among many programs somebody always starves.
    Asking again and again with a short patience gives all the same chance.
    """
    deadline = time.monotonic() + BUSY
    while not _has_begun(connection, give_up=time.monotonic() > deadline):
        pass


def _has_begun(connection: Connection, *, give_up: bool) -> bool:
    """Raises sqlite3.OperationalError where it is not the lock that hinders, or to give up."""
    try:
        run(connection, "BEGIN IMMEDIATE")
    except sqlite3.OperationalError as fault:
        if give_up or fault.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


def migrate(engine: Engine) -> None:
    """Bring the tables up to date. An older SQLite database is copied first, beside itself."""
    revision = current_revision(engine)
    if revision == HEAD:
        return
    if revision is not None:
        _back_up(engine, revision)
    log.info("Migrating the database from %s to %s", revision or "nothing", HEAD)
    _upgrade(engine, HEAD)


def wait_for_other_starts(connection: Connection) -> None:
    """Replicas that start together migrate and publish one after the other. SQLite waits by itself."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('merilo start'))"))


def current_revision(engine: Engine) -> str | None:
    """The migration that the database stands at; None for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return version


def alembic_config(connection: Connection) -> Any:
    """Alembic's settings for this connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def _upgrade(engine: Engine, revision: str) -> None:
    from alembic import command

    with engine.begin() as connection:
        wait_for_other_starts(connection)
        command.upgrade(alembic_config(connection), revision)


def _back_up(engine: Engine, revision: str) -> None:
    file = engine.url.database
    if engine.dialect.name != "sqlite" or not file or not Path(file).exists():
        return
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    copy = Path(f"{file}.{revision}.{stamp}.backup")
    with sqlite3.connect(file) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    source.close()
    target.close()
    copy.chmod(0o600)
    log.info("Copied the database to %s before migrating it", copy)
