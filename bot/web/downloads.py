"""Files of one's own: ``/documents/<name>``. A person who followed a link reads on a page why there is none;
a program, and the page of the chat, are told in JSON."""

from aiohttp import web

from bot.web import chat, refusals, results_pages
from bot.web.incoming import words_of
from bot.web.security import READING_POLICY
from dialogs.scenes import files
from locales import words_in


def add_downloads(app: web.Application) -> None:
    app.router.add_get("/documents/{which}", _download, allow_head=False)


async def _download(request: web.Request) -> web.Response:
    try:
        return await chat.download(request)
    except web.HTTPException as refused:
        if "text/html" not in request.headers.get("Accept", ""):
            raise
        return _page(request, refused)


def _page(request: web.Request, refused: web.HTTPException) -> web.Response:
    """In the language of the file, with the way back to its result."""
    wanted = files.wanted(request.match_info["which"])
    words = words_in(wanted.language) if wanted else words_of(request)
    # No result of that name: its page would say no more.
    code = wanted.code if wanted and refused.status != web.HTTPNotFound.status_code else ""
    page = results_pages.refusal(refusals.message_of(refused), words, code)
    headers = {"Content-Security-Policy": READING_POLICY, "Cache-Control": "no-store"}
    if after := refused.headers.get("Retry-After"):
        headers["Retry-After"] = after
    return web.Response(text=page, status=refused.status, content_type="text/html", headers=headers)
