"""Every instrument: whole in three languages, within a phone's bounds, and true to their sources."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from bot.shipped import INSTRUMENTS, ORDER, folders
from bot.telegram.rendering import messages
from content.model import Statement
from content.reach import REFINEMENTS
from content.reading import read_instrument
from content.scoring import is_agreement
from content.source import InstrumentSource
from content.values import MISSING, number_value
from dialogs.scenes.asking import NOTE_LIMIT
from dialogs.tokens import parse
from dialogs.types import Answer, Assessment, Pressed, Reply
from locales import LANGUAGES
from tests.chat import HERE, Chat, agreed, edition

NAMES = [folder.name for folder in folders()]
EDITIONS = {name: edition(name) for name in NAMES}
SOURCES = Path(os.environ.get("MERILO_TEST_SOURCES", HERE.parent.parent / "shared" / "sources"))
"""The documents that ``source:`` fields point into. They are not ours to publish with the project."""

each = pytest.mark.parametrize("name", NAMES)
every_language = pytest.mark.parametrize("language", LANGUAGES)

LIMITS = {
    r"title": 75,
    r"about": 450,
    r"section/[^/]+": 60,
    r"[A-Z]*[0-9.]+": 200,
    r"[^/]+/why": 220,
    r"[^/]+/tip/\d+": 190,
    r"[^/]+/item/[^/]+": 62,
    r"[^/]+/item/[^/]+/text": 120,
    r"option/[^/]+": 24,
}
"""Characters by key: what a phone shows without scrolling, and what a button holds."""


def test_shipped__begin_with_the_six_of_the_menu() -> None:
    assert tuple(NAMES[: len(ORDER)]) == ORDER


@each
def test_id__is_the_folders_name(name: str) -> None:
    assert EDITIONS[name].instrument == name


# --- Texts -----------------------------------------------------------------------------------


@each
@every_language
def test_every_text__is_there_and_fits(name: str, language: str) -> None:
    texts = EDITIONS[name].texts[language]
    assert set(texts) == set(EDITIONS[name].texts["en"])
    assert all(text.strip() and "\n" not in text for text in texts.values())
    assert {key: len(text) for key, text in texts.items() if len(text) > _limit(key)} == {}


def _limit(key: str) -> int:
    found = (limit for pattern, limit in LIMITS.items() if re.fullmatch(pattern, key))
    return next(found, 900)


@each
@pytest.mark.parametrize("language", ["bg", "lv"])
def test_translation__is_not_the_english(name: str, language: str) -> None:
    english, texts = EDITIONS[name].texts["en"], EDITIONS[name].texts[language]
    same = [key for key, text in texts.items() if text == english[key]]
    assert [key for key in same if not key.endswith("/typed")] == []


@each
@every_language
def test_answers__side_by_side__fit_a_narrow_phone(name: str, language: str) -> None:
    for statement in EDITIONS[name].statements.values():
        options = statement.scale.options
        labels = [EDITIONS[name].text(option.key, language) for option in options]
        assert all(len(a) + len(b) <= 46 for a, b in zip(labels[::2], labels[1::2], strict=False))


# --- Tips ------------------------------------------------------------------------------------


@each
def test_every_tip__is_shown_for_some_answer(name: str) -> None:
    for statement in EDITIONS[name].statements.values():
        assert {tip.key for tip in statement.tips} == _shown(name, statement)


def _shown(name: str, statement: Statement) -> set[str]:
    if statement.kind == "checklist":
        return {tip.key for tip in statement.tips_for(MISSING)}
    return {
        tip.key
        for option in statement.scale.options
        for tip in statement.tips_for(option.id)[: _room(name, statement, option.id)]
    }


def _room(name: str, statement: Statement, option: str) -> int | None:
    """How many tips an answer is given: see dialogs/scenes/findings.py."""
    chosen, scale = statement.scale.by_id[option], statement.scale
    if EDITIONS[name].result == "gap":
        return REFINEMENTS if chosen.points < statement.required else 1
    if chosen.points == scale.top:
        return 1
    return REFINEMENTS if is_agreement(scale, chosen) else None


@each
def test_every_choice__has_a_tip_for_each_answer(name: str) -> None:
    for statement in EDITIONS[name].statements.values():
        for option in statement.scale.options:
            assert statement.tips_for(option.id), (statement.id, option.id)


# --- Sources ---------------------------------------------------------------------------------


def sources(part: BaseModel) -> Iterator[str]:
    """Every ``source`` in a part of an instrument, and in the parts of it."""
    for field in type(part).model_fields:
        value = getattr(part, field)
        if field == "source" and value:
            yield value
        for inner in value if isinstance(value, tuple) else (value,):
            if isinstance(inner, BaseModel):
                yield from sources(inner)


def shipped(name: str) -> InstrumentSource:
    return read_instrument(INSTRUMENTS / name / "instrument.yaml")[0]


@each
def test_every_source__names_lines_or_says_ours(name: str) -> None:
    named = list(sources(shipped(name)))
    assert named
    assert [s for s in named if not re.match(r"ours\b|00\d L\d", s)] == []


@each
@pytest.mark.skipif(not SOURCES.exists(), reason="the source documents are not here")
def test_every_source__traces_to_lines_that_are_there(name: str) -> None:
    lengths = {path.name[:3]: _length(path) for path in SOURCES.glob("00?_*.txt")}
    for source in sources(shipped(name)):
        document = ""
        for number, first, last in re.findall(r"(?:(00\d) )?L(\d+)(?:–L?(\d+))?", source):
            document = number or document
            assert 1 <= int(first) <= int(last or first) <= lengths[document], source


def _length(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


# --- From start to result --------------------------------------------------------------------


@each
@every_language
@pytest.mark.parametrize("lowest", [True, False], ids=["lowest", "highest"])
def test_whole_way__extreme_answers__every_message_fits_telegram(
    name: str, language: str, lowest: bool
) -> None:
    chat = agreed(name, language=language)
    chat.receive(Pressed(f"begin:{name}"))
    while chat.state.scene != "result":
        go_on(chat, name, lowest=lowest)
        fits(chat.shown[-1])
    assert set(chat.answers) == set(EDITIONS[name].order)
    chat.say("/review")
    for section in EDITIONS[name].sections:
        code = next(iter(chat.shelf))
        fits(chat.receive(Pressed(f"review:{code}:{section.id}")).replies[0])


def go_on(chat: Chat, name: str, *, lowest: bool) -> None:
    """One step of the way: an answer, or onward, through what may be left out too."""
    code = next(iter(chat.shelf))
    if chat.state.scene == "section":
        tokens = [c.token for row in chat.card().choices for c in row]
        onward = [made for made in tokens if made.startswith("+next:")]
        chat.receive(Pressed((onward or [f"overall:{code}"])[0]))
        return
    left = (s for s in EDITIONS[name].statements.values() if s.id not in chat.answers)
    statement = next(left)
    give(chat, f"{code}:{statement.id}:{statement.revision}", statement, lowest=lowest)


def give(chat: Chat, place: str, statement: Statement, *, lowest: bool) -> None:
    match statement.kind:
        case "choice":
            option = statement.scale.options[-1 if lowest else 0]
            chat.receive(Pressed(f"a:{place}:{option.id}"))
        case "number":
            chat.say(str(statement.minimum if lowest else statement.maximum))
        case "text":
            chat.say("ж" * statement.limit)
        case _:
            for item in () if lowest else statement.items:
                chat.receive(Pressed(f"tick:{place}:{item}:1"))
                fits(chat.shown[-1])
            chat.receive(Pressed(f"ticked:{place}"))


def fits(reply: Reply) -> None:
    parts = messages(reply.blocks)
    assert len(parts) <= 6
    assert all(1 <= len(part.encode("utf-16-le")) // 2 <= 4096 for part in parts)
    assert all(len(c.label) <= 64 and len(c.token.encode()) <= 64 for r in reply.choices for c in r)
    assert [c for row in reply.choices for c in row]


# --- Once more -------------------------------------------------------------------------------


@each
@every_language
def test_comparison__of_the_lowest_and_the_highest__every_page_is_one_message(
    name: str, language: str
) -> None:
    chat = agreed(name, language=language)
    for code, lowest in (("before", True), ("after", False)):
        answers = {s.id: Answer(_extreme(s, lowest)) for s in EDITIONS[name].statements.values()}
        digest = EDITIONS[name].digest
        chat.shelf[code] = Assessment(code, name, digest, chat.now, chat.now, answers)
    shown = chat.receive(Pressed("compare:after")).replies[0]
    pages = 1
    while onward := [c for c in shown.choices[0] if c.token == f"compare:after:before:{pages}"]:
        assert len(messages(shown.blocks)) == 1
        shown = chat.receive(Pressed(onward[0].token)).replies[0]
        pages += 1
    assert len(messages(shown.blocks)) == 1
    assert pages == 1 + len(EDITIONS[name].sections)


@each
@every_language
def test_last_times_answers__kept_one_by_one__give_the_same_result(
    name: str, language: str
) -> None:
    chat = agreed(name, language=language)
    answers = {
        s.id: Answer(_extreme(s, False), "n" * NOTE_LIMIT)
        for s in EDITIONS[name].statements.values()
    }
    digest = EDITIONS[name].digest
    chat.shelf["before"] = Assessment("before", name, digest, chat.now, chat.now, answers)
    chat.receive(Pressed(f"begin:{name}"))
    chat.receive(Pressed("from:before"))
    while chat.state.scene != "result":
        fits(chat.card())
        ways = {parse(c.token)[0]: c.token for row in chat.card().choices for c in row}
        chat.receive(Pressed(next(ways[v] for v in ("keep", "next", "overall") if v in ways)))
    new = next(reversed(chat.shelf.values()))
    assert new.answers == answers
    assert new.earlier == "before"


def _extreme(statement: Statement, lowest: bool) -> str:
    match statement.kind:
        case "choice":
            return statement.scale.options[-1 if lowest else 0].id
        case "number":
            return number_value(statement.minimum if lowest else statement.maximum)
        case "text":
            return ("ж" if lowest else "x") * statement.limit
        case _:
            return "" if lowest else ",".join(statement.items)
