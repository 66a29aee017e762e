"""Every update twice, at once and at two replicas, again under a new id, and in another order: the same end
as in a model that takes each once."""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import Engine, select

from dialogs.types import Pressed
from storage.conversations import Address
from storage.database import open_database
from storage.tables import answers, assessments, conversations
from storage.writer import Writer
from tests.chat import edition
from tests.databases import KEYS
from tests.sizes import Figure, size
from tests.test_storage import Desk

SEEDS = size("seeds", short=10, full=1000)
AT_ONCE = 10
"""Seeds that are played side by side, so that batches hold units of several people."""

WINDOW = 5
LENGTH = 25
STATEMENTS = {s.id: s.revision for s in edition("tiny").statements.values()}
OPTIONS = ("full", "rather", "hardly", "none")

ANYWHERE = (
    "menu",
    "results",
    "help",
    "privacy",
    "guide",
    "language:lv",
    "nonsense",
    "review:{code}",
)
"""What changes no answer, wherever it comes in between."""


@dataclass
class Model:
    """What must be kept of one person, told without Merilo: the last answer to each statement, by
    assessment; an answer to an earlier assessment than the one at hand changes nothing."""

    kept: dict[str, dict[str, str]] = field(default_factory=dict)
    current: str = ""

    def take(self, token: str) -> None:
        verb, *given = token.split(":")
        if verb == "begins":
            self.current = given[0]
            self.kept[self.current] = {}
        elif verb == "a" and given[0] == self.current:
            self.kept[self.current][given[1]] = given[3]


@pytest.fixture
def desks(database: Engine) -> Iterator[list[Desk]]:
    """Two replicas, each with its own connections; their codes differ as chance would have it."""
    other = open_database(database.url.render_as_string(hide_password=False), KEYS)
    with Writer(database) as one, Writer(other) as two:
        both = [Desk(database, one), Desk(other, two)]
        for name, desk in zip("ab", both, strict=True):
            desk.reception._fresh = (f"{name}{number}" for number in range(10**9)).__next__
        yield both
    other.dispose()


class Play:
    """One seed: a person, what they do, and how it arrives."""

    def __init__(self, desks: list[Desk], seed: int) -> None:
        self._desks = desks
        self._chance = random.Random(seed)  # noqa: S311 - to be repeatable
        self._who = Address("telegram", str(seed))
        self._ids = 0
        self.model = Model()
        self.deliveries = 0

    async def run(self) -> None:
        for token in ("start", "language:en", "agree:1"):
            await self._deliver([token])
        for beginning in ("begin:tiny", "anew:{code}"):
            await self._begin(beginning)
            for _ in range(LENGTH // WINDOW):
                await self._window()

    async def _begin(self, token: str) -> None:
        await self._deliver([token.format(code=self.model.current)])
        self.model.take(f"begins:{self._newest()}")

    async def _window(self) -> None:
        """Taps that cross: either at once, each to a statement of its own, so that any order comes to
        the same, or one after the other, shuffled, where the last one counts."""
        if self._chance.random() < 0.5:
            tokens = [self._answer(statement) for statement in STATEMENTS]
            tokens += self._chance.sample(ANYWHERE, WINDOW - len(tokens))
            await self._deliver(tokens)
        else:
            tokens = [self._answer(self._chance.choice(list(STATEMENTS))) for _ in range(WINDOW)]
            tokens += self._chance.sample(tokens, 2)  # again under a new id, further on
            for token in self._chance.sample(tokens, len(tokens)):
                await self._deliver([token])

    def _answer(self, statement: str) -> str:
        """Mostly to the assessment at hand, sometimes to an earlier one."""
        code = self._chance.choice([*self.model.kept, self.model.current])
        value = self._chance.choice(OPTIONS)
        return f"a:{code}:{statement}:{STATEMENTS[statement]}:{value}"

    async def _deliver(self, tokens: list[str]) -> None:
        """All at once: each twice under its id, and once more under a new one, wherever chance has it."""
        events = []
        for token in tokens:
            full = token.format(code=self.model.current)
            self.model.take(full)
            again = not full.startswith(("begin", "anew"))  # a new tap of that one is a new wish
            events += [(full, self._id())] * 2
            events += [(full, self._id())] if again else []
        self._chance.shuffle(events)
        taken = (
            self._chance.choice(self._desks).reception.receive(self._who, id_, Pressed(full), "en")
            for full, id_ in events
        )
        for answer in await asyncio.gather(*taken):
            assert "went wrong" not in str(answer.replies)
        self.deliveries += len(events)

    def _id(self) -> str:
        self._ids += 1
        return str(self._ids)

    def _newest(self) -> str:
        return list(self.kept())[-1]

    def kept(self) -> dict[str, dict[str, str]]:
        """What the database has: the answers by assessment, the oldest first."""
        query = (
            select(assessments.c.code, answers.c.statement, answers.c.value)
            .join(conversations, conversations.c.respondent_id == assessments.c.respondent_id)
            .join(answers, answers.c.assessment_id == assessments.c.id, isouter=True)
            .where(conversations.c.address == KEYS.pseudonym("telegram", self._who.id))
            .order_by(assessments.c.id)
        )
        found: dict[str, dict[str, str]] = {}
        with self._desks[0].engine.connect() as connection:
            for code, statement, value in connection.execute(query):
                found.setdefault(code, {}).update({statement: value} if statement else {})
        return found


async def test_replays__end_as_the_model_says(desks: list[Desk], figure: Figure) -> None:
    plays = [Play(desks, seed) for seed in range(1, SEEDS + 1)]
    coming = iter(plays)

    async def line() -> None:
        for play in coming:
            await play.run()
            assert play.kept() == play.model.kept

    async with asyncio.TaskGroup() as lines:
        for _ in range(AT_ONCE):
            lines.create_task(line())
    tables = ("respondents", "conversations", "assessments")
    assert [desks[0].count(table) for table in tables] == [SEEDS, SEEDS, 2 * SEEDS]
    deliveries = sum(play.deliveries for play in plays)
    ids = sum(play._ids for play in plays)
    assert desks[0].count("updates") == ids
    figure(
        f"updates doubled, crossing and repeated at two replicas, {desks[0].engine.dialect.name}",
        f"{SEEDS} seeds, {deliveries} deliveries of {ids} updates: the end state of the model in all",
    )
