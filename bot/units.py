"""How the reception runs its units of work: through a short absence of the database, and once more where
one needs an edition that somebody else has published. Which editions are on offer is known here."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from content.library import Library
from storage import editions
from storage.writer import NotSaved, Writer

T = TypeVar("T")

PAUSES = (0.1, 0.3, 0.6, 1.0)
"""Seconds between tries while the database is away: a restart of it is over before anybody is told."""


class Behind(Exception):
    """Another edition is current than this process knows: nothing is offered that isn't."""


class Units:
    """``writer`` runs them; ``library`` is what is on offer: another one once something was published."""

    def __init__(self, writer: Writer, library: Library) -> None:
        self.writer = writer
        self.library = library
        self.changed = asyncio.Event()
        """Set when other editions are on offer."""

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run a unit of work. Raises NotSaved, and what it raised."""
        return await self.writer.run(work)

    async def patient(self, work: Callable[[Connection], T], about: str = "") -> T:
        """Run a unit that may be run again, through a short absence of the database. Where it was cut
        off at the commit, the update's key tells whether that was before or after.

        Raises NotSaved where it stays away, and what the unit raised.
        """
        for pause in PAUSES:
            try:
                return await self.writer.run(work, about)
            except NotSaved as refusal:
                if not refusal.passing:
                    raise
            await asyncio.sleep(pause)
        return await self.writer.run(work, about)

    async def caught_up(self, work: Callable[[Connection], T], about: str = "") -> T:
        """The same; and once more where the unit raised KeyError or Behind for want of what another
        replica has published."""
        try:
            return await self.patient(work, about)
        except (KeyError, Behind):
            if not await self._catch_up():
                raise
            return await self.patient(work, about)

    def is_behind(self, connection: Connection) -> bool:
        """Whether other editions are current than those known here."""
        return editions.is_behind(connection, self.library)

    async def follow(self) -> None:
        """Offer what is current by now, whoever has published it. Raises NotSaved."""
        if await self.run(self.is_behind):
            await self._catch_up()

    async def _catch_up(self) -> bool:
        """Whether something was published that was not known here yet."""
        known = await self.run(lambda c: editions.caught_up(c, self.library))
        behind = len(known) > len(self.library) or known.on_offer != self.library.on_offer
        if behind:
            self.library = known
            self.changed.set()
        return behind
