"""Assessments are not kept for ever, and nobody loses one unawares: it is announced ahead."""

from collections.abc import Mapping
from datetime import timedelta

from dialogs.due import Due, Making, PutOff
from dialogs.scenes.privacy import EXPORT
from dialogs.scenes.welcome import UNFINISHED_MONTHS
from dialogs.talk import Talk, reply
from dialogs.tokens import staying, token
from dialogs.types import Assessment, Choice, Heading, Paragraph, Reply

NOTICE = timedelta(days=14)
"""Between the announcement and the deletion, at least."""

ANNOUNCED = "retention"
"""The kind of message; its subject is the assessment's code."""


def announce(talk: Talk, due: Due) -> Reply | PutOff | None:
    """That an assessment is about to be deleted, and how to keep it; None where it is gone already."""
    known = talk.world.shelf.get(due.subject)
    if known is None:
        return None
    words = talk.words
    day = words.date((talk.world.now + NOTICE).date())
    begun = words.date(known.started.date())
    edition = talk.world.library.edition(known.edition)
    title = edition.text("title", talk.state.language)
    return reply(
        Heading(title),
        Paragraph(
            words(
                "I keep answers for a limited time. What you answered here, begun on {begun}, will be "
                "deleted after {day}.",
                begun=begun,
                day=day,
            )
        ),
        Paragraph(_remedy(talk, known)),
        choices=staying(_choices(talk, known)),
        replaces=False,
    )


def _remedy(talk: Talk, known: Assessment) -> str:
    if known.finished:
        return talk.words("If you need it longer, take your data with you as a file.")
    return talk.words.plural(
        "Any answer to it keeps it for {count} month more.",
        "Any answer to it keeps it for {count} months more.",
        UNFINISHED_MONTHS,
    )


def _choices(talk: Talk, known: Assessment) -> tuple[tuple[Choice, ...], ...]:
    words = talk.words
    if known.finished:
        way = Choice(words("Show the result"), token("open", known.code))
    else:
        way = Choice(words("Go on with it"), token("resume", known.code))
    return ((way,), (Choice(words("Give me my data"), token(EXPORT)),))


MAKING: Mapping[str, Making] = {ANNOUNCED: announce}
