"""Requests that are refused, in one JSON shape: a code for the page, a sentence for the person."""

import json
from typing import TypedDict

from aiohttp import web

from dialogs.scenes import guidance
from locales import Words


class _Body(TypedDict):
    text: str
    content_type: str


def malformed(words: Words) -> web.HTTPException:
    message = words("This message cannot be read. Please reload the page and try again.")
    return web.HTTPBadRequest(**_body("malformed", message))


def cross_site(words: Words) -> web.HTTPException:
    message = words("This message came from another site. Please open Merilo itself.")
    return web.HTTPForbidden(**_body("cross_site", message))


def too_long(words: Words, limit: int) -> web.HTTPException:
    message = words("This message is too long. Please shorten it and send it again.")
    return web.HTTPRequestEntityTooLarge(max_size=limit, **_body("too_long", message))


def not_json(words: Words) -> web.HTTPException:
    message = words("Messages are taken as JSON only. Please reload the page and try again.")
    return web.HTTPUnsupportedMediaType(**_body("not_json", message))


def not_saved(words: Words) -> web.HTTPException:
    message = words("Nothing can be saved just now. Nothing is lost: please try again.")
    return web.HTTPServiceUnavailable(**_body("not_saved", message))


def went_wrong(language: str, incident: str) -> web.HTTPException:
    message = guidance.went_wrong(language, incident)
    return web.HTTPInternalServerError(**_body("went_wrong", message))


def too_fast(words: Words) -> web.HTTPException:
    message = words(
        "That was too fast for me. Nothing is lost: please wait a few seconds and try again."
    )
    return web.HTTPTooManyRequests(headers={"Retry-After": "3"}, **_body("too_fast", message))


def busy(words: Words) -> web.HTTPException:
    message = guidance.busy(words.language)
    return web.HTTPServiceUnavailable(headers={"Retry-After": "60"}, **_body("busy", message))


def not_made(words: Words) -> web.HTTPException:
    return web.HTTPInternalServerError(**_body("not_made", guidance.not_made(words.language)))


def too_slow(words: Words) -> web.HTTPException:
    message = words("There is no connection. Nothing is lost: try again when you are back online.")
    return web.HTTPRequestTimeout(**_body("too_slow", message))


def not_here(words: Words) -> web.HTTPException:
    message = words("There is nothing here. Please reload the page and try again.")
    return web.HTTPNotFound(**_body("not_here", message))


def message_of(refused: web.HTTPException) -> str:
    """The sentence of one of these."""
    return str(json.loads(refused.text or "")["error"]["message"])


def _body(code: str, message: str) -> _Body:
    error = {"error": {"code": code, "message": message}}
    return {
        "text": json.dumps(error, ensure_ascii=False),
        "content_type": "application/json",
    }
