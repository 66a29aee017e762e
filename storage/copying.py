"""A whole database into another, whatever kinds the two are; verified row by row afterwards."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, Engine, Integer, Table, func, insert, select, text

from storage.append_only import replaced
from storage.tables import content_log, metadata

BATCH = 1000

Told = Callable[[str, int, int], None]
"""Is told the table, how many of its rows are done, and of how many."""


class CannotCopy(Exception):
    """The target holds something already, or does not hold afterwards what the source held."""


def copy(source: Engine, target: Engine, told: Told, *, replace: bool = False) -> dict[str, int]:
    """Rows by table. All of it or nothing: the target is written in one transaction.

    Both are migrated. People who are in the target already are an obstacle, unless it is to be replaced;
    what a first start has published there is none. Raises CannotCopy.
    """
    with source.connect() as old, target.begin() as new:
        if old.dialect.name == "postgresql":
            old.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        _empty(new, replace=replace)
        counts = {t.name: _copy_table(old, new, t, told) for t in metadata.sorted_tables}
        for table in metadata.sorted_tables:
            if digest(old, table) != digest(new, table):
                raise CannotCopy(f"{table.name}: the copy differs from what was read")
            _go_on_counting(new, table)
        return counts


def digest(connection: Connection, table: Table) -> str:
    """Of every row in the order of its key: equal in two databases that hold the same."""
    total = hashlib.sha256()
    for row in connection.execute(select(table).order_by(*table.primary_key)):
        total.update(repr(tuple(row)).encode())
    return total.hexdigest()


def _empty(new: Connection, *, replace: bool) -> None:
    people = metadata.tables["respondents"]
    if not replace and new.scalar(select(func.count()).select_from(people)):
        raise CannotCopy("the target already holds people: empty it, or name another one")
    with replaced(new, content_log.name):
        for table in reversed(metadata.sorted_tables):
            new.execute(table.delete())


def _copy_table(old: Connection, new: Connection, table: Table, told: Told) -> int:
    whole = old.scalar(select(func.count()).select_from(table)) or 0
    done = 0
    for rows in _batches(old, table):
        new.execute(insert(table), rows)
        done += len(rows)
        told(table.name, done, whole)
    return done


def _batches(old: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    result = old.execute(select(table).order_by(*table.primary_key))
    for rows in result.mappings().partitions(BATCH):
        yield [dict(row) for row in rows]


def _go_on_counting(new: Connection, table: Table) -> None:
    """PostgreSQL numbers rows by a sequence, which inserting numbered rows does not move."""
    [first, *others] = table.primary_key.columns
    numbered = isinstance(first.type, Integer) and not others and first.autoincrement is not False
    if new.dialect.name == "postgresql" and numbered:
        new.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', '{first.name}'), "  # noqa: S608
                f"(SELECT coalesce(max({first.name}), 0) + 1 FROM {table.name}), false)"
            )
        )
