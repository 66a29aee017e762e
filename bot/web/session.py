"""Who is chatting: a random number in a cookie.

Only its hash goes further, so that nobody who reads the database can enter a conversation.
"""

import hashlib
import re
import secrets

from aiohttp import web

from bot.reception import Address
from bot.web.security import is_https

BYTES = 24
YEAR = 365 * 24 * 60 * 60
"""Seconds. Each visit begins it anew."""

_KEY = re.compile(r"[\w-]{32}", re.ASCII)


def session_key(request: web.Request) -> str:
    """The number that the browser sent; a new one where it sent none or something else."""
    sent = request.cookies.get(_cookie_name(request), "")
    return sent if is_key(sent) else secrets.token_urlsafe(BYTES)


def is_key(text: str) -> bool:
    """Whether it looks like one of our keys."""
    return _KEY.fullmatch(text) is not None


def address_of(key: str) -> Address:
    return Address("web", hashlib.sha256(key.encode()).hexdigest())


def remember(request: web.Request, response: web.Response, key: str) -> None:
    """Have the browser send the key with every later request, for a year."""
    response.set_cookie(
        _cookie_name(request),
        key,
        max_age=YEAR,
        path="/",
        secure=is_https(request),
        httponly=True,
        samesite="Lax",
    )


def forget(request: web.Request, response: web.Response) -> None:
    """Take the key out of the browser."""
    response.del_cookie(
        _cookie_name(request), path="/", secure=is_https(request), httponly=True, samesite="Lax"
    )


def _cookie_name(request: web.Request) -> str:
    """``__Host-`` keeps neighbouring domains from planting a cookie; browsers want https for it."""
    return "__Host-merilo" if is_https(request) else "merilo"
