"""Merilo running for a test: the real thing, on a free port, in a folder of its own."""

import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import cycle
from pathlib import Path
from unittest.mock import patch

from bot.app import running
from bot.settings import Settings
from tests.fake_telegram import FakeTelegram

TOKEN = "123456:TEST"
SECRET = "a-secret-for-tests-1234"


def _ports() -> Iterator[int]:
    """Below those that the system hands out by itself, and others for each worker of a test run."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return cycle(range(20_000 + 500 * worker, 20_500 + 500 * worker))


_PORTS = _ports()


def free_port() -> int:
    """A port that nobody listens on, nor will before the caller does."""
    return next(filter(_is_free, _PORTS))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def settings_for(
    telegram: FakeTelegram | None, folder: Path, *, webhook: bool = False, admins: str = ""
) -> Settings:
    port = free_port()
    return Settings(
        telegram_token=TOKEN if telegram else "",
        telegram_api=str(telegram.base_url) if telegram else "https://unused.invalid",
        webhook_url=f"http://127.0.0.1:{port}" if webhook else "",
        webhook_secret=SECRET if webhook else "",
        data_dir=str(folder),
        admins=admins,
        port=str(port),
        events_per_second="0",  # tests are faster than any person
    )


@asynccontextmanager
async def merilo(
    folder: Path,
    telegram: FakeTelegram | None = None,
    *,
    webhook: bool = False,
    admins: str = "",
) -> AsyncIterator[str]:
    """Merilo, serving; its address."""
    settings = settings_for(telegram, folder, webhook=webhook, admins=admins)
    # No proxy has to learn that it ends; tests/test_operation.py tests that one would.
    with patch("bot.app.DRAINING", 0.0):
        async with running(settings) as (address, failed):
            yield address
            if failed and failed.done():
                await failed
