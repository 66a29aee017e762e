"""From an update to what the chat shows. The commit comes first, then the sending, in order by chat."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any
from weakref import WeakValueDictionary

from telegram import Bot
from telegram.error import Forbidden, TelegramError

from bot.metrics import SEND_ERRORS, UPDATES
from bot.reception import Answer, Busy, CannotRender, NotSaved, Reception, TooFast
from bot.telegram import sending
from bot.telegram.inline import answer as answer_inline
from bot.telegram.updates import Incoming, address_of, asked, blocking_chat, read
from dialogs.scenes import guidance
from dialogs.talk import reply
from dialogs.types import Document, Paragraph, Picture, Said, Started
from locales import guess_language

log = logging.getLogger(__name__)

TAKEN = UPDATES.labels("telegram", "taken")

PATIENCE = 10.0
"""Seconds that the acknowledgement of an update waits for its replies to be shown."""


CLOSING = 4.0
"""Seconds that messages still under way have when Merilo stops."""


PICTURE = 3.0
"""Seconds that the next message of a chat may wait for a picture."""


class Received:
    """An update that is durable. ``shown`` is the sending of its replies, under way.

    ``query`` is set where the tap is still to be answered: a webhook does it in its own response.
    """

    __slots__ = ("notice", "query", "shown")

    def __init__(
        self, shown: asyncio.Task[None] | None = None, query: str | None = None, notice: str = ""
    ) -> None:
        self.shown = shown
        self.query = query
        self.notice = notice

    async def settle(self) -> None:
        """Wait for the replies to be shown, but not for ever: a chat may be told to wait long.

        If Merilo dies before the acknowledgement, Telegram delivers again and the card comes again.
        """
        if self.shown is None or self.shown.done():
            return
        # By hand: asyncio.wait does the same at four times the cost, and this is every tap.
        loop = asyncio.get_running_loop()
        enough = loop.create_future()
        timer = loop.call_later(PATIENCE, _release, enough)
        self.shown.add_done_callback(lambda _: _release(enough))
        await enough
        timer.cancel()

    @property
    def given_up(self) -> bool:
        """Merilo is stopping, and the replies were not shown: Telegram should deliver again."""
        return self.shown is not None and self.shown.cancelled()


def _release(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)


class TelegramFace:
    """``receive`` returns once the update is durable; its replies are then on their way."""

    def __init__(self, bot: Bot, reception: Reception) -> None:
        self._bot = bot
        self._reception = reception
        self._showing: set[asyncio.Task[None]] = set()
        # One lock a chat keeps its messages in order; it is gone when nobody holds it.
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def receive(self, update: Any) -> Received:
        """Take an update in, as Telegram's JSON. Raises NotAnUpdate."""
        if inline := asked(update):
            return Received(self._keep(answer_inline(self._bot, self._reception.guide, inline)))
        incoming = read(update)
        if incoming is None:
            if chat := blocking_chat(update):
                await self._reception.mark_blocked(address_of(chat))
            return Received()
        if not incoming.private:
            return Received(self._start(incoming, self._point_to_private(incoming)), incoming.query)
        try:
            answer = await self._reception.receive(
                incoming.address, incoming.key, incoming.event, incoming.language
            )
        except NotSaved:
            UPDATES.labels("telegram", "not saved").inc()
            log.exception("An update could not be saved")
            return self._refuse(incoming, guidance.not_saved)
        except TooFast as fault:
            UPDATES.labels("telegram", "too fast").inc()
            return (
                Received(query=incoming.query)
                if fault.told
                else self._refuse(incoming, guidance.too_fast)
            )
        TAKEN.inc()
        return Received(self._start(incoming, self._show(incoming, answer)), incoming.query)

    async def stop_spinner(self, received: Received) -> None:
        """Answer the tap by a call of its own, where there is one to answer."""
        if received.query:
            try:
                await sending.stop_spinner(self._bot, received.query, received.notice)
            except TelegramError as fault:
                log.warning("A tap could not be answered: %s", fault.message)

    async def close(self) -> None:
        """Wait for what is still being shown, but not for ever: Telegram delivers that again."""
        if not self._showing:
            return
        _, late = await asyncio.wait(set(self._showing), timeout=CLOSING)
        for task in late:
            task.cancel()

    def _start(self, incoming: Incoming, showing: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        return self._keep(self._in_order(incoming, showing))

    def _keep(self, showing: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """A task that lives until it is done, whoever forgets it."""
        task = asyncio.create_task(showing)
        self._showing.add(task)
        task.add_done_callback(self._showing.discard)
        return task

    async def _in_order(self, incoming: Incoming, showing: Coroutine[Any, Any, None]) -> None:
        lock = self._locks.setdefault(incoming.chat, asyncio.Lock())
        async with lock:
            await self._guarded(incoming, showing)

    async def _guarded(self, incoming: Incoming, showing: Coroutine[Any, Any, None]) -> None:
        try:
            await showing
        except Forbidden:
            SEND_ERRORS.labels("blocked").inc()
            await self._reception.mark_blocked(incoming.address)
        except TelegramError as fault:
            SEND_ERRORS.labels("refused").inc()
            log.error("A reply could not be shown: %s", fault.message)

    async def _show(self, incoming: Incoming, answer: Answer) -> None:
        """The texts; then pictures, for which no acknowledgement waits, and files, for which no chat does."""
        for message in answer.replies:
            await sending.show(self._bot, incoming.chat, message, incoming.tapped)
            for block in message.blocks:
                if isinstance(block, Picture):
                    self._start(incoming, self._send_picture(incoming, block))
                elif isinstance(block, Document):
                    sent = self._send_document(incoming, block, answer.language)
                    self._keep(self._guarded(incoming, sent))

    async def _send_picture(self, incoming: Incoming, picture: Picture) -> None:
        """What it shows has been said in words, so it is left out where it cannot be made soon."""
        try:
            async with asyncio.timeout(PICTURE):
                file = await self._reception.document(incoming.address, picture.which)
        except (Busy, CannotRender, NotSaved, TimeoutError) as fault:
            log.warning("A picture was left out: %s", type(fault).__name__)
            return
        if file is not None:
            await sending.send_picture(self._bot, incoming.chat, file.content, picture.alt)

    async def _send_document(self, incoming: Incoming, document: Document, language: str) -> None:
        """A file, or a sentence where there is none."""
        telling = asyncio.create_task(sending.say_what_is_made(self._bot, incoming.chat))
        try:
            file = await self._reception.document(incoming.address, document.which)
            sentence = guidance.no_file(language)
        except Busy:
            file, sentence = None, guidance.busy(language)
        except (CannotRender, NotSaved):
            file, sentence = None, guidance.not_made(language)
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)
        if file is not None:
            await sending.send_document(self._bot, incoming.chat, document.filename, file.content)
        else:
            sorry = reply(Paragraph(sentence), replaces=False)
            await sending.show(self._bot, incoming.chat, sorry, None)

    def _refuse(self, incoming: Incoming, why: Callable[[str], str]) -> Received:
        sentence = why(guess_language(incoming.language))
        if incoming.query:
            return Received(query=incoming.query, notice=sentence)
        message = reply(Paragraph(sentence))
        return Received(
            self._start(incoming, sending.show(self._bot, incoming.chat, message, None))
        )

    async def _point_to_private(self, incoming: Incoming) -> None:
        """In a group, answer only what is addressed to the bot: a command."""
        if _is_command(incoming):
            message = guidance.in_group(guess_language(incoming.language), self._bot.link)
            with suppress(Forbidden):
                await sending.show(self._bot, incoming.chat, message, None)


def _is_command(incoming: Incoming) -> bool:
    event = incoming.event
    return isinstance(event, Started) or (isinstance(event, Said) and event.text.startswith("/"))
