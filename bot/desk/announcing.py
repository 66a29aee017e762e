"""Announcing an edition to those who want to hear of news: one announcement an edition, written, begun, stopped.

Whatever changes something is one unit of work of the writer, and in the log; the messages themselves are made
and sent by those who serve (``storage.announcements``, ``bot.due``).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.desk import papers
from bot.desk.desk import ABOUT, ContentDesk
from bot.desk.types import AlreadyAnnounced, NobodyToTell, NoSuchAnnouncement, UnfitText
from content.compiled import load_edition
from content.hidden import hidden_characters
from dialogs.news import TEXT_LIMIT, standard
from locales import LANGUAGES
from storage import announcements, content_log, editions
from storage.announcements import Announcement, Progress
from storage.content_log import Entry
from storage.editions import Published

WRITTEN, PREPARING, SENDING, OVER, STOPPED = "written", "preparing", "sending", "over", "stopped"


@dataclass(frozen=True, slots=True)
class Standing:
    """``readers``: how many want to hear of news just now; 0 once it is begun."""

    announcement: Announcement
    progress: Progress
    readers: int

    @property
    def state(self) -> str:
        known = self.announcement
        if known.begun is None:
            return WRITTEN
        if known.stopped:
            return STOPPED
        if not known.all_made:
            return PREPARING
        return SENDING if self.progress.left else OVER


# --- Looking -------------------------------------------------------------------------------------


async def look(desk: ContentDesk, id_: int) -> Standing:
    """Raises NoSuchAnnouncement."""
    return await desk.writer.run(lambda c: _standing(c, _find(c, id_)))


async def offered(desk: ContentDesk, instrument: str, number: int | None = None) -> Standing:
    """The announcement of an edition, of the current one unless told; where there is none, what would be said.
    Nothing is kept. Raises NoSuchInstrument, NoSuchEdition."""

    def work(connection: Connection) -> Standing:
        edition = papers.current(connection, instrument)
        if number is not None:
            edition = papers.numbered(connection, instrument, number)
        known = announcements.of_edition(connection, edition.id)
        return _standing(connection, known or _unwritten(connection, edition))

    return await desk.writer.run(work)


def _unwritten(connection: Connection, edition: Published) -> Announcement:
    return Announcement(
        id=0,
        instrument=edition.instrument,
        number=edition.number,
        digest=edition.digest,
        texts=_standard(connection, edition),
        begun=None,
        all_made=False,
        stopped=None,
    )


# --- Writing, beginning, stopping ----------------------------------------------------------------


async def prepare(desk: ContentDesk, instrument: str) -> Standing:
    """The announcement of the current edition, a standard one where nobody has written any.
    Raises NoSuchInstrument."""

    def work(connection: Connection) -> Standing:
        return _standing(connection, _written(connection, papers.current(connection, instrument)))

    return await desk.writer.run(work, ABOUT)


async def rewrite(desk: ContentDesk, id_: int, language: str, text: str) -> Standing:
    """The text in one language. Nothing changes once it is begun. Raises NoSuchAnnouncement, UnfitText."""

    def work(connection: Connection) -> Standing:
        _rewrite(connection, _find(connection, id_), {language: text})
        return _standing(connection, _find(connection, id_))

    return await desk.writer.run(work, ABOUT)


async def begin(desk: ContentDesk, id_: int, who: str) -> Standing:
    """Once only, whoever begins it. Raises NoSuchAnnouncement, NobodyToTell, and Conflict where another edition
    is current."""

    def work(connection: Connection) -> Standing:
        editions.lock(connection)
        return _begun(desk, connection, _find(connection, id_), who)

    return await desk.writer.run(work, ABOUT)


async def announce(
    desk: ContentDesk, instrument: str, who: str, expected: str, texts: Mapping[str, str]
) -> Standing:
    """Write and begin it in one go: with these texts, and the standard ones in other languages. ``expected``: the
    digest that the admin believes is current. Again with the same texts, it changes nothing.

    Raises NoSuchInstrument, Conflict, UnfitText, NobodyToTell, AlreadyAnnounced."""

    def work(connection: Connection) -> Standing:
        editions.lock(connection)
        edition = papers.current(connection, instrument)
        papers.as_expected(connection, instrument, expected)
        known = _written(connection, edition)
        if known.begun and {**known.texts, **texts} != known.texts:
            raise AlreadyAnnounced(known.instrument, known.number)
        _rewrite(connection, known, texts)
        return _begun(desk, connection, _find(connection, known.id), who)

    return await desk.writer.run(work, ABOUT)


async def stop(desk: ContentDesk, id_: int, who: str) -> Standing:
    """Whoever was not told yet, will not be. Raises NoSuchAnnouncement."""

    def work(connection: Connection) -> Standing:
        known = _find(connection, id_)
        if announcements.stop(connection, id_, desk.clock()):
            _log(desk, connection, who, "stop announcing", known)
        return _standing(connection, _find(connection, id_))

    return await desk.writer.run(work, ABOUT)


# --- Within a unit of work -----------------------------------------------------------------------


def _find(connection: Connection, id_: int) -> Announcement:
    found = announcements.find(connection, id_)
    if found is None:
        raise NoSuchAnnouncement
    return found


def _written(connection: Connection, edition: Published) -> Announcement:
    return announcements.written_for(connection, edition.id, _standard(connection, edition))


def _standard(connection: Connection, now: Published) -> dict[str, str]:
    edition = load_edition(editions.compiled_of(connection, now.id))
    by = content_log.last_change(connection, now.instrument, now.digest)
    why = by.why if by and by.what != "shipped" else ""
    return {one: standard(one, edition.text("title", one), why) for one in LANGUAGES}


def _rewrite(connection: Connection, known: Announcement, texts: Mapping[str, str]) -> None:
    for text in texts.values():
        if not 0 < len(text.strip()) <= len(text) <= TEXT_LIMIT or any(hidden_characters(text)):
            raise UnfitText(TEXT_LIMIT)
    announcements.rewrite(connection, known.id, {**known.texts, **texts})


def _begun(desk: ContentDesk, connection: Connection, known: Announcement, who: str) -> Standing:
    if known.begun is None:
        papers.as_expected(connection, known.instrument, known.digest)
        if not announcements.readers(connection):
            raise NobodyToTell
    if announcements.begin(connection, known.id, desk.clock()):
        _log(desk, connection, who, "announce", known)
    return _standing(connection, _find(connection, known.id))


def _standing(connection: Connection, known: Announcement) -> Standing:
    readers = 0 if known.begun else announcements.readers(connection)
    return Standing(known, announcements.progress(connection, known.id), readers)


def _log(
    desk: ContentDesk, connection: Connection, who: str, what: str, known: Announcement
) -> None:
    """No edition changes by it: before and after are the same."""
    same, why = known.digest, known.texts["en"]
    entry = Entry(desk.clock(), who, what, known.instrument, same, same, why)
    content_log.write(connection, entry)
