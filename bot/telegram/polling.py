"""Long polling: the next batch is asked for only when this one is durable."""

import asyncio
import logging

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.telegram.face import TelegramFace
from bot.telegram.updates import ALLOWED

log = logging.getLogger(__name__)

WAIT = 50
"""Seconds that Telegram holds a poll open while nothing happens."""

PAUSE = 3.0
"""Seconds after a poll that failed."""


async def poll(bot: Bot, face: TelegramFace) -> None:
    """Fetch and hand over updates until cancelled. Asking with an offset confirms what is before it."""
    offset: int | None = None
    while True:
        updates = await _fetch(bot, offset)
        # Started in order, so that the updates of one chat are written in order.
        await asyncio.gather(*(face.receive(update) for update in updates))
        await face.settle()
        if updates:
            offset = updates[-1].update_id + 1


async def _fetch(bot: Bot, offset: int | None) -> tuple[Update, ...]:
    try:
        return await bot.get_updates(
            offset, timeout=WAIT, read_timeout=WAIT + 10, allowed_updates=ALLOWED
        )
    except InvalidToken:
        raise
    except Conflict:
        log.error("Another program polls with the same token: stop it, or use a webhook")
    except RetryAfter as wait:
        log.warning("Telegram asks for a pause: %s", wait.message)
    except (NetworkError, TelegramError) as fault:
        log.warning("Telegram cannot be polled just now: %s", fault.message)
    await asyncio.sleep(PAUSE)
    return ()
