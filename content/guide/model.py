"""The guide as it is read: structure and texts apart, as in an edition.

Every text is found by its *key*, which is also the ``msgctxt`` that translators see:

=========================================  ==================================================
``section/1``, ``topic/G1-1``, ``1.3``     titles and statements of the instrument it belongs to
``section/stories``, ``topic/GP-A``        titles of the guide's own sections and articles
``G1-1/2``, ``G1-1/link/1``                a paragraph of an article; what a link leads to
``fault/echo``, ``fault/echo/try/1``       a technical problem, and what to try
``fault/echo/says``                        what people may type for it, parted by semicolons
``topic/G6-5/also``, ``term/mfa/also``     what else people may look for it by
``closing/1``                              advice for every technical problem
``term/consent``, ``term/consent/means``   a term and its explanation
``1.3/tip/2``                              a tip of the instrument, for sharing
=========================================  ==================================================
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from content.guide.index import Index


@dataclass(frozen=True, slots=True)
class GuideLink:
    key: str
    url: str


@dataclass(frozen=True, slots=True)
class Topic:
    """An article. ``statements``: those of the instrument that it serves, the main ones first;
    ``paragraphs``: keys of its texts."""

    id: str
    section: str
    statements: tuple[str, ...]
    paragraphs: tuple[str, ...]
    links: tuple[GuideLink, ...]

    @property
    def key(self) -> str:
        return f"topic/{self.id}"


@dataclass(frozen=True, slots=True)
class Fault:
    """A technical problem; ``tries`` are the keys of what may help, the simplest first."""

    id: str
    tries: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"fault/{self.id}"

    @property
    def says_key(self) -> str:
        return f"{self.key}/says"


@dataclass(frozen=True, slots=True)
class Term:
    id: str

    @property
    def key(self) -> str:
        return f"term/{self.id}"

    @property
    def means_key(self) -> str:
        return f"{self.key}/means"


Entry = Topic | Fault | Term


@dataclass(frozen=True)
class Guide:
    """``entries`` are the keys of what can be found, in the order in which ``index`` counts them;
    ``texts`` and ``index`` are by language."""

    instrument: str = ""
    sections: tuple[str, ...] = ()
    topics: tuple[Topic, ...] = ()
    faults: tuple[Fault, ...] = ()
    closing: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    entries: tuple[str, ...] = ()
    index: Mapping[str, Index] = field(default_factory=dict)

    def text(self, key: str, language: str) -> str:
        """The text with that key. Raises KeyError: a compiled guide has every text."""
        return self.texts[language][key]

    @cached_property
    def by_key(self) -> dict[str, Entry]:
        every: list[Entry] = [*self.topics, *self.faults, *self.terms]
        return {entry.key: entry for entry in every}

    @cached_property
    def parts(self) -> list[str]:
        """The sections that have topics, in order."""
        return [section for section in self.sections if self.topics_of(section)]

    def topics_of(self, section: str) -> list[Topic]:
        return [topic for topic in self.topics if topic.section == section]

    def topics_for(self, statement: str) -> list[Topic]:
        """The topics that serve a statement, first those of which it is the main one."""
        serving = [topic for topic in self.topics if statement in topic.statements]
        return sorted(serving, key=lambda topic: topic.statements.index(statement))

    def terms_in(self, language: str) -> list[Term]:
        """The terms by the alphabet of the language, near enough: accents do not count."""
        return sorted(self.terms, key=lambda term: self.text(term.key, language).casefold())


def load_guide(compiled: bytes) -> Guide:
    """The guide from its compiled JSON."""
    payload = json.loads(compiled)
    entries = tuple(payload["entries"])
    return Guide(
        instrument=payload["instrument"],
        sections=tuple(payload["sections"]),
        topics=tuple(_topic(row) for row in payload["topics"]),
        faults=tuple(Fault(row["id"], tuple(row["tries"])) for row in payload["faults"]),
        closing=tuple(payload["closing"]),
        terms=tuple(Term(id_) for id_ in payload["terms"]),
        texts=payload["texts"],
        entries=entries,
        index={code: Index(code, rows, len(entries)) for code, rows in payload["index"].items()},
    )


def _topic(row: Mapping[str, Any]) -> Topic:
    return Topic(
        row["id"],
        row["section"],
        tuple(row["statements"]),
        tuple(row["paragraphs"]),
        tuple(GuideLink(key, url) for key, url in row["links"]),
    )
