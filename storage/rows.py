"""Three ways to insert, two of which SQL spells differently from database to database."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, insert
from sqlalchemy.dialects import postgresql, sqlite

Values = Mapping[str, Any]


def upsert(connection: Connection, table: Table, values: Values, *, key: list[str]) -> None:
    """Insert the row, or replace the one with that key."""
    statement = _insert(connection, table)
    changed = {name: statement.excluded[name] for name in values if name not in key}
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=changed), values)


def insert_new(connection: Connection, table: Table, values: Values) -> bool:
    """Insert the row unless its key is there already; whether it was new."""
    statement = _insert(connection, table).on_conflict_do_nothing()
    made = statement.returning(*table.primary_key)
    return connection.execute(made, values).first() is not None


def inserted_id(connection: Connection, table: Table, values: Values) -> int:
    """Insert a row that the database numbers; its number."""
    key = connection.execute(insert(table), values).inserted_primary_key
    assert key is not None  # noqa: S101 - every table that is numbered tells its number
    return int(key[0])


def _insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    return (
        postgresql.insert(table)
        if connection.dialect.name == "postgresql"
        else sqlite.insert(table)
    )
