"""How the service is doing, for an operator in a chat."""

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from prometheus_client import Counter

from bot import metrics
from bot.reception import NotSaved, Reception
from dialogs.talk import reply
from dialogs.types import Bullets, Heading, Reply
from locales import Words

MEGABYTE = 1_000_000
HOUR, MINUTE = 3600, 60


@dataclass(frozen=True, slots=True)
class Standing:
    """``editions`` and ``active`` are None where the database does not answer."""

    version: str
    seconds: float
    editions: int | None
    active: int | None
    waiting: int
    faults: int
    refused: int
    database: str
    free: int


Looking = Callable[[], Awaitable[Standing]]


def looking(reception: Reception, database: str, folder: Path) -> Looking:
    """``database``: its kind; ``folder``: where the data is, whose disk is looked at."""
    started = time.monotonic()

    async def look() -> Standing:
        editions, active = await _counts(reception)
        disk = await asyncio.to_thread(shutil.disk_usage, folder)
        return Standing(
            version=version("merilo"),
            seconds=time.monotonic() - started,
            editions=editions,
            active=active,
            waiting=reception.waiting,
            faults=_total(metrics.INCIDENTS),
            refused=_total(metrics.SEND_ERRORS),
            database=database,
            free=disk.free // MEGABYTE,
        )

    return look


async def _counts(reception: Reception) -> tuple[int | None, int | None]:
    try:
        return await reception.counts()
    except NotSaved:
        return None, None


def _total(counter: Counter) -> int:
    samples = (sample for one in counter.collect() for sample in one.samples)
    return int(sum(sample.value for sample in samples if sample.name.endswith("_total")))


def card(words: Words, now: Standing) -> Reply:
    """Everything in words and figures; a database that is away is said first."""
    hours, rest = divmod(int(now.seconds), HOUR)
    up = words("{hours} h {minutes} min", hours=hours, minutes=rest // MINUTE)
    counted = words(
        "Editions: {editions}. Assessments under way: {active}.",
        editions=now.editions,
        active=now.active,
    )
    lines = [
        words("The database does not answer.") if now.editions is None else counted,
        words("Version {version}, running for {time}.", version=now.version, time=up),
        words("Waiting to be saved: {count}.", count=now.waiting),
        words(
            "Since the start, faults in the log: {faults}; calls of the Bot API that failed: {refused}.",
            faults=now.faults,
            refused=now.refused,
        ),
        words("Database: {database}. Free on the disk: {free} MB.", database=now.database, free=words.number(now.free)),
    ]  # fmt: skip
    return reply(Heading(words("State of the service")), Bullets(tuple(lines)), replaces=False)
