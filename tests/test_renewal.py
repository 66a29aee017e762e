"""A later edition is published while people answer: nobody's answer is read as one to other words."""

import asyncio
import io
import zipfile
from collections.abc import Iterator
from itertools import count

import pytest
from sqlalchemy import Engine, select

from bot.export import export
from bot.reception import Address, Reception
from content.compiled import digest_of
from content.compiler import compile_edition
from dialogs.types import Assessment, Pressed, Reply, Said
from storage import conversations, editions
from storage.holdings import holdings
from storage.shelf import Shelf
from storage.tables import answers, assessments
from storage.tables import editions as edition_rows
from storage.writer import Writer
from tests.chat import HERE, NOON, agreed

PEOPLE = 500
FIRST, LATER = "tiny", "tiny-later"


def compiled(name: str) -> bytes:
    folder = HERE / "instruments" / name
    catalogues = {language: folder / f"{language}.po" for language in ("bg", "lv")}
    return compile_edition(folder / "instrument.yaml", catalogues)


class House:
    """A reception, and people who write to it."""

    def __init__(self, engine: Engine, writer: Writer) -> None:
        self.engine = engine
        self._writer = writer
        self._codes = (f"code{number}" for number in count())
        self._updates = count()
        self.publish_unseen(FIRST)
        self.digests = {name: self._digest(name) for name in (FIRST, LATER)}
        self.reception = self.another_reception()

    def another_reception(self) -> Reception:
        """One more process at the same database, which knows what is published by now."""
        with self.engine.begin() as connection:
            library = editions.read_library(connection)
        return Reception(self._writer, library, lambda: NOON, self._codes.__next__)

    def publish_unseen(self, name: str) -> None:
        """As another process does it."""
        with self.engine.begin() as connection:
            editions.publish(connection, "tiny", compiled(name), name, NOON)

    def publish(self, name: str) -> None:
        self.publish_unseen(name)
        self.reception = self.another_reception()

    def _digest(self, name: str) -> str:
        return digest_of(compiled(name))

    async def send(self, who: Address, token: str) -> Reply:
        update = str(next(self._updates))
        return (await self.reception.receive(who, update, Pressed(token), "en")).replies[-1]

    async def say(self, who: Address, text: str) -> Reply:
        update = str(next(self._updates))
        return (await self.reception.receive(who, update, Said(text), "en")).replies[-1]

    async def press(self, who: Address, label: str, card: Reply) -> Reply:
        return await self.send(who, token_of(card, label))

    async def begun(self, who: Address) -> Reply:
        for token in ("start", "language:en", "agree:1"):
            await self.send(who, token)
        return await self.send(who, "begin:tiny")

    def rows(self) -> set[tuple[object, ...]]:
        """Every answer: whose, to what, in which wording, and in which edition it was read."""
        query = (
            select(
                assessments.c.code,
                answers.c.statement,
                answers.c.value,
                answers.c.revision,
                edition_rows.c.digest,
            )
            .join(assessments, assessments.c.id == answers.c.assessment_id)
            .join(edition_rows, edition_rows.c.id == answers.c.edition_id)
        )
        with self.engine.connect() as connection:
            return {tuple(row) for row in connection.execute(query)}

    def kept(self) -> Assessment:
        """Anna's assessment, as the next event will find it."""
        with self.engine.connect() as connection:
            known = conversations.find(connection, ANNA)
            assert known
            shelf = Shelf(connection, known.respondent, editions.read_library(connection))
            return shelf["code3"]

    def pins(self) -> dict[str, str]:
        query = select(assessments.c.code, edition_rows.c.digest).join(
            edition_rows, edition_rows.c.id == assessments.c.edition_id
        )
        with self.engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}


def token_of(card: Reply, label: str) -> str:
    return next(c.token for row in card.choices for c in row if c.label == label)


def labels(card: Reply) -> set[str]:
    return {choice.label for row in card.choices for choice in row}


@pytest.fixture
def house(database: Engine) -> Iterator[House]:
    with Writer(database) as writer:
        yield House(database, writer)


ANNA = Address("telegram", "1")
ANSWERS = ("Fully agree", "Rather agree", "Rather disagree", "Fully disagree")


async def test_publish_during_500_running_assessments__no_answer_is_reinterpreted(
    house: House,
) -> None:
    people = [Address("telegram", str(number)) for number in range(1, PEOPLE + 1)]
    cards = dict(zip(people, await asyncio.gather(*map(house.begun, people)), strict=True))

    async def answers_some(number: int, who: Address) -> None:
        """Nobody, one, or two answers; the last card shown is remembered with its buttons."""
        for n in range(number % 3):
            cards[who] = await house.press(who, ANSWERS[(number + n) % 4], cards[who])

    await asyncio.gather(*(answers_some(n, who) for n, who in enumerate(people)))
    before = house.rows()
    house.publish(LATER)

    async def meets_the_offer(number: int, who: Address) -> None:
        """Everybody presses an old button; every other person then goes on in the new texts."""
        label = "Next section" if number % 3 == 2 else ANSWERS[number % 4]
        offer = await house.press(who, label, cards[who])
        if "Next section" in labels(offer):
            offer = await house.press(who, "Next section", offer)
        if number % 2:
            await house.press(who, "Go on with the new texts", offer)
            if number % 3 != 2:  # the same old button once more
                await house.press(who, label, cards[who])
        else:
            await house.press(who, "Stay with the earlier texts", offer)

    await asyncio.gather(*(meets_the_offer(n, who) for n, who in enumerate(people)))
    after = house.rows()
    assert before <= after, "no answer that was given has changed in any way"
    assert len(before) == 499
    assert set(house.pins().values()) == set(house.digests.values())
    assert sum(digest == house.digests[LATER] for digest in house.pins().values()) == PEOPLE // 2
    for row in after:
        code, statement, _, revision, read_in = row
        assert read_in == house.digests[FIRST], "nobody has read a new wording before answering"
        assert revision == 1, (code, statement)


