"""From an update to what the chat shows. The commit comes first, then the sending, in order by chat."""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any
from weakref import WeakValueDictionary

from telegram import Bot, Update
from telegram.error import Forbidden, TelegramError

from bot.reception import Answer, NotSaved, Reception
from bot.telegram import sending
from bot.telegram.updates import Incoming, has_blocked, read
from dialogs.scenes import guidance
from dialogs.talk import reply
from dialogs.types import Paragraph, Said, Started
from locales import guess_language

log = logging.getLogger(__name__)

PATIENCE = 10.0
"""Seconds that the acknowledgement of an update waits for its replies to be shown."""


class TelegramFace:
    """``receive`` returns once the update is durable, and shows the replies afterwards."""

    def __init__(self, bot: Bot, reception: Reception) -> None:
        self._bot = bot
        self._reception = reception
        self._showing: set[asyncio.Task[None]] = set()
        # One lock a chat keeps its messages in order; it is gone when nobody holds it.
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def receive(self, update: Update) -> None:
        """Take an update in, durably; its replies are on their way when this returns."""
        if address := has_blocked(update):
            await self._reception.mark_blocked(address)
        incoming = read(update)
        if incoming is None or incoming.event is None:
            return
        if not incoming.private:
            self._start(incoming, self._point_to_private(incoming))
            return
        try:
            answer = await self._reception.receive(
                incoming.address, incoming.key, incoming.event, incoming.language
            )
        except NotSaved:
            log.exception("An update could not be saved")
            self._start(incoming, self._say_not_saved(incoming))
        else:
            self._start(incoming, self._show(incoming, answer))

    async def settle(self, patience: float = PATIENCE) -> None:
        """Wait for what is being shown, but not for ever: a chat may be told to wait long.

        If Merilo dies before the acknowledgement, Telegram delivers again and the card comes again.
        """
        if self._showing:
            await asyncio.wait(set(self._showing), timeout=patience)

    def _start(self, incoming: Incoming, showing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(self._in_order(incoming, showing))
        self._showing.add(task)
        task.add_done_callback(self._showing.discard)

    async def _in_order(self, incoming: Incoming, showing: Coroutine[Any, Any, None]) -> None:
        lock = self._locks.setdefault(incoming.chat, asyncio.Lock())
        async with lock:
            try:
                await showing
            except Forbidden:
                await self._reception.mark_blocked(incoming.address)
            except TelegramError as fault:
                log.error("A reply could not be shown: %s", fault.message)

    async def _show(self, incoming: Incoming, answer: Answer) -> None:
        """The button stops turning while the card changes: neither waits for the other."""
        calls = [self._show_all(incoming, answer)]
        if incoming.query:
            calls.append(sending.stop_spinner(self._bot, incoming.query))
        await asyncio.gather(*calls)

    async def _show_all(self, incoming: Incoming, answer: Answer) -> None:
        for message in answer.replies:
            await sending.show(self._bot, incoming.chat, message, incoming.tapped)

    async def _say_not_saved(self, incoming: Incoming) -> None:
        sentence = guidance.not_saved(guess_language(incoming.language))
        if incoming.query:
            await sending.stop_spinner(self._bot, incoming.query, sentence)
        else:
            await sending.show(self._bot, incoming.chat, reply(Paragraph(sentence)), None)

    async def _point_to_private(self, incoming: Incoming) -> None:
        """In a group, answer only what is addressed to the bot: a command, or a tap."""
        if incoming.query:
            await sending.stop_spinner(self._bot, incoming.query)
        elif _is_command(incoming):
            language = guess_language(incoming.language)
            message = guidance.in_group(language, self._bot.link)
            with suppress(Forbidden):
                await sending.show(self._bot, incoming.chat, message, None)


def _is_command(incoming: Incoming) -> bool:
    event = incoming.event
    return isinstance(event, Started) or (isinstance(event, Said) and event.text.startswith("/"))
