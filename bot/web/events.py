"""What the page sends: ``{"id": "<uuid>", "event": {"kind": "pressed", "token": "…"}}``."""

import json
from typing import Any
from uuid import UUID

from dialogs.types import Event, Pressed, Said, Started


class Malformed(ValueError):
    """The body is not what the page sends."""


def read_update(body: bytes) -> tuple[str, Event]:
    """The update's own id and its event. Raises Malformed."""
    try:
        update = json.loads(body)
        return str(UUID(update["id"])), _event(update["event"])
    # All that JSON of any other shape can lead to; the last is for a pile of brackets.
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Malformed from error


def _event(event: dict[str, Any]) -> Event:
    match event["kind"]:
        case "pressed":
            return Pressed(_text(event["token"]))
        case "said":
            return Said(_text(event["text"]))
        case "started":
            return Started()
    raise Malformed


def _text(value: object) -> str:
    """A text that every database takes: JSON can spell NUL and halves of characters."""
    if not isinstance(value, str) or "\0" in value:
        raise Malformed
    value.encode()  # raises UnicodeEncodeError, a ValueError
    return value
