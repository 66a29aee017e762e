"""Making pictures and reports in a process of its own, without holding up the conversation.

The process starts with the first job, ends after some idle minutes, and is replaced when it dies or takes
too long. One job runs at a time; few wait; whoever comes then is told to come again.
"""

import asyncio
import json
import logging
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, suppress
from typing import Any, Self

from bot import child
from bot.metrics import RENDERED
from bot.reports.protocol import DONE, SIZE

log = logging.getLogger(__name__)

WAITING = 20
"""Jobs that may wait: the last of them is done within some seconds."""

PATIENCE = 20.0
"""Seconds for a job, with the start of the process."""

IDLE = 180.0
"""Seconds without a job after which the process ends."""


Prepare = Callable[[], Awaitable[Mapping[str, Any] | None]]


class CannotRender(Exception):
    """It could not be made: a fault, which the log tells."""


class Busy(Exception):
    """Too many jobs wait: the same may go well in a minute."""


class Renderer(AbstractAsyncContextManager["Renderer"]):
    """``async with`` ends the process at the end."""

    def __init__(self, patience: float = PATIENCE, idle: float = IDLE) -> None:
        self._patience = patience
        self._idle = idle
        self._process: Process | None = None
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._ending: asyncio.TimerHandle | None = None

    @property
    def waiting(self) -> int:
        """Jobs under way or waiting."""
        return self._waiting

    async def make(self, what: str, prepare: Prepare, room: int = WAITING) -> bytes | None:
        """Have something made. ``prepare`` gathers its data once its turn has come, so that many who ask
        at once do not all load their answers at once; None from it is None here. ``room``: how many jobs
        may be ahead.

        Raises Busy where there are more, CannotRender where it went wrong, and what ``prepare`` raises.
        """
        if self._waiting >= room:
            RENDERED.labels(what, "busy").inc()
            raise Busy
        self._waiting += 1
        try:
            async with self._turn:
                data = await prepare()
                return None if data is None else await self._made(what, data)
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        self._stop_waiting_for_the_end()
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.kill()  # nothing that it does is worth waiting for
        await process.wait()

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def __aenter__(self) -> Self:
        return self

    async def _made(self, what: str, data: Mapping[str, Any]) -> bytes:
        self._stop_waiting_for_the_end()
        try:
            async with asyncio.timeout(self._patience):
                status, result = await self._ask(json.dumps({"make": what, "data": data}).encode())
        except (TimeoutError, OSError, EOFError) as fault:
            log.error("A %s could not be made: %s", what, type(fault).__name__)
            RENDERED.labels(what, "failed").inc()
            await self.close()
            raise CannotRender from fault
        except asyncio.CancelledError:
            await self.close()  # what it would still answer belongs to nobody
            raise
        self._end_later()
        if status != DONE:
            log.error("A %s could not be made: %s", what, result.decode(errors="replace"))
            RENDERED.labels(what, "failed").inc()
            raise CannotRender
        RENDERED.labels(what, "made").inc()
        return result

    async def _ask(self, job: bytes) -> tuple[bytes, bytes]:
        """Status and result of a job. Raises OSError or EOFError where the process has died."""
        process = await self._running()
        assert process.stdin, "piped"  # noqa: S101
        assert process.stdout, "piped"  # noqa: S101
        process.stdin.write(SIZE.pack(len(job)) + job)
        await process.stdin.drain()
        status = await process.stdout.readexactly(1)
        size = SIZE.unpack(await process.stdout.readexactly(SIZE.size))[0]
        return status, await process.stdout.readexactly(size)

    async def _running(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                *child.command("bot.reports.worker"),
                stdin=PIPE,
                stdout=PIPE,
                env=child.environment(),
            )
        return self._process

    def _end_later(self) -> None:
        loop = asyncio.get_running_loop()
        self._ending = loop.call_later(self._idle, self._end)

    def _end(self) -> None:
        """Close its input: it has nothing to do and ends by itself."""
        process, self._process = self._process, None
        if process and process.stdin:
            process.stdin.close()

    def _stop_waiting_for_the_end(self) -> None:
        if self._ending:
            self._ending.cancel()
            self._ending = None
