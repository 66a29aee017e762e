"""The pages of the guide as HTML. Elements are built, not strings, so nothing goes unescaped."""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from content.guide.model import Entry, Fault, Guide, Term, Topic
from content.guide.search import faults_meant, search
from locales import LANGUAGES, Words, words_in

FOUND = 20
"""Search results on a page."""

Node = ET.Element


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
    lists = _list(
        [
            _link(words("Terms"), visit.address("terms")),
            _link(words("Technical problems"), visit.address("problems")),
        ]
    )
    lead = lead or words("Short articles with what to do and what to watch out for.")
    return _document(visit, words("The guide"), [_element("p", lead), lists, *parts], query)


def _part(visit: Visit, section: str) -> Node:
    topics = visit.guide.topics_of(section)
    links = [_link(visit.text(topic.key), visit.address(topic.id)) for topic in topics]
    return _element("section", _element("h2", visit.text(f"section/{section}")), _list(links))


def missing(visit: Visit) -> str:
    return contents(visit, visit.words("This page does not exist. The guide begins here:"))


def article(visit: Visit, topic: Topic) -> str:
    """A topic: its text, the statements that it serves, and its links."""
    words = visit.words
    parts = [_element("p", visit.text(key)) for key in topic.paragraphs]
    if topic.statements:
        served = [f"{statement} {visit.text(statement)}" for statement in topic.statements]
        parts += [_element("h2", words("Helps with these statements:")), _list(served)]
    if topic.links:
        links = [_link(visit.text(link.key), link.url) for link in topic.links]
        parts += [_element("h2", words("Links")), _list(links)]
    return _document(visit, visit.text(topic.key), parts)


def terms(visit: Visit) -> str:
    rows = _element("dl")
    for term in visit.guide.terms_in(visit.language):
        rows.append(_element("dt", visit.text(term.key), id=f"term-{term.id}"))
        rows.append(_element("dd", visit.text(term.means_key)))
    return _document(visit, visit.words("Terms"), [rows])


def problems(visit: Visit) -> str:
    """Every technical problem with what to try, and the advice that holds for all."""
    parts = [_problem(visit, fault) for fault in visit.guide.faults]
    closing = _list([visit.text(key) for key in visit.guide.closing])
    parts += [_element("h2", visit.words("So that it does not happen again:")), closing]
    return _document(visit, visit.words("Technical problems"), parts)


def _problem(visit: Visit, fault: Fault) -> Node:
    heading = _element("h2", visit.text(fault.key), id=f"fault-{fault.id}")
    return _element("section", heading, _list([visit.text(key) for key in fault.tries]))


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
    return _document(visit, visit.words("Search"), [_element("p", lead), *found], query)


def _result(visit: Visit, entry: Entry) -> Node:
    title = _element("h2", _link(visit.text(entry.key), visit.address(_place(entry))))
    return _element("section", title, _element("p", visit.text(_opening(entry))))


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
    body = _element(
        "body",
        _bar(visit),
        _element("main", _search(visit, query), _article(title, parts), **{"class": "reading"}),
        **{"class": "guide"},
    )
    page = _element("html", _head(visit, f"{title} · {heading}"), body, lang=visit.language)
    return "<!doctype html>\n" + ET.tostring(page, encoding="unicode", method="html") + "\n"


def _head(visit: Visit, title: str) -> Node:
    head = _element("head", _element("meta", charset="utf-8"), _element("title", title))
    screen = "width=device-width, initial-scale=1, viewport-fit=cover"
    head.append(_element("meta", name="viewport", content=screen))
    head.append(_element("meta", name="color-scheme", content="light dark"))
    for sheet in ("chat", "guide"):
        head.append(_element("link", rel="stylesheet", href=f"/static/{sheet}.css"))
    icon = {"rel": "icon", "href": "/static/favicon.svg", "type": "image/svg+xml"}
    head.append(_element("link", **icon))
    for language in LANGUAGES:
        there = visit.address(visit.page, language)
        head.append(_element("link", rel="alternate", hreflang=language, href=there))
    return head


def _bar(visit: Visit) -> Node:
    words = visit.words
    home = _link(words("The guide"), visit.address(), **{"class": "home"})
    chat = _link(words("Assess yourself in the chat"), "/")
    others = [
        _link(name, visit.address(visit.page, code), lang=code, hreflang=code)
        for code, name in LANGUAGES.items()
        if code != visit.language
    ]
    ways = _element("nav", home, *others, chat, **{"aria-label": words("The guide")})
    return _element("header", ways, **{"class": "bar"})


def _search(visit: Visit, query: str) -> Node:
    label = visit.words("Search the guide")
    box = {"type": "search", "name": "q", "value": query, "maxlength": "120", "aria-label": label}
    button = _element("button", visit.words("Search"), type="submit")
    field = _element("input", placeholder=label, **box)
    return _element("form", field, button, role="search", method="get", action=visit.address())


def _article(title: str, parts: Iterable[Node]) -> Node:
    return _element("article", _element("h1", title), *parts, **{"class": "message"})


# --- Elements --------------------------------------------------------------------------------


def _element(tag: str, /, *inside: Node | str, **attributes: str) -> Node:
    """An element with a text, or with elements, inside."""
    made = ET.Element(tag, attributes)
    for part in inside:
        if isinstance(part, str):
            made.text = part
        else:
            made.append(part)
    return made


def _link(text: str, address: str, **attributes: str) -> Node:
    return _element("a", text, href=address, **attributes)


def _list(items: Iterable[Node | str]) -> Node:
    return _element("ul", *(_element("li", item) for item in items))
