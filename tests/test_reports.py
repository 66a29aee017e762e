"""What a report holds: every text of an assessment, in every language, in every kind of file."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import openpyxl
import pypdf
import pytest
import typst

from bot.reports import letters, tables
from bot.reports.document import report_data
from bot.reports.spreadsheet import workbook
from bot.reports.worker import TEMPLATES, Typesetter
from content.library import Library
from content.model import Statement
from dialogs.scenes.findings import tips_shown
from dialogs.summary import Chapter, Planned, Summary, summary
from dialogs.types import Answer, Assessment, Bullets, Paragraph, PlanStep
from tests.chat import NOON, edition, library

INSTRUMENTS = ("occay", "cpo", "cipo", "counsellor", "digital-profile", "social-media")
LANGUAGES = ("bg", "lv", "en")
LONG = ("Дълга бележка за всичко, което не бива да се губи в края на реда. " * 9)[:500]
MARKUP = "#panic() $x$ *b* _i_ \\u{41} <a> @ref `raw` // gone? https://example.org/" + "a" * 90
NOTES = (MARKUP, "x" * 500, "one\ntwo\n\nthree", "שלום עולם", "=1+1", LONG)


def value(statement: Statement, step: int) -> str:
    """Some answer, another one for each step."""
    match statement.kind:
        case "choice":
            return statement.scale.options[step % len(statement.scale.options)].id
        case "number":
            return str(int(statement.maximum) - step % 3)
        case "text":
            return f"{LONG[:300]} {statement.id}"
        case _:
            return ",".join(statement.items[: step % (len(statement.items) + 1)])


def assessment(name: str, *, notes: bool = True) -> Assessment:
    """Everything answered, with a note on each statement."""
    content = edition(name)
    answers = {
        id_: Answer(value(statement, step), NOTES[step % len(NOTES)] if notes else "")
        for step, (id_, statement) in enumerate(content.statements.items())
    }
    return Assessment("code1234", name, content.digest, NOON, NOON, answers)


def told(name: str, language: str, own: Assessment | None = None) -> Summary:
    own = own or assessment(name)
    return summary(library(name), {own.code: own}, own.code, language, NOON, 1)


@cache
def pdf(name: str, language: str) -> bytes:
    return Typesetter("report.typ").pdf(report_data(told(name, language)))


Piece = tuple[str, float, float]
"""A text, and the place where it begins, in points from the lower left of its page."""


def words_of(content: bytes) -> str:
    """The text of all pages, without what lines and pages do to it: breaks, their places, headers."""
    return squeezed("".join(_body(page) for page in written(content)))


def _body(page: list[Piece]) -> str:
    """What stands on a page between its header and its footer."""
    return "".join(text for text, _, y in page if 55 < y < 785)


@cache
def written(content: bytes) -> list[list[Piece]]:
    """What stands on each page. Reading it takes several times as long as typesetting it."""
    return [_pieces(page) for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def _pieces(page: pypdf.PageObject) -> list[Piece]:
    found: list[Piece] = []

    def take(text: str, cm: list[float], tm: list[float], *_: Any) -> None:
        x, y = tm[4], tm[5]
        place = (x * cm[0] + y * cm[2] + cm[4], x * cm[1] + y * cm[3] + cm[5])
        found.append((text, *place))

    page.extract_text(visitor_text=take)
    return found


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u00ad\u200b-\u200f\u2060]+", "", text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", INSTRUMENTS)
def test_pdf__has_every_statement_answer_note_and_tip(name: str, language: str) -> None:
    content, text = edition(name), words_of(pdf(name, language))
    own = assessment(name)
    wanted = {content.text("title", language), content.text("scoring", language)}
    for section in content.sections:
        tips = tips_shown(content, section, own.values)
        wanted |= {content.text(tip.key, language) for found in tips.values() for tip in found}
        for statement in section.statements:
            wanted |= set(_texts(statement, own, language))
    wanted |= {content.text(link.key, language) for link in content.links}
    missing = [one for one in wanted if squeezed(one) not in text]
    assert missing == []


def _texts(statement: Statement, own: Assessment, language: str) -> Iterator[str]:
    content, given = edition(own.instrument), own.answers[statement.id]
    yield content.text(statement.key, language)
    if statement.kind == "text":
        yield given.value or ""
        return  # its note belongs to the draft, see below
    if statement.kind == "choice":
        yield content.text(statement.scale.by_id[given.value or ""].key, language)
    if "שלום" not in given.note:  # a reader of PDF may put these in another order
        yield given.note
    yield from (content.text(statement.item_key(item), language) for item in statement.items)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pdf__is_tagged_and_says_so(language: str) -> None:
    reader = pypdf.PdfReader(io.BytesIO(pdf("occay", language)))
    catalogue: Any = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/StructTreeRoot"]["/K"]
    assert catalogue["/Lang"] == language
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    metadata = catalogue["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert edition("occay").text("title", language) in metadata
    assert {round(float(side)) for side in reader.pages[0].mediabox[2:]} == {595, 842}


def test_pdf__every_font__is_embedded() -> None:
    reader = pypdf.PdfReader(io.BytesIO(pdf("occay", "bg")))
    fonts = [font for page in reader.pages for font in _fonts(page)]
    assert fonts
    for font in fonts:
        [descendant] = font["/DescendantFonts"]
        described = descendant.get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & described.keys()


def _fonts(page: Any) -> list[Any]:
    return [font.get_object() for font in page["/Resources"]["/Font"].values()]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", INSTRUMENTS)
def test_pdf__summary_is_on_one_page_and_nothing_leaves_the_page(name: str, language: str) -> None:
    reader = pypdf.PdfReader(io.BytesIO(pdf(name, language)))
    chapters = [item for item in reader.outline if not isinstance(item, list)]
    numbers = [reader.get_destination_page_number(item) for item in chapters]
    assert numbers[:2] == [1, 2]
    assert _stray(pdf(name, language)) == []


def _stray(content: bytes) -> list[str]:
    """Texts that begin outside of the margins of their page."""
    pieces = [piece for page in written(content) for piece in page if piece[0].strip()]
    return [text for text, x, y in pieces if not (55 < x < 540 and 25 < y < 815)]


def test_pdf__of_the_shortest_assessment() -> None:
    own = Assessment(
        "code1234", "tiny", edition("tiny").digest, NOON, answers={"1.1": Answer("full")}
    )
    content = Typesetter("report.typ").pdf(report_data(told("tiny", "en", own)))
    text = words_of(content)
    assert squeezed("still open") in text
    assert squeezed("not finished yet") in text


def test_pdf__plan_and_comparison__stand_in_it_where_there_are_any() -> None:
    steps = (
        Planned(MARKUP, date(2027, 3, 1), "open", LONG),
        Planned("Do it.", None, "done"),
    )
    blocks = (Paragraph("What rose:"), Bullets(("1.1", "1.2")))
    chapter = Chapter("Beside 2025", blocks, "earlier1", date(2025, 11, 21), ())
    data = report_data(replace(told("tiny", "en", _tiny()), plan=steps, comparison=chapter))
    text = words_of(Typesetter("report.typ").pdf(data))
    for wanted in (MARKUP, LONG, "1 March 2027", "Do it.", "Beside 2025", "What rose:"):
        assert squeezed(wanted) in text


def test_summary__of_a_second_assessment__has_its_plan_and_the_comparison() -> None:
    whole = _second()
    assert [step.text for step in whole.plan] == [MARKUP, "No date"]
    assert [step.due for step in whole.plan] == [NOON.date(), None]
    text = words_of(Typesetter("report.typ").pdf(report_data(whole)))
    wanted = [MARKUP, "2026. gada 21. novembris", edition("tiny").text("1.1", "lv")]
    assert [one for one in wanted if squeezed(one) not in text] == []
    assert whole.comparison
    for block in whole.comparison.blocks:
        told_here = block.items if isinstance(block, Bullets) else [getattr(block, "text", "")]
        assert all(squeezed(one) in text for one in told_here)
    alone = summary(library("tiny"), {"code1234": _tiny()}, "code1234", "lv", NOON, 1)
    assert (alone.comparison, alone.plan) == (None, ())


def _second() -> Summary:
    """Of an assessment a year after another, with one answer that is lower, and a plan."""
    first, second = _tiny(), replace(_tiny(), code="second", started=NOON + timedelta(days=365))
    second = second.with_answer("1.1", Answer("none"))
    steps = {
        "step1": PlanStep("step1", "tiny", "second", "1.1", "1.1/tip/1", MARKUP, NOON, NOON.date()),
        "step2": PlanStep("step2", "tiny", "second", "1.2", "", "No date", NOON, standing="done"),
    }
    shelf = {one.code: one for one in (first, second)}
    return summary(library("tiny"), shelf, "second", "lv", NOON, 1, steps)


def _tiny(note: str = "") -> Assessment:
    answers = {id_: Answer("full", note) for id_ in edition("tiny").order}
    return Assessment("code1234", "tiny", edition("tiny").digest, NOON, answers=answers)


def test_pdf__cpo__has_the_eight_parts_of_the_yearly_report_in_their_order() -> None:
    content, text = edition("cpo"), words_of(pdf("cpo", "bg"))
    parts = [s for s in content.statements.values() if s.kind == "text"]
    places = [text.index(squeezed(content.text(s.key, "bg"))) for s in parts]
    assert len(places) == 8
    assert places == sorted(places)


# --- Letters ---------------------------------------------------------------------------------


def test_every_letter_in_the_table__can_be_shown() -> None:
    """The table was made by asking typst for each; a new release must not take any away."""
    rows = (line.split("-") for line in letters.RANGES.read_text().split())
    text = "".join(chr(n) for a, b in rows for n in range(int(a, 16), int(b, 16) + 1))
    assert len(text) > 7000
    Typesetter("report.typ").pdf(_with_note(" ".join(text)))


def _with_note(note: str) -> dict[str, Any]:
    return report_data(told("tiny", "en", _tiny(note)))


@pytest.mark.parametrize(
    ("note", "shown"),
    [
        ("ok 👍🏽 end", "ok [thumbs up sign] end"),
        ("👨‍👩‍👧", "[man][woman][girl]"),
        ("❤️", "❤"),
        ("你好", "[U+4F60][U+597D]"),
        ("a\x07b\x00c\td", "abc d"),
        ("Zu\u0301lu é ģ ъ", "Zúlu é ģ ъ"),
        ("مرحبا بالعالم", "مرحبا بالعالم"),
    ],
)
def test_letters__that_no_font_has__stand_by_their_names(note: str, shown: str) -> None:
    assert letters.shown({"note": [note]}) == {"note": [shown]}
    Typesetter("report.typ").pdf(_with_note(note))


def test_signs__that_fit_together_badly__are_shown_plainly() -> None:
    """Each is known, but not one on top of the other: the report comes all the same."""
    note = "zalgo h\u0352\u0489\u20e3\u0338\u0e31 \u0915\u094d\u0937"
    assert Typesetter("report.typ").pdf(_with_note(note)).startswith(b"%PDF")


def test_templates__compile_without_a_warning() -> None:
    for template, data in (
        ("report.typ", report_data(told("cpo", "lv"))),
        ("chart.typ", report_data(told("occay", "bg"))["chart"]),
    ):
        compiler = typst.Compiler(TEMPLATES / template, ignore_system_fonts=True)
        given = {"data": json.dumps(letters.shown(data))}
        _, warnings = compiler.compile_with_warnings(sys_inputs=given, format="pdf")
        assert [warning.message for warning in warnings] == []


# --- Charts ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*INSTRUMENTS, "yesno", "points", "gaps"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_chart__is_a_picture_as_wide_as_a_phone_and_told_in_words(name: str, language: str) -> None:
    chart = told(name, language).chart
    assert chart
    for bar in chart.bars:
        assert bar.told in chart.words
        assert 0 <= (bar.ratio or 0) <= 1
    data = report_data(told(name, language))["chart"]
    picture = Typesetter("chart.typ").png(data)
    width, height = (int.from_bytes(picture[at : at + 4], "big") for at in (16, 20))
    assert width == 720
    assert 100 < height < 3 * width


def test_chart__where_nothing_is_counted__is_none() -> None:
    assert told("answers", "en").chart is None
    nothing = Assessment("code1234", "occay", edition("occay").digest, NOON)
    assert told("occay", "en", nothing).chart is None


# --- Tables ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "delimiter", "number"), [("bg", ";", "17,5"), ("en", ",", "17.5")]
)
def test_csv__is_read_as_a_spreadsheet_in_that_language_reads_it(
    language: str, delimiter: str, number: str
) -> None:
    own = assessment("cpo").with_answer("1.1", Answer("17.5", "=1+1"))
    content = tables.csv_file(told("cpo", language, own))
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=delimiter))
    assert {len(row) for row in rows} == {8}
    [area] = [row for row in rows if row[1] == "1.1"]
    assert area[2] == edition("cpo").text("1.1", language)
    assert area[3:7] == [number, number, "20", "'=1+1"]
    asked = [s for s in edition("cpo").statements.values() if s.kind != "text"]
    assert len(rows) == 1 + len(asked) + 8


def test_csv__what_is_ticked__stands_in_words() -> None:
    rows = tables.answers_table(told("counsellor", "lv"))
    [row] = [row for row in rows if row[1] == "L2"]
    ticked = [
        item.text
        for p in told("counsellor", "lv").parts
        for e in p.entries
        if e.id == "L2"
        for item in e.items
        if item.ticked
    ]
    assert ticked
    assert all(text in str(row[3]) for text in ticked)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", " =1", "＝1"])
def test_text__that_a_spreadsheet_might_carry_out__is_inert(text: str) -> None:
    assert tables.inert(text) == f"'{text}"
    assert tables.inert("a" + text) == "a" + text


def test_xlsx__has_texts_numbers_and_dates_of_their_own_kind() -> None:
    own = assessment("cpo").with_answer("1.1", Answer("17.5", "=1+1"))
    data = json.loads(json.dumps(tables.workbook_data(told("cpo", "bg", own))))
    book = openpyxl.load_workbook(io.BytesIO(workbook(data)))
    assert book.sheetnames == ["Отговори", "Резултат", "Годишен доклад"]
    head, *rows = list(book["Отговори"].iter_rows())
    assert [cell.value for cell in head][:4] == ["Раздел", "Номер", "Твърдение", "Отговор"]
    [area] = [row for row in rows if row[1].value == "1.1"]
    assert (area[3].value, area[3].data_type) == (17.5, "n")
    assert (area[6].value, area[6].data_type, area[6].number_format) == ("=1+1", "s", "@")
    facts = {row[0].value: row[1] for row in book["Резултат"].iter_rows() if len(row) > 1}
    assert facts["Начало"].is_date
    assert facts["Начало"].value.date() == NOON.date()
    shares = [row[3].value for row in book["Резултат"].iter_rows() if row[0].value == "Общо"]
    assert 0 < shares[0] <= 1


def test_xlsx__plan_and_comparison__are_tables_with_dates_as_dates() -> None:
    data = json.loads(json.dumps(tables.workbook_data(_second())))
    book = openpyxl.load_workbook(io.BytesIO(workbook(data)))
    assert book.sheetnames[-2:] == ["Plāns", "Salīdzinājums"]
    head, first, second = book["Plāns"].iter_rows()
    assert first[1].is_date
    assert (first[1].value.date(), second[1].value) == (NOON.date(), None)
    head, *rows = book["Salīdzinājums"].iter_rows(values_only=True)
    assert [text.partition(",")[0] for text in head] == [
        *("Numurs", "Apgalvojums", "Izmaiņas", "Atbilde", "Atbilde")
    ]
    tiny = edition("tiny")
    full, none = (tiny.text(f"option/{option}", "lv") for option in ("full", "none"))
    assert rows[0] == ("1.1", tiny.text("1.1", "lv"), "zemāk", full, none)
    assert {row[2] for row in rows[1:]} == {"bez izmaiņām"}


def test_comparison__of_two_editions__says_what_was_added_and_what_is_gone() -> None:
    later = edition("tiny-later")
    answers = {id_: Answer("full") for id_ in later.required}
    second = Assessment("second", "tiny", later.digest, NOON + timedelta(days=1), answers=answers)
    editions = Library([edition("tiny"), later], [later.digest])
    shelf = {"code1234": _tiny(), "second": second}
    told = summary(editions, shelf, "second", "en", NOON, 2)
    table = {str(row[0]): row[2:] for row in tables.comparison_table(told)[1:]}
    given = json.loads(tables.json_file(told))["comparison"]
    assert (given["assessment"], given["begun"]) == ("code1234", NOON.date().isoformat())
    changes = {
        row["id"]: (row["change"], row["before"], row["after"]) for row in given["statements"]
    }
    assert changes.keys() == table.keys()
    gone = [id_ for id_ in edition("tiny").order if id_ not in later.statements]
    new = [id_ for id_ in later.order if id_ not in edition("tiny").statements]
    assert gone or new
    for id_ in gone:
        assert changes[id_] == ("retired", "full", None)
        assert table[id_][0] == "no longer asked"
        assert table[id_][2] is None
    for id_ in new:
        assert changes[id_][0] == "added"
        assert table[id_][1] is None


def test_xlsx__no_cell__is_a_formula_or_a_link() -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(workbook(tables.workbook_data(told("occay", "en", assessment("occay")))))
    )
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == "=1+1" for cell in cells)
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]


def test_json__has_ids_values_and_the_edition() -> None:
    own = assessment("counsellor")
    given = json.loads(tables.json_file(told("counsellor", "bg", own)))
    assert given["edition"] == {"digest": edition("counsellor").digest, "number": 1}
    assert given["instrument"]["id"] == "counsellor"
    found = {s["id"]: s for section in given["sections"] for s in section["statements"]}
    assert {id_: s["value"] for id_, s in found.items()} == dict(own.values)
    assert found["C2"]["note"] == own.note("C2")
    assert given["comparison"] is None


def test_json__dates_of_the_plan__are_dates() -> None:
    given = json.loads(tables.json_file(_second()))
    assert [step["date"] for step in given["plan"]] == [NOON.date().isoformat(), None]
    assert given["comparison"]["statements"][0] == {
        "id": "1.1",
        "change": "fell",
        "before": "full",
        "after": "none",
    }
