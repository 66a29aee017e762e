"""Options of the test run, the fixtures that every test may ask for, and the table of what was measured."""

import os
import platform
from datetime import UTC, datetime

import pytest

from tests.databases import database, empty_database, postgresql_url
from tests.sizes import FIGURE, figure

__all__ = ["database", "empty_database", "figure", "postgresql_url"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-transcripts",
        action="store_true",
        help="write what the conversations say now into tests/transcripts",
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures of this run, as docs/reliability.md shows them."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    rows = sorted({row for one in reports for name, row in one.user_properties if name == FIGURE})
    if rows:
        terminalreporter.section("measured")
        machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
        terminalreporter.line(f"{datetime.now(UTC):%Y-%m-%d}, {machine}\n")
        for row in ("| Fault | Measured |", "|---|---|", *rows):
            terminalreporter.line(str(row))
