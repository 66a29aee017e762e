"""Published editions: stored once under their digest, never changed."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from content.compiled import digest_of, load_edition
from content.library import Library
from storage.prepared import inserted_id, upsert
from storage.tables import current_editions, editions

_MAKE_CURRENT = upsert(current_editions, "instrument", "edition_id", "sources", key=("instrument",))


def sources_of_current(connection: Connection, instrument: str) -> str | None:
    """The digest of the files that the current edition was compiled from."""
    query = select(current_editions.c.sources).where(current_editions.c.instrument == instrument)
    return connection.scalar(query)


def publish(
    connection: Connection, instrument: str, compiled: bytes, sources: str, now: datetime
) -> None:
    """Make an edition current, storing it as the next number if it is new."""
    edition_id = _stored(connection, digest_of(compiled)) or _store(
        connection, instrument, compiled, now
    )
    values = {"instrument": instrument, "edition_id": edition_id, "sources": sources}
    _MAKE_CURRENT(connection, values)


def read_library(connection: Connection) -> Library:
    """Every edition ever published, and which are on offer, in the order of first publication."""
    known = connection.scalars(select(editions.c.compiled).order_by(editions.c.id))
    first = editions.alias()
    current = connection.scalars(
        select(editions.c.digest)
        .join(current_editions, current_editions.c.edition_id == editions.c.id)
        .join(first, (first.c.instrument == editions.c.instrument) & (first.c.number == 1))
        .order_by(first.c.id)
    )
    return Library([load_edition(compiled) for compiled in known], list(current))


def number_of(connection: Connection, digest: str) -> int:
    """Which edition of its instrument that is, counted from one."""
    number = connection.scalar(select(editions.c.number).where(editions.c.digest == digest))
    return int(number or 0)


def _stored(connection: Connection, digest: str) -> int | None:
    return connection.scalar(select(editions.c.id).where(editions.c.digest == digest))


def _store(connection: Connection, instrument: str, compiled: bytes, now: datetime) -> int:
    last = select(func.max(editions.c.number)).where(editions.c.instrument == instrument)
    values = {
        "instrument": instrument,
        "number": (connection.scalar(last) or 0) + 1,
        "digest": digest_of(compiled),
        "compiled": compiled,
        "published_at": now,
    }
    return inserted_id(connection, editions, values)
