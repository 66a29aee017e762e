"""What is kept is kept, what fails leaves nothing, what is erased is gone: on both databases."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Row, func, inspect, select, text
from sqlalchemy.exc import IntegrityError

from bot.reception import Address, Reception
from bot.shipped import folders, publish_shipped
from content.library import Library
from dialogs.due import Making
from dialogs.later import KINDS
from dialogs.types import Pressed, Reply, Said
from storage import editions
from storage.database import HEAD, alembic_config, current_revision, migrate
from storage.housekeeping import tidy_up
from storage.keys import note_place
from storage.tables import answers, metadata, updates
from storage.writer import NotSaved, Writer
from tests.chat import HERE, NOON, compiled
from tests.databases import KEYS

TINY = HERE / "instruments" / "tiny"


class Desk:
    """A reception at a database, and a clock that the test sets. ``instrument``: one of tests/instruments."""

    def __init__(
        self,
        engine: Engine,
        writer: Writer,
        instrument: str = "tiny",
        kinds: Mapping[str, Making] = KINDS,
    ) -> None:
        self.engine = engine
        self.instrument = instrument
        self.now = NOON
        self._codes = (f"code{number}" for number in count())
        self.reception = Reception(
            writer, self._library(), lambda: self.now, self._codes.__next__, kinds=kinds
        )
        self.events = 0

    def _library(self) -> Library:
        with self.engine.begin() as connection:
            content = compiled(self.instrument)
            editions.publish(connection, self.instrument, content, "sources", NOON)
            return editions.read_library(connection)

    def count(self, table: str) -> int:
        with self.engine.connect() as connection:
            rows = connection.scalar(select(func.count()).select_from(metadata.tables[table]))
            assert rows is not None
            return rows

    async def press(self, who: Address, label: str, card: Reply) -> Reply:
        """Tap a button of that card; the next card."""
        tokens = [c.token for row in card.choices for c in row if c.label == label]
        return await self.send(who, tokens[0])

    async def send(self, who: Address, token: str, update: str = "") -> Reply:
        self.events += 1
        answer = await self.reception.receive(who, update or str(self.events), Pressed(token), "en")
        return answer.replies[-1]

    async def begun(self, who: Address) -> Reply:
        """First contact, up to the first statement."""
        for token in ("start", "language:en", "agree:1"):
            await self.send(who, token)
        return await self.send(who, f"begin:{self.instrument}")


@pytest.fixture
def desk(database: Engine) -> Iterator[Desk]:
    with Writer(database) as writer:
        yield Desk(database, writer)


ANNA = Address("telegram", "1")
BORIS = Address("web", "b" * 64)


async def test_answer__is_there_for_the_next_process(desk: Desk) -> None:
    card = await desk.begun(ANNA)
    await desk.press(ANNA, "Rather agree", card)
    with desk.engine.connect() as connection:
        row = connection.execute(select(answers)).one()
    assert (row.statement, row.value, row.note) == ("1.1", "rather", "")
    assert (row.revision, row.language, row.answered_at) == (1, "en", NOON)


async def test_same_update_again__changes_nothing_and_shows_the_open_card(desk: Desk) -> None:
    card = await desk.begun(ANNA)
    token = card.choices[0][0].token
    first = await desk.send(ANNA, token, update="77")
    again = await desk.send(ANNA, token, update="77")
    assert again == first
    assert desk.count("answers") == 1


async def test_same_key_from_another_person__is_another_update(desk: Desk) -> None:
    await desk.send(ANNA, "start", update="1")
    await desk.send(BORIS, "start", update="1")
    assert desk.count("conversations") == 2


async def test_before_consent__only_the_language_is_kept_and_for_a_day(desk: Desk) -> None:
    await desk.send(ANNA, "language:lv")
    assert [desk.count(t) for t in ("conversations", "respondents", "assessments")] == [1, 0, 0]
    with desk.engine.begin() as connection:
        tidy_up(connection, desk.now + timedelta(hours=25))
    assert desk.count("conversations") == 0


async def test_refusal__leaves_nothing(desk: Desk) -> None:
    for token in ("start", "language:bg", "refuse"):
        await desk.send(ANNA, token)
    assert [desk.count(t) for t in ("conversations", "respondents")] == [0, 0]


async def test_erasure__leaves_nothing_of_one_and_all_of_the_other(desk: Desk) -> None:
    for who in (ANNA, BORIS):
        await desk.press(who, "Fully agree", await desk.begun(who))
    confirm = await desk.send(ANNA, "erase")
    await desk.press(ANNA, "Yes, delete everything", confirm)
    tables = ("respondents", "conversations", "assessments", "answers")
    assert [desk.count(t) for t in tables] == [1, 1, 1, 1]


async def test_stranger__cannot_reach_an_assessment_by_its_code(desk: Desk) -> None:
    card = await desk.begun(ANNA)
    await desk.begun(BORIS)
    for row in card.choices:
        for choice in row:
            reply = await desk.send(BORIS, choice.token)
            assert "no longer kept" in str(reply.blocks[0])
    assert desk.count("answers") == 0


async def test_many_at_once__every_answer_is_kept_in_order(desk: Desk) -> None:
    people = [Address("telegram", str(number)) for number in range(50)]

    async def whole(who: Address) -> None:
        card = await desk.begun(who)
        card = await desk.press(who, "Fully agree", card)
        card = await desk.press(who, "Rather agree", card)
        card = await desk.press(who, "Next section", card)
        await desk.press(who, "Fully disagree", card)

    await asyncio.gather(*(whole(who) for who in people))
    assert desk.count("answers") == 3 * len(people)


async def test_note__is_kept_beside_the_answer(desk: Desk) -> None:
    card = await desk.begun(ANNA)
    await desk.press(ANNA, "Add a note", card)
    await desk.reception.receive(ANNA, "note", Said("Ask Maria – она знает"), "en")
    with desk.engine.connect() as connection:
        row = connection.execute(select(answers)).one()
    note = KEYS.open(row.note, note_place(row.assessment_id, "1.1"))
    assert (row.value, note) == (None, "Ask Maria – она знает")


async def finished(desk: Desk, who: Address) -> Reply:
    """Somebody who has answered everything, with a note; the overall result."""
    card = await desk.begun(who)
    await desk.press(who, "Add a note", card)
    await desk.reception.receive(who, "note", Said("Ask Maria"), "en")
    card = await desk.send(who, "here")
    for label in ("Fully agree", "Rather agree", "Next section", "Fully disagree"):
        card = await desk.press(who, label, card)
    return await desk.press(who, "Overall result", card)


async def test_last_times_answers__survive_restarts_and_a_look_at_another(
    desk: Desk, database: Engine
) -> None:
    result = await finished(desk, ANNA)
    first = next(c.token for row in result.choices for c in row if "review" in c.token)
    offer = await desk.send(ANNA, "begin:tiny")
    card = await desk.press(ANNA, "Start from last time's answers", offer)
    card = await desk.press(ANNA, "Keep this answer", card)
    await desk.send(ANNA, first.removeprefix("+"))
    with Writer(database) as writer:
        after = Desk(database, writer)
        resumed = await after.send(ANNA, card.choices[0][0].token, "resumed")
        assert "belongs to your assessment" in str(resumed.blocks[0])
        menu = await after.send(ANNA, "menu", "menu after")
        way_back = next(c.token for row in menu.choices for c in row if "resume" in c.token)
        card = await after.send(ANNA, way_back, "way back")
    assert "Last time: Rather agree · 21 November 2026" in str(card.blocks)
    with database.connect() as connection:
        rows = connection.execute(select(answers).order_by(answers.c.assessment_id)).all()
    assert [(row.statement, row.value) for row in rows[3:]] == [("1.1", "full")]
    kept = KEYS.open(rows[3].note, note_place(rows[3].assessment_id, "1.1"))
    assert kept == "Ask Maria"


async def test_last_times_answers__past_their_time__are_offered_no_more(desk: Desk) -> None:
    await finished(desk, ANNA)
    offer = await desk.send(ANNA, "begin:tiny")
    card = await desk.press(ANNA, "Start from last time's answers", offer)
    keep = card.choices[0][0].token
    with desk.engine.begin() as connection:
        old = metadata.tables["assessments"].c.finished_at
        connection.execute(metadata.tables["assessments"].delete().where(old.is_not(None)))
    shown = await desk.send(ANNA, keep)
    assert "no longer kept" in str(shown.blocks[0])
    assert "Last time" not in str(shown.blocks[1:])
    assert desk.count("answers") == 0


async def test_retention__old_assessments_go_and_the_chat_goes_on(desk: Desk) -> None:
    card = await desk.begun(ANNA)
    await desk.press(ANNA, "Fully agree", card)
    with desk.engine.begin() as connection:
        assert tidy_up(connection, desk.now + timedelta(days=150)) == 0
        assert tidy_up(connection, desk.now + timedelta(days=200)) == 0  # announced first
    await desk.reception.mark_blocked(ANNA)  # nobody to tell: see test_retention for the others
    with desk.engine.begin() as connection:
        assert tidy_up(connection, desk.now + timedelta(days=215)) == 1
    assert desk.count("answers") == 0
    menu = await desk.send(ANNA, card.choices[0][0].token)
    assert "no longer kept" in str(menu.blocks[0])


# --- The unit of work --------------------------------------------------------------------------


def keep(key: str, *, then: Exception | None = None) -> Callable[[Connection], str]:
    """A unit of work that writes one row, and perhaps fails afterwards."""

    def work(connection: Connection) -> str:
        connection.execute(updates.insert().values(key=key, received_at=NOON))
        if then:
            raise then
        return key

    return work


@pytest.fixture
def writer(database: Engine) -> Iterator[Writer]:
    with Writer(database) as running:
        yield running


def keys(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.scalars(select(updates.c.key)))


async def test_unit__commits(database: Engine, writer: Writer) -> None:
    assert await writer.run(keep("a")) == "a"
    assert keys(database) == {"a"}


async def test_unit__that_fails_is_undone_alone(database: Engine, writer: Writer) -> None:
    units = [keep("a"), keep("b", then=ValueError("no")), keep("c")]
    done = await asyncio.gather(*(writer.run(u) for u in units), return_exceptions=True)
    assert isinstance(done[1], ValueError)
    assert keys(database) == {"a", "c"}


async def test_unit__that_raises_what_no_future_takes__holds_nobody_up(
    database: Engine, writer: Writer
) -> None:
    units = [keep("a"), keep("b", then=StopIteration()), keep("c")]
    done = await asyncio.gather(*(writer.run(u) for u in units), return_exceptions=True)
    assert [done[0], done[2]] == ["a", "c"]
    assert isinstance(done[1], RuntimeError)
    assert isinstance(done[1].__cause__, StopIteration)


async def test_unit__that_clashes_is_told_as_not_saved(database: Engine, writer: Writer) -> None:
    await writer.run(keep("a"))
    with pytest.raises(NotSaved) as refusal:
        await writer.run(keep("a"))
    assert isinstance(refusal.value.__cause__, IntegrityError)
    assert keys(database) == {"a"}


async def test_writer__finishes_what_waits_when_it_is_closed(database: Engine) -> None:
    with Writer(database) as writer:
        waiting = [asyncio.create_task(writer.run(keep(str(n)))) for n in range(300)]
        await asyncio.sleep(0)
    assert len(await asyncio.gather(*waiting)) == 300
    assert len(keys(database)) == 300


# --- Migrations --------------------------------------------------------------------------------


def test_migrations__lead_to_the_tables_in_the_code(empty_database: Engine) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    migrate(empty_database)
    with empty_database.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []


def test_answers__from_before_values__are_kept(empty_database: Engine) -> None:
    from alembic import command

    with empty_database.begin() as connection:
        command.upgrade(alembic_config(connection), "0001")
        columns = {c["name"] for c in inspect(connection).get_columns("answers")}
        assert "option" in columns
    migrate(empty_database)
    with empty_database.connect() as connection:
        columns = {c["name"] for c in inspect(connection).get_columns("answers")}
    assert "value" in columns
    assert "option" not in columns


def test_migrations__go_up_and_down(empty_database: Engine) -> None:
    from alembic import command

    for _ in range(2):
        migrate(empty_database)
        assert current_revision(empty_database) == HEAD
        with empty_database.begin() as connection:
            command.downgrade(alembic_config(connection), "base")
        assert inspect(empty_database).get_table_names() == ["alembic_version"]


def test_head__is_the_newest_migration(database: Engine) -> None:
    from alembic.script import ScriptDirectory

    with database.connect() as connection:
        assert ScriptDirectory.from_config(alembic_config(connection)).get_current_head() == HEAD


@pytest.mark.parametrize("empty_database", ["sqlite"], indirect=True)
def test_older_database__is_copied_before_it_is_migrated(database: Engine, tmp_path: Path) -> None:
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(Exception, match="0000"):  # there is no such migration to start from
        migrate(database)
    [copy] = tmp_path.glob("merilo.db.0000.*.backup")
    assert copy.read_bytes().startswith(b"SQLite format 3")


@pytest.mark.parametrize("empty_database", ["sqlite"], indirect=True)
def test_sqlite__is_set_to_lose_nothing(database: Engine) -> None:
    with database.connect() as connection:
        values = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        ]
    assert values == ["wal", 2, 1, 1]


# --- Content -----------------------------------------------------------------------------------


def test_shipped_content__is_published_once(database: Engine) -> None:
    with database.begin() as connection:
        published = publish_shipped(connection, NOON)
        assert publish_shipped(connection, NOON) == []
        instruments = editions.read_library(connection).instruments
    assert instruments == published == [folder.name for folder in folders()]


def test_new_edition__becomes_current_and_the_old_one_stays(database: Engine) -> None:
    first = compiled("tiny")
    second = first.replace(b"Tiny check", b"Tiny checkup")
    with database.begin() as connection:
        for content in (first, second):
            editions.publish(connection, "tiny", content, "sources", NOON)
        library = editions.read_library(connection)
    assert library.current("tiny").text("title", "en") == "Tiny checkup"
    assert {row.number for row in _editions(database)} == {1, 2}


def _editions(engine: Engine) -> list[Row[Any]]:
    with engine.connect() as connection:
        return list(connection.execute(select(metadata.tables["editions"])))
