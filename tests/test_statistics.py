"""What operators may take out: answers, and nothing of who gave them."""

import csv
import io
import json
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from bot.refusal import Refused
from bot.statistics import FEWEST, anonymous
from dialogs.types import Said
from storage.conversations import Address
from storage.tables import metadata
from storage.writer import Writer
from tests.test_storage import Desk

NOTE = "Anna Ozola, 29 123 456"


@pytest.fixture
def desk(database: Engine) -> Iterator[Desk]:
    with Writer(database) as writer:
        yield Desk(database, writer)


async def answered(desk: Desk, people: int) -> None:
    """So many people, each with an answer and a note; the first one has answered twice."""
    for number in range(people):
        who = Address("telegram", f"10000{number}")
        card = await desk.begun(who)
        card = await desk.press(who, "Fully agree", card)
        await desk.press(who, "Add a note", card)
        await desk.reception.receive(who, f"note {number}", Said(NOTE), "en")


def exported(desk: Desk, format_: str) -> bytes:
    with desk.engine.connect() as connection:
        return anonymous(connection, "tiny", format_)


async def test_export__has_the_answers_and_nothing_of_anybody(desk: Desk) -> None:
    await answered(desk, FEWEST)
    table = exported(desk, "csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert len(rows) == FEWEST
    assert {name for row in rows for name in row} == {"edition", "year", "finished", "1.1"}
    assert {(row["1.1"], row["year"], row["finished"]) for row in rows} == {("full", "2026", "0")}
    given = exported(desk, "json").decode()
    assert [a["values"] for a in json.loads(given)["assessments"]] == [{"1.1": "full"}] * FEWEST
    for secret in (*_everything_of_people(desk), NOTE, "10000"):
        assert secret not in table
        assert secret not in given


def _everything_of_people(desk: Desk) -> set[str]:
    """Codes, addresses, pseudonyms, marks and sealed notes, as the database has them."""
    named = {
        "assessments": ("code",),
        "conversations": ("address", "sealed_address"),
        "respondents": ("mark",),
        "answers": ("note",),
    }
    with desk.engine.connect() as connection:
        return {
            str(row[name])
            for table, names in named.items()
            for row in connection.execute(metadata.tables[table].select()).mappings()
            for name in names
            if row[name]
        }


async def test_export__of_so_few_that_it_would_name_them__is_refused(desk: Desk) -> None:
    await answered(desk, FEWEST - 1)
    with pytest.raises(Refused, match=f"below {FEWEST}"):
        exported(desk, "csv")


async def test_export__of_an_unknown_instrument__names_those_there_are(desk: Desk) -> None:
    with desk.engine.connect() as connection, pytest.raises(Refused, match="tiny"):
        anonymous(connection, "nothing", "csv")


async def test_export__comes_in_another_order_each_time(desk: Desk) -> None:
    await answered(desk, 12)
    who = Address("telegram", "100000")
    await desk.press(who, "Fully agree", (await desk.reception.look(who, "en")).replies[-1])
    assert len({exported(desk, "csv") for _ in range(20)}) > 1
