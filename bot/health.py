"""Whether Merilo lives, and whether it is ready to serve."""

from aiohttp import web

from bot.reception import NotSaved, Reception

RECEPTION = web.AppKey("HEALTH_RECEPTION", Reception)


def add_health(app: web.Application, reception: Reception) -> None:
    """``/healthz``: the process answers. ``/readyz``: database and content are there, else 503."""
    app[RECEPTION] = reception
    app.router.add_get("/healthz", _alive)
    app.router.add_get("/readyz", _ready)


async def _alive(_request: web.Request) -> web.Response:
    return web.json_response({"alive": True})


async def _ready(request: web.Request) -> web.Response:
    try:
        instruments = await request.app[RECEPTION].instruments()
    except NotSaved:
        return web.json_response({"ready": False, "reason": "database"}, status=503)
    ready = bool(instruments)
    return web.json_response(
        {"ready": ready, "instruments": instruments}, status=200 if ready else 503
    )
