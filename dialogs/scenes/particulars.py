"""What each kind of result tells of the whole beyond its score: sections, extremes, gaps."""

from collections.abc import Callable, Mapping

from content.model import Section, Statement
from content.scoring import (
    Gap,
    Score,
    gaps,
    level_of,
    points_of,
    ranked,
    section_score,
)
from dialogs.comparison import NOT_THE_SAME, Comparison, Row, compare
from dialogs.scenes.figures import compared
from dialogs.scenes.kinds import (
    answer_label,
    assessment_before,
)
from dialogs.scenes.scores import gap_line, score_in_words
from dialogs.talk import Talk
from dialogs.types import Block, Bullets, Paragraph

EXTREMES = 3
"""How many of the strongest and of the weakest are named."""


def particulars(talk: Talk, result: Score) -> list[Block]:
    """What that kind of result tells beyond the score; empty where it is all."""
    told = WHOLES.get(talk.edition.result)
    return told(talk, result) if told else []


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
    others = sorted(rows[len(best) :], key=lambda row: row[1].ratio)
    worst = [talk.text(section.key) for section, score in others[:count] if score.ratio < high]
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
