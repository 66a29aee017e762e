"""Conversations: where each stands, and the changes that a step makes to what is kept."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from dialogs.saving import from_json, to_json
from dialogs.types import Agreed, Answered, Change, Finished, Forgotten, Opened, State
from storage.prepared import Prepared, insert_new, inserted_id, upsert
from storage.tables import answers, assessments, conversations, editions, respondents, updates

_FIND = Prepared(
    select(conversations.c.state, conversations.c.respondent_id)
    .where(
        conversations.c.channel == bindparam("channel"),
        conversations.c.address == bindparam("address"),
    )
    # Two replicas must not step the same conversation at once. SQLite, with one writer, skips it.
    .with_for_update()
)

_RECEIVE = insert_new(updates, "key", "received_at")

_SAVE_STATE = upsert(
    conversations,
    *("channel", "address", "respondent_id", "state", "touched_at", "blocked_at"),
    key=("channel", "address"),
)

_TOUCH = Prepared(
    update(assessments)
    .where(
        assessments.c.respondent_id == bindparam("respondent"),
        assessments.c.code == bindparam("of"),
    )
    .values(touched_at=bindparam("touched_at"))
    .returning(assessments.c.id, assessments.c.edition_id)
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
    )
)

_SAVE_ANSWER = upsert(
    answers,
    *("assessment_id", "statement", "option", "note"),
    *("edition_id", "revision", "language", "answered_at"),
    key=("assessment_id", "statement"),
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a conversation takes place: a Telegram chat, or a browser's session."""

    channel: str
    id: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """``respondent`` is None until the person has agreed to be one."""

    address: Address
    state: State
    respondent: int | None = None


def find(connection: Connection, address: Address) -> Conversation | None:
    rows = _FIND(connection, {"channel": address.channel, "address": address.id})
    return Conversation(address, from_json(rows[0][0]), rows[0][1]) if rows else None


def is_new(connection: Connection, key: str, now: datetime) -> bool:
    """Whether this update comes for the first time; from now on it does not."""
    return bool(_RECEIVE(connection, {"key": key, "received_at": now}))


def save(
    connection: Connection,
    before: Conversation,
    state: State,
    changes: tuple[Change, ...],
    now: datetime,
) -> None:
    """Keep what a step has changed, all of it or nothing: the caller's transaction decides."""
    respondent = before.respondent
    for change in changes:
        match change:
            case Agreed(version):
                respondent = _agree(connection, respondent, version, now)
            case Forgotten():
                return _forget(connection, before)
            case _:
                assert respondent is not None, "nothing is kept of somebody who has not agreed"  # noqa: S101
                _record(connection, respondent, change, now)
    _save_state(connection, before.address, respondent, state, now)
    return None


def _save_state(
    connection: Connection, address: Address, respondent: int | None, state: State, now: datetime
) -> None:
    values = {
        "channel": address.channel,
        "address": address.id,
        "respondent_id": respondent,
        "state": to_json(state),
        "touched_at": now,
        "blocked_at": None,
    }
    _SAVE_STATE(connection, values)


def mark_blocked(connection: Connection, address: Address, now: datetime) -> None:
    """The person has blocked us: nothing is sent until they write again."""
    connection.execute(
        update(conversations)
        .where(conversations.c.channel == address.channel, conversations.c.address == address.id)
        .values(blocked_at=now)
    )


def _agree(connection: Connection, respondent: int | None, version: int, now: datetime) -> int:
    if respondent is None:
        return inserted_id(connection, respondents, {"consent": version, "agreed_at": now})
    connection.execute(
        update(respondents)
        .where(respondents.c.id == respondent)
        .values(consent=version, agreed_at=now)
    )
    return respondent


def _forget(connection: Connection, before: Conversation) -> None:
    """Everything of this person goes: assessments and answers follow the respondent."""
    address = before.address
    connection.execute(
        delete(conversations).where(
            conversations.c.channel == address.channel, conversations.c.address == address.id
        )
    )
    if before.respondent is not None:
        connection.execute(delete(respondents).where(respondents.c.id == before.respondent))


def _record(connection: Connection, respondent: int, change: Change, now: datetime) -> None:
    match change:
        case Opened():
            _open(connection, respondent, change)
        case Answered():
            _answer(connection, respondent, change, now)
        case Finished(code):
            _finish(connection, respondent, code, now)


def _open(connection: Connection, respondent: int, change: Opened) -> None:
    new = change.assessment
    values = {
        "respondent_id": respondent,
        "code": new.code,
        "instrument": new.instrument,
        "digest": new.edition,
        "started_at": new.started,
        "touched_at": new.started,
    }
    _OPEN(connection, values)


def _answer(connection: Connection, respondent: int, change: Answered, now: datetime) -> None:
    named = {"respondent": respondent, "of": change.assessment, "touched_at": now}
    [(assessment, edition)] = _TOUCH(connection, named)
    values = {
        "assessment_id": assessment,
        "statement": change.statement,
        "option": change.answer.option,
        "note": change.answer.note,
        "edition_id": edition,
        "revision": change.answer.revision,
        "language": change.language,
        "answered_at": now,
    }
    _SAVE_ANSWER(connection, values)


def _finish(connection: Connection, respondent: int, code: str, now: datetime) -> None:
    connection.execute(
        update(assessments)
        .where(assessments.c.respondent_id == respondent, assessments.c.code == code)
        .values(touched_at=now, finished_at=now)
    )
