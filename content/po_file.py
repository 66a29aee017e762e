"""Reading a catalogue (``.po``) strictly, with the line of every entry.

Babel writes our catalogues, but does not read those that people send: it takes a line without its
closing quotation mark for one that is a letter shorter, and a stray ``msgstr`` for the next entry's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from content.problems import NOT_UTF_8, Problem
from content.sentences import Sentence

LINE = re.compile(
    r'(?P<keyword>msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?)?\s*"(?P<text>(?:[^"\\]|\\.)*)"'
)
ESCAPE = re.compile(r"\\(.)")
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}

FOLLOWS = {
    "": ("msgctxt", "msgid"),
    "msgctxt": ("msgid",),
    "msgid": ("msgstr", "msgid_plural"),
    "msgid_plural": ("msgstr[0]",),
}
"""What may come after each keyword; after a translation the next entry begins, or its next form."""


@dataclass(slots=True)
class Entry:
    """``line`` is that of ``msgid``; ``parts`` maps each keyword to its text. ``obsolete``: kept by an
    editor behind ``#~``, for a text that is gone."""

    line: int = 1
    parts: dict[str, str] = field(default_factory=dict)
    fuzzy: bool = False
    obsolete: bool = False

    @property
    def context(self) -> str:
        return self.parts.get("msgctxt", "")

    @property
    def source(self) -> str:
        return self.parts.get("msgid", "")

    @property
    def text(self) -> str:
        return self.parts.get("msgstr", "")

    @property
    def plural(self) -> bool:
        return "msgid_plural" in self.parts


class PoFile:
    """``entries`` without the header, whose fields are in ``header``; ``problems`` of syntax."""

    def __init__(self, name: str, written: bytes) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self._entry, self._last, self._at = Entry(), "", 1
        self.entries = list(self._entries(self._decoded(written)))
        self.header = dict(_fields(self._header()))

    def problem(self, line: int, message: str) -> Problem:
        return Problem(self.name, line, message)

    def _decoded(self, written: bytes) -> str:
        try:
            return written.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = written[: error.start].count(b"\n") + 1
            self._report(line, NOT_UTF_8)
            return ""

    def _header(self) -> str:
        headers = [entry for entry in self.entries if not entry.source and not entry.context]
        self.entries = [entry for entry in self.entries if entry.source or entry.context]
        for again in headers[1:]:
            self._report(again.line, Sentence("there is a second header: remove it"))
        return headers[0].text if headers else ""

    def _entries(self, text: str) -> Iterator[Entry]:
        for number, raw in enumerate(text.split("\n"), 1):
            line = raw.strip()
            obsolete = line.startswith("#~")
            line = line[2:].strip() if obsolete else line
            if line.startswith(("#", "|")) or not line:
                yield from self._comment(line)
            elif found := LINE.fullmatch(line):
                yield from self._part(number, found["keyword"], found["text"], obsolete=obsolete)
            else:
                told = Sentence("“{line}” cannot be read: {shape}", line=line[:40], shape=SHAPE)
                self._report(number, told)
        yield from self._finished()

    def _comment(self, line: str) -> Iterator[Entry]:
        """Between two entries it belongs to the second."""
        if line and self._last.startswith("msgstr"):
            yield from self._finished()
        if line.startswith("#,") and "fuzzy" in line[2:].replace(" ", "").split(","):
            self._entry.fuzzy = True

    def _part(
        self, number: int, keyword: str | None, text: str, *, obsolete: bool
    ) -> Iterator[Entry]:
        if keyword is None:
            if not self._last:
                told = Sentence("this text belongs to nothing: {shape}", shape=SHAPE)
                self._report(number, told)
                return
            self._entry.parts[self._last] += self._unescaped(number, text)
            return
        if keyword in ("msgctxt", "msgid") and self._last.startswith("msgstr"):
            yield from self._finished()
        if keyword not in self._expected():
            told = Sentence("“{word}” cannot stand here: {shape}", word=keyword, shape=SHAPE)
            self._report(number, told)
        self._last, self._at, self._entry.obsolete = keyword, number, obsolete
        self._entry.line = number if keyword == "msgid" else self._entry.line
        self._entry.parts[keyword] = self._unescaped(number, text)

    def _expected(self) -> tuple[str, ...]:
        if self._last.startswith("msgstr["):
            return (f"msgstr[{int(self._last[7]) + 1}]",)
        return FOLLOWS.get(self._last, ())

    def _finished(self) -> Iterator[Entry]:
        entry, last = self._entry, self._last
        self._entry, self._last = Entry(), ""
        if last.startswith("msgstr"):
            yield entry
        elif last:
            told = Sentence("the entry is not finished: {shape}", shape=SHAPE)
            self._report(self._at, told)

    def _unescaped(self, number: int, text: str) -> str:
        for found in ESCAPE.finditer(text):
            if found[1] not in ESCAPES:
                told = Sentence(
                    "“{sign}” means nothing here: write {backslash} for a backslash",
                    sign=f"\\{found[1]}",
                    backslash="\\\\",
                )
                self._report(number, told)
        return ESCAPE.sub(lambda found: ESCAPES.get(found[1], found[1]), text)

    def _report(self, line: int, message: str) -> None:
        self.problems.append(self.problem(line, message))


SHAPE = Sentence(
    "an entry is msgctxt, msgid and msgstr in this order, each text in quotation marks"
)


def _fields(header: str) -> Iterator[tuple[str, str]]:
    for line in header.split("\n"):
        name, _, value = line.partition(":")
        yield name.strip().casefold(), value.strip()
