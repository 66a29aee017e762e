"""What a typed text means: the words of a button in any language, a number, an answer in other words.

Never a guess: a text that fits several answers, or only part of one, is asked back.
"""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from content.model import Edition, Option
from dialogs.types import Reply
from locales import LANGUAGES

KEYCAP = {0xFE0F: None, 0x20E3: None}
"""What makes an emoji of a digit."""


def plain(text: str) -> str:
    """Small letters and digits, single spaces, no accents: how texts are compared.

    Accents go because many type Latvian without them; hyphens part words ("по-скоро").
    """
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    letters = (c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return " ".join("".join(letters).split())


def pressed_by(text: str, cards: list[Reply]) -> str | None:
    """The token of the button that the text names, on the same card in several languages."""
    wanted = plain(text)
    found = {
        choice.token
        for card in cards
        for row in card.choices
        for choice in row
        if wanted and plain(choice.label) == wanted
    }
    return found.pop() if len(found) == 1 else None


def language_named(text: str) -> str | None:
    """The language whose own name was typed."""
    return next((code for code, name in LANGUAGES.items() if plain(name) == plain(text)), None)


def options_meant(text: str, edition: Edition, scale: Sequence[Option]) -> tuple[list[str], bool]:
    """The options that a text may mean, and whether it is certain: one exact match.

    A number counts from one in the order of the scale, unless answers are numbers themselves. A part
    of an option's words ("agree") is uncertain even where only one option has them.
    """
    if number := re.fullmatch(r"\s*(\d{1,3})\s*[.)]?\s*", text.translate(KEYCAP)):
        return _by_number(int(number[1]), scale)
    wanted = plain(text)
    phrases = {option.id: _phrases(edition, option.key) for option in scale}
    exact = [option for option, said in phrases.items() if wanted and wanted in said]
    if exact:
        return exact, len(exact) == 1
    words = set(wanted.split())
    partly = [
        o for o, said in phrases.items() if words and any(words <= set(p.split()) for p in said)
    ]
    return partly, False


def _by_number(number: int, scale: Sequence[Option]) -> tuple[list[str], bool]:
    ids = [option.id for option in scale]
    if any(id_.isdecimal() for id_ in ids):
        return ([str(number)], True) if str(number) in ids else ([], False)
    if 1 <= number <= len(ids):
        return [ids[number - 1]], True
    return [], False


def number_meant(text: str) -> Decimal | None:
    """A number with a decimal comma or point; no other words around it."""
    found = re.fullmatch(r"([0-9]{1,6})(?:[.,]([0-9]{1,3}))?", text.translate(KEYCAP).strip())
    return Decimal(f"{found[1]}.{found[2] or 0}") if found else None


def _phrases(edition: Edition, key: str) -> set[str]:
    """An option's label and what else may be typed for it, in every language."""
    return {
        plain(phrase)
        for language in edition.texts
        for phrase in (
            edition.text(key, language),
            *edition.text(f"{key}/typed", language).split(";"),
        )
    }
