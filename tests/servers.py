"""Merilo running for a test: the real thing, on a free port, in a folder of its own."""

import atexit
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import cache
from itertools import cycle
from pathlib import Path
from unittest.mock import patch

from bot.app import running
from bot.settings import Settings
from tests.fake_telegram import FakeTelegram

TOKEN = "123456:TEST"
SECRET = "a-secret-for-tests-1234"


RANGES = range(20_000, 32_000, 500)
"""Where ranges of ports begin: below those that the system hands out by itself."""


@cache
def _range() -> Iterator[int]:
    """A range for this process alone, whatever else is tested on this machine: who holds the first port of a
    range, until the process ends, has the others."""
    for first in RANGES:
        holder = socket.socket()
        try:
            holder.bind(("127.0.0.1", first))
        except OSError:
            holder.close()
        else:
            atexit.register(holder.close)
            return cycle(range(first + 1, first + RANGES.step))
    raise RuntimeError(f"no range of ports is free from {RANGES.start} to {RANGES.stop}")


def free_port() -> int:
    """A port that nobody listens on, nor will before the caller does."""
    return next(filter(_is_free, _range()))


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
