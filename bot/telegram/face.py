"""From an update to what the chat shows. The commit comes first, then the sending, in order by chat."""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from telegram import Bot
from telegram.error import ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.admin.turn import Replies, Turn, Upload
from bot.due import Outcome, Pushed
from bot.incidents import incident
from bot.metrics import SEND_ERRORS, UPDATES
from bot.reception import Address, Answer, Busy, CannotRender, NotSaved, Reception, TooFast
from bot.telegram import sending
from bot.telegram.inline import answer as answer_inline
from bot.telegram.limits import Limits
from bot.telegram.photos import Photos
from bot.telegram.received import Received, Showing
from bot.telegram.tries import LIMIT, Tries
from bot.telegram.updates import (
    CHANNEL,
    Asked,
    File,
    Incoming,
    NotAnUpdate,
    address_of,
    asked,
    blocking_chat,
    number_of,
    read,
)
from content.problems import PackageRefused
from content.unpacking import PACKED_LIMIT
from dialogs.scenes import guidance
from dialogs.talk import reply
from dialogs.types import Document, Paragraph, Picture, Reply, Said, Started
from locales import guess_language

if TYPE_CHECKING:
    from bot.admin.chat import AdminChat  # only where somebody is an admin is it loaded

log = logging.getLogger(__name__)

TAKEN = UPDATES.labels("telegram", "taken")

CLOSING = 4.0
"""Seconds that messages still under way have when Merilo stops."""


PICTURE = 3.0
"""Seconds that the next message of a chat may wait for a picture."""


class Lane(asyncio.Lock):
    """Keeps the messages to a chat in order. ``is_closed``: the chat refuses them; what waits is dropped."""

    is_closed = False


