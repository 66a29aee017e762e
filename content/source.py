"""``instrument.yaml`` as authors write it: its shape and the English texts."""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
)

from content.sentences import Sentence
from content.yaml_file import Place

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,23}$", strict=True)]
Number = Annotated[Decimal, Field(ge=0)]
Prose = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True, strict=True)]


class Part(BaseModel):
    """What every part of the file shares: unknown keys are refused, and nothing changes later."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class OptionSource(Part):
    """``typed``: words, parted by semicolons, that people may type instead of the label."""

    id: Id
    points: int
    label: Prose
    typed: Prose


class LevelSource(Part):
    """A band of results, from a percentage or from points."""

    id: Id
    from_percent: int | None = Field(default=None, ge=0, le=100)
    from_points: int | None = Field(default=None, ge=0)
    source: Prose | None = None
    label: Prose
    meaning: Prose | None = None

    def bound(self) -> int | None:
        return self.from_percent if self.from_points is None else self.from_points


class TopicSource(Part):
    """A topic of the guide; ``source`` names the lines that it rests on."""

    id: Id
    title: Prose
    source: Prose


class TipSource(Part):
    """Advice for those who gave one of the answers in ``for``.

    ``source`` names the lines that it rests on, or "ours"; ``divergence`` tells authors where the
    text departs from the source, and why.
    """

    id: int = Field(ge=1)
    answers: tuple[Id, ...] = Field(alias="for", min_length=1)
    topic: Id
    source: Prose
    divergence: Prose | None = None
    text: Prose


class ItemSource(Part):
    """Something to tick. ``text`` explains what the label names."""

    id: Id
    source: Prose
    label: Prose
    text: Prose | None = None


class ConditionSource(Part):
    statement: Id
    value: Prose


class BenchmarkSource(Part):
    """A figure that the instrument ships; ``computed`` where we worked it out from the source."""

    year: int = Field(ge=2000, le=2100)
    value: Number
    unit: Literal["points", "percent"]
    source: Prose
    computed: bool = False


def _safe(url: str) -> str:
    if not re.fullmatch(r"https://[^\s/?#@\\<>\"]+\.[^\s/?#@\\<>\"]+([/?#][^\s<>\"]*)?", url):
        raise ValueError(
            Sentence("an address begins with https://, names a host and has no spaces")
        )
    return url


Url = Annotated[str, AfterValidator(_safe)]


def _day(text: str) -> str:
    """Of any year, so the 29th of February is none."""
    month, _, day = text.partition("-")
    if not (re.fullmatch(r"\d\d-\d\d", text) and _is_day(int(month), int(day))):
        raise ValueError(Sentence("a day of every year is written as month and day, such as 01-31"))
    return text


def _is_day(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(COMMON_YEAR, month)[1]


COMMON_YEAR = 2001


class LinkSource(Part):
    url: Url
    source: Prose | None = None
    text: Prose


class ExtraSource(Part):
    """Something to read beside the questions: a title and paragraphs."""

    id: Id
    source: Prose
    divergence: Prose | None = None
    title: Prose
    body: tuple[Prose, ...] = Field(min_length=1)
    links: tuple[LinkSource, ...] = ()


class StatementSource(Part):
    """``kind`` says which of the keys below it needs: see content/clashes.py."""

    id: Id
    revision: int = Field(ge=1)
    source: Prose
    divergence: Prose | None = None
    kind: Literal["choice", "number", "text", "checklist"] = "choice"
    scale: Id | None = None
    minimum: Number | None = None
    maximum: Number | None = None
    step: Number | None = None
    limit: int | None = Field(default=None, ge=1, le=3000)
    items: tuple[ItemSource, ...] = ()
    required: int | None = None
    only_if: ConditionSource | None = None
    optional: bool = False
    previous_of: Id | None = None
    benchmarks: tuple[BenchmarkSource, ...] = ()
    text: Prose
    why: Prose
    steps: dict[str, Prose] = Field(default_factory=dict)
    tips: tuple[TipSource, ...] = ()


class SectionSource(Part):
    id: Id
    optional: bool = False
    title: Prose
    intro: Prose
    statements: tuple[StatementSource, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class SourceText:
    """One English text: its key, its place in the file, and a remark for translators."""

    key: str
    text: str
    place: Place
    remark: str = ""


Options = Annotated[tuple[OptionSource, ...], Field(min_length=2)]


class InstrumentSource(Part):
    """``scale`` is the short form for an instrument with one scale; others name theirs in ``scales``.

    ``due``: the month and day of a yearly deadline, as "01-31". ``figures``: where the benchmarks are from.
    """

    id: Id
    title: Prose
    about: Prose
    scoring: Prose
    minutes: int = Field(ge=1)
    result: Literal["percentage", "points", "yes_share", "gap", "none"] = "percentage"
    highlight: Literal["sections", "statements"] = "sections"
    due: Annotated[str, AfterValidator(_day)] | None = None
    figures: Prose | None = None
    divergence: Prose | None = None
    links: tuple[LinkSource, ...] = ()
    scale: Options | None = None
    scales: dict[Id, Options] = Field(default_factory=dict)
    levels: tuple[LevelSource, ...] = ()
    topics: tuple[TopicSource, ...] = ()
    sections: tuple[SectionSource, ...] = Field(min_length=1)
    extras: tuple[ExtraSource, ...] = ()

    def all_scales(self) -> dict[str, tuple[OptionSource, ...]]:
        """Every scale by its name; that of the short form has none."""
        return {**({"": self.scale} if self.scale else {}), **self.scales}

    def due_day(self) -> list[int] | None:
        return [int(part) for part in self.due.split("-")] if self.due else None

    def options_of(self, statement: StatementSource) -> tuple[OptionSource, ...]:
        """The answers that may be tapped for it; none where it isn't a choice, or its scale isn't there."""
        if statement.kind != "choice":
            return ()
        return self.all_scales().get(statement.scale or "", ())

    def texts(self) -> Iterator[SourceText]:
        """Every text that is shown to people, in the order of the file."""
        for name in ("title", "about", "scoring"):
            yield SourceText(name, getattr(self, name), (name,))
        if self.figures:
            yield SourceText("figures", self.figures, ("figures",))
        yield from _link_texts(self.links, "", ())
        for name, scale in self.all_scales().items():
            yield from _scale_texts(scale, ("scales", name) if name else ("scale",))
        for i, level in enumerate(self.levels):
            yield SourceText(f"level/{level.id}", level.label, ("levels", i, "label"))
            if level.meaning:
                key = f"level/{level.id}/meaning"
                yield SourceText(key, level.meaning, ("levels", i, "meaning"))
        for i, topic in enumerate(self.topics):
            yield SourceText(f"topic/{topic.id}", topic.title, ("topics", i, "title"))
        for i, section in enumerate(self.sections):
            yield from _section_texts(section, ("sections", i))
        for i, extra in enumerate(self.extras):
            yield from _extra_texts(extra, ("extras", i))


def _scale_texts(scale: Iterable[OptionSource], place: Place) -> Iterator[SourceText]:
    remark = "What people may type instead, parted by semicolons. Not a translation of the English."
    for i, option in enumerate(scale):
        yield SourceText(f"option/{option.id}", option.label, (*place, i, "label"))
        key = f"option/{option.id}/typed"
        yield SourceText(key, option.typed, (*place, i, "typed"), remark)


def _link_texts(links: Iterable[LinkSource], of: str, place: Place) -> Iterator[SourceText]:
    for i, link in enumerate(links):
        yield SourceText(f"{of}link/{i + 1}", link.text, (*place, "links", i, "text"))


def _extra_texts(extra: ExtraSource, place: Place) -> Iterator[SourceText]:
    key = f"extra/{extra.id}"
    yield SourceText(key, extra.title, (*place, "title"), extra.divergence or "")
    for i, paragraph in enumerate(extra.body):
        yield SourceText(f"{key}/{i + 1}", paragraph, (*place, "body", i))
    yield from _link_texts(extra.links, f"{key}/", place)


def _section_texts(section: SectionSource, place: Place) -> Iterator[SourceText]:
    yield SourceText(f"section/{section.id}", section.title, (*place, "title"))
    yield SourceText(f"section/{section.id}/intro", section.intro, (*place, "intro"))
    for i, statement in enumerate(section.statements):
        yield from _statement_texts(statement, (*place, "statements", i))


def _statement_texts(statement: StatementSource, place: Place) -> Iterator[SourceText]:
    remark = statement.divergence or ""
    yield SourceText(statement.id, statement.text, (*place, "text"), remark)
    yield SourceText(f"{statement.id}/why", statement.why, (*place, "why"))
    for i, item in enumerate(statement.items):
        key = f"{statement.id}/item/{item.id}"
        yield SourceText(key, item.label, (*place, "items", i, "label"))
        if item.text:
            yield SourceText(f"{key}/text", item.text, (*place, "items", i, "text"))
    for option, step in statement.steps.items():
        yield SourceText(f"{statement.id}/step/{option}", step, (*place, "steps", option))
    for i, tip in enumerate(statement.tips):
        key = f"{statement.id}/tip/{tip.id}"
        yield SourceText(key, tip.text, (*place, "tips", i, "text"), tip.divergence or "")
