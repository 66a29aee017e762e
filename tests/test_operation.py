"""What operators see: health, metrics, logs, the doctor, and a stop within ten seconds."""

import asyncio
import json
import logging
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import Engine

from bot.app import running
from bot.doctor import Finding, examine
from bot.keyring import key_file
from bot.logs import Redacting
from bot.preparing import prepare, refuse_unsafe
from bot.refusal import Refused
from bot.settings import Settings
from storage.database import open_database, unsafe_settings
from tests.databases import KEYS
from tests.fake_telegram import FakeTelegram
from tests.servers import TOKEN, merilo, settings_for
from tests.shell import command
from tests.test_data_rights import reset
from tests.test_restart import environment, process

# --- Metrics and health --------------------------------------------------------------------------


async def get(address: str, **headers: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as http, http.get(address, headers=headers) as response:
        return response.status, await response.text()


async def test_metrics__count_what_happened_and_tell_nothing_of_anybody(data_folder: Path) -> None:
    async with FakeTelegram(TOKEN) as telegram, merilo(data_folder, telegram) as address:
        _, before = await get(f"{address}/metrics")
        person = telegram.person(123456789)
        await person.send("/start")
        for label in ("English", "I agree", "Begin", "Fully agree"):
            await person.press(label)
        await person.quiet()
        status, page = await get(f"{address}/metrics")
    assert status == 200
    taken = 'merilo_updates_total{face="telegram",outcome="taken"}'
    assert value(page, taken) - value(before, taken) == 5
    assert value(page, "merilo_answers_total") - value(before, "merilo_answers_total") == 1
    assert value(page, "merilo_editions") == 6
    assert 'merilo_update_seconds_bucket{le="0.1"}' in page
    assert "merilo_queue_units" in page
    assert "123456789" not in page


def value(page: str, name: str) -> float:
    lines = (line.rsplit(" ", 1) for line in page.splitlines())
    return next((float(number) for found, number in lines if found == name), 0.0)


async def test_metrics__are_not_for_who_comes_through_a_proxy(data_folder: Path) -> None:
    async with merilo(data_folder) as address:
        status, _ = await get(f"{address}/metrics", **{"X-Forwarded-For": "192.0.2.1"})
    assert status == 404


async def test_ready__is_false_while_draining(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.app.DRAINING", 0.5)
    settings = replace(settings_for(None, data_folder), webhook_url="https://merilo.example")
    context = running(settings)
    address, _ = await context.__aenter__()
    assert (await get(f"{address}/readyz"))[0] == 200
    closing = asyncio.create_task(context.__aexit__(None, None, None))
    await asyncio.sleep(0.1)
    status, page = await get(f"{address}/readyz")
    await closing
    assert (status, json.loads(page)) == (503, {"ready": False, "reason": "draining"})


# --- Stopping ------------------------------------------------------------------------------------


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_terminated__ends_within_ten_seconds_whatever_hangs(
    data_folder: Path, webhook: bool
) -> None:
    async with FakeTelegram(TOKEN) as telegram:
        settings = environment(telegram, data_folder, webhook=webhook)
        async with process(**settings) as running_:
            person = telegram.person(1)
            await person.send("/start")
            await person.sees("[English]")
            await person.quiet()
            telegram.latency = 30.0
            await person.press("English", at_once=True)
            await asyncio.sleep(0.5)
            began = time.monotonic()
            running_.send_signal(signal.SIGTERM)
            await asyncio.wait_for(running_.wait(), 15)
            assert time.monotonic() - began < 10
            assert running_.returncode == 0
            telegram.latency = 0.0


# --- Unsafe databases ----------------------------------------------------------------------------


def test_database__as_merilo_opens_it_loses_nothing(database: Engine) -> None:
    commits = [one for one in unsafe_settings(database) if "synchronous" in one]
    assert commits == []


def test_unsafe_database__is_refused_unless_told_so(postgresql_url: str) -> None:
    engine = open_database(f"{postgresql_url}&options=-csynchronous_commit%3Doff", KEYS)
    with pytest.raises(Refused, match="synchronous_commit is off"):
        refuse_unsafe(engine, Settings())
    refuse_unsafe(engine, Settings(unsafe_database="yes"))
    engine.dispose()


# --- The log -------------------------------------------------------------------------------------


def test_json_log__is_an_object_a_line_without_secrets() -> None:
    record = logging.LogRecord("bot", logging.WARNING, "", 0, "ask %s", (TOKEN,), None)
    line = Redacting([TOKEN], "json").format(record)
    told = json.loads(line)
    assert (told["level"], told["logger"], told["message"]) == ("WARNING", "bot", "ask …")
    assert told["time"].endswith("+00:00")
    assert "\n" not in line


# --- The doctor ----------------------------------------------------------------------------------


def wrong(findings: list[Finding]) -> list[str]:
    return [one.what for one in findings if one.remedy]


async def test_doctor__finds_nothing_where_all_is_well(data_folder: Path) -> None:
    async with FakeTelegram(TOKEN) as telegram, merilo(data_folder, telegram):
        findings = await examine(settings_for(telegram, data_folder))
    assert wrong(findings) == []
    assert {"database", "durability", "migrations", "content", "key file", "disk", "token"} <= {
        one.what for one in findings
    }


async def test_doctor__says_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    async with FakeTelegram("1:OTHER") as telegram:
        settings = settings_for(telegram, tmp_path)
        assert wrong(await examine(settings)) == ["migrations", "token"]
        engine = open_database(settings.database, KEYS)
        prepare(engine)
        engine.dispose()
        key_file(settings).chmod(0o644)
        assert wrong(await examine(settings)) == ["key file", "token"]


async def test_doctor__tells_of_a_webhook_that_is_set_elsewhere(data_folder: Path) -> None:
    async with FakeTelegram(TOKEN) as telegram:
        settings = replace(
            settings_for(telegram, data_folder), webhook_url="https://merilo.example"
        )
        assert "webhook" in wrong(await examine(settings))


async def test_doctor__copes_without_database_and_network(tmp_path: Path) -> None:
    async with FakeTelegram(TOKEN) as gone:
        pass
    settings = replace(
        settings_for(gone, tmp_path),
        database_url="postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=2",
    )
    assert wrong(await examine(settings)) == ["database", "telegram"]


async def test_doctor__ends_with_one_where_something_is_to_be_done(tmp_path: Path) -> None:
    status, said = await command("doctor", MERILO_DATA_DIR=str(tmp_path))
    assert status == 1
    assert "-> run: merilo migrate" in said


async def test_serve__refuses_an_unsafe_database_with_a_sentence(
    tmp_path: Path, postgresql_url: str
) -> None:
    reset(postgresql_url)
    url = f"{postgresql_url}&options=-csynchronous_commit%3Doff"
    status, said = await command(
        "serve", MERILO_DATA_DIR=str(tmp_path), MERILO_DATABASE_URL=url, MERILO_PORT="0"
    )
    assert status == 2
    assert "synchronous_commit is off" in said
    assert "Traceback" not in said


async def test_commands_that_change_everything__refuse_while_merilo_serves(
    data_folder: Path,
) -> None:
    async with merilo(data_folder):
        for words in (["rotate-key"], ["restore", "x"], ["copy", "--to", "sqlite:///x.db"]):
            status, said = await command(*words, MERILO_DATA_DIR=str(data_folder))
            assert status == 2
            assert "stop it first" in said
        status, said = await command(
            "backup", str(data_folder / "a.backup"), MERILO_DATA_DIR=str(data_folder)
        )
        assert status == 0, said


AHEAD = """
import bot.ahead
from bot.cli import ready

def interrupted(settings):
    raise KeyboardInterrupt

if {interrupt}:
    bot.ahead.prepare_ahead = interrupted
settings = ready()
print("code", bot.ahead.begin_ahead(settings).wait())
print("again", bot.ahead.begin_ahead(settings) is not None)
"""


def prepared_ahead(folder: Path, *, interrupt: bool) -> list[str]:
    """What a start in that folder says that forks. In a process of its own: this one has threads."""
    said = subprocess.run(
        [sys.executable, "-c", AHEAD.format(interrupt=interrupt)],
        env={**os.environ, "MERILO_DATA_DIR": str(folder)},
        check=True,
        capture_output=True,
        text=True,
    )
    return said.stdout.splitlines()


def test_first_start__is_prepared_in_a_process_of_its_own(tmp_path: Path) -> None:
    assert prepared_ahead(tmp_path, interrupt=False) == ["code 0", "again False"]
    assert list(tmp_path.glob("guide-*.json"))


def test_first_start__interrupted_while_preparing_is_no_second_merilo(tmp_path: Path) -> None:
    assert prepared_ahead(tmp_path, interrupt=True) == ["code 1", "again True"]
