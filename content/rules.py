"""Rules that need the whole instrument: each yields the language and key of a text, and what to do.

They look at the model of the edition, so that nothing is judged that people would not meet.
"""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from content import plain
from content.model import Edition, Statement
from content.reach import unreachable
from content.scoring import COUNTED
from content.sentences import Sentence
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
            yield "en", tip.key, UNREACHED


UNREACHED = Sentence("no answer leads to this tip: change its “for”, or remove it")


def _texts(edition: Edition) -> Found:
    """Markup, hidden characters, and placeholders that differ from the English ones."""
    english = edition.texts["en"]
    for language, texts in edition.texts.items():
        for key, text in texts.items():
            for told in plain.faults(text):
                yield language, key, told
            wanted, there = plain.placeholders(english[key]), plain.placeholders(text)
            if wanted != there:
                told = Sentence(
                    "its placeholders are {there}, in English {wanted}: make them the same",
                    there=_listed(there),
                    wanted=_listed(wanted),
                )
                yield language, key, told


def _listed(names: list[str]) -> str:
    return ", ".join(names) or Sentence("none")


def _scoring(edition: Edition) -> Found:
    """A result that nothing counts for, and levels in points that nobody can reach."""
    kind = COUNTED.get(edition.result)
    required = [s for s in edition.statements.values() if not s.optional]
    if kind and not any(s.kind == kind for s in required):
        told = Sentence(
            "a result in {result} counts statements of kind {kind}: there is none, add one",
            result=edition.result,
            kind=kind,
        )
        yield "en", "scoring", told
    if edition.result == "points":
        most = sum((s.maximum for s in required if s.kind == "number"), Decimal(0))
        for level in edition.levels:
            if (level.from_points or 0) > most:
                told = Sentence(
                    "it begins at {points} points, and {most} are the most: lower it",
                    points=level.from_points or 0,
                    most=str(most),
                )
                yield "en", level.key, told
    if edition.result == "gap" and not edition.levels:
        yield "en", "scoring", Sentence("a result in gaps names levels: add “levels”")


def _scales(statement: Statement) -> Found:
    """Points that don't rise with the answers, and a requirement that no answer meets."""
    points = [option.points for option in statement.scale.options]
    if points and (points != sorted(points, reverse=True) or points[0] <= points[-1]):
        told = Sentence(
            "the points of its scale must fall from the first answer to the last: put them in order"
        )
        yield "en", statement.key, told
    if points and min(points) < 0:
        told = Sentence("an answer of its scale counts less than 0: begin at 0")
        yield "en", statement.key, told
    if points and statement.required not in (0, *points):
        told = Sentence(
            "no answer counts {points}, which is “required”: use one of its points",
            points=statement.required,
        )
        yield "en", statement.key, told
    bounds = (statement.minimum, statement.maximum, statement.step)
    if statement.kind == "number" and max(len(number_value(b)) for b in bounds) > NUMBER_LENGTH:
        told = Sentence(
            "its numbers are longer than {limit} digits: shorten them", limit=NUMBER_LENGTH
        )
        yield "en", statement.key, told


def _condition(edition: Edition, statement: Statement) -> Found:
    """A statement that nobody is asked, or that asks for last year's value of itself."""
    if statement.previous_of and statement.previous_of in edition.statements:
        other = edition.statements[statement.previous_of]
        if other is statement or (other.kind, statement.kind) != ("number", "number"):
            told = Sentence(
                "previous_of asks for an earlier number: name another statement of kind number"
            )
            yield "en", statement.key, told
    if statement.only_if is None or statement.only_if[0] not in edition.statements:
        return
    asked, value = edition.statements[statement.only_if[0]], statement.only_if[1]
    if asked.kind == "text" or not _can_be(asked, value):
        told = Sentence(
            "“{value}” is no answer to {id}, so nobody is asked this: use one of its answers",
            value=value,
            id=asked.id,
        )
        yield "en", statement.key, told


def _can_be(asked: Statement, value: str) -> bool:
    try:
        return is_value(asked, value)
    except InvalidOperation:  # a step of zero, which is told elsewhere
        return False
