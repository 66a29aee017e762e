"""Own values beside last year's, and beside the figures that the instrument ships."""

from collections.abc import Iterable
from decimal import Decimal

from content.model import Benchmark, Statement
from dialogs.scenes.kinds import (
    answer_label,
    value_before,
)
from dialogs.talk import Talk
from dialogs.types import Block, Bullets, Paragraph


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
