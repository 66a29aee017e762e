"""Drafts: what an admin has handed in and not published yet."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from storage.tables import drafts

KEPT = timedelta(days=7)
"""How long a draft waits to be published."""


@dataclass(frozen=True, slots=True)
class Row:
    """``base``: the digest of the edition that was current when it came, empty for a new instrument;
    ``compiled``: the edition that it makes, empty where the report names problems; ``report``: JSON;
    ``edition``: the id of the edition that it became."""

    id: str
    instrument: str
    base: str
    package: bytes
    compiled: bytes
    report: str
    who: str
    at: datetime
    edition: int | None = None


def keep(connection: Connection, row: Row) -> None:
    connection.execute(
        insert(drafts),
        {
            "id": row.id,
            "instrument": row.instrument,
            "base": row.base,
            "package": row.package,
            "compiled": row.compiled,
            "report": row.report,
            "who": row.who,
            "made_at": row.at,
        },
    )


def find(connection: Connection, id_: str, now: datetime) -> Row | None:
    """None where there is none, or it is past its time."""
    query = select(drafts).where(drafts.c.id == id_, drafts.c.made_at > now - KEPT)
    row = connection.execute(query).one_or_none()
    return Row(*row) if row else None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A draft that is not published, without its content."""

    id: str
    who: str
    at: datetime


def waiting(connection: Connection, instrument: str, now: datetime) -> list[Waiting]:
    """What waits to be published, the newest first."""
    row = drafts.c
    query = select(row.id, row.who, row.made_at).where(
        row.instrument == instrument, row.edition_id.is_(None), row.made_at > now - KEPT
    )
    found = connection.execute(query.order_by(row.made_at.desc(), row.id))
    return [Waiting(*one) for one in found]


def mark_published(connection: Connection, id_: str, edition: int) -> None:
    connection.execute(update(drafts).where(drafts.c.id == id_).values(edition_id=edition))


def drop(connection: Connection, id_: str) -> None:
    connection.execute(delete(drafts).where(drafts.c.id == id_))


def drop_old(connection: Connection, now: datetime) -> None:
    connection.execute(delete(drafts).where(drafts.c.made_at <= now - KEPT))
