"""Showing replies in the chats: in order within each, with pictures and files, and a sentence where it fails."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any
from weakref import WeakValueDictionary

from telegram import Bot
from telegram.error import ChatMigrated, RetryAfter, TelegramError

from bot.due import Outcome, Pushed
from bot.incidents import incident
from bot.metrics import SEND_ERRORS
from bot.reception import Address, Answer, Busy, CannotRender, NotSaved, Reception
from bot.telegram import sending
from bot.telegram.limits import Limits
from bot.telegram.photos import Photos
from bot.telegram.received import Showing
from bot.telegram.tries import LIMIT, Tries
from bot.telegram.updates import Incoming
from dialogs.scenes import guidance
from dialogs.talk import reply
from dialogs.types import Chart, Document, Paragraph, Picture, Reply
from locales import guess_language

log = logging.getLogger(__name__)

CLOSING = 4.0
"""Seconds that messages still under way have when Merilo stops."""

PICTURE = 3.0
"""Seconds that the next message of a chat may wait for a picture."""


class ChatLock(asyncio.Lock):
    """Keeps the messages to a chat in order. ``is_closed``: the chat refuses them; what waits is dropped."""

    is_closed = False


class Chats:
    """Shows replies in the chats of Telegram, in order within each. ``tries`` counts updates tried in vain."""

    def __init__(self, bot: Bot, reception: Reception, tries: Tries) -> None:
        self._bot = bot
        self._reception = reception
        self._tries = tries
        self._limits = Limits()
        self._photos = Photos()
        self._showing: set[Showing] = set()
        # A lock is gone when nobody waits in it.
        self._locks: WeakValueDictionary[int, ChatLock] = WeakValueDictionary()

    def reopen(self, chat: int) -> None:
        """Somebody writes there: what waits is not dropped any more."""
        if lock := self._locks.get(chat):
            lock.is_closed = False

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
            self.keep(self._ask_again(address, chat))  # the next chat need not wait for it
        return pushed

    async def close(self) -> None:
        """Wait for what is still being shown, but not for ever: Telegram delivers that again."""
        if not self._showing:
            return
        _, late = await asyncio.wait(set(self._showing), timeout=CLOSING)
        for task in late:
            task.cancel()

    def start(
        self, incoming: Incoming, showing: Coroutine[Any, Any, None], language: str = ""
    ) -> Showing:
        """Show something once what is ahead of it in that chat has been shown."""
        return self.keep(self._in_order(incoming, showing, language))

    def keep(self, showing: Coroutine[Any, Any, bool]) -> Showing:
        """A task that lives until it is done, whoever forgets it."""
        task = asyncio.create_task(showing)
        self._showing.add(task)
        task.add_done_callback(self._showing.discard)
        return task

    async def show(self, incoming: Incoming, answer: Answer) -> None:
        """The texts; then pictures, for which no acknowledgement waits, and files, for which no chat does."""
        for message in answer.replies:
            await sending.show(self._bot, incoming.chat, message, incoming.tapped)
            for block in message.blocks:
                if isinstance(block, Picture):
                    self.start(incoming, self._send_picture(incoming, block.chart, answer.language))
                elif isinstance(block, Document):
                    sent = self._send_document(incoming, block, answer.language)
                    lock = self._lock(incoming.chat)
                    self.keep(self._guarded(incoming, lock, sent, answer.language))

    async def say(self, incoming: Incoming, message: Reply) -> None:
        """A message, and nothing else to be fetched for it. Raises TelegramError."""
        await sending.show(self._bot, incoming.chat, message, None)

    async def _push(self, chat: int, reply: Reply) -> Pushed:
        """Once only: it comes again later, and nobody waits for it. A call that timed out may have
        been carried out; then it comes twice, which is better than not at all."""
        try:
            await sending.send(self._bot, chat, reply)
        except RetryAfter as wait:
            SEND_ERRORS.labels("too many").inc()
            return Pushed(Outcome.FAILED, sending.seconds(wait))
        except TelegramError as fault:
            if sending.is_closed(fault) or isinstance(fault, ChatMigrated):
                return Pushed(Outcome.GONE)
            SEND_ERRORS.labels("refused").inc()
            log.error("A message that was due could not be sent: %s", fault.message)
            return Pushed(Outcome.FAILED)
        return Pushed(Outcome.SENT)

    async def _ask_again(self, address: Address, chat: int) -> bool:
        """The open card once more, where there is one. Should it fail, the one further up still works."""
        try:
            if await self._reception.open_question(address) is None:
                return True
            await self._limits.turn(chat)
            async with self._lock(chat):  # by now it may be another one, or none
                card = await self._reception.open_question(address)
                if card:
                    await sending.send(self._bot, chat, card)
        except (NotSaved, TelegramError):
            log.exception("The open card could not be shown again")
            return False
        return True

    def _lock(self, chat: int) -> ChatLock:
        return self._locks.setdefault(chat, ChatLock())

    async def _in_order(
        self, incoming: Incoming, showing: Coroutine[Any, Any, None], language: str
    ) -> bool:
        lock = self._lock(incoming.chat)
        async with lock:
            if lock.is_closed:
                showing.close()
                return True
            self._limits.note(incoming.chat)
            return await self._guarded(incoming, lock, showing, language)

    async def _guarded(
        self, incoming: Incoming, lock: ChatLock, showing: Coroutine[Any, Any, None], language: str
    ) -> bool:
        """Whether the update is done with: shown, or beyond help."""
        try:
            await showing
        except (TelegramError, NotSaved) as fault:
            return await self._not_shown(incoming, lock, fault, language)
        except Exception as fault:  # noqa: BLE001 - whatever it is: the person gets a sentence
            return await self._apologise(incoming, fault, language)
        return True

    async def _not_shown(
        self, incoming: Incoming, lock: ChatLock, fault: Exception, language: str
    ) -> bool:
        """Whether nothing more can be done about it."""
        if sending.is_closed(fault):
            SEND_ERRORS.labels("blocked").inc()
            lock.is_closed = True
            await self._mark_blocked(incoming)
            return True
        if sending.may_pass(fault) and self._tries.count(int(incoming.key)) < LIMIT:
            log.warning("A reply could not be shown yet (%s)", type(fault).__name__)
            return False
        SEND_ERRORS.labels("refused").inc()
        return await self._apologise(incoming, fault, language)

    async def _apologise(self, incoming: Incoming, fault: Exception, language: str) -> bool:
        """The update is kept, and cannot be shown: a sentence and a way on, with the log's id."""
        id_ = incident("a reply could not be shown", fault)
        sorry = guidance.sorry(language or guess_language(incoming.language), id_)
        try:
            await self.say(incoming, sorry)
        except Exception:  # whatever it is: there is nothing left to tell it with
            log.warning("The person could not be told of incident %s", id_, exc_info=True)
        return True

    async def _mark_blocked(self, incoming: Incoming) -> None:
        """Where that cannot be saved, the next message finds out again."""
        try:
            await self._reception.mark_blocked(incoming.address)
        except NotSaved:
            log.warning("A blocked chat could not be marked", exc_info=True)

    async def _send_picture(self, incoming: Incoming, chart: Chart, language: str) -> None:
        """What it shows has been said in words, so it is left out where it cannot be drawn soon."""

        async def draw() -> bytes:
            async with asyncio.timeout(PICTURE):
                return await self._reception.drawn(chart, language)

        try:
            await self._photos.send(self._bot, incoming.chat, chart, language, draw)
        except Busy:
            pass  # under load there are many, and the renderer counts them
        except (CannotRender, TimeoutError) as fault:
            log.warning("A picture was left out: %s", type(fault).__name__)

    async def _send_document(self, incoming: Incoming, document: Document, language: str) -> None:
        """A file, or a sentence where there is none."""
        telling = asyncio.create_task(sending.say_what_is_made(self._bot, incoming.chat))
        try:
            file = await self._reception.file(incoming.address, document.which)
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
