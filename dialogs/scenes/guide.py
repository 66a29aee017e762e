"""The guide in the chat: pages that open over the card at hand and lead back to it.

Each page is a view only. It names the next pages in its buttons, so an old button opens what it says.
"""

from collections.abc import Iterable

from content.guide.model import Entry, Fault, Guide, Term, Topic
from content.guide.search import faults_meant, search
from content.model import Section
from content.scoring import points_of
from dialogs.scenes import reading
from dialogs.talk import Rows, Talk, reply
from dialogs.tokens import token
from dialogs.types import Block, Bullets, Choice, Heading, Link, Paragraph, Reply

FOUND = 6
"""Search results: what a phone shows at a glance."""

SUGGESTED = 3
"""Further topics named below an article."""

TERMS = 12
"""Terms on a page."""


def contents(talk: Talk) -> Reply:
    """The sections, and the ways in."""
    words = talk.words
    return reply(
        Heading(words("The guide")),
        Paragraph(words("Short articles with what to do and what to watch out for.")),
        Paragraph(words("Choose a section, or type what you are looking for.")),
        choices=[
            *([_part_choice(talk, section)] for section in _guide(talk).parts),
            [
                Choice(words("Terms"), token("terms")),
                Choice(words("Technical problems"), token("faults")),
            ],
            _to_read(talk),
            [_back(talk)],
        ],
    )


def _to_read(talk: Talk) -> list[Choice]:
    """What the instrument at hand brings to read."""
    return reading.way_in(talk, talk.edition) if talk.state.assessment else []


def part(talk: Talk, section: str) -> Reply | None:
    """The topics of a section of the guide."""
    topics = _guide(talk).topics_of(section)
    if not topics:
        return None
    return reply(
        Heading(_text(talk, f"section/{section}")),
        choices=[*_each(talk, topics), [_to_contents(talk), _back(talk)]],
    )


def topic(talk: Talk, id_: str) -> Reply | None:
    """An article, with its links and the statements that it serves."""
    found = _guide(talk).by_key.get(f"topic/{id_}")
    return _article(talk, found) if isinstance(found, Topic) else None


def _article(talk: Talk, found: Topic, others: Iterable[Topic] = ()) -> Reply:
    further = [_choice(talk, other) for other in others if other != found]
    return reply(
        Heading(_text(talk, found.key)),
        *(Paragraph(_text(talk, key)) for key in found.paragraphs),
        *_served(talk, found),
        *(Link(_text(talk, link.key), link.url) for link in found.links),
        choices=[
            [_back(talk)],
            *([choice] for choice in further[:SUGGESTED]),
            [_part_choice(talk, found.section), _to_contents(talk)],
        ],
    )


def _served(talk: Talk, found: Topic) -> list[Block]:
    if not found.statements:
        return []
    lines = tuple(f"{statement} {_text(talk, statement)}" for statement in found.statements)
    return [Paragraph(talk.words("Helps with these statements:")), Bullets(lines)]


# --- From a statement, and from a section's result ---------------------------------------------


def way_to_topic(talk: Talk, statement: str) -> Rows:
    """The row that leads from a statement to its topic; none where the guide has none."""
    if talk.assessment.instrument != _guide(talk).instrument:
        return []
    there = _guide(talk).topics_for(statement)
    return [[Choice(talk.words("More on this"), token("more", statement))]] if there else []


def way_to_topics(talk: Talk, section: Section) -> tuple[tuple[Choice, ...], ...]:
    """The same for a section's result."""
    if not _topics_by_need(talk, section):
        return ()
    made = token("related", talk.assessment.code, section.id)
    return ((Choice(talk.words("More on this"), made),),)


def more_on_statement(talk: Talk, statement: str) -> Reply | None:
    """The main topic of a statement, and the ways to others that serve it."""
    there = _guide(talk).topics_for(statement)
    return _article(talk, there[0], there) if there else None


def more_on_section(talk: Talk, code: str, section_id: str) -> Reply | None:
    """The topics of a section's statements, the weakest answer's first."""
    assessment = talk.world.shelf[code]
    edition = talk.world.library.edition(assessment.edition)
    section = next((s for s in edition.sections if s.id == section_id), None)
    talk = talk.at(assessment=code)
    topics = _topics_by_need(talk, section) if section else []
    if len(topics) < 2:
        return _article(talk, topics[0]) if topics else None
    return reply(
        Heading(talk.text(f"section/{section_id}")),
        Paragraph(talk.words("From the guide, first what your answers make most useful:")),
        choices=[*_each(talk, topics), [_to_contents(talk), _back(talk)]],
    )


def _topics_by_need(talk: Talk, section: Section) -> list[Topic]:
    if talk.assessment.instrument != _guide(talk).instrument:
        return []
    values, choices = talk.assessment.values, [s for s in section.statements if s.kind == "choice"]
    points = {s.id: points_of(s, values[s.id]) for s in choices if s.id in values}
    weakest_first = sorted(choices, key=lambda s: points.get(s.id, s.scale.top))
    main = (_guide(talk).topics_for(statement.id)[:1] for statement in weakest_first)
    return list(dict.fromkeys(topic for topics in main for topic in topics))


