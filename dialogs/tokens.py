"""What a button sends back: a verb and its arguments, in at most 64 bytes.

A token addresses its object ("statement 1.3 of assessment k2f9…, revision 1: rather agree"), never
"the current one", so a double, late or reordered tap is harmless. A leading plus sign says that the
message tapped stays as it is and the reply is a new one.
"""

from dataclasses import replace

from dialogs.types import Choice

LIMIT = 64
"""Bytes that Telegram carries in ``callback_data``."""

STAYS = "+"


def token(verb: str, *arguments: str | int) -> str:
    """Raises ValueError where the ids are too long to fit: content is checked for it on publishing."""
    made = ":".join((verb, *map(str, arguments)))
    if len(made.encode()) > LIMIT - len(STAYS):
        raise ValueError(f"the token {made!r} is longer than {LIMIT - len(STAYS)} bytes")
    return made


def parse(made: str) -> tuple[str, list[str], bool]:
    """The verb, its arguments, and whether the message tapped stays."""
    verb, *arguments = made.removeprefix(STAYS).split(":")
    return verb, arguments, made.startswith(STAYS)


def staying(rows: tuple[tuple[Choice, ...], ...]) -> tuple[tuple[Choice, ...], ...]:
    """The same buttons for a message that is kept in the chat when one of them is tapped."""
    return tuple(tuple(replace(c, token=STAYS + c.token) for c in row) for row in rows)
