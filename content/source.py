"""``instrument.yaml`` as authors write it: structure and the English text, checked on reading."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from content.problems import ContentError, Problem
from content.yaml_file import Place, YamlFile

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,23}$", strict=True)]
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
    id: Id
    from_percent: int = Field(ge=0, le=100)
    label: Prose
    meaning: Prose


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


class StatementSource(Part):
    id: Id
    revision: int = Field(ge=1)
    source: Prose
    divergence: Prose | None = None
    text: Prose
    why: Prose
    tips: tuple[TipSource, ...]


class SectionSource(Part):
    id: Id
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


class InstrumentSource(Part):
    id: Id
    title: Prose
    about: Prose
    scoring: Prose
    minutes: int = Field(ge=1)
    scale: tuple[OptionSource, ...] = Field(min_length=2)
    levels: tuple[LevelSource, ...] = Field(min_length=1)
    topics: tuple[TopicSource, ...]
    sections: tuple[SectionSource, ...] = Field(min_length=1)

    def texts(self) -> Iterator[SourceText]:
        """Every text that is shown to people, in the order of the file."""
        for name in ("title", "about", "scoring"):
            yield SourceText(name, getattr(self, name), (name,))
        for i, option in enumerate(self.scale):
            yield SourceText(f"option/{option.id}", option.label, ("scale", i, "label"))
            yield SourceText(
                f"option/{option.id}/typed",
                option.typed,
                ("scale", i, "typed"),
                "What people may type instead, parted by semicolons. Not a translation of the English.",
            )
        for i, level in enumerate(self.levels):
            yield SourceText(f"level/{level.id}", level.label, ("levels", i, "label"))
            yield SourceText(f"level/{level.id}/meaning", level.meaning, ("levels", i, "meaning"))
        for i, topic in enumerate(self.topics):
            yield SourceText(f"topic/{topic.id}", topic.title, ("topics", i, "title"))
        for i, section in enumerate(self.sections):
            yield from _section_texts(section, ("sections", i))


def _section_texts(section: SectionSource, place: Place) -> Iterator[SourceText]:
    yield SourceText(f"section/{section.id}", section.title, (*place, "title"))
    yield SourceText(f"section/{section.id}/intro", section.intro, (*place, "intro"))
    for i, statement in enumerate(section.statements):
        yield from _statement_texts(statement, (*place, "statements", i))


def _statement_texts(statement: StatementSource, place: Place) -> Iterator[SourceText]:
    remark = statement.divergence or ""
    yield SourceText(statement.id, statement.text, (*place, "text"), remark)
    yield SourceText(f"{statement.id}/why", statement.why, (*place, "why"))
    for i, tip in enumerate(statement.tips):
        key = f"{statement.id}/tip/{tip.id}"
        yield SourceText(key, tip.text, (*place, "tips", i, "text"), tip.divergence or "")


def read_instrument(path: Path) -> tuple[InstrumentSource, YamlFile]:
    """The instrument in that file, and the file itself for its lines.

    Raises ContentError with everything that is wrong, file and line first.
    """
    instrument, file, problems = examine_instrument(path)
    if problems:
        raise ContentError(problems)
    return instrument, file


def examine_instrument(path: Path) -> tuple[InstrumentSource, YamlFile, list[Problem]]:
    """The same, with clashes returned beside the instrument, so that its translations can be looked
    at too. Raises ContentError where the file's shape leaves nothing to look at."""
    file = YamlFile(path)
    try:
        instrument = InstrumentSource.model_validate(file.data)
    except ValidationError as error:
        raise ContentError([as_problem(file, row) for row in error.errors()]) from None
    clashes = [Problem(file.name, file.line(place), told) for place, told in _clashes(instrument)]
    return instrument, file, clashes


def as_problem(file: YamlFile, row: ErrorDetails) -> Problem:
    """What pydantic found, in words for authors."""
    place = row["loc"]
    name = str(place[-1]) if place else "the file"
    remedy = REMEDIES.get(row["type"], f"{row['msg']}: correct it")
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
    for name in ("scale", "levels", "topics", "sections"):
        rows = [((name, i, "id"), part.id) for i, part in enumerate(getattr(instrument, name))]
        yield from twice(rows)
    yield from twice(
        [
            (("sections", i, "statements", j, "id"), statement.id)
            for i, section in enumerate(instrument.sections)
            for j, statement in enumerate(section.statements)
        ]
    )
    yield from _level_clashes(instrument)
    yield from _token_clashes(instrument)
    yield from _tip_clashes(instrument)


def twice(rows: Iterable[tuple[Place, str]]) -> Iterator[tuple[Place, str]]:
    """Every id that stood before, at its second place."""
    seen: set[str] = set()
    for place, id_ in rows:
        if id_ in seen:
            yield place, f"the id “{id_}” is used already: ids are never shared, choose another"
        seen.add(id_)


def _token_clashes(instrument: InstrumentSource) -> Iterator[tuple[Place, str]]:
    """Statement, revision and option go into a button's 64 bytes, with an assessment's code."""
    longest = max(len(option.id) for option in instrument.scale)
    for i, section in enumerate(instrument.sections):
        for j, statement in enumerate(section.statements):
            if len(f"{statement.id}{statement.revision}") + longest > BUTTON_ROOM:
                place: Place = ("sections", i, "statements", j, "id")
                yield place, "the ids do not fit into a button: shorten this one or the answers'"


BUTTON_ROOM = 48
"""Letters for a statement's id, its revision and an option's id: 64, less verb, code and colons."""


def _level_clashes(instrument: InstrumentSource) -> Iterator[tuple[Place, str]]:
    bounds = [level.from_percent for level in instrument.levels]
    if bounds[0] != 0 or bounds != sorted(set(bounds)):
        yield ("levels",), "levels begin at 0 and rise: put them in order, each bound once"


def _tip_clashes(instrument: InstrumentSource) -> Iterator[tuple[Place, str]]:
    options = {option.id for option in instrument.scale}
    topics = {topic.id for topic in instrument.topics}
    for i, section in enumerate(instrument.sections):
        for j, statement in enumerate(section.statements):
            tips = [
                (("sections", i, "statements", j, "tips", k), t)
                for k, t in enumerate(statement.tips)
            ]
            yield from twice([((*place, "id"), str(tip.id)) for place, tip in tips])
            for place, tip in tips:
                yield from _lost(place, tip, options, topics)


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
