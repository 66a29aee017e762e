"""What each kind of result says, of a section and of the whole. Arithmetic is always shown."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal

from content.model import Benchmark, Edition, Level, Section, Statement
from content.scoring import (
    Gap,
    Score,
    band,
    gaps,
    level_of,
    points_of,
    ranked,
    section_score,
)
from dialogs.comparison import NOT_THE_SAME, Comparison, Row, compare
from dialogs.scenes.kinds import (
    answer_label,
    assessment_before,
    ticked_label,
    value_before,
)
from dialogs.talk import Talk
from dialogs.types import Block, Bullets, Heading, Link, Paragraph, Progress

EXTREMES = 3
"""How many of the strongest and of the weakest are named."""

# --- Results in words ------------------------------------------------------------------------


def score_in_words(talk: Talk, result: Score) -> str:
    """“9 of 12 points, 75 %”; of shares of yes “3 of 5 yes, 60 %”."""
    words = talk.words
    points, maximum = words.number(result.points), words.number(result.maximum)
    percent = words.percent(result.ratio)
    if talk.edition.result == "points":
        return words("{points} of {maximum} points", points=points, maximum=maximum)
    if talk.edition.result == "yes_share":
        return words(
            "yes: {count} of {total}, {percent}", count=points, total=maximum, percent=percent
        )
    return words(
        "{points} of {maximum} points, {percent}", points=points, maximum=maximum, percent=percent
    )


def short_score(talk: Talk, edition: Edition, result: Score) -> str:
    """“75 %”, or “78,5” where the result is in points."""
    if edition.result == "points":
        return talk.words.number(result.points)
    return talk.words.percent(result.ratio)


def level_bar(talk: Talk, result: Score, level: Level) -> Progress:
    """The level as a bar, with its name and the score in words."""
    label = f"{short_score(talk, talk.edition, result)} · {talk.text(level.key)}"
    return Progress(talk.edition.levels.index(level) + 1, len(talk.edition.levels), label)


# --- A section -------------------------------------------------------------------------------


def section_standing(talk: Talk, section: Section, result: Score) -> list[Block]:
    """The section's result; empty where nothing in it is counted."""
    if talk.edition.result == "gap" and not section.optional:
        rows = gaps(section, talk.assessment.values)
        return [Bullets(tuple(gap_line(talk, gap) for gap in rows))] if rows else []
    if not result.maximum:
        return []
    level = level_of(talk.edition, result)
    bar: list[Block] = [level_bar(talk, result, level)] if level else []
    return [*bar, Paragraph(_arithmetic(talk, section, result))]


def _arithmetic(talk: Talk, section: Section, result: Score) -> str:
    """Each statement's points, and their sum."""
    words, values = talk.words, talk.assessment.values
    score = score_in_words(talk, result)
    if talk.edition.result == "yes_share":
        return _sentence(score)
    counted = [s for s in section.statements if s.id in values and s.kind in ("choice", "number")]
    parts = [
        f"{s.id}\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{words.number(points_of(s, values[s.id]))}"
        for s in counted
    ]
    return words("Points: {points}. Together: {score}.", points=", ".join(parts), score=score)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def gap_line(talk: Talk, gap: Gap) -> str:
    """“1.1: yours 4 (Intermediate), required 6 (Advanced), 2 missing”."""
    words, edition = talk.words, talk.edition
    own, required = gap.own, gap.statement.required
    told = words(
        "{statement}: yours {own} ({band}), required {required} ({wanted})",
        statement=gap.statement.id,
        own=own,
        band=talk.text(band(edition, own).key),
        required=required,
        wanted=talk.text(band(edition, required).key),
    )
    if gap.missing <= 0:
        return words("{standing}: reached", standing=told)
    missing = words.plural("{count} level missing", "{count} levels missing", gap.missing)
    return f"{told}: {missing}"


# --- Beside other figures --------------------------------------------------------------------


def compared(talk: Talk, statements: Iterable[Statement]) -> list[Block]:
    """Own values beside last year's and beside the figures that the instrument ships."""
    values = talk.assessment.values
    rows = [s for s in statements if s.id in values and _has_others(talk, s)]
    if not rows:
        return []
    lead = talk.words("Beside it:")
    if any(s.benchmarks for s in rows):
        lead = f"{lead} {talk.text('figures')}"
    return [Paragraph(lead), Bullets(tuple(_comparison(talk, s) for s in rows))]


def _has_others(talk: Talk, statement: Statement) -> bool:
    return bool(statement.benchmarks) or _last_year(talk, statement) is not None


