"""The reception: the sole caller of the dialogue core, and the one place that saves.

An update comes in with a key of its own. In one transaction: was it here before, load, step, save.
The replies are returned after the commit, so what a face shows is durable.
"""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Connection

from bot import mail, metrics
from bot.files import Files
from bot.incidents import incident
from bot.mail import Letter, Settled
from bot.pace import Pace, TooFast
from bot.reports.making import File
from bot.reports.renderer import Busy, CannotRender, Renderer
from bot.units import Behind, Units
from content.guide.model import Guide
from content.library import Library
from dialogs import reminders
from dialogs.core import open_question, present, repeat, say_later, step
from dialogs.due import Making, PutOff
from dialogs.later import KINDS
from dialogs.scenes import guidance, renewal
from dialogs.summary import Summary
from dialogs.talk import Talk
from dialogs.types import (
    Answered,
    Change,
    Chart,
    Event,
    Forgotten,
    Moved,
    Noted,
    Reply,
    State,
    Step,
    World,
)
from locales import guess_language
from storage import announcements, conversations, housekeeping
from storage.conversations import Address, Conversation
from storage.due import Claimed
from storage.keys import keys_of
from storage.plan import Plan
from storage.shelf import Shelf
from storage.writer import NotSaved, Writer

__all__ = [
    "Address",
    "Answer",
    "Busy",
    "CannotRender",
    "File",
    "NotSaved",
    "Reception",
    "TooFast",
]

TRIES = 5
"""How often an update is tried that ends in a fault of ours, before it is set aside."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What to show, and the language it is in."""

    language: str
    replies: tuple[Reply, ...]
    changes: tuple[Change, ...] = ()


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _fresh_code() -> str:
    """A code for an assessment: 48 random bits, short enough for a button's 64 bytes."""
    return secrets.token_urlsafe(6)


