"""Merilo as a process of its own, started and stopped. Killed it is in ``faults/test_kills.py``."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.fake_telegram import FakeTelegram
from tests.servers import SECRET, TOKEN, free_port


@asynccontextmanager
async def process(**environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """``merilo serve``, ready; killed at the end if it still runs."""
    started = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", "serve"),
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
    )
    assert started.stdout
    try:
        assert b"Merilo is ready" in await started.stdout.readline()
        yield started
    finally:
        if started.returncode is None:
            started.kill()
        await started.communicate()


def environment(telegram: FakeTelegram, folder: Path, *, webhook: bool) -> dict[str, str]:
    port = str(free_port())
    own = {
        "MERILO_TELEGRAM_TOKEN": TOKEN,
        "MERILO_TELEGRAM_API": str(telegram.base_url),
        "MERILO_DATA_DIR": str(folder),
        "MERILO_PORT": port,
        "MERILO_EVENTS_PER_SECOND": "0",
    }
    hook = {
        "MERILO_WEBHOOK_URL": f"http://127.0.0.1:{port}",
        "MERILO_WEBHOOK_SECRET": SECRET,
    }
    return {**own, **hook} if webhook else own


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
async def test_stopped__ends_cleanly_and_says_so(data_folder: Path, stop: signal.Signals) -> None:
    async with process(MERILO_DATA_DIR=str(data_folder), MERILO_PORT="0") as merilo:
        merilo.send_signal(stop)
        said, _ = await asyncio.wait_for(merilo.communicate(), 60)
    assert merilo.returncode == 0
    assert b"Everything is saved." in said


async def test_refused_token__stops_with_a_sentence(data_folder: Path) -> None:
    async with FakeTelegram("1:OTHER") as telegram:
        settings = environment(telegram, data_folder, webhook=False)
        started = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot.cli", "serve"),
            env={**os.environ, **settings},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        _, complaint = await asyncio.wait_for(started.communicate(), 60)
    assert started.returncode == 2
    assert b"MERILO_TELEGRAM_TOKEN: Telegram refuses it" in complaint
    assert TOKEN.encode() not in complaint
