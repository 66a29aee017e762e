"""What comes from a chat, as the admins' chat takes it. Apart, so that a face need not load the desk."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from bot.reception import Address
from dialogs.types import Event, Reply

Fetch = Callable[[], Awaitable[bytes]]
"""Brings the content of the file that was sent."""

Replies = AsyncIterator[Reply]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent. ``size`` in bytes, ``caption`` what stands below it."""

    name: str
    size: int
    caption: str
    fetch: Fetch


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that came from a chat. ``update`` is its key, ``hint`` a language tag."""

    address: Address
    update: str
    event: Event
    hint: str
    file: Upload | None = None

    @property
    def chat(self) -> int:
        return int(self.address.id)
