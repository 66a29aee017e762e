"""An edition: one published version of an instrument, immutable, in every language.

Structure and texts are kept apart. The structure holds ids only; every text is found by its *key*,
which is also the ``msgctxt`` that translators see:

=================================  ==========================================
``title``, ``about``, ``scoring``  the instrument
``section/1``, ``section/1/intro`` a section's title and its one-sentence introduction
``1.3``, ``1.3/why``               a statement, and why it matters
``1.3/tip/2``                      a tip
``topic/G1-3``                     a topic of the guide
``option/<id>``                    an answer's label; ``option/<id>/typed``: what people may type
``level/<id>``                     a level's name; ``level/<id>/meaning``: what it stands for
=================================  ==========================================
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of the scale. ``points`` is what it counts."""

    id: str
    points: int

    @property
    def key(self) -> str:
        return f"option/{self.id}"


@dataclass(frozen=True, slots=True)
class Level:
    """A band of results; it begins at ``from_percent`` (whole percent, inclusive)."""

    id: str
    from_percent: int

    @property
    def key(self) -> str:
        return f"level/{self.id}"


@dataclass(frozen=True, slots=True)
class Tip:
    """Advice for those who gave one of ``answers`` (option ids)."""

    key: str
    answers: tuple[str, ...]
    topic: str

    @property
    def topic_key(self) -> str:
        return f"topic/{self.topic}"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. ``revision`` rises when its meaning changes, not for a typo."""

    id: str
    revision: int
    tips: tuple[Tip, ...]

    @property
    def key(self) -> str:
        return self.id

    @property
    def why_key(self) -> str:
        return f"{self.id}/why"

    def tips_for(self, option: str) -> list[Tip]:
        return [tip for tip in self.tips if option in tip.answers]


@dataclass(frozen=True)
class Section:
    """Statements that belong together and are reported together."""

    id: str
    statements: tuple[Statement, ...]

    @cached_property
    def ids(self) -> frozenset[str]:
        return frozenset(statement.id for statement in self.statements)

    @property
    def key(self) -> str:
        return f"section/{self.id}"

    @property
    def intro_key(self) -> str:
        return f"section/{self.id}/intro"


@dataclass(frozen=True)
class Edition:
    """What an assessment is pinned to. ``digest`` is the SHA-256 of its canonical JSON, in hex.

    ``scale`` runs from full agreement to full disagreement; ``levels`` from the lowest to the highest.
    ``texts`` maps a language to its texts by key.
    """

    digest: str
    instrument: str
    minutes: int
    scale: tuple[Option, ...]
    levels: tuple[Level, ...]
    sections: tuple[Section, ...]
    texts: Mapping[str, Mapping[str, str]]

    def text(self, key: str, language: str) -> str:
        """The text with that key. Raises KeyError: a published edition has every text."""
        return self.texts[language][key]

    @cached_property
    def statements(self) -> dict[str, Statement]:
        return {statement.id: statement for statement in self._all()}

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Statement ids in the order in which they are asked."""
        return tuple(self.statements)

    @cached_property
    def options(self) -> dict[str, Option]:
        return {option.id: option for option in self.scale}

    @cached_property
    def top(self) -> int:
        """The points of the best answer."""
        return max(option.points for option in self.scale)

    @cached_property
    def _sections_by_statement(self) -> dict[str, Section]:
        return {s.id: section for section in self.sections for s in section.statements}

    def section_of(self, statement: str) -> Section:
        return self._sections_by_statement[statement]

    def section(self, section_id: str) -> Section:
        return next(section for section in self.sections if section.id == section_id)

    def number_of(self, section: Section) -> int:
        """The section's place, counted from one."""
        return self.sections.index(section) + 1

    def _all(self) -> Iterator[Statement]:
        for section in self.sections:
            yield from section.statements
