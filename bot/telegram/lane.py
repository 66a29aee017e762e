"""A lane of its own for deliveries, beside aiohttp's server and on the same port.

Through a general web server a delivery costs a fifth of the CPU time of a whole answer: routes, a request
object, a response object, headers for browsers. A delivery needs none of that: one path, one header to
check, a body, and a status. httptools reads the HTTP, as for our own calls. The first request
on a connection that is anything else hands that connection over to aiohttp, which then keeps it and
serves deliveries too, so that proxies may mix them as they like.
"""

import asyncio
import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import cast

import httptools

from bot.telegram.webhook import HEADER, PATH, PATIENCE, Webhook

log = logging.getLogger(__name__)

BEGINNING = f"POST {PATH} HTTP/1.1\r\n".encode()
SECRET = HEADER.lower().encode()
LIMIT = 2**20
"""Bytes of a delivery with its head."""


class Lanes:
    """``Lane`` for each connection that comes in: a protocol factory for ``loop.create_server``."""

    def __init__(self, webhook: Webhook, others: Callable[[], asyncio.BaseProtocol]) -> None:
        self.webhook = webhook
        self.others = others
        self.open: set[Lane] = set()

    def __call__(self) -> "Lane":
        return Lane(self)

    async def close(self, patience: float) -> None:
        """Close what is idle, and the rest once it has its response, or after ``patience`` seconds."""
        tasks = [task for lane in list(self.open) if (task := lane.leave())]
        if tasks:
            await asyncio.wait(tasks, timeout=patience)
        for lane in list(self.open):
            lane.close()


class Lane(asyncio.Protocol):
    """One connection, one delivery at a time."""

    def __init__(self, lanes: Lanes) -> None:
        self._lanes = lanes
        self._transport: asyncio.Transport | None = None
        self._task: asyncio.Task[None] | None = None
        self._late: asyncio.TimerHandle | None = None
        self._leaving = False
        self._parser = httptools.HttpRequestParser(self)
        self._begin()

    def leave(self) -> asyncio.Task[None] | None:
        """Close after the response that is under way, which is returned, or at once."""
        self._leaving = True
        if self._task is None:
            self.close()
        return self._task

    def close(self) -> None:
        if self._transport:
            self._transport.close()

    def _begin(self) -> None:
        self._size = 0
        self._secret = b""
        self._body: list[bytes] = []

    # --- What asyncio tells ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are asyncio's in all but name.
        self._transport = cast(asyncio.Transport, transport)
        self._lanes.open.add(self)

    def connection_lost(self, _exc: Exception | None) -> None:
        self._lanes.open.discard(self)
        self._stop_waiting()

    def data_received(self, data: bytes) -> None:
        if self._task:
            self.close()  # see on_message_begin
        elif not self._size and not data.startswith(BEGINNING):
            self._hand_over(data)
        else:
            self._read(data)

    def _hand_over(self, data: bytes) -> None:
        assert self._transport, "connected before"  # noqa: S101
        self._lanes.open.discard(self)
        other = cast(asyncio.Protocol, self._lanes.others())
        self._transport.set_protocol(other)
        other.connection_made(self._transport)
        other.data_received(data)

    def _read(self, data: bytes) -> None:
        self._size += len(data)
        if self._size > LIMIT:
            self._refuse(413)
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._refuse(400)
            return
        if self._size and not self._task and not self._late:
            self._late = asyncio.get_running_loop().call_later(PATIENCE, self._refuse, 408)

    def _stop_waiting(self) -> None:
        if self._late:
            self._late.cancel()
            self._late = None

    # --- What the parser tells ---

    def on_message_begin(self) -> None:
        if self._task:
            self.close()  # nobody delivers again before the response; Telegram will, after it

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == SECRET:
            self._secret = value

    def on_headers_complete(self) -> None:
        if not self._lanes.webhook.is_telegram(self._secret):
            self._refuse(403)

    def on_body(self, part: bytes) -> None:
        self._body.append(part)

    def on_message_complete(self) -> None:
        if self._is_closing:
            return
        self._stop_waiting()
        self._leaving = self._leaving or not self._parser.should_keep_alive()
        self._task = asyncio.get_running_loop().create_task(self._deliver(b"".join(self._body)))

    # --- The response ---

    async def _deliver(self, body: bytes) -> None:
        try:
            status, said = await self._lanes.webhook.take(body)
        except Exception:  # whatever it is, it was not acknowledged, and Telegram delivers it again
            log.exception("A delivery could not be handled")
            status, said = 500, b""
        self._task = None
        self._begin()
        self._respond(status, said)

    def _refuse(self, status: int) -> None:
        """Nothing more is read on this connection: how far the delivery goes is not known."""
        self._leaving = True
        self._stop_waiting()
        self._respond(status, b"")

    def _respond(self, status: int, said: bytes) -> None:
        if self._is_closing or self._transport is None:
            return
        end = "Connection: close\r\n\r\n" if self._leaving else "\r\n"
        head = (
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(said)}\r\n{end}"
        )
        self._transport.write(head.encode() + said)
        if self._leaving:
            self._transport.close()

    @property
    def _is_closing(self) -> bool:
        return self._transport is None or self._transport.is_closing()
