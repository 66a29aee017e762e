"""Whether the messages that an edition leads to fit Telegram, each in one piece.

They are composed as people would see them, with the longest that may come: a note on every card, the
answers with the longest tips in every result.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from bot.telegram.rendering import LIMIT, messages
from content.library import Library
from content.model import Edition, Section, Statement
from content.reach import shown_tips
from content.sentences import Sentence
from content.values import number_value
from dialogs.scenes import asking, menu, reading, results
from dialogs.scenes.asking import NOTE_LIMIT
from dialogs.talk import Talk, noticed
from dialogs.types import Answer, Assessment, Reply, State, World

CODE = "longest"
DAY = datetime(2026, 9, 30, tzinfo=UTC)
NOTICE = "n" * 200
"""As long as a sentence ahead of a card, such as how a typed answer was understood."""

Found = Iterator[tuple[str, str, str]]


def too_long_messages(edition: Edition) -> Found:
    """Language, key of the text that a message is about, and what to do."""
    for language in edition.texts:
        for key, name, message in _messages(edition, language):
            parts = messages(message.blocks)
            if len(parts) > 1 or _length(parts[0]) > LIMIT:
                size = sum(_length(part) for part in parts)
                told = Sentence(
                    "{message} can become {size} letters long, and a message holds {limit}: shorten it",
                    message=name,
                    size=size,
                    limit=LIMIT,
                )
                yield language, key, told


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _messages(edition: Edition, language: str) -> Iterator[tuple[str, Sentence, Reply]]:
    for section in edition.sections:
        for statement in section.statements:
            yield statement.key, Sentence("its card"), _card(edition, language, statement)
        for values in _answers(edition, language, section):
            talk = _talk(edition, language, values).at(scene="section", section=section.id)
            yield section.key, Sentence("the result with its tips"), results.section_result(talk)
    for values in _whole_answers(edition):
        talk = _talk(edition, language, values).at(scene="result")
        yield "scoring", Sentence("the overall result"), results.overall_result(talk)
    talk = _talk(edition, language, None)
    yield "about", Sentence("the introduction"), menu.introduce(talk, edition.instrument)
    for extra in edition.extras:
        if page := reading.page(talk, edition.instrument, extra.id):
            yield extra.key, Sentence("the page"), page


def _talk(edition: Edition, language: str, values: dict[str, str] | None) -> Talk:
    """With an assessment that has these answers; with none at all for None."""
    answers = {id_: Answer(value) for id_, value in (values or {}).items()}
    assessment = Assessment(CODE, edition.instrument, edition.digest, DAY, answers=answers)
    library = Library([edition], [edition.digest])
    state = State(
        language, scene="asking", consent=1, assessment=CODE if values is not None else None
    )
    return Talk(state, World(library, {} if values is None else {CODE: assessment}, DAY, "fresh"))


def _card(edition: Edition, language: str, statement: Statement) -> Reply:
    """With the section's introduction, why it matters, and a note as long as it may be."""
    values = {statement.only_if[0]: statement.only_if[1]} if statement.only_if else {}
    talk = _talk(edition, language, values).at(cursor=statement.id)
    talk = talk.answer(statement.id, Answer(None, "ž" * NOTE_LIMIT, statement.revision))
    return noticed(asking.card(talk, statement.id, why=True), NOTICE)


# --- Answers that say most ---------------------------------------------------------------------


def _answers(edition: Edition, language: str, section: Section) -> Iterator[dict[str, str]]:
    """The answers with the longest tips, and the best ones, which have tips of their own."""
    asked = section.statements
    conditions = {s.only_if[0]: s.only_if[1] for s in asked if s.only_if}
    longest = {s.id: _longest(edition, language, s) for s in asked if s.kind != "text"}
    best = {s.id: s.scale.options[0].id for s in asked if s.kind == "choice"}
    yield {**longest, **conditions}
    yield {**longest, **best, **conditions}


def _longest(edition: Edition, language: str, statement: Statement) -> str:
    """The answer with the longest tips; a number with as many digits as there are."""
    if statement.kind == "checklist":
        return ""
    if statement.kind == "number":
        return number_value(statement.maximum - statement.step)
    sizes = {
        option.id: _tips(edition, language, statement, option.id)
        for option in statement.scale.options
    }
    return max(sizes, key=lambda id_: sizes[id_])


def _tips(edition: Edition, language: str, statement: Statement, answer: str) -> int:
    tips = shown_tips(edition.result, statement, answer)
    keys = [*(tip.key for tip in tips), *{tip.topic_key for tip in tips}]
    return sum(_length(edition.text(key, language)) for key in keys)


def _whole_answers(edition: Edition) -> Iterator[dict[str, str]]:
    """Every choice answered alike, once for each place on the scales: so each level comes up."""
    statements = edition.statements.values()
    most = max((len(s.scale.options) for s in statements), default=0)
    for place in range(max(most, 1)):
        yield {s.id: _at(s, place) for s in statements if s.kind != "text"}


def _at(statement: Statement, place: int) -> str:
    if statement.kind == "number":
        return number_value(statement.maximum if place == 0 else statement.minimum)
    options = statement.scale.options
    return options[min(place, len(options) - 1)].id if options else ""
