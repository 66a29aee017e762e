"""One person may send five events a second; more wait their turn, and a flood is refused politely."""

from pathlib import Path

import pytest

from bot.pace import LONGEST, Pace, TooFast
from bot.reception import Reception
from dialogs.types import Pressed
from storage.writer import NotSaved
from tests.fake_telegram import FakeTelegram
from tests.servers import TOKEN, settings_for
from tests.test_storage import ANNA, Desk, desk

__all__ = ["desk"]


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_five_at_once__need_not_wait_and_the_sixth_does() -> None:
    pace = Pace(5, Clock(), burst=5)
    assert [pace.wait("anna") for _ in range(5)] == [0.0] * 5
    assert pace.wait("anna") == pytest.approx(0.2)
    assert pace.wait("boris") == 0.0


def test_one_every_fifth_of_a_second__never_waits() -> None:
    clock = Clock()
    pace = Pace(5, clock, burst=5)
    for _ in range(100):
        assert pace.wait("anna") == 0.0
        clock.now += 0.2


def test_flood__waits_two_seconds_at_most_and_is_then_refused_and_told_once() -> None:
    clock = Clock()
    pace = Pace(5, clock, burst=5)
    waits = [pace.wait("anna") for _ in range(15)]
    assert waits == sorted(waits), "in the order in which they came"
    assert waits[-1] <= LONGEST
    told = []
    for _ in range(3):
        with pytest.raises(TooFast) as refusal:
            pace.wait("anna")
        told.append(refusal.value.told)
    assert told == [False, True, True]
    clock.now += 3
    assert pace.wait("anna") == 0.0


def test_people_who_calmed_down__are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.pace.CROWD", 10)
    clock = Clock()
    pace = Pace(5, clock, burst=5)
    for number in range(1000):
        pace.wait(number)
        clock.now += 1
    assert len(pace._due) <= 11


async def test_refused_event__reaches_no_database(desk: Desk) -> None:
    pace = Pace(1, Clock(), burst=1)
    hurried = Reception(desk.reception._units.writer, desk.reception.library, pace=pace)
    for _ in range(3):
        pace.wait(ANNA)
    with pytest.raises(TooFast):
        await hurried.receive(ANNA, "1", Pressed("start"), "en")
    assert desk.count("updates") == 0
    assert not issubclass(TooFast, NotSaved)


async def test_flood_in_telegram__is_told_in_the_persons_language(data_folder: Path) -> None:
    from dataclasses import replace

    from bot.app import running

    async with FakeTelegram(TOKEN) as telegram:
        settings = replace(settings_for(telegram, data_folder), events_per_second="5")
        async with running(settings):
            person = telegram.person(1, language_code="lv")
            for _ in range(140):
                await person.send("/help")
            await person.sees("Tas man bija pārāk ātri.")
            await person.quiet()
            sentences = [view for view in person.screen if "pārāk ātri" in view.html]
            assert len(sentences) == 1
