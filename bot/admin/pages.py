"""Long lists on cards: as much as a message holds, and the way to the rest."""

from collections.abc import Sequence

from bot.admin.tokens import made
from dialogs.types import Choice
from locales import Words

ROOM = 2600
"""Letters of a page: with its frame it fits one message."""

ROWS = 12


def pages(rows: Sequence[str]) -> list[list[str]]:
    """At least one page, perhaps an empty one. A row that is longer than a page is cut."""
    found: list[list[str]] = [[]]
    for row in (one if len(one) <= ROOM else f"{one[: ROOM - 1]}…" for one in rows):
        full = len(found[-1]) == ROWS or sum(map(len, found[-1])) + len(row) > ROOM
        if full and found[-1]:
            found.append([])
        found[-1].append(row)
    return found


def page_of(every: list[list[str]], number: str) -> int:
    """The number asked for, as far as there are so many: tokens are not to be trusted."""
    wanted = int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else 0
    return min(wanted, len(every) - 1)


def turning(words: Words, every: list[list[str]], at: int, *verb: str) -> list[Choice]:
    """The row that turns pages; empty where there is one only."""
    back = [Choice(words("Previous page"), made(*verb, at - 1))] if at else []
    onward = [Choice(words("Next page"), made(*verb, at + 1))] if at + 1 < len(every) else []
    return [*back, *onward]
