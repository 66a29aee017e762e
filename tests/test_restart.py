"""Merilo as a process of its own: stopped politely, and killed in the middle of an answer."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select

from storage.tables import answers
from tests.chat import edition
from tests.fake_telegram import FakeTelegram
from tests.fake_telegram.people import Person
from tests.servers import SECRET, TOKEN, free_port

OCCAY = edition("occay")
LABELS = [OCCAY.text(option.key, "en") for option in OCCAY.scale]


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


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_killed_in_the_middle__goes_on_where_it_was(tmp_path: Path, webhook: bool) -> None:
    async with FakeTelegram(TOKEN) as telegram:
        settings = environment(telegram, tmp_path, webhook=webhook)
        person = telegram.person(1)
        given: dict[str, str] = {}
        waits = iter([0.0, 0.006, 0.02])
        for number, wait in enumerate(waits):
            async with process(**settings) as merilo:
                if number == 0:
                    await person.send("/start")
                    for label in ("English", "I agree", "Begin"):
                        await person.press(label)
                for _ in range(2):
                    await answer(person, given)
                await answer(person, given, at_once=True)
                await asyncio.sleep(wait)
                merilo.send_signal(signal.SIGKILL)
        async with process(**settings):
            await person.sees(f"{len(given) + 1} of 35")
        assert kept(tmp_path) == given


async def answer(person: Person, given: dict[str, str], *, at_once: bool = False) -> None:
    """Answer the next statement, past section results."""
    number = len(given)
    statement, option = OCCAY.order[number], OCCAY.scale[number % 4]
    section = OCCAY.section_of(statement)
    if number and section.statements[0].id == statement:
        await person.sees("[Next section]")
        await person.press("Next section")
    await person.sees(OCCAY.text(statement, "en"))
    await person.press(LABELS[number % 4], at_once=at_once)
    given[statement] = option.id


def kept(folder: Path) -> dict[str, str]:
    engine = create_engine(f"sqlite:///{folder / 'merilo.db'}")
    with engine.connect() as connection:
        rows = connection.execute(select(answers.c.statement, answers.c.value))
        found = {row.statement: row.value for row in rows}
    engine.dispose()
    return found


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
async def test_stopped__ends_cleanly_and_says_so(tmp_path: Path, stop: signal.Signals) -> None:
    async with process(MERILO_DATA_DIR=str(tmp_path), MERILO_PORT="0") as merilo:
        merilo.send_signal(stop)
        said, _ = await asyncio.wait_for(merilo.communicate(), 10)
    assert merilo.returncode == 0
    assert b"Everything is saved." in said


async def test_refused_token__stops_with_a_sentence(tmp_path: Path) -> None:
    async with FakeTelegram("1:OTHER") as telegram:
        settings = environment(telegram, tmp_path, webhook=False)
        started = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot.cli", "serve"),
            env={**os.environ, **settings},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        _, complaint = await asyncio.wait_for(started.communicate(), 20)
    assert started.returncode == 2
    assert b"MERILO_TELEGRAM_TOKEN: Telegram refuses it" in complaint
    assert TOKEN.encode() not in complaint
