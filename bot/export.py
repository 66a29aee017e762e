"""Everything that is kept of a person, as a zip: a table for a spreadsheet, JSON for a program."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.reports.tables import inert
from content.library import Library
from content.model import Edition, Statement
from content.values import ticked
from dialogs.carrying import counts
from dialogs.types import Answer
from storage.holdings import Holdings, Row

COLUMNS = (
    *("assessment", "instrument", "started", "finished"),
    *("statement", "text", "answer", "note", "answered", "language", "edition", "counted"),
)


def export(kept: Holdings, library: Library) -> bytes:
    """The zip. Texts are in the language that they were read in."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("answers.csv", _table(kept, library))
        file.writestr("everything.json", _json(kept))
    return packed.getvalue()


def _json(kept: Holdings) -> str:
    return json.dumps(kept, ensure_ascii=False, indent=1, default=_plain)


def _plain(value: Any) -> str:
    """Times by ISO 8601; anything else that JSON does not know as its bytes in hex."""
    return value.isoformat() if isinstance(value, datetime) else bytes(value).hex()


def _table(kept: Holdings, library: Library) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(_rows(kept, library))
    return text.getvalue().encode("utf-8-sig")  # spreadsheets take UTF-8 only with its mark


def _rows(kept: Holdings, library: Library) -> Iterator[list[str]]:
    assessments = {row["id"]: row for row in kept["assessments"]}
    for answer in kept["answers"]:
        yield [
            _cell(value) for value in _row(assessments[answer["assessment_id"]], answer, library)
        ]


def _row(assessment: Row, answer: Row, library: Library) -> Iterator[Any]:
    edition, language = library.edition(answer["edition"]), answer["language"]
    statement_id = answer["statement"]
    statement = edition.statements.get(statement_id)
    yield from (assessment[name] for name in ("code", "instrument", "started_at", "finished_at"))
    yield statement_id
    yield edition.text(statement.key, language) if statement else ""
    yield _answer_in_words(edition, statement, answer["value"], language)
    yield from (answer[name] for name in ("note", "answered_at", "language", "edition"))
    given = Answer(answer["value"], answer["note"], answer["revision"])
    yield "yes" if counts(library.edition(assessment["edition"]), statement_id, given) else "no"


def _answer_in_words(
    edition: Edition, statement: Statement | None, value: Any, language: str
) -> Any:
    """An option by its label, what is ticked by its words; a number and a text as they are kept."""
    if statement is None or value is None:
        return value
    keys = {option.id: option.key for option in statement.scale.options}
    keys |= {item: statement.item_key(item) for item in statement.items}
    chosen = ticked(value) if statement.kind == "checklist" else [value]
    return "; ".join(edition.text(keys[id_], language) if id_ in keys else id_ for id_ in chosen)


def _cell(value: Any) -> str:
    return inert(_plain(value) if isinstance(value, datetime) else str(value or ""))
