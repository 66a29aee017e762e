"""The webhook: 200 means durable. Telegram delivers anything else again."""

import asyncio
import hmac
import json
import logging

from aiohttp import web
from telegram import Bot

from bot.telegram.face import TelegramFace
from bot.telegram.received import Received
from bot.telegram.sending import spinner_stop
from bot.telegram.updates import ALLOWED, NotAnUpdate

log = logging.getLogger(__name__)

PATH = "/telegram/webhook"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
PATIENCE = 10.0
"""Seconds in which a delivery has to be here whole."""

CONNECTIONS = 100
"""What Telegram may open at once; its own maximum."""


async def announce(bot: Bot, base: str, secret: str) -> None:
    """Tell Telegram where to deliver."""
    await bot.set_webhook(
        base.rstrip("/") + PATH,
        secret_token=secret,
        allowed_updates=ALLOWED,
        max_connections=CONNECTIONS,
    )


def add_webhook(app: web.Application, face: TelegramFace, secret: str) -> None:
    """Serve the webhook: 403 without the secret, 413 for over 1 MB, 400 for what is no update."""

    async def deliver(request: web.Request) -> web.Response:
        given = request.headers.get(HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return web.Response(status=403)
        try:
            async with asyncio.timeout(PATIENCE):
                body = await request.read()
            received = await face.receive(json.loads(body))
        except TimeoutError:
            return web.Response(status=408)
        except (NotAnUpdate, ValueError, RecursionError):
            log.warning("A delivery to the webhook is not an update")
            return web.Response(status=400)
        await received.settle()
        if received.again:
            return web.Response(status=503)
        return _response(received)

    app.router.add_post(PATH, deliver)


def _response(received: Received) -> web.Response:
    """200, with the answer to a tap in it: Telegram carries the call out, which saves one of two."""
    if received.query is None:
        return web.Response()
    stop = {"method": "answerCallbackQuery", **spinner_stop(received.query, received.notice)}
    return web.json_response(stop)
