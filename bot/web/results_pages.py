"""The page of one assessment: its result, a picture, every answer, and files to take away."""

from collections.abc import Iterable, Iterator
from datetime import date

from bot.reports.document import cover_facts, points_told
from bot.reports.tables import Cell, Share, plan_table
from bot.web.elements import Node, document, element, head, link, listed
from dialogs.charts import WHOLE
from dialogs.scenes.files import CHART, REPORT, Wanted, labels, page_path
from dialogs.summary import Entry, Part, Summary
from dialogs.types import Block, Bullets, Chart, Heading, Link, Paragraph, Progress
from locales import LANGUAGES, Words, words_in


def result(told: Summary) -> str:
    words = words_in(told.language)
    article = element(
        "article",
        element("h1", told.title),
        _facts(told, words),
        element("h2", words("Summary")),
        *_pictures(told.code, WHOLE, told.language, told.chart),
        *_blocks(told.standing),
        *_blocks(told.next),
        *_file_list(told, words),
        element("h2", words("How it was counted")),
        element("p", told.scoring),
        *_draft(told, words),
        *(node for part in told.parts for node in _part(part, words)),
        *_plan(told, words),
        *_comparison(told),
        *_sources(told, words),
        **{"class": "message"},
    )
    body = element(
        "body", _bar(told, words), element("main", article, **{"class": "reading results"})
    )
    return document(_head(f"{told.title} · Merilo"), body, told.language)


def missing(words: Words) -> str:
    """For a stranger, and for what is no longer kept."""
    told = words(
        "It is no longer kept, or it belongs to another browser. Your own results are in the chat."
    )
    return _notice(words("This result is not here"), told, words)


def refusal(message: str, words: Words, code: str) -> str:
    """Why there is no file, and the way back to its result; ``code`` is empty where there is none."""
    back = f"{page_path(code)}?language={words.language}" if code else ""
    return _notice(words("There is no file"), message, words, back)


def not_read(message: str, words: Words) -> str:
    """The result cannot be read just now."""
    return _notice(words("This result cannot be shown"), message, words)


def _notice(title: str, told: str, words: Words, back: str = "") -> str:
    ways = [link(words("Back to the result"), back)] if back else []
    article = element(
        "article",
        element("h1", title),
        element("p", told),
        *(element("p", way) for way in (*ways, link(words("To the chat"), "/"))),
        **{"class": "message"},
    )
    body = element("body", element("main", article, **{"class": "reading results"}))
    return document(_head(f"{title} · Merilo"), body, words.language)


def _head(title: str) -> Node:
    return head(title, "chat", "guide", "results")


def _bar(told: Summary, words: Words) -> Node:
    """Back to the chat, and the same page in the other languages."""
    path = page_path(told.code)
    others = [
        link(name, f"{path}?language={code}", lang=code, hreflang=code)
        for code, name in LANGUAGES.items()
        if code != told.language
    ]
    home = link(words("To the chat"), "/", **{"class": "home"})
    ways = element("nav", home, *others, **{"aria-label": words("Language")})
    return element("header", ways, **{"class": "bar"})


def _facts(told: Summary, words: Words) -> Node:
    rows = element("dl", **{"class": "facts"})
    for fact in cover_facts(told, words):
        row = element("div", element("dt", fact["label"]), element("dd", fact["text"]))
        rows.append(row)
    return rows


def _file_list(told: Summary, words: Words) -> list[Node]:
    files = [
        link(label, _file(REPORT, told.code, format_, told.language))
        for format_, label in labels(words).items()
    ]
    heading = element("h2", words("Report and files"))
    return [element("section", heading, listed(files), **{"class": "files"})]


def _file(kind: str, code: str, part: str, language: str) -> str:
    return f"/documents/{Wanted(kind, code, part, language).name}"


def _pictures(code: str, part: str, language: str, chart: Chart | None) -> list[Node]:
    if chart is None:
        return []
    source = _file(CHART, code, part, language)
    return [element("img", src=source, alt=chart.words, **{"class": "picture"})]


# --- Tables ----------------------------------------------------------------------------------


