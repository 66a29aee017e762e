"""Answers without the people who gave them, for statistics of a whole instrument."""

from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select

from storage.tables import answers, assessments, editions


@dataclass(slots=True)
class Anonymous:
    """One assessment: no person, no day, no note; ``edition`` is a digest. Values by statement."""

    edition: str
    year: int
    finished: bool
    values: dict[str, str] = field(default_factory=dict)


def people(connection: Connection, instrument: str) -> int:
    """How many people have answered something of that instrument."""
    query = (
        select(func.count(func.distinct(assessments.c.respondent_id)))
        .join(answers, answers.c.assessment_id == assessments.c.id)
        .where(assessments.c.instrument == instrument, answers.c.value.is_not(None))
    )
    return connection.scalar(query) or 0


def read_anonymous(connection: Connection, instrument: str) -> list[Anonymous]:
    """Every assessment of that instrument with its values, in no order that means anything to a reader
    who shuffles it. Notes are not even read."""
    query = (
        select(
            assessments.c.id,
            editions.c.digest,
            assessments.c.started_at,
            assessments.c.finished_at,
            answers.c.statement,
            answers.c.value,
        )
        .join(editions, editions.c.id == assessments.c.edition_id)
        .join(answers, answers.c.assessment_id == assessments.c.id)
        .where(assessments.c.instrument == instrument, answers.c.value.is_not(None))
    )
    found: dict[int, Anonymous] = {}
    for row in connection.execute(query):
        kept = found.setdefault(
            row.id, Anonymous(row.digest, row.started_at.year, row.finished_at is not None)
        )
        kept.values[row.statement] = row.value
    return list(found.values())
