"""The fake itself: an HTTP server that answers as api.telegram.org does."""

import asyncio
import inspect
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from aiohttp import web

from . import control
from .chats import Chat, Chats, Message
from .errors import ApiError, Json, bad_request
from .faults import Fault, Faults
from .files import Files
from .inline import Inline
from .messages import Messaging
from .parameters import KNOWN, Parameters, Upload
from .people import Group, Person, membership
from .profile import Profile
from .updates import UpdateQueue
from .webhook import Answer, Webhook

_LARGEST_REQUEST = 64 * 1024 * 1024
_CALL = re.compile(r"/bot([^/]+)/([^/]+)")
_DOWNLOAD = re.compile(r"/file/bot([^/]+)/(.+)")
_CONTROL = re.compile(r"/control/(\d+)/(\w+)")
_METHODS = {method.lower(): method for method in KNOWN}
_NOT_FOUND = ApiError(404, "Not Found")
_NO_SUCH_METHOD = ApiError(404, "Not Found: method not found")
_UNAUTHORIZED = ApiError(401, "Unauthorized")


@dataclass
class Call:
    """One call as the log keeps it; `via` is "http" or "webhook" (in the answer to an update)."""

    method: str
    parameters: dict[str, Any]
    uploads: dict[str, Upload] = field(default_factory=dict)
    via: str = "http"
    result: Any = None
    error: ApiError | None = None


