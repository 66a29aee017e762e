"""The content desk: drafts, publishing, undoing, and the log of it all.

Checking takes seconds at worst, so it happens outside the writer thread, in a process of its own. Whatever
changes something is one unit of work of the writer: it looks at what is current once more, changes the pointer
and writes the log, all of it or nothing.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import Connection

from bot.checking import Base, Checked, check_apart
from bot.desk import papers
from bot.desk.types import (
    Draft,
    NoSuchDraft,
    NoSuchInstrument,
    NothingNew,
    TooManyDrafts,
    Unconfirmed,
)
from content.compiled import load_edition
from content.difference import Difference, difference
from content.model import Edition
from content.package import read_parts
from storage import content_log, drafts, editions, opinions
from storage.content_log import Entry
from storage.editions import Published
from storage.impact import Impact, impact
from storage.opinions import Feedback
from storage.writer import NotSaved, Writer

log = logging.getLogger(__name__)

ABOUT = "content"
"""What the desk's units of work lock: see ``Writer.run``."""

CHECKS = 2
"""Packages that are looked at at once: each may take a processor for two seconds, and 256 MB."""

OPEN_DRAFTS = 20
"""Drafts of an instrument that wait to be published: each may keep some megabytes for a week."""


async def _nobody() -> None:
    """Where nothing is served, nobody needs to hear of a change."""


def _now() -> datetime:
    return datetime.now(UTC)


def _fresh() -> str:
    """Without hyphens: at a shell, an id that begins with one would be taken for an option."""
    return secrets.token_urlsafe(6).replace("-", "_")


