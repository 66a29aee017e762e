"""What an instrument brings to read beside its questions: stories, trends, notes on countries."""

from content.model import Edition
from dialogs.talk import Talk, reply
from dialogs.tokens import token
from dialogs.types import Choice, Heading, Link, Paragraph, Reply


def way_in(talk: Talk, edition: Edition) -> list[Choice]:
    """The row that leads to it; empty where the instrument on offer has nothing."""
    if not _on_offer(talk, edition.instrument):
        return []
    return [Choice(talk.words("Examples and context"), token("extras", edition.instrument))]


def contents(talk: Talk, instrument: str) -> Reply | None:
    """What there is; None where there is nothing."""
    edition = _on_offer(talk, instrument)
    if edition is None:
        return None
    language = talk.state.language
    rows = [
        [Choice(edition.text(extra.key, language), token("extra", instrument, extra.id))]
        for extra in edition.extras
    ]
    return reply(
        Heading(edition.text("title", language)),
        Paragraph(talk.words("Examples and context to read beside the statements:")),
        choices=[*rows, [_back(talk)]],
    )


def page(talk: Talk, instrument: str, id_: str) -> Reply | None:
    edition = _on_offer(talk, instrument)
    extra = next((e for e in edition.extras if e.id == id_), None) if edition else None
    if edition is None or extra is None:
        return None
    language = talk.state.language
    more = Choice(talk.words("Examples and context"), token("extras", instrument))
    return reply(
        Heading(edition.text(extra.key, language)),
        *(Paragraph(edition.text(key, language)) for key in extra.paragraph_keys),
        *(Link(edition.text(link.key, language), link.url) for link in extra.links),
        choices=[[more], [_back(talk)]],
    )


def _on_offer(talk: Talk, instrument: str) -> Edition | None:
    """The edition on offer, where it has something to read."""
    if instrument not in talk.world.library.instruments:
        return None
    edition = talk.world.library.current(instrument)
    return edition if edition.extras else None


def _back(talk: Talk) -> Choice:
    return Choice(talk.words("Back to my place"), token("here"))
