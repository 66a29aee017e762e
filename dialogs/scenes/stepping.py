"""Making and changing a step of the plan: its words, its date, its note, how it stands."""

import unicodedata
from dataclasses import replace
from datetime import date, timedelta

from dialogs.days import Unfit, day_meant, later
from dialogs.scenes.asking import NOTE_LIMIT
from dialogs.scenes.plan import STANDINGS, made_of, own_words
from dialogs.talk import Talk, reply
from dialogs.tokens import token
from dialogs.types import Choice, Heading, Paragraph, PlanStep, Reply
from dialogs.zones import today

TEXT_LIMIT = 500
"""Characters of a step: what fits a card, a calendar's entry and a line of a report."""

SUGGESTED = timedelta(weeks=2)
"""When a new step is to be done, unless told otherwise."""

NO_DAY = "none"


def put(talk: Talk, code: str, key: str) -> tuple[Talk, PlanStep] | None:
    """A tip as a step; the one that it has become already. None where there is no such tip."""
    of = talk.at(assessment=code)
    statement = of.edition.statements.get(key.partition("/")[0])
    if statement is None or key not in {tip.key for tip in statement.tips}:
        return None
    if step := made_of(talk, code, key):
        return talk, step
    now = talk.world.now
    step = PlanStep(
        code=talk.world.fresh,
        instrument=of.assessment.instrument,
        assessment=code,
        statement=statement.id,
        tip=key,
        text=of.text(key)[:TEXT_LIMIT],
        made=now,
        due=today(talk.state, now) + SUGGESTED,
    )
    return talk.keep_step(step), step


# --- Asking ------------------------------------------------------------------------------------


def ask_text(talk: Talk, code: str) -> Reply | None:
    step, words = talk.world.plan.get(code), talk.words
    if step is None:
        return None
    return reply(
        Heading(words("The text of this step")),
        Paragraph(own_words(step.text)),
        Paragraph(
            words(
                "Write it in your own words and send it as one message, at most {limit} characters.",
                limit=TEXT_LIMIT,
            )
        ),
        choices=[[_to_step(talk, step)]],
    )


def ask_note(talk: Talk, code: str) -> Reply | None:
    step, words = talk.world.plan.get(code), talk.words
    if step is None:
        return None
    delete = Choice(words("Delete the note"), token("stepunnote", code))
    return reply(
        Heading(words("Note on this step")),
        Paragraph(own_words(step.text)),
        Paragraph(words("Your note: {note}", note=own_words(step.note))) if step.note else None,
        Paragraph(
            words(
                "Write your note and send it as one message, at most {limit} characters. "
                "Please leave out clients' names.",
                limit=NOTE_LIMIT,
            )
        ),
        choices=[[_to_step(talk, step)], [delete] if step.note else []],
    )


def ask_date(talk: Talk, code: str) -> Reply | None:
    step, words = talk.world.plan.get(code), talk.words
    if step is None:
        return None
    day = today(talk.state, talk.world.now)
    two_weeks, year_end = day + SUGGESTED, date(day.year, 12, 31)
    return reply(
        Heading(words("The date of this step")),
        Paragraph(own_words(step.text)),
        Paragraph(words("Choose until when, or type a day. {examples}", examples=_examples(talk))),
        choices=[
            [
                _due(step, words("In two weeks"), two_weeks),
                _due(step, words("In a month"), later(day, months=1)),
            ],
            [
                _due(step, words("In three months"), later(day, months=3)),
                _due(step, words("At the end of the year"), year_end),
            ],
            [Choice(words("No date"), token("stepdue", code, NO_DAY)), _to_step(talk, step)],
        ],
    )


def _examples(talk: Talk) -> str:
    return talk.words("For example: 1 March, 1.3.2027, in two weeks.")


def _due(step: PlanStep, label: str, day: date) -> Choice:
    return Choice(label, token("stepdue", step.code, day.isoformat()))


def _to_step(talk: Talk, step: PlanStep) -> Choice:
    return Choice(talk.words("Back to the step"), token("step", step.code))


# --- Changing ----------------------------------------------------------------------------------

Changed = PlanStep | str
"""A step as it is to be kept, or the sentence that says why not."""


def with_text(talk: Talk, step: PlanStep, text: str) -> Changed:
    return unfit(talk, text, TEXT_LIMIT) or replace(step, text=text)


def with_note(talk: Talk, step: PlanStep, text: str) -> Changed:
    return unfit(talk, text, NOTE_LIMIT) or replace(step, note=text)


def with_day(talk: Talk, step: PlanStep, text: str) -> Changed:
    day = day_meant(text, today(talk.state, talk.world.now))
    return _unfit_day(talk, day) if isinstance(day, Unfit) else replace(step, due=day)


def without_note(step: PlanStep) -> PlanStep:
    return replace(step, note="")


def without_day(step: PlanStep) -> PlanStep:
    return replace(step, due=None)


def standing(step: PlanStep, to: str) -> PlanStep | None:
    return replace(step, standing=to) if to in STANDINGS else None


def unfit(talk: Talk, text: str, limit: int) -> str:
    """Why a text cannot be kept; empty where it can."""
    words = talk.words
    if not any(unicodedata.category(letter)[0] in "LNPS" for letter in text):
        return words("There is nothing to read in that. Please write it in words.")
    if len(text) <= limit:
        return ""
    return words.plural(
        "Your text has {count} character; at most {limit} fit. Please shorten it.",
        "Your text has {count} characters; at most {limit} fit. Please shorten it.",
        len(text),
        limit=limit,
    )


def _unfit_day(talk: Talk, why: Unfit) -> str:
    words = talk.words
    sentences = {
        Unfit.UNKNOWN: words("I do not know that day."),
        Unfit.IMPOSSIBLE: words("The calendar has no such day."),
        Unfit.PAST: words("That day is past. Please choose one from today on."),
        Unfit.FAR: words("That is too far ahead. Please choose a day within three years."),
    }
    return f"{sentences[why]} {_examples(talk)}"
