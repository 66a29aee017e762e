"""Reminders: only those switched on, by day in the reader's time zone, each once, and never in the way."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select

from dialogs import reminders
from dialogs.core import open_question, say_later
from dialogs.due import Due, PutOff
from dialogs.later import KINDS
from dialogs.talk import Talk
from dialogs.types import Paragraph, PlanStep, Reply
from dialogs.zones import by_day, zone_meant
from storage import due as due_rows
from storage.database import open_database
from storage.tables import due
from storage.writer import Writer
from tests.chat import NOON, Chat, agreed
from tests.databases import KEYS
from tests.fake_telegram import FakeTelegram
from tests.fake_telegram.people import Person
from tests.servers import TOKEN, merilo
from tests.test_due import POSTGRESQL_ONLY, FakeFace, everything_sent
from tests.test_storage import ANNA, Desk

SOFIA = ZoneInfo("Europe/Sofia")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def switched_on(*kinds: str, language: str = "en", instrument: str = "tiny") -> Chat:
    """A chat in Sofia's time zone with these reminders."""
    chat = agreed(instrument, language=language)
    for kind in kinds:
        chat.press_token(f"remind:{kind}:1")
    chat.press_token("zone:Europe/Sofia")
    chat.say("/menu")
    return chat


def talk_of(chat: Chat) -> Talk:
    return Talk(chat.state, chat.world())


def coming(chat: Chat) -> list[Due]:
    return reminders.wanted(talk_of(chat))


def said(chat: Chat, what: Due) -> Reply | PutOff | None:
    return say_later(KINDS[what.kind], chat.state, what, chat.world())


def text(message: Reply | PutOff | None) -> str:
    assert isinstance(message, Reply)
    return str(message)


def there(what: Due) -> str:
    return what.at.astimezone(SOFIA).strftime("%Y-%m-%d %H:%M")


def with_step(chat: Chat, due_on: date, standing: str = "open") -> PlanStep:
    step = PlanStep("s1", "tiny", "k", "1.1", "1.1/tip/1", "Read.", NOON, due_on, standing=standing)
    chat.plan = {"s1": step}
    return step


# --- Which are to come -------------------------------------------------------------------------


def test_nothing__comes_before_somebody_switches_it_on() -> None:
    chat = agreed()
    chat.press("Begin")
    with_step(chat, date(2026, 12, 24))
    assert coming(chat) == []


def test_unfinished__three_days_after_the_last_answer() -> None:
    chat = switched_on("unfinished")
    chat.press("Begin")
    [code] = chat.shelf
    [what] = coming(chat)
    assert (what.kind, what.subject) == ("unfinished", code)
    assert what.at == chat.shelf[code].started + 3 * DAY


def test_step__on_the_morning_of_its_day_and_again_when_it_is_moved() -> None:
    chat = switched_on("step")
    with_step(chat, date(2026, 12, 24))
    [first] = coming(chat)
    assert there(first) == "2026-12-24 09:00"
    with_step(chat, date(2027, 7, 1))
    [second] = coming(chat)
    assert there(second) == "2027-07-01 09:00"
    assert first.subject != second.subject
    assert first.at.astimezone(UTC).hour == 7, "winter time"
    assert second.at.astimezone(UTC).hour == 6, "summer time"
    for standing in ("done", "declined"):
        with_step(chat, date(2026, 12, 24), standing)
        assert coming(chat) == []
    with_step(chat, NOON.date())
    assert coming(chat) == [], "that morning is past"


def test_yearly__a_year_after_the_end() -> None:
    chat = switched_on("yearly")
    finish(chat)
    [what] = coming(chat)
    assert there(what) == "2027-11-21 09:00"


def finish(chat: Chat) -> None:
    for label in ("Begin", "Fully agree", "Fully agree", "Next section", "Fully agree"):
        chat.press(label)
    chat.press("Overall result")


def test_deadline__three_weeks_and_one_week_before_the_31_january() -> None:
    chat = switched_on("deadline", "yearly", instrument="cpo")
    assert coming(chat) == [], "only for what somebody has begun"
    chat.press("Begin")
    assert [there(what) for what in coming(chat)] == [
        *("2027-01-10 09:00", "2027-01-24 09:00"),
        *("2028-01-10 09:00", "2028-01-24 09:00"),
    ]


