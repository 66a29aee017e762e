"""A workbook (XLSX) of typed cells. Imported in the worker only: the library is heavy."""

import io
from datetime import datetime
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

WIDTH, NARROW = 60, 14
"""Characters of a column with long texts, and of others."""

LONG = 24
"""From so many characters on a text wants the wide column."""

OPTIONS = {
    "in_memory": True,
    # What somebody typed is text, whatever it looks like.
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

Rows = list[list[list[Any]]]


def workbook(data: dict[str, Any]) -> bytes:
    """The bytes of a workbook. ``data`` is what ``tables.workbook_data`` says."""
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, OPTIONS) as book:
        made = datetime.fromisoformat(data["made"])
        book.set_properties({"title": data["title"], "author": "Merilo", "created": made})
        formats = _formats(book)
        for sheet in data["sheets"]:
            _write(book.add_worksheet(sheet["name"]), sheet["rows"], formats)
    return packed.getvalue()


def _formats(book: Workbook) -> dict[str, Format]:
    """“@” keeps a text a text, also when its cell is opened and closed again."""
    return {
        "text": book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
        "number": book.add_format({"num_format": "General", "valign": "top"}),
        "share": book.add_format({"num_format": "0.0%", "valign": "top"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"}),
        "head": book.add_format({"num_format": "@", "bold": True, "bottom": 1, "valign": "top"}),
    }


def _write(sheet: Worksheet, rows: Rows, formats: dict[str, Format]) -> None:
    for column, width in enumerate(_widths(rows)):
        sheet.set_column(column, column, width)
    if _is_table(rows):
        sheet.freeze_panes(1, 0)
    for y, row in enumerate(rows):
        for x, (kind, value) in enumerate(row):
            style = formats["head"] if y == 0 and _is_table(rows) else formats.get(kind)
            _write_cell(sheet, y, x, kind, value, style)


def _write_cell(
    sheet: Worksheet, y: int, x: int, kind: str, value: Any, style: Format | None
) -> None:
    match kind:
        case "text":
            sheet.write_string(y, x, value, style)
        case "number" | "share":
            sheet.write_number(y, x, value, style)
        case "date":
            sheet.write_datetime(y, x, datetime.fromisoformat(value), style)


def _is_table(rows: Rows) -> bool:
    """Whether the first row names the columns."""
    return len(rows[0]) > 2


def _widths(rows: Rows) -> list[int]:
    columns = max(len(row) for row in rows)
    texts = [
        [str(r[c][1]) for r in rows if c < len(r) and r[c][0] == "text"] for c in range(columns)
    ]
    return [WIDTH if any(len(t) > LONG for t in column) else NARROW for column in texts]
