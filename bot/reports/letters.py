"""Which characters the embedded fonts can show, and what stands for those that they cannot.

A report must lose no text, and PDF/UA refuses a character without a shape. So an emoji that no font has
stands as its name, ``[thumbs up sign]``, and what has no name as its number, ``[U+4F60]``.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

RANGES = Path(__file__).parent / "glyphs.txt"
"""Ranges of code points in hex, found by asking typst for each: see tests/test_reports.py."""

MARKS = r"\u0300-\u0341\u0346\u0360\u0361\u05b0-\u05c2\u064b-\u0652"
"""Accents and vowel signs that stand on a letter."""

JOINERS = "[\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]*"
"""What joins emoji into one, or changes their colour: it says nothing in words."""

PLAIN = re.compile(r"[^\n\u0020-\u007e\u00a0-\u017f\u0400-\u045f]")
"""Whatever is not plain Latin or Cyrillic."""


def shown(data: Any) -> Any:
    """The same data with texts that can be shown."""
    return _replaced(data, _unknown())


def plain(data: Any) -> Any:
    """The same data in plain letters, where a combination of signs was refused all the same."""
    return _replaced(data, PLAIN)


def _replaced(data: Any, unknown: "re.Pattern[str]") -> Any:
    match data:
        case str():
            return unknown.sub(_named, unicodedata.normalize("NFC", data))
        case list() | tuple():
            return [_replaced(item, unknown) for item in data]
        case Mapping():
            return {key: _replaced(value, unknown) for key, value in data.items()}
        case _:
            return data


def _named(found: "re.Match[str]") -> str:
    character = found[0][0]
    if character == "\t":
        return " "
    if unicodedata.category(character) in ("Cc", "Cf", "Mn", "Me"):
        return ""  # it has no shape of its own
    name = unicodedata.name(character, "").lower()
    known = name and not name.endswith(f"-{ord(character):x}")
    return f"[{name}]" if known else f"[U+{ord(character):04X}]"


@cache
def _unknown() -> "re.Pattern[str]":
    rows = (line.split("-") for line in RANGES.read_text().split())
    known = "".join(f"\\U{int(a, 16):08x}-\\U{int(b, 16):08x}" for a, b in rows)
    return re.compile(f"[^\\n{MARKS}{known}]{JOINERS}")
