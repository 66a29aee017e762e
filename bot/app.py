"""The composition root: everything is put together here, and nowhere else."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web
from sqlalchemy import Engine

from bot.desk import ContentDesk
from bot.following import follow, keep_guide
from bot.health import add_health
from bot.keyring import keys_at_hand
from bot.lean import calm_the_collector
from bot.occupied import serving
from bot.pace import Pace
from bot.preparing import prepare, refuse_unsafe
from bot.reception import Reception
from bot.reports.renderer import Renderer
from bot.settings import Settings
from bot.shipped import shipped_guide, waiting_shipped
from bot.web.api import add_content_api
from bot.web.app import web_app
from storage.backups import drop_old_copies, scrub
from storage.database import open_database
from storage.housekeeping import tidy_up
from storage.writer import NotSaved, Writer

if TYPE_CHECKING:
    from bot.telegram.service import TelegramService

if TYPE_CHECKING:
    from bot.admin.chat import AdminChat

log = logging.getLogger(__name__)

DRAINING = 1.0
"""Seconds between being unready and closing the port."""

CLOSING = 4.0
"""Seconds that open requests have to end. With what Telegram is still shown, all is over in ten."""

BACKLOG = 128
"""Connections that wait to be accepted at most."""

SCRUBBING = 5.0
"""Seconds before a scrubbing that failed is tried again."""

TIDYING = 3600.0
"""Seconds between two rounds of deleting what is past its time."""


def _tell_of_newer_content(engine: Engine) -> None:
    with engine.begin() as connection:
        for told in waiting_shipped(connection):
            log.warning("Newer content waits. %s", told)


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[tuple[str, asyncio.Task[None] | None]]:
    """Merilo, serving: its address, and the task that ends if Telegram cannot be served."""
    async with AsyncExitStack() as stack:
        stack.enter_context(serving(settings))
        engine = open_database(settings.database, keys_at_hand(settings))
        stack.callback(engine.dispose)
        refuse_unsafe(engine, settings)
        library = prepare(engine)
        _tell_of_newer_content(engine)
        guide_folder = Path(settings.data_dir).absolute()  # noqa: ASYNC240 - asks for the folder only
        library.guide = shipped_guide(library, guide_folder)
        writer = stack.enter_context(Writer(engine))
        pace = Pace(int(settings.events_per_second))
        renderer = await stack.enter_async_context(Renderer())
        reception = Reception(writer, library, pace=pace, renderer=renderer)
        app = web_app(reception)
        desk = ContentDesk(writer, reception.follow)
        add_content_api(app, desk, Pace(int(settings.events_per_second)))
        health = add_health(app, reception)
        telegram = _telegram(settings, reception, app, desk, engine)
        address = await stack.enter_async_context(_listening(settings, app, telegram))
        if telegram:
            await stack.enter_async_context(telegram)
        for task in (
            _tidying(writer, engine),
            _scrubbing(engine, reception.erased),
            follow(reception),
            keep_guide(reception, writer, guide_folder),
        ):
            stack.push_async_callback(_cancel, asyncio.create_task(task))
        yield address, telegram.failed if telegram else None
        health.drain()
        if settings.webhook_url:
            await asyncio.sleep(DRAINING)  # a proxy learns it before the port closes


def _telegram(
    settings: Settings,
    reception: Reception,
    app: web.Application,
    desk: ContentDesk,
    engine: Engine,
) -> "TelegramService | None":
    """None without a token."""
    if not settings.telegram_token:
        return None
    # Imported here: python-telegram-bot costs a third of the start and of the memory.
    from bot.telegram.service import TelegramService

    admin = _admin_chat(settings, desk, reception, engine)
    return TelegramService(settings, reception, app, admin)


def _admin_chat(
    settings: Settings, desk: ContentDesk, reception: Reception, engine: Engine
) -> "AdminChat | None":
    """None where nobody is named an admin."""
    if not settings.roles:
        return None
    # Imported here: most services have no admins in Telegram.
    from bot.admin.chat import AdminChat
    from bot.admin.status import looking

    look = looking(reception, engine.dialect.name, Path(settings.data_dir))
    return AdminChat(settings.roles, desk, reception, look)


async def serve(settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve until told to stop (Ctrl-C or SIGTERM); ``announce`` is given the address.

    Raises WrongSetting where Telegram refuses the token.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_ in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signal_, stop.set)
    async with running(settings) as (address, telegram):
        calm_the_collector()
        announce(address)
        stopping = asyncio.create_task(stop.wait())
        ends: set[asyncio.Task[object]] = {stopping, *([telegram] if telegram else [])}
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if telegram and telegram.done():
            await telegram


@asynccontextmanager
async def _listening(
    settings: Settings, app: web.Application, telegram: "TelegramService | None"
) -> AsyncIterator[str]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=CLOSING)
    await runner.setup()
    assert runner.server, "set up"  # noqa: S101
    lanes = telegram.lanes(runner.server) if telegram else None
    loop = asyncio.get_running_loop()
    try:
        server = await loop.create_server(
            lanes or runner.server, settings.host, settings.port_number, backlog=BACKLOG
        )
        try:
            yield f"http://{settings.host}:{server.sockets[0].getsockname()[1]}"
        finally:
            server.close()
            if lanes:
                await lanes.close(CLOSING)
    finally:
        await runner.cleanup()


async def _tidying(writer: Writer, engine: Engine) -> None:
    while True:
        try:
            gone = await writer.run(lambda connection: tidy_up(connection, datetime.now(UTC)))
            log.info("Tidied up; %d assessments were past their time", gone)
            await asyncio.to_thread(drop_old_copies, engine, datetime.now(UTC))
        except NotSaved:
            log.exception("Tidying up failed; it is tried again in an hour")
        await asyncio.sleep(TIDYING)


async def _scrubbing(engine: Engine, erased: asyncio.Event) -> None:
    """Whenever somebody was erased, see to it that the log of changes does not keep them."""
    while True:
        await erased.wait()
        erased.clear()
        try:
            await asyncio.to_thread(scrub, engine)
        except Exception:  # whatever it is, it is tried again: the promise is "within a minute"
            log.exception("What was erased could not be scrubbed yet")
            await asyncio.sleep(SCRUBBING)
            erased.set()


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
