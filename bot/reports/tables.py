"""An assessment as tables for spreadsheets, and as JSON for programs."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from dialogs.summary import Chapter, Entry, Part, Summary
from locales import Words, words_in


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the whole, 0 to 1, to be shown as a percentage."""

    ratio: Decimal


Cell = str | int | Decimal | date | Share | None

Row = list[Cell]

FORMULAS = tuple("=+-@\t\r＝＋－＠")
"""What a spreadsheet may carry out where a text begins with it."""

FORMAT = 1
"""Of the JSON. Raised when something in it changes its meaning or goes."""


def inert(text: str) -> str:
    """The same text, so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.lstrip(" \n").startswith(FORMULAS) else text


# --- Tables ----------------------------------------------------------------------------------


def answers_table(summary: Summary) -> list[Row]:
    """A row for each statement, below the names of the columns."""
    words = words_in(summary.language)
    head: Row = [
        *(words("Section"), words("Number"), words("Statement"), words("Answer")),
        *(words("Points"), words("Of"), words("Note"), words("Tips")),
    ]
    return [head, *(_answer(part, entry) for part in summary.parts for entry in part.entries)]


def _answer(part: Part, entry: Entry) -> Row:
    """A number is a number; what is ticked stands by its words."""
    answer: Cell = entry.answer
    if entry.value is not None and entry.kind == "number":
        answer = Decimal(entry.value)
    if entry.value is not None and entry.items:
        answer = "; ".join([entry.answer, *(item.text for item in entry.items if item.ticked)])
    points = (entry.points, entry.maximum) if entry.counted else (None, None)
    tips = "\n".join(entry.tips)
    return [part.title, entry.id, entry.text, answer, *points, entry.note or None, tips or None]


def result_table(summary: Summary) -> list[Row]:
    """What the assessment is, and the result by section."""
    words = words_in(summary.language)
    return [
        [words("Assessment"), summary.title],
        [words("Begun"), summary.started],
        [words("Finished"), summary.finished],
        [words("Edition"), summary.number],
        [words("Answered"), summary.answered],
        [words("Of"), summary.total],
        [],
        *result_by_section(summary, words),
        [],
        [words("How it was counted"), summary.scoring],
    ]


def result_by_section(summary: Summary, words: Words) -> list[Row]:
    """What is counted, below the names of the columns, with the whole as the last row."""
    head: Row = [words("Section"), words("Points"), words("Of"), words("Share"), words("Level")]
    rows = [_standing(part.title, part) for part in summary.parts if part.maximum]
    rows = [head, *rows, _standing(words("Together"), summary)] if rows else []
    levels = any(row[-1] for row in rows[1:])
    return rows if levels else [row[:-1] for row in rows]


def _standing(title: str, of: Part | Summary) -> Row:
    share = Share(Decimal(of.points) / Decimal(of.maximum))
    return [title, of.points, of.maximum, share, of.level or None]


def draft_table(summary: Summary) -> list[Row]:
    """The parts of the yearly report that are written, in its order."""
    written = [one for one in summary.draft if one.written]
    return [[one.title, one.text] for one in written]


def plan_table(summary: Summary) -> list[Row]:
    words = words_in(summary.language)
    head: Row = [words("Step"), words("Date"), words("State"), words("Note")]
    rows: list[Row] = [[s.text, s.due, s.state, s.note or None] for s in summary.plan]
    return [head, *rows] if rows else []


def comparison_table(summary: Summary) -> list[Row]:
    """Every statement beside the assessment before, below the names of the columns."""
    if summary.comparison is None:
        return []
    words, beside = words_in(summary.language), summary.comparison
    days = (beside.begun, summary.started)
    head: Row = [
        *(words("Number"), words("Statement"), words("Change")),
        *(words("Answer of {date}", date=words.date(day)) for day in days),
    ]
    rows: list[Row] = [
        [one.id, one.text, one.standing, one.before or None, one.after or None]
        for one in beside.rows
    ]
    return [head, *rows]


# --- CSV -------------------------------------------------------------------------------------


def csv_file(summary: Summary) -> bytes:
    """As a spreadsheet in that language expects it: where the comma is in numbers, semicolons between
    cells. UTF-8 with its mark, without which Excel guesses wrong."""
    words = words_in(summary.language)
    comma = words.number(Decimal("0.5")) == "0,5"
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if comma else ",")
    drafts = [[one[0], None, None, one[1], None, None, None, None] for one in draft_table(summary)]
    for row in [*answers_table(summary), *drafts]:
        writer.writerow([_csv_cell(cell, words) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _csv_cell(cell: Cell, words: Words) -> str:
    match cell:
        case None:
            return ""
        case str():
            return inert(cell)
        case date():
            return cell.isoformat()
        case Share(ratio):
            return words.percent(float(ratio))
        case _:
            return words.number(cell)


# --- A workbook, which is written in the other process ------------------------------------------


def workbook_data(summary: Summary) -> dict[str, Any]:
    """Sheets with their names and rows, in the shape that ``spreadsheet.workbook`` reads."""
    words = words_in(summary.language)
    sheets = {
        words("Answers"): answers_table(summary),
        words("Result"): result_table(summary),
        words("Yearly report"): draft_table(summary),
        words("Plan"): plan_table(summary),
        words("Comparison"): comparison_table(summary),
    }
    return {
        "title": summary.title,
        "made": summary.made.isoformat(),
        "sheets": [
            {"name": name, "rows": [[_typed(cell) for cell in row] for row in rows]}
            for name, rows in sheets.items()
            if rows
        ],
    }


def _typed(cell: Cell) -> list[Any]:
    """A kind and a value that JSON has."""
    match cell:
        case None:
            return ["blank", None]
        case str():
            return ["text", cell]
        case date():
            return ["date", cell.isoformat()]
        case Share(ratio):
            return ["share", float(ratio)]
        case _:
            return ["number", float(cell)]


# --- JSON ------------------------------------------------------------------------------------


def json_file(summary: Summary) -> bytes:
    """Ids, values as they are kept, and the words for them."""
    return json.dumps(_document(summary), ensure_ascii=False, indent=1, default=_plain).encode()


def _document(summary: Summary) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "language": summary.language,
        "assessment": summary.code,
        "instrument": {"id": summary.instrument, "title": summary.title},
        "edition": {"digest": summary.edition, "number": summary.number},
        "begun": summary.started,
        "finished": summary.finished,
        "made": summary.made,
        "answered": summary.answered,
        "of": summary.total,
        "result": {"kind": summary.result, **_result(summary)},
        "scoring": summary.scoring,
        "sections": [
            {
                "id": part.id,
                "title": part.title,
                **_result(part),
                "statements": list(_statements(part)),
            }
            for part in summary.parts
        ],
        "report": [
            {"title": one.title, "text": one.text if one.written else None} for one in summary.draft
        ],
        "plan": [
            {"text": step.text, "date": step.due, "state": step.state, "note": step.note}
            for step in summary.plan
        ],
        "comparison": _comparison(summary.comparison),
        "sources": [{"text": source.text, "url": source.url} for source in summary.sources],
    }


def _result(of: Part | Summary) -> dict[str, Any]:
    """None where nothing is counted."""
    if not of.maximum:
        return {"points": None, "maximum": None, "level": None}
    return {"points": of.points, "maximum": of.maximum, "level": of.level or None}


def _statements(part: Part) -> Iterator[dict[str, Any]]:
    for entry in part.entries:
        yield {
            "id": entry.id,
            "kind": entry.kind,
            "text": entry.text,
            "value": entry.value,
            "answer": entry.answer if entry.value is not None else None,
            "points": entry.points,
            "maximum": entry.maximum,
            "items": [{"text": item.text, "ticked": item.ticked} for item in entry.items],
            "note": entry.note or None,
            "tips": list(entry.tips),
        }


def _comparison(chapter: Chapter | None) -> dict[str, Any] | None:
    """With which assessment, and each statement's value then and now; None for the first assessment."""
    if chapter is None:
        return None
    statements = [
        {"id": row.id, "change": row.verdict, "before": row.values[0], "after": row.values[1]}
        for row in chapter.rows
    ]
    return {"assessment": chapter.code, "begun": chapter.begun, "statements": statements}


def _plain(value: Any) -> Any:
    """Days by ISO 8601; decimals as numbers: they have one or two places."""
    return value.isoformat() if isinstance(value, date) else float(value)
