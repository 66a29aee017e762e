"""The addresses of announcements: what would be said, begun, looked at, stopped."""

import re

from aiohttp import web

from bot.desk import NoSuchAnnouncement, announcing
from bot.web.api import shapes
from bot.web.api.bodies import field, object_of, only
from bot.web.api.entry import Visit, expected, once
from bot.web.api.errors import respond
from bot.web.api.handlers import canonical, instrument_of, number_of
from locales import LANGUAGES

LARGEST = 2**31 - 1


async def offered(visit: Visit) -> web.Response:
    number = number_of(visit, "edition", None, LARGEST)
    standing = await announcing.offered(visit.desk, instrument_of(visit), number)
    return respond(shapes.announcement(standing))


async def begin(visit: Visit) -> web.Response:
    believed, body = expected(visit.request), await object_of(visit.request)
    only(body, "texts")
    texts = _texts(body)

    async def act() -> web.Response:
        begun = await announcing.announce(
            visit.desk, instrument_of(visit), visit.who, believed, texts
        )
        return respond(shapes.announcement(begun))

    return await once(visit, canonical(body), act)


async def progress(visit: Visit) -> web.Response:
    return respond(shapes.announcement(await announcing.look(visit.desk, _announcement(visit))))


async def stop(visit: Visit) -> web.Response:
    async def act() -> web.Response:
        stopped = await announcing.stop(visit.desk, _announcement(visit), visit.who)
        return respond(shapes.announcement(stopped))

    return await once(visit, b"", act)


def _texts(body: shapes.Json) -> dict[str, str]:
    """By language, those that are given. Raises ApiError."""
    texts: shapes.Json = field(body, "texts", dict, {})
    only(texts, *LANGUAGES)
    return {language: field(texts, language, str, "") for language in texts}


def _announcement(visit: Visit) -> int:
    """Raises NoSuchAnnouncement."""
    given = visit.request.match_info["announcement"]
    if not re.fullmatch("[0-9]{1,10}", given) or int(given) > LARGEST:
        raise NoSuchAnnouncement
    return int(given)
