"""Role × action × somebody else's id: nothing is read, nothing is written."""

import itertools
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select

from dialogs.presses import VERBS
from dialogs.types import Event, Pressed, Said, Sent, Started
from storage.conversations import Address
from storage.tables import metadata
from storage.writer import Writer
from tests.test_storage import Desk

ANNA = Address("telegram", "1")
STRANGERS = {
    "nobody yet": Address("telegram", "2"),
    "another chat": Address("telegram", "3"),
    "another browser": Address("web", "f" * 64),
    "the same number in a browser": Address("web", "1"),
}
NOTE = "Anna's secret note"
ARGUMENTS = ("code3", "1.1", "1", "full")
"""Anna's assessment, her statement, its revision and an option: what her own buttons carry."""


@pytest.fixture
def desk(database: Engine) -> Iterator[Desk]:
    with Writer(database) as writer:
        yield Desk(database, writer)


def tokens() -> Iterator[str]:
    """Every button there is, made out to what is Anna's; and each argument in each place."""
    for verb, (_, arities) in VERBS.items():
        for arity in arities:
            for given in itertools.product(ARGUMENTS, repeat=arity):
                if arity < 4 or given == ARGUMENTS:
                    yield ":".join((verb, *given))
                    yield "+" + ":".join((verb, *given))


def events() -> list[Event]:
    typed = (
        "/results",
        "/review",
        "/privacy",
        "/menu",
        "/start code3",
        "code3",
        "1",
        "Fully agree",
    )
    return [
        *(Pressed(token) for token in tokens()),
        *(Said(text) for text in typed),
        Started("code3"),
        Sent("photo"),
    ]


def annas(desk: Desk) -> str:
    """Every row that Anna's visit has left, beyond those that strangers make for themselves."""
    kept: list[object] = []
    with desk.engine.connect() as connection:
        for name in ("respondents", "conversations", "assessments", "answers"):
            table = metadata.tables[name]
            kept += connection.execute(select(table).order_by(*table.primary_key).limit(1)).all()
    return str(kept)


@pytest.mark.parametrize("role", STRANGERS)
async def test_stranger__reads_and_writes_nothing_of_anna(desk: Desk, role: str) -> None:
    who = STRANGERS[role]
    card = await desk.begun(ANNA)
    card = await desk.press(ANNA, "Fully agree", card)
    await desk.press(ANNA, "Add a note", card)
    await desk.reception.receive(ANNA, "note", Said(NOTE), "en")
    before = annas(desk)
    if role != "nobody yet":
        await desk.begun(who)
    seen = ""
    for number, event in enumerate(events()):
        answer = await desk.reception.receive(who, f"{role} {number}", event, "en")
        assert answer.replies, event
        seen += str(answer.replies)
    assert NOTE not in seen
    assert "Something went wrong" not in seen
    assert annas(desk) == before
    assert await desk.reception.file(who, "code3") is None
