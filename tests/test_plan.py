"""The plan: steps from tips, kept sealed, erased and exported with their person, and as a calendar."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar
from sqlalchemy import Engine, select

from bot.calendar_file import entries, made, written
from dialogs.scenes.plan import PAGE, by_statement, in_order
from dialogs.scenes.progress import risen
from dialogs.scenes.stepping import TEXT_LIMIT
from dialogs.talk import Talk
from dialogs.types import PlanStep, Pressed, Said
from storage import rotation
from storage.conversations import Address
from storage.housekeeping import tidy_up
from storage.tables import plan_steps
from storage.writer import Writer
from tests.chat import NOON, Chat, agreed, edition
from tests.fake_telegram import FakeTelegram
from tests.faults.people import until
from tests.servers import TOKEN, merilo
from tests.test_keys import NEW, OLD, with_keys
from tests.test_storage import ANNA, BORIS, Desk

LONG = "Да прочетем правилата; после, с Мария, \\ да ги обсъдим 🙂. " * 8


def step(number: int, due: date | None = None, **more: str) -> PlanStep:
    values = {"text": f"Step {number}", **more}
    made = NOON + timedelta(minutes=number)
    return PlanStep(f"s{number}", "tiny", "code4", "1.1", "1.1/tip/1", made=made, due=due, **values)


def weak(*instruments: str) -> Chat:
    """A chat at the result of a first section with something to do."""
    chat = agreed(*instruments)
    chat.press("Begin")
    chat.press("Rather disagree")
    chat.press("Rather agree")
    return chat


def planned() -> Chat:
    """A chat with a step on the screen."""
    chat = weak()
    chat.press("Put in my plan")
    chat.press("1")
    return chat


def only(chat: Chat) -> PlanStep:
    [found] = chat.plan.values()
    return found


# --- Making ------------------------------------------------------------------------------------


def test_tip__becomes_a_step_in_two_weeks_that_points_at_its_statement() -> None:
    step = only(planned())
    assert (step.instrument, step.statement, step.tip) == ("tiny", "1.1", "1.1/tip/1")
    assert (step.text, step.due, step.standing) == ("Read the rules.", date(2026, 12, 5), "open")


def test_same_tip__tapped_again_opens_its_step_and_makes_no_second() -> None:
    chat = planned()
    before = only(chat)
    chat.receive(Pressed(f"put:{before.assessment}:{before.tip}"))
    chat.receive(Pressed(f"put:{before.assessment}:{before.tip}"))
    assert only(chat) == before
    assert "already" in str(chat.shown[-1].blocks[0])


@pytest.mark.parametrize(
    "forged",
    [
        *("put:code4:1.1/tip/99", "put:code4:9.9/tip/1", "put:other:1.1/tip/1", "put:code4:"),
        *("step:nobody", "stepis:{}:gone", "stepdue:{}:2026-13-01", "stepdue:{}:1999-01-01"),
        *("steps:open:0", "steps:open:99", "steps:other:1", "steps:open:²", "tips:code4:9"),
        *("steps:open:" + "9" * 40, "stepdate:nobody", "stepdue:{}:9999-12-31"),
    ],
)
def test_forged_button__changes_nothing(forged: str) -> None:
    chat = planned()
    before = only(chat)
    chat.receive(Pressed(forged.format(before.code)))
    assert only(chat) == before
    assert chat.shown[-1].choices


def test_open_card__is_where_it_was_after_work_on_the_plan() -> None:
    chat = weak()
    chat.press("Next section")
    card = chat.card()
    chat.say("/plan")
    chat.receive(Pressed(f"put:{next(iter(chat.shelf))}:1.1/tip/1"))
    chat.press("Change the text")
    chat.say("2")
    assert only(chat).text == "2"
    assert chat.card() == card
    chat.press("Back to my place")
    chat.say("2")
    assert chat.answers["2.1"] == "rather"


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u200d", "x" * (TEXT_LIMIT + 1)])
@pytest.mark.parametrize("prompt", ["Change the text", "Write a note"])
def test_unfit_text__is_refused_and_the_step_stays(prompt: str, text: str) -> None:
    chat = planned()
    chat.press(prompt)
    before = only(chat)
    chat.say(text)
    assert only(chat) == before
    assert chat.state.view.startswith("step"), "the card still asks"
    chat.say("fits")
    assert "fits" in (only(chat).text, only(chat).note)


@pytest.mark.parametrize("text", ["🙂", "שלום", "\u202eтекст", "e\u0301" * 100, "<b>&amp;</b>"])
def test_unusual_text__is_kept_to_the_letter(text: str) -> None:
    chat = planned()
    chat.press("Change the text")
    chat.say(text)
    assert only(chat).text == text


def test_step__is_still_shown_when_its_assessment_is_gone() -> None:
    chat = planned()
    chat.shelf.clear()
    chat.say("/plan")
    chat.press("1")
    assert "We know the rules." in str(chat.shown[-1])


# --- Lists -------------------------------------------------------------------------------------


def test_list__is_by_date_and_paged() -> None:
    chat = agreed()
    days = [date(2026, 12, 1) + timedelta(days=n) for n in range(PAGE)]
    steps = [step(0), *(step(n + 1, day) for n, day in enumerate(reversed(days)))]
    chat.plan = {one.code: one for one in steps}
    chat.say("/plan")
    assert "1. Step 6 " in str(chat.shown[-1])
    assert "Step 0" not in str(chat.shown[-1]), "what has no date comes last, on the next page"
    chat.press("Next page")
    assert f"{PAGE + 1}. Step 0 " in str(chat.shown[-1])
    chat.press("Previous page")
    chat.press("6")
    assert "Step 1" in str(chat.shown[-1])


def test_longest_list__fits_two_messages() -> None:
    from bot.telegram.rendering import messages

    chat = agreed()
    chat.plan = {f"s{n}": step(n, date(2026, 12, 1), text="ж" * TEXT_LIMIT) for n in range(20)}
    chat.say("/plan")
    assert len(messages(chat.shown[-1].blocks)) == 1


def test_data_for_others__by_date_and_by_statement() -> None:
    early, late, never = step(1, date(2026, 12, 1)), step(2, date(2027, 1, 1)), step(3)
    other = PlanStep("s9", "second", "k", "1.1", "1.1/tip/1", "Other", NOON, standing="done")
    plan = {one.code: one for one in (never, late, other, early)}
    assert in_order(plan, "open") == [early, late, never]
    assert in_order(plan, "done") == [other]
    assert by_statement(plan, "tiny") == {"1.1": [early, late, never]}


def test_next_result__names_steps_of_statements_that_rose() -> None:
    chat = planned()
    chat.say("/menu")
    for label in ("Continue", "Fully disagree", "Overall result", "Menu", "Begin", "Start afresh"):
        chat.press(label)
    for label in ("Fully agree", "Rather disagree", "Next section", "Fully disagree"):
        chat.press(label)
    done = chat.press("Overall result").replies[0]
    assert "1 step of your plan belongs to a statement that rose:" in str(done)
    assert "1.1 · Read the rules." in str(done)
    assert risen(Talk(chat.state, chat.world())) == ["1.1"]


# --- The calendar ------------------------------------------------------------------------------


async def test_calendar__is_read_back_to_the_letter() -> None:
    steps = [step(1, date(2026, 12, 5), text=LONG, note="a, b; c\nd"), step(2)]
    content = await made(steps, NOON)
    [event] = Calendar.from_ical(content).events
    assert str(event["SUMMARY"]) == LONG
    assert str(event["DESCRIPTION"]) == "a, b; c\nd"
    assert event.start == date(2026, 12, 5)
    assert str(event["UID"]) == "s1@merilo"
    assert all(len(line) <= 75 for line in content.split(b"\r\n")), "RFC 5545 folds in bytes"
    assert b"\r\n " in content


def test_calendar__same_steps_have_the_same_uid_later() -> None:
    moved = [step(1, date(2027, 1, 1))]
    uids = {
        str(event["UID"])
        for steps in ([step(1, date(2026, 12, 5))], moved)
        for event in Calendar.from_ical(written(entries(steps), NOON)).events
    }
    assert len(uids) == 1


# --- Keeping -----------------------------------------------------------------------------------


@pytest.fixture
def desk(database: Engine) -> Iterator[Desk]:
    with Writer(database) as writer:
        yield Desk(database, writer)


async def plans(desk: Desk, who: Address, text: str = "Питай Мария", note: str = "тайна") -> None:
    """Somebody with a step in their own words and a note on it."""
    card = await desk.begun(who)
    code = card.choices[0][0].token.split(":")[1]
    shown = await desk.send(who, f"put:{code}:1.1/tip/1")
    for label, said in (("Change the text", text), ("Write a note", note)):
        await desk.press(who, label, shown)
        desk.events += 1
        answer = await desk.reception.receive(who, f"say {desk.events}", Said(said), "en")
        shown = answer.replies[-1]


async def test_step__is_there_for_the_next_process_and_sealed(desk: Desk) -> None:
    await plans(desk, ANNA)
    shown = await desk.send(ANNA, "steps")
    assert "Питай Мария" in str(shown)
    with desk.engine.connect() as connection:
        row = connection.execute(select(plan_steps)).one()
    assert "Питай" not in str(row)
    assert "тайна" not in str(row)
    assert (row.statement, row.due_on, row.standing) == ("1.1", "2026-12-05", "open")


async def test_step__of_somebody_else_is_not_found(desk: Desk) -> None:
    await plans(desk, ANNA)
    await desk.begun(BORIS)
    with desk.engine.connect() as connection:
        [code] = connection.scalars(select(plan_steps.c.code))
    for forged in (f"step:{code}", f"stepis:{code}:done", f"stepdue:{code}:none"):
        assert "Питай" not in str(await desk.send(BORIS, forged))
    assert await desk.reception.file(BORIS, "calendar") is None
    with desk.engine.connect() as connection:
        assert connection.scalar(select(plan_steps.c.standing)) == "open"


async def test_keys_changed__steps_are_read_under_the_new_one_alone(desk: Desk) -> None:
    await plans(desk, ANNA)
    await plans(desk, BORIS, note="")
    both = with_keys(desk.engine, NEW, OLD)
    assert rotation.rotate(both, lambda *_: None) == 4
    engine = with_keys(desk.engine, NEW)
    with engine.begin() as connection:
        assert rotation.left(connection) == 0
    with Writer(engine) as writer:
        later = Desk(engine, writer)
        later.events = 1000
        assert "Питай Мария" in str(await later.send(ANNA, "steps"))


async def test_export_and_erasure__hold_steps_too(desk: Desk) -> None:
    await plans(desk, ANNA)
    await plans(desk, BORIS)
    content = await desk.reception.file(ANNA, "export")
    assert content
    with zipfile.ZipFile(io.BytesIO(content.content)) as file:
        [row] = json.loads(file.read("everything.json"))["plan_steps"]
    assert (row["text"], row["note"]) == ("Питай Мария", "тайна")
    confirm = await desk.send(ANNA, "erase")
    assert "1 step of your plan" in str(confirm)
    await desk.press(ANNA, "Yes, delete everything", confirm)
    assert desk.count("plan_steps") == 1


async def test_calendar__comes_as_a_document_in_telegram(data_folder: Path) -> None:
    async with FakeTelegram(TOKEN) as telegram, merilo(data_folder, telegram):
        person = telegram.person(1)
        await person.send("/start")
        for label in (
            "English",
            "I agree",
            "Begin",
            *["Fully disagree"] * 4,
            "Put in my plan",
            "1",
        ):
            await person.press(label)
        await person.sees("A step of my plan")
        await person.send("/plan")
        await person.press("As a calendar file")
        await until(lambda: any(call.method == "sendDocument" for call in telegram.log))
        [sent] = [call for call in telegram.log if call.method == "sendDocument"]
        [upload] = sent.uploads.values()
        [event] = Calendar.from_ical(upload.content).events
        assert str(event["SUMMARY"]) in edition("occay").texts["en"].values()
        assert not telegram.problems


async def test_step__is_deleted_two_years_after_its_last_change(desk: Desk) -> None:
    await plans(desk, ANNA)
    for months, left in ((23, 1), (25, 0)):
        with desk.engine.begin() as connection:
            tidy_up(connection, NOON + timedelta(days=30.44 * months))
        assert desk.count("plan_steps") == left
