"""The reception: the sole caller of the dialogue core, and the one place that saves.

An update comes in with a key of its own. In one transaction: was it here before, load, step, save.
The replies are returned after the commit, so what a face shows is durable.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from bot import metrics
from bot.export import export
from bot.pace import Pace, TooFast
from content.guide.model import Guide
from content.library import Library
from dialogs.core import present, repeat, step
from dialogs.scenes import guidance, renewal
from dialogs.scenes.privacy import EXPORT
from dialogs.talk import reply
from dialogs.tokens import token
from dialogs.types import (
    Answered,
    Choice,
    Event,
    Forgotten,
    Moved,
    Paragraph,
    Reply,
    State,
    Step,
    World,
)
from locales import guess_language, words_in
from storage import conversations, editions, housekeeping
from storage.conversations import Address, Conversation
from storage.holdings import Holdings, holdings
from storage.keys import keys_of
from storage.shelf import Shelf
from storage.writer import NotSaved, Writer

__all__ = ["Address", "Answer", "NotSaved", "Reception", "TooFast"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What to show, and the language it is in."""

    language: str
    replies: tuple[Reply, ...]
    erased: bool = False


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _fresh_code() -> str:
    """A code for an assessment: 48 random bits, short enough for a button's 64 bytes."""
    return secrets.token_urlsafe(6)


def _key(connection: Connection, address: Address, update: str) -> str:
    """What is kept of an update: two senders' keys never meet, and neither can be read from it."""
    channel = f"{address.channel}/update"
    return keys_of(connection).pseudonym(channel, f"{address.id}\0{update}")


class _Behind(Exception):
    """Another edition is current than this process knows: nothing is offered that isn't."""


def _turns_on_what_is_current(after: Step) -> bool:
    """Whether somebody is offered another edition, or moves to it: seldom enough to look it up first."""
    moves = any(isinstance(change, Moved) for change in after.changes)
    return moves or after.state.view == renewal.VIEW


