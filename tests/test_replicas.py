"""Two replicas on one PostgreSQL: the same end as with one, whoever takes which update."""

import asyncio
import random
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, Engine, text

from bot.preparing import prepare
from content.compiler import compile_edition
from content.library import Library
from dialogs.types import Pressed
from storage.conversations import Address
from storage.database import open_database
from storage.editions import publish, read_library
from storage.writer import Writer
from tests.chat import edition
from tests.databases import KEYS
from tests.test_storage import TINY, Desk

POSTGRESQL_ONLY = pytest.mark.parametrize("empty_database", ["postgresql"], indirect=True)
PEOPLE = 40
TINY_EDITION = edition("tiny")
TINY_EDITION = edition("tiny")


@pytest.fixture
def desks(database: Engine) -> Iterator[list[Desk]]:
    other = open_database(database.url.render_as_string(hide_password=False), KEYS)
    with Writer(database) as one, Writer(other) as two:
        yield [Desk(database, one), Desk(other, two)]
    other.dispose()


@POSTGRESQL_ONLY
async def test_every_update_at_both_replicas_at_once__is_taken_once(desks: list[Desk]) -> None:
    chance = random.Random(4)  # noqa: S311 - to be repeatable
    began = time.monotonic()

    async def both(who: Address, number: int, token: str) -> None:
        sent = [
            desk.reception.receive(who, str(number), Pressed(token), "en")
            for desk in chance.sample(desks, 2)
        ]
        answers = await asyncio.gather(*sent)
        assert all("went wrong" not in str(answer.replies) for answer in answers)

    async def whole(who: Address) -> None:
        for number, token in enumerate(("start", "language:en", "agree:1", "begin:tiny")):
            await both(who, number, token)
        [code] = codes(desks[0], who)
        for number, statement in enumerate(TINY_EDITION.order):
            revision = TINY_EDITION.statements[statement].revision
            await both(who, 10 + number, f"a:{code}:{statement}:{revision}:full")

    people = [Address("telegram", str(number)) for number in range(PEOPLE)]
    await asyncio.gather(*(whole(who) for who in people))
    tables = ("respondents", "conversations", "assessments", "answers", "updates")
    counts = [desks[0].count(table) for table in tables]
    assert counts == [PEOPLE, PEOPLE, PEOPLE, 3 * PEOPLE, 7 * PEOPLE]
    print(f"{14 * PEOPLE} updates at two replicas in {time.monotonic() - began:.1f} s")


def codes(desk: Desk, who: Address) -> list[str]:
    query = (
        "SELECT code FROM assessments JOIN conversations USING (respondent_id) WHERE address = :of"
    )
    with desk.engine.connect() as connection:
        name = KEYS.pseudonym(who.channel, who.id)
        return list(connection.scalars(text(query), {"of": name}))


@POSTGRESQL_ONLY
async def test_deadlock__the_unit_that_is_broken_off_runs_again(database: Engine) -> None:
    """Two units that lock two rows crosswise, on purpose against the order of a batch."""
    with database.begin() as connection:
        connection.execute(text("CREATE TABLE rows (id integer PRIMARY KEY, times integer)"))
        connection.execute(text("INSERT INTO rows VALUES (1, 0), (2, 0)"))
    other = open_database(database.url.render_as_string(hide_password=False), KEYS)

    def locks(*ids: int) -> Callable[[Connection], None]:
        def work(connection: Connection) -> None:
            for id_ in ids:
                connection.execute(
                    text("UPDATE rows SET times = times + 1 WHERE id = :id"), {"id": id_}
                )
                time.sleep(0.2)

        return work

    with Writer(database) as one, Writer(other) as two:
        await asyncio.gather(one.run(locks(1, 2)), two.run(locks(2, 1)))
    with database.begin() as connection:
        assert list(connection.scalars(text("SELECT times FROM rows"))) == [2, 2]
        connection.execute(text("DROP TABLE rows"))
    other.dispose()


@POSTGRESQL_ONLY
async def test_edition__that_another_replica_has_published_is_caught_up_with(
    desks: list[Desk],
) -> None:
    newer, older = desks
    catalogues = {language: TINY / f"{language}.po" for language in ("bg", "lv")}
    compiled = compile_edition(TINY / "instrument.yaml", catalogues)
    with newer.engine.begin() as connection:
        publish(
            connection, "tiny", compiled.replace(b"Tiny check", b"Tiny checkup"), "s", newer.now
        )
    newer.reception._units.library = newer_library(newer)
    who = Address("telegram", "1")
    await newer.begun(who)
    card = await older.send(who, "here", update="later")
    assert "1.1" in str(card.blocks)


def newer_library(desk: Desk) -> Library:
    with desk.engine.connect() as connection:
        return read_library(connection)


@POSTGRESQL_ONLY
async def test_start__of_both_at_once_migrates_and_publishes_once(empty_database: Engine) -> None:
    url = empty_database.url.render_as_string(hide_password=False)
    engines = [open_database(url, KEYS) for _ in range(2)]
    libraries = await asyncio.gather(*(asyncio.to_thread(prepare, engine) for engine in engines))
    first, second = (library.instruments for library in libraries)
    assert first == second
    assert first[0] == "occay"
    for engine in engines:
        engine.dispose()
