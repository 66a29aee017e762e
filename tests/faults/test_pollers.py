"""Long polling from two programs with one token: the one that came second leaves, with a sentence."""

import asyncio
import os
import shutil
import sys
import time
from pathlib import Path

import pytest

from bot.refusal import Refused
from bot.telegram import polling
from bot.telegram.service import make_bot
from tests.fake_telegram import FakeTelegram
from tests.servers import TOKEN, merilo, settings_for
from tests.sizes import Figure
from tests.test_restart import environment
from tests.test_telegram import begin


async def test_second_poller__leaves_within_ten_seconds_and_the_first_goes_on(
    data_folder: Path,
    first_start: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    figure: Figure,
) -> None:
    folder = Path(shutil.copytree(first_start, tmp_path / "second"))
    async with FakeTelegram(TOKEN) as telegram:
        anna = telegram.person(1)
        # This one is patched to be settled at once; the other is a program of its own.
        monkeypatch.setattr(polling, "SETTLED", 0.1)
        async with merilo(data_folder, telegram):
            await begin(anna)
            began = time.monotonic()
            second = environment(telegram, folder, webhook=False)
            leaving = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot.cli", "serve"),
                env={**os.environ, **second},
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            _, said = await asyncio.wait_for(leaving.communicate(), 30)
            seconds = time.monotonic() - began
            await anna.press("Fully agree", at_once=True)
            await anna.sees("2 of 35")
        assert leaving.returncode == 2
        assert seconds < 10
        sentence = said.decode().splitlines()[-1]
        assert sentence.startswith("merilo: another program polls Telegram with the same token")
        assert b"Traceback" not in said
    figure(
        "long polling from two programs", f"the second leaves after {seconds:.1f} s, exit code 2"
    )


async def test_two_that_begin_together__one_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "TURN", 0.2)
    async with FakeTelegram(TOKEN) as telegram:
        bots = [make_bot(settings_for(telegram, tmp_path)) for _ in range(2)]
        for bot in bots:
            await bot.initialize()
        fetches = [asyncio.create_task(_forever(polling.Fetching(bot))) for bot in bots]
        left, stayed = await asyncio.wait(fetches, timeout=10, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.sleep(1)
        assert [type(task.exception()) for task in left] == [Refused]
        assert len([task for task in stayed if not task.done()]) == 1
        for task in stayed:
            task.cancel()
        await asyncio.gather(*fetches, return_exceptions=True)
        for bot in bots:
            await bot.shutdown()


async def _forever(fetch: polling.Fetching) -> None:
    while True:
        await fetch(0)


def test_queue__confirms_up_to_the_first_that_is_not_done() -> None:
    queue = polling.Queue()
    first, second, third = ({"update_id": number} for number in (7, 8, 9))
    assert queue.new_among([first, second]) == [first, second]
    queue.done([second])
    assert queue.offset == 0
    assert queue.new_among([first, second, third]) == [first, third]
    queue.done([first, third])
    assert queue.offset == 10
    assert queue.new_among([]) == []
