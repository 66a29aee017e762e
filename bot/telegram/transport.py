"""HTTP for python-telegram-bot on aiohttp: its stock transport costs most of an answer's CPU time."""

from http import HTTPStatus
from secrets import token_hex
from typing import Any, cast
from urllib.parse import urlsplit

import aiohttp
from telegram import Bot
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.telegram.connections import JSON, Connections, trusted
from bot.telegram.wire import decoded, encoded

CONNECTIONS = 100
TIMEOUT = 20.0
"""Seconds for a call; a long poll adds its own waiting time."""


async def call(bot: Bot, method: str, patience: float = TIMEOUT, **parameters: Any) -> bytes:
    """Call a method by its own name, without building objects of what goes out and comes back: that
    makes a call seven times dearer, and nobody reads them. ``patience``: seconds until it counts as
    timed out. The answer comes unread. Raises python-telegram-bot's own errors.
    """
    return await _sent(bot, method, encoded(parameters), patience)


async def upload(
    bot: Bot, method: str, name: str, content: bytes, filename: str, **parameters: Any
) -> Any:
    """``call`` with a file under ``name``; its result. ``filename`` is one of ours: plain ASCII."""
    boundary = token_hex(16)
    fields = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
        for field, value in parameters.items()
    )
    file = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"'
    before = "".join((*fields, file, "\r\n\r\n")).encode()
    body = before + content + f"\r\n--{boundary}--\r\n".encode()
    kind = f"multipart/form-data; boundary={boundary}"
    return _result(await _sent(bot, method, body, TIMEOUT, kind))


async def _sent(bot: Bot, method: str, body: bytes, patience: float, kind: str = JSON) -> bytes:
    request = cast(AiohttpRequest, bot.request)
    status, answer = await request.send(f"{bot.base_url}/{method}", body, patience, kind)
    if status != HTTPStatus.OK:
        await _Refused(status, answer).post("")
    return answer


async def ask(bot: Bot, method: str, patience: float, **parameters: Any) -> Any:
    """``call``, where the result is wanted."""
    return _result(await call(bot, method, patience, **parameters))


def _result(answer: bytes) -> Any:
    try:
        return decoded(answer)["result"]
    except (ValueError, LookupError, TypeError):
        raise NetworkError("what came back is no answer of the Bot API") from None


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
        context = trusted() if self._connections.secure else True
        connector = aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=60, ssl=context)
        self._session = aiohttp.ClientSession(connector=connector)

    async def shutdown(self) -> None:
        if self._session:
            await self._session.close()
            self._session = None
        await self._connections.close()

    async def send(
        self, url: str, body: bytes, patience: float, kind: str = JSON
    ) -> tuple[int, bytes]:
        """Status and body of a call whose parameters are of that ``kind``. Raises as ``do_request``."""
        try:
            return await self._connections.post(url[self._origin :], body, patience, kind)
        except TimeoutError:
            raise TimedOut from None
        except OSError as error:
            raise _unreachable(error) from None

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
        try:
            async with self._session.request(
                method, url, **_body(request_data), timeout=aiohttp.ClientTimeout(total=total)
            ) as response:
                return response.status, await response.read()
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            raise _unreachable(error) from None


def _unreachable(error: Exception) -> NetworkError:
    return NetworkError(f"the Bot API cannot be reached ({type(error).__name__})")


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


class _Refused(BaseRequest):
    """A response that is no success, handed to python-telegram-bot, which knows what to raise for it."""

    def __init__(self, status: int, answer: bytes) -> None:
        self._response = status, answer

    @property
    def read_timeout(self) -> None:
        return None

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def do_request(self, *_: Any, **__: Any) -> tuple[int, bytes]:
        return self._response
