"""``instrument.yaml`` as authors write it: structure and the English text, checked on reading."""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)
from pydantic_core import ErrorDetails

from content.problems import ContentError, Problem
from content.values import MISSING
from content.yaml_file import Place, YamlFile, read_yaml

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
        raise ValueError("an address begins with https://, names a host and has no spaces")
    return url


Url = Annotated[str, AfterValidator(_safe)]


def _day(text: str) -> str:
    """Of any year, so the 29th of February is none."""
    month, _, day = text.partition("-")
    if not (re.fullmatch(r"\d\d-\d\d", text) and _is_day(int(month), int(day))):
        raise ValueError("a day of every year is written as month and day, such as 01-31")
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
    """``kind`` says which of the keys below it needs: see KINDS."""

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


KINDS: dict[str, tuple[str, ...]] = {
    "choice": (),
    "number": ("minimum", "maximum", "step"),
    "text": ("limit",),
    "checklist": ("items",),
}
"""The keys that a statement of each kind must have, and the others must not."""


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


def read_instrument(path: Path) -> tuple[InstrumentSource, YamlFile]:
    """The instrument in that file, and the file itself for its lines.

    Raises ContentError with everything that is wrong, file and line first.
    """
    file = read_yaml(path)
    instrument, problems = examine_instrument(file)
    if problems:
        raise ContentError(problems)
    return instrument, file


def examine_instrument(file: YamlFile) -> tuple[InstrumentSource, list[Problem]]:
    """The instrument in the file and its clashes, which leave its translations to be looked at too.

    Raises ContentError where the file's shape leaves nothing to look at.
    """
    try:
        instrument = InstrumentSource.model_validate(file.data)
    except ValidationError as error:
        raise ContentError(
            [as_problem(file, row) for row in error.errors(include_url=False)]
        ) from None
    clashes = [Problem(file.name, file.line(place), told) for place, told in _clashes(instrument)]
    return instrument, clashes


def as_problem(file: YamlFile, row: ErrorDetails) -> Problem:
    """What pydantic found, in words for authors."""
    place = row["loc"]
    name = str(place[-1]) if place else "the file"
    own = row["msg"].removeprefix("Value error, ")
    remedy = REMEDIES.get(row["type"], f"{own}: correct it")
    where = ".".join(str(step) for step in place[:-1])
    return Problem(file.name, file.line(place), f"{where}: “{name}”: {remedy}".lstrip(": "))


REMEDIES = {
    "extra_forbidden": "there is no such key here: correct its spelling or remove it",
    "missing": "it is missing: add it",
    "string_type": "it must be a text: put it in quotation marks",
    "string_too_short": "the text is empty: write it",
    "string_pattern_mismatch": "an id is made of up to 24 Latin letters, digits, dots, dashes and "
    "underscores: choose another",
    "int_type": "it must be a whole number, without quotation marks",
    "greater_than_equal": "the number is too small: raise it",
    "less_than_equal": "the number is too large: lower it",
    "tuple_type": "it must be a list: begin each entry with a dash",
    "too_short": "the list is empty: add an entry",
    "model_type": "it must have keys with values: look at another instrument for its shape",
}


def _clashes(instrument: InstrumentSource) -> Iterator[tuple[Place, str]]:
    """What pydantic cannot see: the same id twice, and names of things that are not there."""
    for name in ("levels", "topics", "sections", "extras"):
        rows = [((name, i, "id"), part.id) for i, part in enumerate(getattr(instrument, name))]
        yield from twice(rows)
    yield from _scale_clashes(instrument)
    yield from twice(
        [
            (("sections", i, "statements", j, "id"), statement.id)
            for i, section in enumerate(instrument.sections)
            for j, statement in enumerate(section.statements)
        ]
    )
    yield from _level_clashes(instrument)
    yield from _token_clashes(instrument)
    for place, statement in _placed(instrument):
        yield from _kind_clashes(instrument, statement, place)
        yield from _condition_clashes(instrument, statement, place)
        yield from _tip_clashes(instrument, statement, place)


def _placed(instrument: InstrumentSource) -> Iterator[tuple[Place, StatementSource]]:
    """Every statement with its place."""
    for i, section in enumerate(instrument.sections):
        for j, statement in enumerate(section.statements):
            yield ("sections", i, "statements", j), statement


def _scale_clashes(instrument: InstrumentSource) -> Iterator[tuple[Place, str]]:
    """The id of an option is that of its label, so that no two scales may share one."""
    rows: list[tuple[Place, str]] = []
    for name, scale in instrument.all_scales().items():
        place: Place = ("scales", name) if name else ("scale",)
        rows += [((*place, i, "id"), option.id) for i, option in enumerate(scale)]
    yield from twice(rows)


