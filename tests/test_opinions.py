"""What readers think of texts: one verdict a person and text, sealed sentences, and never by whom."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select

from dialogs.types import Judged, Said
from storage import opinions
from storage.conversations import Address
from storage.holdings import holdings
from storage.rotation import left, rotate
from storage.tables import opinions as rows
from storage.tables import respondents
from storage.writer import Writer
from tests.chat import Chat, agreed
from tests.test_keys import NEW, OLD, with_keys
from tests.test_storage import ANNA, BORIS, Desk

TIP = "1.2/tip/1"


@pytest.fixture
def desk(database: Engine) -> Iterator[Desk]:
    with Writer(database) as writer:
        yield Desk(database, writer)


# --- In a conversation ---------------------------------------------------------------------------


def asked() -> Chat:
    """A chat at the first statement."""
    chat = agreed()
    chat.press("Begin")
    return chat


def judged(chat: Chat, token: str) -> list[Judged]:
    return [one for one in chat.press_token(token).changes if isinstance(one, Judged)]


def test_marks_and_sentences__leave_the_open_card_where_it_is() -> None:
    chat = asked()
    before = chat.card()
    code = chat.state.assessment
    [told] = judged(chat, f"judge:{code}:1.1:u")
    assert (told.key, told.verdict, told.sentence) == ("1.1", "unclear", "")
    [said] = chat.say("Which rules?").changes
    assert isinstance(said, Judged)
    assert (said.verdict, said.sentence) == ("unclear", "Which rules?")
    assert chat.card() == before
    assert chat.answers == {}


@pytest.mark.parametrize("text", ["x" * 501, "   "])
def test_sentence_that_does_not_fit__is_asked_for_again(text: str) -> None:
    chat = asked()
    chat.press_token(f"judge:{chat.state.assessment}:1.1:u")
    assert chat.say(text).changes == ()
    assert "at most 500 characters" in str(chat.shown[-1].blocks[0])
    assert len(chat.say("Short.").changes) == 1


@pytest.mark.parametrize(
    "token", ["judge:{}:1.1:1", "judge:{}:9.9:u", "judge:{}:1.1/tip/1:u", "judge:{}:1.1:x",
              "opinion:{}:1.1", "sentence:{}:9.9:u", "opinions:{}:9", "judge:strange:1.1:u"]
)  # fmt: skip
def test_forged_button__keeps_nothing_and_shows_where_we_are(token: str) -> None:
    chat = asked()
    done = chat.press_token(token.format(chat.state.assessment))
    assert done.changes == ()
    assert done.replies[0].blocks[1:] == chat.card().blocks


def test_statement_with_its_reason__is_the_only_card_with_the_question() -> None:
    chat = asked()
    assert "unclear" not in str(chat.card())
    assert "This is unclear to me" in str(chat.press("Why it matters").replies)


# --- In the database -----------------------------------------------------------------------------


async def reader(desk: Desk, who: Address = ANNA) -> str:
    """Somebody with the first statement open; the assessment's code."""
    card = None
    for token in ("start", "language:lv", "agree:1", "begin:tiny"):
        card = await desk.send(who, token)
    assert card
    tokens = [c.token for row in card.choices for c in row]
    return next(t.split(":")[1] for t in tokens if t.startswith("why:"))


async def says(desk: Desk, text: str) -> None:
    desk.events += 1
    await desk.reception.receive(ANNA, str(desk.events), Said(text), "lv")


def told(desk: Desk) -> list[opinions.Feedback]:
    with desk.engine.begin() as connection:
        return opinions.feedback(connection, "tiny")


async def test_change_of_mind__replaces_and_drops_what_was_said_of_the_other(desk: Desk) -> None:
    code = await reader(desk)
    await desk.send(ANNA, f"judge:{code}:{TIP}:1")
    await says(desk, "Labs padoms.")
    await desk.send(ANNA, f"judge:{code}:{TIP}:1")  # a double tap keeps the sentence
    assert told(desk) == [
        opinions.Feedback(1, TIP, "lv", {"helpful": 1}, (("helpful", "Labs padoms."),))
    ]
    await desk.send(ANNA, f"judge:{code}:{TIP}:0")
    assert told(desk) == [opinions.Feedback(1, TIP, "lv", {"not_helpful": 1}, ())]


async def test_opinions_of_several__are_counted_by_text_and_language(desk: Desk) -> None:
    for who in (ANNA, BORIS):
        code = await reader(desk, who)
        await desk.send(who, f"judge:{code}:1.1:u")
    code = await reader(desk, ANNA)
    await desk.send(ANNA, "language:bg")
    await desk.send(ANNA, f"judge:{code}:{TIP}:1")
    found = [(one.key, one.language, one.counts) for one in told(desk)]
    assert found == [("1.1", "lv", {"unclear": 2}), (TIP, "bg", {"helpful": 1})]


async def test_sentence__is_sealed_exported_resealed_and_erased(desk: Desk) -> None:
    code = await reader(desk)
    await desk.send(ANNA, f"judge:{code}:1.1:u")
    await says(desk, "Kuri noteikumi?")
    with desk.engine.begin() as connection:
        kept = connection.execute(select(rows)).one()
        assert "Kuri" not in kept.sentence
        person = connection.scalar(select(respondents.c.id))
        assert person is not None
        [own] = holdings(connection, person)["opinions"]
        assert (own["sentence"], own["key"], own["verdict"]) == (
            "Kuri noteikumi?",
            "1.1",
            "unclear",
        )
    anew = with_keys(desk.engine, NEW, OLD)
    with anew.begin() as connection:
        assert left(connection) > 0
    rotate(anew, lambda *_: None)
    with anew.begin() as connection:
        assert left(connection) == 0
        assert connection.execute(select(rows.c.sentence)).scalar_one() != kept.sentence
        assert opinions.feedback(connection, "tiny")[0].sentences == (
            ("unclear", "Kuri noteikumi?"),
        )
    with desk.engine.begin() as connection:
        connection.execute(respondents.delete())
    assert desk.count("opinions") == 0
