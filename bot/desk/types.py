"""What the content desk hands out, and what it refuses."""

from dataclasses import dataclass
from datetime import datetime

from content.compiled import digest_of
from content.problems import Problem
from storage.content_log import Entry
from storage.editions import Published


@dataclass(frozen=True, slots=True)
class Draft:
    """What was handed in, and what was found. It never changes; corrected files make another draft.

    ``id`` is random, 8 letters, digits, ``-`` and ``_``, and fits into a button. ``base`` is the digest of the
    edition that was current when it came (empty: a new instrument), ``compiled`` the edition that it makes
    (empty where there are problems). ``became`` is the number of the edition that it was published as.
    """

    id: str
    instrument: str
    base: str
    compiled: bytes
    package: bytes
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    who: str
    at: datetime
    expires: datetime
    became: int | None = None

    @property
    def digest(self) -> str:
        """Of the edition that it makes; empty where there are problems."""
        return digest_of(self.compiled) if self.compiled else ""

    @property
    def is_nothing_new(self) -> bool:
        """It makes the edition that was current when it came."""
        return self.digest == self.base


class Refusal(Exception):
    """The desk does not do what it was asked, and nothing has changed. The text is one sentence."""


class NoSuchDraft(Refusal):
    def __init__(self) -> None:
        super().__init__("there is no such draft: it was discarded, or it is older than a week")


class NoSuchAnnouncement(Refusal):
    def __init__(self) -> None:
        super().__init__("there is no such announcement")


class AlreadyAnnounced(Refusal):
    def __init__(self, instrument: str, number: int) -> None:
        told = f"{instrument}, edition {number}, is announced already: its texts stay as they were sent"
        super().__init__(told)


class NobodyToTell(Refusal):
    def __init__(self) -> None:
        super().__init__("nobody wants to hear of news just now: nothing was begun")


class UnfitText(Refusal):
    """``limit`` is how many letters a text of an announcement may have."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"a text has 1 to {limit} letters, none of them hidden")
        self.limit = limit


class TooManyDrafts(Refusal):
    def __init__(self, instrument: str, most: int) -> None:
        told = f"{instrument} has {most} open drafts: publish or discard some of them first (their ids are in the log)"
        super().__init__(told)
        self.instrument = instrument
        self.most = most


class NoSuchInstrument(Refusal):
    def __init__(self, instrument: str) -> None:
        super().__init__(f"there is no instrument “{instrument}”")


class NoSuchEdition(Refusal):
    def __init__(self, instrument: str, number: int) -> None:
        super().__init__(f"{instrument} has no edition {number}")


class NotKept(Refusal):
    """An edition from before its files were kept."""

    def __init__(self, instrument: str, number: int) -> None:
        super().__init__(f"the files of {instrument}, edition {number}, were not kept in its time")


class HasProblems(Refusal):
    """``problems`` are those of the draft's report."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"the draft has {len(problems)} problems: mend them and hand it in again")
        self.problems = problems


class Unconfirmed(Refusal):
    """``warnings`` are to be looked at, and then confirmed."""

    def __init__(self, warnings: tuple[Problem, ...]) -> None:
        super().__init__(f"the draft has {len(warnings)} warnings: look at them, then confirm them")
        self.warnings = warnings


class NothingNew(Refusal):
    def __init__(self, number: int) -> None:
        super().__init__(f"no difference: it is the same as edition {number}, which is current")


class Conflict(Refusal):
    """Another edition is current than the admin believed. ``current`` is what is current now, None for an
    instrument that is not there; ``by`` is how it became so, None where that was before the log began."""

    def __init__(self, current: Published | None, by: Entry | None) -> None:
        super().__init__(_changed(current, by))
        self.current = current
        self.by = by


def _changed(current: Published | None, by: Entry | None) -> str:
    if current is None:
        return "there is no such instrument any more: hand the files in again"
    if by is None:
        return f"edition {current.number} is current by now: hand the files in again"
    when = f"{by.at:%Y-%m-%d %H:%M} UTC"
    reason = f" (“{by.why}”)" if by.why else ""
    told = f"{by.who} made edition {current.number} current on {when}{reason} meanwhile"
    return f"{told}: look at it, then hand the files in again"
