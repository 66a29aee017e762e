"""News of an edition: to those who want it, in their language, once; through crashes, stopped when told so."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from bot.desk import AlreadyAnnounced, Conflict, NobodyToTell, UnfitText, announcing
from bot.due import Outcome, Postman, Pushed
from bot.mail import Letter, Settled
from bot.reception import Address
from dialogs.types import Heading, Paragraph, Reply
from storage import announcements, due
from storage.tables import due as rows
from storage.writer import Writer
from tests.chat import NOON
from tests.readers import language_of, populate
from tests.sizes import Figure, figure
from tests.test_desk import ELENA, JANIS, Office
from tests.test_due import FakeFace

PEOPLE = 2000
TOLD = 600
KILLS = 5
TEXTS = {"bg": "Новина", "lv": "Jaunums", "en": "News"}
__all__ = ["figure"]


@pytest.fixture
def office(database: Engine) -> Iterator[Office]:
    with Writer(database) as writer:
        yield Office(database, writer)


async def announced(office: Office) -> int:
    standing = await announcing.prepare(office.desk, "tiny")
    for language, said in TEXTS.items():
        await announcing.rewrite(office.desk, standing.announcement.id, language, said)
    return (await announcing.begin(office.desk, standing.announcement.id, ELENA)).announcement.id


def text_of(reply: Reply) -> str:
    [heading, said] = reply.blocks
    assert isinstance(heading, Heading)
    assert isinstance(said, Paragraph)
    return said.text


class Sending:
    """A replica that sends, until it is killed: then nothing is marked any more."""

    def __init__(self, office: Office, told: list[tuple[int, str]]) -> None:
        self.office = office
        self.told = told
        self.last: Settled | None = None

    async def next(self) -> bool:
        """Whether there was one to send."""
        reception = self.office.reception
        claimed = await reception.next_due("telegram", self.last)
        self.last = None
        if claimed is None:
            return False
        letter = await reception.letter("telegram", claimed)
        assert isinstance(letter, Letter)
        self.told.append((int(letter.address.id), text_of(letter.reply)))
        self.last = Settled(claimed)
        return True


async def test_everybody_who_wants_it__is_told_in_their_language__one_repeat_a_kill_at_most(
    office: Office, figure: Figure
) -> None:
    with office.engine.begin() as connection:
        wanting = populate(connection, TOLD)
    id_ = await announced(office)
    await office.reception.spread()
    assert (await announcing.look(office.desk, id_)).progress.left == len(wanting)

    told: list[tuple[int, str]] = []
    started = time.perf_counter()
    for _ in range(KILLS):
        sending = Sending(office, told)
        for _ in range(len(wanting) // (KILLS + 1)):
            assert await sending.next()
        office.now += due.LEASE + timedelta(seconds=1)  # what it had claimed is free again
    last = Sending(office, told)
    while await last.next():
        pass
    took = time.perf_counter() - started

    counts = Counter(number for number, _ in told)
    assert sorted(counts) == wanting
    assert sum(counts.values()) <= len(wanting) + KILLS
    assert max(counts.values()) <= 2
    assert all(said == TEXTS[language_of(number)] for number, said in told)
    done = (await announcing.look(office.desk, id_)).progress
    assert (done.sent, done.left, done.lost) == (len(wanting), 0, 0)
    name = office.engine.dialect.name
    figure(f"announced, {name}", f"{len(wanting)} of {TOLD} people, {len(told) / took:.0f}/s")


async def test_rows__are_made_in_batches_that_let_answers_through(
    office: Office, figure: Figure
) -> None:
    with office.engine.begin() as connection:
        populate(connection, PEOPLE)
    await announced(office)
    times: list[float] = []
    more = True
    while more:
        started = time.perf_counter()
        with office.engine.begin() as connection:
            more = announcements.spread(connection, NOON)
        times.append(time.perf_counter() - started)
    assert len(times) >= PEOPLE // announcements.BATCH
    longest = max(times) * 1000
    figure(f"announcing to {PEOPLE}, {office.engine.dialect.name}", f"batch ≤ {longest:.0f} ms")
    assert longest < 1000, "ten times what is promised: this machine may be busy"


async def test_killed_while_rows_are_made__the_next_goes_on_there(office: Office) -> None:
    with office.engine.begin() as connection:
        populate(connection, 40)
    id_ = await announced(office)
    with office.engine.begin() as connection:
        assert announcements.spread(connection, NOON, batch=10)
    connection = office.engine.connect()
    announcements.spread(connection, NOON, batch=10)
    connection.close()  # killed: nothing of it is kept
    standing = await announcing.look(office.desk, id_)
    assert not standing.announcement.all_made
    assert standing.progress.left == 8
    await office.reception.spread()
    standing = await announcing.look(office.desk, id_)
    assert standing.announcement.all_made
    assert standing.progress.left == 30


async def test_stopped__nobody_else_is_told_and_no_rows_are_left(office: Office) -> None:
    with office.engine.begin() as connection:
        populate(connection, 40)
    id_ = await announced(office)
    await office.reception.spread()
    told: list[tuple[int, str]] = []
    sending = Sending(office, told)
    for _ in range(5):
        await sending.next()
    standing = await announcing.stop(office.desk, id_, JANIS)
    assert standing.announcement.stopped
    assert (standing.progress.sent, standing.progress.left) == (4, 0)  # one is on its way
    assert not await sending.next()
    await office.reception.spread()
    assert (await announcing.look(office.desk, id_)).progress.left == 0
    logged = [(one.who, one.what, one.why) for one in await office.desk.log("tiny")]
    assert logged == [(JANIS, "stop announcing", "News"), (ELENA, "announce", "News")]


async def test_begun_by_two_admins__is_begun_and_logged_once(office: Office) -> None:
    with office.engine.begin() as connection:
        populate(connection, 4)
    id_ = await announced(office)
    again = await asyncio.gather(
        *(announcing.begin(office.desk, id_, who) for who in (ELENA, JANIS))
    )
    assert [one.announcement.begun for one in again] == [NOON, NOON]
    assert (await announcing.prepare(office.desk, "tiny")).announcement.id == id_
    await announcing.rewrite(office.desk, id_, "en", "Another")
    assert (await announcing.look(office.desk, id_)).announcement.texts == TEXTS
    assert [one.what for one in await office.desk.log("tiny")] == ["announce"]


async def test_written_and_begun_in_one_go__the_same_again_changes_nothing(office: Office) -> None:
    offered = await announcing.offered(office.desk, "tiny")
    with pytest.raises(NobodyToTell):
        await announcing.announce(office.desk, "tiny", JANIS, office.first, {})
    with office.engine.begin() as connection:
        populate(connection, 4)
    assert (offered.announcement.id, offered.state) == (0, "written")
    assert office.count("announcements") == 0  # neither looking nor what was refused has left any
    mine = {"lv": "Jaunums", "en": "News"}
    begun = await announcing.announce(office.desk, "tiny", JANIS, office.first, mine)
    known = begun.announcement
    assert known.texts == {**mine, "bg": offered.announcement.texts["bg"]}
    for same in (mine, {}):
        again = await announcing.announce(office.desk, "tiny", ELENA, office.first, same)
        assert again == begun
    with pytest.raises(AlreadyAnnounced):
        await announcing.announce(office.desk, "tiny", ELENA, office.first, {"lv": "Cits"})
    assert await announcing.offered(office.desk, "tiny", 1) == begun
    assert [(one.who, one.what) for one in await office.desk.log("tiny")] == [(JANIS, "announce")]


@pytest.mark.parametrize("text", ["", "  ", "x" * 701, "a\x00b", "a\u202eb", "a\ud800"])
async def test_text_that_cannot_be_sent__is_refused_at_every_door(
    office: Office, text: str
) -> None:
    with office.engine.begin() as connection:
        populate(connection, 4)
    with pytest.raises(UnfitText):
        await announcing.announce(office.desk, "tiny", JANIS, office.first, {"lv": text})
    assert office.count("announcements") == 0
    standing = await announcing.prepare(office.desk, "tiny")
    with pytest.raises(UnfitText):
        await announcing.rewrite(office.desk, standing.announcement.id, "lv", text)
    assert await announcing.offered(office.desk, "tiny") == standing


async def test_expected_edition_is_not_current__is_not_announced(office: Office) -> None:
    with office.engine.begin() as connection:
        populate(connection, 4)
    await office.published("Jauna pārbaude")
    with pytest.raises(Conflict):
        await announcing.announce(office.desk, "tiny", JANIS, office.first, {})
    former = await announcing.offered(office.desk, "tiny", 1)
    assert (former.announcement.number, former.announcement.digest) == (1, office.first)


async def test_other_edition_current_meanwhile__is_not_begun(office: Office) -> None:
    await office.published("Jauna pārbaude", why="a clearer title")
    standing = await announcing.prepare(office.desk, "tiny")
    assert standing.announcement.texts["lv"].endswith(
        "„Jauna pārbaude” ir atjaunināts: a clearer title"
    )
    await office.published("Vēl jaunāka")
    with pytest.raises(Conflict):
        await announcing.begin(office.desk, standing.announcement.id, ELENA)


async def test_switched_off_meanwhile_and_blocked__are_not_told_and_counted_so(
    office: Office,
) -> None:
    with office.engine.begin() as connection:
        populate(connection, 3)
    id_ = await announced(office)
    await office.reception.spread()
    await office.send(Address("telegram", "1"), "remind:news:0")
    await office.reception.mark_blocked(Address("telegram", "2"))
    face = FakeNews()
    async with Postman(office.reception, face, poll=0.01):
        for _ in range(100):
            await asyncio.sleep(0.02)
            done = (await announcing.look(office.desk, id_)).progress
            if done.sent + done.needless == 2:
                break
    assert [number for number, _ in face.pushed] == ["3"]
    assert (done.sent, done.needless, done.left, done.away) == (1, 1, 1, 1)


async def test_given_up__is_counted_as_failed(office: Office) -> None:
    with office.engine.begin() as connection:
        populate(connection, 1)
    id_ = await announced(office)
    await office.reception.spread()
    face = FakeNews(outcomes=[Pushed(Outcome.FAILED)] * 20)
    async with Postman(office.reception, face, poll=0.01):
        for _ in range(200):
            await asyncio.sleep(0.02)
            office.now += timedelta(hours=1)
            done = (await announcing.look(office.desk, id_)).progress
            if done.lost:
                break
    assert (done.sent, done.left, done.lost) == (0, 0, 1)


async def test_at_night__it_waits_for_the_morning(office: Office) -> None:
    with office.engine.begin() as connection:
        populate(connection, 1)
    await announced(office)
    await office.reception.spread()
    office.now = NOON.replace(hour=23)
    face = FakeNews()
    async with Postman(office.reception, face, poll=0.01):
        await asyncio.sleep(0.2)
    assert face.pushed == []
    with office.engine.begin() as connection:
        at = connection.scalar(select(rows.c.due_at))
        assert at == (NOON + timedelta(days=1)).replace(hour=7)  # 9:00 in Riga


async def test_payload__says_which_instrument(office: Office) -> None:
    with office.engine.begin() as connection:
        populate(connection, 1)
    await announced(office)
    await office.reception.spread()
    with office.engine.begin() as connection:
        payload = connection.scalar(select(rows.c.payload))
    assert payload is not None
    assert json.loads(payload) == {"instrument": "tiny", "texts": TEXTS}


class FakeNews(FakeFace):
    """Takes messages that begin with a heading."""

    async def push(self, address: Address, message: Reply) -> Pushed:
        self.pushed.append((address.id, text_of(message)))
        return self.outcomes.pop(0) if self.outcomes else Pushed(Outcome.SENT)
