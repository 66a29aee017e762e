"""``/edit 3.2 lv``: one text, changed by a reply."""

import asyncio
from hashlib import sha256

from bot.admin import publishing
from bot.admin.business import Business
from bot.admin.texts import keys_of, with_text
from bot.admin.tokens import made
from bot.admin.turn import Replies
from content.model import Edition
from dialogs.talk import reply
from dialogs.types import Choice, Heading, Paragraph
from locales import LANGUAGES

MARK = 8
"""Hex digits of a text's digest: whether it is still the one that was shown."""

LABEL = 24
"""Letters of a text on its button."""


async def choose(at: Business, given: list[str]) -> Replies:
    """Which text of a statement is meant: a button for each, or at once where there is but one."""
    found = _understood(at, given)
    if found is None:
        yield at.told(
            at.words(
                "Name a statement and a language, for example: /edit 3.2 lv – or of another "
                "instrument: /edit cpo 3.2 lv"
            )
        )
        return
    edition, language, keys = found
    if len(keys) == 1:
        async for shown in ask_text(at, edition.instrument, language, keys[0]):
            yield shown
        return
    yield reply(
        Heading(f"{edition.instrument} · {keys[0]} · {language}"),
        Paragraph(at.words("Which text of {statement}?", statement=keys[0])),
        choices=[[_choice(edition, language, key)] for key in keys],
        replaces=False,
    )


def _understood(at: Business, given: list[str]) -> tuple[Edition, str, list[str]] | None:
    """``[instrument] statement [language]``; None where it names nothing."""
    library = at.reception.library
    rest = list(given)
    language = rest.pop() if rest and rest[-1] in LANGUAGES else at.state.language
    instrument = rest.pop(0) if len(rest) == 2 else next(iter(library.instruments), "")
    if len(rest) != 1 or instrument not in library.instruments:
        return None
    edition = library.current(instrument)
    keys = keys_of(edition, rest[0])
    return (edition, language, keys) if keys else None


def _choice(edition: Edition, language: str, key: str) -> Choice:
    text = edition.text(key, language)
    part = text if len(text) <= LABEL else f"{text[:LABEL]}…"
    return Choice(f"{key}: {part}", made("text", edition.instrument, language, key))


async def ask_text(at: Business, instrument: str, language: str, key: str) -> Replies:
    text = _text(at, instrument, language, key)
    if text is None:
        yield at.told(at.words("There is no such text any more."))
        return
    await at.put(f"text:{instrument}:{language}:{key}:{_mark(text)}")
    yield reply(
        Heading(f"{instrument} · {key} · {language}"),
        Paragraph(text),
        Paragraph(
            at.words("Send the new text as one message. It is checked before anything changes.")
        ),
        choices=[[Choice(at.words("Leave it as it is"), made("close"))]],
        replaces=False,
    )


def _text(at: Business, instrument: str, language: str, key: str) -> str | None:
    library = at.reception.library
    if instrument not in library.instruments or language not in LANGUAGES:
        return None
    return library.current(instrument).texts[language].get(key)


def _mark(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:MARK]


async def text_given(at: Business, text: str) -> Replies:
    """A draft with that text. Where somebody changed it meanwhile, it is shown and asked again."""
    _, instrument, language, key, mark = at.waiting
    now = _text(at, instrument, language, key)
    if now is None or _mark(now) != mark:
        yield at.told(
            at.words("Somebody changed this text meanwhile. Here it is as it stands now.")
        )
        async for shown in ask_text(at, instrument, language, key):
            yield shown
        return
    packed = await at.desk.export(instrument)
    edition = at.reception.library.current(instrument)
    catalogue = await asyncio.to_thread(with_text, packed, edition, language, key, text)
    await at.put("")
    async for shown in publishing.drafted(at, catalogue, f"{instrument}.{language}.po", instrument):
        yield shown
