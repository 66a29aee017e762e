"""Published editions: stored once under their digest, never changed; and which of them is current.

An instrument has two pointers: the edition that new assessments start with, and the one that Merilo itself
ships. Where they differ, an admin chose the current one, and a newer Merilo does not take it away.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, text

from content.compiled import digest_of, load_edition
from content.library import Library
from storage.prepared import Prepared, insert_new, inserted_id, upsert
from storage.tables import current_editions, edition_sources, editions, shipped_editions

_MAKE_CURRENT = upsert(current_editions, "instrument", "edition_id", key=("instrument",))
_MAKE_SHIPPED = upsert(shipped_editions, "instrument", "edition_id", "sources", key=("instrument",))
_KEEP_SOURCES = insert_new(edition_sources, "edition_id", "package")
_CURRENT = Prepared(
    select(editions.c.digest).join(current_editions, current_editions.c.edition_id == editions.c.id)
)


@dataclass(frozen=True, slots=True)
class Published:
    """An edition without its content. ``current``: new assessments start with it; ``shipped``: it is the one
    that Merilo brings; ``has_sources``: the files it was compiled from are kept, and can be exported."""

    id: int
    instrument: str
    number: int
    digest: str
    at: datetime
    current: bool
    shipped: bool
    has_sources: bool


def lock(connection: Connection) -> None:
    """One at a time changes what is current, in any replica. SQLite, with one writer, needs no more."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('merilo content'))"))


# --- Publishing ----------------------------------------------------------------------------------


def publish(
    connection: Connection, instrument: str, compiled: bytes, sources: str, now: datetime
) -> int:
    """Take in an edition that Merilo ships, and make it current unless an admin chose another; its id.

    ``sources`` is the digest of the files that it was compiled from.
    """
    lock(connection)
    chosen = is_chosen(connection, instrument)
    edition = stored(connection, instrument, compiled, now)
    values = {"instrument": instrument, "edition_id": edition, "sources": sources}
    _MAKE_SHIPPED(connection, values)
    if not chosen:
        make_current(connection, instrument, edition)
    return edition


def stored(connection: Connection, instrument: str, compiled: bytes, now: datetime) -> int:
    """The id of that edition, stored as the next number if it is new."""
    known = connection.scalar(select(editions.c.id).where(editions.c.digest == digest_of(compiled)))
    return known or _store(connection, instrument, compiled, now)


def make_current(connection: Connection, instrument: str, edition: int) -> None:
    _MAKE_CURRENT(connection, {"instrument": instrument, "edition_id": edition})


def keep_sources(connection: Connection, edition: int, package: bytes) -> None:
    """The zip that it was compiled from; the first stays where there are several."""
    _KEEP_SOURCES(connection, {"edition_id": edition, "package": package})


def number_of(connection: Connection, digest: str) -> int:
    """Which edition of its instrument that is, counted from one."""
    number = connection.scalar(select(editions.c.number).where(editions.c.digest == digest))
    return int(number or 0)


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


# --- What is published ---------------------------------------------------------------------------


def shipped_sources(connection: Connection, instrument: str) -> str | None:
    """The digest of the shipped files that were taken in last."""
    query = select(shipped_editions.c.sources).where(shipped_editions.c.instrument == instrument)
    return connection.scalar(query)


def is_chosen(connection: Connection, instrument: str) -> bool:
    """Whether an admin chose the current edition: it is not the one that Merilo ships."""
    return any(not one.shipped for one in published(connection, instrument) if one.current)


def newer_shipped(connection: Connection) -> list[Published]:
    """The shipped editions that came after the one that an admin chose."""
    every = published(connection)
    current = {one.instrument: one.number for one in every if one.current}
    return [one for one in every if one.shipped and one.number > current.get(one.instrument, 0)]


def published(connection: Connection, instrument: str | None = None) -> list[Published]:
    """Every edition, of one instrument or of all: in the order of first publication, then by number."""
    at = editions.c
    query = (
        select(
            *(at.id, at.instrument, at.number, at.digest, at.published_at),
            current_editions.c.edition_id.is_not(None),
            shipped_editions.c.edition_id.is_not(None),
            edition_sources.c.edition_id.is_not(None),
        )
        .outerjoin(current_editions, current_editions.c.edition_id == at.id)
        .outerjoin(shipped_editions, shipped_editions.c.edition_id == at.id)
        .outerjoin(edition_sources, edition_sources.c.edition_id == at.id)
    )
    if instrument is not None:
        query = query.where(at.instrument == instrument)
    rows = [Published(*row) for row in connection.execute(query.order_by(at.id))]
    first: dict[str, int] = {}
    for row in rows:
        first.setdefault(row.instrument, row.id)
    return sorted(rows, key=lambda row: (first[row.instrument], row.number))


def current(connection: Connection, instrument: str) -> Published | None:
    """None for an instrument that there is not."""
    return next((one for one in published(connection, instrument) if one.current), None)


def compiled_of(connection: Connection, edition: int) -> bytes:
    """The canonical JSON of an edition that there is."""
    query = select(editions.c.compiled).where(editions.c.id == edition)
    compiled: bytes = connection.execute(query).scalar_one()
    return compiled


def compiled_as(connection: Connection, digest: str) -> bytes:
    """The canonical JSON of the edition with that digest, which there is."""
    query = select(editions.c.compiled).where(editions.c.digest == digest)
    compiled: bytes = connection.execute(query).scalar_one()
    return compiled


def sources_of(connection: Connection, edition: int) -> bytes | None:
    """The zip that it was compiled from; None for editions from before sources were kept."""
    return connection.scalar(
        select(edition_sources.c.package).where(edition_sources.c.edition_id == edition)
    )


# --- The library in memory -----------------------------------------------------------------------


def read_library(connection: Connection) -> Library:
    """Every edition ever published, and which are on offer, in the order of first publication."""
    known = connection.scalars(select(editions.c.compiled).order_by(editions.c.id))
    return Library([load_edition(compiled) for compiled in known], _on_offer(connection))


def is_behind(connection: Connection, library: Library) -> bool:
    """Whether other editions are current than the library offers. Cheap: asked every few seconds."""
    now = {digest for (digest,) in _CURRENT(connection, {})}
    return now != set(library.on_offer)


def caught_up(connection: Connection, library: Library) -> Library:
    """The library with what was published since; only that is read. The guide stays."""
    new = connection.scalars(
        select(editions.c.compiled)
        .where(editions.c.digest.not_in([one.digest for one in library.editions]))
        .order_by(editions.c.id)
    )
    every = [*library.editions, *(load_edition(compiled) for compiled in new)]
    return Library(every, _on_offer(connection), library.guide)


def _on_offer(connection: Connection) -> list[str]:
    """Digests of the current editions, in the order of first publication."""
    first = editions.alias()
    return list(
        connection.scalars(
            select(editions.c.digest)
            .join(current_editions, current_editions.c.edition_id == editions.c.id)
            .join(first, (first.c.instrument == editions.c.instrument) & (first.c.number == 1))
            .order_by(first.c.id)
        )
    )
