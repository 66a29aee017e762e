"""Leaving a shared computer, and coming back: the browser forgets the conversation, its owner keeps a key.

``POST /leave`` takes the cookie away and returns the key once more; the page shows it as a link whose key
stands behind the ``#``, so that it reaches no server's log. ``POST /return`` takes such a key.
"""

import json

from aiohttp import web

from bot.web import refusals
from bot.web.incoming import body_of_our_page, words_of
from bot.web.session import forget, is_key, remember, session_key


def add_leaving(app: web.Application) -> None:
    app.router.add_post("/leave", _leave)
    app.router.add_post("/return", _return)


async def _leave(request: web.Request) -> web.Response:
    await body_of_our_page(request)
    response = web.json_response({"key": session_key(request)})
    forget(request, response)
    return response


async def _return(request: web.Request) -> web.Response:
    key = _key(await body_of_our_page(request))
    if key is None:
        raise refusals.malformed(words_of(request))
    response = web.json_response({})
    remember(request, response, key)
    return response


def _key(body: bytes) -> str | None:
    try:
        key = json.loads(body)["key"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    return key if isinstance(key, str) and is_key(key) else None
