"""A summary as the data that the templates read: texts, flags and numbers, and nothing to evaluate."""

from dataclasses import asdict, replace
from typing import Any
from unicodedata import bidirectional

from dialogs.summary import Chapter, Entry, Part, Planned, Summary
from dialogs.types import Block, Chart
from locales import Words, words_in

Json = dict[str, Any]

DIGITS = 12
"""Of an edition's digest: enough to tell editions apart."""


def chart_data(chart: Chart, language: str) -> Json:
    return {**asdict(chart), "words": chart.words, "language": language}


def report_data(summary: Summary) -> Json:
    """Everything that ``report.typ`` shows."""
    words = words_in(summary.language)
    return {
        "language": summary.language,
        "title": summary.title,
        "day": [summary.made.year, summary.made.month, summary.made.day],
        "begun": words("Begun: {date}", date=words.date(summary.started)),
        "labels": _labels(words),
        "facts": cover_facts(summary, words),
        "scoring": summary.scoring,
        "standing": _blocks(summary.standing),
        "chart": _chart(summary.chart, summary.language),
        "next": _blocks(summary.next),
        "draft": [{**asdict(one), "text": prose(one.text)} for one in summary.draft],
        "parts": [_part(part, words) for part in summary.parts],
        "plan": [_step(step, words) for step in summary.plan],
        "comparison": _chapter(summary.comparison),
        "sources": [asdict(source) for source in summary.sources],
        "colophon": _colophon(summary, words),
    }


def prose(text: str) -> Json:
    """A text that somebody typed, and whether it runs from right to left."""
    strong = (bidirectional(character) for character in text)
    first = next((kind for kind in strong if kind in ("L", "R", "AL")), "L")
    return {"text": text, "rtl": first != "L"}


def block_data(block: Block) -> Json:
    """``Progress(1, 4, "1 of 4")`` is of the kind ``progress``, its fields by their own names."""
    return {"kind": type(block).__name__.lower(), **asdict(block)}


def _blocks(blocks: tuple[Block, ...]) -> list[Json]:
    return [block_data(block) for block in blocks]


def _chart(chart: Chart | None, language: str) -> Json | None:
    return chart_data(chart, language) if chart else None


def cover_facts(summary: Summary, words: Words) -> list[Json]:
    """The cover's lines."""
    finished = words.date(summary.finished) if summary.finished else words("not finished yet")
    facts = {
        words("Begun"): words.date(summary.started),
        words("Finished"): finished,
        words("Answered"): words(
            "{count} of {total} statements", count=summary.answered, total=summary.total
        ),
        words("Edition"): words(
            "{number} ({digest})",
            number=words.number(summary.number),
            digest=summary.edition[:DIGITS],
        ),
        words("Report made"): words.date(summary.made),
    }
    return [{"label": label, "text": text} for label, text in facts.items()]


def _part(part: Part, words: Words) -> Json:
    return {
        "title": part.title,
        "intro": part.intro,
        # What the lines in a bar mean stands once, in the summary.
        "chart": _chart(part.chart and replace(part.chart, legend=""), words.language),
        "standing": _blocks(part.standing),
        "entries": [_entry(entry, words) for entry in part.entries],
    }


def _entry(entry: Entry, words: Words) -> Json:
    return {
        "id": entry.id,
        "text": entry.text,
        "answer": prose(entry.answer),
        "points": points_told(entry, words),
        "items": [asdict(item) for item in entry.items],
        "note": prose(entry.note) if entry.note else None,
        "tips": list(entry.tips),
    }


def points_told(entry: Entry, words: Words) -> str:
    """“2 of 3 points”; nothing where they are not counted, or say no more than yes and no."""
    if entry.points is None or entry.maximum is None or not entry.counted or entry.maximum <= 1:
        return ""
    points, maximum = words.number(entry.points), words.number(entry.maximum)
    return words("{points} of {maximum} points", points=points, maximum=maximum)


def _step(step: Planned, words: Words) -> Json:
    note = prose(step.note) if step.note else None
    due = words.date(step.due) if step.due else ""
    return {"text": prose(step.text), "due": due, "state": step.state, "note": note}


def _chapter(chapter: Chapter | None) -> Json | None:
    return {"title": chapter.title, "blocks": _blocks(chapter.blocks)} if chapter else None


def _colophon(summary: Summary, words: Words) -> list[str]:
    edition = words("Edition of the instrument: {digest}", digest=summary.edition)
    signs = words(
        "Signs that the report's letters lack, such as some emoji, stand as their English name in brackets."
    )
    return [edition, signs]


def _labels(words: Words) -> Json:
    return {
        "report": words("Self-assessment report"),
        "scoring": words("How it was counted"),
        "contents": words("Contents"),
        "summary": words("Summary"),
        "draft": words("The yearly report, part by part"),
        "unwritten": words("Still to write. What belongs here:"),
        "answer": words("Answer"),
        "note": words("Note"),
        "tips": words("Tips"),
        "plan": words("Plan"),
        "step": words("Step"),
        "due": words("Date"),
        "state": words("State"),
        "sources": words("Sources"),
        "made-by": words("Made by Merilo from the answers of the person who was asked."),
    }
