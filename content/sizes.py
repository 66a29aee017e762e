"""Whether texts fit the buttons and headings that they become."""

from collections.abc import Iterator

from content.model import Edition
from content.sentences import Sentence

LIMITS = {
    "option": 32,  # two to a row on a phone of 360 pixels
    "level": 32,  # behind the bar, on one line
    "title": 64,  # in "Continue: …", and far below the 1,024 of a picture's caption
    "section": 64,
    "item": 64,  # a row to itself; the card says it in full too
    "extra": 64,
    "topic": 80,  # a row to itself; the guide says it in full too
}
"""Letters. Telegram has no limit of its own, but shows what is longer with an ellipsis."""


def too_long_labels(edition: Edition) -> Iterator[tuple[str, str, str]]:
    """Language, key, and what to do."""
    for language, texts in edition.texts.items():
        for key, text in texts.items():
            limit = _limit(key)
            if limit and len(text) > limit:
                told = Sentence(
                    "{count} letters are too many for a button or a heading: {limit} fit, shorten it",
                    count=len(text),
                    limit=limit,
                )
                yield language, key, told


def _limit(key: str) -> int | None:
    """None for texts that are never a label."""
    match key.split("/"):
        case ["title"]:
            return LIMITS["title"]
        case [_, "item", _]:
            return LIMITS["item"]
        case [("option" | "level" | "section" | "topic") as part, _]:
            return LIMITS[part]
        case ["extra", _, *rest] if not rest:
            return LIMITS["extra"]
        case _:
            return None
