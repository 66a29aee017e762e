"""Telegram's limits: thirty messages a second in all, one a second to a chat.

Answers go at once and are only counted; what is sent of our own accord waits until there is room, but not for
ever.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable

WINDOW = 1.0
"""Seconds."""

ROOM = 20
"""Messages a second after which those that can wait do so: the other ten are left to answers."""


SHARE = 0.5
"""Seconds after which one of those goes all the same, however many answers there are."""


class Limits:
    """``note`` what goes out; ``await turn(chat)`` before what can wait."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        # Only the newest count, so it never grows.
        self._last_turn = -SHARE
        self._recent: deque[tuple[float, int]] = deque(maxlen=ROOM)

    def note(self, chat: int) -> None:
        self._recent.append((self._clock(), chat))

    async def turn(self, chat: int) -> None:
        """Returns when a message to that chat may go, and counts it."""
        while wait := self.wait(chat):  # noqa: ASYNC110 - time is what it waits for
            await asyncio.sleep(wait)
        self.note(chat)
        self._last_turn = self._clock()

    def wait(self, chat: int) -> float:
        """Seconds until there may be room for a message to that chat; 0 if there is now."""
        ago = self._clock() - WINDOW
        recent = [(at, to) for at, to in self._recent if at > ago]
        there = [at for at, to in recent if to == chat]
        if there:
            return there[-1] - ago
        if len(recent) < ROOM:
            return 0.0
        return max(0.0, min(recent[0][0] - ago, self._last_turn + SHARE - self._clock()))
