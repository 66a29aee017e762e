"""Long polling: the next batch is asked for only when this one is durable."""

import asyncio
import logging
from typing import Any

from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.telegram.face import TelegramFace
from bot.telegram.transport import ask
from bot.telegram.updates import ALLOWED, NotAnUpdate

log = logging.getLogger(__name__)

WAIT = 50
"""Seconds that Telegram holds a poll open while nothing happens."""

PAUSE = 3.0
"""Seconds after a poll that failed."""


async def poll(bot: Bot, face: TelegramFace) -> None:
    """Fetch and hand over updates until cancelled. Asking with an offset confirms what is before it."""
    offset = 0
    while True:
        updates = await _fetch(bot, offset)
        # Started in order, so that the updates of one chat are written in order.
        await asyncio.gather(*(_take(face, update) for update in updates))
        if updates:
            offset = updates[-1]["update_id"] + 1


async def _take(face: TelegramFace, update: Any) -> None:
    """One update, until its replies are shown and its tap is answered."""
    try:
        received = await face.receive(update)
    except NotAnUpdate:
        log.warning("Telegram sent an update that cannot be read")
    else:
        await asyncio.gather(face.stop_spinner(received), received.settle())


async def _fetch(bot: Bot, offset: int) -> list[Any]:
    try:
        asked = {"offset": offset, "timeout": WAIT, "allowed_updates": ALLOWED}
        return list(await ask(bot, "getUpdates", patience=WAIT + 10, **asked))
    except InvalidToken:
        raise
    except Conflict:
        log.error("Another program polls with the same token: stop it, or use a webhook")
    except RetryAfter as wait:
        log.warning("Telegram asks for a pause: %s", wait.message)
    except TelegramError as fault:
        log.warning("Telegram cannot be polled just now: %s", fault.message)
    await asyncio.sleep(PAUSE)
    return []
