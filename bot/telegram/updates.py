"""Telegram's updates as events.

They are read from their JSON: python-telegram-bot's ``Update`` builds every object inside, which costs
150 µs an update, and an answer needs six values of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dialogs.types import Event, Pressed, Said, Sent, Started
from storage.conversations import Address

Json = Mapping[str, Any]

ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member", "inline_query"]
"""The kinds of updates that Telegram is asked for."""

CHANNEL = "telegram"
"""What its addresses are kept under."""

KINDS = ("photo", "voice", "sticker", "video", "video_note", "audio", "document", "location")


NONSENSE = (KeyError, TypeError, ValueError, AttributeError, OverflowError)
"""All that reading JSON of another shape can lead to."""


class NotAnUpdate(Exception):
    """What was delivered does not look like one of Telegram's updates."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that somebody sent. ``caption`` is what stands below it."""

    id: str
    name: str
    size: int
    caption: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update as the face needs it. ``tapped`` is the message whose button was tapped."""

    key: str
    chat: int
    language: str
    event: Event
    private: bool = True
    query: str | None = None
    tapped: int | None = None
    file: File | None = None

    @property
    def address(self) -> Address:
        return address_of(self.chat)


@dataclass(frozen=True, slots=True)
class Asked:
    """Words typed after the bot's name in some chat: an inline query."""

    query: str
    language: str
    text: str


def number_of(update: Any) -> int | None:
    """The number that Telegram gave it, if it is there."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) else None


def address_of(chat: int) -> Address:
    return Address(CHANNEL, str(chat))


def read(update: Any) -> Incoming | None:
    """None for what needs no answer: other bots' messages, inline taps, what we did not ask for.

    Raises NotAnUpdate where something that every update has is missing.
    """
    try:
        key = str(int(update["update_id"]))
        if query := update.get("callback_query"):
            return _tap(key, query)
        if message := update.get("message"):
            return _message(key, message, _event(message))
        if edited := update.get("edited_message"):
            return _message(key, edited, Sent("edited"))
    except NONSENSE as fault:
        raise NotAnUpdate from fault
    return None


def asked(update: Any) -> Asked | None:
    """The inline query that an update brings. Raises NotAnUpdate where it cannot be read."""
    try:
        if query := update.get("inline_query"):
            language = str(query["from"].get("language_code", ""))
            return Asked(str(query["id"]), language, str(query["query"]))
    except (KeyError, TypeError, AttributeError) as fault:
        raise NotAnUpdate from fault
    return None


def blocking_chat(update: Json) -> int | None:
    """The chat of somebody who has just blocked the bot. Raises NotAnUpdate."""
    try:
        change = update.get("my_chat_member")
        if not change or change["chat"]["type"] != "private":
            return None
        blocked = change["new_chat_member"]["status"] == "kicked"
        return int(change["chat"]["id"]) if blocked else None
    except NONSENSE as fault:
        raise NotAnUpdate from fault


def _tap(key: str, query: Json) -> Incoming | None:
    message = query.get("message")
    if message is None or "data" not in query:
        return None
    return Incoming(
        key=key,
        chat=int(message["chat"]["id"]),
        language=str(query["from"].get("language_code", "")),
        event=Pressed(_clean(query["data"])),
        private=message["chat"]["type"] == "private",
        query=str(query["id"]),
        tapped=int(message["message_id"]),
    )


def _message(key: str, message: Json, event: Event) -> Incoming | None:
    chat, sender = message["chat"], message.get("from")
    if sender is None or sender["is_bot"]:
        return None
    return Incoming(
        key=key,
        chat=int(chat["id"]),
        language=str(sender.get("language_code", "")),
        event=event,
        private=chat["type"] == "private",
        file=_file(message) if "document" in message else None,
    )


def _file(message: Json) -> File:
    sent = message["document"]
    return File(
        id=str(sent["file_id"]),
        name=_clean(sent.get("file_name", ""))[:100],
        size=int(sent.get("file_size", 0)),
        caption=_clean(message.get("caption", "")).strip(),
    )


def _event(message: Json) -> Event:
    text = message.get("text")
    if text is None:
        return Sent(next((kind for kind in KINDS if kind in message), "other"))
    text = _clean(text)
    command, _, argument = text.partition(" ")
    return Started(argument) if command.split("@")[0] == "/start" else Said(text)


def _clean(text: Any) -> str:
    """A text that every database takes: JSON can spell NUL and halves of characters."""
    return str(text).replace("\0", "").encode(errors="replace").decode()
