"""Rules that need the whole instrument: each yields the language and key of a text, and what to do.

They look at the model of the edition, so that nothing is judged that people would not meet.
"""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from content import plain
from content.model import Edition, Statement
from content.reach import unreachable
from content.scoring import COUNTED
from content.sizes import too_long_labels
from content.values import NUMBER_LENGTH, is_value, number_value

Found = Iterator[tuple[str, str, str]]


def broken(edition: Edition) -> Found:
    """Everything that is wrong. Texts may be missing in languages other than English."""
    yield from _texts(edition)
    yield from too_long_labels(edition)
    yield from _scoring(edition)
    for statement in edition.statements.values():
        yield from _scales(statement)
        yield from _condition(edition, statement)
        for tip in unreachable(edition.result, statement):
            yield "en", tip.key, "no answer leads to this tip: change its “for”, or remove it"


def _texts(edition: Edition) -> Found:
    """Markup, hidden characters, and placeholders that differ from the English ones."""
    english = edition.texts["en"]
    for language, texts in edition.texts.items():
        for key, text in texts.items():
            for told in plain.faults(text):
                yield language, key, told
            wanted, there = plain.placeholders(english[key]), plain.placeholders(text)
            if wanted != there:
                told = f"its placeholders are {_listed(there)}, in English {_listed(wanted)}"
                yield language, key, f"{told}: make them the same"


def _listed(names: list[str]) -> str:
    return ", ".join(names) or "none"


def _scoring(edition: Edition) -> Found:
    """A result that nothing counts for, and levels in points that nobody can reach."""
    kind = COUNTED.get(edition.result)
    required = [s for s in edition.statements.values() if not s.optional]
    if kind and not any(s.kind == kind for s in required):
        told = (
            f"a result in {edition.result} counts statements of kind {kind}: there is none, add one"
        )
        yield "en", "scoring", told
    if edition.result == "points":
        most = sum((s.maximum for s in required if s.kind == "number"), Decimal(0))
        for level in edition.levels:
            if (level.from_points or 0) > most:
                told = f"it begins at {level.from_points} points, and {most} are the most: lower it"
                yield "en", level.key, told
    if edition.result == "gap" and not edition.levels:
        yield "en", "scoring", "a result in gaps names levels: add “levels”"


def _scales(statement: Statement) -> Found:
    """Points that don't rise with the answers, and a requirement that no answer meets."""
    points = [option.points for option in statement.scale.options]
    if points and (points != sorted(points, reverse=True) or points[0] <= points[-1]):
        told = (
            "the points of its scale must fall from the first answer to the last: put them in order"
        )
        yield "en", statement.key, told
    if points and min(points) < 0:
        yield "en", statement.key, "an answer of its scale counts less than 0: begin at 0"
    if points and statement.required not in (0, *points):
        told = f"no answer counts {statement.required}, which is “required”: use one of its points"
        yield "en", statement.key, told
    bounds = (statement.minimum, statement.maximum, statement.step)
    if statement.kind == "number" and max(len(number_value(b)) for b in bounds) > NUMBER_LENGTH:
        yield (
            "en",
            statement.key,
            f"its numbers are longer than {NUMBER_LENGTH} digits: shorten them",
        )


def _condition(edition: Edition, statement: Statement) -> Found:
    """A statement that nobody is asked, or that asks for last year's value of itself."""
    if statement.previous_of and statement.previous_of in edition.statements:
        other = edition.statements[statement.previous_of]
        if other is statement or (other.kind, statement.kind) != ("number", "number"):
            told = "previous_of asks for an earlier number: name another statement of kind number"
            yield "en", statement.key, told
    if statement.only_if is None or statement.only_if[0] not in edition.statements:
        return
    asked, value = edition.statements[statement.only_if[0]], statement.only_if[1]
    if asked.kind == "text" or not _can_be(asked, value):
        told = (
            f"“{value}” is no answer to {asked.id}, so nobody is asked this: use one of its answers"
        )
        yield "en", statement.key, told


def _can_be(asked: Statement, value: str) -> bool:
    try:
        return is_value(asked, value)
    except InvalidOperation:  # a step of zero, which is told elsewhere
        return False
