"""Inline mode: words typed after the bot's name in any chat, and what the bot offers for them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .errors import Json, bad_request
from .messages import TOO_OLD, message_text
from .parameters import Parameters

_MOST = 50
_ID_LIMIT = 64


@dataclass(frozen=True)
class Offered:
    """One result as the list above the keyboard shows it, and the message that it would send."""

    id: str
    title: str
    description: str
    text: str
    html: str


@dataclass
class Waiting:
    """An inline query that waits for its answer."""

    asked_at: float
    on_answer: Callable[[list[Offered]], None]


@dataclass
class Inline:
    """The inline queries under way. `lifetime` is in seconds: people type on."""

    clock: Callable[[], float]
    lifetime: float = 10.0
    waiting: dict[str, Waiting] = field(default_factory=dict)

    def methods(self) -> dict[str, Callable[[Parameters], Any]]:
        """The methods by name."""
        return {"answerInlineQuery": self.answer_inline_query}

    def answer_inline_query(self, parameters: Parameters) -> bool:
        """`answerInlineQuery`, for articles."""
        results = parameters.structure("results", "inline query results")
        if not isinstance(results, list):
            raise bad_request("expected an Array of InlineQueryResult")
        if len(results) > _MOST:
            raise bad_request("RESULTS_TOO_MUCH")
        offered = [_offered(result) for result in results]
        if len({one.id for one in offered}) < len(offered):
            raise bad_request("RESULT_ID_DUPLICATE")
        query = self.waiting.pop(parameters.text("inline_query_id"), None)
        if query is None or self.clock() - query.asked_at > self.lifetime:
            raise bad_request(TOO_OLD)
        query.on_answer(offered)
        return True


def _offered(result: Any) -> Offered:
    if not isinstance(result, dict) or result.get("type") != "article":
        raise bad_request("can't parse inline query result: the fake knows articles only")
    for name in ("id", "title", "input_message_content"):
        if not result.get(name):
            raise bad_request(f"can't parse inline query result: Can't find field \"{name}\"")
    if len(str(result["id"]).encode()) > _ID_LIMIT:
        raise bad_request("RESULT_ID_INVALID")
    text = message_text(_content(result["input_message_content"]))
    about = str(result.get("description", ""))
    return Offered(result["id"], result["title"], about, text.text, text.to_html())


def _content(content: Json) -> Parameters:
    """The text to be sent, as `sendMessage` would take it."""
    return Parameters({**content, "text": content.get("message_text")})
