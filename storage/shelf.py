"""A person's own assessments, read when they are asked for."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from sqlalchemy import Connection, bindparam, select

from dialogs.types import Answer, Assessment
from storage.keys import keys_of, note_place
from storage.prepared import Prepared
from storage.sealing import open_value
from storage.tables import answers, assessments, editions

_CODES = Prepared(
    select(assessments.c.code)
    .where(assessments.c.respondent_id == bindparam("respondent"))
    .order_by(assessments.c.id)
)

_ASSESSMENT = Prepared(
    select(
        assessments.c.id,
        assessments.c.instrument,
        editions.c.digest,
        assessments.c.started_at,
        assessments.c.finished_at,
        assessments.c.touched_at,
        assessments.c.earlier,
    )
    .join(editions, editions.c.id == assessments.c.edition_id)
    .where(
        assessments.c.respondent_id == bindparam("respondent"),
        assessments.c.code == bindparam("code"),
    )
)

_ANSWERS = Prepared(
    select(answers.c.statement, answers.c.value, answers.c.note, answers.c.revision).where(
        answers.c.assessment_id == bindparam("assessment")
    )
)


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
        return [code for (code,) in _CODES(self._connection, {"respondent": self._respondent})]

    def _fetch(self, code: str) -> Assessment:
        named = {"respondent": self._respondent, "code": code}
        rows = _ASSESSMENT(self._connection, named)
        if not rows:
            raise KeyError(code)
        [(id_, instrument, digest, started, finished, touched, earlier)] = rows
        return Assessment(
            code=code,
            instrument=instrument,
            edition=digest,
            started=_moment(started),
            finished=None if finished is None else _moment(finished),
            answers=self._answers(id_),
            touched=_moment(touched),
            earlier=earlier,
        )

    def _answers(self, assessment: int) -> dict[str, Answer]:
        rows = _ANSWERS(self._connection, {"assessment": assessment})
        keys = keys_of(self._connection)
        return {
            # Few statements have a note, so this costs an answer nothing.
            statement: Answer(
                open_value(keys, value, assessment, statement),
                note and self._note(assessment, statement, note),
                revision,
            )
            for statement, value, note, revision in rows
        }

    def _note(self, assessment: int, statement: str, sealed: str) -> str:
        return keys_of(self._connection).open(sealed, note_place(assessment, statement))


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
