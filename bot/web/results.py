"""One's own results at addresses of their own, to read and to print: ``/results/<code>``, also in another
language (``?language=lv``). Whose they are is known by the cookie; nobody else's are found."""

from aiohttp import web

from bot.reception import NotSaved
from bot.web import refusals, results_pages
from bot.web.chat import RECEPTION
from bot.web.incoming import words_of
from bot.web.security import READING_POLICY
from bot.web.session import address_of, session_key
from locales import LANGUAGES, words_in


def add_results(app: web.Application) -> None:
    app.router.add_get("/results/{code}", _result)


async def _result(request: web.Request) -> web.Response:
    words = words_of(request)
    language = request.query.get("language", "")
    asked = language if language in LANGUAGES else ""
    owner = address_of(session_key(request))
    try:
        found = await request.app[RECEPTION].summary(owner, request.match_info["code"], asked)
    except NotSaved:
        told = words_in(asked) if asked else words
        sentence = refusals.message_of(refusals.not_saved(told))
        return _html(results_pages.not_read(sentence, told), status=503)
    if found is None:
        return _html(results_pages.missing(words), status=404)
    return _html(results_pages.result(found))


def _html(page: str, status: int = 200) -> web.Response:
    headers = {"Content-Security-Policy": READING_POLICY, "Cache-Control": "no-store"}
    return web.Response(text=page, status=status, content_type="text/html", headers=headers)
