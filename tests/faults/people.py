"""Respondents who tap their way through the main instrument while things go wrong around them."""

import asyncio
import random
import time
from collections.abc import Callable, Iterator

from sqlalchemy import create_engine, select

from storage.tables import answers, assessments, conversations
from tests.chat import edition
from tests.databases import KEYS
from tests.fake_telegram import FakeTelegram
from tests.fake_telegram.people import Person, View

OCCAY = edition("occay")
LABELS = {option.id: OCCAY.text(option.key, "en") for option in OCCAY.scale}
SECTION_ENDS = {section.statements[-1].id for section in OCCAY.sections}
PATIENCE = 60.0

Given = dict[str, str]
"""What somebody answered: the option by statement."""


async def until(holds: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Wait for something to be so. Raises TimeoutError after ``patience`` seconds."""
    async with asyncio.timeout(patience):
        while not holds():  # noqa: ASYNC110 - what is waited for knows nothing of this test
            await asyncio.sleep(0.002)


class Crowd:
    """``people`` of them, some at once, each through ``statements`` of the instrument.

    Every tap waits for the card it is on, and on average ``pause`` seconds more, as a person reads before
    they tap. ``shown`` counts the answers whose next card was seen; ``waits`` are the seconds until it was.
    """

    def __init__(self, telegram: FakeTelegram, seed: int = 0, pause: float = 0.0) -> None:
        self._telegram = telegram
        self._pause = pause
        self._chance = random.Random(seed)  # noqa: S311 - to be repeatable
        self.given: dict[int, Given] = {}
        self.tapped = self.shown = 0
        self.waits: list[float] = []
        self.on_shown: Callable[[float], None] = lambda _: None

    async def answer(self, coming: Iterator[int], at_once: int, statements: int) -> None:
        """All of these people, ``at_once`` at a time."""

        async def line() -> None:
            for number in coming:
                await self._one(self._telegram.person(number), statements)

        async with asyncio.TaskGroup() as lines:
            for _ in range(at_once):
                lines.create_task(line())

    async def _one(self, person: Person, statements: int) -> None:
        self.given[person.id] = {}
        await person.send("/start")
        for label in ("English", "I agree", "Begin"):
            await _tap(person, await person.sees(f"[{label}]", patience=PATIENCE), label)
        for statement in OCCAY.required[:statements]:
            option = self._chance.choice(list(LABELS))
            card = await person.sees(OCCAY.text(statement, "en"), "[Later]", patience=PATIENCE)
            await self._answer(person, card, statement, option)
            if statement in SECTION_ENDS and statement != OCCAY.required[-1]:
                end = await person.sees(*_after(statement), patience=PATIENCE)
                await _tap(person, end, "Next section")

    async def _answer(self, person: Person, card: View, statement: str, option: str) -> None:
        if self._pause:
            await asyncio.sleep(self._chance.uniform(0, 2 * self._pause))
        self.given[person.id][statement] = option
        self.tapped += 1
        began = time.monotonic()
        await _tap(person, card, LABELS[option])
        await person.sees(*_after(statement), patience=PATIENCE)
        self.shown += 1
        self.waits.append(time.monotonic() - began)
        self.on_shown(began)

    def missing_and_wrong(self, database: str) -> tuple[int, int]:
        """Answers that are not in the database, and those that are there and were not given."""
        kept = kept_answers(database)
        given = {(KEYS.pseudonym("telegram", str(who)), s, v) for who, s, v in self._all()}
        return len(given - kept), len(kept - given)

    def _all(self) -> list[tuple[int, str, str]]:
        return [(who, s, v) for who, given in self.given.items() for s, v in given.items()]


async def _tap(person: Person, card: View, label: str) -> None:
    await person.press(label, message=card, at_once=True)


def _after(statement: str) -> tuple[str, ...]:
    """What stands together on the screen after that statement, and not before."""
    last = statement == OCCAY.required[-1]
    if statement in SECTION_ENDS:
        title = OCCAY.text(OCCAY.section_of(statement).key, "en")
        return (title, "[Overall result]" if last else "[Next section]")
    return (OCCAY.text(OCCAY.required[OCCAY.required.index(statement) + 1], "en"), "[Later]")


def kept_answers(database: str) -> set[tuple[str, str, str]]:
    """Whose answer (a pseudonym), to which statement, and which."""
    query = (
        select(conversations.c.address, answers.c.statement, answers.c.value)
        .join(assessments, assessments.c.respondent_id == conversations.c.respondent_id)
        .join(answers, answers.c.assessment_id == assessments.c.id)
    )
    engine = create_engine(database)
    with engine.connect() as connection:
        rows = list(connection.execute(query))
    engine.dispose()
    found = {(row.address, row.statement, row.value) for row in rows}
    assert len(found) == len(rows), "an answer is there twice"
    return found
