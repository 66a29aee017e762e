"""Memory over a long run of generated input: what grows with every update would show."""

import asyncio
import gc
import itertools
import json
import logging
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.telegram.face import TelegramFace
from bot.telegram.updates import NotAnUpdate
from tests.sizes import Figure, size
from tests.test_fuzz import SQLITE_ONLY, desk, face, updates

__all__ = ["desk", "face"]

UPDATES = size("memory_updates", short=500, full=200_000)
POOL = 300
AT_ONCE = 50
EACH = 100
"""Updates from one person, roughly."""
GROWTH = 8.0
"""Megabytes: what the allocator moves about, and no more however long it runs."""


def pool() -> list[dict[str, Any]]:
    """Updates of every kind, right and damaged; those that can have a number of their own."""
    found: list[dict[str, Any]] = []

    @settings(max_examples=POOL, database=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(updates, min_size=4, max_size=8))
    def draw(drawn: list[Any]) -> None:
        found.extend(update for update in drawn if isinstance(update, dict))

    draw()
    return random.Random(1).choices(found, k=POOL)  # noqa: S311 - to be repeatable


def readdressed(update: dict[str, Any], number: int) -> dict[str, Any]:
    """The same under a number of its own, and after a while from somebody else: one person who begins
    anew a thousand times is another test."""
    text = json.dumps(update).replace(f'"id": {number % 3 + 1},', f'"id": {1000 + number // EACH},')
    return {**json.loads(text), "update_id": number}


async def take(face: TelegramFace, update: Any) -> None:
    try:
        received = await face.receive(update)
    except NotAnUpdate:
        return
    await received.settle()


def resident() -> float:
    """Megabytes of this process."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@pytest.fixture
def silent() -> Iterator[None]:
    """Without the log, which a test run keeps in memory."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@SQLITE_ONLY
@pytest.mark.usefixtures("silent")
@pytest.mark.timeout(60 + UPDATES // 100)
async def test_memory__does_not_grow_with_what_comes_in(face: TelegramFace, figure: Figure) -> None:
    numbers, drawn = itertools.count(1), itertools.cycle(pool())

    async def run(many: int) -> None:
        for _ in range(many // AT_ONCE):
            some = [readdressed(next(drawn), next(numbers)) for _ in range(AT_ONCE)]
            await asyncio.gather(*(take(face, update) for update in some))

    await run(max(UPDATES // 5, 500))
    before = resident()
    await run(UPDATES)
    after = resident()
    assert after - before < GROWTH
    figure(
        "memory over generated input",
        f"{before:.0f} MB after the warm-up, {after:.0f} MB after {UPDATES} updates more: "
        f"{after / before:.3f} times",
    )
