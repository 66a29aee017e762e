"""What is to be sent later: rows with a time, claimed for a short while, sent, and marked as done.

A row is unique for person, kind and subject, so whoever schedules the same again changes nothing that
was sent. One row at a time is claimed, and by one replica of all: so no more than one message is under
way, and whoever is killed between sending and marking repeats that one message at most.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, false, func, select, update

from dialogs.due import Due
from storage.tables import conversations, due

LEASE = timedelta(seconds=60)
"""For how long a claim keeps others off: longer than any sending takes."""

KEPT = timedelta(days=400)
"""How long it is remembered that something was sent: longer than any reminder is made ahead."""

STALE = timedelta(days=60)
"""After which nobody needs to be told any more: people who have blocked us, or do not come back."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row that is ours for now; ``attempts`` counts this one too."""

    id: int
    respondent: int
    due: Due
    attempts: int
    claimed_at: datetime


def schedule(connection: Connection, respondent: int, what: Due) -> None:
    """Keep it, or move it to another time; what was sent already stays so."""
    # Both databases spell it alike, but SQLAlchemy has one "insert" for each.
    table: Any = import_module(f"sqlalchemy.dialects.{connection.dialect.name}").insert(due)
    made = table.values(respondent_id=respondent, attempts=0, **_kept(what))
    new = made.excluded
    connection.execute(
        made.on_conflict_do_update(
            index_elements=["respondent_id", "kind", "subject"],
            set_={"due_at": new.due_at, "payload": new.payload},
            where=due.c.done_at.is_(None),
        )
    )


def cancel(connection: Connection, respondent: int, kind: str, subject: str) -> None:
    """Not to be sent any more; that it was sent is not forgotten."""
    connection.execute(
        delete(due).where(
            due.c.respondent_id == respondent,
            due.c.kind == kind,
            due.c.subject == subject,
            due.c.done_at.is_(None),
        )
    )


def replace(
    connection: Connection, respondent: int, kinds: Collection[str], wanted: Collection[Due]
) -> None:
    """Of these kinds, exactly the wanted ones are to come; what was sent already stays so."""
    keys = [(one.kind, one.subject) for one in wanted]
    coming = select(due.c.kind, due.c.subject).where(
        due.c.respondent_id == respondent, due.c.kind.in_(kinds), due.c.done_at.is_(None)
    )
    for kind, subject in connection.execute(coming).all():
        if (kind, subject) not in keys:
            cancel(connection, respondent, kind, subject)
    for one in wanted:
        schedule(connection, respondent, one)


def _kept(what: Due) -> dict[str, Any]:
    return {
        "kind": what.kind,
        "subject": what.subject,
        "due_at": what.at,
        "payload": what.payload,
    }


# --- Sending ---------------------------------------------------------------------------------


def claim(
    connection: Connection, channel: str, kinds: Collection[str], now: datetime
) -> Claimed | None:
    """The next row that is due on that channel; None where there is none, or somebody is sending.

    Kinds that this Merilo does not know wait for a newer one.
    """
    row, other = due.alias("row"), due.alias("other")
    # What is done is claimed by nobody. To ask for it too would keep SQLite from the index of claims.
    sending = select(other.c.id).where(*_holds(other, now))
    chosen = (
        select(row.c.id)
        .where(
            *_is_due(row, kinds, now),
            _is_reachable(row, channel),
            # Looked at again once the row is locked, unlike what other rows say.
            ~func.coalesce(and_(*_holds(row, now)), false()),
            ~sending.exists(),
        )
        .order_by(row.c.due_at, row.c.id)
        .limit(1)
        # Two replicas never take the same row. SQLite, with one writer, skips it.
        .with_for_update(skip_locked=True)
    )
    taken = (
        update(due)
        .where(due.c.id == chosen.scalar_subquery())
        .values(claimed_until=now + LEASE, attempts=due.c.attempts + 1)
        .returning(due)
    )
    found = connection.execute(taken).one_or_none()
    return _claimed(found, now) if found else None


def due_for(
    connection: Connection, respondent: int, kinds: Collection[str], now: datetime
) -> list[Claimed]:
    """What one person is to be told now, the oldest first: for a face that cannot send by itself."""
    query = select(due).where(*_is_due(due, kinds, now), due.c.respondent_id == respondent)
    found = connection.execute(query.order_by(due.c.due_at, due.c.id))
    return [_claimed(row, now) for row in found]


def _is_due(table: Any, kinds: Collection[str], now: datetime) -> tuple[ColumnElement[bool], ...]:
    return table.c.done_at.is_(None), table.c.due_at <= now, table.c.kind.in_(kinds)


def _is_reachable(table: Any, channel: str) -> ColumnElement[bool]:
    """Asked of each row that is due, by the index of conversations: there may be a million of these."""
    return (
        select(conversations.c.id)
        .where(
            conversations.c.respondent_id == table.c.respondent_id,
            conversations.c.channel == channel,
            conversations.c.blocked_at.is_(None),
        )
        .exists()
    )


def _holds(table: Any, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Whether a claim still holds. One made by a clock that was ahead holds no longer than others."""
    return table.c.claimed_until > now, table.c.claimed_until <= now + LEASE


def _claimed(row: Any, now: datetime) -> Claimed:
    what = Due(row.kind, row.subject, row.due_at, row.payload)
    return Claimed(row.id, row.respondent_id, what, row.attempts, now)


SENT, NEEDLESS, LOST = "sent", "needless", "lost"
"""What becomes of a row: told; nothing to say any more; given up after many tries."""


def finish(connection: Connection, claimed: Claimed, now: datetime, outcome: str = SENT) -> None:
    """Nothing more is to be done about it."""
    connection.execute(
        update(due)
        .where(due.c.id == claimed.id)
        .values(claimed_until=None, done_at=now, outcome=outcome)
    )


def put_off(
    connection: Connection, claimed: Claimed, until: datetime, *, tried: bool = False
) -> None:
    """It is to come later. ``tried``: sending has failed, which counts."""
    connection.execute(
        update(due)
        .where(
            due.c.id == claimed.id,
            due.c.done_at.is_(None),
            # Whoever comes too late must not undo somebody else's claim.
            due.c.attempts == claimed.attempts,
        )
        .values(claimed_until=None, due_at=until, attempts=claimed.attempts if tried else 0)
    )


def forget_old(connection: Connection, now: datetime) -> None:
    """What was sent long ago, and what nobody has come to read in time."""
    stale = due.c.done_at.is_(None) & (due.c.due_at < now - STALE)
    connection.execute(delete(due).where((due.c.done_at < now - KEPT) | stale))
