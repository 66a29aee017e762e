"""``merilo doctor``: what is wrong with an installation, and what to do about it."""

import asyncio
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.keyring import key_file, keys_at_hand
from bot.settings import Settings
from bot.shipped import taking
from bot.telegram.webhook import PATH
from storage import editions
from storage.database import HEAD, current_revision, open_database, unsafe_settings
from storage.editions import read_library
from storage.keys import WrongKey
from storage.rotation import check_keys, left

ROOM = 500
"""Megabytes that should be free on the disk."""

DRIFT = 30.0
"""Seconds that the clock may differ from Telegram's."""

PATIENCE = aiohttp.ClientTimeout(total=10)


@dataclass(frozen=True, slots=True)
class Finding:
    """``remedy`` is empty where all is well."""

    what: str
    found: str
    remedy: str = ""


async def examine(settings: Settings) -> list[Finding]:
    """Everything that can be looked at without changing anything. Raises WrongSetting for the key."""
    keys = keys_at_hand(settings)
    engine = open_database(settings.database, keys)
    try:
        findings = [*_database(engine), _key(settings), _disk(settings)]
    finally:
        engine.dispose()
    if not settings.telegram_token:
        return [*findings, Finding("telegram", "no token: the browser chat only")]
    return [*findings, *await _telegram(settings)]


# --- The machine ---------------------------------------------------------------------------------


def _database(engine: Engine) -> Iterator[Finding]:
    try:
        revision = current_revision(engine)
    except SQLAlchemyError as fault:
        yield Finding(
            "database", type(fault).__name__, "check MERILO_DATABASE_URL, and that it runs"
        )
        return
    yield Finding("database", engine.url.render_as_string(hide_password=True))
    unsafe = unsafe_settings(engine)
    remedy = "set them back: with these, acknowledged answers can be lost" if unsafe else ""
    yield Finding("durability", ", ".join(unsafe) or "every commit is on the disk", remedy)
    if revision != HEAD:
        found = f"at {revision or 'nothing'}, Merilo needs {HEAD}"
        yield Finding("migrations", found, "run: merilo migrate (a start does it too)")
        return
    yield Finding("migrations", f"up to date ({HEAD})")
    yield from _contents(engine)


def _contents(engine: Engine) -> Iterator[Finding]:
    with engine.connect() as connection:
        on_offer = read_library(connection).instruments
        remedy = "" if on_offer else "start Merilo once: it publishes what it ships"
        yield Finding("content", ", ".join(on_offer) or "nothing is published", remedy)
        for one in editions.newer_shipped(connection):
            found = (
                f"{one.instrument}: Merilo brings edition {one.number}, one of your own is current"
            )
            yield Finding("newer content", f"{found}; {taking(one)} takes it")
        try:
            check_keys(connection)
        except WrongKey as wrong:
            yield Finding("key", str(wrong), "set MERILO_KEY, or put the key file back as it was")
            return
        old = left(connection)
        remedy = "stop Merilo and run: merilo rotate-key" if old else ""
        yield Finding("sealing", f"{old} notes and addresses under an older key", remedy)


def _key(settings: Settings) -> Finding:
    if settings.key:
        return Finding("key", "from MERILO_KEY")
    file = key_file(settings)
    mode = stat.S_IMODE(file.stat().st_mode)
    remedy = f"run: chmod 600 {file}" if mode & 0o077 else ""
    return Finding("key file", f"{file}, mode {mode:o}", remedy)


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(Path(settings.data_dir)).free // 1_000_000
    remedy = "make room: answers cannot be saved on a full disk" if free < ROOM else ""
    return Finding("disk", f"{free} MB free", remedy)


# --- Telegram ------------------------------------------------------------------------------------


async def _telegram(settings: Settings) -> list[Finding]:
    base = f"{settings.telegram_api.rstrip('/')}/bot{settings.telegram_token}"
    async with aiohttp.ClientSession(base_url=f"{base}/", timeout=PATIENCE) as http:
        try:
            findings = await _bot(http)
            refused = any(one.remedy for one in findings if one.what == "token")
            return findings if refused else [*findings, await _webhook(http, settings)]
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError) as fault:
            remedy = "check the network and MERILO_TELEGRAM_API"
            return [Finding("telegram", f"no answer ({type(fault).__name__})", remedy)]


async def _bot(http: aiohttp.ClientSession) -> list[Finding]:
    async with http.get("getMe") as response:
        told, date = await response.json(), response.headers.get("Date")
    if not told["ok"]:
        remedy = "ask @BotFather for the token, and set MERILO_TELEGRAM_TOKEN"
        return [Finding("token", "Telegram refuses it", remedy)]
    return [Finding("token", f"@{told['result']['username']}"), _clock(date)]


def _clock(date: str | None) -> Finding:
    if date is None:
        return Finding("clock", "Telegram told no time")
    drift = abs((datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds())
    remedy = "set the clock (timedatectl set-ntp true): reminders go by it" if drift > DRIFT else ""
    return Finding("clock", f"{drift:.0f} s from Telegram's", remedy)


async def _webhook(http: aiohttp.ClientSession, settings: Settings) -> Finding:
    async with http.get("getWebhookInfo") as response:
        told: dict[str, Any] = (await response.json()).get("result", {})
    wanted = settings.webhook_url.rstrip("/") + PATH if settings.webhook_url else ""
    found = told.get("url") or "none: long polling"
    waiting = f"{found}; {told.get('pending_update_count', 0)} updates wait"
    if told.get("url", "") != wanted:
        return Finding("webhook", waiting, "start Merilo with these settings: it tells Telegram")
    if fault := told.get("last_error_message"):
        return Finding("webhook", f"{waiting}; Telegram says: {fault}", "check the proxy")
    return Finding("webhook", waiting)


def report(settings: Settings) -> int:
    """Print every finding; 1 if something is to be done."""
    findings = asyncio.run(examine(settings))
    for one in findings:
        print(f"{'!!' if one.remedy else 'ok'}  {one.what}: {one.found}")
        if one.remedy:
            print(f"    -> {one.remedy}")
    return 1 if any(one.remedy for one in findings) else 0
