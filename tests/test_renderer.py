"""The process that makes pictures and reports: what happens when it dies, hangs, or is asked too much."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.reports.document import chart_data
from bot.reports.making import Fetch, Maker, Snapshot
from bot.reports.renderer import Busy, CannotRender, Prepare, Renderer
from dialogs.scenes.files import Wanted
from dialogs.types import Answer, Bar, Chart
from tests.chat import NOON, edition, library
from tests.test_reports import assessment, told

PNG = b"\x89PNG"


@pytest.fixture
async def renderer() -> AsyncIterator[Renderer]:
    async with Renderer() as made:
        yield made


def given(data: dict[str, Any]) -> Prepare:
    async def prepare() -> dict[str, Any]:
        return data

    return prepare


def chart(number: int = 1) -> Prepare:
    return given(chart_data(Chart("Title", (Bar("Label", f"{number} %", 0.5),)), "en"))


async def drawn(renderer: Renderer, number: int = 1) -> bytes:
    made = await renderer.make("chart", chart(number))
    assert made
    assert made.startswith(PNG)
    return made


def process(renderer: Renderer) -> int:
    found = renderer._process
    assert found
    return found.pid


def told_of(pid: int, what: str) -> str:
    """What the system tells of a process; nothing where there is none."""
    file = Path(f"/proc/{pid}/{what}")
    return file.read_text() if file.exists() else ""


def lives(pid: int) -> bool:
    """Not even waiting to be collected."""
    return told_of(pid, "stat").rpartition(")")[2].strip()[:1] not in ("", "Z")


async def test_jobs__at_once__each_gets_its_own(renderer: Renderer) -> None:
    made = await asyncio.gather(*(drawn(renderer, n) for n in range(5)))
    assert len(set(made)) == 5
    assert renderer.waiting == 0


async def test_process__gives_way_and_knows_no_secrets(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MERILO_KEY", "a secret")
    await renderer.make("chart", chart())
    pid = process(renderer)
    assert os.getpriority(os.PRIO_PROCESS, pid) >= 10
    assert "MERILO" not in told_of(pid, "environ")


async def test_process__that_died__is_replaced(renderer: Renderer) -> None:
    await renderer.make("chart", chart())
    first = process(renderer)
    os.kill(first, signal.SIGKILL)
    with pytest.raises(CannotRender):  # noqa: PT012 - whichever of the two notices it
        await renderer.make("chart", chart())
        raise CannotRender
    assert await drawn(renderer)
    assert process(renderer) != first


async def test_job__that_takes_too_long__is_given_up_and_the_next_goes_well() -> None:
    async with Renderer(patience=0.01) as renderer:
        with pytest.raises(CannotRender):
            await renderer.make("chart", chart())
        renderer._patience = 20
        assert await drawn(renderer)


async def test_job__that_fails__leaves_the_process_as_it_was(renderer: Renderer) -> None:
    await renderer.make("chart", chart())
    first = process(renderer)
    with pytest.raises(CannotRender):
        await renderer.make("report", given({"no": "report"}))
    await renderer.make("chart", chart())
    assert process(renderer) == first


async def test_job__given_up_by_who_asked__leaves_nothing_for_the_next(renderer: Renderer) -> None:
    asked = asyncio.create_task(renderer.make("chart", chart(1)))
    await asyncio.sleep(0.05)
    asked.cancel()
    await asyncio.gather(asked, return_exceptions=True)
    alone = await renderer.make("chart", chart(2))
    assert alone == await renderer.make("chart", chart(2))
    assert renderer.waiting == 0


async def test_jobs__too_many__are_sent_away(renderer: Renderer) -> None:
    asked = [renderer.make("chart", chart(n), room=3) for n in range(5)]
    made = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(one) for one in made] == [bytes, bytes, bytes, Busy, Busy]


async def test_process__without_work__ends_and_comes_back() -> None:
    async with Renderer(idle=0.05) as renderer:
        await renderer.make("chart", chart())
        first = process(renderer)
        async with asyncio.timeout(5):
            while lives(first):  # noqa: ASYNC110 - another process ends, and tells nobody
                await asyncio.sleep(0.02)
        assert await drawn(renderer)
        assert process(renderer) != first


async def test_close__ends_the_process(renderer: Renderer) -> None:
    await renderer.make("chart", chart())
    pid = process(renderer)
    await renderer.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


class Counting(Renderer):
    """How often something was really drawn."""

    drawn = 0

    async def make(self, what: str, prepare: Prepare, room: int = 20) -> bytes:
        self.drawn += 1
        return f"{what} {await prepare()}".encode()


def held(score: str = "yes") -> Fetch:
    own = assessment("yesno").with_answer("1.1", Answer(score))

    async def fetch() -> Snapshot:
        return Snapshot(library("yesno"), {own.code: own}, 1, NOON, "en")

    return fetch


async def test_picture__of_the_same_result__is_drawn_once() -> None:
    renderer = Counting()
    making = Maker(renderer)
    for language in ("en", "lv", "en", "lv"):
        assert await making.make(Wanted("chart", "code1234", "1", language), held())
    assert renderer.drawn == 2
    await making.make(Wanted("chart", "code1234", "1", "en"), held("no"))
    assert renderer.drawn == 3


async def test_pictures__that_are_kept__are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    renderer = Counting()
    making = Maker(renderer)
    first = await making.make(Wanted("chart", "code1234", "1", "en"), held())
    assert first
    monkeypatch.setattr("bot.reports.making.KEPT", 2 * len(first.content) + 100)
    for language in ("lv", "bg", "en"):
        await making.make(Wanted("chart", "code1234", "1", language), held())
    assert renderer.drawn == 4, "the oldest was let go, and drawn again"
    assert len(making._drawn) == 2


async def test_picture__of_what_is_not_there__is_none() -> None:
    making = Maker(Counting())
    assert await making.make(Wanted("chart", "code1234", "no such section", "en"), held()) is None
    assert told("answers", "en").chart is None
    assert edition("answers").result == "none"
