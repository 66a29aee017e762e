"""Long polling: what was fetched is confirmed to Telegram only once it is durable and shown."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from typing import Any

from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.refusal import Refused
from bot.telegram.face import TelegramFace
from bot.telegram.transport import ask
from bot.telegram.updates import ALLOWED, NotAnUpdate

log = logging.getLogger(__name__)

WAIT = 50
"""Seconds that Telegram holds a poll open while nothing happens."""

PAUSE = 2.0
"""Seconds after a poll that failed."""

SOON = 0.5
"""Seconds before what could not be taken is tried again."""

TURN = 1.0
"""Seconds after a conflict before this program polls again, which ends the other's poll."""

SETTLED = 10.0
"""Seconds of polling in peace after which this program is the one that stays where two of them poll."""

RIVALRY = 2
"""Conflicts at which a newcomer leaves. One may be of another that is just leaving, and of two that begin
together only one goes: it meets its second conflict first, and the other then has peace."""


async def poll(bot: Bot, face: TelegramFace) -> None:
    """Fetch and hand over updates until cancelled. Asking with an offset confirms what is before it.

    Raises Refused where another program polls with the same token, and was there first.
    """
    fetch, queue = Fetching(bot), Queue()
    while True:
        fetched = await fetch(queue.offset)
        coming = queue.new_among(fetched)
        # Started in order, so that the updates of one chat are written in order.
        taken = await asyncio.gather(*(_take(face, update) for update in coming))
        queue.done(update for update, done in zip(coming, taken, strict=True) if done)
        if not all(taken):
            await asyncio.sleep(SOON)


class Queue:
    """What Telegram still has for us. An update that could not be taken comes with every poll until it is
    done, and those behind it come too: it does not hold them up."""

    def __init__(self) -> None:
        self.offset = 0
        self._pending: list[int] = []
        self._done: set[int] = set()

    def new_among(self, fetched: list[Any]) -> list[Any]:
        """The updates that are not done yet."""
        self._pending = [update["update_id"] for update in fetched]
        return [update for update in fetched if update["update_id"] not in self._done]

    def done(self, updates: Iterable[Any]) -> None:
        """Confirm with the next poll all updates up to the first that is not done."""
        self._done.update(update["update_id"] for update in updates)
        for number in self._pending:
            if number not in self._done:
                break
            self.offset = number + 1
            self._done.discard(number)


async def _take(face: TelegramFace, update: Any) -> bool:
    """One update, until its replies are shown and its tap is answered; whether it is done with."""
    try:
        received = await face.receive(update)
    except NotAnUpdate:
        log.warning("Telegram sent an update that cannot be read")
        return True
    await asyncio.gather(face.stop_spinner(received), received.settle())
    return not received.again


class Fetching:
    """``await fetch(offset)``: the next updates, or none after a pause where Telegram gave none."""

    def __init__(self, bot: Bot, clock: Callable[[], float] = time.monotonic) -> None:
        self._bot = bot
        self._clock = clock
        self._began = clock()
        self._conflicts = 0
        self._is_newcomer = True

    async def __call__(self, offset: int) -> list[Any]:
        try:
            asked = {"offset": offset, "timeout": WAIT, "allowed_updates": ALLOWED}
            return list(await ask(self._bot, "getUpdates", patience=WAIT + 10, **asked))
        except InvalidToken:
            raise
        except Conflict:
            self._meet_rival()
            await asyncio.sleep(TURN)
            return []
        except RetryAfter as wait:
            log.warning("Telegram asks for a pause: %s", wait.message)
        except TelegramError as fault:
            log.warning("Telegram cannot be polled just now: %s", fault.message)
        await asyncio.sleep(PAUSE)
        return []

    def _meet_rival(self) -> None:
        """Another program polls, too, and Telegram serves one: who has just begun leaves."""
        if not self._conflicts:
            self._is_newcomer = self._clock() - self._began < SETTLED
        self._conflicts += 1
        if self._is_newcomer and self._conflicts >= RIVALRY:
            raise Refused(
                "another program polls Telegram with the same token, and was there first. Stop it, "
                "or give every one of them the same database and a webhook (MERILO_WEBHOOK_URL)"
            )
        log.error("Another program polls with the same token: stop it, or use a webhook")
