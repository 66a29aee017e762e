"""A person's own assessments, read when they are asked for."""

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, Row, select

from dialogs.types import Answer, Assessment
from storage.tables import answers, assessments, editions


class Shelf(Mapping[str, Assessment]):
    """The assessments of one respondent by code, the oldest first; none for a stranger (None).

    Whoever holds a shelf can reach nobody else's assessments: ownership is checked here, once.
    """

    def __init__(self, connection: Connection, respondent: int | None) -> None:
        self._connection = connection
        self._respondent = respondent
        self._read: dict[str, Assessment] = {}

    def __getitem__(self, code: str) -> Assessment:
        if code not in self._read:
            self._read[code] = self._fetch(code)
        return self._read[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._codes())

    def __len__(self) -> int:
        return len(self._codes())

    def _codes(self) -> list[str]:
        query = (
            select(assessments.c.code)
            .where(assessments.c.respondent_id == self._respondent)
            .order_by(assessments.c.id)
        )
        return list(self._connection.scalars(query))

    def _fetch(self, code: str) -> Assessment:
        query = (
            select(assessments, editions.c.digest)
            .join(editions, editions.c.id == assessments.c.edition_id)
            .where(assessments.c.respondent_id == self._respondent, assessments.c.code == code)
        )
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise KeyError(code)
        return _assessment(row, self._answers(row.id))

    def _answers(self, assessment_id: int) -> dict[str, Answer]:
        query = select(
            answers.c.statement, answers.c.option, answers.c.note, answers.c.revision
        ).where(answers.c.assessment_id == assessment_id)
        rows = self._connection.execute(query)
        return {row.statement: Answer(row.option, row.note, row.revision) for row in rows}


def _assessment(row: Row[tuple[object, ...]], given: dict[str, Answer]) -> Assessment:
    return Assessment(
        code=row.code,
        instrument=row.instrument,
        edition=row.digest,
        started=row.started_at,
        finished=row.finished_at,
        answers=given,
    )