class Reception:
    """``clock`` and ``fresh`` are the only sources of time and chance."""

    def __init__(
        self,
        writer: Writer,
        library: Library,
        clock: Callable[[], datetime] = _utc_now,
        fresh: Callable[[], str] = _fresh_code,
        pace: Pace | None = None,
    ) -> None:
        self._writer = writer
        self._library = library
        self._clock = clock
        self._fresh = fresh
        self._pace = pace or Pace(0)
        self.erased = asyncio.Event()
        """Set when somebody was erased, for whoever cleans up behind."""
        self.changed = asyncio.Event()
        """Set when other editions are on offer, for whoever keeps the guide in step with them."""

    async def receive(self, address: Address, update: str, event: Event, hint: str) -> Answer:
        """Answer an event. ``update`` is its key: the same key again shows the open card and
        changes nothing. ``hint`` is a language tag, used at first contact.

        Raises NotSaved where the database refused, TooFast where the person should pause.
        """
        if wait := self._pace.wait(address):
            await asyncio.sleep(wait)
        started = time.perf_counter()
        answer = await self._handled(address, update, event, hint)
        metrics.SECONDS.observe(time.perf_counter() - started)
        if answer.erased:
            self.erased.set()
        return answer

    async def _handled(self, address: Address, update: str, event: Event, hint: str) -> Answer:
        try:
            return await self._step(address, update, event, hint)
        except NotSaved:
            raise
        except Exception:  # whatever it is: the person gets a sentence, the operator a log line
            incident = secrets.token_hex(4)
            log.exception("Incident %s: an update could not be handled", incident)
            return await self._apologise(address, hint, incident)

    async def _step(self, address: Address, update: str, event: Event, hint: str) -> Answer:
        def answer(connection: Connection) -> Answer:
            return self._answer(connection, address, update, event, hint)

        about = f"{address.channel} {address.id}"
        try:
            return await self._writer.run(answer, about)
        except (KeyError, _Behind):
            if not await self._catch_up():
                raise
            return await self._writer.run(answer, about)

    async def follow(self) -> None:
        """Offer what is current by now, whoever has published it. Raises NotSaved."""
        if await self._writer.run(lambda c: editions.is_behind(c, self._library)):
            await self._catch_up()

    async def _catch_up(self) -> bool:
        """Whether something was published that was not known here yet."""
        known = await self._writer.run(lambda c: editions.caught_up(c, self._library))
        behind = len(known) > len(self._library) or known.on_offer != self._library.on_offer
        if behind:
            self._library = known
            self.changed.set()
        return behind

    async def look(self, address: Address, hint: str) -> Answer:
        """The open card again. Raises NotSaved where the database refused."""
        return await self._writer.run(lambda c: self._look(c, self._find(c, address, hint)))

    @property
    def guide(self) -> Guide:
        """For faces to show it where no conversation takes place."""
        return self._library.guide

    @guide.setter
    def guide(self, guide: Guide) -> None:
        self._library.guide = guide

    @property
    def library(self) -> Library:
        """What is on offer; another one once something was published."""
        return self._library

    async def document(self, address: Address, which: str) -> bytes | None:
        """A file of that person's own; None for a stranger and for a file that there is not.

        Raises NotSaved where the database refused.
        """
        kept = await self._writer.run(lambda c: self._holdings(c, address))
        if kept is None or which != EXPORT:
            return None
        return await asyncio.to_thread(export, kept, self._library)

    async def instruments(self) -> list[str]:
        """The instruments on offer. Raises NotSaved where the database does not answer."""
        await self._writer.run(lambda connection: connection.exec_driver_sql("SELECT 1"))
        return self._library.instruments

    @property
    def waiting(self) -> int:
        """Units of work that wait for the writer."""
        return self._writer.waiting

    async def counts(self) -> tuple[int, int]:
        """Editions, and assessments under way. Raises NotSaved."""
        return await self._writer.run(housekeeping.counts)

    async def mark_blocked(self, address: Address) -> None:
        """Nothing is sent there until the person writes again."""
        now = self._clock()
        await self._writer.run(lambda c: conversations.mark_blocked(c, address, now))

    def _answer(
        self, connection: Connection, address: Address, update: str, event: Event, hint: str
    ) -> Answer:
        before, now = self._find(connection, address, hint), self._clock()
        if not conversations.is_new(connection, _key(connection, address, update), now):
            again = repeat(before.state, event, self._world(connection, before, now))
            return Answer(before.state.language, (again,))
        after = step(before.state, event, self._world(connection, before, now))
        if _turns_on_what_is_current(after) and editions.is_behind(connection, self._library):
            raise _Behind
        conversations.save(connection, before, after.state, after.changes, now)
        if any(isinstance(change, Answered) for change in after.changes):
            metrics.ANSWERS.inc()
        return Answer(after.state.language, after.replies, Forgotten() in after.changes)

    def _look(self, connection: Connection, at: Conversation) -> Answer:
        world = self._world(connection, at, self._clock())
        return Answer(at.state.language, (present(at.state, world),))

    def _find(self, connection: Connection, address: Address, hint: str) -> Conversation:
        known = conversations.find(connection, address)
        return known or Conversation(address, State(guess_language(hint)))

    def _holdings(self, connection: Connection, address: Address) -> Holdings | None:
        known = conversations.find(connection, address)
        return holdings(connection, known.respondent) if known and known.respondent else None

    def _world(self, connection: Connection, at: Conversation, now: datetime) -> World:
        return World(
            self._library, Shelf(connection, at.respondent, self._library), now, self._fresh()
        )

    async def _apologise(self, address: Address, hint: str, incident: str) -> Answer:
        """A fault of ours: the operator and the person share an id, and there is a way on."""
        known = await self._writer.run(lambda c: conversations.find(c, address))
        language = known.state.language if known else guess_language(hint)
        sorry = Paragraph(guidance.went_wrong(language, incident))
        menu = Choice(words_in(language)("Menu"), token("menu"))
        return Answer(language, (reply(sorry, choices=[[menu]], replaces=False),))