class FakeTelegram:
    """A Bot API for one bot, on a port of the own machine.

    `strict` keeps a log of the calls and notes everything questionable in `problems`; a benchmark
    does without. `latency` is in seconds and added to every call but `getUpdates`. `seed` makes
    numbers and chances repeatable, `clock` tells the time in seconds since 1970.
    """

    def __init__(
        self,
        token: str = "123456:TEST",
        *,
        port: int = 0,
        strict: bool = True,
        latency: float = 0.0,
        seed: int = 0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.token = token
        self.strict = strict
        self.latency = latency
        self.moment = 0.03
        self.problems: list[str] = []
        self.calls: Counter[str] = Counter()
        self.log: list[Call] = []
        self.randomness = random.Random(seed)  # noqa: S311  # to be repeatable, not secret
        self.bot: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Merilo",
            "username": "merilo_test_bot",
        }
        self.faults = Faults(self.randomness)
        self.files = Files()
        self.chats = Chats(clock)
        self.profile = Profile(self.bot)
        self.messaging = Messaging(self.chats, self.files, self.bot)
        self.inline = Inline(clock)
        self.updates = UpdateQueue(self.randomness, time.monotonic)
        self.webhook = Webhook(self.updates, self._execute_answer, clock)
        self._methods = {
            **self.profile.methods(),
            **self.messaging.methods(),
            **self.inline.methods(),
            **self.webhook.methods(),
        }
        self._people: dict[int, Person] = {}
        self._port = port
        self._in_flight = 0
        self._last_activity = 0.0
        self._runner: web.ServerRunner | None = None

    async def __aenter__(self) -> "FakeTelegram":
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Begin to listen; `base_url` is known from here on."""
        server = web.Server(self._handle, request_factory=_request, access_log=None)
        self._runner = web.ServerRunner(server, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close all connections and stop listening."""
        await self.webhook.stop()
        self.webhook.polling.wake()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def base_url(self) -> str:
        """The address that stands for `https://api.telegram.org`."""
        return f"http://127.0.0.1:{self._port}"

    # Who is there

    def person(
        self,
        chat_id: int,
        language_code: str = "en",
        *,
        first_name: str = "Anna",
        username: str | None = None,
        has_opened: bool = False,
    ) -> Person:
        """The person with this id; the details count when it is first named.

        The bot may write to a person who has sent something, or who `has_opened` the chat before.
        """
        if chat_id not in self._people:
            names: Json = {"first_name": first_name}
            if username:
                names["username"] = username
            user = {"id": chat_id, "is_bot": False, **names, "language_code": language_code}
            chat = self.chats.get_or_add(chat_id, {**names, "type": "private"})
            chat.is_opened = has_opened
            self._people[chat_id] = Person(self, user, chat)
        return self._people[chat_id]

    def group(self, chat_id: int, title: str = "Colleagues") -> Group:
        """The group with this (negative) id, where the bot has been a member all along."""
        if chat_id >= 0:
            raise ValueError("the id of a group is negative")
        kind = "supergroup" if chat_id < -1_000_000_000_000 else "group"
        chat = self.chats.get_or_add(chat_id, {"title": title, "type": kind})
        chat.is_opened = True
        return Group(self, chat)

    def block(self, person: Person | int) -> None:
        """The person blocks the bot."""
        self._set_block(person, "bot was blocked by the user", "member", "kicked")

    def unblock(self, person: Person | int) -> None:
        """The person lets the bot write again."""
        self._set_block(person, "", "kicked", "member")

    def _set_block(self, person: Person | int, refusal: str, old: str, new: str) -> None:
        person = person if isinstance(person, Person) else self._people[person]
        person.chat.refusal = refusal
        self.tell_membership(person.chat, person.user, old, new)

    def tell_membership(self, chat: Chat, user: Json, old: str, new: str) -> None:
        """Tell the bot that its own membership in a chat has changed."""
        payload = {
            "chat": chat.to_json(),
            "from": user,
            "date": self.chats.now(),
            "old_chat_member": membership(self.bot, old),
            "new_chat_member": membership(self.bot, new),
        }
        self.updates.add("my_chat_member", payload, f"chat {chat.id}")

    def is_shown_to_bot(self, message: Message) -> bool:
        """Whether the bot gets to know of a message: in groups the privacy mode hides most."""
        if message.chat.refusal:
            return False
        if message.chat.is_private or self.profile.reads_all_group_messages:
            return True
        if message.reply_to is not None and message.reply_to.is_from_bot:
            return True
        name = f"@{self.bot['username']}"
        word = message.text.text.partition(" ")[0]
        is_command = word.startswith("/") and ("@" not in word or word.endswith(name))
        return is_command or name in message.text.text

    def make_too_old(self, person: Person | Group, message_id: int) -> None:
        """From now on the bot can neither edit nor delete this message."""
        person.chat.messages[message_id].is_too_old = True

    async def quiet(self, patience: float = 30.0) -> None:
        """Wait until all updates are confirmed and no call has been going on for `moment` seconds.

        Raises `TimeoutError` when that does not happen within `patience` seconds.
        """
        deadline = time.monotonic() + patience
        while not self._is_quiet():
            if time.monotonic() > deadline:
                state = f"{len(self.updates)} updates pending, {self._in_flight} calls in flight"
                raise TimeoutError(f"the bot does not come to rest: {state}")
            await asyncio.sleep(0.005)

    def _is_quiet(self) -> bool:
        if self.updates or self._in_flight:
            return False
        last = max(self._last_activity, self.updates.last_change)
        return time.monotonic() - last >= self.moment

    # Calls

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if match := _CALL.fullmatch(request.path):
            token, name = match.groups()
            if token != self.token:
                return _refusal(_UNAUTHORIZED)
            return await self._handle_call(request, name)
        if match := _DOWNLOAD.fullmatch(request.path):
            return self._download(*match.groups())
        if match := _CONTROL.fullmatch(request.path):
            return await self._handle_control(request, int(match[1]), match[2])
        return _refusal(_NOT_FOUND)

    def _download(self, token: str, path: str) -> web.Response:
        if token != self.token:
            return _refusal(_UNAUTHORIZED)
        file = self.files.at(path)
        if file is None:
            return _refusal(_NOT_FOUND)
        return web.Response(body=file.content, content_type="application/octet-stream")

    async def _handle_control(
        self, request: web.BaseRequest, person_id: int, action: str
    ) -> web.Response:
        try:
            given = await _read(request)
            return _success(await control.act(self, person_id, action, given))
        except ApiError as error:
            return _refusal(error)

    async def _handle_call(self, request: web.BaseRequest, name: str) -> web.Response:
        method = _METHODS.get(name.lower())
        if method is None:
            self.problems.append(f"{name}: this method is not part of the fake")
            return _refusal(_NO_SUCH_METHOD)
        try:
            parameters = await _read(request)
        except ApiError as error:
            return _refusal(error)
        if method == "getUpdates":
            return await self._answer(request, method, parameters)
        self._in_flight += 1
        try:
            return await self._answer(request, method, parameters)
        finally:
            self._in_flight -= 1
            self._last_activity = time.monotonic()

    async def _answer(
        self, request: web.BaseRequest, method: str, parameters: Parameters
    ) -> web.Response:
        fault = self.faults.take(method)
        await self._slow_down(method, fault)
        if fault is not None and not fault.is_after and (fault.error or fault.is_cut):
            self.calls[method] += 1
            return _faulty(request, fault)
        call = await self._execute(method, parameters, "http")
        if fault is not None and fault.is_after:
            return _faulty(request, fault)
        return _refusal(call.error) if call.error else _success(call.result)

    async def _slow_down(self, method: str, fault: Fault | None) -> None:
        seconds = 0.0 if method == "getUpdates" else self.latency
        if fault is not None:
            seconds += fault.seconds
        if seconds:
            await asyncio.sleep(seconds)

    async def _execute(self, method: str, parameters: Parameters, via: str) -> Call:
        self.calls[method] += 1
        call = Call(method, parameters.values, parameters.uploads, via)
        if self.strict:
            self.log.append(call)
            parameters.check_names(method)
        try:
            result = self._methods[method](parameters)
            call.result = await result if inspect.isawaitable(result) else result
        except ApiError as error:
            call.error = error
        if self.strict:
            self.problems += [f"{method}: {problem}" for problem in parameters.problems]
        return call

    async def _execute_answer(self, name: str, parameters: Parameters) -> None:
        method = _METHODS.get(name.lower())
        if method is None:
            self.problems.append(f"{name}: this method is not part of the fake")
            return
        await self._execute(method, parameters, "webhook")


