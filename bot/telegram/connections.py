"""Kept connections to the Bot API, for the calls that every answer makes.

A call on a general HTTP client costs 0.15 to 0.2 ms of CPU time, a third of a whole answer, most of it for
what these calls never use: redirects, cookies, compression, streaming. Here a call is one write and one
parsed response; httptools reads the HTTP. Everything that is rare still goes through aiohttp.
"""

import asyncio
import ssl
import time
from functools import cache
from typing import cast
from urllib.parse import urlsplit

import httptools

LIMIT = 100
"""Connections at once; further calls wait for one."""

IDLE = 20.0
"""Seconds after which a kept connection is not trusted any more: servers close them when idle."""

JSON = "application/json"


@cache
def trusted() -> ssl.SSLContext:
    """Whom connections trust: the system's certificates. One for all of them: reading the certificates
    holds up the loop for 20 ms, and they take 2 MB."""
    return ssl.create_default_context()


class Connection(asyncio.Protocol):
    """One connection, one call at a time."""

    def __init__(self) -> None:
        self.used = time.monotonic()
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._late: asyncio.TimerHandle | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._body: list[bytes] = []

    def send(self, request: bytes, patience: float) -> "asyncio.Future[tuple[int, bytes]]":
        """Status and body, once they are there. Ends with ConnectionError if the connection is lost,
        with TimeoutError after ``patience`` seconds."""
        assert self._transport, "connected before"  # noqa: S101
        loop = asyncio.get_running_loop()
        self._body = []
        self._answer = loop.create_future()
        # By hand: asyncio.timeout costs as much as all the rest of a call here.
        self._late = loop.call_later(patience, self._fail, TimeoutError())
        self._transport.write(request)
        return self._answer

    @property
    def is_open(self) -> bool:
        fresh = time.monotonic() - self.used < IDLE
        return fresh and self._transport is not None and not self._transport.is_closing()

    def close(self) -> None:
        if self._transport:
            self._transport.close()

    @property
    def _is_awaited(self) -> bool:
        return self._answer is not None and not self._answer.done()

    def _fail(self, fault: Exception) -> None:
        if self._answer and self._is_awaited:
            self._answer.set_exception(fault)

    # --- What asyncio tells ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are asyncio's in all but name.
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if not self._is_awaited:
            self.close()  # nobody asked: the next answer must not be mistaken for the rest of this
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.close()

    def connection_lost(self, _exc: Exception | None) -> None:
        if self._late:
            self._late.cancel()
        self._fail(ConnectionResetError("the connection was closed"))

    # --- What the parser tells ---

    def on_body(self, part: bytes) -> None:
        self._body.append(part)

    def on_message_complete(self) -> None:
        self.used = time.monotonic()
        if self._late:
            self._late.cancel()
        if not self._parser.should_keep_alive():
            self.close()
        if self._answer and self._is_awaited:
            self._answer.set_result((self._parser.get_status_code(), b"".join(self._body)))


class Connections:
    """Connections to one server, opened as they are needed and kept for the next call."""

    def __init__(self, base: str) -> None:
        parts = urlsplit(base)
        self._host = parts.hostname or ""
        self.secure = parts.scheme == "https"
        self._port = parts.port or (443 if self.secure else 80)
        self._host_line = f"Host: {parts.netloc}\r\n"
        self._idle: list[Connection] = []
        self._room = asyncio.Semaphore(LIMIT)

    async def post(
        self, path: str, body: bytes, patience: float, kind: str = JSON
    ) -> tuple[int, bytes]:
        """POST a body of that ``kind``; status and body of the answer.

        Raises TimeoutError after ``patience`` seconds for connecting, or as many for the answer; OSError
        where there is no connection.
        """
        head = (
            f"POST {path} HTTP/1.1\r\n{self._host_line}Content-Type: {kind}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        async with self._room:
            connection = self._kept() or await self._made(patience)
            try:
                answer = await connection.send(head.encode() + body, patience)
            except BaseException:
                connection.close()  # whatever it still answers belongs to nobody
                raise
            self._idle.append(connection)
            return answer

    async def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def _kept(self) -> Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open:
                return connection
            connection.close()
        return None

    async def _made(self, patience: float) -> Connection:
        context = trusted() if self.secure else None
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(patience):
            _, made = await loop.create_connection(Connection, self._host, self._port, ssl=context)
        return made
