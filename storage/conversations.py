"""Conversations: where each stands, and the changes that a step makes to what is kept."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from dialogs.saving import from_json, to_json
from dialogs.types import (
    Agreed,
    Answered,
    Change,
    Finished,
    Forgotten,
    Judged,
    Moved,
    Noted,
    Opened,
    State,
    StepKept,
)
from storage import opinions, plan
from storage.keys import address_place, keys_of, note_place
from storage.prepared import Prepared, insert_new, upsert
from storage.sealing import seal_value
from storage.tables import (
    answers,
    assessments,
    conversations,
    editions,
    erasures,
    respondents,
    updates,
)

_FIND = Prepared(
    select(conversations.c.state, conversations.c.respondent_id)
    .where(
        conversations.c.channel == bindparam("channel"),
        conversations.c.address == bindparam("address"),
    )
    # Two replicas must not step the same conversation at once. SQLite, with one writer, skips it.
    .with_for_update()
)

_LOCK_NEWCOMER = Prepared(select(func.pg_advisory_xact_lock(bindparam("number", type_=BigInteger))))
"""There is no row to lock yet; this keeps two replicas from making two respondents of one person."""

_RECEIVE = insert_new(updates, "key", "received_at")

_SAVE_NEW = upsert(
    conversations,
    *("channel", "address", "sealed_address"),
    *("respondent_id", "state", "touched_at", "blocked_at"),
    key=("channel", "address"),
)

_SAVE_STATE = Prepared(
    update(conversations)
    .where(
        conversations.c.channel == bindparam("of_channel"),
        conversations.c.address == bindparam("of_address"),
    )
    .values(
        {name: bindparam(name) for name in ("respondent_id", "state", "touched_at", "blocked_at")}
    )
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

_FINISH = Prepared(
    update(assessments)
    .where(
        assessments.c.respondent_id == bindparam("respondent"),
        assessments.c.code == bindparam("of"),
    )
    .values(touched_at=bindparam("now"), finished_at=bindparam("now"))
)

_NEW_RESPONDENT = Prepared(
    insert(respondents)
    .values({name: bindparam(name) for name in ("consent", "agreed_at", "mark")})
    .returning(respondents.c.id)
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


@dataclass(frozen=True, slots=True)
class Address:
    """Where a conversation takes place: a Telegram chat, or a browser's session."""

    channel: str
    id: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """``respondent`` is None until the person has agreed to be one. ``pseudonym`` is what the
    address is kept as; None where nothing is kept yet."""

    address: Address
    state: State
    respondent: int | None = None
    pseudonym: str | None = None


def find(connection: Connection, address: Address) -> Conversation | None:
    found = _find(connection, address)
    if found or connection.dialect.name == "sqlite":
        return found
    current = keys_of(connection).pseudonym(address.channel, address.id)
    _LOCK_NEWCOMER(connection, {"number": int(current[:15], 16)})
    return _find(connection, address)


def _find(connection: Connection, address: Address) -> Conversation | None:
    for pseudonym in keys_of(connection).pseudonyms(address.channel, address.id):
        rows = _FIND(connection, {"channel": address.channel, "address": pseudonym})
        if rows:
            return Conversation(address, from_json(rows[0][0]), rows[0][1], pseudonym)
    return None


def reached(connection: Connection, respondent: int, channel: str) -> Conversation | None:
    """Where that person can be told something by that channel; None where that is nowhere."""
    c = conversations.c
    query = select(c.address, c.sealed_address, c.state).where(
        c.respondent_id == respondent, c.channel == channel, c.blocked_at.is_(None)
    )
    row = connection.execute(query.order_by(c.touched_at.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    address = opened(connection, channel, row.address, row.sealed_address)
    return Conversation(address, from_json(row.state), respondent, row.address)


def is_new(connection: Connection, key: str, now: datetime) -> bool:
    """Whether this update comes for the first time; from now on it does not."""
    return bool(_RECEIVE(connection, {"key": key, "received_at": now}))


def is_known(connection: Connection, key: str) -> bool:
    """Whether this update came before."""
    query = select(updates.c.key).where(updates.c.key == key)
    return connection.scalar(query) is not None


def save(
    connection: Connection,
    before: Conversation,
    state: State,
    changes: tuple[Change, ...],
    now: datetime,
) -> int | None:
    """Keep what a step has changed, all of it or nothing: the caller's transaction decides.

    Returns whom it belongs to; None where nobody has agreed, or everything was deleted.
    """
    respondent = before.respondent
    for change in changes:
        match change:
            case Agreed(version):
                respondent = _agree(connection, respondent, version, now)
            case Forgotten():
                _forget(connection, before, now)
                return None
            case _:
                assert respondent is not None, "nothing is kept of somebody who has not agreed"  # noqa: S101
                _record(connection, respondent, change, now)
    values: dict[str, object] = {
        "respondent_id": respondent,
        "state": to_json(state),
        "touched_at": now,
        "blocked_at": None,
    }
    _save_state(connection, before, values)
    return respondent


def _save_state(connection: Connection, before: Conversation, values: dict[str, object]) -> None:
    channel = before.address.channel
    if before.pseudonym:
        place = {"of_channel": channel, "of_address": before.pseudonym}
        _SAVE_STATE(connection, place | values)
    else:
        _SAVE_NEW(connection, {"channel": channel, **_named(connection, before.address), **values})


def _named(connection: Connection, address: Address) -> dict[str, str]:
    """An address as it is kept."""
    keys = keys_of(connection)
    pseudonym = keys.pseudonym(address.channel, address.id)
    sealed = keys.seal(address.id, address_place(pseudonym))
    return {"address": pseudonym, "sealed_address": sealed}


def opened(connection: Connection, channel: str, pseudonym: str, sealed: str) -> Address:
    """The address that a row of ``conversations`` stands for, to send something there."""
    return Address(channel, keys_of(connection).open(sealed, address_place(pseudonym)))


def mark_blocked(connection: Connection, address: Address, now: datetime) -> None:
    """The person has blocked us: nothing is sent until they write again."""
    connection.execute(
        update(conversations).where(*_is_at(connection, address)).values(blocked_at=now)
    )


def _is_at(connection: Connection, address: Address) -> tuple[ColumnElement[bool], ...]:
    pseudonyms = keys_of(connection).pseudonyms(address.channel, address.id)
    return (
        conversations.c.channel == address.channel,
        conversations.c.address.in_(pseudonyms),
    )


def _agree(connection: Connection, respondent: int | None, version: int, now: datetime) -> int:
    if respondent is None:
        new = {"consent": version, "agreed_at": now, "mark": secrets.token_hex(16)}
        [(number,)] = _NEW_RESPONDENT(connection, new)
        return int(number)
    connection.execute(
        update(respondents)
        .where(respondents.c.id == respondent)
        .values(consent=version, agreed_at=now)
    )
    return respondent


def _forget(connection: Connection, before: Conversation, now: datetime) -> None:
    """Everything of this person goes: what belongs to a respondent follows it."""
    connection.execute(delete(conversations).where(*_is_at(connection, before.address)))
    if before.respondent is not None:
        erase(connection, before.respondent, now)


def erase(connection: Connection, respondent: int, now: datetime) -> None:
    """Delete a respondent, and remember by a random mark that it was so."""
    mark = select(respondents.c.mark, literal(int(now.timestamp()))).where(
        respondents.c.id == respondent
    )
    connection.execute(insert(erasures).from_select(["mark", "erased_at"], mark))
    connection.execute(delete(respondents).where(respondents.c.id == respondent))


def _record(connection: Connection, respondent: int, change: Change, now: datetime) -> None:
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
