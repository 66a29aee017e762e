"""The addresses of the content API, and the document that describes them."""

from aiohttp import web

from bot.desk import ContentDesk
from bot.pace import Pace
from bot.web.api import announcing, handlers
from bot.web.api.entry import DESK, PACE, Handler, guarded, in_one_shape
from bot.web.api.errors import respond
from bot.web.api.openapi import document

PREFIX = "/api/v1/content"

ROUTES: tuple[tuple[str, str, str, Handler], ...] = (
    ("GET", "/instruments", "content:read", handlers.instruments),
    ("GET", "/log", "content:read", handlers.whole_log),
    ("GET", "/instruments/{instrument}/editions", "content:read", handlers.editions),
    ("GET", "/instruments/{instrument}/log", "content:read", handlers.log),
    ("GET", "/instruments/{instrument}/feedback", "content:read", handlers.feedback),
    ("GET", "/instruments/{instrument}/package", "content:read", handlers.package),
    ("POST", "/instruments/{instrument}/undo", "content:publish", handlers.undo),
    ("GET", "/instruments/{instrument}/announcement", "content:read", announcing.offered),
    ("POST", "/instruments/{instrument}/announcement", "content:publish", announcing.begin),
    ("GET", "/announcements/{announcement}", "content:read", announcing.progress),
    ("POST", "/announcements/{announcement}/stop", "content:publish", announcing.stop),
    ("POST", "/drafts", "content:write", handlers.draft),
    ("GET", "/drafts/{draft}", "content:read", handlers.report),
    ("DELETE", "/drafts/{draft}", "content:write", handlers.discard),
    ("GET", "/drafts/{draft}/difference", "content:read", handlers.difference),
    ("GET", "/drafts/{draft}/impact", "content:read", handlers.impact),
    ("POST", "/drafts/{draft}/publish", "content:publish", handlers.publish),
)


def add_content_api(app: web.Application, desk: ContentDesk, pace: Pace) -> None:
    """``pace`` is how fast one token may go."""
    api = web.Application(middlewares=[in_one_shape])
    api[DESK], api[PACE] = desk, pace
    for method, path, scope, handler in ROUTES:
        api.router.add_route(method, path, guarded(scope, handler))
    api.router.add_get("/openapi.json", _document, allow_head=False)
    app.add_subapp(PREFIX, api)


async def _document(_: web.Request) -> web.Response:
    return respond(document())
