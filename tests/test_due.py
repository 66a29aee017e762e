"""What is sent later: once, in spite of restarts, replicas and clocks, and never to who has left."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from bot.due import Outcome, Postman, Pushed
from bot.reception import Address, Reception
from bot.telegram.face import TelegramFace
from bot.telegram.limits import ROOM, Limits
from bot.telegram.service import make_bot
from dialogs.due import Due, Making, PutOff
from dialogs.talk import Talk, reply
from dialogs.tokens import token
from dialogs.types import Choice, Paragraph, Reply
from storage import due
from storage.database import open_database
from storage.tables import conversations
from storage.tables import due as rows
from storage.writer import Writer
from tests.chat import NOON
from tests.databases import KEYS
from tests.fake_telegram import FakeTelegram
from tests.servers import TOKEN, settings_for
from tests.test_storage import Desk

ANNA, BORIS = Address("telegram", "1"), Address("telegram", "2")
WEB = Address("web", "w" * 64)
POSTGRESQL_ONLY = pytest.mark.parametrize("empty_database", ["postgresql"], indirect=True)


def greeting(talk: Talk, what: Due) -> Reply | PutOff | None:
    """A kind for tests: says its payload; “broken” is a fault, “over” not needed any more."""
    if what.payload == "broken":
        raise ValueError("a fault of ours")
    if what.payload == "over":
        return None
    if what.payload == "tomorrow" and talk.world.now < NOON + timedelta(days=1):
        return PutOff(NOON + timedelta(days=1))
    menu = Choice(talk.words("Menu"), token("menu"))
    return reply(Paragraph(f"{what.subject} {what.payload}"), choices=[[menu]])


KINDS: dict[str, Making] = {"greeting": greeting}


@dataclass
class FakeFace:
    """Notes what it is given; ``outcomes`` says what becomes of the next ones."""

    channel: str = "telegram"
    pushed: list[tuple[str, str]] = field(default_factory=list)
    outcomes: list[Pushed] = field(default_factory=list)
    reception: Reception | None = None

    async def push(self, address: Address, message: Reply) -> Pushed:
        assert not message.replaces
        [first, *_] = message.blocks
        assert isinstance(first, Paragraph)
        self.pushed.append((address.id, first.text))
        outcome = self.outcomes.pop(0) if self.outcomes else Pushed(Outcome.SENT)
        if outcome.outcome is Outcome.GONE and self.reception:
            await self.reception.mark_blocked(address)
        return outcome

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.pushed]


@pytest.fixture
def desk(database: Engine) -> Iterator[Desk]:
    with Writer(database) as writer:
        yield Desk(database, writer, kinds=KINDS)


async def due_at(
    desk: Desk, who: Address, at: datetime = NOON, payload: str = "", subject: str = "hello"
) -> None:
    """Schedule a greeting for somebody."""
    with desk.engine.begin() as connection:
        name = KEYS.pseudonym(who.channel, who.id)
        query = select(conversations.c.respondent_id).where(conversations.c.address == name)
        respondent = connection.scalar(query)
        assert respondent is not None
        due.schedule(connection, respondent, Due("greeting", subject, at, payload))


async def everything_sent(*desks: Desk, face: FakeFace) -> None:
    """Send until nothing more is due."""
    postmen = [Postman(desk.reception, face, poll=0.01) for desk in desks]
    for postman in postmen:
        await postman.__aenter__()
    quiet, seen = 0, -1
    while quiet < 3:
        await asyncio.sleep(0.04)
        quiet = quiet + 1 if len(face.pushed) == seen else 0
        seen = len(face.pushed)
    for postman in postmen:
        await postman.__aexit__()


async def agreed(desk: Desk, *people: Address) -> None:
    for who in people:
        for made in ("start", "language:en", "agree:1"):
            await desk.send(who, made)


async def test_due__is_sent_when_it_is_time_and_once(desk: Desk) -> None:
    face = FakeFace()
    await agreed(desk, ANNA, BORIS)
    await due_at(desk, ANNA, NOON + timedelta(hours=1), "later")
    await due_at(desk, BORIS, NOON, "now")
    await everything_sent(desk, face=face)
    assert face.pushed == [(BORIS.id, "hello now")]
    desk.now += timedelta(hours=1)
    await everything_sent(desk, face=face)
    await everything_sent(desk, face=face)
    assert face.pushed == [(BORIS.id, "hello now"), (ANNA.id, "hello later")]


async def test_scheduled_again__moves_what_is_to_come_and_not_what_was_sent(desk: Desk) -> None:
    face = FakeFace()
    await agreed(desk, ANNA)
    await due_at(desk, ANNA, NOON + timedelta(days=9), "first")
    await due_at(desk, ANNA, NOON, "second")
    await everything_sent(desk, face=face)
    await due_at(desk, ANNA, NOON, "third")
    await everything_sent(desk, face=face)
    assert face.texts == ["hello second"]


async def test_replaced__what_is_no_longer_wanted_goes(desk: Desk) -> None:
    await agreed(desk, ANNA)
    await due_at(desk, ANNA, NOON, subject="a")
    await due_at(desk, ANNA, NOON, subject="b")
    with desk.engine.begin() as connection:
        [respondent, _] = connection.scalars(select(rows.c.respondent_id))
        wanted = [Due("greeting", "b", NOON), Due("greeting", "c", NOON)]
        due.replace(connection, respondent, ["greeting"], wanted)
    face = FakeFace()
    await everything_sent(desk, face=face)
    assert face.texts == ["b ", "c "]


async def test_clock__a_day_ahead_and_back_sends_nothing_twice(desk: Desk) -> None:
    face = FakeFace()
    await agreed(desk, ANNA)
    await due_at(desk, ANNA)
    for days in (1, -1, 1, 0):
        desk.now = NOON + timedelta(days=days)
        await everything_sent(desk, face=face)
    assert len(face.pushed) == 1


async def test_clock__ahead_at_the_claim_does_not_hold_the_row_for_long(desk: Desk) -> None:
    await agreed(desk, ANNA)
    await due_at(desk, ANNA)
    desk.now = NOON + timedelta(days=1)
    assert await desk.reception.next_due("telegram", None)  # and then the process is killed
    desk.now = NOON + timedelta(minutes=1)
    face = FakeFace()
    await everything_sent(desk, face=face)
    assert len(face.pushed) == 1


async def test_killed__between_claim_and_sending_it_is_sent_after_the_lease(desk: Desk) -> None:
    face = FakeFace()
    await agreed(desk, ANNA, BORIS)
    await due_at(desk, ANNA)
    await due_at(desk, BORIS)
    assert await desk.reception.next_due("telegram", None)
    await everything_sent(desk, face=face)
    assert face.pushed == [], "somebody else is sending"
    desk.now += due.LEASE + timedelta(seconds=1)
    await everything_sent(desk, face=face)
    assert sorted(face.pushed) == [(ANNA.id, "hello "), (BORIS.id, "hello ")]


async def test_stopped__finishes_the_message_under_way(desk: Desk) -> None:
    await agreed(desk, ANNA, BORIS)
    await due_at(desk, ANNA)
    await due_at(desk, BORIS)
    under_way, go_on = asyncio.Event(), asyncio.Event()

    class Slow(FakeFace):
        async def push(self, address: Address, message: Reply) -> Pushed:
            under_way.set()
            await go_on.wait()
            return await super().push(address, message)

    face = Slow()
    postman = Postman(desk.reception, face, poll=0.01)
    async with postman:
        await under_way.wait()
        asyncio.get_running_loop().call_later(0.1, go_on.set)
    assert len(face.pushed) == 1
    await everything_sent(desk, face=face)
    assert len(face.pushed) == 2


async def test_fault__the_others_do_not_wait_and_it_is_given_up_at_last(desk: Desk) -> None:
    face = FakeFace()
    await agreed(desk, ANNA, BORIS)
    await due_at(desk, ANNA, payload="broken")
    await due_at(desk, BORIS)
    for _ in range(8):
        await everything_sent(desk, face=face)
        desk.now += timedelta(days=2)
    assert face.texts == ["hello "]
    with desk.engine.connect() as connection:
        assert all(connection.scalars(select(rows.c.done_at)))


async def test_refused__is_tried_again_later(desk: Desk) -> None:
    face = FakeFace(outcomes=[Pushed(Outcome.FAILED), Pushed(Outcome.FAILED)])
    await agreed(desk, ANNA)
    await due_at(desk, ANNA)
    for minutes in (0, 5, 10, 20, 40, 60):
        desk.now = NOON + timedelta(minutes=minutes)
        await everything_sent(desk, face=face)
    assert len(face.pushed) == 3


async def test_blocked__one_message_at_most_until_they_write(desk: Desk) -> None:
    face = FakeFace(outcomes=[Pushed(Outcome.GONE)], reception=desk.reception)
    await agreed(desk, ANNA)
    await due_at(desk, ANNA, subject="a")
    await due_at(desk, ANNA, subject="b")
    for _ in range(3):
        await everything_sent(desk, face=face)
        desk.now += timedelta(days=1)
    assert len(face.pushed) == 1
    await desk.send(ANNA, "menu")
    await everything_sent(desk, face=face)
    assert face.texts == ["a ", "a ", "b "]


async def test_not_needed_any_more__nothing_is_sent(desk: Desk) -> None:
    face = FakeFace()
    await agreed(desk, ANNA)
    await due_at(desk, ANNA, payload="over")
    await due_at(desk, ANNA, payload="tomorrow", subject="wait")
    await everything_sent(desk, face=face)
    assert face.pushed == []
    desk.now += timedelta(days=1)
    await everything_sent(desk, face=face)
    assert face.texts == ["wait tomorrow"]


async def test_browser__is_told_on_the_next_visit_and_once(desk: Desk) -> None:
    face = FakeFace()
    await agreed(desk, WEB)
    await due_at(desk, WEB, payload="web")
    await everything_sent(desk, face=face)
    assert face.pushed == []
    first = await desk.reception.look(WEB, "en")
    again = await desk.reception.look(WEB, "en")
    assert [len(first.replies), len(again.replies)] == [2, 1]
    assert "hello web" in str(first.replies[0])
    assert first.replies[1] == again.replies[0]


async def test_browser__a_fault_does_not_stand_in_the_way(desk: Desk) -> None:
    await agreed(desk, WEB)
    await due_at(desk, WEB, payload="broken", subject="a")
    await due_at(desk, WEB, subject="b")
    shown = await desk.reception.look(WEB, "en")
    assert "b " in str(shown.replies[0])
    assert len(shown.replies) == 2


async def test_nobody_came__it_is_dropped_and_what_was_sent_is_remembered(desk: Desk) -> None:
    await agreed(desk, ANNA, WEB)
    await due_at(desk, ANNA)
    await due_at(desk, WEB)
    await everything_sent(desk, face=FakeFace())
    for days, left in ((59, 2), (61, 1), (399, 1), (401, 0)):
        with desk.engine.begin() as connection:
            due.forget_old(connection, NOON + timedelta(days=days))
        assert desk.count("due") == left


async def test_erased__nothing_is_sent(desk: Desk) -> None:
    face = FakeFace()
    await agreed(desk, ANNA)
    await due_at(desk, ANNA)
    await desk.press(ANNA, "Yes, delete everything", await desk.send(ANNA, "erase"))
    await everything_sent(desk, face=face)
    assert face.pushed == []
    assert desk.count("due") == 0


@POSTGRESQL_ONLY
async def test_two_replicas__send_each_once(database: Engine) -> None:
    other = open_database(database.url.render_as_string(hide_password=False), KEYS)
    face = FakeFace()
    people = [Address("telegram", str(number)) for number in range(40)]
    with Writer(database) as one, Writer(other) as two:
        desks = [Desk(database, one, kinds=KINDS), Desk(other, two, kinds=KINDS)]
        await agreed(desks[0], *people)
        for who in people:
            await due_at(desks[0], who)
        await everything_sent(*desks, face=face)
    other.dispose()
    assert Counter(face.pushed) == {(who.id, "hello "): 1 for who in people}


@POSTGRESQL_ONLY
async def test_two_replicas__claiming_at_once_never_take_the_same_row(database: Engine) -> None:
    other = open_database(database.url.render_as_string(hide_password=False), KEYS)
    with Writer(database) as one, Writer(other) as two:
        desks = [Desk(database, one, kinds=KINDS), Desk(other, two, kinds=KINDS)]
        await agreed(desks[0], ANNA, BORIS)
        for number in range(30):
            await due_at(desks[0], (ANNA, BORIS)[number % 2], subject=str(number))
        taken: list[int] = []
        while len(taken) < 30:
            found = await asyncio.gather(*(d.reception.next_due("telegram", None) for d in desks))
            taken += [claimed.id for claimed in found if claimed]
            for desk in desks:  # as if whoever claimed them was killed, and the lease over
                desk.now += due.LEASE
            with database.begin() as connection:
                for id_ in taken:
                    connection.execute(rows.update().where(rows.c.id == id_).values(done_at=NOON))
    other.dispose()
    assert len(set(taken)) == len(taken)


# --- Telegram's limits -------------------------------------------------------------------------


async def test_limits__one_a_second_to_a_chat_and_room_left_for_answers() -> None:
    now = [100.0]
    limits = Limits(lambda: now[0])
    assert limits.wait(1) == 0
    limits.note(1)
    assert limits.wait(1) == pytest.approx(1)
    assert limits.wait(2) == 0
    for chat in range(2, ROOM + 1):
        limits.note(chat)
    assert limits.wait(99) == 0, "none of our own accord went for long"
    await limits.turn(99)
    assert limits.wait(100) == pytest.approx(0.5), "its share"
    now[0] += 1.01
    assert limits.wait(100) == limits.wait(1) == 0


async def test_limits__answers_without_end__leave_two_messages_a_second_to_what_waits() -> None:
    now, gone = [100.0], 0
    limits = Limits(lambda: now[0])
    for chat in range(ROOM):
        limits.note(chat)
    for tick in range(1000):  # ten seconds of a hundred answers each
        now[0] += 0.01
        limits.note(tick)
        if not limits.wait(5000 + tick):
            await limits.turn(5000 + tick)
            gone += 1
    assert 19 <= gone <= 21


async def test_telegram__many_chats_do_not_wait_for_each_other(desk: Desk, tmp_path: Path) -> None:
    people = [Address("telegram", str(number)) for number in range(1, 31)]
    await agreed(desk, *people)
    for who in people:
        await due_at(desk, who)
    async with FakeTelegram(TOKEN) as telegram:
        for who in people:
            telegram.person(int(who.id)).chat.is_opened = True
        bot = make_bot(settings_for(telegram, tmp_path))
        await bot.initialize()
        began = time.monotonic()
        async with Postman(desk.reception, TelegramFace(bot, desk.reception)):
            while telegram.calls["sendMessage"] < len(people):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        seconds = time.monotonic() - began
        await bot.shutdown()
    assert seconds < len(people) / 3, "by far not one a second"
    assert telegram.calls["sendMessage"] == len(people)
    print(f"{len(people)} messages in {seconds:.1f} s")
