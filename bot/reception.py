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
from typing import TypeVar

from sqlalchemy import Connection

from bot import calendar_file, metrics
from bot.export import export
from bot.incidents import incident
from bot.pace import Pace, TooFast
from bot.reports.making import Busy, CannotRender, File, Making, Snapshot
from bot.reports.renderer import Renderer
from content.guide.model import Guide
from content.library import Library
from dialogs import reminders
from dialogs.core import open_question, present, repeat, say_later, step
from dialogs.due import Making as MakingLater
from dialogs.due import PutOff
from dialogs.later import KINDS
from dialogs.scenes import files, guidance, renewal
from dialogs.scenes.plan import CALENDAR, dated
from dialogs.scenes.privacy import EXPORT
from dialogs.summary import Summary
from dialogs.talk import Talk
from dialogs.types import (
    Answered,
    Change,
    Event,
    Forgotten,
    Moved,
    Noted,
    PlanStep,
    Reply,
    State,
    Step,
    World,
)
from locales import guess_language
from storage import conversations, due, editions, housekeeping
from storage.conversations import Address, Conversation
from storage.due import Claimed
from storage.holdings import Holdings, holdings
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

T = TypeVar("T")

PAUSES = (0.1, 0.3, 0.6, 1.0)
"""Seconds between tries while the database is away: a restart of it is over before anybody is told."""

TRIES = 5
"""How often an update is tried that ends in a fault of ours, before it is set aside."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message whose time has come, and where it goes."""

    address: Address
    reply: Reply


