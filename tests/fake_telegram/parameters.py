"""The parameters of one call, whichever way they were sent.

The Bot API knows only strings: a number in JSON and its digits in a form are the same, and a
structure may come as JSON or as a string of JSON. The readers here are as lenient as that. What
the real API overlooks silently is noted in `problems`, so that a test can insist on its absence.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import bad_request

_SENDING = (
    "chat_id business_connection_id message_thread_id direct_messages_topic_id parse_mode"
    " disable_notification protect_content allow_paid_broadcast message_effect_id"
    " suggested_post_parameters reply_parameters reply_markup ephemeral_message_parameters"
    " receiver_user_id callback_query_id"
)
_EDITING = "business_connection_id chat_id message_id inline_message_id reply_markup"

# The parameters that Bot API 10.3 documents, without the deprecated ones.
KNOWN: Mapping[str, frozenset[str]] = {
    method: frozenset(names.split())
    for method, names in {
        "getMe": "",
        "setMyCommands": "commands scope language_code",
        "getMyCommands": "scope language_code",
        "setMyDescription": "description language_code",
        "setMyShortDescription": "short_description language_code",
        "setWebhook": "url certificate ip_address max_connections allowed_updates"
        " drop_pending_updates secret_token",
        "deleteWebhook": "drop_pending_updates",
        "getWebhookInfo": "",
        "getUpdates": "offset limit timeout allowed_updates",
        "sendMessage": f"{_SENDING} text entities link_preview_options",
        "editMessageText": f"{_EDITING} text parse_mode entities link_preview_options rich_message",
        "editMessageReplyMarkup": _EDITING,
        "deleteMessage": "chat_id message_id",
        "answerCallbackQuery": "callback_query_id text show_alert url cache_time",
        "answerInlineQuery": "inline_query_id results cache_time is_personal next_offset button",
        "sendChatAction": "chat_id action business_connection_id message_thread_id",
        "getFile": "file_id",
        "sendDocument": f"{_SENDING} document thumbnail caption caption_entities"
        " disable_content_type_detection",
        "sendPhoto": f"{_SENDING} photo caption caption_entities show_caption_above_media"
        " has_spoiler",
    }.items()
}


@dataclass(frozen=True)
class Upload:
    """A file that came with the call."""

    name: str
    mime_type: str
    content: bytes


@dataclass
class Parameters:
    """What one call was given, and what was questionable about it."""

    values: dict[str, Any] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def __contains__(self, name: str) -> bool:
        return self.values.get(name) is not None

    def text(self, name: str, default: str = "") -> str:
        """The parameter as a string."""
        value = self.values.get(name)
        if value is None:
            return default
        if isinstance(value, str):
            return value
        return json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """The parameter as a number; 0 for what is none, as the real one reads it."""
        value = self.text(name)
        if not value:
            return default
        try:
            return int(value)
        except ValueError:
            self.problems.append(f"{name} is not a number: {value!r}")
            return 0

    def boolean(self, name: str) -> bool:
        """The parameter as a truth value."""
        return self.text(name).lower() in {"true", "yes", "1"}

    def structure(self, name: str, called: str) -> Any:
        """The parameter as decoded JSON, or None; `called` is its name in the error's words."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {called} JSON object") from None

    def check_names(self, method: str) -> None:
        """Note each parameter that the method does not know: the real API would ignore it."""
        attached = {upload.removeprefix("attach://") for upload in self._attachments()}
        for name in (self.values.keys() | self.uploads.keys()) - KNOWN[method] - attached:
            self.problems.append(f"unknown parameter {name!r}")
        for name, value in self.values.items():
            if value is None:
                self.problems.append(f"parameter {name!r} is null: leave it out instead")

    def _attachments(self) -> list[str]:
        texts = (value for value in self.values.values() if isinstance(value, str))
        return [text for text in texts if text.startswith("attach://")]
