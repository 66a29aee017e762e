"""Changing keys: everything that an older key has sealed is sealed anew, a batch at a time.

What is done stays done: interrupted, the same call goes on where it was.
"""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Column, Connection, Engine, func, select, update

from storage.conversations import opened
from storage.keys import WrongKey, address_place, keys_of, note_place, opinion_place
from storage.opinions import opened as opened_opinion
from storage.plan import opened as opened_step
from storage.plan import sealed as sealed_step
from storage.sealing import MARK, open_value, seal_value
from storage.tables import answers, conversations, opinions, plan_steps

BATCH = 500

Told = Callable[[int, int], None]
"""Is told how much is done, and of how much."""


def check_keys(connection: Connection) -> None:
    """Raises WrongKey where this database was sealed under a key that is not at hand."""
    sealed = connection.scalar(select(conversations.c.sealed_address).limit(1))
    if sealed and not keys_of(connection).knows(sealed):
        raise WrongKey("the database was sealed under another key")


def left(connection: Connection) -> int:
    """How many notes, texts, steps, opinions and addresses are not sealed under the current key."""
    old = (
        _is_old(connection, conversations.c.sealed_address),
        _is_old(connection, answers.c.note),
        _is_old(connection, plan_steps.c.text),
        _is_old(connection, opinions.c.sentence),
        _is_old_value(connection),
    )
    return sum(connection.scalar(select(func.count()).where(each)) or 0 for each in old)


def rotate(engine: Engine, told: Told) -> int:
    """Seal everything under the current key; how many there were. Raises WrongKey."""
    with engine.begin() as connection:
        whole = left(connection)
    done = 0
    for step in (_rename, _reseal_notes, _reseal_values, _reseal_steps, _reseal_opinions):
        for count in _batches(engine, step):
            done += count
            told(done, whole)
    return whole


def _batches(engine: Engine, step: Callable[[Connection], int]) -> Iterator[int]:
    while True:
        with engine.begin() as connection:
            count = step(connection)
        if not count:
            return
        yield count


def _is_old(connection: Connection, column: Column[Any]) -> Any:
    current = keys_of(connection).id
    return (column != "") & (func.substr(column, 1, len(current)) != current)


def _rename(connection: Connection) -> int:
    """A batch of conversations gets its pseudonym and sealed address under the current key."""
    c, keys = conversations.c, keys_of(connection)
    query = select(c.id, c.channel, c.address, c.sealed_address)
    rows = connection.execute(query.where(_is_old(connection, c.sealed_address)).limit(BATCH)).all()
    for id_, channel, pseudonym, sealed in rows:
        address = opened(connection, channel, pseudonym, sealed)
        name = keys.pseudonym(channel, address.id)
        anew = {"address": name, "sealed_address": keys.seal(address.id, address_place(name))}
        connection.execute(update(conversations).where(c.id == id_).values(anew))
    return len(rows)


def _is_old_value(connection: Connection) -> Any:
    current, value = keys_of(connection).id, answers.c.value
    sealed = func.substr(value, 1, len(MARK)) == MARK
    return sealed & (func.substr(value, 1 + len(MARK), len(current)) != current)


def _reseal_notes(connection: Connection) -> int:
    c, keys = answers.c, keys_of(connection)
    query = select(c.assessment_id, c.statement, c.note)
    rows = connection.execute(query.where(_is_old(connection, c.note)).limit(BATCH)).all()
    for assessment, statement, note in rows:
        place = note_place(assessment, statement)
        anew = keys.seal(keys.open(note, place), place)
        _change(connection, assessment, statement, note=anew)
    return len(rows)


def _reseal_values(connection: Connection) -> int:
    c, keys = answers.c, keys_of(connection)
    query = select(c.assessment_id, c.statement, c.value)
    rows = connection.execute(query.where(_is_old_value(connection)).limit(BATCH)).all()
    for assessment, statement, kept in rows:
        value = open_value(keys, kept, assessment, statement)
        assert value is not None  # noqa: S101 - what is sealed has a value
        anew = seal_value(keys, value, assessment, statement)
        _change(connection, assessment, statement, value=anew)
    return len(rows)


def _change(connection: Connection, assessment: int, statement: str, **anew: str) -> None:
    connection.execute(
        update(answers)
        .where(answers.c.assessment_id == assessment, answers.c.statement == statement)
        .values(**anew)
    )


def _reseal_steps(connection: Connection) -> int:
    """Text and note of a step go together; a text there always is."""
    c = plan_steps.c
    query = select(plan_steps).where(_is_old(connection, c.text)).limit(BATCH)
    rows = connection.execute(query).mappings().all()
    for row in rows:
        said = opened_step(connection, row)
        anew = sealed_step(connection, row["respondent_id"], row["code"], said)
        connection.execute(update(plan_steps).where(c.id == row["id"]).values(anew))
    return len(rows)


def _reseal_opinions(connection: Connection) -> int:
    c, keys = opinions.c, keys_of(connection)
    query = select(opinions).where(_is_old(connection, c.sentence)).limit(BATCH)
    rows = connection.execute(query).mappings().all()
    for row in rows:
        place = opinion_place(row["respondent_id"], row["edition_id"], row["key"])
        anew = keys.seal(opened_opinion(connection, row), place)
        connection.execute(update(opinions).where(c.id == row["id"]).values(sentence=anew))
    return len(rows)
