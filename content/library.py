"""The editions at hand: which one is current, and any earlier one that somebody still answers."""

from collections.abc import Callable

from content.model import Edition


class Library:
    """Editions by digest. ``fetch`` brings one that is not in memory yet; it raises KeyError
    where there is none. Editions never change, so what was fetched once is kept."""

    def __init__(self, current: list[Edition], fetch: Callable[[str], Edition]) -> None:
        self._current = {edition.instrument: edition for edition in current}
        self._known = {edition.digest: edition for edition in current}
        self._fetch = fetch

    @property
    def instruments(self) -> list[str]:
        """Ids of the instruments on offer, in order."""
        return list(self._current)

    def current(self, instrument: str) -> Edition:
        """The edition that a new assessment starts with. Raises KeyError if it is not on offer."""
        return self._current[instrument]

    def edition(self, digest: str) -> Edition:
        if digest not in self._known:
            self._known[digest] = self._fetch(digest)
        return self._known[digest]
