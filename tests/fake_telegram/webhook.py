"""The webhook: its settings, and the delivery of updates to it.

As `WebhookActor.cpp` of the real server: the messages of a chat come one after the other, and so
do the presses of a person, but these two lanes do not wait for one another, so a text may overtake
a press. An update is delivered again until it is answered with a 2xx.
"""

import asyncio
import json
import re
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlsplit

import aiohttp

from .errors import Json, bad_request, conflict
from .parameters import Parameters
from .updates import Polling, Update, UpdateQueue

_SECRET = re.compile(r"[A-Za-z0-9_-]*")
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_PORTS = {443, 80, 88, 8443}
_NOT_IN_ANSWERS = {"setwebhook", "deletewebhook", "close", "logout"}


@dataclass(frozen=True)
class Answer:
    """A result with a remark on how it came about."""

    result: Any
    description: str


@dataclass(frozen=True)
class Settings:
    """What `setWebhook` was given."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    has_certificate: bool = False


@dataclass
class Webhook:
    """The webhook of the bot, if it has one.

    The delays are in seconds, shorter than the real ones so that tests don't wait: the first
    repetition comes after `retry_delay`, each further one after twice as long, up to
    `longest_retry_delay`. A `Retry-After` in the answer goes before that.
    `lost_acknowledgements` is how many of the next good answers get lost on the way.
    """

    queue: UpdateQueue
    execute: Callable[[str, Parameters], Awaitable[None]]
    clock: Callable[[], float]
    settings: Settings = field(default_factory=Settings)
    retry_delay: float = 0.05
    longest_retry_delay: float = 1.0
    timeout: float = 30.0
    lost_acknowledgements: int = 0
    last_error: Json = field(default_factory=dict)
    _lanes: dict[str, deque[Update]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _session: aiohttp.ClientSession | None = None
    _slots: asyncio.Semaphore = field(default_factory=asyncio.Semaphore)

    def __post_init__(self) -> None:
        self.polling = Polling(self.queue, lambda: bool(self.settings.url))
        self.queue.listeners.append(self._schedule)

    def methods(self) -> dict[str, Callable[[Parameters], Any]]:
        """The methods by name."""
        return {
            "setWebhook": self.set_webhook,
            "deleteWebhook": self.delete_webhook,
            "getWebhookInfo": self.get_webhook_info,
            "getUpdates": self.polling.get_updates,
        }

    async def set_webhook(self, parameters: Parameters) -> Answer:
        """`setWebhook`; an empty address deletes it."""
        if not parameters.text("url"):
            return await self.delete_webhook(parameters)
        settings = _settings(parameters)
        self.queue.allow(parameters)
        is_same = settings == self.settings and not parameters.boolean("drop_pending_updates")
        if is_same and not settings.has_certificate:
            return Answer(True, "Webhook is already set")
        self.polling.abort(conflict("terminated by setWebhook request"))
        await self._change(settings, parameters)
        return Answer(True, "Webhook was set")

    async def delete_webhook(self, parameters: Parameters) -> Answer:
        """`deleteWebhook`."""
        was_set = bool(self.settings.url)
        await self._change(Settings(), parameters)
        return Answer(True, "Webhook was deleted" if was_set else "Webhook is already deleted")

    async def _change(self, settings: Settings, parameters: Parameters) -> None:
        await self.stop()
        if parameters.boolean("drop_pending_updates"):
            self.queue.clear()
        self.settings = settings
        self.last_error = {}
        self._slots = asyncio.Semaphore(settings.max_connections)
        for update in list(self.queue.pending.values()):
            self._schedule(update)

    def get_webhook_info(self, _parameters: Parameters) -> Json:
        """`getWebhookInfo`."""
        settings = self.settings
        info: Json = {
            "url": settings.url,
            "has_custom_certificate": settings.has_certificate,
            "pending_update_count": len(self.queue),
            **self.last_error,
            **self.queue.allowed_json(),
        }
        if settings.url:
            info["max_connections"] = settings.max_connections
        return info

    async def stop(self) -> None:
        """Stop delivering; what is pending stays pending."""
        tasks, self._tasks = self._tasks, set()
        self._lanes.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _schedule(self, update: Update) -> None:
        if not self.settings.url:
            return
        if update.lane in self._lanes:
            self._lanes[update.lane].append(update)
            return
        self._lanes[update.lane] = deque([update])
        task = asyncio.get_running_loop().create_task(self._drain(update.lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self, lane: str) -> None:
        waiting = self._lanes[lane]
        while waiting:
            await self._deliver(waiting[0])
            waiting.popleft()
        del self._lanes[lane]

    async def _deliver(self, update: Update) -> None:
        delay = self.retry_delay
        while True:
            async with self._slots:
                is_done, retry_after = await self._attempt(update)
            if is_done and self.queue.confirm(update):
                return
            if not is_done:
                await asyncio.sleep(retry_after or delay)
                delay = min(2 * delay, self.longest_retry_delay)

    async def _attempt(self, update: Update) -> tuple[bool, float]:
        """Whether the update was taken, and after how many seconds to try again."""
        try:
            return await self._post(update)
        except (aiohttp.ClientError, TimeoutError) as error:
            self._note_error(str(error) or "Connection timed out")
            return False, 0.0

    async def _post(self, update: Update) -> tuple[bool, float]:
        headers = {"Content-Type": "application/json"}
        if self.settings.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.settings.secret
        body = json.dumps(update.to_json()).encode()
        url, session = self.settings.url, self._get_session()
        async with session.post(url, data=body, headers=headers, allow_redirects=False) as answer:
            content = await answer.read()
        if not 200 <= answer.status < 300:
            reason = f"{answer.status} {answer.reason}"
            self._note_error(f"Wrong response from the webhook: {reason}")
            return False, _seconds(answer.headers.get("Retry-After", ""))
        await self._execute_answer(answer.headers.get("Content-Type", ""), content)
        if self.lost_acknowledgements:
            self.lost_acknowledgements -= 1
            return False, 0.0
        return True, 0.0

    def _get_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, ssl=not self.settings.has_certificate),
                timeout=aiohttp.ClientTimeout(self.timeout),
            )
        return self._session

    async def _execute_answer(self, content_type: str, content: bytes) -> None:
        values = _answered_call(content_type, content)
        method = values.pop("method", "")
        name = method.lower()
        if method and not name.startswith("get") and name not in _NOT_IN_ANSWERS:
            await self.execute(method, Parameters(values))

    def _note_error(self, message: str) -> None:
        self.last_error = {
            "last_error_date": int(self.clock()),
            "last_error_message": message,
        }


def _settings(parameters: Parameters) -> Settings:
    url = parameters.text("url")
    _check_url(url)
    secret = parameters.text("secret_token")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    connections = min(max(parameters.integer("max_connections", 40), 1), 100)
    return Settings(url, secret, connections, "certificate" in parameters.uploads)


def _check_url(url: str) -> None:
    parts = urlsplit(url if "://" in url else f"https://{url}")
    if not parts.hostname or parts.scheme not in {"http", "https"}:
        raise bad_request("invalid webhook URL specified")
    # The real API takes neither plain HTTP nor addresses of the own machine; tests have no others.
    if parts.hostname in _LOOPBACK:
        return
    if parts.scheme == "http":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if _port(parts) not in _PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def _port(parts: SplitResult) -> int:
    try:
        return parts.port or 443
    except ValueError:
        raise bad_request("invalid webhook URL specified") from None


def _seconds(retry_after: str) -> float:
    return min(float(retry_after), 3600.0) if retry_after.isdecimal() else 0.0


def _answered_call(header: str, content: bytes) -> dict[str, Any]:
    content_type = header.partition(";")[0].strip().lower()
    if content_type == "application/x-www-form-urlencoded":
        return dict(parse_qsl(content.decode()))
    if content_type == "multipart/form-data":
        return _parts(header, content)
    if content_type != "application/json" or not content.strip():
        return {}
    try:
        values = json.loads(content)
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}


def _parts(header: str, content: bytes) -> dict[str, Any]:
    """The texts of a form; files are not read."""
    message = message_from_bytes(b"Content-Type: %b\r\n\r\n%b" % (header.encode(), content))
    if not message.is_multipart():
        return {}
    return {
        str(part.get_param("name", header="Content-Disposition")): _text(part)
        for part in message.walk()
        if not part.is_multipart() and part.get_filename() is None
    }


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode() if isinstance(payload, bytes) else ""
