"""Telegram's updates as events."""

from dataclasses import dataclass

from telegram import CallbackQuery, ChatMemberUpdated, Message, Update, User
from telegram.constants import ChatType

from dialogs.types import Event, Pressed, Said, Sent, Started
from storage.conversations import Address

ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member"]
"""The kinds of updates that Telegram is asked for."""

KINDS = ("photo", "voice", "sticker", "video", "video_note", "audio", "document", "location")


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update as the face needs it. ``tapped`` is the message whose button was tapped."""

    key: str
    chat: int
    language: str
    event: Event | None
    private: bool = True
    query: str | None = None
    tapped: int | None = None

    @property
    def address(self) -> Address:
        return Address("telegram", str(self.chat))


def read(update: Update) -> Incoming | None:
    """None for what needs no answer: other bots' messages, and the news that somebody left."""
    if update.callback_query:
        return _tap(update.update_id, update.callback_query)
    if update.message:
        return _message(update.update_id, update.message, _event(update.message))
    if update.edited_message:
        return _message(update.update_id, update.edited_message, Sent("edited"))
    return None


def has_blocked(update: Update) -> Address | None:
    """The chat of somebody who has just blocked the bot."""
    change: ChatMemberUpdated | None = update.my_chat_member
    if (
        change
        and change.chat.type == ChatType.PRIVATE
        and change.new_chat_member.status == "kicked"
    ):
        return Address("telegram", str(change.chat.id))
    return None


def _tap(update_id: int, query: CallbackQuery) -> Incoming | None:
    if query.message is None or query.data is None:
        return None
    return Incoming(
        key=_key(update_id),
        chat=query.message.chat.id,
        language=query.from_user.language_code or "",
        event=Pressed(query.data),
        private=query.message.chat.type == ChatType.PRIVATE,
        query=query.id,
        tapped=query.message.message_id,
    )


def _message(update_id: int, message: Message, event: Event | None) -> Incoming | None:
    sender: User | None = message.from_user
    if sender is None or sender.is_bot:
        return None
    return Incoming(
        key=_key(update_id),
        chat=message.chat.id,
        language=sender.language_code or "",
        event=event,
        private=message.chat.type == ChatType.PRIVATE,
    )


def _event(message: Message) -> Event:
    text = message.text
    if text is None:
        return Sent(next((kind for kind in KINDS if getattr(message, kind, None)), "other"))
    command, _, argument = text.partition(" ")
    return Started(argument) if command.split("@")[0] == "/start" else Said(text)


def _key(update_id: int) -> str:
    return str(update_id)
