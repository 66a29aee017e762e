"""The plan in a real browser on a narrow phone, and a reminder on the next visit.

Set MERILO_TEST_SCREENSHOTS to a folder to get pictures.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from icalendar import Calendar

from tests.browser.conftest import Browse
from tests.browser.test_whole import picture, text
from tests.browser.visitor import Visitor
from tests.test_reminders import a_city_by_day

# language, and what the buttons say: agree, begin, the weakest answer, plan, date, list, file, reminders
RUNS = [
    *[("bg", "Български", "Съгласявам се", "Започвам", "Изобщо не")],
    *[("lv", "Latviešu", "Piekrītu", "Sākt", "Pilnībā nepiekrītu")],
]
LABELS = {
    "bg": ("Добавяне в плана", "Друга дата", "Моят план", "Файл за календар", "Напомняния"),
    "lv": (
        "Pievienot plānam",
        "Mainīt datumu",
        "Mans plāns",
        "Kalendāra datne",
        "Atgādinājumi",
    ),
}
TYPED = {"bg": ("31 февруари", "след две седмици"), "lv": ("31. februāris", "pēc divām nedēļām")}


async def fits(visitor: Visitor, name: str) -> None:
    """Nothing is wider than the phone, nothing shuts anybody out."""
    assert await visitor.overflow() <= 0
    assert await visitor.barriers() == ""
    await picture(visitor, name)


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run[0])
async def test_plan__on_a_narrow_phone(
    browse: Browse, address: str, run: tuple[str, str, str, str, str]
) -> None:
    language, *labels, weakest = run
    put, change, plan, file, reminders = LABELS[language]
    visitor = await browse(address, 360, locale=language, device_scale_factor=2)
    for label in (*labels, *[weakest] * 4):
        await visitor.button(label).press("Enter")
        await visitor.settled()
    await visitor.tap(put)
    await fits(visitor, f"{language}-plan-1-tips")
    await visitor.tap("1")
    await fits(visitor, f"{language}-plan-2-step")
    await visitor.tap(change)
    await visitor.say(TYPED[language][0])
    await fits(visitor, f"{language}-plan-3-date")
    await visitor.say(TYPED[language][1])
    await visitor.tap(plan)
    await fits(visitor, f"{language}-plan-4-list")
    await visitor.tap(reminders)
    await fits(visitor, f"{language}-plan-5-reminders")
    await visitor.say("/plan")
    await visitor.tap(file)
    async with visitor.page.expect_download() as download:
        await visitor.current.get_by_role("link").click()
    taken = await (await download.value).path()
    assert (await download.value).suggested_filename == "merilo-plan.ics"
    assert len(Calendar.from_ical(content(Path(taken))).events) == 1


def content(file: Path) -> bytes:
    return file.read_bytes()


async def test_reminder__stands_above_the_open_card_on_the_next_visit_and_once(
    browse: Browse, address: str, data_folder: Path
) -> None:
    visitor = await browse(address, 360)
    for label in ("English", "I agree", "Begin"):
        await visitor.tap(label)
    await visitor.say("/reminders")
    await visitor.tap("☐ Unfinished assessment")
    await visitor.say(a_city_by_day())
    with closing(sqlite3.connect(data_folder / "merilo.db")) as database, database:
        database.execute("UPDATE assessments SET touched_at = touched_at - 4 * 86400")
        database.execute("UPDATE due SET due_at = due_at - 4 * 86400")
    await visitor.open()
    reminder, card = await visitor.read()
    assert "waits where you left it" in " ".join(reminder.lines)
    assert "1 of 35" in " ".join(card.lines)
    await picture(visitor, "en-reminder")
    await visitor.tap("Stop these reminders", 0)
    assert "switched off" in await text(visitor)
    await visitor.open()
    assert len(await visitor.read()) == 1
