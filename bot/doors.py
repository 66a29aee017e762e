"""The two ways from a shell to a content desk: the configured database, or a server's HTTP API.

Both take and give what the API does (docs/content-api.md), and raise ApiError where the desk refuses.
"""

import asyncio
import getpass
import json
import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from urllib.parse import quote, urlsplit

import aiohttp

from bot.desk import ContentDesk, announcing
from bot.keyring import keys_at_hand
from bot.refusal import Refused
from bot.settings import Settings
from bot.web.api import shapes
from bot.web.api.errors import ApiError, as_error
from bot.web.api.routes import PREFIX
from storage.database import migrate, open_database
from storage.writer import Writer

Json = dict[str, Any]
Texts = Mapping[str, str]
"""By language."""
T = TypeVar("T")


class Door(Protocol):
    """Every method raises ApiError, or Refused where the desk cannot be reached."""

    async def draft(self, content: bytes, name: str, instrument: str | None) -> Json: ...
    async def report(self, draft: str) -> Json: ...
    async def difference(self, draft: str) -> Json: ...
    async def impact(self, draft: str) -> Json: ...
    async def publish(self, draft: str, expected: str, why: str, *, confirmed: bool) -> Json: ...
    async def discard(self, draft: str) -> None: ...
    async def undo(self, instrument: str, number: int, expected: str, why: str) -> Json: ...
    async def instruments(self) -> list[Json]: ...
    async def editions(self, instrument: str) -> list[Json]: ...
    async def log(self, instrument: str | None, newest: int) -> list[Json]: ...
    async def feedback(self, instrument: str) -> list[Json]: ...
    async def offered(self, instrument: str, number: int | None) -> Json: ...
    async def announce(self, instrument: str, expected: str, texts: Texts) -> Json: ...
    async def announcement(self, id_: int) -> Json: ...
    async def stop_announcing(self, id_: int) -> Json: ...
    async def export(self, instrument: str, number: int | None) -> bytes: ...


@asynccontextmanager
async def opened(settings: Settings, server: str | None) -> AsyncIterator[Door]:
    """The server's, where one is named, else the database's. Raises Refused."""
    if server is None:
        async with _local(settings) as door:
            yield door
        return
    address = _address(server) + PREFIX
    headers = {"Authorization": f"Bearer {_token(settings)}"}
    async with aiohttp.ClientSession(headers=headers, timeout=PATIENCE) as http:
        yield Remote(http, address)


# --- The configured database ---------------------------------------------------------------------


@asynccontextmanager
async def _local(settings: Settings) -> AsyncIterator[Door]:
    engine = open_database(settings.database, keys_at_hand(settings))
    migrate(engine)
    try:
        with Writer(engine) as writer:
            yield Local(ContentDesk(writer), f"shell:{user()}")
    finally:
        engine.dispose()


def user() -> str:
    """The person at the shell."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # in a container, a user without a name
        return str(os.getuid())


@dataclass(frozen=True, slots=True)
class Local:
    """The desk itself. A Merilo that serves from the same database follows within seconds."""

    desk: ContentDesk
    who: str

    async def draft(self, content: bytes, name: str, instrument: str | None) -> Json:
        return shapes.draft(await told(self.desk.draft(self.who, content, name, instrument)))

    async def report(self, draft: str) -> Json:
        return shapes.draft(await told(self.desk.find(draft)))

    async def difference(self, draft: str) -> Json:
        return shapes.difference(await told(self.desk.difference(draft)))

    async def impact(self, draft: str) -> Json:
        return shapes.impact(await told(self.desk.impact(draft)))

    async def publish(self, draft: str, expected: str, why: str, *, confirmed: bool) -> Json:
        publishing = self.desk.publish(draft, self.who, expected, why, confirmed=confirmed)
        return shapes.edition(await told(publishing, expected))

    async def discard(self, draft: str) -> None:
        await told(self.desk.discard(draft, self.who))

    async def undo(self, instrument: str, number: int, expected: str, why: str) -> Json:
        undoing = self.desk.undo(instrument, number, self.who, why, expected)
        return shapes.edition(await told(undoing, expected))

    async def instruments(self) -> list[Json]:
        newer = {one.instrument: one.number for one in await told(self.desk.newer_shipped())}
        every = await told(self.desk.editions())
        return [shapes.instrument(one, newer) for one in every if one.current]

    async def editions(self, instrument: str) -> list[Json]:
        return [shapes.edition(one) for one in await told(self.desk.editions(instrument))]

    async def log(self, instrument: str | None, newest: int) -> list[Json]:
        if instrument is not None:
            await told(self.desk.current(instrument))
        return [shapes.entry(one) for one in await told(self.desk.log(instrument, newest))]

    async def feedback(self, instrument: str) -> list[Json]:
        return [shapes.feedback(one) for one in await told(self.desk.feedback(instrument))]

    async def offered(self, instrument: str, number: int | None) -> Json:
        return shapes.announcement(await told(announcing.offered(self.desk, instrument, number)))

    async def announce(self, instrument: str, expected: str, texts: Texts) -> Json:
        beginning = announcing.announce(self.desk, instrument, self.who, expected, texts)
        return shapes.announcement(await told(beginning, expected))

    async def announcement(self, id_: int) -> Json:
        return shapes.announcement(await told(announcing.look(self.desk, id_)))

    async def stop_announcing(self, id_: int) -> Json:
        return shapes.announcement(await told(announcing.stop(self.desk, id_, self.who)))

    async def export(self, instrument: str, number: int | None) -> bytes:
        return await told(self.desk.export(instrument, number))


async def told(asked: Awaitable[T], expected: str | None = None) -> T:
    """The desk's answer, or its refusal as the API tells it."""
    try:
        return await asked
    except Exception as fault:
        if error := as_error(fault, expected):
            raise error from fault
        raise


