"""Deliveries over bare connections, as proxies use them: in pieces, mixed with other requests, refused."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.telegram import lane
from tests.fake_telegram import FakeTelegram
from tests.servers import SECRET, TOKEN, merilo

NOTHING = b'{"update_id": 7}'
LIFE = b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n"

Opened = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def delivery(body: bytes, secret: str = SECRET, more: str = "") -> bytes:
    head = (
        "POST /telegram/webhook HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
        f"X-Telegram-Bot-Api-Secret-Token: {secret}\r\n{more}Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[Callable[[], Awaitable[Opened]]]:
    """Merilo with a webhook; what opens a connection to it."""
    opened: list[Opened] = []

    async def connect() -> Opened:
        opened.append(await asyncio.open_connection(parts.hostname, parts.port))
        return opened[-1]

    async with (
        FakeTelegram(TOKEN) as telegram,
        merilo(folder, telegram, webhook=True) as address,
    ):
        parts = urlsplit(address)
        yield connect
        for _, writer in opened:
            writer.close()


async def answer_to(opened: Opened, *pieces: bytes) -> bytes:
    """The status line of the response."""
    reader, writer = opened
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(0.02)
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        line.split(b":")[1]
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    )
    await reader.readexactly(int(length))
    return head.partition(b"\r\n")[0].removeprefix(b"HTTP/1.1 ")


async def test_one_connection__in_pieces_and_mixed_with_other_requests__serves_all(
    data_folder: Path,
) -> None:
    whole = delivery(NOTHING)
    async with serving(data_folder) as connect:
        opened = await connect()
        assert await answer_to(opened, whole) == b"200 OK"
        assert await answer_to(opened, whole[:100], whole[100:-3], whole[-3:]) == b"200 OK"
        assert await answer_to(opened, delivery(b"[]")) == b"400 Bad Request"
        assert await answer_to(opened, whole) == b"200 OK"
        assert await answer_to(opened, LIFE) == b"200 OK"
        assert await answer_to(opened, whole) == b"200 OK"


LAST = {
    delivery(NOTHING, "another-secret-12345"): b"403 Forbidden",
    delivery(b" " * lane.LIMIT): b"413 Request Entity Too Large",
    delivery(NOTHING).replace(b"Host: here", b"Host here"): b"400 Bad Request",
    delivery(NOTHING, more="Connection: close\r\n"): b"200 OK",
    delivery(NOTHING)[:-1]: b"408 Request Timeout",
}
"""What is sent, and the response after which the connection is closed."""


async def test_last_words__then_the_connection_is_closed(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lane, "PATIENCE", 0.5)
    async with serving(data_folder) as connect:
        for sent, status in LAST.items():
            opened = await connect()
            assert await answer_to(opened, sent) == status
            assert await opened[0].read() == b""
        reader, writer = await connect()
        writer.write(2 * delivery(NOTHING))  # the second before the response to the first
        assert await reader.read() == b""