# --- What they say -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Tiny check", "waits where you left it", "Continue", "Stop these reminders")),
        ("bg", ("Самооценката Ви чака", "Продължавам", "Без такива напомняния")),
        ("lv", ("Jūsu pašnovērtējums gaida", "Turpināt", "Vairs neatgādināt par šo")),
    ],
)
def test_unfinished__says_where_it_stands_and_can_be_stopped(
    language: str, words: tuple[str, ...]
) -> None:
    chat = switched_on("unfinished", language=language)
    chat.press_token("begin:tiny")
    [what] = coming(chat)
    chat.now = what.at
    assert all(word in text(said(chat, what)) for word in words)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("is due: 24 December 2026", "Read.", "We know the rules.", "Change the date")),
        ("bg", ("24 декември 2026", "Read.", "Изпълнено", "Друга дата")),
        ("lv", ("2026. gada 24. decembris", "Read.", "Paveikts", "Mainīt datumu")),
    ],
)
def test_step__says_what_and_can_be_ticked_off(language: str, words: tuple[str, ...]) -> None:
    chat = switched_on("step", language=language)
    with_step(chat, date(2026, 12, 24))
    [what] = coming(chat)
    chat.now = what.at
    message = said(chat, what)
    assert all(word in text(message) for word in words)
    chat.shown += [message] if isinstance(message, Reply) else []
    chat.press_token("+stepis:s1:done")
    assert chat.plan["s1"].standing == "done"
    assert said(chat, what) is None, "done steps are not reminded of"


def test_deadline__counts_the_days_and_spares_who_has_finished() -> None:
    chat = switched_on("deadline", instrument="cpo", language="bg")
    chat.press_token("begin:cpo")
    first, second, *_ = coming(chat)
    chat.now = first.at
    assert "31 януари 2027" in text(said(chat, first))
    assert "21 дни" in text(said(chat, first))
    chat.now = second.at + 30 * DAY
    assert said(chat, second) is None, "too late"
    chat.now = second.at
    [code] = chat.shelf
    chat.shelf[code] = replace(chat.shelf[code], finished=second.at - 5 * DAY)
    assert said(chat, second) is None


def test_yearly__spares_who_has_begun_anew() -> None:
    chat = switched_on("yearly")
    finish(chat)
    [what] = coming(chat)
    chat.now = what.at
    assert "a year ago" in text(said(chat, what))
    chat.say("/menu")
    for label in ("Begin", "Start afresh"):
        chat.press(label)
    assert said(chat, what) is None


def test_unfinished__answered_since_is_put_off_and_finished_is_left_alone() -> None:
    chat = switched_on("unfinished")
    chat.press("Begin")
    [what] = coming(chat)
    chat.now = what.at
    [code] = chat.shelf
    touched = what.at - DAY
    chat.shelf[code] = replace(chat.shelf[code], touched=touched)
    assert said(chat, what) == PutOff(touched + 3 * DAY)
    chat.shelf[code] = replace(chat.shelf[code], finished=what.at)
    assert said(chat, what) is None


def test_stopped__in_the_message_itself() -> None:
    chat = switched_on("unfinished")
    chat.press("Begin")
    [what] = coming(chat)
    chat.now = what.at
    message = said(chat, what)
    assert isinstance(message, Reply)
    stop = message.choices[-1][0]
    assert stop.token.startswith("+"), "the message stays"
    before = chat.card()
    chat.press_token(stop.token)
    assert "switched off" in str(chat.shown[-1])
    assert (coming(chat), said(chat, what)) == ([], None)
    assert chat.card() == before, "the open question is where it was"


# --- Night and day -----------------------------------------------------------------------------


@pytest.mark.parametrize("zone", ["Europe/Sofia", "Europe/Riga", "Europe/London", "Asia/Tokyo"])
def test_no_hour_of_the_year__falls_into_the_night(zone: str) -> None:
    """Every hour of 2027, both changes of the clock included."""
    clock, moment = ZoneInfo(zone), datetime(2027, 1, 1, tzinfo=UTC)
    while moment.year == 2027:
        sent = by_day(moment, clock)
        assert 8 <= sent.astimezone(clock).hour < 20
        assert timedelta(0) <= sent - moment <= 14 * HOUR
        moment += HOUR


