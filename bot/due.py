"""The one place that sends later: it takes what is due, a row at a time, and gives it to a face.

A row is claimed and committed, then sent, then marked as done together with the next claim. Killed in
between, it is claimed again when the lease is over: so each is sent once, and the one that was under way
at the kill at most once more. Answers never wait for it: they go their own way, and the face sees to it
that what is sent from here leaves them room.
"""

import asyncio
import logging
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import Protocol, Self

from bot import metrics
from bot.incidents import incident
from bot.mail import Letter, Settled
from bot.reception import Address, NotSaved, Reception
from dialogs.due import PutOff
from dialogs.types import Reply
from storage.due import LOST, NEEDLESS, Claimed

log = logging.getLogger(__name__)

POLL = 3.0
"""Seconds between two looks while nothing is due."""

TRIES = 6
"""How often a message is tried before it is given up: over half a day, see PAUSE."""

PAUSE = timedelta(minutes=10)
"""Before a message is tried again; tripled each time."""

LONGEST_PAUSE = 20.0
"""Seconds of a pause that Telegram asks for: shorter than the lease, and then it is asked again."""

CLOSING = 4.0
"""Seconds that the message under way has when Merilo stops."""


class Outcome(Enum):
    SENT = auto()
    GONE = auto()
    """That person cannot be written to: nothing more is tried there until they write."""
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class Pushed:
    """What has become of a message. ``pause``: for so many seconds nothing at all may be sent."""

    outcome: Outcome
    pause: float = 0.0


class Face(Protocol):
    """A way to people who are not here just now."""

    channel: str

    async def push(self, address: Address, reply: Reply) -> Pushed:
        """Send a message. Nothing is raised but a broken invariant."""
        ...


class Postman(AbstractAsyncContextManager["Postman"]):
    """``async with`` sends in the background whatever is due on one channel."""

    def __init__(self, reception: Reception, face: Face, poll: float = POLL) -> None:
        self._reception = reception
        self._face = face
        self._poll = poll
        self._stopping = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Finish the message that is under way, so that a restart repeats nothing."""
        self._stopping.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._task, CLOSING)

    async def _run(self) -> None:
        last: Settled | None = None
        while last or not self._stopping.is_set():
            try:
                last = await self._next(last)
            except NotSaved:
                # What was sent is not marked yet: that comes first, as soon as the database is back.
                log.exception("What is due cannot be looked up")
                if self._stopping.is_set():
                    return
                await self._rest(self._poll)

    async def _next(self, last: Settled | None) -> Settled | None:
        """Mark the last one, send the next one, and say what has become of it. Raises NotSaved."""
        claimed = await self._reception.next_due(
            self._face.channel, last, claim=not self._stopping.is_set()
        )
        if claimed:
            return await self._deliver(claimed)
        await self._rest(self._poll)
        return None

    async def _rest(self, seconds: float) -> None:
        """Until it is time to look again, or to stop."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _deliver(self, claimed: Claimed) -> Settled:
        try:
            letter = await self._reception.letter(self._face.channel, claimed)
        except NotSaved:
            log.exception("What is due cannot be read")
            return _again(claimed)
        except Exception as fault:  # noqa: BLE001 - a fault of ours: the others must not wait for it
            incident("a message that is due could not be made", fault)
            return _again(claimed)
        match letter:
            case Letter(address, reply):
                return await self._send(claimed, address, reply)
            case PutOff(until):
                return Settled(claimed, until)
            case None:
                metrics.DUE.labels(claimed.due.kind, "needless").inc()
                return Settled(claimed, outcome=NEEDLESS)

    async def _send(self, claimed: Claimed, address: Address, reply: Reply) -> Settled:
        pushed = await self._face.push(address, reply)
        metrics.DUE.labels(claimed.due.kind, pushed.outcome.name.lower()).inc()
        if pushed.pause:
            await self._rest(min(pushed.pause, LONGEST_PAUSE))
        match pushed.outcome:
            case Outcome.SENT:
                return Settled(claimed)
            case Outcome.GONE:
                # It waits until they write again; whether it is still needed is seen then.
                return Settled(claimed, claimed.due.at)
            case Outcome.FAILED:
                return _again(claimed)


def _again(claimed: Claimed) -> Settled:
    """Later, each time after a longer while; given up at last."""
    if claimed.attempts >= TRIES:
        log.error("A message of kind %r was given up", claimed.due.kind)
        return Settled(claimed, outcome=LOST)
    later = PAUSE * 3 ** (claimed.attempts - 1)
    return Settled(claimed, claimed.claimed_at + later, tried=True)
