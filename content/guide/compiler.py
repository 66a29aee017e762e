"""From what authors write to the compiled JSON of the guide, its search index included."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from content.compiled import canonical
from content.guide.index import BODY, NAME, SERVES, postings
from content.guide.source import GuideSource, TopicSource, read_guide
from content.model import Edition
from content.problems import ContentError
from content.translations import read_translations
from content.yaml_file import Place

Texts = Mapping[str, str]


def compile_guide(
    guide_file: Path,
    translations: Mapping[str, Path],
    instrument: Edition,
    *,
    strict: bool = True,
) -> bytes:
    """The compiled guide. ``translations`` maps languages to their catalogues; ``instrument`` lends
    titles, statements and tips. What it does not have (an admin may have retired it) is a problem where
    ``strict``, else it is left out.

    Raises ContentError with every problem of all the files.
    """
    source, file = read_guide(guide_file)
    unknown = _unknown(source, instrument) if strict else ()
    problems = [file.problem(place, message) for place, message in unknown]
    texts = {"en": {text.key: text.text for text in source.texts()}}
    for language, path in sorted(translations.items()):
        texts[language], found = read_translations(path, source)
        problems += found
    if problems:
        raise ContentError(problems)
    for language, own in texts.items():
        texts[language] = {**_lent(instrument, language), **own}
    return canonical(_payload(_fitted(source, instrument), instrument, texts))


def _fitted(source: GuideSource, instrument: Edition) -> GuideSource:
    """Without what the instrument does not have."""
    known = [
        topic.model_copy(
            update={"statements": tuple(s for s in topic.statements if s in instrument.statements)}
        )
        for topic in source.topics
        if _has_place(topic, source, instrument)
    ]
    return source.model_copy(update={"topics": tuple(known)})


def _has_place(topic: TopicSource, source: GuideSource, instrument: Edition) -> bool:
    sections = {s.id for s in instrument.sections} | {s.id for s in source.sections}
    titled = topic.title or f"topic/{topic.id}" in instrument.texts["en"]
    return topic.section in sections and bool(titled)


def _lent(instrument: Edition, language: str) -> dict[str, str]:
    """Titles of sections and topics, statements and tips."""
    return {
        key: text
        for key, text in instrument.texts[language].items()
        if key in instrument.statements
        or "/tip/" in key
        or (key.startswith(("section/", "topic/")) and not key.endswith("/intro"))
    }


def _payload(
    source: GuideSource, instrument: Edition, texts: Mapping[str, Texts]
) -> dict[str, Any]:
    entries = list(_entries(source, texts["en"]))
    own = [section.id for section in source.sections]
    return {
        "instrument": source.instrument,
        "sections": [section.id for section in instrument.sections] + own,
        "topics": [_topic(topic) for topic in source.topics],
        "faults": [
            {"id": f.id, "tries": _keys(f"fault/{f.id}/try", f.tries)} for f in source.faults
        ],
        "closing": _keys("closing", source.closing),
        "terms": [term.id for term in source.terms],
        "texts": texts,
        "entries": [key for key, _ in entries],
        "index": {
            language: postings(language, [_weighted(fields, own) for _, fields in entries])
            for language, own in texts.items()
        },
    }


def _topic(topic: TopicSource) -> dict[str, Any]:
    links = _keys(f"{topic.id}/link", topic.links)
    return {
        "id": topic.id,
        "section": topic.section,
        "statements": list(topic.statements),
        "paragraphs": _keys(topic.id, topic.body),
        "links": [[key, link.url] for key, link in zip(links, topic.links, strict=True)],
    }


def _keys(key: str, texts: tuple[Any, ...]) -> list[str]:
    return [f"{key}/{number}" for number in range(1, len(texts) + 1)]


# --- What can be found, and by which texts ---------------------------------------------------

Fields = list[tuple[str, int]]


def _entries(source: GuideSource, english: Texts) -> Iterator[tuple[str, Fields]]:
    """The key of each entry, and the keys of its texts with what they count."""
    for topic in source.topics:
        key, served = f"topic/{topic.id}", [(id_, SERVES) for id_ in topic.statements[:1]]
        body = [(text, BODY) for text in _keys(topic.id, topic.body)]
        yield key, [*_names(key, english), *served, *body]
    for fault in source.faults:
        key = f"fault/{fault.id}"
        tries = [(text, BODY) for text in _keys(f"{key}/try", fault.tries)]
        yield key, [*_names(key, english), *tries]
    for term in source.terms:
        key = f"term/{term.id}"
        yield key, [*_names(key, english), (f"{key}/means", BODY)]
    for key in english:
        if "/tip/" in key:
            yield key, [(key, BODY)]


def _names(key: str, english: Texts) -> Fields:
    """An entry's name, and the other words for it that are there."""
    return [(name, NAME) for name in (key, f"{key}/also", f"{key}/says") if name in english]


def _weighted(fields: Fields, texts: Texts) -> Fields:
    return [(texts[key], weight) for key, weight in fields]


# --- What the file alone does not show -------------------------------------------------------


def _unknown(source: GuideSource, instrument: Edition) -> Iterator[tuple[Place, str]]:
    """Names of sections, topics and statements that are not there."""
    sections = {s.id for s in instrument.sections} | {s.id for s in source.sections}
    titles = instrument.texts["en"]
    for i, topic in enumerate(source.topics):
        place = ("topics", i)
        if topic.section not in sections:
            yield (*place, "section"), f"“{topic.section}” is not a section"
        if not topic.title and f"topic/{topic.id}" not in titles:
            yield (*place, "id"), f"“{topic.id}” is not a topic of the instrument: give it a title"
        for statement in topic.statements:
            if statement not in instrument.statements:
                yield (*place, "statements"), f"“{statement}” is not a statement"
