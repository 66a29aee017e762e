"""``docs/content-authors.md`` as somebody reads it who has a phone and knows nothing else.

What the page says to send or to tap is taken from it, in its order and one after the other: whoever follows it
can neither pass anything over unsaid, nor use what is not written there.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "content-authors.md"
NAMED = re.compile(r"\*\*(?P<button>[^*]+)\*\*|`(?P<typed>[^`]+)`|“(?P<switch>[^”]+)”")
ROW = re.compile(r"\| (.+?) \| (.+?) \| (.+?) \|")


@dataclass(frozen=True)
class Named:
    """``kind``: “button”, “typed” for what stands between backticks, “switch” for what is quoted."""

    kind: str
    text: str


class Section:
    """What a section names, of which every item is taken once."""

    def __init__(self, text: str, labels: Mapping[str, str]) -> None:
        self._labels = labels
        self._left = [
            Named(str(found.lastgroup), " ".join(found[0].strip("*`“”").split()))
            for found in NAMED.finditer(text)
        ]

    def button(self) -> str:
        """What is named next, a button, as the reader's chat calls it."""
        return _in_their_words(self._next("button"), self._labels)

    def typed(self) -> str:
        return self._next("typed")

    def switch(self) -> str:
        return self._next("switch")

    def explains(self, *texts: str) -> None:
        """These come next, and nothing is to be done with them here."""
        there = [self._left.pop(0).text for _ in texts]
        assert there == list(texts)

    @property
    def left(self) -> list[Named]:
        return list(self._left)

    def _next(self, kind: str) -> str:
        found = self._left.pop(0)
        assert found.kind == kind, f"the page goes on with {found}"
        return found.text


class PhonePage:
    """The part for a phone, for somebody whose chat is in that language."""

    def __init__(self, language: str) -> None:
        whole = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
        (part,) = [one for one in whole if one.startswith("From your phone\n")]
        beginning, *sections = re.split(r"^### ", part, flags=re.MULTILINE)
        self._sections = dict(one.split("\n", 1) for one in sections)
        rows = ROW.findall(self._sections.pop("The buttons in Bulgarian and Latvian"))
        column = {"en": 0, "bg": 1, "lv": 2}[language]
        self.labels = {row[0]: row[column] for row in rows[1:]}
        self.beginning = beginning

    @property
    def titles(self) -> list[str]:
        return list(self._sections)

    def section(self, title: str) -> Section:
        return Section(self._sections[title], self.labels)


def _in_their_words(button: str, labels: Mapping[str, str]) -> str:
    """“Text in lv” is told of in the row “Text in …”."""
    if button in labels:
        return labels[button]
    whole = next(one for one in labels if one.endswith("…") and button.startswith(one[:-1]))
    return labels[whole].replace("…", button.removeprefix(whole[:-1]))
