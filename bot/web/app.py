"""The web application: the chat page, its files, the chat itself, and the guide."""

from pathlib import Path

from aiohttp import web

from bot.reception import Reception
from bot.web import chat, security
from bot.web.downloads import add_downloads
from bot.web.guide import add_guide
from bot.web.leaving import add_leaving
from bot.web.results import add_results

STATIC = Path(__file__).parent / "static"


def web_app(reception: Reception) -> web.Application:
    """Everything that a browser needs. Other routes (webhook, health) may be added to it."""
    app = web.Application()
    app[chat.RECEPTION] = reception
    app.on_response_prepare.append(security.protect)
    app.router.add_get("/", _page)
    app.router.add_static("/static/", STATIC, follow_symlinks=False)
    app.router.add_get("/chat", chat.look, allow_head=False)
    app.router.add_post("/chat", chat.receive)
    add_leaving(app)
    add_guide(app)
    add_results(app)
    add_downloads(app)
    return app


async def _page(_request: web.Request) -> web.FileResponse:
    return web.FileResponse(STATIC / "index.html")