def _comparison(talk: Talk, statement: Statement) -> str:
    own = answer_label(talk, statement.id, talk.assessment.values[statement.id])
    parts = [f"{statement.id}: {own}", *_since_last_year(talk, statement)]
    return " · ".join([*parts, *_figures(talk, statement)])


def _figures(talk: Talk, statement: Statement) -> list[str]:
    """“2022 – 65 %, 2023 – 69 %”; what we worked out ourselves apart, and said to be so."""
    published = [row for row in statement.benchmarks if not row.computed]
    computed = [row for row in statement.benchmarks if row.computed]
    parts = [", ".join(_figure(talk, row) for row in published)] if published else []
    if computed:
        own = ", ".join(_figure(talk, row) for row in computed)
        parts.append(talk.words("{figure} (computed by Merilo)", figure=own))
    return parts


def _figure(talk: Talk, row: Benchmark) -> str:
    words, value = talk.words, row.value
    shown = words.percent(float(value) / 100) if row.unit == "percent" else words.number(value)
    return f"{row.year} – {shown}"


def _since_last_year(talk: Talk, statement: Statement) -> list[str]:
    before = _last_year(talk, statement)
    if before is None:
        return []
    change = Decimal(talk.assessment.values[statement.id]) - before
    last, words = talk.words.number(before), talk.words
    if not change:
        return [words("last time {value}, the same", value=last)]
    by = words.number(abs(change))
    if change > 0:
        return [words("last time {value}, {change} more now", value=last, change=by)]
    return [words("last time {value}, {change} less now", value=last, change=by)]


def _last_year(talk: Talk, statement: Statement) -> Decimal | None:
    """Typed in by the person, or else taken from the assessment before."""
    if statement.kind != "number" or statement.previous_of:
        return None
    values = talk.assessment.values
    asking = [s.id for s in talk.edition.statements.values() if s.previous_of == statement.id]
    typed = [values[id_] for id_ in asking if id_ in values]
    return Decimal(typed[0]) if typed else value_before(talk, statement.id)


# --- The whole -------------------------------------------------------------------------------


