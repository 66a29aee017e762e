"""The methods that write to people: sending, editing, deleting, answering a press."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .chats import Chat, Chats, Message
from .errors import Json, bad_request
from .files import Files
from .keyboards import read_markup
from .markup import FormattedText, HtmlParser, units
from .parameters import Parameters

_TEXT_LIMIT = 4096
_CAPTION_LIMIT = 1024
_ENTITY_LIMIT = 100
_NOTICE_LIMIT = 200
_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)
_ENTITY_TYPES = frozenset(
    [
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "custom_emoji",
        "date_time",
    ]
)
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@dataclass(frozen=True)
class Notice:
    """What a person sees for a moment after a press; nothing if the text is empty."""

    text: str
    is_alert: bool


@dataclass
class Query:
    """A press of a button, which waits for its answer."""

    id: str
    pressed_at: float
    on_answer: Callable[[Notice], None]


@dataclass
class Messaging:
    """Everything the bot does in chats. `query_lifetime` is in seconds."""

    chats: Chats
    files: Files
    bot: Json
    query_lifetime: float = 900.0
    queries: dict[str, Query] = field(default_factory=dict)

    def methods(self) -> dict[str, Callable[[Parameters], Any]]:
        """The methods by name."""
        return {
            "sendMessage": self.send_message,
            "sendDocument": self.send_document,
            "sendPhoto": self.send_photo,
            "editMessageText": self.edit_message_text,
            "editMessageReplyMarkup": self.edit_message_reply_markup,
            "deleteMessage": self.delete_message,
            "answerCallbackQuery": self.answer_callback_query,
            "sendChatAction": self.send_chat_action,
            "getFile": self.files.get_file,
        }

    def send_message(self, parameters: Parameters) -> Json:
        """`sendMessage`."""
        text = message_text(parameters)
        return self._post(parameters, text)

    def send_document(self, parameters: Parameters) -> Json:
        """`sendDocument`."""
        caption = _caption(parameters)
        self.chats.writable(parameters)
        file = self.files.received(parameters, "document")
        return self._post(parameters, caption, {"document": file.document()})

    def send_photo(self, parameters: Parameters) -> Json:
        """`sendPhoto`."""
        caption = _caption(parameters)
        self.chats.writable(parameters)
        file = self.files.received(parameters, "photo")
        return self._post(parameters, caption, {"photo": file.photo()})

    def _post(self, parameters: Parameters, text: FormattedText, media: Json | None = None) -> Json:
        markup = read_markup(parameters)
        chat = self.chats.writable(parameters)
        message = chat.post(
            self.bot,
            text,
            self.chats.now(),
            media=media or {},
            markup=markup,
            options=_options(parameters),
            reply_to=_replied(chat, parameters),
        )
        return message.to_json()

    def edit_message_text(self, parameters: Parameters) -> Json:
        """`editMessageText`."""
        text = message_text(parameters)
        markup = read_markup(parameters, only_inline=True)
        message = self._editable(parameters)
        if message.media:
            raise bad_request("there is no text in the message to edit")
        preview = _options(parameters).get("link_preview_options")
        if preview:
            message.options = {**message.options, "link_preview_options": preview}
        return self._change(message, text, markup)

    def edit_message_reply_markup(self, parameters: Parameters) -> Json:
        """`editMessageReplyMarkup`."""
        markup = read_markup(parameters, only_inline=True)
        message = self._editable(parameters)
        return self._change(message, message.text, markup)

    def _change(self, message: Message, text: FormattedText, markup: Json | None) -> Json:
        if (text, markup) == (message.text, message.markup):
            raise bad_request(_NOT_MODIFIED)
        message.text, message.markup = text, markup
        message.edit_date = self.chats.now()
        return message.to_json()

    def _editable(self, parameters: Parameters) -> Message:
        if "chat_id" not in parameters and "inline_message_id" in parameters:
            raise bad_request("MESSAGE_ID_INVALID")
        message = self._named_message(parameters, "message to edit not found")
        self.chats.writable(parameters)
        if not message.is_from_bot or message.is_too_old:
            raise bad_request("message can't be edited")
        return message

    def _named_message(self, parameters: Parameters, otherwise: str) -> Message:
        chat = self.chats.addressed(parameters)
        if "message_id" not in parameters:
            raise bad_request("message identifier is not specified")
        message = chat.messages.get(parameters.integer("message_id"))
        if message is None:
            raise bad_request(otherwise)
        return message

    def delete_message(self, parameters: Parameters) -> bool:
        """`deleteMessage`."""
        message = self._named_message(parameters, "message to delete not found")
        is_allowed = message.is_from_bot or message.chat.is_private
        if message.is_too_old or not is_allowed:
            raise bad_request("message can't be deleted for everyone")
        del message.chat.messages[message.id]
        return True

    def answer_callback_query(self, parameters: Parameters) -> bool:
        """`answerCallbackQuery`."""
        text = parameters.text("text")
        if units(text) > _NOTICE_LIMIT:
            raise bad_request("MESSAGE_TOO_LONG")
        if parameters.text("url") and "//t.me/" not in parameters.text("url"):
            raise bad_request("URL_INVALID")
        query = self.queries.pop(parameters.text("callback_query_id"), None)
        if query is None or self.chats.clock() - query.pressed_at > self.query_lifetime:
            raise bad_request(TOO_OLD)
        query.on_answer(Notice(text, parameters.boolean("show_alert")))
        return True

    def send_chat_action(self, parameters: Parameters) -> bool:
        """`sendChatAction`."""
        action = parameters.text("action").lower()
        if action not in _ACTIONS:
            raise bad_request("wrong parameter action in request")
        self.chats.writable(parameters).actions.append(action)
        return True


def message_text(parameters: Parameters) -> FormattedText:
    if not parameters.text("text"):
        raise bad_request("message text is empty")
    text = _formatted(parameters, "text", "entities")
    if not text.text:
        raise bad_request("text must be non-empty")
    if units(text.text) > _TEXT_LIMIT:
        raise bad_request("message is too long")
    return text


def _caption(parameters: Parameters) -> FormattedText:
    caption = _formatted(parameters, "caption", "caption_entities")
    if units(caption.text) > _CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return caption


def _formatted(parameters: Parameters, name: str, entities_name: str) -> FormattedText:
    source = parameters.text(name)
    if len(source) > 8192 and len(source.encode()) > 1 << 15:
        raise bad_request("text is too long")
    mode = parameters.text("parse_mode").lower()
    if mode in {"", "none"}:
        text = FormattedText(source, _given_entities(parameters, entities_name, units(source)))
    elif mode == "html":
        text = HtmlParser(source, parameters.problems).parse()
    else:
        raise _unsupported_mode(mode, parameters.problems)
    return _limited(text.stripped().with_found(), parameters.problems)


def _unsupported_mode(mode: str, problems: list[str]) -> Exception:
    if mode in {"markdown", "markdownv2"}:
        problems.append(f"parse mode {mode} is not part of this fake")
    return bad_request("unsupported parse_mode")


def _limited(text: FormattedText, problems: list[str]) -> FormattedText:
    if len(text.entities) <= _ENTITY_LIMIT:
        return text
    problems.append(f"{len(text.entities)} entities: Telegram drops those after the hundredth")
    return FormattedText(text.text, text.entities[:_ENTITY_LIMIT])


def _given_entities(parameters: Parameters, name: str, length: int) -> list[Json]:
    given = parameters.structure(name, "entities") or []
    if not all(isinstance(entity, dict) for entity in given):
        raise bad_request("can't parse MessageEntity: expected an Object")
    for entity in given:
        if entity.get("type") not in _ENTITY_TYPES:
            raise bad_request("can't parse MessageEntity: Unsupported type specified")
        if not _is_inside(entity, length):
            raise bad_request("entity beyond end of the message text")
    return list(given)


def _is_inside(entity: Json, length: int) -> bool:
    offset, extent = entity.get("offset"), entity.get("length")
    if not isinstance(offset, int) or not isinstance(extent, int):
        return False
    return 0 <= offset < offset + extent <= length


def _options(parameters: Parameters) -> Json:
    options: Json = {}
    preview = parameters.structure("link_preview_options", "link preview options")
    if preview:
        options["link_preview_options"] = preview
    if parameters.boolean("protect_content"):
        options["has_protected_content"] = True
    return options


def _replied(chat: Chat, parameters: Parameters) -> Message | None:
    reply = parameters.structure("reply_parameters", "reply parameters")
    if not reply:
        return None
    if not isinstance(reply, dict):
        raise bad_request("object expected as reply parameters")
    message = chat.messages.get(reply.get("message_id", 0))
    if message is None and not reply.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return message
