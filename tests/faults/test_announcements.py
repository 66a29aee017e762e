"""An announcement under way when Merilo is killed, and people who answer meanwhile."""

import asyncio
import itertools
import random
import signal
import statistics
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, update

from bot.desk import ContentDesk, announcing
from bot.telegram.limits import ROOM
from storage.database import open_database
from storage.due import LEASE
from storage.tables import due
from storage.writer import Writer
from tests.databases import KEY, KEYS
from tests.fake_telegram import FakeTelegram
from tests.faults.databases import emptied
from tests.faults.people import Crowd
from tests.readers import EVERY, populate, where_it_is_day
from tests.servers import TOKEN
from tests.sizes import IS_FULL, Figure, size
from tests.test_restart import environment, process

CHATS = size("announced", short=60, full=10_000)
KILLS = size("announced_kills", short=1, full=5)
PEOPLE = CHATS * EVERY // (EVERY - 1) + 1
"""Some of them want no news."""

AT_ONCE, PAUSE, EACH = 5, 2.0, 10 if IS_FULL else 3
"""People who answer meanwhile: with their first taps four a second together. From ``ROOM`` a second on answers
would leave no room for anything else."""

FIRST = 1_000_000
"""The first of those who answer: another than those who are told."""

ALLOWED = 30
"""Messages a second that Telegram allows."""

SOON = 1.0
"""Seconds in which 99 of 100 answers have their next card."""

HURRY = 60
"""Seconds that a run may take besides what its rate and its claims take."""


class Announced:
    """Merilo as a process that is killed in the middle of an announcement, again and again.

    ``down``: from each kill to the moment when it served again. ``answered``: when each answer was tapped,
    and when its next card was seen.
    """

    def __init__(self, telegram: FakeTelegram, database: str, settings: dict[str, str]) -> None:
        self._telegram = telegram
        self._database = database
        self._settings = settings
        self._chance = random.Random(KILLS)  # noqa: S311 - to be repeatable
        self.wanting: list[int] = []
        self.begun = asyncio.Event()
        self.is_over = False
        self.took = 0.0
        self.down: list[tuple[float, float]] = []
        self.answered: list[tuple[float, float]] = []

    def messages(self) -> list[int]:
        """How many each of those who want news has been sent."""
        return [len(self._telegram.person(n).chat.messages) for n in self.wanting]

    async def run(self, answering: "asyncio.Task[None]") -> None:
        """Announce; kill after each share of the messages, at a moment of chance; at last let it finish,
        and those who answer too."""
        began = killed_at = 0.0
        while not self.is_over:
            async with process(**self._settings) as merilo:
                if not began:
                    await self._begin()
                    began = time.monotonic()
                    self.begun.set()
                else:
                    self.down.append((killed_at, time.monotonic()))
                if len(self.down) == KILLS:
                    await self._told(len(self.wanting))
                    self.took = time.monotonic() - began
                    self.is_over = True
                    await answering
                    return
                await self._told(len(self.wanting) * (len(self.down) + 1) // (KILLS + 1))
                await asyncio.sleep(self._chance.uniform(0, 0.3))
                merilo.send_signal(signal.SIGKILL)
                killed_at = time.monotonic()
                await merilo.wait()
            if not IS_FULL:
                self._pass_the_minute()

    async def _begin(self) -> None:
        engine = open_database(self._database, KEYS)
        with engine.begin() as connection:
            self.wanting = populate(connection, PEOPLE, where_it_is_day())
        for number in self.wanting:
            self._telegram.person(number, has_opened=True)
        with Writer(engine) as writer:
            desk = ContentDesk(writer)
            offered = await announcing.prepare(desk, "occay")
            await announcing.begin(desk, offered.announcement.id, "shell:elena")
        engine.dispose()

    async def _told(self, people: int) -> None:
        async with asyncio.timeout(HURRY + 2 * people / ROOM):
            while sum(map(bool, self.messages())) < people:  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.1)

    def _pass_the_minute(self) -> None:
        """For which a claim keeps others off. In full it is waited for."""
        engine = create_engine(self._database)
        with engine.begin() as connection:
            past = datetime.now(UTC) - timedelta(seconds=1)
            held = due.c.claimed_until.is_not(None)
            connection.execute(update(due).where(held).values(claimed_until=past))
        engine.dispose()

    def note(self, tapped_at: float) -> None:
        self.answered.append((tapped_at, time.monotonic()))

    def waits(self) -> tuple[list[float], list[float]]:
        """Of all answers, and of those that no kill has caught: seconds from the tap to the next card."""
        every = [(at, seen) for at, seen in self.answered]
        spared = [
            one for one in every if not any(one[0] < up and one[1] > off for off, up in self.down)
        ]
        return [seen - at for at, seen in every], [seen - at for at, seen in spared]

    def fastest(self) -> int:
        """The most messages that were sent in any second of the clock."""
        times: Counter[int] = Counter()
        for number in self.wanting:
            times.update(one.date for one in self._telegram.person(number).chat.messages.values())
        return max(times.values())


def _p99(waits: Sequence[float]) -> float:
    return statistics.quantiles(waits, n=100, method="inclusive")[98]


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(TOKEN, strict=False) as fake:
        yield fake


@pytest.mark.timeout(2 * HURRY + CHATS // 5 + KILLS * LEASE.seconds)
@pytest.mark.parametrize(("way", "database"), [("polling", "sqlite"), ("webhook", "postgresql")])
async def test_killed_midway__everybody_is_told__one_repeat_a_kill_at_most(
    telegram: FakeTelegram,
    request: pytest.FixtureRequest,
    data_folder: Path,
    way: str,
    database: str,
    figure: Figure,
) -> None:
    database_url = emptied(request, data_folder, database)
    settings = environment(telegram, data_folder, webhook=way == "webhook")
    settings |= {"MERILO_DATABASE_URL": database_url, "MERILO_KEY": KEY}
    announced = Announced(telegram, database_url, settings)
    crowd = Crowd(telegram, pause=PAUSE)
    crowd.on_shown = announced.note
    people = itertools.takewhile(lambda _: not announced.is_over, itertools.count(FIRST))

    async def answer() -> None:
        await announced.begun.wait()
        await crowd.answer(people, AT_ONCE, EACH)

    async with asyncio.TaskGroup() as both:
        both.create_task(announced.run(both.create_task(answer())))
    lost, wrong = crowd.missing_and_wrong(database_url)
    messages = announced.messages()
    repeats = sum(messages) - len(announced.wanting)
    assert min(messages) == 1
    assert repeats <= KILLS
    assert (lost, wrong) == (0, 0)
    assert announced.fastest() <= ALLOWED
    every, spared = map(_p99, announced.waits())
    if IS_FULL:
        assert spared < SOON
    figure(
        f"announcement killed midway, {way}, {database}",
        f"{len(messages)} chats told in {announced.took:.0f} s, at most {announced.fastest()} a second, "
        f"{KILLS} kills: nobody left out, {repeats} told twice; {len(announced.answered)} answers meanwhile: "
        f"p99 {spared * 1000:.0f} ms, with those that a kill caught {every * 1000:.0f} ms",
    )
