"""Everything that an admin does to content: who, when, what, the digest before and after, why.

Rows are only ever added; the database refuses anything else (``storage.append_only``). "Who" is a role's
bearer, never a bare number: ``telegram:<id>``, ``token:<name>``, ``shell:<user>``, or ``release`` for what came
with a new Merilo.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from storage.tables import content_log

RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Entry:
    """``what`` is one of draft, discard, publish, undo, shipped, token made, token revoked. ``before`` and
    ``after`` are the digests of the current edition, empty where there was none."""

    at: datetime
    who: str
    what: str
    instrument: str
    before: str = ""
    after: str = ""
    why: str = ""


def write(connection: Connection, entry: Entry) -> None:
    connection.execute(
        insert(content_log),
        {
            "at": entry.at,
            "who": entry.who,
            "what": entry.what,
            "instrument": entry.instrument,
            "before": entry.before,
            "after": entry.after,
            "why": entry.why,
        },
    )


def read(
    connection: Connection, instrument: str | None = None, newest: int | None = None
) -> list[Entry]:
    """The newest first; of one instrument, or of everything."""
    row = content_log.c
    query = select(row.at, row.who, row.what, row.instrument, row.before, row.after, row.why)
    if instrument is not None:
        query = query.where(row.instrument == instrument)
    rows = connection.execute(query.order_by(row.id.desc()).limit(newest))
    return [Entry(*found) for found in rows]


def last_change(connection: Connection, instrument: str, after: str) -> Entry | None:
    """How that edition became current last."""
    changes = (
        one for one in read(connection, instrument) if one.what in ("publish", "undo", "shipped")
    )
    return next((one for one in changes if one.after == after), None)
