"""News about assessments: what an admin announces to those who want to hear of it."""

import json
from collections.abc import Mapping

from dialogs.due import Due, Making
from dialogs.reminders import by_day_only, reminder
from dialogs.talk import Talk
from dialogs.tokens import token
from dialogs.types import Choice, Heading, Paragraph, Reply
from locales import words_in

NEWS = "news"
"""The kind of message; its subject is the announcement's number, its payload the instrument and the texts by
language."""

TEXT_LIMIT = 700
"""Letters of an announcement in one language."""


def standard(language: str, title: str, why: str) -> str:
    """What is offered to an admin who does not write a text of their own."""
    words = words_in(language)
    if not why:
        return words("The assessment “{title}” was updated.", title=title)
    return words("The assessment “{title}” was updated: {why}", title=title, why=why)


def _of_news(talk: Talk, due: Due) -> Reply | None:
    """In the reader's language as it is now. None of what is no longer on offer."""
    told = json.loads(due.payload)
    instrument, library = told["instrument"], talk.world.library
    if instrument not in library.instruments:
        return None
    language = talk.state.language
    title = library.current(instrument).text("title", language)
    way = Choice(talk.words("To the assessment"), token("about", instrument))
    return reminder(talk, NEWS, Heading(title), Paragraph(told["texts"][language]), [[way]])


MAKING: Mapping[str, Making] = {NEWS: by_day_only(NEWS, _of_news)}
