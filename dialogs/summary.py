"""An assessment as plain data, finished and localised: what reports, tables and pages are made of.

It is the result card's content in another order, and says nothing that the card would say otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from content.library import Library
from content.model import Section, Statement
from content.scoring import (
    Points,
    Score,
    is_counted,
    level_of,
    overall_score,
    points_of,
    section_score,
)
from content.values import ticked
from dialogs.charts import overall_chart, section_chart
from dialogs.comparison import compare
from dialogs.scenes import outcomes
from dialogs.scenes.asking import section_title
from dialogs.scenes.findings import tips_shown
from dialogs.scenes.kinds import answer_label, assessments_before
from dialogs.scenes.plan import in_order, standing_label
from dialogs.scenes.results import section_told
from dialogs.scenes.sides import Compared, Sides, compared, overview, section_page
from dialogs.talk import Talk
from dialogs.types import Assessment, Block, Chart, PlanStep, State, World

NOTHING: Mapping[str, PlanStep] = {}


@dataclass(frozen=True, slots=True)
class Item:
    """Of a checklist."""

    text: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement with what was answered. ``value`` is as it is kept, None where it is open; ``answer``
    says it in words. ``points`` is None where the answer has none; ``counted``: they count in the result."""

    id: str
    kind: str
    text: str
    value: str | None
    answer: str
    points: Points | None
    maximum: Points | None
    counted: bool
    items: tuple[Item, ...]
    note: str
    tips: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A section: its result as the card tells it, without the tips, which stand by their statements.

    ``points`` and ``maximum`` are 0 and ``level`` is empty where nothing in it is counted."""

    id: str
    title: str
    intro: str
    points: Points
    maximum: Points
    level: str
    standing: tuple[Block, ...]
    chart: Chart | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A part of the yearly report. ``text`` is advice where it is not written yet."""

    title: str
    text: str
    written: bool


@dataclass(frozen=True, slots=True)
class Planned:
    """A step of the plan; ``state`` in words, such as “open”."""

    text: str
    due: date | None
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """The comparison with an earlier assessment: ``blocks`` as the chat tells it, ``rows`` for tables.
    ``begun`` is the day of the earlier one, ``code`` its code."""

    title: str
    blocks: tuple[Block, ...]
    code: str
    begun: date
    rows: tuple[Compared, ...]


@dataclass(frozen=True, slots=True)
class Source:
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Summary:
    """``edition`` is its digest, ``number`` counts the editions of the instrument, ``result`` is the kind
    of result. ``points``, ``maximum`` and ``level`` are of the whole, as in a ``Part``."""

    language: str
    code: str
    instrument: str
    edition: str
    number: int
    result: str
    title: str
    scoring: str
    started: date
    finished: date | None
    made: date
    answered: int
    total: int
    points: Points
    maximum: Points
    level: str
    standing: tuple[Block, ...]
    chart: Chart | None
    next: tuple[Block, ...]
    draft: tuple[Written, ...]
    parts: tuple[Part, ...]
    sources: tuple[Source, ...]
    plan: tuple[Planned, ...] = ()
    comparison: Chapter | None = None


def summary(
    library: Library,
    shelf: Mapping[str, Assessment],
    code: str,
    language: str,
    now: datetime,
    number: int,
    plan: Mapping[str, PlanStep] = NOTHING,
) -> Summary:
    """One assessment of ``shelf``, in any language, whatever it was answered in.

    Raises KeyError where it is not on the shelf.
    """
    talk = Talk(State(language, assessment=code), World(library, shelf, now, "", plan))
    edition, assessment = talk.edition, talk.assessment
    result = overall_score(edition, assessment.values)
    return Summary(
        language=language,
        code=code,
        instrument=assessment.instrument,
        edition=edition.digest,
        number=number,
        result=edition.result,
        title=talk.text("title"),
        scoring=talk.text("scoring"),
        started=assessment.started.date(),
        finished=assessment.finished.date() if assessment.finished else None,
        made=now.date(),
        answered=result.answered,
        total=result.total,
        points=result.points,
        maximum=result.maximum,
        level=_level(talk, result),
        standing=tuple(outcomes.standing(talk, result)) if assessment.values else (),
        chart=overall_chart(talk),
        next=tuple(outcomes.to_come(talk, result)) if assessment.values else (),
        draft=tuple(_draft(talk)),
        parts=tuple(_part(talk, section) for section in _told(talk)),
        plan=tuple(_planned(talk, step) for step in in_order(plan)),
        comparison=_comparison(talk),
        sources=tuple(Source(talk.text(link.key), link.url) for link in edition.links),
    )


