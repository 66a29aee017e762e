"""HTTP for python-telegram-bot on aiohttp: its stock transport costs most of an answer's CPU time."""

import json
from typing import Any, cast
from urllib.parse import urlsplit

import aiohttp
from telegram import Bot
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.telegram.connections import Connections

CONNECTIONS = 100
TIMEOUT = 20.0
"""Seconds for a call; a long poll adds its own waiting time."""


class Parameters(dict[str, Any]):
    """What a call of the hot path is given: sent as JSON, on a kept connection."""


async def call(bot: Bot, method: str, patience: float = TIMEOUT, **parameters: Any) -> Any:
    """Call a method by its own name, without building objects of what goes out and comes back: that
    makes a call seven times dearer, and nobody reads them. ``patience``: seconds until it counts as
    timed out. Raises python-telegram-bot's own errors.
    """
    given = cast(RequestData, Parameters(parameters))
    address = f"{bot.base_url}/{method}"
    return await bot.request.post(address, request_data=given, read_timeout=patience)


class AiohttpRequest(BaseRequest):
    """python-telegram-bot's way to the network. Opened by ``initialize``, closed by ``shutdown``."""

    def __init__(self, base: str) -> None:
        self._session: aiohttp.ClientSession | None = None
        self._connections = Connections(base)
        # A base address may have a path of its own; only host and port are the connection's.
        self._origin = len(base) - len(urlsplit(base).path)

    @property
    def read_timeout(self) -> float:
        return TIMEOUT

    async def initialize(self) -> None:
        connector = aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=60)
        self._session = aiohttp.ClientSession(connector=connector)

    async def shutdown(self) -> None:
        if self._session:
            await self._session.close()
            self._session = None
        await self._connections.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - the base class asks for it
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        """Status and body. Raises TimedOut and NetworkError without the address: it has the token."""
        assert self._session, "initialize() comes first"  # noqa: S101
        total = read_timeout if isinstance(read_timeout, int | float) else TIMEOUT
        given: Any = request_data
        try:
            if isinstance(given, Parameters):
                body = json.dumps(given, ensure_ascii=False).encode()
                return await self._connections.post(url[self._origin :], body, total)
            async with self._session.request(
                method, url, **_body(request_data), timeout=aiohttp.ClientTimeout(total=total)
            ) as response:
                return response.status, await response.read()
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(f"the Bot API cannot be reached ({type(error).__name__})") from None


def _body(given: RequestData | None) -> dict[str, Any]:
    """The arguments of a request that carry its body."""
    if given is None:
        return {}
    if not given.contains_files:
        return {"data": given.json_parameters}
    form = aiohttp.FormData()
    for name, value in given.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in given.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return {"data": form}
