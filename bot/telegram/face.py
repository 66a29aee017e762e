"""From an update to what the chat shows. The commit comes first, then the sending, in order by chat."""

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from telegram import Bot
from telegram.error import ChatMigrated, Forbidden, TelegramError

from bot.admin.turn import Replies, Turn, Upload
from bot.due import Pushed
from bot.incidents import incident
from bot.metrics import UPDATES
from bot.reception import Address, NotSaved, Reception, TooFast
from bot.telegram import sending
from bot.telegram.chats import Chats
from bot.telegram.inline import answer as answer_inline
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
from content.sentences import Sentence
from content.unpacking import PACKED_LIMIT
from dialogs.scenes import guidance
from dialogs.talk import reply
from dialogs.types import Document, Paragraph, Reply, Said, Started
from locales import guess_language

if TYPE_CHECKING:
    from bot.admin.chat import AdminChat  # only where somebody is an admin is it loaded

log = logging.getLogger(__name__)

TOO_LARGE = Sentence("it is larger than 2 MB.")
"""Where Telegram says so only when the file is fetched."""

TAKEN = UPDATES.labels("telegram", "taken")


class TelegramFace:
    """``receive`` returns once the update is durable; its replies are then on their way."""

    channel = CHANNEL

    def __init__(self, bot: Bot, reception: Reception, admin: "AdminChat | None" = None) -> None:
        self._bot = bot
        self._admin = admin
        self._reception = reception
        self._tries = Tries()
        self._chats = Chats(bot, reception, self._tries)

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
        return await self._chats.push(address, reply)

    async def stop_spinner(self, received: Received) -> None:
        """Answer the tap by a call of its own, where there is one to answer."""
        if received.query:
            try:
                await sending.stop_spinner(self._bot, received.query, received.notice)
            except TelegramError as fault:
                log.warning("A tap could not be answered: %s", fault.message)

    async def close(self) -> None:
        """Wait for what is still being shown, but not for ever: Telegram delivers that again."""
        await self._chats.close()

    # --- Taking in ---

    async def _receive(self, update: Any) -> Received:
        if inline := asked(update):
            return Received(self._chats.keep(self._offer(inline)))
        incoming = read(update)
        if incoming is None:
            if chat := blocking_chat(update):
                await self._reception.mark_blocked(address_of(chat))
            return Received()
        if not incoming.private:
            return Received(
                self._chats.start(incoming, self._point_to_private(incoming)), incoming.query
            )
        self._chats.reopen(incoming.chat)
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
        showing = self._chats.show(incoming, answer)
        return Received(self._chats.start(incoming, showing, answer.language), incoming.query)

    def _not_saved(self, refusal: NotSaved, said: Showing | None = None) -> Received:
        """It comes again until it is saved; the person is told once."""
        UPDATES.labels("telegram", "not saved").inc()
        log.warning("An update could not be saved, and is not acknowledged: %s", refusal)
        return Received(said, is_saved=False)

    def _say_not_saved(self, incoming: Incoming) -> Showing:
        sentence = guidance.not_saved(guess_language(incoming.language))
        if incoming.query:
            return self._chats.start(
                incoming, sending.stop_spinner(self._bot, incoming.query, sentence)
            )
        return self._chats.start(incoming, self._chats.say(incoming, reply(Paragraph(sentence))))

    def _refuse(self, incoming: Incoming) -> Received:
        """The person is too fast."""
        sentence = guidance.too_fast(guess_language(incoming.language))
        if incoming.query:
            return Received(query=incoming.query, notice=sentence)
        return Received(
            self._chats.start(incoming, self._chats.say(incoming, reply(Paragraph(sentence))))
        )

    def _set_aside(self, update: Any, fault: Exception) -> Showing | None:
        """The update is not tried any more; whoever sent it is told, if that can be read."""
        id_ = incident("an update could not be taken in, and is set aside", fault)
        with suppress(Exception):
            incoming = read(update)
            if incoming and incoming.private:
                sorry = guidance.sorry(guess_language(incoming.language), id_)
                return self._chats.start(incoming, self._chats.say(incoming, sorry))
        return None

    # --- The admins' chat ---

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
        serving = self._chats.start(incoming, self._served(admin, incoming, settled))
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
            await self._chats.show(incoming, answer)
        else:
            settled.set_result(True)
            await self._show_each(admin, incoming, replies)

    async def _show_each(self, admin: "AdminChat", incoming: Incoming, replies: Replies) -> None:
        """What an admin is shown comes bit by bit: a check takes its time. Only the first takes the
        place of the message tapped. A file follows the words that announce it."""
        tapped = incoming.tapped
        async for message in replies:
            await sending.show(self._bot, incoming.chat, message, tapped)
            tapped = None
            for block in message.blocks:
                if isinstance(block, Document) and (content := await admin.file(block.which)):
                    await sending.send_document(self._bot, incoming.chat, block.filename, content)

    async def _fetch(self, file_id: str) -> bytes:
        """The content of a file that was sent, as far as it is not larger than said."""
        file = await sending.patiently(lambda: self._bot.get_file(file_id))
        if (file.file_size or 0) > PACKED_LIMIT:
            raise PackageRefused(TOO_LARGE)
        return bytes(await sending.patiently(file.download_as_bytearray))

    # --- Beyond the private chats ---

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
                await self._chats.say(incoming, message)
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
