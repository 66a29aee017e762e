"""What stands before every handler: who asks, whether they may, how fast, and whether it was asked before."""

import asyncio
import hashlib
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from bot.desk import ContentDesk
from bot.incidents import incident
from bot.pace import Pace, TooFast
from bot.web.api.errors import ApiError, as_error, unauthorised
from storage import api_tokens, idempotency
from storage.api_tokens import Token

DESK = web.AppKey("DESK", ContentDesk)
PACE = web.AppKey("PACE", Pace)

KEY = re.compile(r"[!-~]{1,200}")
"""An Idempotency-Key: printable ASCII without spaces."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A request that may be answered. ``who`` is as the log knows them."""

    request: web.Request
    token: Token

    @property
    def desk(self) -> ContentDesk:
        return self.request.app[DESK]

    @property
    def who(self) -> str:
        return f"token:{self.token.name}"


Handler = Callable[[Visit], Awaitable[web.Response]]


@web.middleware
async def in_one_shape(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Every refusal as JSON, those of aiohttp too."""
    try:
        return await handler(request)
    except Exception as fault:  # noqa: BLE001 - told and logged below
        if error := as_error(fault, expected_of(request)):
            return error.response()
        id_ = incident("a request of the content API could not be handled", fault)
        message = f"Something went wrong here. Tell the operator: incident {id_}."
        return ApiError(500, "incident", message, incident=id_).response()


def guarded(scope: str, handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The handler, for those whose token has that scope."""

    async def guard(request: web.Request) -> web.Response:
        token = await _token(request)
        if scope not in token.scopes:
            message = f"This token may not do that: it needs the scope {scope}."
            raise ApiError(403, "forbidden", message)
        await _pace(request.app[PACE], token)
        return await handler(Visit(request, token))

    return guard


async def _token(request: web.Request) -> Token:
    """Raises ApiError where the token is missing, unknown, expired or revoked."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.casefold() != "bearer" or not secret.strip():
        raise unauthorised("Send a token: “Authorization: Bearer merilo_…”.")
    desk = request.app[DESK]
    token = await desk.writer.run(lambda c: api_tokens.find(c, secret.strip()))
    if token is None or token.revoked:
        raise unauthorised("This token is not valid: ask the operator for another one.")
    if not token.is_good(desk.clock()):
        raise unauthorised("This token has expired: ask the operator for another one.")
    return token


async def _pace(pace: Pace, token: Token) -> None:
    try:
        await asyncio.sleep(pace.wait(token.id))
    except TooFast:
        message = "Too many requests a second: wait, and go on more slowly."
        raise ApiError(429, "too_fast", message, {"Retry-After": "3"}) from None


# --- What is expected to be current --------------------------------------------------------------


def expected_of(request: web.Request) -> str | None:
    """The digest that the client believes is current, empty for none; None where it does not say."""
    if request.headers.get("If-None-Match", "").strip() == "*":
        return ""
    match = request.headers.get("If-Match")
    return None if match is None else match.strip().removeprefix("W/").strip('"')


def expected(request: web.Request) -> str:
    """Raises ApiError where the client does not say: nothing is changed blindly."""
    named = expected_of(request)
    if named is None:
        message = (
            "Say which edition you believe is current: If-Match with its digest in quotation marks, or "
            "“If-None-Match: *” for a new instrument."
        )
        raise ApiError(428, "precondition_required", message)
    return named


# --- The same again ------------------------------------------------------------------------------


async def once(
    visit: Visit, content: bytes, act: Callable[[], Awaitable[web.Response]]
) -> web.Response:
    """``act``, or what it answered when the same request came before under the same Idempotency-Key.

    ``content`` is all that the request says besides its address and conditions. Raises ApiError where the
    key came with something else.
    """
    key = visit.request.headers.get("Idempotency-Key")
    if key is None:
        return await act()
    if not KEY.fullmatch(key):
        message = "An Idempotency-Key is made of 1 to 200 printable ASCII letters without spaces."
        raise ApiError(400, "malformed", message)
    if known := await _reserve(visit, key, content):
        return _again(known)
    return await _kept(visit, key, act)


async def _reserve(visit: Visit, key: str, content: bytes) -> idempotency.Known | None:
    """Raises ApiError where the key belongs to another request, or to one that is under way."""
    request, now = visit.request, visit.desk.clock()
    parts = (request.method, request.raw_path, expected_of(request) or "", content)
    digest = hashlib.sha256(repr(parts).encode()).hexdigest()
    known = await visit.desk.writer.run(
        lambda c: idempotency.reserve(c, visit.token.id, key, digest, now)
    )
    if known and known.request != digest:
        message = "This Idempotency-Key came with another request before: use a new one."
        raise ApiError(422, "key_reused", message)
    if known and not known.status:
        message = "The same request is being worked on: wait, and ask again."
        raise ApiError(409, "in_progress", message, {"Retry-After": "1"})
    return known


def _again(known: idempotency.Known) -> web.Response:
    kept = json.loads(known.response)
    headers = {**kept["headers"], "Idempotency-Replayed": "true"}
    return web.Response(
        text=kept["text"], status=known.status, headers=headers, content_type="application/json"
    )


REMEMBERED = ("ETag", "Location")


async def _kept(visit: Visit, key: str, act: Callable[[], Awaitable[web.Response]]) -> web.Response:
    """Its answer is kept, a refusal too; not where the fault is ours, so that it may be tried again."""
    writer, token = visit.desk.writer, visit.token.id
    try:
        response = await act()
    except BaseException as fault:
        error = (
            as_error(fault, expected_of(visit.request)) if isinstance(fault, Exception) else None
        )
        if error is None or error.status >= 500:
            await writer.run(lambda c: idempotency.release(c, token, key))
            raise
        response = error.response()
    headers = {name: response.headers[name] for name in REMEMBERED if name in response.headers}
    kept = json.dumps({"headers": headers, "text": response.text or ""}, ensure_ascii=False)
    await writer.run(lambda c: idempotency.settle(c, token, key, response.status, kept))
    return response
