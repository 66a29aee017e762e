"""What may go wrong with a call: refusals, lost connections, slowness.

Which fault meets which call is planned: a queue for each method, and a probability for all. The
constructors below make the faults; `None` in a plan lets one call pass.
"""

import random
from collections import defaultdict, deque
from collections.abc import Collection
from dataclasses import dataclass

from . import errors
from .errors import ApiError

EVERY_METHOD = "*"


@dataclass(frozen=True)
class Fault:
    """What happens to one call. With `is_after` the call has had its effect all the same."""

    error: ApiError | None = None
    is_cut: bool = False
    is_after: bool = False
    seconds: float = 0.0


def too_many_requests(retry_after: int = 1) -> Fault:
    """429, to be repeated after so many seconds; nothing was done."""
    return Fault(errors.too_many_requests(retry_after))


def server_error(code: int = 500, *, after: bool = False) -> Fault:
    """500 or 502, before or after the effect."""
    names = {500: "Internal Server Error", 502: "Bad Gateway", 504: "Gateway Timeout"}
    return Fault(ApiError(code, names.get(code, "Internal Server Error")), is_after=after)


def cut_before() -> Fault:
    """The connection breaks, and nothing was done."""
    return Fault(is_cut=True)


def cut_after() -> Fault:
    """The connection breaks, and the call has had its effect."""
    return Fault(is_cut=True, is_after=True)


def delay(seconds: float) -> Fault:
    """The call is carried out, late."""
    return Fault(seconds=seconds)


class Faults:
    """The plan of what goes wrong."""

    def __init__(self, randomness: random.Random) -> None:
        self._randomness = randomness
        self._planned: defaultdict[str, deque[Fault | None]] = defaultdict(deque)
        self._probability = 0.0
        self._possible: tuple[Fault, ...] = ()
        self._methods: Collection[str] = ()

    def next(self, method: str, *faults: Fault | None, times: int = 1) -> None:
        """The next calls of a method (or of `EVERY_METHOD`) meet these faults, in this order."""
        self._planned[method].extend(faults * times)

    def randomly(self, probability: float, *faults: Fault, methods: Collection[str] = ()) -> None:
        """Each call, or each one of `methods`, meets one of the faults with this probability."""
        self._probability, self._possible, self._methods = probability, faults, methods

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._planned.clear()
        self._probability = 0.0

    @property
    def remaining(self) -> int:
        """How many planned faults have not met their call yet."""
        return sum(len(queue) for queue in self._planned.values())

    def take(self, method: str) -> Fault | None:
        """The fault that the present call meets."""
        if not self._planned and not self._probability:
            return None
        for name in (method, EVERY_METHOD):
            if self._planned.get(name):
                return self._planned[name].popleft()
        return self._by_chance(method)

    def _by_chance(self, method: str) -> Fault | None:
        if self._methods and method not in self._methods:
            return None
        if self._randomness.random() >= self._probability:
            return None
        return self._randomness.choice(self._possible)
