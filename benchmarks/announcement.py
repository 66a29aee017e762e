"""What an announcement to ten thousand chats does to the answers of those who fill in an assessment meanwhile.

They tap as people do, after a while each time: what is announced keeps to the room that answers leave below
Telegram's thirty messages a second, so those who tap as fast as they can would leave it none.
"""

import asyncio
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Engine

from benchmarks.bots import BOTS, MERILO, serving
from benchmarks.measure import Measured, Scenario, damage, measure_all, start_once
from benchmarks.players import MeriloPlayer
from benchmarks.process import database_in
from benchmarks.respondents import INSTRUMENT, PATIENCE, BusyTelegram, Card
from bot.desk import ContentDesk, announcing
from bot.keyring import keys_at_hand
from bot.settings import Settings
from storage.database import open_database
from storage.writer import Writer
from tests.readers import populate, where_it_is_day

FIRST = 5_000_000
"""The first of those who are told: another than those who answer."""

PAUSE = 2.0
"""Seconds before a tap, on average."""


@dataclass(frozen=True, slots=True)
class Announced:
    """``told`` is how many messages of the announcement went out a second while people answered."""

    measured: Measured
    told: float


class Reader(MeriloPlayer):
    """Reads before each tap."""

    _pauses = random.Random(1)

    async def _tap(self, card: Card) -> Card:
        await asyncio.sleep(self._pauses.uniform(0, 2 * PAUSE))
        return await super()._tap(card)


async def measure(folder: Path, scenario: Scenario, people: int, *, announces: bool) -> Announced:
    """On a fresh folder, with so many people there. Raises benchmarks.process.NotStarted."""
    bot, telegram = BOTS[MERILO], BusyTelegram(0)
    await start_once(bot, folder)
    with _database(folder) as engine, engine.begin() as connection:
        wanting = populate(connection, people, where_it_is_day(), FIRST)
    chats = [telegram.person(number, has_opened=True).chat for number in wanting]

    def told() -> int:
        return sum(len(chat.messages) for chat in chats)

    players = [Reader(telegram, number) for number in range(scenario.chats)]
    async with telegram, serving(bot, telegram, folder) as running:
        if announces:
            await _announce(folder)
            await _until(lambda: told() > 0)
        before, began = told(), time.monotonic()
        measured = await measure_all([running], players, scenario)
        speed = (told() - before) / (time.monotonic() - began)
    lost, wrong = damage(bot, folder, players)
    return Announced(replace(measured, refused=telegram.refused, lost=lost, wrong=wrong), speed)


@contextmanager
def _database(folder: Path) -> Iterator[Engine]:
    database = database_in(folder)
    keys = keys_at_hand(Settings(data_dir=str(database.parent)))
    engine = open_database(f"sqlite:///{database}", keys)
    try:
        yield engine
    finally:
        engine.dispose()


async def _announce(folder: Path) -> None:
    with _database(folder) as engine, Writer(engine) as writer:
        desk = ContentDesk(writer)
        current = await desk.current(INSTRUMENT)
        await announcing.announce(desk, INSTRUMENT, "shell:benchmark", current.digest, {})


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110 - what is waited for knows nothing of this
            await asyncio.sleep(0.05)
