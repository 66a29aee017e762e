"""Reply markup: what is checked before a keyboard may hang under a message."""

from collections.abc import Iterator
from typing import Any

from .errors import Json, bad_request
from .markup import normal_url
from .parameters import Parameters

_ACTIONS = [
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
]
_LOOKS = {"text", "style", "icon_custom_emoji_id"}
_STYLES = {"danger", "success", "primary"}
_KINDS = {
    "inline_keyboard": set[str](),
    "keyboard": {
        "is_persistent",
        "resize_keyboard",
        "one_time_keyboard",
        "input_field_placeholder",
        "selective",
    },
    "remove_keyboard": {"selective"},
    "force_reply": {"input_field_placeholder", "selective"},
}


def read_markup(parameters: Parameters, *, only_inline: bool = False) -> Json | None:
    """The inline keyboard to hang under the message, or None for none or another kind.

    Raises `ApiError` for a keyboard that Telegram refuses.
    """
    markup = parameters.structure("reply_markup", "reply keyboard markup")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    kind = _kind(markup, parameters.problems)
    if kind == "inline_keyboard":
        return _inline_keyboard(markup[kind], parameters.problems)
    if only_inline and kind is not None:
        raise bad_request("inline keyboard expected")
    return None


def _kind(markup: Json, problems: list[str]) -> str | None:
    kinds = [kind for kind in _KINDS if kind in markup]
    if len(kinds) != 1:
        problems.append(f"a reply markup of {len(kinds)} kinds: {sorted(markup)}")
        return kinds[0] if kinds else None
    unknown = markup.keys() - _KINDS[kinds[0]] - {kinds[0]}
    problems.extend(f"unknown field {name!r} in the reply markup" for name in unknown)
    return kinds[0]


def _inline_keyboard(rows: Any, problems: list[str]) -> Json | None:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
        )
    kept = [_row(row, problems) for row in rows]
    if sum(len(row) for row in kept) > 100:
        raise bad_request("reply markup is too long")
    kept = [row for row in kept if row]
    return {"inline_keyboard": kept} if kept else None


def _row(row: list[Any], problems: list[str]) -> list[Json]:
    if not row:
        problems.append("an empty row in the inline keyboard")
    if len(row) > 8:
        problems.append(f"{len(row)} buttons in a row: Telegram shows at most 8")
    buttons = [_button(button, problems) for button in row]
    return [button for button in buttons if button["text"]]


def _button(button: Any, problems: list[str]) -> Json:
    if not isinstance(button, dict):
        raise _cannot_parse("InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise _cannot_parse('Can\'t find field "text"')
    if not button["text"].strip():
        problems.append("a button without a label: Telegram leaves it out")
    actions = [name for name in _ACTIONS if name in button]
    if not actions:
        raise _cannot_parse("Text buttons are unallowed in the inline keyboard")
    problems.extend(_faults(button, actions))
    _check_action(actions[0], button[actions[0]])
    return button


def _faults(button: Json, actions: list[str]) -> Iterator[str]:
    label = button["text"]
    if len(actions) > 1:
        yield f"button {label!r} has several actions: {', '.join(actions)}"
    for unknown in button.keys() - set(_ACTIONS) - _LOOKS:
        yield f"button {label!r} has an unknown field {unknown!r}"
    if button.get("style", "primary") not in _STYLES:
        yield f"button {label!r} has an unknown style {button['style']!r}"


def _check_action(action: str, value: Any) -> None:
    if action == "callback_data":
        _check_data(value)
    elif action == "url":
        _check_url(value)
    elif action == "web_app":
        url = value.get("url", "") if isinstance(value, dict) else ""
        if not url.startswith("https://"):
            reason = "is invalid: Only HTTPS links are allowed"
            raise bad_request(f"inline keyboard button Web App URL '{url}' {reason}")
    elif action == "copy_text":
        text = value.get("text", "") if isinstance(value, dict) else ""
        if not 1 <= len(text) <= 256:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _check_data(data: Any) -> None:
    if not isinstance(data, str):
        raise _cannot_parse('Field "callback_data" must be of type String')
    if not data:
        raise _cannot_parse("Text buttons are unallowed in the inline keyboard")
    if len(data.encode()) > 64:
        raise bad_request("BUTTON_DATA_INVALID")


def _check_url(url: Any) -> None:
    if not isinstance(url, str):
        raise _cannot_parse('Field "url" must be of type String')
    if normal_url(url):
        return
    scheme = url.partition(":")[0].lower() if "://" in url else "http"
    reason = "Wrong HTTP URL" if scheme in {"http", "https"} else "Unsupported URL protocol"
    raise bad_request(f"inline keyboard button URL '{url}' is invalid: {reason}")


def _cannot_parse(reason: str) -> Exception:
    return bad_request(f"can't parse inline keyboard button: {reason}")
