"""The chat over HTTP: ``GET /chat`` shows the open card, ``POST /chat`` takes an event."""

import json
from functools import partial

from aiohttp import web

from bot.incidents import incident
from bot.metrics import UPDATES
from bot.reception import Answer, Busy, CannotRender, NotSaved, Reception, TooFast
from bot.web import refusals
from bot.web.events import Malformed, read_update
from bot.web.incoming import body_of_our_page, hint_of, words_of
from bot.web.rendering import answer_json
from bot.web.session import address_of, remember, session_key
from dialogs.scenes import files
from dialogs.types import Event
from locales import words_in

TAKEN = UPDATES.labels("browser", "taken")

RECEPTION = web.AppKey("RECEPTION", Reception)

_dumps = partial(json.dumps, ensure_ascii=False)


async def look(request: web.Request) -> web.Response:
    """The open card again. Changes nothing but the cookie."""
    key = session_key(request)
    try:
        answer = await request.app[RECEPTION].look(address_of(key), hint_of(request))
    except NotSaved:
        raise refusals.not_saved(words_of(request)) from None
    return _respond(request, key, answer)


async def receive(request: web.Request) -> web.Response:
    """Take an event; the answer is sent once it is saved."""
    update, event = await _update(request)
    key, reception = session_key(request), request.app[RECEPTION]
    try:
        answer = await reception.receive(address_of(key), update, event, hint_of(request))
    except NotSaved:
        UPDATES.labels("browser", "not saved").inc()
        raise refusals.not_saved(words_of(request)) from None
    except TooFast:
        UPDATES.labels("browser", "too fast").inc()
        raise refusals.too_fast(words_of(request)) from None
    TAKEN.inc()
    return _respond(request, key, answer)


async def download(request: web.Request) -> web.Response:
    """A file of the person's own. 404 for what there is not, and for strangers."""
    key, which = session_key(request), request.match_info["which"]
    wanted = files.wanted(which)
    words = words_in(wanted.language) if wanted else words_of(request)
    try:
        file = await request.app[RECEPTION].file(address_of(key), which)
    except NotSaved:
        raise refusals.not_saved(words) from None
    except Busy:
        raise refusals.busy(words) from None
    except CannotRender:
        raise refusals.not_made(words) from None
    except Exception as fault:  # noqa: BLE001 - whatever it is: a sentence, and its id in the log
        id_ = incident("a file could not be made", fault)
        raise refusals.went_wrong(words.language, id_) from None
    if file is None:
        raise refusals.not_here(words)
    shown = "inline" if file.media == "image/png" else "attachment"
    headers = {
        "Content-Disposition": f'{shown}; filename="{file.name}"',
        "Content-Type": file.media,
    }
    return web.Response(body=file.content, headers=headers)


async def _update(request: web.Request) -> tuple[str, Event]:
    """What our own page sent. Raises the refusal of anything else."""
    body = await body_of_our_page(request)
    try:
        return read_update(body)
    except Malformed:
        raise refusals.malformed(words_of(request)) from None


def _respond(request: web.Request, key: str, answer: Answer) -> web.Response:
    response = web.json_response(answer_json(answer), dumps=_dumps)
    remember(request, response, key)
    return response
