"""The chat over HTTP: ``GET /chat`` shows the open card, ``POST /chat`` takes an event."""

import asyncio
import json
from functools import partial

from aiohttp import web

from bot.metrics import UPDATES
from bot.reception import Answer, NotSaved, Reception, TooFast
from bot.web import refusals
from bot.web.events import Malformed, read_update
from bot.web.rendering import answer_json
from bot.web.security import is_same_origin
from bot.web.session import address_of, remember, session_key
from dialogs.types import Event
from locales import Words, guess_language, words_in

TAKEN = UPDATES.labels("browser", "taken")

RECEPTION = web.AppKey("RECEPTION", Reception)

LIMIT = 16 * 1024
"""Bytes of a body: a long note in Cyrillic, and room to spare."""

PATIENCE = 10.0
"""Seconds in which a body has to be here: nobody holds a connection by sending it drop by drop."""

_dumps = partial(json.dumps, ensure_ascii=False)


async def look(request: web.Request) -> web.Response:
    """The open card again. Changes nothing but the cookie."""
    key = session_key(request)
    try:
        answer = await request.app[RECEPTION].look(address_of(key), _hint(request))
    except NotSaved:
        raise refusals.not_saved(_words(request)) from None
    return _respond(request, key, answer)


async def receive(request: web.Request) -> web.Response:
    """Take an event; the answer is sent once it is saved."""
    update, event = await _update(request)
    key, reception = session_key(request), request.app[RECEPTION]
    try:
        answer = await reception.receive(address_of(key), update, event, _hint(request))
    except NotSaved:
        UPDATES.labels("browser", "not saved").inc()
        raise refusals.not_saved(_words(request)) from None
    except TooFast:
        UPDATES.labels("browser", "too fast").inc()
        raise refusals.too_fast(_words(request)) from None
    TAKEN.inc()
    return _respond(request, key, answer)


async def download(request: web.Request) -> web.Response:
    """A file of the person's own. 404 for what there is not, and for strangers."""
    key, which = session_key(request), request.match_info["which"]
    try:
        content = await request.app[RECEPTION].document(address_of(key), which)
    except NotSaved:
        raise refusals.not_saved(_words(request)) from None
    if content is None:
        raise refusals.not_here(_words(request))
    named = {"Content-Disposition": f'attachment; filename="merilo-{which}.zip"'}
    return web.Response(body=content, content_type="application/zip", headers=named)


async def _update(request: web.Request) -> tuple[str, Event]:
    """What our own page sent. Raises the refusal of anything else."""
    words = _words(request)
    _check_sender(request, words)
    body = await _body(request, words)
    try:
        return read_update(body)
    except Malformed:
        raise refusals.malformed(words) from None


def _words(request: web.Request) -> Words:
    return words_in(guess_language(_hint(request)))


def _hint(request: web.Request) -> str:
    """The browser's languages; once the page knows the person's own, it sends that instead."""
    return request.headers.get("Accept-Language", "")


def _check_sender(request: web.Request, words: Words) -> None:
    if not is_same_origin(request):
        raise refusals.cross_site(words)
    if request.content_type != "application/json":
        raise refusals.not_json(words)


async def _body(request: web.Request, words: Words) -> bytes:
    """The whole body; reading stops where it is too long, whatever length it claims."""
    body = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for chunk in request.content.iter_chunked(LIMIT):
                body += chunk
                if len(body) > LIMIT:
                    raise refusals.too_long(words, LIMIT)
    except TimeoutError:
        raise refusals.too_slow(words) from None
    return bytes(body)


def _respond(request: web.Request, key: str, answer: Answer) -> web.Response:
    response = web.json_response(answer_json(answer), dumps=_dumps)
    remember(request, response, key)
    return response
