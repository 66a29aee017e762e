"""What is at hand: the current editions, every earlier one that is still answered, and the guide."""

from collections.abc import Iterable

from content.guide.model import Guide
from content.model import Edition


class Library:
    """Editions by digest; ``current`` are the digests of those on offer, in order. ``guide`` is empty
    until one is put there."""

    def __init__(
        self, editions: Iterable[Edition], current: Iterable[str], guide: Guide | None = None
    ) -> None:
        self.guide = guide or Guide()
        self._editions = {edition.digest: edition for edition in editions}
        self._current = {self._editions[digest].instrument: digest for digest in current}
        self._on_offer = frozenset(self._current.values())

    def __len__(self) -> int:
        """How many editions there are, current or not. None is ever taken away."""
        return len(self._editions)

    @property
    def editions(self) -> list[Edition]:
        """Every edition, current or not, in the order of publication."""
        return list(self._editions.values())

    @property
    def instruments(self) -> list[str]:
        """Ids of the instruments on offer, in order."""
        return list(self._current)

    def current(self, instrument: str) -> Edition:
        """The edition that a new assessment starts with. Raises KeyError if it is not on offer."""
        return self._editions[self._current[instrument]]

    def is_current(self, digest: str) -> bool:
        """Whether that edition is the one on offer."""
        return digest in self._on_offer

    @property
    def on_offer(self) -> list[str]:
        """Digests of the current editions, in order."""
        return list(self._current.values())

    def edition(self, digest: str) -> Edition:
        """Raises KeyError for an edition that was never published."""
        return self._editions[digest]
