"""The webhook: 200 means durable. Telegram delivers anything else again."""

import hmac
import json
import logging

from aiohttp import web
from telegram import Bot, Update

from bot.telegram.face import TelegramFace
from bot.telegram.updates import ALLOWED

log = logging.getLogger(__name__)

PATH = "/telegram/webhook"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
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


def add_webhook(app: web.Application, bot: Bot, face: TelegramFace, secret: str) -> None:
    """Serve the webhook: 403 without the secret, 413 for over 1 MB, 400 for what is no update."""

    async def deliver(request: web.Request) -> web.Response:
        given = request.headers.get(HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return web.Response(status=403)
        update = await _update(request, bot)
        if update is None:
            return web.Response(status=400)
        await face.receive(update)
        await face.settle()
        return web.Response()

    app.router.add_post(PATH, deliver)


async def _update(request: web.Request, bot: Bot) -> Update | None:
    body = await request.read()  # the application's own limit answers 413 beyond 1 MB
    try:
        return Update.de_json(json.loads(body), bot)
    except (ValueError, TypeError, KeyError, AttributeError):
        log.warning("A delivery to the webhook is not an update")
        return None