async def test_answer_to_a_reworded_statement__counts_only_once_it_is_given_again(
    house: House,
) -> None:
    card = await house.begun(ANNA)
    for answer in ("Fully agree", "Rather agree"):
        card = await house.press(ANNA, answer, card)
    house.publish(LATER)
    offer = await house.press(ANNA, "Next section", card)
    card = await house.press(ANNA, "Go on with the new texts", offer)
    kept = house.kept()
    assert kept.values == {"1.1": "full"}
    assert kept.former["1.2"].answer.value == "rather"
    assert kept.former["1.2"].edition == house.digests[FIRST]
    await house.press(ANNA, "My answer stands", card)
    kept = house.kept()
    assert (kept.values["1.2"], kept.answers["1.2"].revision, kept.former) == ("rather", 2, {})
    assert ("code3", "1.2", "rather", 2, house.digests[LATER]) in house.rows()


async def test_note_on_a_reworded_statement__leaves_the_earlier_answer_as_it_is(
    house: House,
) -> None:
    card = await house.begun(ANNA)
    for answer in ("Fully agree", "Rather agree"):
        card = await house.press(ANNA, answer, card)
    before = house.rows()
    house.publish(LATER)
    offer = await house.press(ANNA, "Next section", card)
    card = await house.press(ANNA, "Go on with the new texts", offer)
    await house.press(ANNA, "Add a note", card)
    await house.say(ANNA, "Ask Maria.")
    assert house.rows() == before
    kept = house.kept()
    assert kept.note("1.2") == "Ask Maria."
    assert kept.former["1.2"].answer.value == "rather"
    assert "1.2" not in kept.values


async def test_undo__earlier_answers_count_again(house: House) -> None:
    card = await house.begun(ANNA)
    for answer in ("Fully agree", "Rather agree"):
        card = await house.press(ANNA, answer, card)
    house.publish(LATER)
    offer = await house.press(ANNA, "Next section", card)
    card = await house.press(ANNA, "Go on with the new texts", offer)
    house.publish(FIRST)
    offer = await house.press(ANNA, "Back", card)
    await house.press(ANNA, "Go on with the new texts", offer)
    kept = house.kept()
    assert (kept.values, kept.former) == ({"1.1": "full", "1.2": "rather"}, {})


async def test_export__says_what_no_longer_counts(house: House, database: Engine) -> None:
    card = await house.begun(ANNA)
    for answer in ("Fully agree", "Rather agree"):
        card = await house.press(ANNA, answer, card)
    house.publish(LATER)
    offer = await house.press(ANNA, "Next section", card)
    await house.press(ANNA, "Go on with the new texts", offer)
    with database.connect() as connection:
        known = conversations.find(connection, ANNA)
        assert known
        assert known.respondent
        kept = holdings(connection, known.respondent)
        packed = export(kept, editions.read_library(connection))
    table = zipfile.ZipFile(io.BytesIO(packed)).read("answers.csv").decode("utf-8-sig")
    counted = {row.split(",")[4]: row.split(",")[-1] for row in table.splitlines()[1:]}
    assert counted == {"1.1": "yes", "1.2": "no"}


@pytest.mark.parametrize(("known", "newest"), [(FIRST, LATER), (LATER, FIRST)])
async def test_process_that_missed_a_publish__offers_no_way_back(
    house: House, known: str, newest: str
) -> None:
    """Two replicas: one has moved somebody, the other still takes the earlier edition for the newest."""
    house.publish(known)
    behind = house.reception
    card = await house.begun(ANNA)
    house.publish(newest)
    offer = await house.press(ANNA, "Fully agree", card)
    card = await house.press(ANNA, "Go on with the new texts", offer)
    house.reception = behind
    shown = await house.press(ANNA, "Back", card)
    assert "Stay with the earlier texts" not in labels(shown)


# --- Said in numbers ---------------------------------------------------------------------------


def test_offer__a_still_newer_edition_while_it_is_shown__its_button_no_longer_holds() -> None:
    chat = agreed()
    chat.press("Begin")
    chat.publish(LATER)
    chat.press("Fully agree")
    chat.publish(FIRST)
    shown = chat.press("Go on with the new texts").replies[0]
    assert "Go on with the new texts" not in labels(shown)
    assert chat.answers == {"1.1": "full"}
    (assessment,) = chat.shelf.values()
    assert assessment.edition == chat.library.current("tiny").digest


def test_offer__stranger_presses_its_button__nothing_moves() -> None:
    anna, boris = agreed(), agreed()
    boris.events = 500
    for chat in (anna, boris):
        chat.press("Begin")
        chat.publish(LATER)
        chat.press("Fully agree")
    boris.receive(Pressed(anna.button("Go on with the new texts").token))
    (assessment,) = boris.shelf.values()
    assert not boris.library.is_current(assessment.edition)
