"""Leaving a shared computer, and coming back: the browser forgets the conversation, its owner keeps a key.

``POST /leave`` takes the cookie away and returns the key once more; the page shows it as a link whose key
stands behind the ``#``, so that it reaches no server's log. ``POST /return`` takes such a key.
"""

import json

from aiohttp import web

from bot.web import refusals
from bot.web.security import is_same_origin
from bot.web.session import forget, is_key, remember, session_key
from locales import guess_language, words_in

LIMIT = 200
"""Characters of a request: a key and its braces."""


def add_leaving(app: web.Application) -> None:
    app.router.add_post("/leave", _leave)
    app.router.add_post("/return", _return)


async def _leave(request: web.Request) -> web.Response:
    _check_sender(request)
    response = web.json_response({"key": session_key(request)})
    forget(request, response)
    return response


async def _return(request: web.Request) -> web.Response:
    _check_sender(request)
    key = _key(await request.content.read(LIMIT))
    if key is None:
        raise refusals.malformed(words_in(_language(request)))
    response = web.json_response({})
    remember(request, response, key)
    return response


def _key(body: bytes) -> str | None:
    try:
        key = json.loads(body)["key"]
    except (ValueError, LookupError, TypeError):
        return None
    return key if isinstance(key, str) and is_key(key) else None


def _check_sender(request: web.Request) -> None:
    """As for the chat: only our own page may do this to somebody's browser."""
    words = words_in(_language(request))
    if not is_same_origin(request):
        raise refusals.cross_site(words)
    if request.content_type != "application/json":
        raise refusals.not_json(words)


def _language(request: web.Request) -> str:
    return guess_language(request.headers.get("Accept-Language", ""))
