"""Characters that a reader does not see, and that may make a text mean something else."""

import re
import unicodedata
from collections.abc import Iterator

from content.sentences import Sentence

INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode's categories for control, format, private and unassigned characters, and odd line ends."""

FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""Letters by their category, and blank all the same."""

JOINER, VARIATION = "\u200d", "\ufe0f"
PICTURE = "[\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff]"
IN_EMOJI = re.compile(rf"(?<={PICTURE}|{VARIATION}){JOINER}(?={PICTURE})")


def hidden_characters(text: str, allowed: str = "\n\t") -> Iterator[tuple[int, str]]:
    """Line, and what to do, for every character that a reader would not see."""
    odd = {letter for letter in set(text) if _is_hidden(letter)} - set(allowed)
    if not odd:
        return
    text = IN_EMOJI.sub("", text) if JOINER in odd else text
    for line, written in enumerate(text.split("\n"), 1):
        for letter in written:
            if letter in odd:
                told = Sentence(
                    "there is a hidden character ({name}): remove it", name=_named(letter)
                )
                yield line, told


def _is_hidden(letter: str) -> bool:
    return unicodedata.category(letter) in INVISIBLE or letter in FILLERS


def _named(letter: str) -> str:
    name = unicodedata.name(letter, "")
    return f"U+{ord(letter):04X} {name}".strip()
