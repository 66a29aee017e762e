"""The webhook: 200 means durable. Telegram delivers anything else again."""

import asyncio
import hmac
import logging

from aiohttp import web
from telegram import Bot

from bot.telegram.face import TelegramFace
from bot.telegram.received import Received
from bot.telegram.sending import spinner_stop
from bot.telegram.updates import ALLOWED, NotAnUpdate
from bot.telegram.wire import decoded, encoded

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


class Webhook:
    """What becomes of a delivery, however it was read from the network."""

    def __init__(self, face: TelegramFace, secret: str) -> None:
        self._face = face
        self._secret = secret.encode()

    def is_telegram(self, secret: bytes) -> bool:
        """Whether the delivery came with our secret."""
        return hmac.compare_digest(secret, self._secret)

    async def take(self, body: bytes) -> tuple[int, bytes]:
        """Status and JSON of the response: 200 for what is durable, 400 for what is no update, 503
        for what should be delivered again."""
        try:
            received = await self._face.receive(decoded(body))
        except (NotAnUpdate, ValueError, RecursionError):
            log.warning("A delivery to the webhook is not an update")
            return 400, b""
        await received.settle()
        return (503, b"") if received.again else (200, _call_in_response(received))


def _call_in_response(received: Received) -> bytes:
    """The answer to a tap: Telegram carries the call out, which saves one of two."""
    if received.query is None:
        return b""
    stop = {"method": "answerCallbackQuery", **spinner_stop(received.query, received.notice)}
    return encoded(stop)


def add_webhook(app: web.Application, webhook: Webhook) -> None:
    """Serve the webhook: 403 without the secret, 413 for over 1 MB, 408 for what takes too long."""

    async def deliver(request: web.Request) -> web.Response:
        if not webhook.is_telegram(request.headers.get(HEADER, "").encode()):
            return web.Response(status=403)
        try:
            async with asyncio.timeout(PATIENCE):
                body = await request.read()
        except TimeoutError:
            return web.Response(status=408)
        status, said = await webhook.take(body)
        return web.Response(status=status, body=said, content_type="application/json")

    app.router.add_post(PATH, deliver)
