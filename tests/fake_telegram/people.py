"""People who use the bot: what they do, and what they see.

A person acts at once, and the bot answers in its own time. `press` first lets things settle, as
one reads before one taps; `sees` waits for a text to appear.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .chats import Chat, Message
from .errors import Json
from .files import StoredFile
from .inline import Offered, Waiting
from .markup import FormattedText, units
from .messages import Notice, Query
from .parameters import Upload

if TYPE_CHECKING:
    from .server import FakeTelegram

_PATIENCE = 30.0
"""Seconds; where all goes well nobody waits so long, and a machine with much to do may need them."""

_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360"
    "f8cfc0f01f0005050102cf7cd4d50000000049454e44ae426082"
)


@dataclass(frozen=True)
class View:
    """A message as it looked to a person at one moment.

    `buttons` are the labels by row, `file` the name of the document or the kind of other media.
    """

    id: int
    text: str
    html: str
    buttons: tuple[tuple[str, ...], ...]
    is_from_bot: bool
    file: str
    keyboard: Json | None

    def __str__(self) -> str:
        who = "<" if self.is_from_bot else ">"
        return f"{who} " + self.legible.replace("\n", "\n  ")

    @property
    def legible(self) -> str:
        """Everything there is to read: text, then a line of labels for each row of buttons."""
        rows = [" ".join(f"[{label}]" for label in row) for row in self.buttons]
        parts = [f"({self.file})"] * bool(self.file) + [self.text] * bool(self.text) + rows
        return "\n".join(parts)

    def button(self, label: str) -> Json | None:
        """The button with this label, as the Bot API describes it."""
        return next((button for button in self._all() if button["text"] == label), None)

    def _all(self) -> Iterator[Json]:
        for row in (self.keyboard or {}).get("inline_keyboard", []):
            yield from row


def _view(message: Message) -> View:
    rows = (message.markup or {}).get("inline_keyboard", [])
    labels = tuple(tuple(button["text"] for button in row) for row in rows)
    kind = next(iter(message.media), "")
    name = message.media[kind].get("file_name", kind) if kind == "document" else kind
    text, html = message.text.text, message.text.to_html()
    return View(message.id, text, html, labels, message.is_from_bot, name, message.markup)


class Person:
    """Somebody in a chat with the bot, or in a group where the bot is."""

    def __init__(self, telegram: "FakeTelegram", user: Json, chat: Chat) -> None:
        self._telegram = telegram
        self.user = user
        self.chat = chat
        self.notices: list[Notice] = []
        self.offers: list[Offered] = []

    @property
    def id(self) -> int:
        """The person's Telegram id."""
        return int(self.user["id"])

    @property
    def screen(self) -> list[View]:
        """Every message that is now in the chat, from the oldest to the newest."""
        return [_view(message) for message in self.chat.messages.values()]

    @property
    def card(self) -> View:
        """The newest message with buttons; raises `LookupError` where there is none."""
        for message in reversed(self.chat.messages.values()):
            if message.markup is not None:
                return _view(message)
        raise LookupError(f"no message with buttons:\n{self.transcript()}")

    def transcript(self) -> str:
        """The screen as lines of text, for reading."""
        return "\n".join(str(view) for view in self.screen) or "(an empty screen)"

    # What a person does

    async def send(self, text: str, *, reply_to: View | int | None = None) -> View:
        """Write a message, which opens the chat if it was not open."""
        if not 0 < units(text) <= 4096:
            raise ValueError("a person's message has 1 to 4096 characters")
        return self._post(FormattedText(text), {}, reply_to)

    async def sends_document(
        self,
        name: str,
        content: bytes,
        mime_type: str = "application/octet-stream",
        caption: str = "",
    ) -> View:
        """Send a file, perhaps with words below it."""
        if units(caption) > 1024:
            raise ValueError("a caption has at most 1024 characters")
        file = self._store("documents", name, mime_type, content)
        return self._post(FormattedText(caption), {"document": file.document()})

    async def sends_photo(self, caption: str = "") -> View:
        """Send a picture of one pixel."""
        file = self._store("photos", "photo.png", "image/png", _PIXEL)
        return self._post(FormattedText(caption), {"photo": file.photo()})

    async def sends_voice(self) -> View:
        """Send a voice message of three seconds."""
        file = self._store("voice", "voice.oga", "audio/ogg", b"OggS")
        voice = {**file.to_json(), "duration": 3, "mime_type": "audio/ogg"}
        return self._post(FormattedText(""), {"voice": voice})

    async def sends_sticker(self, emoji: str = "👍") -> View:
        """Send a sticker."""
        file = self._store("stickers", "sticker.webp", "image/webp", b"RIFF")
        look = {"type": "regular", "width": 512, "height": 512, "emoji": emoji}
        sticker = {**file.to_json(), **look, "is_animated": False, "is_video": False}
        return self._post(FormattedText(""), {"sticker": sticker})

    async def edits(self, message: View | int, text: str) -> View:
        """Change an own message."""
        stored = self.chat.messages[_id(message)]
        if stored.sender["id"] != self.id:
            raise LookupError("one can only edit one's own messages")
        stored.text = FormattedText(text).stripped().with_found()
        stored.edit_date = self._telegram.chats.now()
        self._tell("edited_message", stored)
        return _view(stored)

    async def press(
        self, label: str, *, message: View | int | None = None, at_once: bool = False
    ) -> str:
        """Tap the button with this label on the newest message that has it, or on `message`.

        A `View` that was taken earlier is tapped as it looked then. `at_once` taps what is there
        now instead of waiting for the bot to finish. Returns the id of the callback query.
        """
        if message is None and not at_once:
            await self._sees_button(label)
        view, button = self._find(label, message)
        if "callback_data" not in button:
            raise LookupError(f"the button {label!r} does not send anything to the bot: {button}")
        return await self.press_data(button["callback_data"], view)

    async def press_data(self, data: str, message: View | int) -> str:
        """Send any data as if a button of the message had it. Returns the callback query's id."""
        query = str(self._telegram.randomness.getrandbits(62))
        now = self._telegram.chats.clock()
        self._telegram.messaging.queries[query] = Query(query, now, self.notices.append)
        payload = {
            "id": query,
            "from": self.user,
            "message": self._origin(_id(message)),
            "chat_instance": str(self.chat.id * 7919),
            "data": data,
        }
        self._telegram.updates.add("callback_query", payload, f"presses of {self.id}")
        return query

    async def looks_up(self, words: str) -> list[Offered]:
        """Type the bot's name and some words in another chat, and wait for what it offers."""
        await self.quiet()
        query = str(self._telegram.randomness.getrandbits(62))
        inline = self._telegram.inline
        self.offers = []
        inline.waiting[query] = Waiting(inline.clock(), self.offers.extend)
        payload = {"id": query, "from": self.user, "query": words, "offset": ""}
        kind = {"chat_type": "sender"}
        self._telegram.updates.add("inline_query", payload | kind, f"inline queries of {self.id}")
        await self.quiet()
        return self.offers

    async def blocks(self) -> None:
        """Block the bot."""
        self._telegram.block(self)

    async def unblocks(self) -> None:
        """Let the bot write again."""
        self._telegram.unblock(self)

    # What a person waits for and sees

    async def quiet(self) -> None:
        """Wait until everything has been delivered and the bot is doing nothing any more."""
        await self._telegram.quiet()

    async def sees(self, *fragments: str, patience: float = _PATIENCE) -> View:
        """Wait for a message of the bot that contains all of these, as text or on its buttons.

        Returns the newest such message; raises `AssertionError` after `patience` seconds.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + patience
        while (found := self._showing(fragments)) is None:
            if loop.time() > deadline:
                raise AssertionError(f"{fragments} did not appear on:\n{self.transcript()}")
            await asyncio.sleep(0.005)
        return found

    async def _sees_button(self, label: str) -> None:
        """Wait until the bot has come to rest, and where the button is not there then, for it to come."""
        await self.quiet()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _PATIENCE
        while not any(view.button(label) for view in self.screen):
            if loop.time() > deadline:
                return
            await asyncio.sleep(0.005)

    def _showing(self, fragments: Sequence[str]) -> View | None:
        for message in reversed(self.chat.messages.values()):
            if message.is_from_bot:
                view = _view(message)
                if all(fragment in view.legible for fragment in fragments):
                    return view
        return None

    def _find(self, label: str, message: View | int | None) -> tuple[View, Json]:
        if isinstance(message, View):
            views = [message]
        elif message is not None:
            views = [_view(self.chat.messages[message])]
        else:
            views = self.screen[::-1]
        for view in views:
            if button := view.button(label):
                return view, button
        raise LookupError(f"no button {label!r} on:\n{self.transcript()}")

    def _origin(self, message_id: int) -> Json:
        message = self.chat.messages.get(message_id)
        if message is not None:
            return message.to_json()
        return {"message_id": message_id, "chat": self.chat.to_json(), "date": 0}

    def _store(self, folder: str, name: str, mime_type: str, content: bytes) -> StoredFile:
        return self._telegram.files.add(folder, Upload(name, mime_type, content))

    def _post(self, text: FormattedText, media: Json, reply_to: View | int | None = None) -> View:
        self.chat.is_opened = True
        replied = None if reply_to is None else self.chat.messages[_id(reply_to)]
        now = self._telegram.chats.now()
        formatted = text.stripped().with_found()
        message = self.chat.post(self.user, formatted, now, media=media, reply_to=replied)
        self._tell("message", message)
        return _view(message)

    def _tell(self, kind: str, message: Message) -> None:
        if self._telegram.is_shown_to_bot(message):
            self._telegram.updates.add(kind, message.to_json(), f"chat {self.chat.id}")


class Group:
    """A group with the bot in it."""

    def __init__(self, telegram: "FakeTelegram", chat: Chat) -> None:
        self._telegram = telegram
        self.chat = chat

    def member(self, person: Person) -> Person:
        """The same person, acting in this group."""
        return Person(self._telegram, person.user, self.chat)

    async def removes_bot(self, person: Person) -> None:
        """A member puts the bot out of the group."""
        kind = self.chat.about["type"]
        self.chat.refusal = f"bot was kicked from the {kind} chat"
        self._telegram.tell_membership(self.chat, person.user, "member", "kicked")


def _id(message: View | int) -> int:
    return message if isinstance(message, int) else message.id


def membership(bot: Json, status: str) -> dict[str, Any]:
    """The bot's membership in a chat, as a `ChatMember`."""
    member: Json = {"user": bot, "status": status}
    return {**member, "until_date": 0} if status == "kicked" else member
