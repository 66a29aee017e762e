"""Serving what is current: what was published at this desk, from a shell, or in another replica."""

import asyncio
import logging
from pathlib import Path

from bot import child
from bot.reception import NotSaved, Reception
from bot.shipped import MAIN, shipped_guide
from storage import editions
from storage.writer import Writer

log = logging.getLogger(__name__)

ROUND = 2.0
"""Seconds between two looks at what is current."""


async def follow(reception: Reception) -> None:
    """Until cancelled, see to it that new assessments start with what is current, and that
    announcements which were begun reach everybody who wants to hear of them."""
    while True:
        await asyncio.sleep(ROUND)
        try:
            await reception.follow()
            await reception.spread()
        except NotSaved:
            log.warning("What is current could not be looked up; it is tried again")


async def keep_guide(reception: Reception, writer: Writer, folder: Path) -> None:
    """Until cancelled, compile the guide whenever the edition that it serves is another."""
    made_for = _main(reception)
    while True:
        await reception.changed.wait()
        reception.changed.clear()
        if made_for == _main(reception):
            continue
        made_for = _main(reception)
        try:
            await _renew(reception, writer, folder)
        except Exception:  # whatever it is: people go on, with the guide as it was
            log.exception("The guide could not be compiled for the edition that is current")


def _main(reception: Reception) -> str:
    """The digest of the edition that the guide serves; empty where that instrument is not there."""
    library = reception.library
    return library.current(MAIN).digest if MAIN in library.instruments else ""


async def _renew(reception: Reception, writer: Writer, folder: Path) -> None:
    digest = _main(reception)
    compiled = await writer.run(lambda c: editions.compiled_as(c, digest))
    await child.run("bot.guide_worker", str(folder), given=compiled)
    reception.guide = await asyncio.to_thread(shipped_guide, reception.library, folder)