@pytest.mark.parametrize("clock_says", ["2027-03-28 00:30", "2027-10-31 00:30", "2027-06-01 17:00"])
def test_night__a_message_waits_for_the_morning(clock_says: str) -> None:
    chat = switched_on("step")
    chat.now = datetime.fromisoformat(clock_says).replace(tzinfo=UTC)
    step = with_step(chat, chat.now.date())
    put_off = said(chat, Due("step", f"{step.code}:{step.due}", chat.now))
    assert isinstance(put_off, PutOff)
    assert put_off.until.astimezone(SOFIA).hour == 9
    chat.now = put_off.until
    assert isinstance(said(chat, Due("step", f"{step.code}:{step.due}", chat.now)), Reply)


@pytest.mark.parametrize(
    ("city", "zone"),
    [
        *(("Sofia", "Europe/Sofia"), ("софия", "Europe/Sofia"), ("Rīga", "Europe/Riga")),
        *(("riga", "Europe/Riga"), ("Рига", "Europe/Riga"), ("Londona", "Europe/London")),
        *(("new york", "America/New_York"), ("Токио", "Asia/Tokyo"), ("Berlīne", "Europe/Berlin")),
    ],
)
def test_city__is_known_in_every_language(city: str, zone: str) -> None:
    assert zone_meant(city) == zone


@pytest.mark.parametrize("text", ["", " ", "Atlantis", "../etc/passwd", "🙂", "x" * 4000])
def test_city__unknown__is_none(text: str) -> None:
    assert zone_meant(text) is None


@pytest.mark.parametrize(
    "made", ["zone:../etc", "zone:Mars/Base", "remind:other:1", "remind:step:2"]
)
def test_forged_setting__changes_nothing(made: str) -> None:
    chat = switched_on("step")
    before = (chat.state.zone, chat.state.reminders)
    chat.press_token(made)
    assert (chat.state.zone, chat.state.reminders) == before


# --- The open question -------------------------------------------------------------------------


def test_open_question__comes_again_where_one_waits() -> None:
    chat = agreed()
    assert open_question(chat.state, chat.world()) is None
    chat.press("Begin")
    again = open_question(chat.state, chat.world())
    assert again
    assert not again.replaces
    assert "1.1" in str(again)
    chat.press("Add a note")
    assert "Write your note" in str(open_question(chat.state, chat.world()))


# --- In the database ---------------------------------------------------------------------------


@pytest.fixture
def desk(database: Engine) -> Iterator[Desk]:
    with Writer(database) as writer:
        yield Desk(database, writer)


async def reminded(desk: Desk) -> Reply:
    """Somebody who has begun and wants to be reminded; their open card."""
    await desk.begun(ANNA)
    await desk.send(ANNA, "remind:unfinished:1")
    await desk.send(ANNA, "zone:Europe/Sofia")
    return await desk.send(ANNA, "here")


def rows(desk: Desk) -> list[tuple[str, datetime, datetime | None]]:
    with desk.engine.connect() as connection:
        query = select(due.c.kind, due.c.due_at, due.c.done_at).order_by(due.c.id)
        return [tuple(row) for row in connection.execute(query)]


async def test_unfinished__is_sent_once_whatever_the_clock_does(desk: Desk) -> None:
    face = FakeFaceOfAnything()
    await reminded(desk)
    for hours in (0, 71, 73, 72 + 24, 48, 72 + 48, 24 * 30):
        desk.now = NOON + hours * HOUR
        await everything_sent(desk, face=face)
    assert len(face.pushed) == 1
    assert len(rows(desk)) == 1


class FakeFaceOfAnything(FakeFace):
    """Notes the first words of any message."""

    async def push(self, address, message):  # type: ignore[no-untyped-def]
        return await super().push(address, Reply((Paragraph(message.blocks[0].text),), (), False))


async def test_answer__moves_the_reminder_and_costs_no_row(desk: Desk) -> None:
    face = FakeFaceOfAnything()
    card = await reminded(desk)
    before = rows(desk)
    desk.now += 2 * DAY
    await desk.press(ANNA, "Fully agree", card)
    assert rows(desk) == before
    desk.now = NOON + 3 * DAY + HOUR
    await everything_sent(desk, face=face)
    assert face.pushed == []
    desk.now = NOON + 5 * DAY + HOUR
    await everything_sent(desk, face=face)
    assert len(face.pushed) == 1


