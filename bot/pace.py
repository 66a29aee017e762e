"""How fast one person may go: some events a second in the long run, after a generous burst; then each waits
its turn, then comes a polite refusal.

Kept in the process, not in the database: its purpose is that a flood does not reach the database. With
several replicas a person may go that many times as fast, which harms nobody; nothing else rests on it.
"""

import time
from collections.abc import Callable, Hashable

LONGEST = 2.0
"""Seconds that an event waits at most. What Telegram held back during an outage comes all at once, and
waiting a little keeps every tap of it."""

BURST = 100
"""Events that may come at once before the pace counts: more than a whole assessment takes, so that nobody
who answers quickly ever meets it, and still nothing to a flood."""

QUIET = 10.0
"""Seconds in which a person is told once, at most, that it is too fast."""

CROWD = 10_000
"""People remembered before those who have calmed down are forgotten."""


class TooFast(Exception):
    """This event was not taken. ``told``: the person has heard so a moment ago."""

    def __init__(self, *, told: bool) -> None:
        super().__init__("too many events a second")
        self.told = told


class Pace:
    """``wait(who)`` before each event. ``per_second`` 0 lets everybody go as fast as they like."""

    def __init__(
        self,
        per_second: int,
        clock: Callable[[], float] = time.monotonic,
        burst: int = BURST,
    ) -> None:
        self._step = 1 / per_second if per_second else 0.0
        self._credit = burst * self._step
        self._clock = clock
        self._due: dict[Hashable, float] = {}
        self._told: dict[Hashable, float] = {}

    def wait(self, who: Hashable) -> float:
        """Seconds until this event's turn, mostly 0. Raises TooFast."""
        if not self._step:
            return 0.0
        now = self._clock()
        due = max(self._due.get(who, now), now)
        wait = round(max(0.0, due + self._step - now - self._credit), 3)
        if wait > LONGEST:
            raise TooFast(told=self._tell(who, now))
        self._due[who] = due + self._step
        if len(self._due) > CROWD:
            self._due = {one: at for one, at in self._due.items() if at > now}
        return wait

    def _tell(self, who: Hashable, now: float) -> bool:
        """Whether they were told already."""
        if self._told.get(who, now - QUIET) > now - QUIET:
            return True
        if len(self._told) > CROWD:
            self._told = {one: at for one, at in self._told.items() if at > now - QUIET}
        self._told[who] = now
        return False
