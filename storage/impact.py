"""What publishing an edition would mean for those who are in the middle of an assessment."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from content.model import Edition
from storage.tables import answers, assessments, editions


@dataclass(frozen=True, slots=True)
class Impact:
    """``assessments``: unfinished ones on another edition, whose people will be offered the new one;
    ``asked_again``: answers to statements whose revision differs; ``retired``: answers to statements that are
    not in it any more; ``carried``: answers that stay as they are."""

    assessments: int
    asked_again: int
    retired: int
    carried: int


def impact(connection: Connection, new: Edition) -> Impact:
    """Counted now; people go on answering."""
    touched = (
        select(assessments.c.id)
        .join(editions, editions.c.id == assessments.c.edition_id)
        .where(
            assessments.c.instrument == new.instrument,
            assessments.c.finished_at.is_(None),
            editions.c.digest != new.digest,
        )
    )
    given = connection.execute(
        select(answers.c.statement, answers.c.revision, func.count())
        .where(answers.c.assessment_id.in_(touched), answers.c.value.is_not(None))
        .group_by(answers.c.statement, answers.c.revision)
    )
    counts = {"again": 0, "retired": 0, "carried": 0}
    for statement, revision, count in given:
        counts[_fate(new, statement, revision)] += count
    people = connection.scalar(select(func.count()).select_from(touched.subquery())) or 0
    return Impact(people, counts["again"], counts["retired"], counts["carried"])


def _fate(new: Edition, statement: str, revision: int) -> str:
    if statement not in new.statements:
        return "retired"
    return "carried" if new.statements[statement].revision == revision else "again"