def _kind_clashes(
    instrument: InstrumentSource, statement: StatementSource, place: Place
) -> Iterator[tuple[Place, str]]:
    """Keys that a statement of its kind lacks, or that belong to another kind."""
    for kind, names in KINDS.items():
        for name in names:
            has = getattr(statement, name) not in (None, ())
            if has != (kind == statement.kind):
                needs = "needs" if kind == statement.kind else "has no"
                told = f"a statement of kind {statement.kind} {needs} “{name}”"
                yield place, f"{told}: {'add' if needs == 'needs' else 'remove'} it"
    if statement.kind == "choice" and not instrument.options_of(statement):
        yield place, f"there is no scale “{statement.scale or ''}”: name one of “scales”"
    yield from twice([((*place, "items", i, "id"), x.id) for i, x in enumerate(statement.items)])
    if len({item.text is None for item in statement.items}) > 1:
        yield (*place, "items"), "some items have a “text”, others none: give it to all, or to none"
    options = {option.id for option in instrument.options_of(statement)}
    if statement.steps and set(statement.steps) != options:
        yield (*place, "steps"), "the steps are not those of the scale: write one for each answer"
    if statement.kind == "number" and not _reaches_its_maximum(statement):
        yield place, "no number of steps leads from the minimum to the maximum: correct one of them"


def _reaches_its_maximum(statement: StatementSource) -> bool:
    if statement.minimum is None or statement.maximum is None or not statement.step:
        return False
    span = statement.maximum - statement.minimum
    return span > 0 and span % statement.step == 0


def _condition_clashes(
    instrument: InstrumentSource, statement: StatementSource, place: Place
) -> Iterator[tuple[Place, str]]:
    """A condition looks back at an earlier statement, which is always asked before."""
    ids = [other.id for _, other in _placed(instrument)]
    earlier = ids[: ids.index(statement.id)]
    condition = statement.only_if
    if condition and condition.statement not in earlier:
        told = f"“{condition.statement}” does not stand before this one: name an earlier statement"
        yield (*place, "only_if", "statement"), told
    if statement.previous_of and statement.previous_of not in ids:
        told = f"there is no statement “{statement.previous_of}”: use the id of one"
        yield (*place, "previous_of"), told


def twice(rows: Iterable[tuple[Place, str]]) -> Iterator[tuple[Place, str]]:
    """Every id that stood before, at its second place."""
    seen: set[str] = set()
    for place, id_ in rows:
        if id_ in seen:
            yield place, f"the id “{id_}” is used already: ids are never shared, choose another"
        seen.add(id_)


def _token_clashes(instrument: InstrumentSource) -> Iterator[tuple[Place, str]]:
    """Statement, revision and option go into a button's 64 bytes, with an assessment's code."""
    for place, statement in _placed(instrument):
        ids = [option.id for option in instrument.options_of(statement)]
        longest = max(map(len, (*ids, *(item.id for item in statement.items))), default=0)
        if len(f"{statement.id}{statement.revision}") + longest > BUTTON_ROOM:
            told = "the ids do not fit into a button: shorten this one or the answers'"
            yield (*place, "id"), told


BUTTON_ROOM = 44
"""Letters for a statement's id, its revision and an option's or item's id: 64, less the rest."""


def _level_clashes(instrument: InstrumentSource) -> Iterator[tuple[Place, str]]:
    """Levels all count percent, or all count points."""
    if not instrument.levels:
        if instrument.result in ("percentage", "points"):
            yield (), f"a result in {instrument.result} needs “levels”: add them"
        return
    in_points = instrument.result in ("points", "gap")
    if any((level.from_points is not None) != in_points for level in instrument.levels):
        name = "from_points" if in_points else "from_percent"
        yield ("levels",), f"with this kind of result every level begins at “{name}”: write it so"
        return
    bounds = [level.bound() or 0 for level in instrument.levels]
    if bounds[0] != 0 or bounds != sorted(set(bounds)):
        yield ("levels",), "levels begin at 0 and rise: put them in order, each bound once"


def _tip_clashes(
    instrument: InstrumentSource, statement: StatementSource, place: Place
) -> Iterator[tuple[Place, str]]:
    topics = {topic.id for topic in instrument.topics}
    answers = {option.id for option in instrument.options_of(statement)} or {MISSING}
    tips = [((*place, "tips", k), tip) for k, tip in enumerate(statement.tips)]
    yield from twice([((*spot, "id"), str(tip.id)) for spot, tip in tips])
    for spot, tip in tips:
        yield from _lost(spot, tip, answers, topics)


def _lost(
    place: Place, tip: TipSource, options: set[str], topics: set[str]
) -> Iterator[tuple[Place, str]]:
    for option in sorted(set(tip.answers) - options):
        yield (*place, "for"), f"“{option}” is not an answer of the scale: use one of its ids"
    if tip.topic not in topics:
        yield (
            (*place, "topic"),
            f"“{tip.topic}” is not among the topics: add it there, or use another",
        )
