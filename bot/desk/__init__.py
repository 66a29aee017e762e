"""The content desk: the one place where content changes, whichever door an admin comes through."""

from bot.desk.desk import ContentDesk
from bot.desk.types import (
    Conflict,
    Draft,
    HasProblems,
    NoSuchDraft,
    NoSuchEdition,
    NoSuchInstrument,
    NothingNew,
    NotKept,
    TooManyDrafts,
    Unconfirmed,
)

__all__ = [
    "Conflict",
    "ContentDesk",
    "Draft",
    "HasProblems",
    "NoSuchDraft",
    "NoSuchEdition",
    "NoSuchInstrument",
    "NotKept",
    "NothingNew",
    "TooManyDrafts",
    "Unconfirmed",
]
