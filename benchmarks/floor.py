"""The floor: the fastest thing in Python that durably keeps an answer and shows the next card.

No framework beyond aiohttp's bare server, no state (a button tells which statement it answers), one
commit for all answers that wait, cards encoded once, and the edit of the card in the response to
the webhook, so that one call goes out for an answer: the one that answers the tap. Not a bot that
one would want: nobody would learn that an edit was refused, or a call lost.
"""

import asyncio
import contextlib
import gc
import json
import queue
import sqlite3
import threading
from collections import deque
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import orjson
import uvloop
from aiohttp import web

from benchmarks.peers import questions
from benchmarks.peers.place import DATABASE, SECRET, TOKEN, Place, read_place
from benchmarks.peers.questions import AGAIN, DONE, START_AGAIN, TOOLS, Questions

HEADER = "X-Telegram-Bot-Api-Secret-Token"
TABLE = """
    CREATE TABLE IF NOT EXISTS answers (
        chat INTEGER, statement TEXT, option TEXT, PRIMARY KEY (chat, statement)
    ) WITHOUT ROWID
"""
KEEP = """
    INSERT INTO answers VALUES (?, ?, ?)
    ON CONFLICT (chat, statement) DO UPDATE SET option = excluded.option
"""

Row = tuple[int, str, str]
Waiting = tuple[Row, asyncio.Future[None]]


# --- Keeping ---------------------------------------------------------------------------------


class Keeper:
    """A thread that commits all rows that wait at once. ``with`` opens and closes it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._loop = asyncio.get_running_loop()
        self._waiting: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work)

    def __enter__(self) -> "Keeper":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._waiting.put(None)
        self._thread.join()

    def keep(self, row: Row) -> asyncio.Future[None]:
        """Done when the row is durable."""
        done = self._loop.create_future()
        self._waiting.put((row, done))
        return done

    def _work(self) -> None:
        with contextlib.closing(_open(self._file)) as database:
            while first := self._waiting.get():
                batch = [first]
                with contextlib.suppress(queue.Empty):
                    while (one := self._waiting.get_nowait()) is not None:
                        batch.append(one)
                    self._waiting.put(None)  # for the next round: it is time to stop
                database.execute("BEGIN IMMEDIATE")
                database.executemany(KEEP, [row for row, _ in batch])
                database.execute("COMMIT")
                self._loop.call_soon_threadsafe(_settle, [done for _, done in batch])


def _open(file: Path) -> sqlite3.Connection:
    database = sqlite3.connect(file, isolation_level=None)
    for sql in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", TABLE):
        database.execute(sql)
    return database


def _settle(futures: list[asyncio.Future[None]]) -> None:
    for future in futures:
        if not future.done():
            future.set_result(None)


# --- Calling ---------------------------------------------------------------------------------


class Connection(asyncio.Protocol):
    """One connection to the Bot API, one call at a time. What comes back is not read further."""

    def __init__(self, idle: Callable[["Connection"], None]) -> None:
        self._idle = idle
        self._buffer = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)  # uvloop's is none by class

    def send(self, request: bytes) -> None:
        assert self._transport
        self._buffer = b""
        self._transport.write(request)

    @property
    def is_open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, end, body = self._buffer.partition(b"\r\n\r\n")
        if end and len(body) >= _length(head):
            self._idle(self)


def _length(head: bytes) -> int:
    _, _, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0])


class Caller:
    """Calls of the Bot API over connections that stay open."""

    def __init__(self, api: str) -> None:
        address = urlsplit(api)
        self._host, self._port = address.hostname or "", address.port or 80
        self._idle: deque[Connection] = deque()
        self._under_way: set[asyncio.Task[None]] = set()

    def call(self, method: str, body: bytes) -> None:
        """Send a call; nobody waits for its result."""
        request = b"POST /bot%b/%b HTTP/1.1\r\nHost: %b\r\n%b%d\r\n\r\n%b" % (
            TOKEN.encode(),
            method.encode(),
            self._host.encode(),
            b"Content-Type: application/json\r\nContent-Length: ",
            len(body),
            body,
        )
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open:
                connection.send(request)
                return
        task = asyncio.ensure_future(self._on_new_connection(request))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _on_new_connection(self, request: bytes) -> None:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(
            lambda: Connection(self._idle.append), self._host, self._port
        )
        connection.send(request)


# --- The bot ---------------------------------------------------------------------------------


class Floor:
    """``handle`` takes a delivery of the webhook."""

    def __init__(self, asked: Questions, keeper: Keeper, caller: Caller) -> None:
        self._ids = [question.id for question in asked.asked]
        self._cards = [_card(asked, place) for place in range(len(self._ids))] + [_end()]
        self._keeper = keeper
        self._caller = caller

    async def handle(self, request: web.BaseRequest) -> web.Response:
        if request.headers.get(HEADER) != SECRET:
            return web.Response(status=403)
        update = orjson.loads(await request.read())
        if query := update.get("callback_query"):
            return await self._tap(query)
        if update.get("message", {}).get("text", "").startswith("/start"):
            chat = update["message"]["chat"]["id"]
            return _reply(b'{"method":"sendMessage","chat_id":%d,%b' % (chat, self._cards[0]))
        return web.Response()

    async def _tap(self, query: dict[str, Any]) -> web.Response:
        message, data = query["message"], query["data"]
        chat, shown = message["chat"]["id"], 0
        if data != AGAIN:
            answered, _, option = data.partition(":")
            if not option:
                return web.Response()
            shown = int(answered) + 1
            await self._keeper.keep((chat, self._ids[shown - 1], option))
        self._caller.call(
            "answerCallbackQuery", b'{"callback_query_id":"%b"}' % query["id"].encode()
        )
        edit = b'{"method":"editMessageText","chat_id":%d,"message_id":%d,%b'
        return _reply(edit % (chat, message["message_id"], self._cards[shown]))


def _reply(call: bytes) -> web.Response:
    return web.Response(body=call, content_type="application/json")


def _card(asked: Questions, place: int) -> bytes:
    scale = [
        {"text": label, "callback_data": f"{place}:{option}"} for option, label in asked.options
    ]
    tools = [[{"text": label, "callback_data": data} for label, data in row] for row in TOOLS]
    return _end_of_call(asked.asked[place].text, [scale[:2], scale[2:], *tools])


def _end() -> bytes:
    return _end_of_call(DONE, [[{"text": START_AGAIN, "callback_data": AGAIN}]])


def _end_of_call(text: str, rows: list[Any]) -> bytes:
    """What every call that shows this card ends with, after the chat and the message."""
    call = {"text": text, "parse_mode": "HTML", "reply_markup": {"inline_keyboard": rows}}
    return json.dumps(call, ensure_ascii=False, separators=(",", ":")).encode()[1:]


async def serve(place: Place) -> None:
    """Until the process is ended."""
    with Keeper(place.data / DATABASE) as keeper:
        caller = Caller(place.api)
        floor = Floor(questions.read(place.data), keeper, caller)
        handle: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]] = floor.handle
        runner = web.ServerRunner(web.Server(handle, access_log=None))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", place.port).start()
        hook = {"url": place.webhook, "secret_token": SECRET, "max_connections": 100}
        caller.call("setWebhook", json.dumps(hook).encode())
        gc.freeze()
        await asyncio.Event().wait()


def main() -> None:
    uvloop.run(serve(read_place()))


if __name__ == "__main__":
    main()
