"""Two assessments with the same instrument side by side: what rose, what fell, what cannot be compared.

Plain data for whoever shows it: the chat (``dialogs.scenes.comparing``) and the report.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from content.library import Library
from content.model import Edition, Section, Statement
from content.scoring import Score, points_of, score
from content.values import ticked
from dialogs.types import Assessment

Verdict = Literal[
    "rose",
    "fell",
    "same",
    "differs",  # a text was rewritten, or as many items are ticked, but others
    "open",  # it is answered in one of the two only, or in neither
    "changed",  # its meaning, or the kind of its answer, is another one now
    "rescaled",  # its answers are others now: options, bounds, items
    "added",
    "retired",
]

COMPARED: frozenset[Verdict] = frozenset({"rose", "fell", "same", "differs"})
NOT_THE_SAME: frozenset[Verdict] = frozenset({"changed", "rescaled", "added", "retired"})
"""What lies between the two editions: it stands in no total."""


@dataclass(frozen=True, slots=True)
class Row:
    """One statement. ``before`` and ``after`` are values (see ``content.values``), None where open."""

    statement: str
    verdict: Verdict
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the later edition. The scores count only what is compared; their ``maximum`` is 0
    where nothing of that gives points."""

    section: str
    rows: tuple[Row, ...]
    before: Score
    after: Score


@dataclass(frozen=True, slots=True)
class Comparison:
    """``retired`` are rows of statements that only the earlier edition has, and were answered then."""

    earlier: Assessment
    later: Assessment
    parts: tuple[Part, ...]
    retired: tuple[Row, ...]
    before: Score
    after: Score

    def having(self, *verdicts: Verdict) -> list[Row]:
        """The rows with one of these verdicts, in the order of the instrument, retired ones last."""
        rows = [row for part in self.parts for row in part.rows]
        return [row for row in (*rows, *self.retired) if row.verdict in verdicts]

    def part(self, section: str) -> Part:
        """Raises StopIteration where the later edition has no such section."""
        return next(part for part in self.parts if part.section == section)


def compare(library: Library, earlier: Assessment, later: Assessment) -> Comparison:
    """``earlier`` and ``later`` are assessments with the same instrument, in whatever editions."""
    old, new = library.edition(earlier.edition), library.edition(later.edition)
    parts = tuple(_part(library, earlier, later, section) for section in new.sections)
    compared = [id_ for part in parts for id_ in _compared(part.rows)]
    gone = [id_ for id_ in old.order if id_ not in new.statements and _value(old, earlier, id_)]
    return Comparison(
        earlier,
        later,
        parts,
        tuple(Row(id_, "retired", _value(old, earlier, id_), None) for id_ in gone),
        score(old, compared, earlier.values),
        score(new, compared, later.values),
    )


def same_question(library: Library, one: Assessment, other: Assessment, statement: str) -> bool:
    """Whether both were asked the same there, by revision and by what may be answered.

    Raises KeyError where the edition of ``other`` has no such statement.
    """
    return _difference(library, one, other, statement) is None


def _part(library: Library, earlier: Assessment, later: Assessment, section: Section) -> Part:
    old, new = library.edition(earlier.edition), library.edition(later.edition)
    rows = tuple(_rows(library, earlier, later, section))
    compared = _compared(rows)
    before, after = score(old, compared, earlier.values), score(new, compared, later.values)
    return Part(section.id, rows, before, after)


def _compared(rows: Iterable[Row]) -> list[str]:
    return [row.statement for row in rows if row.verdict in COMPARED]


def _rows(
    library: Library, earlier: Assessment, later: Assessment, section: Section
) -> Iterator[Row]:
    old, new = library.edition(earlier.edition), library.edition(later.edition)
    for statement in section.statements:
        if not _is_asked(old, earlier, statement.id) and not _is_asked(new, later, statement.id):
            continue
        before, after = _value(old, earlier, statement.id), _value(new, later, statement.id)
        verdict = _difference(library, earlier, later, statement.id)
        yield Row(statement.id, verdict or _direction(statement, before, after), before, after)


def _is_asked(edition: Edition, assessment: Assessment, id_: str) -> bool:
    """Optional ones count as asked where they are answered."""
    statement = edition.statements.get(id_)
    if statement is None or not statement.applies(assessment.values):
        return False
    return not statement.optional or id_ in assessment.values


def _value(edition: Edition, assessment: Assessment, id_: str) -> str | None:
    """None too where an answer was given before a condition took the statement away."""
    statement = edition.statements.get(id_)
    if statement is None or not statement.applies(assessment.values):
        return None
    return assessment.values.get(id_)


def _difference(
    library: Library, earlier: Assessment, later: Assessment, id_: str
) -> Verdict | None:
    """Why the two cannot be compared there; None where they can."""
    old = library.edition(earlier.edition).statements.get(id_)
    new = library.edition(later.edition).statements[id_]
    if old is None:
        return "added"
    if old.kind != new.kind or _revision(earlier, old) != _revision(later, new):
        return "changed"
    return None if _answers_of(old) == _answers_of(new) else "rescaled"


def _revision(assessment: Assessment, statement: Statement) -> int:
    """That which was read when it was answered."""
    answer = assessment.answers.get(statement.id)
    return answer.revision if answer else statement.revision


def _answers_of(statement: Statement) -> tuple[object, ...]:
    """What may be answered, but for the length of a text."""
    bounds = (statement.minimum, statement.maximum, statement.step)
    return (statement.scale, bounds, statement.items)


def _direction(statement: Statement, before: str | None, after: str | None) -> Verdict:
    if before is None or after is None:
        return "open"
    if before == after:
        return "same"
    then, now = _weight(statement, before), _weight(statement, after)
    if now == then:
        return "differs"
    return "rose" if now > then else "fell"


def _weight(statement: Statement, value: str) -> Decimal | int:
    match statement.kind:
        case "choice" | "number":
            return points_of(statement, value)
        case "checklist":
            return len(ticked(value))
        case _:
            return 0
