"""One thread that writes: the units of work that wait are run one after the other and committed
together. Only then does each caller get its result, so whatever is acknowledged is durable.

One commit for all who wait keeps ``synchronous=FULL`` affordable, and one writer gives order within
a conversation for nothing. Units hardly ever fail. If one does, its batch is rolled back and run again,
each unit in a savepoint, so that it is undone alone: a unit may run twice and should change nothing but
the database. A commit that fails undoes the whole batch, and every caller is told.

With several replicas on PostgreSQL, two batches may lock the same conversations. Each batch takes them in
the same order, so that they wait for each other and do not block each other; a unit that PostgreSQL
breaks off all the same (a deadlock) runs again in the next batch.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from storage.prepared import run

T = TypeVar("T")
Work = Callable[[Connection], T]

BATCH = 200
"""Units in one transaction at most: bounds how long the first of them waits."""


TRIES = 5
"""How often a unit is run that the database breaks off in favour of another replica."""

BROKEN_OFF = {"40P01", "40001"}
"""PostgreSQL's codes for a deadlock and for a clash of transactions: the same may go well next time."""


class NotSaved(Exception):
    """The database refused. Nothing of this unit of work is kept, unless the connection broke at the very
    commit: then only the unit itself can tell, by looking for what it would have written.

    ``passing``: the database is away, full or cut off. Nobody's unit is to blame, and later the same
    goes well.
    """

    def __init__(self, refusal: str = "", *, passing: bool = False) -> None:
        super().__init__(refusal)
        self.passing = passing


class _UnitFailed(Exception):
    """One of the units did not work out, so nothing of their batch was kept."""

    def __init__(self, fault: Exception) -> None:
        super().__init__(fault)
        self.fault = fault


class _Again:
    """The outcome of a unit that is to be run once more."""


@dataclass(slots=True)
class _Unit:
    work: Work[Any]
    about: str
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    tries: int = 0


class Writer:
    """Runs units of work. ``await writer.run(work)`` returns after the commit.

    Start it inside ``with``; leaving finishes what waits.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # Prepared statements go to the driver, past SQLAlchemy: its errors come as they are.
        self._refusals: tuple[type[Exception], ...] = (
            SQLAlchemyError,
            engine.dialect.loaded_dbapi.Error,
        )
        self._passing: tuple[type[Exception], ...] = (
            OperationalError,
            engine.dialect.loaded_dbapi.OperationalError,
        )
        self._waiting: queue.SimpleQueue[_Unit | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, name="writer")

    def __enter__(self) -> "Writer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._waiting.put(None)
        self._thread.join()

    @property
    def waiting(self) -> int:
        return self._waiting.qsize()

    async def run(self, work: Work[T], about: str = "") -> T:
        """``about`` names what the work locks: a batch takes its units in the order of these names.

        Raises NotSaved where the database refused, or what the work itself raised.
        """
        loop = asyncio.get_running_loop()
        unit = _Unit(work, about, loop, loop.create_future())
        self._waiting.put(unit)
        # A caller that goes away takes only its future along: what waits here is written all the same.
        result: T = await unit.future
        return result

    def _write(self) -> None:
        last, again = False, list[_Unit]()
        while not last or again:
            batch, closing = self._next_batch(again, last=last)
            last = last or closing
            # Stable: what comes from one chat stays in its order.
            batch.sort(key=_about)
            outcomes = self._commit(batch)
            pairs = list(zip(batch, outcomes, strict=True))
            again = [unit for unit, outcome in pairs if isinstance(outcome, _Again)]
            _deliver([pair for pair in pairs if not isinstance(pair[1], _Again)])

    def _next_batch(self, again: list[_Unit], *, last: bool) -> tuple[list[_Unit], bool]:
        """All that wait, at least one unless it is time to stop; and whether it is."""
        batch = [*again]
        if last:
            return batch, True
        try:
            unit = self._waiting.get(block=not again)
            while unit is not None:
                batch.append(unit)
                if len(batch) == BATCH:
                    return batch, False
                unit = self._waiting.get_nowait()
        except queue.Empty:
            return batch, False
        return batch, True

    def _commit(self, batch: list[_Unit]) -> list[Any]:
        """The units' results, or the exceptions they end with."""
        if not batch:
            return []
        try:
            return self._commit_together(batch)
        except _UnitFailed as failed:
            # Alone, it has had its try; among others, nobody knows yet whose fault it was.
            return (
                [self._failed(batch[0], failed.fault)]
                if len(batch) == 1
                else self._commit_apart(batch)
            )
        except self._refusals as error:
            return [self._not_saved(error)] * len(batch)

    def _commit_together(self, batch: list[_Unit]) -> list[Any]:
        """Without savepoints, which would be two statements of nine. Raises _UnitFailed."""
        with self._engine.begin() as connection:
            try:
                return [unit.work(connection) for unit in batch]
            except Exception as error:
                raise _UnitFailed(error) from error

    def _commit_apart(self, batch: list[_Unit]) -> list[Any]:
        """Each in its savepoint. Until now nothing was kept, so all of them run again."""
        try:
            with self._engine.begin() as connection:
                return [self._outcome(connection, unit) for unit in batch]
        except self._refusals as error:
            return [self._not_saved(error)] * len(batch)

    def _outcome(self, connection: Connection, unit: _Unit) -> Any:
        """What a unit returns or raises; in the latter case what it wrote is undone."""
        run(connection, "SAVEPOINT unit")
        try:
            result = unit.work(connection)
        except Exception as error:  # noqa: BLE001 - it is the caller's, and is raised there
            run(connection, "ROLLBACK TO SAVEPOINT unit")
            result = self._failed(unit, error)
        run(connection, "RELEASE SAVEPOINT unit")
        return result

    def _failed(self, unit: _Unit, error: Exception) -> Any:
        if not isinstance(error, self._refusals):
            return _as_raised(error)
        unit.tries += 1
        cause = getattr(
            error, "orig", error
        )  # SQLAlchemy wraps the driver's error, Prepared does not
        broken_off = getattr(cause, "sqlstate", None) in BROKEN_OFF
        return _Again() if broken_off and unit.tries < TRIES else self._not_saved(error)

    def _not_saved(self, error: Exception) -> NotSaved:
        refusal = NotSaved(str(error), passing=isinstance(error, self._passing))
        refusal.__cause__ = error
        return refusal


def _as_raised(error: Exception) -> Exception:
    """A future takes every exception but this one, and those behind it in its batch would never be told."""
    if not isinstance(error, StopIteration):
        return error
    raised = RuntimeError("a unit raised StopIteration")
    raised.__cause__ = error
    return raised


def _about(unit: _Unit) -> str:
    return unit.about


def _deliver(pairs: list[tuple[_Unit, Any]]) -> None:
    """Hand the results over to the loops they are awaited in, waking each loop once."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Any]]] = {}
    for unit, outcome in pairs:
        by_loop.setdefault(unit.loop, []).append((unit.future, outcome))
    for loop, settled in by_loop.items():
        loop.call_soon_threadsafe(_settle, settled)


def _settle(settled: list[tuple[asyncio.Future[Any], Any]]) -> None:
    for future, outcome in settled:
        if future.done():
            continue
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)