# --- A server ------------------------------------------------------------------------------------

PATIENCE = aiohttp.ClientTimeout(total=60)

TRIES = 3
"""How often a request is made that got no answer: the same Idempotency-Key makes it one."""

LOCAL = {"localhost", "127.0.0.1", "::1"}


def _token(settings: Settings) -> str:
    if not settings.content_token:
        raise Refused("set MERILO_CONTENT_TOKEN to a token of that server (merilo token create)")
    return settings.content_token


def _address(server: str) -> str:
    parts = urlsplit(server)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOCAL):
        raise Refused(
            f"{server}: the token travels by https only. Name it like https://example.org"
        )
    return server.rstrip("/")


@dataclass(frozen=True, slots=True)
class Remote:
    http: aiohttp.ClientSession
    address: str

    async def draft(self, content: bytes, name: str, instrument: str | None) -> Json:
        query = {"name": name} | ({"instrument": instrument} if instrument else {})
        headers = {"Content-Type": "application/octet-stream"}
        return await self._post("/drafts", headers, params=query, data=content)

    async def report(self, draft: str) -> Json:
        return await self._json(f"/drafts/{_part(draft)}")

    async def difference(self, draft: str) -> Json:
        return await self._json(f"/drafts/{_part(draft)}/difference")

    async def impact(self, draft: str) -> Json:
        return await self._json(f"/drafts/{_part(draft)}/impact")

    async def publish(self, draft: str, expected: str, why: str, *, confirmed: bool) -> Json:
        body = {"why": why, "confirm_warnings": confirmed}
        return await self._post(f"/drafts/{_part(draft)}/publish", _condition(expected), json=body)

    async def discard(self, draft: str) -> None:
        await self._asked("DELETE", f"/drafts/{_part(draft)}")

    async def undo(self, instrument: str, number: int, expected: str, why: str) -> Json:
        path = f"/instruments/{_part(instrument)}/undo"
        return await self._post(path, _condition(expected), json={"edition": number, "why": why})

    async def instruments(self) -> list[Json]:
        return list((await self._json("/instruments"))["instruments"])

    async def editions(self, instrument: str) -> list[Json]:
        return list((await self._json(f"/instruments/{_part(instrument)}/editions"))["editions"])

    async def log(self, instrument: str | None, newest: int) -> list[Json]:
        whose = "" if instrument is None else f"/instruments/{_part(instrument)}"
        return list((await self._json(f"{whose}/log?limit={newest}"))["entries"])

    async def feedback(self, instrument: str) -> list[Json]:
        return list((await self._json(f"/instruments/{_part(instrument)}/feedback"))["feedback"])

    async def offered(self, instrument: str, number: int | None) -> Json:
        query = f"?edition={number}" if number else ""
        return await self._json(f"/instruments/{_part(instrument)}/announcement{query}")

    async def announce(self, instrument: str, expected: str, texts: Texts) -> Json:
        path = f"/instruments/{_part(instrument)}/announcement"
        return await self._post(path, _condition(expected), json={"texts": dict(texts)})

    async def announcement(self, id_: int) -> Json:
        return await self._json(f"/announcements/{id_}")

    async def stop_announcing(self, id_: int) -> Json:
        return await self._post(f"/announcements/{id_}/stop", {})

    async def export(self, instrument: str, number: int | None) -> bytes:
        query = f"?edition={number}" if number else ""
        _, packed = await self._asked("GET", f"/instruments/{_part(instrument)}/package{query}")
        return packed

    async def _post(self, path: str, headers: dict[str, str], **options: Any) -> Json:
        keyed = {**headers, "Idempotency-Key": secrets.token_urlsafe(12)}
        return await self._json(path, "POST", headers=keyed, **options)

    async def _json(self, path: str, method: str = "GET", **options: Any) -> Json:
        response, body = await self._asked(method, path, **options)
        return _object(response, body)

    async def _asked(
        self, method: str, path: str, **options: Any
    ) -> tuple[aiohttp.ClientResponse, bytes]:
        """Status below 400. Raises ApiError for others, Refused where there is no answer."""
        response, body = await self._answer(method, path, **options)
        if response.status >= 400:
            error = _object(response, body).get("error", {})
            code, message = error.pop("code", "refused"), error.pop("message", response.reason)
            raise ApiError(response.status, code, message, **error)
        return response, body

    async def _answer(
        self, method: str, path: str, **options: Any
    ) -> tuple[aiohttp.ClientResponse, bytes]:
        for left in reversed(range(TRIES)):
            try:
                async with self.http.request(method, self.address + path, **options) as response:
                    body = await response.read()
                if response.status not in BUSY or not left:
                    return response, body
            except (aiohttp.ClientError, TimeoutError) as fault:
                if not left:
                    raise Refused(
                        f"{self.address} does not answer: {type(fault).__name__}"
                    ) from None
            await asyncio.sleep(2.0)
        raise AssertionError("the last try returns or raises")


BUSY = {429, 502, 503, 504}


def _object(response: aiohttp.ClientResponse, body: bytes) -> Json:
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Refused(f"{response.url.origin()} is no Merilo: it answered with {response.status}")
    return found


def _condition(expected: str) -> dict[str, str]:
    return {"If-Match": f'"{expected}"'} if expected else {"If-None-Match": "*"}


def _part(text: str) -> str:
    """A part of a path, whatever is typed."""
    return quote(text, safe="")
