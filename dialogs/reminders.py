"""Reminders: which are to come, and what each says when its time has come.

``wanted`` derives all that is to come from what is kept, so nothing has to be kept in step with it; a
message looks again whether it is still needed, and leaves the night alone.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta

from dialogs.days import later
from dialogs.due import Due, Making, PutOff
from dialogs.scenes import menu
from dialogs.scenes.outcomes import next_day
from dialogs.scenes.plan import in_order, own_words, statement_of
from dialogs.talk import Rows, Talk, reply
from dialogs.tokens import staying, token
from dialogs.types import (
    Answered,
    Assessment,
    Choice,
    Heading,
    Paragraph,
    Reply,
    State,
    Step,
)
from dialogs.zones import at_usual_hour, by_day, today, zone_of

UNFINISHED, STEP, YEARLY, DEADLINE = "unfinished", "step", "yearly", "deadline"

PATIENCE = timedelta(days=3)
"""After the last answer, before somebody is reminded of the others."""

AHEAD = (timedelta(days=21), timedelta(days=7))
"""Before a yearly deadline: for the 31 January, on the 10th and the 24th."""

SEASON = timedelta(days=120)
"""Whoever has finished so short before a deadline has done what it asks for."""


def is_moved(before: State, step: Step) -> bool:
    """Whether a step may have changed what is to come. An answer never does: when its time has come, the
    reminder looks when the last one was."""
    after = step.state
    if not before.reminders and not after.reminders:
        return False
    settings = (before.reminders, before.zone) != (after.reminders, after.zone)
    return settings or any(not isinstance(change, Answered) for change in step.changes)


# --- What is to come ---------------------------------------------------------------------------


def wanted(talk: Talk) -> list[Due]:
    """All reminders that are to come, of the kinds that are switched on. News is announced, not foreseen."""
    known = [kind for kind in talk.state.reminders if kind in COMING]
    return [due for kind in known for due in COMING[kind](talk)]


def _unfinished(talk: Talk) -> Iterator[Due]:
    for assessment in menu.unfinished(talk):
        at = max(_last_touch(assessment) + PATIENCE, talk.world.now + timedelta(hours=1))
        yield Due(UNFINISHED, assessment.code, by_day(at, zone_of(talk.state)))


def _last_touch(assessment: Assessment) -> datetime:
    return assessment.touched or assessment.started


def _steps(talk: Talk) -> Iterator[Due]:
    """Moved to another day, a step is a new subject: it is reminded of again."""
    for step in in_order(talk.world.plan, "open"):
        if step.due:
            yield from _ahead(talk, STEP, f"{step.code}:{step.due}", step.due)


def _yearly(talk: Talk) -> Iterator[Due]:
    """The latest finished assessment of each instrument that has no deadline of its own."""
    latest = {a.instrument: a for a in talk.world.shelf.values() if a.finished}
    for assessment in latest.values():
        edition = talk.world.library.edition(assessment.edition)
        if assessment.finished and not edition.due:
            day = later(assessment.finished.date(), months=12)
            yield from _ahead(talk, YEARLY, assessment.code, day)


def _deadlines(talk: Talk) -> Iterator[Due]:
    """This year's and next year's: who does not come in between is reminded all the same."""
    day = today(talk.state, talk.world.now)
    instruments = dict.fromkeys(a.instrument for a in talk.world.shelf.values())
    for instrument in instruments:
        due = _deadline(talk, instrument, day)
        for deadline in [due, later(due, months=12)] if due else []:
            for ahead in AHEAD:
                yield from _ahead(
                    talk, DEADLINE, f"{instrument}:{deadline}:{ahead.days}", deadline - ahead
                )


def _deadline(talk: Talk, instrument: str, day: date) -> date | None:
    """The next deadline of an instrument on offer, that day included."""
    if instrument not in talk.world.library.instruments:
        return None
    due = talk.world.library.current(instrument).due
    return next_day(day, *due) if due else None


def _ahead(talk: Talk, kind: str, subject: str, day: date) -> Iterator[Due]:
    """In the morning of that day, unless that is past."""
    at = at_usual_hour(day, zone_of(talk.state))
    if at > talk.world.now:
        yield Due(kind, subject, at)


COMING: Mapping[str, Callable[[Talk], Iterator[Due]]] = {
    UNFINISHED: _unfinished,
    STEP: _steps,
    YEARLY: _yearly,
    DEADLINE: _deadlines,
}


# --- What they say -----------------------------------------------------------------------------


def by_day_only(kind: str, making: Making) -> Making:
    """Said by day, to whoever still wants to hear it."""

    def handler(talk: Talk, due: Due) -> Reply | PutOff | None:
        now = talk.world.now
        if kind not in talk.state.reminders:
            return None
        day = by_day(now, zone_of(talk.state))
        return making(talk, due) if day == now else PutOff(day)

    return handler


def _of_unfinished(talk: Talk, due: Due) -> Reply | PutOff | None:
    assessment = talk.world.shelf.get(due.subject)
    if assessment is None or assessment.finished:
        return None
    at = _last_touch(assessment) + PATIENCE
    if at > talk.world.now:
        return PutOff(by_day(at, zone_of(talk.state)))
    words, edition = talk.words, talk.world.library.edition(assessment.edition)
    return reminder(
        talk,
        UNFINISHED,
        Heading(edition.text("title", talk.state.language)),
        Paragraph(
            words(
                "Your assessment waits where you left it. {answered}",
                answered=menu.answered(talk, assessment),
            )
        ),
        [[Choice(words("Continue"), token("resume", assessment.code))]],
    )


def _of_step(talk: Talk, due: Due) -> Reply | None:
    code, _, day = due.subject.partition(":")
    step = talk.world.plan.get(code)
    if step is None or step.due is None or step.standing != "open":
        return None
    if step.due.isoformat() != day:
        return None
    words = talk.words
    return reminder(
        talk,
        STEP,
        Heading(words("A step of your plan is due: {date}", date=words.date(step.due))),
        Paragraph(f"{own_words(step.text)}\n{statement_of(talk, step)}"),
        [
            [
                Choice(words("I have done it"), token("stepis", code, "done")),
                Choice(words("Change the date"), token("stepdate", code)),
            ]
        ],
    )


def _of_year(talk: Talk, due: Due) -> Reply | None:
    """Not to whoever has begun anew meanwhile, nor of what is no longer on offer."""
    before = talk.world.shelf.get(due.subject)
    if before is None or before.instrument not in talk.world.library.instruments:
        return None
    same = [a for a in talk.world.shelf.values() if a.instrument == before.instrument]
    if same[-1].code != before.code:
        return None
    words, edition = talk.words, talk.world.library.current(before.instrument)
    return reminder(
        talk,
        YEARLY,
        Heading(edition.text("title", talk.state.language)),
        Paragraph(
            words("You finished this a year ago. Looking again shows what has changed since then.")
        ),
        [[Choice(words("Look again"), token("about", before.instrument))]],
    )


def _of_deadline(talk: Talk, due: Due) -> Reply | None:
    """Not to whoever has finished for this year, nor when it is too late."""
    instrument, day = due.subject.split(":")[:2]
    deadline, now = date.fromisoformat(day), today(talk.state, talk.world.now)
    if now > deadline or _deadline(talk, instrument, deadline) is None:
        return None
    finished = (a.finished for a in talk.world.shelf.values() if a.instrument == instrument)
    if any(at and at.date() > deadline - SEASON for at in finished):
        return None
    words, edition = talk.words, talk.world.library.current(instrument)
    left = words.plural(
        "The report is due on {date}: {count} day is left.",
        "The report is due on {date}: {count} days are left.",
        (deadline - now).days,
        date=words.date(deadline),
    )
    way = Choice(words("To the assessment"), token("about", instrument))
    heading = Heading(edition.text("title", talk.state.language))
    return reminder(talk, DEADLINE, heading, Paragraph(left), [[way]])


def reminder(talk: Talk, kind: str, heading: Heading, text: Paragraph, ways: Rows) -> Reply:
    """It stays in the chat, and can be stopped where it stands."""
    words = talk.words
    stop = Choice(words("Stop these reminders"), token("remind", kind, 0))
    rows = (*(tuple(row) for row in ways), (stop,))
    return reply(heading, text, choices=staying(rows))


MAKING: Mapping[str, Making] = {
    kind: by_day_only(kind, making)
    for kind, making in {
        UNFINISHED: _of_unfinished,
        STEP: _of_step,
        YEARLY: _of_year,
        DEADLINE: _of_deadline,
    }.items()
}
