"""The files of a person's own, by name: each is read in a unit of work, and made outside of it."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from bot import calendar_file
from bot.export import export
from bot.reports.making import File, Maker, Snapshot
from bot.reports.renderer import Renderer
from bot.units import Units
from dialogs.scenes.files import CHART, wanted
from dialogs.scenes.plan import CALENDAR, dated
from dialogs.scenes.privacy import EXPORT
from dialogs.summary import Summary
from dialogs.types import Chart, PlanStep
from storage import conversations, editions
from storage.conversations import Address
from storage.holdings import Holdings, holdings
from storage.plan import Plan
from storage.shelf import Shelf


class Files:
    """``clock`` gives the time of making."""

    def __init__(self, units: Units, clock: Callable[[], datetime], renderer: Renderer) -> None:
        self._units = units
        self._clock = clock
        self._maker = Maker(renderer)
        self._one_calendar = asyncio.Lock()

    async def file(self, address: Address, which: str) -> File | None:
        """A file of that person's own; None for a stranger and for a file that there is not.

        Raises NotSaved where the database refused, Busy and CannotRender where it cannot be made.
        """
        if which == CALENDAR:
            return await self._calendar(address)
        if which == EXPORT:
            return await self._export(address)
        asked = wanted(which)
        if asked is None:
            return None
        held = self._alone if asked.kind == CHART else self._held
        return await self._maker.make(asked, lambda: held(address, asked.code))

    async def drawn(self, chart: Chart, language: str) -> bytes:
        """A picture, as PNG. Raises Busy and CannotRender where it cannot be made."""
        return await self._maker.drawn(chart, language)

    async def summary(self, address: Address, code: str, language: str) -> Summary | None:
        """One of that person's assessments, in the language of their conversation where none is named;
        None for a stranger. Raises NotSaved where the database refused."""
        held = await self._held(address, code)
        return await asyncio.to_thread(held.summary, code, language) if held else None

    async def _calendar(self, address: Address) -> File | None:
        steps = await self._units.run(lambda c: _dated_steps(c, address))
        if not steps:
            return None
        async with self._one_calendar:  # each is a process
            return File(await calendar_file.made(steps, self._clock()), "merilo-plan.ics")

    async def _export(self, address: Address) -> File | None:
        kept = await self._units.run(lambda c: _holdings(c, address))
        if kept is None:
            return None
        return File(await asyncio.to_thread(export, kept, self._units.library), "merilo.zip")

    async def _held(self, address: Address, code: str) -> Snapshot | None:
        return await self._units.run(lambda c: self._snapshot(c, address, code))

    async def _alone(self, address: Address, code: str) -> Snapshot | None:
        return await self._units.run(lambda c: self._snapshot_alone(c, address, code))

    def _snapshot_alone(
        self, connection: Connection, address: Address, code: str
    ) -> Snapshot | None:
        """That assessment by itself, which is all that a picture shows; None for a stranger."""
        known, library = conversations.find(connection, address), self._units.library
        shelf = Shelf(connection, known.respondent if known else None, library)
        if known is None or code not in shelf:
            return None
        return Snapshot(library, {code: shelf[code]}, 0, self._clock(), known.state.language)

    def _snapshot(self, connection: Connection, address: Address, code: str) -> Snapshot | None:
        """That assessment and those before it, which it is compared with; None for a stranger."""
        known = conversations.find(connection, address)
        library = self._units.library
        shelf = Shelf(connection, known.respondent if known else None, library)
        codes = list(shelf)
        if known is None or code not in codes:
            return None
        held = {one: shelf[one] for one in codes[: codes.index(code) + 1]}
        number = editions.number_of(connection, held[code].edition)
        own = Plan(connection, known.respondent).items()
        plan = {one: step for one, step in own if step.instrument == held[code].instrument}
        return Snapshot(library, held, number, self._clock(), known.state.language, plan)


def _dated_steps(connection: Connection, address: Address) -> list[PlanStep]:
    known = conversations.find(connection, address)
    return dated(Plan(connection, known.respondent)) if known else []


def _holdings(connection: Connection, address: Address) -> Holdings | None:
    known = conversations.find(connection, address)
    return holdings(connection, known.respondent) if known and known.respondent else None
