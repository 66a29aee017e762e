"""Announcements: news of an edition, for everybody who wants to hear of it.

One is written, begun, and perhaps stopped. From then on rows of ``due`` are made in batches, so that no answer
waits for ten thousand of them; the announcement remembers how far that is, so whoever crashes goes on there.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    delete,
    func,
    insert,
    literal,
    select,
    text,
    update,
)

from dialogs.news import NEWS
from storage.tables import Moment, announcements, conversations, due, editions

BATCH = 1000
"""Conversations that are looked at in one transaction."""

WANTED = f'%"reminders": [%"{NEWS}"%'
"""How it reads in a conversation's state that somebody wants to hear of news (``dialogs.saving``). Whoever is
taken for one by mistake is not told: the message looks again."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """``texts`` by language. ``all_made``: nobody is left to make a row for. ``id`` is 0 for one that is only
    offered: nothing is kept of it yet."""

    id: int
    instrument: str
    number: int
    digest: str
    texts: Mapping[str, str]
    begun: datetime | None
    all_made: bool
    stopped: datetime | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How many were told, how many are still to be told, how many could not be, and who no longer wished it.
    ``away``: of those left, who has blocked us meanwhile."""

    sent: int
    left: int
    lost: int
    needless: int
    away: int


def written_for(connection: Connection, edition: int, texts: Mapping[str, str]) -> Announcement:
    """The announcement of an edition: the one that there is, else a new one with these texts."""
    if known := of_edition(connection, edition):
        return known
    values = {"edition_id": edition, "texts": _plain(texts), "reached": 0, "all_made": 0}
    made = connection.execute(insert(announcements), values).inserted_primary_key
    found = find(connection, made[0])  # type: ignore[index]
    assert found is not None  # noqa: S101 - it is there by now
    return found


def of_edition(connection: Connection, edition: int) -> Announcement | None:
    of_it = announcements.c.edition_id == edition
    known = connection.scalar(select(announcements.c.id).where(of_it))
    return None if known is None else find(connection, known)


def find(connection: Connection, id_: int) -> Announcement | None:
    row = announcements.c
    query = (
        select(
            *(row.id, editions.c.instrument, editions.c.number, editions.c.digest),
            *(row.texts, row.begun_at, row.all_made, row.stopped_at),
        )
        .join(editions, editions.c.id == row.edition_id)
        .where(row.id == id_)
    )
    found = connection.execute(query).one_or_none()
    if found is None:
        return None
    id_, instrument, number, digest, texts, begun, made, stopped = found
    return Announcement(
        id_, instrument, number, digest, json.loads(texts), begun, bool(made), stopped
    )


def rewrite(connection: Connection, id_: int, texts: Mapping[str, str]) -> bool:
    """Whether it could be written otherwise: not once it was begun."""
    return _change(connection, id_, announcements.c.begun_at.is_(None), texts=_plain(texts))


def begin(connection: Connection, id_: int, now: datetime) -> bool:
    """Whether it is begun by this: not for the second time."""
    return _change(connection, id_, announcements.c.begun_at.is_(None), begun_at=now)


def stop(connection: Connection, id_: int, now: datetime) -> bool:
    """Drop whatever is not sent yet. Whether it is stopped by this."""
    running = announcements.c.begun_at.is_not(None) & announcements.c.stopped_at.is_(None)
    stopped = _change(connection, id_, running, stopped_at=now, all_made=1)
    connection.execute(delete(due).where(*_of(id_), due.c.done_at.is_(None)))
    return stopped


def _change(
    connection: Connection, id_: int, condition: ColumnElement[bool], **values: object
) -> bool:
    found = announcements.c.id == id_
    changed = connection.execute(update(announcements).where(found, condition).values(**values))
    return bool(changed.rowcount)


def _plain(texts: Mapping[str, str]) -> str:
    return json.dumps(dict(texts), ensure_ascii=False)


# --- A row for everybody who wants to hear of it -------------------------------------------------


def spread(connection: Connection, now: datetime, batch: int = BATCH) -> bool:
    """Make the next batch of rows, of whichever announcement has some left to make; whether there was one."""
    row = announcements.c
    open_ = (row.begun_at.is_not(None), row.stopped_at.is_(None), row.all_made == 0)
    query = (
        select(row.id, row.reached, row.texts, editions.c.instrument)
        .join(editions, editions.c.id == row.edition_id)
        .where(*open_)
        .order_by(row.id)
        .limit(1)
        # Two replicas never make the same batch. SQLite, with one writer, skips it.
        .with_for_update(skip_locked=True, of=announcements)
    )
    found = connection.execute(query).one_or_none()
    if found is None:
        return False
    last = _last_of_batch(connection, found.reached, batch)
    if last is None:
        _change(connection, found.id, row.all_made == 0, all_made=1)
        _count_anew(connection)
        return True
    _make_rows(connection, found, last, now)
    _change(connection, found.id, row.all_made == 0, reached=last)
    return True


def _count_anew(connection: Connection) -> None:
    """PostgreSQL plans by figures from before the rows came: each claim would read all of them."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ANALYZE due"))


def _last_of_batch(connection: Connection, reached: int, batch: int) -> int | None:
    """None where there are no more conversations."""
    at = conversations.c.id
    ahead = select(at).where(at > reached).order_by(at).limit(batch).subquery()
    last: int | None = connection.scalar(select(func.max(ahead.c.id)))
    return last


def _make_rows(connection: Connection, of: Any, last: int, now: datetime) -> None:
    c = conversations.c
    payload = json.dumps({"instrument": of.instrument, "texts": json.loads(of.texts)})
    told = select(
        *(c.respondent_id, literal(NEWS), literal(str(of.id)), literal(now, Moment)),
        *(literal(payload), literal(0)),
    ).where(c.id > of.reached, c.id <= last, *_wants_news())
    table: Any = import_module(f"sqlalchemy.dialects.{connection.dialect.name}").insert(due)
    columns = ["respondent_id", "kind", "subject", "due_at", "payload", "attempts"]
    # Somebody may have two conversations: they are told once.
    connection.execute(table.from_select(columns, told.distinct()).on_conflict_do_nothing())


def _wants_news() -> tuple[ColumnElement[bool], ...]:
    c = conversations.c
    return c.respondent_id.is_not(None), c.blocked_at.is_(None), c.state.like(WANTED)


def readers(connection: Connection) -> int:
    """How many would be told."""
    people = select(func.count(conversations.c.respondent_id.distinct())).where(*_wants_news())
    return connection.scalar(people) or 0


def progress(connection: Connection, id_: int) -> Progress:
    query = select(due.c.outcome, func.count()).where(*_of(id_), due.c.done_at.is_not(None))
    rows = connection.execute(query.group_by(due.c.outcome)).all()
    done = {row[0]: row[1] for row in rows}
    left = select(func.count()).where(*_of(id_), due.c.done_at.is_(None))
    c = conversations.c
    reachable = select(c.id).where(c.respondent_id == due.c.respondent_id, c.blocked_at.is_(None))
    away = connection.scalar(left.where(~reachable.exists())) or 0
    return Progress(
        done.get("sent", 0),
        connection.scalar(left) or 0,
        done.get("lost", 0),
        done.get("needless", 0),
        away,
    )


def _of(id_: int) -> tuple[ColumnElement[bool], ...]:
    return due.c.kind == NEWS, due.c.subject == str(id_)