@dataclass(frozen=True, slots=True)
class ContentDesk:
    """Every method raises NotSaved where the database refuses, and what its own text says. After a refusal
    everything is as it was.

    ``who`` is an admin as the log knows them: ``telegram:<id>``, ``token:<name>``, ``shell:<user>``.
    ``changed`` is awaited after another edition became current. ``clock`` and ``fresh`` are the only sources
    of time and chance.
    """

    writer: Writer
    changed: Callable[[], Awaitable[None]] = _nobody
    clock: Callable[[], datetime] = _now
    fresh: Callable[[], str] = _fresh
    _checks: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CHECKS))

    # --- Drafts ----------------------------------------------------------------------------------

    async def draft(
        self, who: str, content: bytes, name: str = "", instrument: str | None = None
    ) -> Draft:
        """Take in a package and check it. ``content`` is a zip, a .po or an instrument.yaml as it came;
        ``name`` its file's name; ``instrument`` is needed for a file that does not say which it belongs to.

        What is not whole is laid over the current edition. Raises PackageRefused for hostile input and for
        what is no package, TooManyDrafts where too many wait: then nothing is kept. Problems of content are
        in the draft.
        """
        base, checked = await self.check(content, name, instrument)
        return await self.writer.run(lambda c: self._keep(c, who, base, checked), ABOUT)

    async def check(
        self, content: bytes, name: str = "", instrument: str | None = None
    ) -> tuple[str, Checked]:
        """The same without keeping anything, and the digest of what was current then, empty for a new
        instrument. Raises PackageRefused."""
        named = await asyncio.to_thread(lambda: read_parts(name, content).named(instrument))
        digests, bases = await self.writer.run(lambda c: papers.bases(c, named))
        bases = {one: await self._with_former(one, base) for one, base in bases.items()}
        async with self._checks:
            checked = await asyncio.to_thread(check_apart, name, content, bases, instrument)
        return digests.get(checked.package.instrument, ""), checked

    async def _with_former(self, instrument: str, base: Base) -> Base:
        """An edition a unit: answers come in between."""
        read: dict[bool, list[str]] = {True: [], False: []}
        for one in await self.writer.run(lambda c: editions.published(c, instrument)):
            read[one.current] += await self.writer.run(partial(papers.wordings_of, edition=one))
        return papers.with_former(base, read[True], read[False])

    async def find(self, id_: str) -> Draft:
        """The draft with its report. Raises NoSuchDraft."""
        return await self.writer.run(lambda c: self._draft(c, id_))

    async def waiting(self, instrument: str) -> list[drafts.Waiting]:
        """The drafts of an instrument that are not published, the newest first."""
        return await self.writer.run(lambda c: drafts.waiting(c, instrument, self.clock()))

    async def edition(self, id_: str) -> Edition:
        """What the draft would be, for a preview. Raises NoSuchDraft, HasProblems."""
        return load_edition(papers.sound(await self.find(id_)).compiled)

    async def difference(self, id_: str) -> Difference:
        """Old and new text for each that changed, against what is current now.
        Raises NoSuchDraft, HasProblems."""
        draft = papers.sound(await self.find(id_))
        old = await self.writer.run(lambda c: papers.current_edition(c, draft.instrument))
        return difference(old, load_edition(draft.compiled))

    async def impact(self, id_: str) -> Impact:
        """What publishing it would mean for those in the middle. Raises NoSuchDraft, HasProblems."""
        new = await self.edition(id_)
        return await self.writer.run(lambda c: impact(c, new))

    async def discard(self, id_: str, who: str) -> None:
        """Raises NoSuchDraft; also for one that is published: that is undone, not discarded."""
        await self.writer.run(lambda c: self._discard(c, id_, who), ABOUT)

    # --- What is current -------------------------------------------------------------------------

    async def publish(
        self, id_: str, who: str, expected: str, why: str, *, confirmed: bool = False
    ) -> Published:
        """Make the draft's edition current. ``expected``: the digest that the admin believes is current (empty
        for a new instrument); ``confirmed``: they have looked at the warnings.

        Publishing a draft again changes nothing and returns the same edition.
        Raises NoSuchDraft, HasProblems, Unconfirmed, NothingNew, Conflict.
        """

        def work(connection: Connection) -> Published:
            return self._publish(connection, id_, who, expected, why, confirmed=confirmed)

        published = await self.writer.run(work, ABOUT)
        await self._tell()
        return published

    async def undo(
        self, instrument: str, number: int, who: str, why: str, expected: str
    ) -> Published:
        """Make another edition current again. Raises NoSuchInstrument, NoSuchEdition, NothingNew, Conflict."""

        def work(connection: Connection) -> Published:
            return self._undo(connection, instrument, number, who, why, expected)

        published = await self.writer.run(work, ABOUT)
        await self._tell()
        return published

    async def _tell(self) -> None:
        """It is published, whatever becomes of telling: those who serve look for themselves too."""
        try:
            await self.changed()
        except NotSaved:
            log.warning("What was published could not be read back; it is tried again in a moment")

    # --- Looking ---------------------------------------------------------------------------------

    async def current(self, instrument: str) -> Published:
        """Raises NoSuchInstrument."""
        return await self.writer.run(lambda c: papers.current(c, instrument))

    async def editions(self, instrument: str | None = None) -> list[Published]:
        """Every edition, of one instrument or of all, the oldest first. Raises NoSuchInstrument."""
        found = await self.writer.run(lambda c: editions.published(c, instrument))
        if instrument is not None and not found:
            raise NoSuchInstrument(instrument)
        return found

    async def newer_shipped(self) -> list[Published]:
        """Editions that came with a newer Merilo while an admin's is current: ``undo`` to one takes it."""
        return await self.writer.run(editions.newer_shipped)

    async def log(self, instrument: str | None = None, newest: int | None = None) -> list[Entry]:
        """What admins did, the newest first; of one instrument or of all."""
        return await self.writer.run(lambda c: content_log.read(c, instrument, newest))

    async def export(self, instrument: str, number: int | None = None) -> bytes:
        """The package of an edition as a zip, of the current one unless told.
        Raises NoSuchInstrument, NoSuchEdition, NotKept."""
        return await self.writer.run(lambda c: papers.exported(c, instrument, number))

    async def feedback(self, instrument: str) -> list[Feedback]:
        """What readers think of its texts, by text and language. Raises NoSuchInstrument."""

        def work(connection: Connection) -> list[Feedback]:
            papers.current(connection, instrument)
            return opinions.feedback(connection, instrument)

        return await self.writer.run(work)

    # --- Units of work ---------------------------------------------------------------------------

    def _draft(self, connection: Connection, id_: str) -> Draft:
        row = drafts.find(connection, id_, self.clock())
        if row is None:
            raise NoSuchDraft
        return papers.draft_of(connection, row)

    def _keep(self, connection: Connection, who: str, base: str, checked: Checked) -> Draft:
        instrument, now = checked.package.instrument, self.clock()
        if len(drafts.waiting(connection, instrument, now)) >= OPEN_DRAFTS:
            raise TooManyDrafts(instrument, OPEN_DRAFTS)
        row = papers.row_of(checked, base, self.fresh(), who, now)
        drafts.keep(connection, row)
        draft = papers.draft_of(connection, row)
        self._log(connection, who, "draft", draft.instrument, draft.base, draft.digest, draft.id)
        return draft

    def _discard(self, connection: Connection, id_: str, who: str) -> None:
        draft = self._draft(connection, id_)
        if draft.became:
            raise NoSuchDraft
        drafts.drop(connection, id_)
        self._log(connection, who, "discard", draft.instrument, draft.base, draft.digest, id_)

    def _publish(
        self,
        connection: Connection,
        id_: str,
        who: str,
        expected: str,
        why: str,
        *,
        confirmed: bool,
    ) -> Published:
        editions.lock(connection)
        draft = papers.sound(self._draft(connection, id_))
        if draft.became:
            return papers.numbered(connection, draft.instrument, draft.became)
        if draft.warnings and not confirmed:
            raise Unconfirmed(draft.warnings)
        before = papers.as_expected(connection, draft.instrument, expected, draft.base)
        if before and before.digest == draft.digest:
            raise NothingNew(before.number)
        edition = editions.stored(connection, draft.instrument, draft.compiled, self.clock())
        editions.keep_sources(connection, edition, draft.package)
        editions.make_current(connection, draft.instrument, edition)
        drafts.mark_published(connection, id_, edition)
        self._log(connection, who, "publish", draft.instrument, draft.base, draft.digest, why)
        return papers.current(connection, draft.instrument)

    def _undo(
        self,
        connection: Connection,
        instrument: str,
        number: int,
        who: str,
        why: str,
        expected: str,
    ) -> Published:
        editions.lock(connection)
        papers.current(connection, instrument)
        target = papers.numbered(connection, instrument, number)
        before = papers.as_expected(connection, instrument, expected)
        if target.current:
            raise NothingNew(number)
        editions.make_current(connection, instrument, target.id)
        was = before.digest if before else ""
        self._log(connection, who, "undo", instrument, was, target.digest, why)
        return papers.current(connection, instrument)

    def _log(
        self,
        connection: Connection,
        who: str,
        what: str,
        instrument: str,
        before: str,
        after: str,
        why: str,
    ) -> None:
        entry = Entry(self.clock(), who, what, instrument, before, after, why)
        content_log.write(connection, entry)
