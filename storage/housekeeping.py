"""What is not kept for ever: see the notice in ``dialogs.scenes.welcome``."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select

from dialogs.scenes.welcome import FINISHED_MONTHS, UNFINISHED_MONTHS
from storage import drafts, idempotency
from storage.due import forget_done
from storage.tables import assessments, conversations, editions, updates

MONTH = timedelta(days=30.44)
UPDATES_KEPT = timedelta(days=2)
STRANGERS_KEPT = timedelta(days=1)


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
    forget_done(connection, now)
    gone = connection.execute(
        delete(assessments).where(
            (assessments.c.finished_at < now - FINISHED_MONTHS * MONTH)
            | (
                assessments.c.finished_at.is_(None)
                & (assessments.c.touched_at < now - UNFINISHED_MONTHS * MONTH)
            )
        )
    )
    return gone.rowcount


def counts(connection: Connection) -> tuple[int, int]:
    """Editions, and assessments that are not finished."""
    active = select(func.count()).where(assessments.c.finished_at.is_(None))
    known = connection.scalar(select(func.count()).select_from(editions))
    return known or 0, connection.scalar(active) or 0
