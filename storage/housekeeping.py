"""What is not kept for ever: see the notice in ``dialogs.scenes.welcome``."""

from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
)

from dialogs.retention import ANNOUNCED, NOTICE
from dialogs.scenes.welcome import FINISHED_MONTHS, UNFINISHED_MONTHS
from storage import drafts, idempotency
from storage.due import forget_old
from storage.tables import Moment, assessments, conversations, due, editions, plan_steps, updates

MONTH = timedelta(days=30.44)
UPDATES_KEPT = timedelta(days=2)
STRANGERS_KEPT = timedelta(days=1)

AT_ONCE = 1000
"""Announcements made in one round: answers wait as long as it takes."""


def tidy_up(connection: Connection, now: datetime) -> int:
    """Delete what is past its time; returns how many assessments went."""
    connection.execute(delete(updates).where(updates.c.received_at < now - UPDATES_KEPT))
    connection.execute(
        delete(conversations).where(
            conversations.c.respondent_id.is_(None),
            conversations.c.touched_at < now - STRANGERS_KEPT,
        )
    )
    drafts.drop_old(connection, now)
    idempotency.drop_old(connection, now)
    forget_old(connection, now)
    old = now - FINISHED_MONTHS * MONTH
    connection.execute(delete(plan_steps).where(plan_steps.c.changed_at < old))
    _announce(connection, now)
    return _purge(connection, now)


def _announce(connection: Connection, now: datetime) -> None:
    """Have the owners told of what is past its time in a fortnight; nobody any more of what is not."""
    soon = _is_past(now + NOTICE)
    told = due.c.kind == ANNOUNCED
    connection.execute(
        delete(due).where(
            told,
            ~exists().where(_is_of(due), soon),
        )
    )
    untold = (
        select(
            assessments.c.respondent_id,
            literal(ANNOUNCED),
            assessments.c.code,
            literal(now, Moment),
            literal(""),
            literal(0),
        )
        .where(soon, ~exists().where(_is_of(due), told))
        .order_by(assessments.c.id)
        .limit(AT_ONCE)
    )
    columns = ["respondent_id", "kind", "subject", "due_at", "payload", "attempts"]
    connection.execute(insert(due).from_select(columns, untold))


def _purge(connection: Connection, now: datetime) -> int:
    """Delete what was announced long enough ago, and what could not be announced for as long: somebody
    has blocked us, or has not come back to their browser."""
    reached = exists().where(
        conversations.c.respondent_id == assessments.c.respondent_id,
        conversations.c.channel == "telegram",
        conversations.c.blocked_at.is_(None),
    )
    waited = due.c.due_at <= now - NOTICE
    announced = exists().where(
        _is_of(due),
        due.c.kind == ANNOUNCED,
        (due.c.done_at <= now - NOTICE) | (due.c.done_at.is_(None) & waited & ~reached),
    )
    return connection.execute(delete(assessments).where(_is_past(now), announced)).rowcount


def _is_past(now: datetime) -> ColumnElement[bool]:
    return (assessments.c.finished_at < now - FINISHED_MONTHS * MONTH) | (
        assessments.c.finished_at.is_(None)
        & (assessments.c.touched_at < now - UNFINISHED_MONTHS * MONTH)
    )


def _is_of(row: Table) -> ColumnElement[bool]:
    """Whether a row of ``due`` is about the assessment."""
    return (row.c.respondent_id == assessments.c.respondent_id) & (
        row.c.subject == assessments.c.code
    )


def counts(connection: Connection) -> tuple[int, int]:
    """Editions, and assessments that are not finished."""
    active = select(func.count()).where(assessments.c.finished_at.is_(None))
    known = connection.scalar(select(func.count()).select_from(editions))
    return known or 0, connection.scalar(active) or 0
