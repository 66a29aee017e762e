"""Fifty programs write to one SQLite file at once, each with connections of its own."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import Connection, Engine

from dialogs.types import Pressed
from storage.conversations import Address
from storage.database import open_database
from storage.writer import NotSaved, Writer
from tests.databases import KEYS
from tests.sizes import Figure, size
from tests.test_storage import Desk

WRITERS = 50
SECONDS = size("seconds", short=3, full=120)
OPTIONS = ("full", "rather", "hardly", "none")
SQLITE_ONLY = pytest.mark.parametrize("empty_database", ["sqlite"], indirect=True)


class Program:
    """One of them: a writer at its own connections, and a person who answers over and over."""

    def __init__(self, engine: Engine, writer: Writer, number: int) -> None:
        self._desk = Desk(engine, writer)
        self._writer = writer
        self._who = Address("telegram", str(number))
        self.waits: list[float] = []
        self.refused: list[str] = []

    async def write(self, until: float) -> None:
        await self._desk.begun(self._who)
        number = 0
        while time.monotonic() < until:
            number += 1
            began = time.monotonic()
            try:
                await self._writer.run(lambda c, n=number: self._answer(c, n))  # type: ignore[misc]
            except NotSaved as refusal:
                self.refused.append(str(refusal))
            self.waits.append(time.monotonic() - began)

    def _answer(self, connection: Connection, number: int) -> None:
        """Past the reception's patience: a single refusal counts."""
        token = f"a:code3:1.1:1:{OPTIONS[number % 4]}"
        answer = self._desk.reception._answer
        replied = answer(connection, self._who, f"answer {number}", Pressed(token), "en")
        assert "Saved" in str(replied) or "1.2" in str(replied)


@pytest.fixture
def programs(database: Engine) -> Iterator[list[Program]]:
    url = database.url.render_as_string(hide_password=False)
    with ExitStack() as stack:
        made = []
        for number in range(WRITERS):
            engine = open_database(url, KEYS)
            stack.callback(engine.dispose)
            made.append(Program(engine, stack.enter_context(Writer(engine)), number))
        yield made


@SQLITE_ONLY
@pytest.mark.timeout(60 + 2 * SECONDS)
async def test_fifty_writers__none_finds_the_database_locked(
    programs: list[Program], figure: Figure
) -> None:
    until = time.monotonic() + SECONDS
    await asyncio.gather(*(program.write(until) for program in programs))
    waits = sorted(wait for program in programs for wait in program.waits)
    refused = [refusal for program in programs for refusal in program.refused]
    assert refused == []
    assert waits[-1] < 5, "somebody was starved"
    figure(
        f"{WRITERS} programs writing to one SQLite file",
        f"{len(waits)} answers in {SECONDS} s: 0 found the database locked; waits p50 "
        f"{waits[len(waits) // 2] * 1000:.0f}, p99 {waits[len(waits) * 99 // 100] * 1000:.0f}, "
        f"longest {waits[-1] * 1000:.0f} ms",
    )
