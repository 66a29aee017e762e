"""How often updates were tried in vain, so that none is delivered again for ever."""

LIMIT = 5
"""Tries after which an update is set aside."""

REMEMBERED = 10_000
"""Updates that are counted at once; more than that wait only while nothing works at all."""


class Tries:
    """Kept in the process: after a restart an update gets its tries anew, which may be what mends it."""

    def __init__(self) -> None:
        self._counts: dict[object, int] = {}

    def count(self, update: object) -> int:
        """Count one more; how many there were."""
        tries = self._counts.pop(update, 0) + 1
        self._counts[update] = tries
        if len(self._counts) > REMEMBERED:
            self._counts.pop(next(iter(self._counts)))
        return tries
