"""kill -9 at random moments under load: before and after the commit, before and after the sending."""

import asyncio
import itertools
import random
import signal
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.databases import KEY
from tests.fake_telegram import FakeTelegram
from tests.faults.databases import emptied
from tests.faults.people import OCCAY, PATIENCE, Crowd, kept_answers, until
from tests.servers import TOKEN
from tests.sizes import IS_FULL, Figure, size
from tests.test_restart import environment, process

ANSWERS = size("answers", short=140, full=10_000)
KILLS = size("kills", short=2, full=100)
AT_ONCE = 20
EACH = min(len(OCCAY.required), ANSWERS // AT_ONCE)
SOON = 5.0
"""Seconds after a restart in which every chat shows its next step."""


WAYS = [("polling", "sqlite"), ("webhook", "postgresql")]
if IS_FULL:
    WAYS += [("webhook", "sqlite"), ("polling", "postgresql")]


class Killed:
    """Merilo as a process that is killed and started again; and what stood where when it was killed."""

    def __init__(self, settings: dict[str, str], database: str, crowd: Crowd) -> None:
        self._settings = settings
        self._database = database
        self._crowd = crowd
        self._chance = random.Random(KILLS)  # noqa: S311 - to be repeatable
        self._ready_at = 0.0
        self.kills = 0
        self.before_commit = self.before_shown = 0
        self.slowest = 0.0
        crowd.on_shown = self._note

    async def run(self) -> None:
        """Kill after each share of the answers, at a moment of chance; at last leave it running."""
        while True:
            async with process(**self._settings) as merilo:
                self._ready_at = time.monotonic()
                await until(self._is_time, patience=10 * PATIENCE)
                await asyncio.sleep(self._chance.uniform(0, 0.03))
                merilo.send_signal(signal.SIGKILL)
                await merilo.wait()
            self.kills += 1
            kept = len(kept_answers(self._database))
            self.before_commit += self._crowd.tapped - kept
            self.before_shown += kept - self._crowd.shown

    def _is_time(self) -> bool:
        return self.kills < KILLS and self._crowd.shown >= ANSWERS / (KILLS + 1) * (self.kills + 1)

    def _note(self, tapped_at: float) -> None:
        """A card was shown; for a tap from before the start, so long after the start."""
        if tapped_at < self._ready_at:
            self.slowest = max(self.slowest, time.monotonic() - self._ready_at)


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(TOKEN, strict=False) as fake:
        yield fake


@pytest.mark.timeout(60 + KILLS * 20)
@pytest.mark.parametrize(("way", "database"), WAYS)
async def test_killed_at_random__nothing_is_lost_and_every_chat_goes_on(
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
    crowd = Crowd(telegram)
    killed = Killed(settings, database_url, crowd)
    people = itertools.takewhile(
        lambda _: crowd.tapped < ANSWERS or killed.kills < KILLS, itertools.count(1)
    )
    async with AsyncExitStack() as stack:
        killing = asyncio.create_task(killed.run())
        stack.push_async_callback(_cancelled, killing)
        answering = asyncio.create_task(crowd.answer(people, AT_ONCE, EACH))
        await asyncio.wait({killing, answering}, return_when=asyncio.FIRST_COMPLETED)
        if killing.done():
            answering.cancel()
            await killing
        await answering
    lost, wrong = crowd.missing_and_wrong(database_url)
    assert (lost, wrong, killed.kills) == (0, 0, KILLS)
    assert killed.slowest < SOON
    figure(
        f"kill -9 under load, {way}, {database}",
        f"{killed.kills} kills over {crowd.shown} answers: {lost} lost, {wrong} doubled or wrong; "
        f"caught {killed.before_commit} before the commit and {killed.before_shown} between commit "
        f"and card; next card at most {killed.slowest:.1f} s after the restart",
    )


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
