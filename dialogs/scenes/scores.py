"""A score, a level and a gap in words. Arithmetic is always shown."""

from content.model import Edition, Level, Section
from content.scoring import (
    Gap,
    Score,
    band,
    points_of,
)
from dialogs.talk import Talk
from dialogs.types import Progress


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


def as_sentence(text: str) -> str:
    """With a capital letter and a full stop."""
    return f"{text[:1].upper()}{text[1:]}."


def arithmetic(talk: Talk, section: Section, result: Score) -> str:
    """Each statement's points, and their sum."""
    words, values = talk.words, talk.assessment.values
    score = score_in_words(talk, result)
    if talk.edition.result == "yes_share":
        return as_sentence(score)
    counted = [s for s in section.statements if s.id in values and s.kind in ("choice", "number")]
    parts = [
        f"{s.id}\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{words.number(points_of(s, values[s.id]))}"
        for s in counted
    ]
    return words("Points: {points}. Together: {score}.", points=", ".join(parts), score=score)


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
