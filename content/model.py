"""An edition: one published version of an instrument, immutable, in every language.

Structure and texts are kept apart. The structure holds ids only; every text is found by its *key*,
which is also the ``msgctxt`` that translators see:

=================================  ==========================================
``title``, ``about``, ``scoring``  the instrument
``section/1``, ``section/1/intro`` a section's title and its one-sentence introduction
``1.3``, ``1.3/why``               a statement, and why it matters
``1.3/tip/2``                      a tip
``topic/G1-3``                     a topic of the guide
``1.3/item/a``                     an item of a checklist; ``1.3/item/a/text``: what it stands for
``1.3/step/5``                     what an answer means for this statement
``option/<id>``                    an answer's label; ``option/<id>/typed``: what people may type
``level/<id>``                     a level's name; ``level/<id>/meaning``: what it stands for
``figures``                        where the figures come from that own values are compared with
``link/1``                         what an address leads to
``extra/<id>``, ``extra/<id>/1``   the title of something to read, and its paragraphs
=================================  ==========================================
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of the scale. ``points`` is what it counts."""

    id: str
    points: int

    @property
    def key(self) -> str:
        return f"option/{self.id}"


@dataclass(frozen=True)
class Scale:
    """The answers of a choice, from the fullest agreement, or the highest, to the lowest."""

    options: tuple[Option, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Option]:
        return {option.id: option for option in self.options}

    @cached_property
    def top(self) -> int:
        """The points of the best answer."""
        return max(option.points for option in self.options)


@dataclass(frozen=True, slots=True)
class Level:
    """A band of results. It begins, inclusively, at ``from_percent`` or at ``from_points``."""

    id: str
    from_percent: int | None = None
    from_points: int | None = None
    has_meaning: bool = True

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
class Benchmark:
    """A figure to compare an own value with; ``unit`` is points or percent."""

    year: int
    value: Decimal
    unit: str
    computed: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    key: str
    url: str


@dataclass(frozen=True, slots=True)
class Extra:
    """Something to read beside the questions."""

    id: str
    paragraphs: int
    links: tuple[Link, ...] = ()

    @property
    def key(self) -> str:
        return f"extra/{self.id}"

    @property
    def paragraph_keys(self) -> list[str]:
        return [f"{self.key}/{n}" for n in range(1, self.paragraphs + 1)]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. ``revision`` rises when its meaning changes, not for a typo.

    ``kind`` says what an answer is (see ``content.values``) and which of the fields below it has.
    ``only_if``: it is asked only where that statement has that value. ``optional``: it may be left
    out without counting as open. ``previous_of``: it asks for last year's value of that statement.
    """

    id: str
    revision: int
    tips: tuple[Tip, ...] = ()
    kind: str = "choice"
    scale: Scale = field(default_factory=Scale)
    minimum: Decimal = Decimal(0)
    maximum: Decimal = Decimal(0)
    step: Decimal = Decimal(1)
    limit: int = 0
    items: tuple[str, ...] = ()
    required: int = 0
    only_if: tuple[str, str] | None = None
    optional: bool = False
    previous_of: str | None = None
    benchmarks: tuple[Benchmark, ...] = ()
    has_steps: bool = False
    has_item_texts: bool = False

    @property
    def key(self) -> str:
        return self.id

    @property
    def why_key(self) -> str:
        return f"{self.id}/why"

    def tips_for(self, option: str) -> list[Tip]:
        return [tip for tip in self.tips if option in tip.answers]

    def item_key(self, item: str) -> str:
        return f"{self.id}/item/{item}"

    def item_text_key(self, item: str) -> str:
        return f"{self.item_key(item)}/text"

    def applies(self, answers: Mapping[str, str]) -> bool:
        """Whether it is asked at all, given these answers."""
        return self.only_if is None or answers.get(self.only_if[0]) == self.only_if[1]


@dataclass(frozen=True)
class Section:
    """Statements that belong together and are reported together."""

    id: str
    statements: tuple[Statement, ...]

    @cached_property
    def ids(self) -> frozenset[str]:
        return frozenset(statement.id for statement in self.statements)

    @cached_property
    def optional(self) -> bool:
        """Whether all of it may be left out."""
        return all(statement.optional for statement in self.statements)

    @property
    def key(self) -> str:
        return f"section/{self.id}"

    @property
    def intro_key(self) -> str:
        return f"section/{self.id}/intro"


@dataclass(frozen=True)
class Edition:
    """What an assessment is pinned to. ``digest`` is the SHA-256 of its canonical JSON, in hex.

    ``result`` is how answers are counted (see ``content.scoring``); ``levels`` run from the lowest to the
    highest. ``due`` is the month and day of a yearly deadline. ``highlight``: what the overall result
    names as strongest and weakest, sections or statements. ``texts`` maps a language to its texts by key.
    """

    digest: str
    instrument: str
    minutes: int
    levels: tuple[Level, ...]
    sections: tuple[Section, ...]
    texts: Mapping[str, Mapping[str, str]]
    result: str = "percentage"
    due: tuple[int, int] | None = None
    highlight: str = "sections"
    links: tuple[Link, ...] = ()
    extras: tuple[Extra, ...] = ()

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
    def required(self) -> tuple[str, ...]:
        """Statement ids without those that may be left out."""
        return tuple(id_ for id_, statement in self.statements.items() if not statement.optional)

    @cached_property
    def has_conditions(self) -> bool:
        return any(statement.only_if for statement in self.statements.values())

    @cached_property
    def scale(self) -> tuple[Option, ...]:
        """The options of the first choice: of all, where there is but one scale."""
        choices = (s.scale.options for s in self.statements.values() if s.kind == "choice")
        return next(choices, ())

    @cached_property
    def _sections_by_statement(self) -> dict[str, Section]:
        return {s.id: section for section in self.sections for s in section.statements}

    def section_of(self, statement: str) -> Section:
        return self._sections_by_statement[statement]

    def section(self, section_id: str) -> Section:
        return next(section for section in self.sections if section.id == section_id)

    def place_of(self, section: Section) -> tuple[int, int]:
        """Its number, counted from one, and of how many: required or optional sections."""
        return self._places[section.id]

    def number_of(self, section: Section) -> int:
        return self._places[section.id][0]

    @cached_property
    def _places(self) -> dict[str, tuple[int, int]]:
        required = [section.id for section in self.sections if not section.optional]
        optional = [section.id for section in self.sections if section.optional]
        kinds = (required, optional)
        return {id_: (n, len(ids)) for ids in kinds for n, id_ in enumerate(ids, 1)}

    def _all(self) -> Iterator[Statement]:
        for section in self.sections:
            yield from section.statements
