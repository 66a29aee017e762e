"""Statements of the hot path: built and compiled once, then handed to the driver as they are.

Executing a SQLAlchemy Core statement costs 50 to 100 µs of CPU time each time, most of it spent on
finding out again what it is; the driver itself takes five. The statement is still written in Core, once,
for every database. What is given up: results are plain tuples, and column types do not convert.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from importlib import import_module
from typing import Any

from sqlalchemy import ClauseElement, Connection, Table, bindparam, insert

Values = Mapping[str, Any]


def run(connection: Connection, sql: str) -> None:
    """Execute a bare statement."""
    cursor = connection.connection.cursor()
    cursor.execute(sql)
    cursor.close()


class Prepared:
    """``rows = prepared(connection, {"name": value})``; values are named by bind parameters."""

    def __init__(self, statement: ClauseElement | Callable[[str], ClauseElement]) -> None:
        """A statement, or what builds it for a dialect's name where SQL is spelt differently."""
        self._statement = statement
        self._compiled: dict[str, tuple[str, list[str] | None]] = {}

    def __call__(self, connection: Connection, values: Values) -> list[tuple[Any, ...]]:
        sql, order = self._compiled.get(connection.dialect.name) or self._compile(connection)
        given: Any
        if order is None:
            given = {name: _plain(value) for name, value in values.items()}
        else:
            given = [_plain(values[name]) for name in order]
        cursor = connection.connection.cursor()
        cursor.execute(sql, given)
        rows: list[tuple[Any, ...]] = list(cursor.fetchall()) if cursor.description else []
        cursor.close()
        return rows

    def _compile(self, connection: Connection) -> tuple[str, list[str] | None]:
        """The SQL text, and the order of its parameters where the driver counts them."""
        dialect, made = connection.dialect, self._statement
        statement = made if isinstance(made, ClauseElement) else made(dialect.name)
        compiled: Any = statement.compile(dialect=dialect)
        order = list(compiled.positiontup) if compiled.positional else None
        self._compiled[dialect.name] = str(compiled), order
        return self._compiled[dialect.name]


def _plain(value: Any) -> Any:
    """A time as the tables keep it: see ``storage.tables.Moment``."""
    return int(value.timestamp()) if isinstance(value, datetime) else value


def upsert(
    table: Table, *columns: str, key: tuple[str, ...], changed: tuple[str, ...] = ()
) -> Prepared:
    """Insert a row with these columns, or change the one with that key: all of it, or ``changed``."""
    names = changed or tuple(name for name in columns if name not in key)

    def built(dialect: str) -> ClauseElement:
        statement = _insert(dialect, table)
        made: ClauseElement = statement.values(_binds(columns)).on_conflict_do_update(
            index_elements=list(key), set_={name: statement.excluded[name] for name in names}
        )
        return made

    return Prepared(built)


def insert_new(table: Table, *columns: str) -> Prepared:
    """Insert a row unless its key is there already; a row comes back if it was new."""

    def built(dialect: str) -> ClauseElement:
        made: ClauseElement = (
            _insert(dialect, table)
            .values(_binds(columns))
            .on_conflict_do_nothing()
            .returning(*table.primary_key)
        )
        return made

    return Prepared(built)


def inserted_id(connection: Connection, table: Table, values: Values) -> int:
    """Insert a row that the database numbers; its number. Not for the hot path."""
    key = connection.execute(insert(table), values).inserted_primary_key
    assert key is not None  # noqa: S101 - every table that is numbered tells its number
    return int(key[0])


def _insert(dialect: str, table: Table) -> Any:
    """Only the dialect in use is imported: the others' drivers cost a tenth of a second."""
    return import_module(f"sqlalchemy.dialects.{dialect}").insert(table)


def _binds(columns: tuple[str, ...]) -> dict[str, Any]:
    return {name: bindparam(name) for name in columns}
