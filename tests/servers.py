"""Merilo running for a test: the real thing, on a free port, in a folder of its own."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.app import running
from bot.settings import Settings
from tests.fake_telegram import FakeTelegram

TOKEN = "123456:TEST"
SECRET = "a-secret-for-tests-1234"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def settings_for(telegram: FakeTelegram | None, folder: Path, *, webhook: bool = False) -> Settings:
    port = free_port()
    return Settings(
        telegram_token=TOKEN if telegram else "",
        telegram_api=str(telegram.base_url) if telegram else "https://unused.invalid",
        webhook_url=f"http://127.0.0.1:{port}" if webhook else "",
        webhook_secret=SECRET if webhook else "",
        data_dir=str(folder),
        port=str(port),
        events_per_second="0",  # tests are faster than any person
    )


@asynccontextmanager
async def merilo(
    folder: Path, telegram: FakeTelegram | None = None, *, webhook: bool = False
) -> AsyncIterator[str]:
    """Merilo, serving; its address."""
    settings = settings_for(telegram, folder, webhook=webhook)
    async with running(settings) as (address, failed):
        yield address
        if failed and failed.done():
            await failed
