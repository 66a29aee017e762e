"""Options of the test run, and the fixtures that every test may ask for."""

import pytest

from tests.databases import database, empty_database, postgresql_url

__all__ = ["database", "empty_database", "postgresql_url"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-transcripts",
        action="store_true",
        help="write what the conversations say now into tests/transcripts",
    )