def _planned(talk: Talk, step: PlanStep) -> Planned:
    return Planned(step.text, step.due, standing_label(talk.words, step.standing), step.note)


def _comparison(talk: Talk) -> Chapter | None:
    """With the assessment of the same instrument before this one; None for the first."""
    earlier = assessments_before(talk, talk.assessment)
    if not earlier or not talk.assessment.values:
        return None
    sides = Sides(talk, compare(talk.world.library, earlier[-1], talk.assessment))
    told = [overview(sides)[1:], *(section_page(sides, part) for part in sides.parts)]
    return Chapter(
        title=talk.words("Comparison"),
        blocks=tuple(block for page in told for block in page),
        code=earlier[-1].code,
        begun=earlier[-1].started.date(),
        rows=compared(sides),
    )


def _told(talk: Talk) -> list[Section]:
    """Sections in the instrument's order, which is that of the yearly report where there is one; its
    own texts stand apart, and what may be left out and was left out is not told."""
    given = talk.assessment.answers.keys()
    shown = [s for s in talk.edition.sections if not _is_draft(s)]
    return [s for s in shown if not s.optional or s.ids & given]


def _is_draft(section: Section) -> bool:
    return all(statement.kind == "text" for statement in section.statements)


def _draft(talk: Talk) -> list[Written]:
    """The texts of the yearly report in the order in which it asks for them."""
    values = talk.assessment.values
    return [
        Written(talk.text(s.key), values.get(s.id) or talk.text(s.why_key), s.id in values)
        for s in talk.edition.statements.values()
        if s.kind == "text"
    ]


def _part(talk: Talk, section: Section) -> Part:
    values = talk.assessment.values
    tips = tips_shown(talk.edition, section, values)
    asked = [s for s in section.statements if s.applies(values)]
    texts = {id_: tuple(talk.text(tip.key) for tip in found) for id_, found in tips.items()}
    result = section_score(talk.edition, section, values)
    return Part(
        id=section.id,
        title=section_title(talk, section),
        intro=talk.text(section.intro_key),
        points=result.points,
        maximum=result.maximum,
        level=_level(talk, result),
        standing=tuple(section_told(talk, section)),
        chart=section_chart(talk, section),
        entries=tuple(_entry(talk, s, texts.get(s.id, ())) for s in asked),
    )


def _level(talk: Talk, result: Score) -> str:
    level = level_of(talk.edition, result)
    return talk.text(level.key) if level else ""


def _entry(talk: Talk, statement: Statement, tips: tuple[str, ...]) -> Entry:
    value = talk.assessment.values.get(statement.id)
    points, maximum = _points(statement, value)
    return Entry(
        id=statement.id,
        kind=statement.kind,
        text=talk.text(statement.key),
        value=value,
        answer=talk.words("still open")
        if value is None
        else answer_label(talk, statement.id, value),
        points=points,
        maximum=maximum,
        counted=is_counted(talk.edition, statement),
        items=tuple(_items(talk, statement, value or "")),
        note=talk.assessment.note(statement.id),
        tips=tips,
    )


def _points(statement: Statement, value: str | None) -> tuple[Points | None, Points | None]:
    if value is None or statement.kind not in ("choice", "number"):
        return None, None
    maximum = statement.scale.top if statement.kind == "choice" else statement.maximum
    return points_of(statement, value), maximum


def _items(talk: Talk, statement: Statement, value: str) -> list[Item]:
    done = ticked(value)
    return [Item(talk.text(statement.item_key(id_)), id_ in done) for id_ in statement.items]