def whole(talk: Talk, result: Score) -> list[Block]:
    """The overall result, in the order in which somebody would tell it."""
    return [
        *standing(talk, result),
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


def particulars(talk: Talk, result: Score) -> list[Block]:
    told = WHOLES.get(talk.edition.result)
    return told(talk, result) if told else []


def overall_standing(talk: Talk, result: Score) -> list[Block]:
    if not result.maximum:
        return []
    told, level = score_in_words(talk, result), level_of(talk.edition, result)
    if level is None:
        return [Paragraph(_sentence(told))]
    meaning = f" {talk.text(f'{level.key}/meaning')}" if level.has_meaning else ""
    return [level_bar(talk, result, level), Paragraph(f"{told}.{meaning}")]


def _by_section(talk: Talk, result: Score) -> list[Block]:
    """Each section's result, with what has changed since the assessment before."""
    if not result.maximum:
        return []
    words, found = talk.words, _since_before(talk)
    lead = words("By section:")
    if found:
        day = words.date(found.earlier.started)
        lead = words("By section, beside your assessment of {date}:", date=day)
    sections = [s for s in talk.edition.sections if not s.optional]
    lines = (_section_line(talk, section, found) for section in sections)
    return [
        Paragraph(lead),
        Bullets(tuple(lines)),
        *_not_compared(talk, found),
        *_extremes(talk),
    ]


def _since_before(talk: Talk) -> Comparison | None:
    """What has changed since the assessment before, if there is one."""
    before = assessment_before(talk)
    return compare(talk.world.library, before, talk.assessment) if before else None


def _not_compared(talk: Talk, found: Comparison | None) -> list[Block]:
    count = len(found.having(*NOT_THE_SAME)) if found else 0
    if not count:
        return []
    told = talk.words.plural(
        "{count} statement is not the same in both editions and is left out of this comparison.",
        "{count} statements are not the same in both editions and are left out of this comparison.",
        count,
    )
    return [Paragraph(told)]


def _section_line(talk: Talk, section: Section, found: Comparison | None) -> str:
    words, result = talk.words, section_score(talk.edition, section, talk.assessment.values)
    title = f"{talk.edition.number_of(section)} {talk.text(section.key)}"
    if not result.maximum:
        return words("{title}: not answered yet", title=title)
    level = level_of(talk.edition, result)
    named = [talk.text(level.key)] if level else []
    told = f"{title}: {score_in_words(talk, result)}"
    return " · ".join([told, *named, *_section_change(talk, section, found)])


def _section_change(talk: Talk, section: Section, found: Comparison | None) -> list[str]:
    """Whether the section rose or fell, going by what can be compared."""
    part = found.part(section.id) if found else None
    if part is None or not part.before.maximum or not part.after.maximum:
        return []
    return [_change(talk, part.before.ratio, part.after.ratio)]


def _change(talk: Talk, before: float, now: float) -> str:
    words, percent = talk.words, talk.words.percent(before)
    if round(before, 3) == round(now, 3):
        return words("as before")
    if now > before:
        return words("rose from {percent}", percent=percent)
    return words("fell from {percent}", percent=percent)


def _extremes(talk: Talk) -> list[Block]:
    if talk.edition.highlight == "statements":
        return _extreme_statements(talk)
    return _extreme_sections(talk)


def _extreme_sections(talk: Talk) -> list[Block]:
    """The strongest and the weakest sections, at most three each and none in both; nothing where
    all are equal."""
    words, rows = talk.words, ranked(talk.edition, talk.assessment.values)
    count = min(EXTREMES, len(rows) // 2)
    high, low = rows[0][1].ratio, rows[-1][1].ratio
    best = [talk.text(section.key) for section, score in rows[:count] if score.ratio > low]
    worst = [talk.text(section.key) for section, score in rows[::-1][:count] if score.ratio < high]
    if not best or not worst:
        return []
    return [
        Paragraph(words("Strongest: {sections}.", sections="; ".join(best))),
        Paragraph(words("Weakest: {sections}.", sections="; ".join(worst))),
    ]


def _extreme_statements(talk: Talk) -> list[Block]:
    """The surest statements, and the least sure ones with a tip each."""
    words, values = talk.words, talk.assessment.values
    rows = [s for s in talk.edition.statements.values() if s.kind == "choice" and s.id in values]
    by_points = sorted(rows, key=lambda s: -points_of(s, values[s.id]))
    best = [s for s in by_points if points_of(s, values[s.id]) == s.scale.top][:EXTREMES]
    weak = [s for s in by_points[::-1] if points_of(s, values[s.id]) < s.scale.top][:EXTREMES]
    blocks: list[Block] = []
    if best:
        blocks += [Paragraph(words("Your strengths:")), _texts(talk, best)]
    if weak:
        blocks += [Paragraph(words("To work on:")), _texts(talk, weak, with_tip=True)]
    return blocks


def _texts(talk: Talk, statements: list[Statement], *, with_tip: bool = False) -> Bullets:
    values = talk.assessment.values
    lines = []
    for s in statements:
        tips = s.tips_for(values[s.id])[:1] if with_tip else []
        lines.append(" → ".join([f"{s.id} {talk.text(s.key)}", *(talk.text(t.key) for t in tips)]))
    return Bullets(tuple(lines))


def _compared_by_section(talk: Talk, _: Score) -> list[Block]:
    """Points beside last year's and the national ones."""
    return compared(talk, talk.edition.statements.values())


def _yes_and_no(talk: Talk, result: Score) -> list[Block]:
    """By section, and beside the national figures."""
    return [*_by_section(talk, result), *_compared_by_section(talk, result)]


def _gap_table(talk: Talk, _: Score) -> list[Block]:
    """Own and required level of each competence, and what to learn next."""
    words, values = talk.words, talk.assessment.values
    rows = [gap for section in talk.edition.sections for gap in gaps(section, values)]
    if not rows:
        return []
    found = _since_before(talk)
    moved = {row.statement: row for row in found.having("rose", "fell")} if found else {}
    lines = tuple(_gap_row(talk, gap, moved.get(gap.statement.id)) for gap in rows)
    blocks: list[Block] = [Paragraph(words("Your level beside the required one:")), Bullets(lines)]
    most = sorted((g for g in rows if g.missing > 0), key=lambda g: -g.missing)[:EXTREMES]
    if not most:
        return [*blocks, Paragraph(words("You reach every required level."))]
    learn = _texts(talk, [gap.statement for gap in most], with_tip=True)
    return [*blocks, Paragraph(words("What to learn next:")), learn]


def _gap_row(talk: Talk, gap: Gap, moved: Row | None) -> str:
    """The line of the table, with what has changed since the assessment before."""
    if moved is None or moved.before is None:
        return gap_line(talk, gap)
    last = answer_label(talk, gap.statement.id, moved.before)
    then = talk.words("last time: {answer}", answer=last)
    return f"{gap_line(talk, gap)} · {then}"


WHOLES: Mapping[str, Callable[[Talk, Score], list[Block]]] = {
    "percentage": _by_section,
    "points": _compared_by_section,
    "yes_share": _yes_and_no,
    "gap": _gap_table,
}


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
