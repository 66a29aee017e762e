"""What is due: rows are claimed, made into messages and settled, inside the reception's units of work.

Who sends them is ``bot.due``; somebody who comes by themselves is told at once.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.incidents import incident
from dialogs import reminders
from dialogs.due import PutOff
from dialogs.talk import Talk
from dialogs.types import Reply
from storage import conversations, due
from storage.conversations import Address, Conversation
from storage.due import Claimed

Make = Callable[[Conversation, Claimed], Reply | PutOff | None]
"""Has the core make the message; None where there is nothing to say any more."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message whose time has come, and where it goes."""

    address: Address
    reply: Reply


@dataclass(frozen=True, slots=True)
class Settled:
    """What has become of a claimed row: it is done, or to come again at a time.

    ``tried``: it could not be sent, which counts. ``outcome``: of what is done (``storage.due``).
    """

    claimed: Claimed
    again: datetime | None = None
    tried: bool = False
    outcome: str = due.SENT

    def settle(self, connection: Connection, now: datetime) -> None:
        if self.again is None:
            due.finish(connection, self.claimed, now, self.outcome)
        else:
            due.put_off(connection, self.claimed, self.again, tried=self.tried)


def next_due(
    connection: Connection,
    channel: str,
    kinds: Collection[str],
    now: datetime,
    last: Settled | None,
    *,
    claim: bool,
) -> Claimed | None:
    """Settle the last one; then claim the next that is due, where one is wanted."""
    if last:
        last.settle(connection, now)
    return due.claim(connection, channel, kinds, now) if claim else None


def letter(
    connection: Connection, channel: str, claimed: Claimed, make: Make
) -> Letter | PutOff | None:
    """What to send for a claimed row, and where to; None where nothing is to be said or nobody reached."""
    at = conversations.reached(connection, claimed.respondent, channel)
    if at is None:
        return None
    made = make(at, claimed)
    return Letter(at.address, made) if isinstance(made, Reply) else made


def came_due(
    connection: Connection, at: Conversation, kinds: Collection[str], now: datetime, make: Make
) -> list[Reply]:
    """What is to be told to somebody who has come by themselves; from now on it is told."""
    if at.respondent is None:
        return []
    replies = []
    for claimed in due.due_for(connection, at.respondent, kinds, now):
        try:
            made = make(at, claimed)
        except Exception as fault:  # noqa: BLE001 - the visit goes on, and the others are told
            incident("a message that is due could not be made", fault)
            made = None
        if isinstance(made, PutOff):
            due.put_off(connection, claimed, made.until)
            continue
        due.finish(connection, claimed, now, due.SENT if made else due.NEEDLESS)
        replies += [made] if made else []
    return replies


def remind(connection: Connection, respondent: int, talk: Talk) -> None:
    """Have the reminders come that are wanted as things are now, and no others."""
    due.replace(connection, respondent, list(reminders.MAKING), reminders.wanted(talk))
