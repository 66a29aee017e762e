"""What a result says, of a section and of the whole, in the order in which somebody would tell it."""

from datetime import date

from content.model import Section, Statement
from content.scoring import (
    Score,
    gaps,
    level_of,
)
from dialogs.scenes.kinds import (
    ticked_label,
)
from dialogs.scenes.particulars import particulars
from dialogs.scenes.scores import arithmetic, as_sentence, gap_line, level_bar, score_in_words
from dialogs.talk import Talk
from dialogs.types import Block, Bullets, Heading, Link, Paragraph


def section_standing(talk: Talk, section: Section, result: Score) -> list[Block]:
    """The section's result; empty where nothing in it is counted."""
    if talk.edition.result == "gap" and not section.optional:
        rows = gaps(section, talk.assessment.values)
        return [Bullets(tuple(gap_line(talk, gap) for gap in rows))] if rows else []
    if not result.maximum:
        return []
    level = level_of(talk.edition, result)
    bar: list[Block] = [level_bar(talk, result, level)] if level else []
    return [*bar, Paragraph(arithmetic(talk, section, result))]


def whole(talk: Talk, result: Score) -> list[Block]:
    """The overall result, in the order in which somebody would tell it."""
    return [
        *standing(talk, result),
        Heading(talk.words("How it was counted")),
        Paragraph(talk.text("scoring")),
        *deadline(talk),
        *draft(talk),
        *(Link(talk.text(link.key), link.url) for link in talk.edition.links),
        *what_next(talk, result),
    ]


def standing(talk: Talk, result: Score) -> list[Block]:
    """The result itself, with its particulars."""
    return [*overall_standing(talk, result), *particulars(talk, result), *checklists(talk)]


def to_come(talk: Talk, result: Score) -> list[Block]:
    """What is to be done now."""
    return [*deadline(talk), *what_next(talk, result)]


def overall_standing(talk: Talk, result: Score) -> list[Block]:
    if not result.maximum:
        return []
    told, level = score_in_words(talk, result), level_of(talk.edition, result)
    if level is None:
        return [Paragraph(as_sentence(told))]
    meaning = f" {talk.text(f'{level.key}/meaning')}" if level.has_meaning else ""
    return [level_bar(talk, result, level), Paragraph(f"{told}.{meaning}")]


def checklists(talk: Talk) -> list[Block]:
    """How much of each checklist is ticked."""
    values = talk.assessment.values
    lists = [s for s in talk.edition.statements.values() if s.kind == "checklist"]
    lines = [f"{s.id}: {ticked_label(talk, s, values[s.id])}" for s in lists if s.id in values]
    return [Paragraph(talk.words("Checklists:")), Bullets(tuple(lines))] if lines else []


def deadline(talk: Talk) -> list[Block]:
    """How long it is to the next yearly deadline."""
    if talk.edition.due is None:
        return []
    words, today = talk.words, talk.world.now.date()
    due = next_day(today, *talk.edition.due)
    left = words.plural(
        "The report is due on {date}: {count} day is left.",
        "The report is due on {date}: {count} days are left.",
        (due - today).days,
        date=words.date(due),
    )
    return [Paragraph(left)]


def next_day(today: date, month: int, day: int) -> date:
    """The next such day of a year, today included."""
    this_year = date(today.year, month, day)
    return this_year if today <= this_year else date(today.year + 1, month, day)


def draft(talk: Talk) -> list[Block]:
    """The texts in their order, and what belongs into those not yet written."""
    parts = [s for s in talk.edition.statements.values() if s.kind == "text"]
    if not parts:
        return []
    lead = talk.words("Your texts, in the order of the report:")
    return [Paragraph(lead), *(block for s in parts for block in _part(talk, s))]


def _part(talk: Talk, statement: Statement) -> list[Block]:
    written = talk.assessment.values.get(statement.id)
    missing = talk.words("(still to write) {advice}", advice=talk.text(statement.why_key))
    return [Heading(talk.text(statement.key)), Paragraph(written or missing)]


def what_next(talk: Talk, result: Score) -> list[Block]:
    """For percentages, where the other kinds of result name what comes next by themselves."""
    words = talk.words
    if talk.edition.result != "percentage" or not result.maximum:
        return []
    if result.points == result.maximum:
        return [Paragraph(words("What next: keep it so, and look again in a year."))]
    if talk.edition.highlight == "statements":
        return [
            Paragraph(
                words("What next: take one of these tips this week, and look again in a year.")
            )
        ]
    advice = words(
        "What next: choose one weak section, take one tip from it this week, "
        "and look again in a year."
    )
    return [Paragraph(advice)]
