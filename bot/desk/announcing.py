"""Announcing an edition to those who want to hear of news: one announcement an edition, written, begun, stopped.

Whatever changes something is one unit of work of the writer, and in the log; the messages themselves are made
and sent by those who serve (``storage.announcements``, ``bot.due``).
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from bot.desk import papers
from bot.desk.desk import ABOUT, ContentDesk
from bot.desk.types import NoSuchAnnouncement
from content.compiled import load_edition
from content.model import Edition
from dialogs.news import standard
from locales import LANGUAGES
from storage import announcements, content_log, editions
from storage.announcements import Announcement, Progress
from storage.content_log import Entry
from storage.editions import Published


@dataclass(frozen=True, slots=True)
class Standing:
    """``readers``: how many want to hear of news just now."""

    announcement: Announcement
    progress: Progress
    readers: int


async def prepare(desk: ContentDesk, instrument: str) -> Standing:
    """The announcement of the current edition, a standard one where nobody has written any.
    Raises NoSuchInstrument."""

    def work(connection: Connection) -> Standing:
        now = papers.current(connection, instrument)
        edition = load_edition(editions.compiled_of(connection, now.id))
        texts = _standard(connection, now, edition)
        return _standing(connection, announcements.written_for(connection, now.id, texts).id)

    return await desk.writer.run(work, ABOUT)


def _standard(connection: Connection, now: Published, edition: Edition) -> dict[str, str]:
    by = content_log.last_change(connection, now.instrument, now.digest)
    why = by.why if by and by.what != "shipped" else ""
    return {one: standard(one, edition.text("title", one), why) for one in LANGUAGES}


async def look(desk: ContentDesk, id_: int) -> Standing:
    """Raises NoSuchAnnouncement."""
    return await desk.writer.run(lambda c: _standing(c, id_))


async def rewrite(desk: ContentDesk, id_: int, language: str, text: str) -> Standing:
    """The text in one language. Nothing changes once it is begun. Raises NoSuchAnnouncement."""

    def work(connection: Connection) -> Standing:
        known = _find(connection, id_)
        announcements.rewrite(connection, id_, {**known.texts, language: text})
        return _standing(connection, id_)

    return await desk.writer.run(work, ABOUT)


async def begin(desk: ContentDesk, id_: int, who: str) -> Standing:
    """Once only, whoever begins it. Raises NoSuchAnnouncement, and Conflict where another edition is current."""

    def work(connection: Connection) -> Standing:
        editions.lock(connection)
        known = _find(connection, id_)
        if known.begun is None:
            papers.as_expected(connection, known.instrument, known.digest)
        if announcements.begin(connection, id_, desk.clock()):
            _log(desk, connection, who, "announce", known)
        return _standing(connection, id_)

    return await desk.writer.run(work, ABOUT)


async def stop(desk: ContentDesk, id_: int, who: str) -> Standing:
    """Whoever was not told yet, will not be. Raises NoSuchAnnouncement."""

    def work(connection: Connection) -> Standing:
        known = _find(connection, id_)
        if announcements.stop(connection, id_, desk.clock()):
            _log(desk, connection, who, "stop announcing", known)
        return _standing(connection, id_)

    return await desk.writer.run(work, ABOUT)


def _find(connection: Connection, id_: int) -> Announcement:
    found = announcements.find(connection, id_)
    if found is None:
        raise NoSuchAnnouncement
    return found


def _standing(connection: Connection, id_: int) -> Standing:
    known = _find(connection, id_)
    readers = 0 if known.begun else announcements.readers(connection)
    return Standing(known, announcements.progress(connection, id_), readers)


def _log(
    desk: ContentDesk, connection: Connection, who: str, what: str, known: Announcement
) -> None:
    """No edition changes by it: before and after are the same."""
    same, why = known.digest, known.texts["en"]
    entry = Entry(desk.clock(), who, what, known.instrument, same, same, why)
    content_log.write(connection, entry)
