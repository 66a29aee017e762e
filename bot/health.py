"""Whether Merilo lives, whether it is ready to serve, and how it is doing."""

import time

from aiohttp import web

from bot import metrics
from bot.reception import NotSaved, Reception

FRESH = 30.0
"""Seconds that what was counted in the database is good for: counting is not free."""


class Health:
    """``drain`` is called when Merilo is about to stop: proxies then look elsewhere."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._draining = False
        self._counted = -FRESH

    def drain(self) -> None:
        self._draining = True

    async def alive(self, _: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def ready(self, _: web.Request) -> web.Response:
        if self._draining:
            return _unready("draining")
        try:
            instruments = await self._reception.instruments()
        except NotSaved:
            return _unready("database")
        if not instruments:
            return _unready("content")
        return web.json_response({"ready": True, "instruments": instruments})

    async def metrics(self, request: web.Request) -> web.Response:
        """For those who ask directly: what came through a proxy came from outside."""
        if "X-Forwarded-For" in request.headers or "X-Forwarded-Proto" in request.headers:
            raise web.HTTPNotFound
        await self._count()
        headers = {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        return web.Response(body=metrics.page(), headers=headers)

    async def _count(self) -> None:
        metrics.QUEUE.set(self._reception.waiting)
        if time.monotonic() - self._counted < FRESH:
            return
        self._counted = time.monotonic()
        try:
            editions, active = await self._reception.counts()
        except NotSaved:
            return
        metrics.EDITIONS.set(editions)
        metrics.ACTIVE.set(active)


def _unready(reason: str) -> web.Response:
    return web.json_response({"ready": False, "reason": reason}, status=503)


def add_health(app: web.Application, reception: Reception) -> Health:
    """``/healthz``: the process answers. ``/readyz``: database and content are there, else 503."""
    health = Health(reception)
    app.router.add_get("/healthz", health.alive)
    app.router.add_get("/readyz", health.ready)
    app.router.add_get("/metrics", health.metrics)
    return health
