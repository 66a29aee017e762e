"""What every request brings: the browser's languages, and a body that only our own page may send."""

import asyncio

from aiohttp import web

from bot.web import refusals
from bot.web.security import is_same_origin
from locales import Words, guess_language, words_in

LIMIT = 16 * 1024
"""Bytes of a body: a long note in Cyrillic, and room to spare."""

PATIENCE = 10.0
"""Seconds in which a body has to be here: nobody holds a connection by sending it drop by drop."""


def hint_of(request: web.Request) -> str:
    """The browser's languages; once the page knows the person's own, it sends that instead."""
    return request.headers.get("Accept-Language", "")


def words_of(request: web.Request) -> Words:
    return words_in(guess_language(hint_of(request)))


async def body_of_our_page(request: web.Request) -> bytes:
    """The whole body. Raises the refusal of what another site sent, of another type, too long or slow."""
    words = words_of(request)
    if not is_same_origin(request):
        raise refusals.cross_site(words)
    if request.content_type != "application/json":
        raise refusals.not_json(words)
    return await _body(request, words)


async def _body(request: web.Request, words: Words) -> bytes:
    """Reading stops where it is too long, whatever length it claims."""
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
