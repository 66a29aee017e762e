"""The guide: what authors are told, what is shipped, and pages that never move the open card."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot.shipped import GUIDE, shipped_guide
from content.guide.compiler import compile_guide
from content.guide.model import load_guide
from content.guide.source import read_guide
from content.library import Library
from content.problems import ContentError
from dialogs.core import step
from dialogs.scenes import sharing
from dialogs.tokens import LIMIT
from dialogs.types import Bullets, Heading, Paragraph, Pressed, Reply, Said, State, Step, World
from locales import LANGUAGES
from tests.chat import HERE, NOON, Chat, agreed, edition, guide, library

TINY = HERE / "guides" / "tiny"
CATALOGUES = {language: TINY / f"{language}.po" for language in ("bg", "lv")}


def title(message: Reply) -> str:
    return next(block.text for block in message.blocks if isinstance(block, Heading))


def says(done: Step) -> str:
    return "\n".join(str(block) for message in done.replies for block in message.blocks)


# --- What authors are told -------------------------------------------------------------------


def _told(tmp_path: Path, old: str, new: str) -> str:
    """The problems of the tiny guide with one thing changed in it."""
    file = tmp_path / "guide.yaml"
    file.write_text((TINY / "guide.yaml").read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(ContentError) as error:
        compile_guide(file, CATALOGUES, edition("tiny"))
    return str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('["1.1", "1.2"]', '["1.9"]', "guide.yaml:9: “1.9” is not a statement"),
        ("section: more", "section: less", "guide.yaml:16: “less” is not a section"),
        ("    title: A good example\n", "", "“G2” is not a topic of the instrument"),
        ("id: G2", "id: G1", "guide.yaml:15: the id “G1” is used already"),
        ("https://example.org", "http://example.org", "an address begins with https://"),
        ("    problem: There is no sound\n", "", "faults.0: “problem”: it is missing: add it"),
        ("Read them twice.", "Read them.", "G1/2: the English text has changed"),
        ("means: What", "note: x, means: What", "terms.0: “note”: there is no such key here"),
    ],
)
def test_compile__wrong_file__names_line_and_remedy(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    assert told in _told(tmp_path, old, new)


def test_shipped_texts__are_there_in_every_language_and_fit() -> None:
    whole = guide("occay")
    for language in LANGUAGES:
        for topic in whole.topics:
            words = " ".join(whole.text(key, language) for key in topic.paragraphs).split()
            assert 80 <= len(words) <= 230, (topic.id, language, len(words))
            assert len(whole.text(topic.key, language)) <= 70
    assert len([topic for topic in whole.topics if topic.section.isdecimal()]) == 39
    assert (len(whole.faults), len(whole.terms)) == (10, 40)


def test_shipped_guide__serves_every_statement() -> None:
    assert all(guide("occay").topics_for(statement) for statement in edition("occay").required)


def test_shipped_source__every_part_names_where_it_comes_from() -> None:
    source, _ = read_guide(GUIDE / "guide.yaml")
    named = {f"{topic.id}: {topic.source}" for topic in source.topics}
    named |= {f"{fault.id}: {fault.source}" for fault in source.faults}
    named |= {f"{term.id}: {term.source}" for term in source.terms}
    assert [row for row in named if not re.search(r": (000 L\d|glossary \d|ours)", row)] == []


def test_shipped_guide__is_compiled_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = shipped_guide(library("occay"), tmp_path)
    monkeypatch.setattr("content.guide.compiler.compile_guide", None)
    again = shipped_guide(library("occay"), tmp_path)
    assert again.texts == first.texts
    assert len(list(tmp_path.iterdir())) == 1


def test_shipped_guide__folder_cannot_be_written__is_compiled_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert shipped_guide(library("occay"), tmp_path / "file").topics


def test_shipped_guide__edition_of_an_admin_without_a_statement__is_served_without_it(
    tmp_path: Path,
) -> None:
    whole = edition("occay")
    first, *others = whole.sections
    without = replace(first, statements=first.statements[1:])
    shorter = replace(whole, digest="other", sections=(without, *others))
    retired = first.statements[0].id
    made = shipped_guide(Library([shorter], ["other"]), tmp_path)
    assert shipped_guide(library("occay"), tmp_path).topics_for(retired)
    assert not made.topics_for(retired)
    assert made.topics


def test_shipped_guide__instrument_not_on_offer__is_empty(tmp_path: Path) -> None:
    assert not shipped_guide(library("tiny"), tmp_path).topics


def test_load__in_place_of_the_compiler__gives_the_same(tmp_path: Path) -> None:
    shutil.copy(TINY / "guide.yaml", tmp_path)
    compiled = compile_guide(tmp_path / "guide.yaml", CATALOGUES, edition("tiny"))
    assert load_guide(compiled).text("G1/2", "lv") == "Izlasiet tos divreiz."


# --- In the chat -----------------------------------------------------------------------------


def reading(language: str = "en") -> Chat:
    """A chat with the whole guide, at the first statement."""
    chat = agreed("occay", language=language, guide_of="occay")
    chat.receive(Pressed("begin:occay"))
    return chat


@pytest.mark.parametrize(
    "token",
    "guide part:1 topic:G1-1 more:1.1 terms terms:3 term:gdpr faults fault:echo".split(),  # noqa: SIM905
)
def test_page__pressed_twice__leaves_the_place_as_it_is(token: str) -> None:
    chat = reading()
    before, card = chat.state, chat.card()
    for _ in range(2):
        chat.receive(Pressed(token))
    chat.receive(Pressed("here"))
    assert chat.state == before
    assert chat.shown[-1] == card


@pytest.mark.parametrize(
    "token",
    "part:99 topic:G9-9 topic: more:9.9 terms:99 terms:x1 terms:-1 term:x fault:x related:no:1".split(),  # noqa: SIM905
)
def test_page__that_is_not_there__shows_where_we_are(token: str) -> None:
    done = reading().receive(Pressed(token))
    assert "1.1" in says(done)


def test_language__changed_with_a_page_open__opens_the_card_and_old_buttons_follow() -> None:
    chat = reading()
    chat.receive(Pressed("topic:G1-4"))
    chat.receive(Pressed("language:lv"))
    done = chat.receive(Pressed("topic:G1-4"))
    assert title(done.replies[0]) == guide("occay").text("topic/G1-4", "lv")


@pytest.mark.parametrize("token", ["guide", "topic:G1-1", "faults"])
def test_page__before_consent__waits_for_it(token: str) -> None:
    chat = Chat("occay", guide_of="occay")
    assert "Choose your language." in says(chat.receive(Pressed(token)))
    assert "Choose your language." in says(chat.say("/guide consent"))


@pytest.mark.parametrize("text", ["rather agree", "2", "Later", "Български", "по-скоро да"])
def test_typed_answer_or_button__is_not_taken_for_a_search(text: str) -> None:
    plain, guided = agreed("occay"), reading()
    plain.receive(Pressed("begin:occay"))
    plain.say(text)
    guided.say(text)
    assert guided.state == plain.state
    assert guided.answers == plain.answers


def test_typed_answer__with_a_page_open__brings_the_card_back() -> None:
    chat = reading()
    chat.receive(Pressed("topic:G1-1"))
    assert "1 of 35" in says(chat.say("rather agree"))
    chat.say("rather agree")
    assert chat.answers == {"1.1": "rather_agree"}


def test_typed_button__of_a_page__is_pressed() -> None:
    chat = reading()
    chat.receive(Pressed("topic:G1-1"))
    assert "1 of 35" in says(chat.say("back to my place"))
    chat.say("/guide")
    assert title(chat.say("rules and standards").replies[0]) == "Rules and standards"


def test_typed_word__with_the_guide_open__is_looked_for() -> None:
    chat = reading("bg")
    chat.say("/guide")
    found = chat.say("консултантите").replies[0]
    assert chat.state.view == "guide"
    assert guide("occay").text("topic/G1-3", "bg") in str(found.choices)
    assert not chat.answers


@pytest.mark.parametrize("text", ["code of ethics", "the Code of Ethics?", "етичният кодекс"])
def test_typed_word__otherwise_not_understood__is_looked_for(text: str) -> None:
    assert "topic:G1-4" in str(reading().say(text).replies[0].choices)


@pytest.mark.parametrize("text", ["hello, how are you?", "thanks", "здравейте", "paldies", "???"])
def test_small_talk__is_not_taken_for_a_search(text: str) -> None:
    assert "did not understand" in says(reading().say(text))


def test_note__typed_while_its_prompt_is_open__stays_a_note() -> None:
    chat = reading()
    chat.receive(Pressed(f"note:{chat.state.assessment}:1.1"))
    assert chat.state.scene == "note"
    chat.say("consent")
    assert list(chat.shelf.values())[-1].note("1.1") == "consent"


def test_buttons__of_every_page__fit_telegram() -> None:
    chat, whole = reading("bg"), guide("occay")
    tokens = ["guide", "terms", "faults", *(f"part:{section}" for section in whole.parts)]
    tokens += [f"topic:{topic.id}" for topic in whole.topics]
    tokens += [f"fault:{fault.id}" for fault in whole.faults]
    for token in tokens:
        for message in chat.receive(Pressed(token)).replies:
            assert all(len(c.token.encode()) <= LIMIT for row in message.choices for c in row)
            assert any(isinstance(block, Paragraph | Bullets | Heading) for block in message.blocks)


def test_without_a_guide__nothing_offers_it_and_nothing_fails() -> None:
    world = World(library("tiny"), {}, NOON, "code")
    state = State("en", scene="menu", consent=1)
    for event in (Said("/guide"), Said("/help_tech"), Said("no sound"), Pressed("terms")):
        assert step(state, event, world).replies


# --- To share --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_offers__carry_no_more_than_the_guide(language: str) -> None:
    for query in ("", "consent", "няма звук", "ētikas kodekss"):
        offers = sharing.offers(guide("occay"), language, query)
        assert 0 < len(offers) <= sharing.OFFERED
        assert len({offer.id for offer in offers}) == len(offers)
        assert all(len(offer.id.encode()) <= LIMIT for offer in offers)