# --- Terms -----------------------------------------------------------------------------------


def terms(talk: Talk, page: str = "0") -> Reply | None:
    """A page of terms with their explanations, by the alphabet."""
    every = _guide(talk).terms_in(talk.state.language)
    number = int(page) if page.isdecimal() and len(page) < 4 else len(every)
    here = every[number * TERMS : (number + 1) * TERMS]
    if not here:
        return None
    lines = tuple(f"{_text(talk, t.key)}: {_text(talk, t.means_key)}" for t in here)
    return reply(
        Heading(talk.words("Terms")),
        Bullets(lines),
        choices=[_turning(talk, number, len(every)), [_to_contents(talk), _back(talk)]],
    )


def _turning(talk: Talk, page: int, count: int) -> list[Choice]:
    before = [Choice(talk.words("Previous page"), token("terms", page - 1))] if page else []
    more = (page + 1) * TERMS < count
    after = [Choice(talk.words("Next page"), token("terms", page + 1))] if more else []
    return [*before, *after]


def term(talk: Talk, id_: str) -> Reply | None:
    found = _guide(talk).by_key.get(f"term/{id_}")
    if not isinstance(found, Term):
        return None
    return reply(
        Heading(_text(talk, found.key)),
        Paragraph(_text(talk, found.means_key)),
        choices=[[_back(talk)], [Choice(talk.words("Terms"), token("terms")), _to_contents(talk)]],
    )


# --- Technical problems ----------------------------------------------------------------------


def faults(talk: Talk) -> Reply:
    """What may fail: the first of two taps."""
    words = talk.words
    return reply(
        Heading(words("Technical problems")),
        Paragraph(words("What does not work?")),
        choices=[*_each(talk, _guide(talk).faults), [_to_contents(talk), _back(talk)]],
    )


def fault(talk: Talk, id_: str) -> Reply | None:
    """What to try, and the advice that holds for every problem."""
    found = _guide(talk).by_key.get(f"fault/{id_}")
    if not isinstance(found, Fault):
        return None
    words, guide = talk.words, _guide(talk)
    return reply(
        Heading(_text(talk, found.key)),
        Paragraph(words("Try one after the other:")),
        Bullets(tuple(_text(talk, key) for key in found.tries)),
        Paragraph(words("So that it does not happen again:")) if guide.closing else None,
        Bullets(tuple(_text(talk, key) for key in guide.closing)) if guide.closing else None,
        choices=[[Choice(words("Another problem"), token("faults"))], [_back(talk)]],
    )


# --- Search ----------------------------------------------------------------------------------


def found(talk: Talk, text: str) -> Reply:
    """What the guide has on a text, for somebody who asked for it."""
    keys = faults_meant(_guide(talk), text)
    keys += [k for k in search(_guide(talk), talk.state.language, text) if k not in keys]
    if not keys:
        return _nothing_found(talk, text)
    return _results(talk, talk.words("In the guide on “{text}”:", text=text), keys)


def surely_meant(talk: Talk, text: str) -> list[str]:
    """The keys that a text fits surely, though nobody asked for a search."""
    meant = faults_meant(_guide(talk), text)
    return meant or search(_guide(talk), talk.state.language, text, sure=True)


def guessed(talk: Talk, keys: list[str]) -> Reply:
    lead = talk.words("That is no answer here, but the guide has something on it:")
    return _results(talk, lead, keys)


def _results(talk: Talk, lead: str, keys: list[str]) -> Reply:
    entries = [_guide(talk).by_key[key] for key in keys[:FOUND]]
    rows = [*_each(talk, entries), [_to_contents(talk), _back(talk)]]
    return reply(Heading(talk.words("The guide")), Paragraph(lead), choices=rows)


def _nothing_found(talk: Talk, text: str) -> Reply:
    nothing = talk.words(
        "There is nothing on “{text}” in the guide. Please try another word, or choose a section.",
        text=text,
    )
    return reply(Paragraph(nothing), choices=contents(talk).choices)


# --- Buttons ---------------------------------------------------------------------------------

VERBS = {Topic: "topic", Fault: "fault", Term: "term"}


def _guide(talk: Talk) -> Guide:
    return talk.world.library.guide


def _text(talk: Talk, key: str) -> str:
    return _guide(talk).text(key, talk.state.language)


def _each(talk: Talk, entries: Iterable[Entry]) -> list[list[Choice]]:
    return [[_choice(talk, entry)] for entry in entries]


def _choice(talk: Talk, entry: Entry) -> Choice:
    return Choice(_text(talk, entry.key), token(VERBS[type(entry)], entry.id))


def _part_choice(talk: Talk, section: str) -> Choice:
    return Choice(_text(talk, f"section/{section}"), token("part", section))


def _to_contents(talk: Talk) -> Choice:
    return Choice(talk.words("The whole guide"), token("guide"))


def _back(talk: Talk) -> Choice:
    return Choice(talk.words("Back to my place"), token("here"))
