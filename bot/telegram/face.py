"""From an update to what the chat shows. The commit comes first, then the sending, in order by chat."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any
from weakref import WeakValueDictionary

from telegram import Bot
from telegram.error import ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.due import Outcome, Pushed
from bot.metrics import SEND_ERRORS, UPDATES
from bot.reception import Address, Answer, NotSaved, Reception, TooFast
from bot.telegram import sending
from bot.telegram.inline import answer as answer_inline
from bot.telegram.limits import Limits
from bot.telegram.updates import CHANNEL, Incoming, address_of, asked, blocking_chat, read
from dialogs.scenes import guidance
from dialogs.talk import reply
from dialogs.types import Document, Paragraph, Reply, Said, Started
from locales import guess_language

log = logging.getLogger(__name__)

TAKEN = UPDATES.labels("telegram", "taken")

PATIENCE = 10.0
"""Seconds that the acknowledgement of an update waits for its replies to be shown."""


CLOSING = 4.0
"""Seconds that messages still under way have when Merilo stops."""


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

    channel = CHANNEL

    def __init__(self, bot: Bot, reception: Reception) -> None:
        self._bot = bot
        self._reception = reception
        self._limits = Limits()
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

    async def push(self, address: Address, reply: Reply) -> Pushed:
        """Send a message to somebody who is not here just now, and after it the card that waits
        for their answer."""
        chat = int(address.id)
        await self._limits.turn(chat)
        async with self._lock(chat):
            pushed = await self._push(chat, reply)
        if pushed.outcome is Outcome.GONE:
            SEND_ERRORS.labels("blocked").inc()
            await self._reception.mark_blocked(address)
        if pushed.outcome is Outcome.SENT:
            self._keep(self._ask_again(address, chat))  # the next chat need not wait for it
        return pushed

    async def _push(self, chat: int, reply: Reply) -> Pushed:
        """Once only: it comes again later, and nobody waits for it. A call that timed out may have
        been carried out; then it comes twice, which is better than not at all."""
        try:
            await sending.send(self._bot, chat, reply)
        except (Forbidden, ChatMigrated):
            return Pushed(Outcome.GONE)
        except RetryAfter as wait:
            SEND_ERRORS.labels("too many").inc()
            return Pushed(Outcome.FAILED, sending.seconds(wait))
        except TelegramError as fault:
            if "chat not found" in fault.message.lower():
                return Pushed(Outcome.GONE)
            SEND_ERRORS.labels("refused").inc()
            log.error("A message that was due could not be sent: %s", fault.message)
            return Pushed(Outcome.FAILED)
        return Pushed(Outcome.SENT)

    async def _ask_again(self, address: Address, chat: int) -> None:
        """The open card once more. Should it fail, the one further up still works."""
        try:
            if await self._reception.open_question(address) is None:
                return
            await self._limits.turn(chat)
            async with self._lock(chat):  # by now it may be another one, or none
                card = await self._reception.open_question(address)
                if card:
                    await sending.send(self._bot, chat, card)
        except (NotSaved, TelegramError):
            log.exception("The open card could not be shown again")

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

    def _lock(self, chat: int) -> asyncio.Lock:
        return self._locks.setdefault(chat, asyncio.Lock())

    async def _in_order(self, incoming: Incoming, showing: Coroutine[Any, Any, None]) -> None:
        async with self._lock(incoming.chat):
            self._limits.note(incoming.chat)
            try:
                await showing
            except Forbidden:
                SEND_ERRORS.labels("blocked").inc()
                await self._reception.mark_blocked(incoming.address)
            except TelegramError as fault:
                SEND_ERRORS.labels("refused").inc()
                log.error("A reply could not be shown: %s", fault.message)

    async def _show(self, incoming: Incoming, answer: Answer) -> None:
        for message in answer.replies:
            await sending.show(self._bot, incoming.chat, message, incoming.tapped)
            for block in message.blocks:
                if isinstance(block, Document):
                    await self._send_document(incoming, block)

    async def _send_document(self, incoming: Incoming, document: Document) -> None:
        content = await self._reception.document(incoming.address, document.which)
        if content is not None:
            await sending.send_document(self._bot, incoming.chat, document.filename, content)

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
