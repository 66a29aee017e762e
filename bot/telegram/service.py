"""Telegram from start to end: introduces itself, chooses webhook or polling, closes cleanly."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import TYPE_CHECKING, Self

from aiohttp import web
from telegram import Bot, BotCommand
from telegram.error import InvalidToken, TelegramError

from bot.due import Postman
from bot.reception import Reception
from bot.settings import Settings, WrongSetting
from bot.telegram import webhook
from bot.telegram.face import TelegramFace
from bot.telegram.lane import Lanes
from bot.telegram.polling import poll
from bot.telegram.transport import AiohttpRequest
from dialogs.scenes.guidance import command_descriptions
from locales import LANGUAGES

if TYPE_CHECKING:
    from bot.admin.chat import AdminChat

log = logging.getLogger(__name__)

PAUSE = 5.0
"""Seconds before Telegram is tried again at start."""


def make_bot(settings: Settings) -> Bot:
    base = settings.telegram_api.rstrip("/")
    return Bot(
        settings.telegram_token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=AiohttpRequest(base),
        get_updates_request=AiohttpRequest(base),
    )


class TelegramService(AbstractAsyncContextManager["TelegramService"]):
    """``async with`` serves Telegram in the background. ``failed`` ends with an exception that
    nothing but the operator can mend: a token that Telegram refuses."""

    def __init__(
        self,
        settings: Settings,
        reception: Reception,
        app: web.Application,
        admin: "AdminChat | None" = None,
    ) -> None:
        self._settings = settings
        self._bot = make_bot(settings)
        self._reception = reception
        self._face = TelegramFace(self._bot, reception, admin)
        self._closing = AsyncExitStack()
        self._webhook = webhook.Webhook(self._face, settings.webhook_secret)
        if settings.webhook_url:
            webhook.add_webhook(app, self._webhook)

    def lanes(self, others: Callable[[], asyncio.BaseProtocol]) -> Lanes | None:
        """For deliveries, where there are any; ``others`` takes every other request."""
        return Lanes(self._webhook, others) if self._settings.webhook_url else None

    async def __aenter__(self) -> Self:
        self.failed = asyncio.create_task(self._serve())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Finish what is being shown. The webhook stays set: Telegram keeps what comes meanwhile."""
        self.failed.cancel()
        await asyncio.gather(self.failed, return_exceptions=True)
        await self._face.close()
        await self._bot.shutdown()

    async def _serve(self) -> None:
        await self._introduce()
        if self._settings.webhook_url:
            await webhook.announce(
                self._bot, self._settings.webhook_url, self._settings.webhook_secret
            )
            log.info("Telegram delivers to the webhook for @%s", self._bot.username)
            async with Postman(self._reception, self._face):
                await asyncio.Event().wait()
        await self._bot.delete_webhook()
        log.info("Polling Telegram for @%s", self._bot.username)
        async with Postman(self._reception, self._face):
            await poll(self._bot, self._face)

    async def _introduce(self) -> None:
        """Wait for Telegram to be reachable, and register the commands in every language."""
        while True:
            try:
                await self._bot.initialize()
                for language in LANGUAGES:
                    await self._bot.set_my_commands(_commands(language), language_code=language)
                await self._bot.set_my_commands(_commands("en"))
            except InvalidToken:
                raise WrongSetting(
                    "MERILO_TELEGRAM_TOKEN", "Telegram refuses it; ask @BotFather", "123456:ABC-def"
                ) from None
            except TelegramError as fault:
                log.warning("Telegram cannot be reached yet: %s", fault.message)
                await asyncio.sleep(PAUSE)
            else:
                return


def _commands(language: str) -> list[BotCommand]:
    return [BotCommand(name, text) for name, text in command_descriptions(language).items()]
