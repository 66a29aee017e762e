"""What people share from the guide with colleagues, in any chat: nothing personal, nothing kept."""

from collections.abc import Iterable
from dataclasses import dataclass

from content.guide.model import Fault, Guide, Term, Topic
from content.guide.search import TIP, search
from dialogs.types import Block, Bullets, Heading, Paragraph
from locales import words_in

OFFERED = 10
"""What a list above a keyboard shows without much scrolling."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to share: what the list says of it, and the message that is sent."""

    id: str
    title: str
    about: str
    blocks: tuple[Block, ...]


def offers(guide: Guide, language: str, query: str) -> list[Offer]:
    """What fits the typed words, tips included; topics in order where nothing is typed yet."""
    keys: Iterable[str] = [topic.key for topic in guide.topics]
    if query.strip():
        keys = search(guide, language, query, tips=True)
    return [_offer(guide, language, key) for key in list(keys)[:OFFERED]]


def _offer(guide: Guide, language: str, key: str) -> Offer:
    words, title = words_in(language), guide.text(key, language)
    if TIP in key:
        statement = key.split(TIP)[0]
        lead = words("Tip for {statement}", statement=statement)
        return Offer(key, lead, title, (Heading(guide.text(statement, language)), Paragraph(title)))
    texts = [guide.text(text, language) for text in _texts(guide, key)]
    body = (Bullets(tuple(texts)),) if key.startswith("fault/") else map(Paragraph, texts)
    return Offer(key, title, texts[0], (Heading(title), *body))


def _texts(guide: Guide, key: str) -> tuple[str, ...]:
    """The keys of what an entry says below its name."""
    match guide.by_key[key]:
        case Topic(paragraphs=paragraphs):
            return paragraphs
        case Fault(tries=tries):
            return tries
        case Term() as term:
            return (term.means_key,)
