"""The pages of the guide as HTML."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.web.elements import Node, document, element, head, link, listed
from content.guide.model import Entry, Fault, Guide, Term, Topic
from content.guide.search import faults_meant, search
from locales import LANGUAGES, Words, words_in

FOUND = 20
"""Search results on a page."""


@dataclass(frozen=True)
class Visit:
    """Who reads what: ``page`` is the last part of the address, empty for the contents."""

    guide: Guide
    language: str
    page: str

    @property
    def words(self) -> Words:
        return words_in(self.language)

    def text(self, key: str) -> str:
        return self.guide.text(key, self.language)

    def address(self, page: str = "", language: str = "") -> str:
        return f"/guide/{language or self.language}/{page}"


# --- The pages -------------------------------------------------------------------------------


def contents(visit: Visit, lead: str = "", query: str = "") -> str:
    """Every topic by section, and the ways to terms and technical problems."""
    words = visit.words
    parts = [_part(visit, section) for section in visit.guide.parts]
    lists = listed(
        [
            link(words("Terms"), visit.address("terms")),
            link(words("Technical problems"), visit.address("problems")),
        ]
    )
    lead = lead or words("Short articles with what to do and what to watch out for.")
    return _document(visit, words("The guide"), [element("p", lead), lists, *parts], query)


def _part(visit: Visit, section: str) -> Node:
    topics = visit.guide.topics_of(section)
    links = [link(visit.text(topic.key), visit.address(topic.id)) for topic in topics]
    return element("section", element("h2", visit.text(f"section/{section}")), listed(links))


def missing(visit: Visit) -> str:
    return contents(visit, visit.words("This page does not exist. The guide begins here:"))


def article(visit: Visit, topic: Topic) -> str:
    """A topic: its text, the statements that it serves, and its links."""
    words = visit.words
    parts = [element("p", visit.text(key)) for key in topic.paragraphs]
    if topic.statements:
        served = [f"{statement} {visit.text(statement)}" for statement in topic.statements]
        parts += [element("h2", words("Helps with these statements:")), listed(served)]
    if topic.links:
        links = [link(visit.text(one.key), one.url) for one in topic.links]
        parts += [element("h2", words("Links")), listed(links)]
    return _document(visit, visit.text(topic.key), parts)


def terms(visit: Visit) -> str:
    rows = element("dl")
    for term in visit.guide.terms_in(visit.language):
        rows.append(element("dt", visit.text(term.key), id=f"term-{term.id}"))
        rows.append(element("dd", visit.text(term.means_key)))
    return _document(visit, visit.words("Terms"), [rows])


def problems(visit: Visit) -> str:
    """Every technical problem with what to try, and the advice that holds for all."""
    parts = [_problem(visit, fault) for fault in visit.guide.faults]
    closing = listed([visit.text(key) for key in visit.guide.closing])
    parts += [element("h2", visit.words("So that it does not happen again:")), closing]
    return _document(visit, visit.words("Technical problems"), parts)


def _problem(visit: Visit, fault: Fault) -> Node:
    heading = element("h2", visit.text(fault.key), id=f"fault-{fault.id}")
    return element("section", heading, listed([visit.text(key) for key in fault.tries]))


def results(visit: Visit, query: str) -> str:
    """What the guide has on a query, the best first."""
    keys = faults_meant(visit.guide, query)
    keys += [key for key in search(visit.guide, visit.language, query) if key not in keys]
    if not keys:
        nothing = visit.words(
            "There is nothing on “{text}” in the guide. Please try another word, or choose a section.",
            text=query,
        )
        return contents(visit, nothing, query)
    found = [_result(visit, visit.guide.by_key[key]) for key in keys[:FOUND]]
    lead = visit.words("In the guide on “{text}”:", text=query)
    return _document(visit, visit.words("Search"), [element("p", lead), *found], query)


def _result(visit: Visit, entry: Entry) -> Node:
    title = element("h2", link(visit.text(entry.key), visit.address(_place(entry))))
    return element("section", title, element("p", visit.text(_opening(entry))))


def _place(entry: Entry) -> str:
    match entry:
        case Topic():
            return entry.id
        case Fault():
            return f"problems#fault-{entry.id}"
        case Term():
            return f"terms#term-{entry.id}"


def _opening(entry: Entry) -> str:
    """The key of the text that tells what an entry is about."""
    match entry:
        case Topic():
            return entry.paragraphs[0]
        case Fault():
            return entry.tries[0]
        case Term():
            return entry.means_key


# --- What surrounds every page ---------------------------------------------------------------


def _document(visit: Visit, title: str, parts: Iterable[Node], query: str = "") -> str:
    heading = visit.words("Guide of Merilo")
    body = element(
        "body",
        _bar(visit),
        element("main", _search(visit, query), _article(title, parts), **{"class": "reading"}),
        **{"class": "guide"},
    )
    return document(_head(visit, f"{title} · {heading}"), body, visit.language)


def _head(visit: Visit, title: str) -> Node:
    made = head(title, "chat", "guide")
    for language in LANGUAGES:
        there = visit.address(visit.page, language)
        made.append(element("link", rel="alternate", hreflang=language, href=there))
    return made


def _bar(visit: Visit) -> Node:
    words = visit.words
    home = link(words("The guide"), visit.address(), **{"class": "home"})
    chat = link(words("Assess yourself in the chat"), "/")
    others = [
        link(name, visit.address(visit.page, code), lang=code, hreflang=code)
        for code, name in LANGUAGES.items()
        if code != visit.language
    ]
    ways = element("nav", home, *others, chat, **{"aria-label": words("The guide")})
    return element("header", ways, **{"class": "bar"})


def _search(visit: Visit, query: str) -> Node:
    label = visit.words("Search the guide")
    box = {"type": "search", "name": "q", "value": query, "maxlength": "120", "aria-label": label}
    button = element("button", visit.words("Search"), type="submit")
    field = element("input", placeholder=label, **box)
    return element("form", field, button, role="search", method="get", action=visit.address())


def _article(title: str, parts: Iterable[Node]) -> Node:
    return element("article", element("h1", title), *parts, **{"class": "message"})