def _key(connection: Connection, address: Address, update: str) -> str:
    """What is kept of an update: two senders' keys never meet, and neither can be read from it."""
    channel = f"{address.channel}/update"
    return keys_of(connection).pseudonym(channel, f"{address.id}\0{update}")


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
        kinds: Mapping[str, Making] = KINDS,
        renderer: Renderer | None = None,
    ) -> None:
        self._units = Units(writer, library)
        self._clock = clock
        self._fresh = fresh
        self._pace = pace or Pace(0)
        self._kinds = kinds
        self._files = Files(self._units, clock, renderer or Renderer())
        self.erased = asyncio.Event()
        """Set when somebody was erased, for whoever cleans up behind."""
        self.changed = self._units.changed
        """Set when other editions are on offer, for whoever keeps the guide in step with them."""

    async def receive(self, address: Address, update: str, event: Event, hint: str) -> Answer:
        """Answer an event. ``update`` is its key: the same key again shows the open card and
        changes nothing. ``hint`` is a language tag, used at first contact.

        Raises NotSaved where the database refused, TooFast where the person should pause.
        """
        await self.pause(address)
        started = time.perf_counter()
        answer = await self._spared(
            address, hint, update, lambda: self._step(address, update, event, hint)
        )
        metrics.SECONDS.observe(time.perf_counter() - started)
        for change in answer.changes:
            match change:
                case Answered() | Noted():
                    metrics.ANSWERS.inc()
                case Forgotten():
                    self.erased.set()
        return answer

    async def _spared(
        self, address: Address, hint: str, update: str, attempt: Callable[[], Awaitable[Answer]]
    ) -> Answer:
        """What comes of several tries. Of a fault of ours that stays, the person gets a sentence and a
        way on, and the operator a log line."""
        fault: Exception | None = None
        for _ in range(TRIES):
            try:
                return await attempt()
            except NotSaved as refusal:
                if refusal.passing:
                    raise
                fault = refusal
            except Exception as error:  # noqa: BLE001 - told below, if it does not pass
                fault = error
        assert fault  # noqa: S101
        id_ = incident("an update could not be handled, and is set aside", fault)
        return await self._units.patient(lambda c: self._set_aside(c, address, update, hint, id_))

    async def _step(self, address: Address, update: str, event: Event, hint: str) -> Answer:
        def answer(connection: Connection) -> Answer:
            return self._answer(connection, address, update, event, hint)

        return await self._units.caught_up(answer, f"{address.channel} {address.id}")

    async def follow(self) -> None:
        """Offer what is current by now, whoever has published it. Raises NotSaved."""
        await self._units.follow()

    async def spread(self) -> None:
        """Make the rows of announcements that were begun, in this replica or elsewhere. Raises NotSaved."""
        now = self._clock()
        more = True
        while more:  # a unit each: answers come in between
            more = await self._units.run(lambda c: announcements.spread(c, now))

    async def look(self, address: Address, hint: str) -> Answer:
        """The open card again, after what has come due for a face that cannot send by itself.

        Raises NotSaved where the database refused.
        """

        async def attempt() -> Answer:
            return await self._units.patient(lambda c: self._look(c, self._find(c, address, hint)))

        return await self._spared(address, hint, "", attempt)

    async def next_due(
        self, channel: str, last: Settled | None, *, claim: bool = True
    ) -> Claimed | None:
        """Settle the last one, and claim the next that is due. Raises NotSaved."""
        kinds, now = self._kinds.keys(), self._clock()
        return await self._units.run(
            lambda c: mail.next_due(c, channel, kinds, now, last, claim=claim)
        )

    async def letter(self, channel: str, claimed: Claimed) -> Letter | PutOff | None:
        """What to send for a claimed row, and where to; None where there is nothing to say.

        Raises NotSaved, or what the making of the message raised.
        """
        return await self._units.caught_up(
            lambda c: mail.letter(c, channel, claimed, self._make(c))
        )

    async def open_question(self, address: Address) -> Reply | None:
        """The card that waits for an answer there; None where none does. Raises NotSaved."""

        def work(connection: Connection) -> Reply | None:
            at = self._find(connection, address, "")
            return open_question(at.state, self._world(connection, at.respondent, self._clock()))

        return await self._units.caught_up(work)

    # --- For the admins' chat, which is no part of the conversation -----------------------------

    async def pause(self, address: Address) -> None:
        """Keep the pace of whoever is there. Raises TooFast."""
        if wait := self._pace.wait(address):
            await asyncio.sleep(wait)

    async def standing(self, address: Address, hint: str) -> State:
        """Where the conversation there stands. Raises NotSaved."""
        return await self._units.patient(lambda c: self._find(c, address, hint).state)

    async def put_desk(self, address: Address, hint: str, desk: str) -> None:
        """Remember what an admin is in the middle of; nothing else changes. Raises NotSaved."""

        def work(connection: Connection) -> None:
            at = self._find(connection, address, hint)
            if at.state.desk != desk:
                state = replace(at.state, desk=desk)
                conversations.save(connection, at, state, (), self._clock())

        await self._units.patient(work, f"{address.channel} {address.id}")

    async def has_taken(self, address: Address, update: str) -> bool:
        """Whether the update was answered before. Raises NotSaved."""
        return await self._units.patient(
            lambda c: conversations.is_known(c, _key(c, address, update))
        )

    async def take(self, address: Address, update: str) -> None:
        """The update is answered. Raises NotSaved."""
        now = self._clock()
        await self._units.patient(
            lambda c: conversations.is_new(c, _key(c, address, update), now), ""
        )

    @property
    def guide(self) -> Guide:
        """For faces to show it where no conversation takes place."""
        return self._units.library.guide

    @guide.setter
    def guide(self, guide: Guide) -> None:
        self._units.library.guide = guide

    @property
    def library(self) -> Library:
        """What is on offer; another one once something was published."""
        return self._units.library

    async def file(self, address: Address, which: str) -> File | None:
        """A file of that person's own; None for a stranger and for a file that there is not.

        Raises NotSaved where the database refused, Busy and CannotRender where it cannot be made.
        """
        return await self._files.file(address, which)

    async def drawn(self, chart: Chart, language: str) -> bytes:
        """A picture, as PNG. Raises Busy and CannotRender where it cannot be made."""
        return await self._files.drawn(chart, language)

    async def summary(self, address: Address, code: str, language: str = "") -> Summary | None:
        """One of that person's assessments, in the language of their conversation unless another is
        named; None for a stranger. Raises NotSaved where the database refused."""
        return await self._files.summary(address, code, language)

    async def instruments(self) -> list[str]:
        """The instruments on offer. Raises NotSaved where the database does not answer."""
        await self._units.run(lambda connection: connection.exec_driver_sql("SELECT 1"))
        return self._units.library.instruments

    @property
    def waiting(self) -> int:
        """Units of work that wait for the writer."""
        return self._units.writer.waiting

    async def counts(self) -> tuple[int, int]:
        """Editions, and assessments under way. Raises NotSaved."""
        return await self._units.run(housekeeping.counts)

    async def mark_blocked(self, address: Address) -> None:
        """Nothing is sent there until the person writes again."""
        now = self._clock()
        await self._units.run(lambda c: conversations.mark_blocked(c, address, now))

    def _answer(
        self, connection: Connection, address: Address, update: str, event: Event, hint: str
    ) -> Answer:
        before, now = self._find(connection, address, hint), self._clock()
        if not conversations.is_new(connection, _key(connection, address, update), now):
            again = repeat(before.state, event, self._world(connection, before.respondent, now))
            return Answer(before.state.language, (again,))
        after = step(before.state, event, self._world(connection, before.respondent, now))
        if _turns_on_what_is_current(after) and self._units.is_behind(connection):
            raise Behind
        respondent = conversations.save(connection, before, after.state, after.changes, now)
        if respondent is not None and reminders.is_moved(before.state, after):
            talk = Talk(after.state, self._world(connection, respondent, now))
            mail.remind(connection, respondent, talk)
        return Answer(after.state.language, after.replies, after.changes)

    def _look(self, connection: Connection, at: Conversation) -> Answer:
        now = self._clock()
        kinds, make = self._kinds.keys(), self._make(connection)
        came = mail.came_due(connection, at, kinds, now, make)
        card = present(at.state, self._world(connection, at.respondent, now))
        return Answer(at.state.language, (*came, card))

    def _make(self, connection: Connection) -> mail.Make:
        def make(at: Conversation, claimed: Claimed) -> Reply | PutOff | None:
            world = self._world(connection, at.respondent, self._clock())
            return say_later(self._kinds[claimed.due.kind], at.state, claimed.due, world)

        return make

    def _find(self, connection: Connection, address: Address, hint: str) -> Conversation:
        known = conversations.find(connection, address)
        return known or Conversation(address, State(guess_language(hint)))

    def _world(self, connection: Connection, respondent: int | None, now: datetime) -> World:
        library = self._units.library
        shelf = Shelf(connection, respondent, library)
        return World(library, shelf, now, self._fresh(), Plan(connection, respondent))

    def _set_aside(
        self, connection: Connection, address: Address, update: str, hint: str, id_: str
    ) -> Answer:
        """A sentence with the incident's id, and a way on. The update is not tried any more."""
        if update:
            conversations.is_new(connection, _key(connection, address, update), self._clock())
        known = conversations.find(connection, address)
        language = known.state.language if known else guess_language(hint)
        return Answer(language, (guidance.sorry(language, id_),))