@dataclass(frozen=True, slots=True)
class Settled:
    """What has become of a claimed row: it is done, or to come again at a time.

    ``tried``: it could not be sent, which counts.
    """

    claimed: Claimed
    again: datetime | None = None
    tried: bool = False

    def settle(self, connection: Connection, now: datetime) -> None:
        if self.again is None:
            due.finish(connection, self.claimed, now)
        else:
            due.put_off(connection, self.claimed, self.again, tried=self.tried)


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
        kinds: Mapping[str, MakingLater] = KINDS,
        renderer: Renderer | None = None,
    ) -> None:
        self._writer = writer
        self._library = library
        self._clock = clock
        self._fresh = fresh
        self._pace = pace or Pace(0)
        self._kinds = kinds
        self._making = Making(renderer or Renderer())
        self._one_calendar = asyncio.Lock()
        self.erased = asyncio.Event()
        """Set when somebody was erased, for whoever cleans up behind."""
        self.changed = asyncio.Event()
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
        return await self._patient(lambda c: self._set_aside(c, address, update, hint, id_))

    async def _step(self, address: Address, update: str, event: Event, hint: str) -> Answer:
        def answer(connection: Connection) -> Answer:
            return self._answer(connection, address, update, event, hint)

        return await self._caught_up(answer, f"{address.channel} {address.id}")

    async def _caught_up(self, work: Callable[[Connection], T], about: str = "") -> T:
        """Run a unit of work; once more where it needs what another replica has published."""
        try:
            return await self._patient(work, about)
        except (KeyError, _Behind):
            if not await self._catch_up():
                raise
            return await self._patient(work, about)

    async def _patient(self, work: Callable[[Connection], T], about: str = "") -> T:
        """Run a unit that may be run again, through a short absence of the database. Where it was cut
        off at the commit, the update's key tells whether that was before or after.

        Raises NotSaved where it stays away.
        """
        for pause in PAUSES:
            try:
                return await self._writer.run(work, about)
            except NotSaved as refusal:
                if not refusal.passing:
                    raise
            await asyncio.sleep(pause)
        return await self._writer.run(work, about)

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
        """The open card again, after what has come due for a face that cannot send by itself.

        Raises NotSaved where the database refused.
        """

        async def attempt() -> Answer:
            return await self._patient(lambda c: self._look(c, self._find(c, address, hint)))

        return await self._spared(address, hint, "", attempt)

    async def next_due(
        self, channel: str, last: Settled | None, *, claim: bool = True
    ) -> Claimed | None:
        """Settle the last one, and claim the next that is due. Raises NotSaved."""
        now = self._clock()

        def work(connection: Connection) -> Claimed | None:
            if last:
                last.settle(connection, now)
            if not claim:
                return None
            return due.claim(connection, channel, self._kinds.keys(), now)

        return await self._writer.run(work)

    async def letter(self, channel: str, claimed: Claimed) -> Letter | PutOff | None:
        """What to send for a claimed row, and where to; None where there is nothing to say.

        Raises NotSaved, or what the making of the message raised.
        """
        return await self._caught_up(lambda c: self._letter(c, channel, claimed))

    async def open_question(self, address: Address) -> Reply | None:
        """The card that waits for an answer there; None where none does. Raises NotSaved."""

        def work(connection: Connection) -> Reply | None:
            at = self._find(connection, address, "")
            return open_question(at.state, self._world(connection, at, self._clock()))

        return await self._caught_up(work)

    # --- For the admins' chat, which is no part of the conversation -----------------------------

    async def pause(self, address: Address) -> None:
        """Keep the pace of whoever is there. Raises TooFast."""
        if wait := self._pace.wait(address):
            await asyncio.sleep(wait)

    async def standing(self, address: Address, hint: str) -> State:
        """Where the conversation there stands. Raises NotSaved."""
        return await self._patient(lambda c: self._find(c, address, hint).state)

    async def put_desk(self, address: Address, hint: str, desk: str) -> None:
        """Remember what an admin is in the middle of; nothing else changes. Raises NotSaved."""

        def work(connection: Connection) -> None:
            at = self._find(connection, address, hint)
            if at.state.desk != desk:
                state = replace(at.state, desk=desk)
                conversations.save(connection, at, state, (), self._clock())

        await self._patient(work, f"{address.channel} {address.id}")

    async def has_taken(self, address: Address, update: str) -> bool:
        """Whether the update was answered before. Raises NotSaved."""
        return await self._patient(lambda c: conversations.is_known(c, _key(c, address, update)))

    async def take(self, address: Address, update: str) -> None:
        """The update is answered. Raises NotSaved."""
        now = self._clock()
        await self._patient(lambda c: conversations.is_new(c, _key(c, address, update), now), "")

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

    async def document(self, address: Address, which: str) -> File | None:
        """A file of that person's own; None for a stranger and for a file that there is not.

        Raises NotSaved where the database refused, Busy and CannotRender where it cannot be made.
        """
        if which == CALENDAR:
            return await self._calendar(address)
        if which == EXPORT:
            return await self._export(address)
        wanted = files.wanted(which)
        if wanted is None:
            return None
        held = self._alone if wanted.kind == files.CHART else self._held
        return await self._making.make(wanted, lambda: held(address, wanted.code))

    async def _calendar(self, address: Address) -> File | None:
        steps = await self._writer.run(lambda c: self._dated_steps(c, address))
        if not steps:
            return None
        async with self._one_calendar:  # each is a process
            return File(await calendar_file.made(steps, self._clock()), "merilo-plan.ics")

    async def _export(self, address: Address) -> File | None:
        kept = await self._writer.run(lambda c: self._holdings(c, address))
        if kept is None:
            return None
        return File(await asyncio.to_thread(export, kept, self._library), "merilo.zip")

    async def summary(self, address: Address, code: str, language: str = "") -> Summary | None:
        """One of that person's assessments, in the language of their conversation unless another is
        named; None for a stranger. Raises NotSaved where the database refused."""
        held = await self._held(address, code)
        return await asyncio.to_thread(held.summary, code, language) if held else None

    async def _held(self, address: Address, code: str) -> Snapshot | None:
        return await self._writer.run(lambda c: self._snapshot(c, address, code))

    async def _alone(self, address: Address, code: str) -> Snapshot | None:
        return await self._writer.run(lambda c: self._snapshot_alone(c, address, code))

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
        respondent = conversations.save(connection, before, after.state, after.changes, now)
        if respondent is not None and reminders.is_moved(before.state, after):
            self._remind(connection, Conversation(address, after.state, respondent), now)
        return Answer(after.state.language, after.replies, after.changes)

    def _remind(self, connection: Connection, at: Conversation, now: datetime) -> None:
        """Have the reminders come that are wanted as things are now, and no others."""
        assert at.respondent is not None  # noqa: S101
        wanted = reminders.wanted(Talk(at.state, self._world(connection, at, now)))
        due.replace(connection, at.respondent, list(reminders.MAKING), wanted)

    def _look(self, connection: Connection, at: Conversation) -> Answer:
        now = self._clock()
        came = self._came_due(connection, at, now)
        card = present(at.state, self._world(connection, at, now))
        return Answer(at.state.language, (*came, card))

    def _came_due(self, connection: Connection, at: Conversation, now: datetime) -> list[Reply]:
        """What is to be told to somebody who has come by themselves; from now on it is told."""
        if at.respondent is None:
            return []
        replies = []
        for claimed in due.due_for(connection, at.respondent, self._kinds.keys(), now):
            try:
                made = self._make(connection, at, claimed)
            except Exception as fault:  # noqa: BLE001 - the visit goes on, and the others are told
                incident("a message that is due could not be made", fault)
                made = None
            if isinstance(made, PutOff):
                due.put_off(connection, claimed, made.until)
                continue
            due.finish(connection, claimed, now)
            replies += [made] if made else []
        return replies

    def _letter(
        self, connection: Connection, channel: str, claimed: Claimed
    ) -> Letter | PutOff | None:
        at = conversations.reached(connection, claimed.respondent, channel)
        if at is None:
            return None
        made = self._make(connection, at, claimed)
        return Letter(at.address, made) if isinstance(made, Reply) else made

    def _make(
        self, connection: Connection, at: Conversation, claimed: Claimed
    ) -> Reply | PutOff | None:
        world = self._world(connection, at, self._clock())
        return say_later(self._kinds[claimed.due.kind], at.state, claimed.due, world)

    def _find(self, connection: Connection, address: Address, hint: str) -> Conversation:
        known = conversations.find(connection, address)
        return known or Conversation(address, State(guess_language(hint)))

    def _dated_steps(self, connection: Connection, address: Address) -> list[PlanStep]:
        known = conversations.find(connection, address)
        return dated(Plan(connection, known.respondent)) if known else []

    def _holdings(self, connection: Connection, address: Address) -> Holdings | None:
        known = conversations.find(connection, address)
        return holdings(connection, known.respondent) if known and known.respondent else None

    def _snapshot(self, connection: Connection, address: Address, code: str) -> Snapshot | None:
        """That assessment and those before it, which it is compared with; None for a stranger."""
        known = conversations.find(connection, address)
        shelf = Shelf(connection, known.respondent if known else None, self._library)
        codes = list(shelf)
        if known is None or code not in codes:
            return None
        held = {one: shelf[one] for one in codes[: codes.index(code) + 1]}
        number = editions.number_of(connection, held[code].edition)
        own = Plan(connection, known.respondent).items()
        plan = {one: step for one, step in own if step.instrument == held[code].instrument}
        return Snapshot(self._library, held, number, self._clock(), known.state.language, plan)

    def _snapshot_alone(
        self, connection: Connection, address: Address, code: str
    ) -> Snapshot | None:
        """That assessment by itself, which is all that a picture shows; None for a stranger."""
        known = conversations.find(connection, address)
        shelf = Shelf(connection, known.respondent if known else None, self._library)
        if known is None or code not in shelf:
            return None
        own = {code: shelf[code]}
        return Snapshot(self._library, own, 0, self._clock(), known.state.language)

    def _world(self, connection: Connection, at: Conversation, now: datetime) -> World:
        shelf = Shelf(connection, at.respondent, self._library)
        return World(self._library, shelf, now, self._fresh(), Plan(connection, at.respondent))

    def _set_aside(
        self, connection: Connection, address: Address, update: str, hint: str, id_: str
    ) -> Answer:
        """A sentence with the incident's id, and a way on. The update is not tried any more."""
        if update:
            conversations.is_new(connection, _key(connection, address, update), self._clock())
        known = conversations.find(connection, address)
        language = known.state.language if known else guess_language(hint)
        return Answer(language, (guidance.sorry(language, id_),))
