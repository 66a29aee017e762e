"""A person's own assessments, read when they are asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, bindparam, select

from content.library import Library
from dialogs.carrying import under
from dialogs.types import Answer, Assessment, Former
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
        assessments.c.edition_id,
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
    select(
        answers.c.statement,
        answers.c.value,
        answers.c.note,
        answers.c.revision,
        answers.c.edition_id,
    ).where(answers.c.assessment_id == bindparam("assessment"))
)

_DIGESTS = Prepared(
    select(editions.c.id, editions.c.digest)
    .join(assessments, assessments.c.instrument == editions.c.instrument)
    .where(assessments.c.id == bindparam("assessment"))
)


class Shelf(Mapping[str, Assessment]):
    """The assessments of one respondent by code, the oldest first; none for a stranger (None).

    Whoever holds a shelf can reach nobody else's assessments: ownership is checked here, once.
    """

    def __init__(self, connection: Connection, respondent: int | None, library: Library) -> None:
        self._connection = connection
        self._respondent = respondent
        self._library = library
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
        [(id_, pin, instrument, digest, started, finished, touched, earlier)] = rows
        given = _ANSWERS(self._connection, {"assessment": id_})
        keys = keys_of(self._connection)
        found = Assessment(
            code=code,
            instrument=instrument,
            edition=digest,
            started=_moment(started),
            finished=None if finished is None else _moment(finished),
            answers={
                # Few statements have a note, so this costs an answer nothing.
                statement: Answer(
                    open_value(keys, value, id_, statement),
                    note and self._note(id_, statement, note),
                    revision,
                )
                for statement, value, note, revision, _ in given
            },
            touched=_moment(touched),
            earlier=earlier,
        )
        elsewhere = {row[0]: row[4] for row in given if row[4] != pin}
        return self._sorted(id_, found, elsewhere) if elsewhere else found

    def _sorted(self, id_: int, found: Assessment, elsewhere: dict[str, int]) -> Assessment:
        """An assessment that has moved: some of its answers were given in other editions."""
        digests = dict(_DIGESTS(self._connection, {"assessment": id_}))
        moved = {s: Former(found.answers[s], digests[pin]) for s, pin in elsewhere.items()}
        return under(self._library.edition(found.edition), replace(found, former=moved))

    def _note(self, assessment: int, statement: str, sealed: str) -> str:
        return keys_of(self._connection).open(sealed, note_place(assessment, statement))


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
