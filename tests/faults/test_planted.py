"""An exception planted in every scene, behind every button, and on the way to and from Telegram: the person
gets a sentence and a way on, the operator a line with the same id, and nobody else notices."""

import asyncio
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import aiohttp
import pytest
from sqlalchemy import Engine

from bot.reception import TRIES
from bot.telegram import rendering
from bot.telegram.tries import LIMIT
from bot.telegram.updates import asked
from dialogs.presses import VERBS
from dialogs.scenes.showing import SCENES
from dialogs.types import Reply
from storage.conversations import Address
from storage.writer import Writer
from tests.fake_telegram import FakeTelegram
from tests.faults.people import until
from tests.servers import TOKEN, merilo
from tests.sizes import Figure
from tests.test_storage import Desk
from tests.test_telegram import BOTH_WAYS, begin

SQLITE_ONLY = pytest.mark.parametrize("empty_database", ["sqlite"], indirect=True)
ANNA, BORIS = Address("telegram", "1"), Address("telegram", "2")
INCIDENT = re.compile(r"\b[0-9a-f]{8}\b")


class Planted(Exception):
    """What the test put there."""


@pytest.fixture
def desk(database: Engine) -> Iterator[Desk]:
    with Writer(database) as writer:
        yield Desk(database, writer)


def incident_in(said: object, caplog: pytest.LogCaptureFixture) -> str:
    """The id that the person was told; it stands in the log, in one line, with the cause."""
    [id_] = INCIDENT.findall(str(said))
    [record] = [one for one in caplog.records if id_ in one.getMessage()]
    assert record.levelno == logging.ERROR
    assert record.exc_info
    assert record.exc_info[0] is Planted
    return str(id_)


def told(card: Reply) -> str:
    assert [choice.token for row in card.choices for choice in row] == ["menu"]
    return str(card.blocks)


START = ("start",)
AGREED = (*START, "language:en", "agree:1")
ASKING = (*AGREED, "begin:tiny")
FIRST = (*ASKING, "a:{code}:1.1:1:full", "a:{code}:1.2:1:full")
WAYS_IN: dict[str, tuple[str, ...]] = {
    "language": START,
    "consent": (*START, "language:en"),
    "menu": AGREED,
    "asking": ASKING,
    "note": (*ASKING, "note:{code}:1.1"),
    "section": FIRST,
    "result": (*FIRST, "next:{code}", "a:{code}:2.1:2:full", "overall:{code}"),
    "review": (*FIRST, "review:{code}"),
}


def planted(counted: list[int]) -> Callable[..., Any]:
    def fails(*_: object) -> Any:
        counted.append(1)
        raise Planted

    return fails


async def go(desk: Desk, who: Address, tokens: tuple[str, ...]) -> None:
    for token in tokens:
        await desk.send(who, token.format(code=code_of(desk)))


def code_of(desk: Desk) -> str:
    with desk.engine.connect() as connection:
        codes = list(connection.exec_driver_sql("SELECT code FROM assessments ORDER BY id"))
    return str(codes[-1][0]) if codes else ""