def _table(caption: str, first: Iterable[Cell], rows: Iterable[list[Cell]], words: Words) -> Node:
    names = [element("th", _text(name, words), scope="col") for name in first]
    body = element("tbody")
    for label, *cells in rows:
        values = [element("td", _text(cell, words)) for cell in cells]
        body.append(element("tr", element("th", _text(label, words), scope="row"), *values))
    table = element(
        "table", element("caption", caption), element("thead", element("tr", *names)), body
    )
    return element("div", table, tabindex="0", role="region", **_scrolling(caption))


def _scrolling(caption: str) -> dict[str, str]:
    """A table wider than the screen moves by itself, with the keyboard too."""
    return {"class": "wide", "aria-label": caption}


def _text(cell: Cell, words: Words) -> str:
    match cell:
        case None:
            return "–"
        case str():
            return cell
        case Share(ratio):
            return words.percent(float(ratio))
        case date():
            return words.date(cell)
        case int():
            return words.number(cell)
        case _:
            return str(cell)


def _part(part: Part, words: Words) -> list[Node]:
    """A section: its result in words, and a table of its answers."""
    names = [
        element("th", words("Statement"), scope="col"),
        element("th", words("Answer"), scope="col"),
    ]
    rows = element("tbody", *(_row(entry, words) for entry in part.entries))
    table = element(
        "table",
        element("caption", part.title, **{"class": "unseen"}),
        element("thead", element("tr", *names)),
        rows,
        **{"class": "answers"},
    )
    return [element("h2", part.title), *_blocks(part.standing), table, *_tips(part, words)]


def _tips(part: Part, words: Words) -> Iterator[Node]:
    """Below the table, with the number of the statement that each belongs to."""
    told = [f"{entry.id} {tip}" for entry in part.entries for tip in entry.tips]
    if told:
        yield element("h3", words("Tips"))
        yield element("ul", *(element("li", tip) for tip in told), **{"class": "tips"})


def _row(entry: Entry, words: Words) -> Node:
    told = " · ".join(part for part in (entry.answer, points_told(entry, words)) if part)
    answer = element("td", element("span", told))
    if entry.items:
        marked = [f"{'☑' if item.ticked else '☐'} {item.text}" for item in entry.items]
        answer.append(listed(marked))
    statement = element("th", element("span", f"{entry.id} {entry.text}"), scope="row")
    if entry.note:
        said = words("Your note: {note}", note=entry.note)
        answer.append(element("p", said, dir="auto", **{"class": "note"}))
    return element("tr", statement, answer)


# --- Texts -----------------------------------------------------------------------------------


def _draft(told: Summary, words: Words) -> list[Node]:
    if not told.draft:
        return []
    made = [element("h2", words("The yearly report, part by part"))]
    for one in told.draft:
        text = (
            one.text if one.written else f"{words('Still to write. What belongs here:')} {one.text}"
        )
        made += [element("h3", one.title), element("p", text, dir="auto")]
    return made


def _plan(told: Summary, words: Words) -> list[Node]:
    if not told.plan:
        return []
    first, *rows = plan_table(told)
    return [element("h2", words("Plan")), _table(words("Plan"), first, rows, words)]


def _comparison(told: Summary) -> list[Node]:
    if told.comparison is None:
        return []
    return [element("h2", told.comparison.title), *_blocks(told.comparison.blocks)]


def _sources(told: Summary, words: Words) -> list[Node]:
    if not told.sources:
        return []
    return [
        element("h2", words("Sources")),
        listed(link(source.text, source.url, rel="noopener noreferrer") for source in told.sources),
    ]


def _blocks(blocks: Iterable[Block]) -> list[Node]:
    return [_block(block) for block in blocks]


def _block(block: Block) -> Node:
    match block:
        case Heading(text):
            return element("h3", text)
        case Paragraph(text):
            return element("p", text)
        case Bullets(items):
            return listed(items)
        case Progress(_, _, label):
            return element("p", label, **{"class": "level"})
        case Link(text, url):
            return element("p", link(text, url))
        case _:
            raise TypeError(f"a result has no block of the kind {type(block).__name__}")
