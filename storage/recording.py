"""What a step changes in a person's assessments and plan, as rows."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from dialogs.types import Answered, Change, Finished, Judged, Moved, Noted, Opened, StepKept
from storage import opinions, plan
from storage.keys import keys_of, note_place
from storage.prepared import Prepared, upsert
from storage.sealing import seal_value
from storage.tables import answers, assessments, editions

_TOUCH = Prepared(
    update(assessments)
    .where(
        assessments.c.respondent_id == bindparam("respondent"),
        assessments.c.code == bindparam("of"),
    )
    .values(touched_at=bindparam("touched_at"))
    .returning(assessments.c.id, assessments.c.edition_id)
)

_FINISH = Prepared(
    update(assessments)
    .where(
        assessments.c.respondent_id == bindparam("respondent"),
        assessments.c.code == bindparam("of"),
    )
    .values(touched_at=bindparam("now"), finished_at=bindparam("now"))
)

_OPEN = Prepared(
    insert(assessments).values(
        respondent_id=bindparam("respondent_id"),
        code=bindparam("code"),
        instrument=bindparam("instrument"),
        edition_id=select(editions.c.id)
        .where(editions.c.digest == bindparam("digest"))
        .scalar_subquery(),
        started_at=bindparam("started_at"),
        touched_at=bindparam("touched_at"),
        earlier=bindparam("earlier"),
    )
)

_SAVE_ANSWER = upsert(
    answers,
    *("assessment_id", "statement", "value", "note"),
    *("edition_id", "revision", "language", "answered_at"),
    key=("assessment_id", "statement"),
)

_SAVE_NOTE = upsert(
    answers,
    *("assessment_id", "statement", "value", "note"),
    *("edition_id", "revision", "language", "answered_at"),
    key=("assessment_id", "statement"),
    changed=("note",),
)
"""What was answered, when, and what was read for it, does not change with a note."""


def record(connection: Connection, respondent: int, change: Change, now: datetime) -> None:
    """Keep a change of a person who has agreed."""
    match change:
        case Opened():
            _open(connection, respondent, change)
        case Answered():
            _answer(connection, respondent, change, now)
        case Noted():
            _note(connection, respondent, change, now)
        case Moved():
            _move(connection, respondent, change, now)
        case Finished(code):
            _finish(connection, respondent, code, now)
        case StepKept(step):
            plan.keep(connection, respondent, step, now)
        case Judged():
            opinions.keep(connection, respondent, change, now)


def _open(connection: Connection, respondent: int, change: Opened) -> None:
    new = change.assessment
    values = {
        "respondent_id": respondent,
        "code": new.code,
        "instrument": new.instrument,
        "digest": new.edition,
        "started_at": new.started,
        "touched_at": new.started,
        "earlier": new.earlier,
    }
    _OPEN(connection, values)


def _answer(connection: Connection, respondent: int, change: Answered, now: datetime) -> None:
    named = {"respondent": respondent, "of": change.assessment, "touched_at": now}
    [(assessment, edition)] = _TOUCH(connection, named)
    values = {
        "assessment_id": assessment,
        "statement": change.statement,
        "value": _kept_value(connection, assessment, change),
        "note": _sealed(connection, assessment, change.statement, change.answer.note),
        "edition_id": edition,
        "revision": change.answer.revision,
        "language": change.language,
        "answered_at": now,
    }
    _SAVE_ANSWER(connection, values)


def _kept_value(connection: Connection, assessment: int, change: Answered) -> str | None:
    value = change.answer.value
    if not change.own_words or value is None:
        return value
    return seal_value(keys_of(connection), value, assessment, change.statement)


def _note(connection: Connection, respondent: int, change: Noted, now: datetime) -> None:
    named = {"respondent": respondent, "of": change.assessment, "touched_at": now}
    [(assessment, edition)] = _TOUCH(connection, named)
    values = {
        "assessment_id": assessment,
        "statement": change.statement,
        "value": None,
        "note": _sealed(connection, assessment, change.statement, change.note),
        "edition_id": edition,
        "revision": change.revision,
        "language": change.language,
        "answered_at": now,
    }
    _SAVE_NOTE(connection, values)


def _sealed(connection: Connection, assessment: int, statement: str, note: str) -> str:
    place = note_place(assessment, statement)
    return keys_of(connection).seal(note, place) if note else ""


def _move(connection: Connection, respondent: int, change: Moved, now: datetime) -> None:
    """Pin to another edition. Every answer stays the row that it is, with what was read for it."""
    digest = select(editions.c.id).where(editions.c.digest == change.edition).scalar_subquery()
    connection.execute(
        update(assessments)
        .where(
            assessments.c.respondent_id == respondent,
            assessments.c.code == change.assessment,
            assessments.c.finished_at.is_(None),
        )
        .values(edition_id=digest, touched_at=now)
    )


def _finish(connection: Connection, respondent: int, code: str, now: datetime) -> None:
    _FINISH(connection, {"respondent": respondent, "of": code, "now": now})