def _request(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
    loop = asyncio.get_running_loop()
    limit = _LARGEST_REQUEST
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=limit)


async def _read(request: web.BaseRequest) -> Parameters:
    parameters = Parameters(dict(request.query) if request.query_string else {})
    if not request.can_read_body:
        return parameters
    if request.content_type == "application/json":
        parameters.values.update(_decoded(await request.read()))
        return parameters
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            content = value.file.read()
            value.file.close()
            parameters.uploads[name] = Upload(value.filename, value.content_type, content)
        else:
            parameters.values[name] = value
    return parameters


def _decoded(body: bytes) -> Json:
    try:
        values = json.loads(body) if body.strip() else {}
    except ValueError:
        raise bad_request("can't parse JSON object in the request body") from None
    if not isinstance(values, dict):
        raise bad_request("JSON object expected in the request body")
    return values


def _success(result: Any) -> web.Response:
    body: Json = {"ok": True, "result": result}
    if isinstance(result, Answer):
        body = {"ok": True, "result": result.result, "description": result.description}
    return _json(200, body)


def _refusal(error: ApiError) -> web.Response:
    response = _json(error.code, error.to_json())
    if error.parameters and "retry_after" in error.parameters:
        response.headers["Retry-After"] = str(error.parameters["retry_after"])
    return response


def _faulty(request: web.BaseRequest, fault: Fault) -> web.Response:
    if fault.error is not None:
        return _refusal(fault.error)
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _json(status: int, body: Json) -> web.Response:
    content = json.dumps(body, separators=(",", ":")).encode()
    return web.Response(status=status, body=content, content_type="application/json")
