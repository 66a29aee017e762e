"""Who may do what, by Telegram id: ``123456:content, 234567:operator, 345678:content+operator``."""

from collections.abc import Mapping

CONTENT = "content"
"""Checks, publishes and undoes content."""

OPERATOR = "operator"
"""Looks at how the service is doing."""

KNOWN = frozenset({CONTENT, OPERATOR})

Roles = Mapping[int, frozenset[str]]


def read_roles(text: str) -> dict[int, frozenset[str]]:
    """Raises ValueError with what is wrong, in a few words."""
    found: dict[int, frozenset[str]] = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        number, _, named = entry.partition(":")
        roles = frozenset(role.strip() for role in named.split("+"))
        if not number.isascii() or not number.isdecimal():
            raise ValueError(f"“{number}” is not a Telegram id")
        if not roles <= KNOWN:
            raise ValueError(f"{number} has other roles than content and operator")
        if int(number) in found:
            raise ValueError(f"{number} stands twice")
        found[int(number)] = roles
    return found