@SQLITE_ONLY
@pytest.mark.parametrize("scene", SCENES)
async def test_scene_that_fails__is_told_and_left_and_blocks_nobody(
    desk: Desk, scene: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await go(desk, BORIS, AGREED)
    *before, into = WAYS_IN[scene]
    await go(desk, ANNA, tuple(before))
    into = into.format(code=code_of(desk))
    tries: list[int] = []
    with monkeypatch.context() as patch:
        patch.setitem(cast(dict[str, Any], SCENES), scene, planted(tries))
        sorry, other = await asyncio.gather(desk.send(ANNA, into), desk.send(BORIS, "help"))
    incident_in(told(sorry), caplog)
    # Where both came in one batch, it was tried once more apart from the other.
    assert len(tries) in range(TRIES, 2 * TRIES + 1)
    assert "went wrong" not in str(other.blocks)
    back = await desk.send(ANNA, "menu")  # the way on that the sentence offers
    assert "went wrong" not in str(back.blocks)
    again = await desk.send(ANNA, into)  # and it works once the fault is gone
    assert "went wrong" not in str(again.blocks)


@SQLITE_ONLY
@pytest.mark.parametrize("verb", VERBS)
async def test_button_that_fails__keeps_everything_as_it_was(
    desk: Desk, verb: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await go(desk, ANNA, FIRST)
    kept = [desk.count("answers"), await desk.reception.look(ANNA, "en")]
    arity = VERBS[verb][1][0]
    tries: list[int] = []
    with monkeypatch.context() as patch:
        patch.setitem(cast(dict[str, Any], VERBS), verb, (planted(tries), (arity,)))
        sorry = await desk.send(ANNA, ":".join((verb, *["1"] * arity)))
    incident_in(told(sorry), caplog)
    assert len(tries) == TRIES
    assert [desk.count("answers"), await desk.reception.look(ANNA, "en")] == kept


@SQLITE_ONLY
async def test_fault_that_passes__is_never_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await go(desk, ANNA, AGREED)
    show, tries = SCENES["menu"], iter(range(TRIES - 1))

    def fails_at_first(talk: Any) -> Reply:
        if next(tries, None) is not None:
            raise Planted
        return show(talk)

    monkeypatch.setitem(cast(dict[str, Any], SCENES), "menu", fails_at_first)
    assert "went wrong" not in str((await desk.send(ANNA, "menu")).blocks)


@SQLITE_ONLY
async def test_open_card_that_fails__is_told_to_a_browser_that_looks(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await go(desk, ANNA, AGREED)
    monkeypatch.setitem(cast(dict[str, Any], SCENES), "menu", planted([]))
    [sorry] = (await desk.reception.look(ANNA, "lv")).replies
    incident_in(told(sorry), caplog)


# --- On the way to and from Telegram -------------------------------------------------------------


@BOTH_WAYS
async def test_card_that_cannot_be_shown__is_told_and_the_answer_is_kept(
    data_folder: Path,
    webhook: bool,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with FakeTelegram(TOKEN) as telegram, merilo(data_folder, telegram, webhook=webhook):
        anna = telegram.person(1)
        await begin(anna)
        render = rendering.messages
        monkeypatch.setattr(rendering, "messages", once(render))
        await anna.press("Fully agree")
        sorry = await anna.sees("went wrong", "[Menu]")
        incident_in(sorry.text, caplog)
        await anna.press("Menu")
        await anna.press("Continue: Digital readiness of your organisation")
        await anna.sees("2 of 35")


def once(render: Callable[..., Any]) -> Callable[..., Any]:
    fails = iter([True])

    def rendered(*given: Any) -> Any:
        if next(fails, False):
            raise Planted
        return render(*given)

    return rendered


@BOTH_WAYS
async def test_update_that_always_fails__is_set_aside_after_five_tries(
    data_folder: Path,
    webhook: bool,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    figure: Figure,
) -> None:
    """A fault before any scene: what comes from Anna cannot be taken in at all."""
    tries: list[int] = []

    def fails_for_anna(update: Any) -> Any:
        if update.get("message", {}).get("text") == "poison":
            tries.append(1)
            raise Planted
        return asked(update)

    async with FakeTelegram(TOKEN) as telegram, merilo(data_folder, telegram, webhook=webhook):
        anna, boris = telegram.person(1), telegram.person(2)
        await begin(anna)
        await begin(boris)
        monkeypatch.setattr("bot.telegram.face.asked", fails_for_anna)
        await anna.send("poison")
        await until(lambda: bool(tries))
        await boris.press("Fully agree", at_once=True)
        await boris.sees("2 of 35", patience=2.0)
        assert len(tries) < LIMIT, "Boris was served while Anna's update was still being tried"
        sorry = await anna.sees("went wrong", "[Menu]")
        incident_in(sorry.text, caplog)
        await anna.quiet()
        assert len(tries) == LIMIT
        await anna.press("Fully agree")
        await anna.sees("2 of 35")
    figure(
        f"an update that always fails, {'webhook' if webhook else 'polling'}",
        f"set aside after {len(tries)} tries, somebody else served meanwhile",
    )


async def test_file_that_cannot_be_made__is_told_in_chat_and_browser(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with FakeTelegram(TOKEN) as telegram, merilo(data_folder, telegram) as address:
        anna = telegram.person(1)
        await begin(anna)
        monkeypatch.setattr("bot.files.export", planted([]))
        await anna.send("/privacy")
        await anna.press("Give me my data")
        sorry = await anna.sees("went wrong", "[Menu]")
        incident_in(sorry.text, caplog)
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
            for token in ("language:en", "agree:1"):
                event = {"id": str(uuid4()), "event": {"kind": "pressed", "token": token}}
                async with http.post(f"{address}/chat", json=event) as response:
                    assert response.status == 200
            async with http.get(f"{address}/documents/export") as response:
                assert response.status == 500
                incident_in((await response.json())["error"]["message"], caplog)
