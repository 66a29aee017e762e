"""The content desk: the one place where content changes, whichever door an admin comes through."""

from bot.desk.desk import ContentDesk
from bot.desk.types import (
    AlreadyAnnounced,
    Conflict,
    Draft,
    HasProblems,
    NobodyToTell,
    NoSuchAnnouncement,
    NoSuchDraft,
    NoSuchEdition,
    NoSuchInstrument,
    NothingNew,
    NotKept,
    TooManyDrafts,
    Unconfirmed,
    UnfitText,
)

__all__ = [
    "AlreadyAnnounced",
    "Conflict",
    "ContentDesk",
    "Draft",
    "HasProblems",
    "NoSuchAnnouncement",
    "NoSuchDraft",
    "NoSuchEdition",
    "NoSuchInstrument",
    "NobodyToTell",
    "NotKept",
    "NothingNew",
    "TooManyDrafts",
    "Unconfirmed",
    "UnfitText",
]
