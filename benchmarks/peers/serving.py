"""How both bots on aiogram are served: its webhook on aiohttp, with what makes it fast.

After aiogram's documentation: "Webhook", "Installation" (the extra ``fast``: uvloop), and the
session's ``json_loads``.
"""

import logging

import orjson
import uvloop
from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.peers.answers import create_tables
from benchmarks.peers.place import PATH, SECRET, TOKEN, Place


def make_bot(place: Place) -> Bot:
    session = AiohttpSession(
        api=TelegramAPIServer.from_base(place.api),
        json_loads=orjson.loads,
        json_dumps=lambda value: orjson.dumps(value).decode(),
    )
    return Bot(TOKEN, session=session, default=DefaultBotProperties(parse_mode=ParseMode.HTML))


def serve(place: Place, dispatcher: Dispatcher, engine: AsyncEngine) -> None:
    """Until told to stop."""
    logging.basicConfig(level=logging.WARNING)

    async def on_startup(bot: Bot) -> None:
        await create_tables(engine)
        await bot.set_webhook(
            place.webhook,
            secret_token=SECRET,
            max_connections=100,
            allowed_updates=dispatcher.resolve_used_update_types(),
        )

    dispatcher.startup.register(on_startup)
    dispatcher.shutdown.register(engine.dispose)
    bot = make_bot(place)
    app = web.Application()
    handler = SimpleRequestHandler(
        dispatcher=dispatcher,
        bot=bot,
        handle_in_background=not place.inline,
        secret_token=SECRET,
    )
    handler.register(app, path=PATH)
    setup_application(app, dispatcher, bot=bot)
    web.run_app(
        app,
        host="127.0.0.1",
        port=place.port,
        access_log=None,
        print=None,
        loop=uvloop.new_event_loop(),
    )
