"""Points, percentages and levels. The rules are Merilo's own: see docs/scoring.md.

A section's points are the sum of its answers' points; its maximum is the best answer for every
statement *answered*, so an open statement neither helps nor hurts. Bounds are compared in whole
numbers: no rounding decides a level.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from content.model import Edition, Level, Option, Section


@dataclass(frozen=True, slots=True)
class Score:
    """Points reached, of ``maximum``, over ``answered`` of ``total`` statements."""

    points: int
    maximum: int
    answered: int
    total: int

    @property
    def open(self) -> int:
        return self.total - self.answered

    @property
    def ratio(self) -> float:
        """0 to 1. Raises ZeroDivisionError where nothing is answered: ask ``answered`` first."""
        return self.points / self.maximum


def score(edition: Edition, statements: Iterable[str], answers: Mapping[str, str]) -> Score:
    """Score some statements. ``answers`` maps statement ids to option ids; others are open."""
    asked = list(statements)
    given = [edition.options[answers[s]].points for s in asked if s in answers]
    return Score(sum(given), edition.top * len(given), len(given), len(asked))


def section_score(edition: Edition, section: Section, answers: Mapping[str, str]) -> Score:
    return score(edition, (s.id for s in section.statements), answers)


def overall_score(edition: Edition, answers: Mapping[str, str]) -> Score:
    return score(edition, edition.order, answers)


def level_of(edition: Edition, result: Score) -> Level:
    """The highest level whose bound is reached. ``result`` has at least one answer."""
    reached = [
        level
        for level in edition.levels
        if result.points * 100 >= level.from_percent * result.maximum
    ]
    return reached[-1]


def is_agreement(edition: Edition, option: Option) -> bool:
    """Whether an answer lies in the upper half of the scale."""
    return option.points * 2 > edition.top


def ranked(edition: Edition, answers: Mapping[str, str]) -> list[tuple[Section, Score]]:
    """Sections with an answer, the strongest first; equals stay in the order of the instrument."""
    scored = [(section, section_score(edition, section, answers)) for section in edition.sections]
    return sorted((row for row in scored if row[1].answered), key=lambda row: -row[1].ratio)
