"""Who is there, and which messages stand in which chat."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from .errors import ApiError, Json, bad_request, forbidden
from .markup import FormattedText
from .parameters import Parameters

Clock = Callable[[], float]


@dataclass(eq=False)
class Message:
    """One message; `text` for plain ones, `media` (with a caption as text) for the others."""

    chat: "Chat"
    id: int
    sender: Json
    date: int
    text: FormattedText
    media: Json = field(default_factory=dict)
    markup: Json | None = None
    options: Json = field(default_factory=dict)
    reply_to: "Message | None" = None
    edit_date: int | None = None
    is_too_old: bool = False

    @property
    def is_from_bot(self) -> bool:
        """Whether the bot under test has sent it."""
        return bool(self.sender["is_bot"])

    def to_json(self, *, with_reply: bool = True) -> Json:
        """The message as a `Message` of the Bot API."""
        body: Json = {"message_id": self.id, "from": self.sender, "chat": self.chat.to_json()}
        body["date"] = self.date
        if self.edit_date is not None:
            body["edit_date"] = self.edit_date
        if with_reply and self.reply_to is not None:
            body["reply_to_message"] = self.reply_to.to_json(with_reply=False)
        body.update(self.media)
        self._add_text(body)
        body.update(self.options)
        if self.markup is not None:
            body["reply_markup"] = self.markup
        return body

    def _add_text(self, body: Json) -> None:
        name = "caption" if self.media else "text"
        if self.text.text:
            body[name] = self.text.text
        if self.text.entities:
            body["caption_entities" if self.media else "entities"] = self.text.entities


@dataclass(eq=False)
class Chat:
    """A private chat or a group. `refusal` is why the bot may not write there, if it may not."""

    id: int
    about: Json
    is_opened: bool = False
    refusal: str = ""
    messages: dict[int, Message] = field(default_factory=dict)
    actions: list[str] = field(default_factory=list)
    last_id: int = 0

    @property
    def is_private(self) -> bool:
        """Whether it is a chat of one person with the bot."""
        return self.id > 0

    def to_json(self) -> Json:
        """The chat as a `Chat` of the Bot API."""
        return {"id": self.id, **self.about}

    def post(self, sender: Json, text: FormattedText, date: int, **more: object) -> Message:
        """Put a new message at the end; `more` are further fields of `Message`."""
        self.last_id += 1
        message = Message(self, self.last_id, sender, date, text, **more)  # type: ignore[arg-type]
        self.messages[message.id] = message
        return message


class Chats:
    """All chats that exist, opened with the bot or not."""

    def __init__(self, clock: Clock = time.time) -> None:
        self.clock = clock
        self._by_id: dict[int, Chat] = {}

    def __getitem__(self, chat_id: int) -> Chat:
        return self._by_id[chat_id]

    def get_or_add(self, chat_id: int, about: Json) -> Chat:
        """The chat with this id; `about` holds its other `Chat` fields when it is a new one."""
        if chat_id not in self._by_id:
            self._by_id[chat_id] = Chat(chat_id, about)
        return self._by_id[chat_id]

    def now(self) -> int:
        """The present, in whole seconds since 1970."""
        return int(self.clock())

    def addressed(self, parameters: Parameters) -> Chat:
        """The chat that `chat_id` names, if the bot may see it."""
        given = parameters.text("chat_id")
        if not given:
            raise bad_request("chat_id is empty")
        chat = self._by_id.get(parameters.integer("chat_id"))
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def writable(self, parameters: Parameters) -> Chat:
        """The chat that `chat_id` names, if the bot may write there."""
        chat = self.addressed(parameters)
        refusal = refusal_of(chat)
        if refusal is not None:
            raise refusal
        return chat


def refusal_of(chat: Chat) -> ApiError | None:
    """Why the bot may not write to a chat, or None where it may."""
    if chat.refusal:
        return forbidden(chat.refusal)
    if not chat.is_opened:
        return forbidden("bot can't initiate conversation with a user")
    return None
