"""What each address of the content API does: the desk's methods, as HTTP."""

import json
import re

from aiohttp import web

from bot.web.api import shapes
from bot.web.api.bodies import Upload, field, object_of, only, upload_of
from bot.web.api.entry import Visit, expected, once
from bot.web.api.errors import ApiError, respond
from storage.editions import Published

WHY = 500
"""Letters that a reason may have."""


# --- Instruments and their editions --------------------------------------------------------------


async def instruments(visit: Visit) -> web.Response:
    every = await visit.desk.editions()
    newer = {one.instrument: one.number for one in await visit.desk.newer_shipped()}
    listed = [shapes.instrument(one, newer) for one in every if one.current]
    return respond({"instruments": listed})


async def editions(visit: Visit) -> web.Response:
    every = await visit.desk.editions(instrument_of(visit))
    current = next(one for one in every if one.current)
    listed = [shapes.edition(one) for one in every]
    return respond({"editions": listed}, headers=_tagged(current))


async def log(visit: Visit) -> web.Response:
    instrument = instrument_of(visit)
    await visit.desk.current(instrument)  # 404 rather than an empty list
    return await _entries(visit, instrument)


async def whole_log(visit: Visit) -> web.Response:
    """Tokens are in it too."""
    return await _entries(visit, None)


async def _entries(visit: Visit, instrument: str | None) -> web.Response:
    entries = await visit.desk.log(instrument, number_of(visit, "limit", 100, 1000))
    return respond({"entries": [shapes.entry(one) for one in entries]})


async def feedback(visit: Visit) -> web.Response:
    told = await visit.desk.feedback(instrument_of(visit))
    return respond({"feedback": [shapes.feedback(one) for one in told]})


async def package(visit: Visit) -> web.Response:
    instrument = instrument_of(visit)
    number = number_of(visit, "edition", None, 2**31 - 1)
    packed = await visit.desk.export(instrument, number)
    named = {"Content-Disposition": f'attachment; filename="{instrument}.zip"'}
    return web.Response(body=packed, content_type="application/zip", headers=named)


async def undo(visit: Visit) -> web.Response:
    believed, body = expected(visit.request), await object_of(visit.request)
    only(body, "edition", "why")
    number, why = field(body, "edition", int, None), _why(body)

    async def act() -> web.Response:
        if not 0 < number < 2**31:
            raise ApiError(404, "not_found", "There is no such edition.")
        instrument = instrument_of(visit)
        undone = await visit.desk.undo(instrument, number, visit.who, why, believed)
        return respond(shapes.edition(undone), headers=_tagged(undone))

    return await once(visit, canonical(body), act)


# --- Drafts --------------------------------------------------------------------------------------


async def draft(visit: Visit) -> web.Response:
    upload = await upload_of(visit.request)

    async def act() -> web.Response:
        made = await visit.desk.draft(visit.who, upload.content, upload.name, upload.instrument)
        place = {"Location": f"{visit.request.path}/{made.id}"}
        return respond(shapes.draft(made), 201, place)

    return await once(visit, _same(upload), act)


async def report(visit: Visit) -> web.Response:
    return respond(shapes.draft(await visit.desk.find(_draft(visit))))


async def difference(visit: Visit) -> web.Response:
    return respond(shapes.difference(await visit.desk.difference(_draft(visit))))


async def impact(visit: Visit) -> web.Response:
    return respond(shapes.impact(await visit.desk.impact(_draft(visit))))


async def publish(visit: Visit) -> web.Response:
    believed, body = expected(visit.request), await object_of(visit.request)
    only(body, "why", "confirm_warnings")
    why, confirmed = _why(body), field(body, "confirm_warnings", bool, False)

    async def act() -> web.Response:
        published = await visit.desk.publish(
            _draft(visit), visit.who, believed, why, confirmed=confirmed
        )
        return respond(shapes.edition(published), headers=_tagged(published))

    return await once(visit, canonical(body), act)


async def discard(visit: Visit) -> web.Response:
    await visit.desk.discard(_draft(visit), visit.who)
    return web.Response(status=204)


# --- What they have in common --------------------------------------------------------------------


def instrument_of(visit: Visit) -> str:
    return visit.request.match_info["instrument"]


def _draft(visit: Visit) -> str:
    return visit.request.match_info["draft"]


def number_of(visit: Visit, name: str, default: int | None, most: int) -> int | None:
    """A number from one up in the query. Raises ApiError."""
    given = visit.request.query.get(name)
    if given is None:
        return default
    if not re.fullmatch("[0-9]{1,10}", given) or not 0 < int(given) <= most:
        raise ApiError(422, "invalid", f"“{name}” must be a whole number from 1 to {most}.")
    return int(given)


def _why(body: shapes.Json) -> str:
    why: str = field(body, "why", str, "")
    if len(why) > WHY or not why.isprintable():
        raise ApiError(422, "invalid", f"“why” must be one line of {WHY} letters at most.")
    return why


def _tagged(edition: Published) -> dict[str, str]:
    """For the next If-Match; nothing where it is current no more: a draft was published twice."""
    return {"ETag": f'"{edition.digest}"'} if edition.current else {}


def canonical(body: shapes.Json) -> bytes:
    return json.dumps(body, sort_keys=True).encode()


def _same(upload: Upload) -> bytes:
    return repr((upload.name, upload.content)).encode()
