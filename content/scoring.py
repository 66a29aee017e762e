"""Points, percentages, gaps and levels. The rules are Merilo's own: see docs/scoring.md.

A section's points are the sum of its answers' points; its maximum is the best answer for every
statement *answered*, so an open statement neither helps nor hurts. What may be left out, and what an
instrument's kind of result does not count (a text, a checklist), gives no points. Bounds are compared
in whole numbers: no rounding decides a level, but that half points are rounded down.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import floor

from content.model import Edition, Level, Option, Scale, Section, Statement

COUNTED = {"percentage": "choice", "yes_share": "choice", "points": "number"}
"""The kind of statement that each kind of result counts; the others count nothing."""

Points = int | Decimal


@dataclass(frozen=True, slots=True)
class Score:
    """Points reached, of ``maximum``, over ``answered`` of ``total`` statements.

    ``maximum`` is 0 where nothing that counts is answered: there is no result then.
    """

    points: Points
    maximum: Points
    answered: int
    total: int

    @property
    def open(self) -> int:
        return self.total - self.answered

    @property
    def ratio(self) -> float:
        """0 to 1. Raises ZeroDivisionError where nothing is counted: ask ``maximum`` first."""
        return float(self.points) / float(self.maximum)


@dataclass(frozen=True, slots=True)
class Gap:
    """The own level of a statement against the required one; ``missing`` is above zero where it is lower."""

    statement: Statement
    own: int

    @property
    def missing(self) -> int:
        return self.statement.required - self.own


def score(edition: Edition, statements: Iterable[str], answers: Mapping[str, str]) -> Score:
    """Score some statements. ``answers`` maps statement ids to values; others are open."""
    found = (edition.statements[id_] for id_ in statements)
    asked = [s for s in found if not s.optional and s.applies(answers)]
    given = [s for s in asked if s.id in answers]
    counted = [s for s in given if is_counted(edition, s)]
    points = sum(points_of(s, answers[s.id]) for s in counted)
    maximum = sum(s.scale.top if s.kind == "choice" else s.maximum for s in counted)
    return Score(points, maximum, len(given), len(asked))


def is_counted(edition: Edition, statement: Statement) -> bool:
    """Whether an answer to it counts in the result."""
    return not statement.optional and statement.kind == COUNTED.get(edition.result)


def points_of(statement: Statement, value: str) -> Points:
    """What an answer counts: its option's points, or the number itself."""
    if statement.kind == "number":
        return Decimal(value)
    return statement.scale.by_id[value].points


def section_score(edition: Edition, section: Section, answers: Mapping[str, str]) -> Score:
    return score(edition, (s.id for s in section.statements), answers)


def overall_score(edition: Edition, answers: Mapping[str, str]) -> Score:
    return score(edition, edition.order, answers)


def level_of(edition: Edition, result: Score) -> Level | None:
    """The highest level whose bound is reached; None where there is none to reach.

    Levels in points are for the whole: a result with open statements has none yet.
    """
    if not edition.levels or not result.maximum:
        return None
    if edition.result == "points":
        return None if result.open else band(edition, floor(result.points))
    reached = [
        level
        for level in edition.levels
        if result.points * 100 >= (level.from_percent or 0) * result.maximum
    ]
    return reached[-1]


def band(edition: Edition, points: int) -> Level:
    """The level that whole points reach."""
    return [level for level in edition.levels if points >= (level.from_points or 0)][-1]


def gaps(section: Section, answers: Mapping[str, str]) -> list[Gap]:
    """Own against required levels, in the order of the section."""
    rows = [s for s in section.statements if s.kind == "choice" and s.id in answers]
    return [Gap(s, s.scale.by_id[answers[s.id]].points) for s in rows]


def is_agreement(scale: Scale, option: Option) -> bool:
    """Whether an answer lies in the upper half of the scale."""
    return option.points * 2 > scale.top


def ranked(edition: Edition, answers: Mapping[str, str]) -> list[tuple[Section, Score]]:
    """Sections with a result, the strongest first; equals stay in the order of the instrument."""
    scored = [(section, section_score(edition, section, answers)) for section in edition.sections]
    return sorted((row for row in scored if row[1].maximum), key=lambda row: -row[1].ratio)


def weakest_first(
    edition: Edition, sections: Iterable[Section], answers: Mapping[str, str]
) -> list[Section]:
    """By how much each lacks; equals, and those where nothing counts, stay in their order, these at the end."""
    return sorted(sections, key=lambda section: -_lack(edition, section, answers))


def _lack(edition: Edition, section: Section, answers: Mapping[str, str]) -> float:
    """The share of points that is missing, or of gaps their mean; 0 where nothing counts."""
    if edition.result == "gap":
        rows = gaps(section, answers)
        return sum(max(gap.missing, 0) for gap in rows) / len(rows) if rows else 0
    result = section_score(edition, section, answers)
    return 1 - result.ratio if result.maximum else 0
