"""How much a test of faults does, and what it measured.

Each has a short size, for every run of the suite, and the full one of the promise. ``MERILO_TEST_FAULTS=full``
chooses the full ones (``make faults``); ``MERILO_TEST_<NAME>`` sets one of them, such as
``MERILO_TEST_KILLS=20``. What was measured is printed as a table at the end of the run.
"""

import os
from collections.abc import Callable

import pytest

FIGURE = "figure"

IS_FULL = os.environ.get("MERILO_TEST_FAULTS") == "full"

Figure = Callable[[str, str], None]
"""``figure(what, measured)``: a row of the table."""


def size(name: str, short: int, full: int) -> int:
    """How many of ``name`` in this run."""
    return int(os.environ.get(f"MERILO_TEST_{name.upper()}", full if IS_FULL else short))


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Figure:
    """Keeps what was measured, until the whole run is over."""
    return lambda what, measured: record_property(FIGURE, f"| {what} | {measured} |")
