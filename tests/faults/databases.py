"""The databases that programs are killed over."""

from pathlib import Path

import pytest

from tests.test_data_rights import reset


def emptied(request: pytest.FixtureRequest, folder: Path, database: str) -> str:
    """The address of a database of that kind in which nothing is kept: SQLite in the folder as it is, or
    the tests' PostgreSQL."""
    if database == "sqlite":
        return f"sqlite:///{folder / 'merilo.db'}"
    address: str = request.getfixturevalue("postgresql_url")
    reset(address)
    return address
