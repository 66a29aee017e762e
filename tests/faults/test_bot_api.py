"""A Bot API that refuses, fails and hangs at fixed rates: every card comes, at most once too often."""

import asyncio
from collections import Counter
from dataclasses import replace
from itertools import count, takewhile
from pathlib import Path

import pytest

from bot.app import running
from bot.telegram import transport
from tests.databases import KEY
from tests.fake_telegram import FakeTelegram, server_error, too_many_requests
from tests.fake_telegram.faults import Fault
from tests.faults.people import OCCAY, Crowd, until
from tests.servers import TOKEN, settings_for
from tests.sizes import Figure, size

ANSWERS = size("api_answers", short=20, full=7000)
AT_ONCE = 20
EACH = min(len(OCCAY.required), ANSWERS // AT_ONCE)
PATIENCE = 0.3
"""Seconds after which a call counts as timed out in this test."""

HANGS = [Fault(seconds=3 * PATIENCE), Fault(seconds=3 * PATIENCE, is_cut=True)]
"""Nobody can tell these two apart: carried out, and not."""

FAULTS = [*[too_many_requests(1)] * 8, server_error(502), server_error(500, after=True), *HANGS]
"""In thirty of a hundred calls: 20 to wait, 5 errors of the server, 5 that time out."""

SENDING = {"sendMessage", "editMessageText"}


@pytest.mark.timeout(60 + ANSWERS // 3)
async def test_bot_api_failing_at_fixed_rates__nothing_is_lost_and_hardly_repeated(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch, figure: Figure
) -> None:
    monkeypatch.setattr(transport.call, "__defaults__", (PATIENCE,))
    async with FakeTelegram(TOKEN) as telegram:
        settings = replace(settings_for(telegram, data_folder, webhook=True), key=KEY)
        crowd = Crowd(telegram)
        people = takewhile(lambda _: crowd.tapped < ANSWERS, count(1))
        async with running(settings):
            await until(lambda: bool(telegram.webhook.settings.url))
            telegram.faults.randomly(0.3, *FAULTS, methods=SENDING)
            met = watched(telegram)
            await crowd.answer(people, AT_ONCE, EACH)
            telegram.faults.clear()
            await telegram.quiet(patience=30)
        lost, wrong = crowd.missing_and_wrong(settings.database)
        repeated = repeats(telegram)
    ambiguous = met["timeout"] + met["error after the effect"]
    assert (lost, wrong) == (0, 0)
    assert repeated <= ambiguous
    figure(
        "Bot API refusing 20 %, failing 5 %, hanging 5 %",
        f"{crowd.shown} answers, {met.total()} faults: {lost} lost; {ambiguous} calls of which nobody "
        f"knows whether they took effect, {repeated} messages repeated",
    )


def watched(telegram: FakeTelegram) -> Counter[str]:
    """The faults that calls meet from now on, by kind."""
    met, take = Counter[str](), telegram.faults.take

    def noted(method: str) -> Fault | None:
        fault = take(method)
        if fault:
            met[kind(fault)] += 1
        return fault

    telegram.faults.take = noted  # type: ignore[method-assign]
    return met


def kind(fault: Fault) -> str:
    if fault in HANGS:
        return "timeout"
    return "error after the effect" if fault.is_after else "refused"


def repeats(telegram: FakeTelegram) -> int:
    """Messages that are like the one before in the same chat."""
    last: dict[str, str] = {}
    found = 0
    for call in telegram.log:
        if call.method == "sendMessage":
            chat, message = str(call.parameters["chat_id"]), str(call.parameters)
            found += last.get(chat) == message
            last[chat] = message
    return found


async def test_change_carried_out_late__is_not_in_the_place_of_the_next_card(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport.call, "__defaults__", (PATIENCE,))
    first, second = (OCCAY.text(id_, "en") for id_ in OCCAY.required[:2])
    async with FakeTelegram(TOKEN) as telegram:
        settings = replace(settings_for(telegram, data_folder, webhook=True), key=KEY)
        person = telegram.person(1)
        async with running(settings):
            await until(lambda: bool(telegram.webhook.settings.url))
            await person.send("/start")
            for label in ("English", "I agree"):
                await person.press(label, message=await person.sees(f"[{label}]"), at_once=True)
            menu = await person.sees("[Begin]")
            late = 3 * PATIENCE
            telegram.faults.next("editMessageText", Fault(seconds=late))
            await person.press("Begin", message=menu, at_once=True)
            card = await person.sees(first, "[Later]")
            await person.press("Fully agree", message=card, at_once=True)
            await person.sees(second, "[Later]")
            await asyncio.sleep(late)
            assert second in person.screen[-1].text, "the card to answer is the last"
