"""``instrument.yaml`` as authors write it: structure and the English text, checked on reading."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

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
    file = YamlFile(path)
    try:
        instrument = InstrumentSource.model_validate(file.data)
    except ValidationError as error:
        raise ContentError(
            [_as_problem(file, row["loc"], row["msg"]) for row in error.errors()]
        ) from None
    problems = [
        Problem(file.name, file.line(place), message) for place, message in _clashes(instrument)
    ]
    if problems:
        raise ContentError(problems)
    return instrument, file


def _as_problem(file: YamlFile, place: Place, message: str) -> Problem:
    where = ".".join(str(step) for step in place)
    return Problem(file.name, file.line(place), f"{where}: {message}")


def _clashes(instrument: InstrumentSource) -> Iterator[tuple[Place, str]]:
    """What pydantic cannot see: the same id twice, and names of things that are not there."""
    yield from _twice("scale", (option.id for option in instrument.scale))
    yield from _twice("levels", (level.id for level in instrument.levels))
    yield from _twice("topics", (topic.id for topic in instrument.topics))
    yield from _twice("sections", (section.id for section in instrument.sections))
    yield from _twice(
        "sections", (s.id for section in instrument.sections for s in section.statements)
    )
    yield from _level_clashes(instrument)
    yield from _tip_clashes(instrument)


def _twice(name: str, ids: Iterable[str]) -> Iterator[tuple[Place, str]]:
    for id_, count in Counter(ids).items():
        if count > 1:
            yield (name,), f"the id “{id_}” is used {count} times: ids are never shared"


def _level_clashes(instrument: InstrumentSource) -> Iterator[tuple[Place, str]]:
    bounds = [level.from_percent for level in instrument.levels]
    if bounds[0] != 0 or bounds != sorted(set(bounds)):
        yield ("levels",), "levels begin at 0 and rise: put them in order, each bound once"


def _tip_clashes(instrument: InstrumentSource) -> Iterator[tuple[Place, str]]:
    options = {option.id for option in instrument.scale}
    topics = {topic.id for topic in instrument.topics}
    for i, section in enumerate(instrument.sections):
        for j, statement in enumerate(section.statements):
            place = ("sections", i, "statements", j, "tips")
            yield from _twice_in(place, (str(tip.id) for tip in statement.tips))
            for k, tip in enumerate(statement.tips):
                for option in set(tip.answers) - options:
                    yield (*place, k, "for"), f"“{option}” is not an answer of the scale"
                if tip.topic not in topics:
                    yield (*place, k, "topic"), f"“{tip.topic}” is not among the topics"


def _twice_in(place: Place, ids: Iterable[str]) -> Iterator[tuple[Place, str]]:
    for _, message in _twice("", ids):
        yield place, message