async def test_step_done__or_moved_or_switched_off_takes_its_reminder_along(desk: Desk) -> None:
    card = await desk.begun(ANNA)
    code = card.choices[0][0].token.split(":")[1]
    shown = await desk.send(ANNA, f"put:{code}:1.1/tip/1")
    step = shown.choices[1][0].token.split(":")[1]
    await desk.send(ANNA, "remind:step:1")
    await desk.send(ANNA, "zone:Europe/Sofia")
    assert [there(Due("", "", at)) for _, at, _ in rows(desk)] == ["2026-12-05 09:00"]
    await desk.send(ANNA, f"stepdue:{step}:2027-03-01")
    assert [there(Due("", "", at)) for _, at, _ in rows(desk)] == ["2027-03-01 09:00"]
    await desk.send(ANNA, "zone:Europe/London")
    assert [at.hour for _, at, _ in rows(desk)] == [9]
    await desk.send(ANNA, f"stepis:{step}:done")
    assert rows(desk) == []
    await desk.send(ANNA, f"stepis:{step}:open")
    assert len(rows(desk)) == 1
    await desk.send(ANNA, "remind:step:0")
    assert rows(desk) == []


@POSTGRESQL_ONLY
async def test_two_replicas__one_killed_between_claim_and_sending__reminds_once(
    database: Engine,
) -> None:
    other = open_database(database.url.render_as_string(hide_password=False), KEYS)
    face = FakeFaceOfAnything()
    with Writer(database) as one, Writer(other) as two:
        desks = [Desk(database, one), Desk(other, two)]
        await reminded(desks[0])
        for desk in desks:
            desk.now = NOON + 3 * DAY + HOUR
        assert await desks[0].reception.next_due("telegram", None)  # and is killed
        for desk in desks:
            desk.now += due_rows.LEASE + timedelta(seconds=1)
        await everything_sent(*desks, face=face)
    other.dispose()
    assert len(face.pushed) == 1


# --- In Telegram -------------------------------------------------------------------------------


def a_city_by_day() -> str:
    """A city where nobody sleeps just now."""
    cities = {"Honolulu": "Pacific/Honolulu", "London": "Europe/London", "Tokyo": "Asia/Tokyo"}
    cities |= {"New York": "America/New_York", "Dubai": "Asia/Dubai"}
    now = datetime.now(UTC)
    return next(
        name for name, zone in cities.items() if 8 <= now.astimezone(ZoneInfo(zone)).hour < 19
    )


async def begun_long_ago(person: Person, folder: Path) -> None:
    """Somebody who has switched reminders on, and left off four days ago."""
    await person.send("/start")
    for label in ("English", "I agree", "Begin"):
        await person.press(label)
    await person.send("/reminders")
    await person.press("☐ Unfinished assessment")
    await person.send(a_city_by_day())
    await person.press("Back to my place")
    await person.sees("1 of 35")
    await person.quiet()
    with closing(sqlite3.connect(folder / "merilo.db")) as database, database:
        database.execute("UPDATE assessments SET touched_at = touched_at - 4 * 86400")
        database.execute("UPDATE due SET due_at = due_at - 4 * 86400")


def sent(telegram: FakeTelegram, words: str) -> int:
    """How many messages with these words the bot has tried to send."""
    calls = [call for call in telegram.log if call.method == "sendMessage"]
    return sum(words in str(call.parameters) for call in calls)


async def test_telegram__reminds_once_and_the_open_card_comes_again(data_folder: Path) -> None:
    async with FakeTelegram(TOKEN) as telegram:
        person = telegram.person(1)
        async with merilo(data_folder, telegram):
            await begun_long_ago(person, data_folder)
            await person.sees("waits where you left it", "[Stop these reminders]")
            await person.sees("1 of 35", "[Fully agree]")
            await person.press("Fully agree")
            await person.sees("2 of 35")
            await person.press("Stop these reminders")
            await person.sees("switched off")
        async with merilo(data_folder, telegram):
            await asyncio.sleep(1)
        assert sent(telegram, "waits where you left it") == 1
        assert not telegram.problems


async def test_telegram__blocked__one_message_at_most_is_tried(data_folder: Path) -> None:
    async with FakeTelegram(TOKEN) as telegram:
        person = telegram.person(1)
        async with merilo(data_folder, telegram):
            await begun_long_ago(person, data_folder)
            person.chat.refusal = "bot was blocked by the user"
            for _ in range(100):
                await asyncio.sleep(0.1)
                if sent(telegram, "waits where you left it"):
                    break
        for _ in range(2):
            async with merilo(data_folder, telegram):
                await asyncio.sleep(0.5)
        assert sent(telegram, "waits where you left it") == 1