class TelegramFace:
    """``receive`` returns once the update is durable; its replies are then on their way."""

    channel = CHANNEL

    def __init__(self, bot: Bot, reception: Reception, admin: "AdminChat | None" = None) -> None:
        self._bot = bot
        self._admin = admin
        self._reception = reception
        self._limits = Limits()
        self._showing: set[Showing] = set()
        self._tries = Tries()
        self._photos = Photos()
        # A lane is gone when nobody waits in it.
        self._lanes: WeakValueDictionary[int, Lane] = WeakValueDictionary()

    async def receive(self, update: Any) -> Received:
        """Take an update in, as Telegram's JSON.

        Raises NotAnUpdate, until one that is delivered again and again is set aside.
        """
        try:
            return await self._receive(update)
        except NotAnUpdate:
            number = number_of(update)
            if number is None or self._tries.count(number) < LIMIT:
                raise
            log.warning("An update that cannot be read is set aside")
        except NotSaved as refusal:
            return self._not_saved(refusal)
        except Exception as fault:  # one update must not stop all others
            if self._tries.count(number_of(update)) < LIMIT:
                log.warning("An update could not be taken in", exc_info=fault)
                return Received(is_saved=False)
            return Received(self._set_aside(update, fault))
        return Received()

    async def push(self, address: Address, reply: Reply) -> Pushed:
        """Send a message to somebody who is not here just now, and after it the card that waits
        for their answer."""
        chat = int(address.id)
        await self._limits.turn(chat)
        async with self._lane(chat):
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
            async with self._lane(chat):  # by now it may be another one, or none
                card = await self._reception.open_question(address)
                if card:
                    await sending.send(self._bot, chat, card)
        except (NotSaved, TelegramError):
            log.exception("The open card could not be shown again")
            return False
        return True

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

    # --- Taking in ---

    async def _receive(self, update: Any) -> Received:
        if inline := asked(update):
            return Received(self._keep(self._offer(inline)))
        incoming = read(update)
        if incoming is None:
            if chat := blocking_chat(update):
                await self._reception.mark_blocked(address_of(chat))
            return Received()
        if not incoming.private:
            return Received(self._start(incoming, self._point_to_private(incoming)), incoming.query)
        if lane := self._lanes.get(incoming.chat):
            lane.is_closed = False
        if self._admin and self._admin.concerns(incoming.chat, incoming.event):
            return self._serve_admin(self._admin, incoming)
        try:
            answer = await self._reception.receive(
                incoming.address, incoming.key, incoming.event, incoming.language
            )
        except NotSaved as refusal:
            told = self._tries.count(int(incoming.key)) > 1
            return self._not_saved(refusal, None if told else self._say_not_saved(incoming))
        except TooFast as fault:
            UPDATES.labels("telegram", "too fast").inc()
            return Received(query=incoming.query) if fault.told else self._refuse(incoming)
        TAKEN.inc()
        showing = self._show(incoming, answer)
        return Received(self._start(incoming, showing, answer.language), incoming.query)

    def _not_saved(self, refusal: NotSaved, said: Showing | None = None) -> Received:
        """It comes again until it is saved; the person is told once."""
        UPDATES.labels("telegram", "not saved").inc()
        log.warning("An update could not be saved, and is not acknowledged: %s", refusal)
        return Received(said, is_saved=False)

    def _say_not_saved(self, incoming: Incoming) -> Showing:
        sentence = guidance.not_saved(guess_language(incoming.language))
        if incoming.query:
            return self._start(incoming, sending.stop_spinner(self._bot, incoming.query, sentence))
        return self._start(incoming, self._say(incoming, reply(Paragraph(sentence))))

    def _refuse(self, incoming: Incoming) -> Received:
        """The person is too fast."""
        sentence = guidance.too_fast(guess_language(incoming.language))
        if incoming.query:
            return Received(query=incoming.query, notice=sentence)
        return Received(self._start(incoming, self._say(incoming, reply(Paragraph(sentence)))))

    def _set_aside(self, update: Any, fault: Exception) -> Showing | None:
        """The update is not tried any more; whoever sent it is told, if that can be read."""
        id_ = incident("an update could not be taken in, and is set aside", fault)
        with suppress(Exception):
            incoming = read(update)
            if incoming and incoming.private:
                sorry = guidance.sorry(guess_language(incoming.language), id_)
                return self._start(incoming, self._say(incoming, sorry))
        return None

    # --- Showing ---

    def _start(
        self, incoming: Incoming, showing: Coroutine[Any, Any, None], language: str = ""
    ) -> Showing:
        return self._keep(self._in_order(incoming, showing, language))

    def _keep(self, showing: Coroutine[Any, Any, bool]) -> Showing:
        """A task that lives until it is done, whoever forgets it."""
        task = asyncio.create_task(showing)
        self._showing.add(task)
        task.add_done_callback(self._showing.discard)
        return task

    def _lane(self, chat: int) -> Lane:
        return self._lanes.setdefault(chat, Lane())

    async def _in_order(
        self, incoming: Incoming, showing: Coroutine[Any, Any, None], language: str
    ) -> bool:
        lane = self._lane(incoming.chat)
        async with lane:
            if lane.is_closed:
                showing.close()
                return True
            self._limits.note(incoming.chat)
            return await self._guarded(incoming, lane, showing, language)

    async def _guarded(
        self, incoming: Incoming, lane: Lane, showing: Coroutine[Any, Any, None], language: str
    ) -> bool:
        """Whether the update is done with: shown, or beyond help."""
        try:
            await showing
        except (TelegramError, NotSaved) as fault:
            return await self._not_shown(incoming, lane, fault, language)
        except Exception as fault:  # noqa: BLE001 - whatever it is: the person gets a sentence
            return await self._apologise(incoming, fault, language)
        return True

    async def _not_shown(
        self, incoming: Incoming, lane: Lane, fault: Exception, language: str
    ) -> bool:
        """Whether nothing more can be done about it."""
        if sending.is_closed(fault):
            SEND_ERRORS.labels("blocked").inc()
            lane.is_closed = True
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
            await self._say(incoming, sorry)
        except Exception:  # whatever it is: there is nothing left to tell it with
            log.warning("The person could not be told of incident %s", id_, exc_info=True)
        return True

    async def _mark_blocked(self, incoming: Incoming) -> None:
        """Where that cannot be saved, the next message finds out again."""
        try:
            await self._reception.mark_blocked(incoming.address)
        except NotSaved:
            log.warning("A blocked chat could not be marked", exc_info=True)

    async def _show(self, incoming: Incoming, answer: Answer) -> None:
        """The texts; then pictures, for which no acknowledgement waits, and files, for which no chat does."""
        for message in answer.replies:
            await sending.show(self._bot, incoming.chat, message, incoming.tapped)
            for block in message.blocks:
                if isinstance(block, Picture):
                    self._start(incoming, self._send_picture(incoming, block))
                elif isinstance(block, Document):
                    sent = self._send_document(incoming, block, answer.language)
                    lane = self._lane(incoming.chat)
                    self._keep(self._guarded(incoming, lane, sent, answer.language))

    def _turn(self, incoming: Incoming) -> Turn:
        sent = incoming.file
        return Turn(
            address=incoming.address,
            update=incoming.key,
            event=incoming.event,
            hint=incoming.language,
            file=self._upload(sent) if sent else None,
        )

    def _upload(self, sent: File) -> Upload:
        return Upload(sent.name, sent.size, sent.caption, lambda: self._fetch(sent.id))

    def _serve_admin(self, admin: "AdminChat", incoming: Incoming) -> Received:
        """In order, as one thing leads to the next there. What is for the conversation is acknowledged as
        ever; business at the desk takes its time, and nobody else's updates shall wait for it."""
        settled: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        serving = self._start(incoming, self._served(admin, incoming, settled))
        serving.add_done_callback(lambda done: _settle(settled, done))
        return Received(settled, incoming.query)

    async def _served(
        self, admin: "AdminChat", incoming: Incoming, settled: asyncio.Future[bool]
    ) -> None:
        try:
            replies = await admin.answer(self._turn(incoming))
            if replies is None:
                answer = await self._reception.receive(
                    incoming.address, incoming.key, incoming.event, incoming.language
                )
        except TooFast as fault:
            if not fault.told:
                self._refuse(incoming)
            return
        TAKEN.inc()
        if replies is None:
            await self._show(incoming, answer)
        else:
            settled.set_result(True)
            await self._show_each(incoming, replies)

    async def _show_each(self, incoming: Incoming, replies: Replies) -> None:
        """What an admin is shown comes bit by bit: a check takes its time. Only the first takes the
        place of the message tapped."""
        tapped = incoming.tapped
        async for message in replies:
            await sending.show(self._bot, incoming.chat, message, tapped)
            tapped = None

    async def _fetch(self, file_id: str) -> bytes:
        """The content of a file that was sent, as far as it is not larger than said."""
        file = await sending.patiently(lambda: self._bot.get_file(file_id))
        if (file.file_size or 0) > PACKED_LIMIT:
            raise PackageRefused("it is too large")
        return bytes(await sending.patiently(file.download_as_bytearray))

    async def _send_picture(self, incoming: Incoming, picture: Picture) -> None:
        """What it shows has been said in words, so it is left out where it cannot be made soon."""
        try:
            async with asyncio.timeout(PICTURE):
                file = await self._reception.document(incoming.address, picture.which)
        except Busy:
            return  # under load there are many, and the renderer counts them
        except (CannotRender, NotSaved, TimeoutError) as fault:
            log.warning("A picture was left out: %s", type(fault).__name__)
            return
        if file is not None:
            await self._photos.send(self._bot, incoming.chat, file.content, picture.alt)

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

    async def _say(self, incoming: Incoming, message: Reply) -> None:
        await sending.show(self._bot, incoming.chat, message, None)

    async def _offer(self, inline: Asked) -> bool:
        try:
            await answer_inline(self._bot, self._reception.guide, inline)
        except Exception as fault:  # noqa: BLE001 - nobody waits for it, and nothing is lost
            incident("an inline query could not be answered", fault)
        return True

    async def _point_to_private(self, incoming: Incoming) -> None:
        """In a group, answer only what is addressed to the bot: a command."""
        if not _is_command(incoming):
            return
        message = guidance.in_group(guess_language(incoming.language), self._bot.link)
        with suppress(Forbidden):
            try:
                await self._say(incoming, message)
            except ChatMigrated as moved:
                await sending.show(self._bot, moved.new_chat_id, message, None)


def _settle(settled: asyncio.Future[bool], serving: Showing) -> None:
    if settled.done():
        return
    if serving.cancelled():
        settled.cancel()
    else:
        settled.set_result(serving.result())


def _is_command(incoming: Incoming) -> bool:
    event = incoming.event
    return isinstance(event, Started) or (isinstance(event, Said) and event.text.startswith("/"))
