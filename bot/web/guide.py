"""The guide at addresses of its own: pages to link to and to print, without JavaScript.

``/guide/lv/`` lists it and takes a search (``?q=``), ``/guide/lv/G1-1`` is an article, and
``/guide/lv/terms`` and ``/guide/lv/problems`` are its two lists.
"""

from aiohttp import web

from bot.web import guide_pages as pages
from bot.web.chat import RECEPTION
from bot.web.guide_pages import Visit
from bot.web.incoming import hint_of
from bot.web.security import READING_POLICY
from content.guide.model import Guide, Topic
from locales import LANGUAGES, guess_language

CACHED = "public, max-age=600"
"""Ten minutes: so old may a page be after somebody has published other texts."""

LISTS = {"terms": pages.terms, "problems": pages.problems}


def add_guide(app: web.Application) -> None:
    """Serve the guide of the reception that the application has."""
    app.router.add_get("/guide", _to_own_language)
    app.router.add_get("/guide/", _to_own_language)
    app.router.add_get("/guide/{language}", _to_contents)
    app.router.add_get("/guide/{language}/", _contents)
    app.router.add_get("/guide/{language}/{page}", _page)


async def _to_own_language(request: web.Request) -> web.Response:
    language = guess_language(hint_of(request))
    raise web.HTTPFound(f"/guide/{language}/", headers={"Vary": "Accept-Language"})


async def _to_contents(request: web.Request) -> web.Response:
    if request.match_info["language"] not in LANGUAGES:
        return await _to_own_language(request)
    raise web.HTTPMovedPermanently(f"/guide/{request.match_info['language']}/")


async def _contents(request: web.Request) -> web.Response:
    visit = _visit(request, "")
    query = request.query.get("q", "").strip()
    return _html(pages.results(visit, query) if query else pages.contents(visit))


async def _page(request: web.Request) -> web.Response:
    name = request.match_info["page"]
    visit = _visit(request, name)
    if name in LISTS:
        return _html(LISTS[name](visit))
    topic = visit.guide.by_key.get(f"topic/{name}")
    if not isinstance(topic, Topic):
        return _html(pages.missing(visit), status=404)
    return _html(pages.article(visit, topic))


def _visit(request: web.Request, page: str) -> Visit:
    """Who reads what. In a language that Merilo does not speak there is no page at all."""
    language, guide = request.match_info["language"], _guide(request)
    if language not in LANGUAGES or not guide.topics:
        raise web.HTTPNotFound
    return Visit(guide, language, page)


def _guide(request: web.Request) -> Guide:
    return request.app[RECEPTION].guide


def _html(page: str, status: int = 200) -> web.Response:
    headers = {"Content-Security-Policy": READING_POLICY, "Cache-Control": CACHED}
    return web.Response(text=page, status=status, content_type="text/html", headers=headers)
