"""A table to which rows are only ever added: the database itself refuses to change or delete one.

It guards against faults of ours and a careless hand, not against who rules the database.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

CHANGES = ("UPDATE", "DELETE")


def protect(connection: Connection, table: str) -> None:
    """From now on, rows of that table stay as they are."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(_REFUSE))
    for change in CHANGES:
        connection.execute(text(_trigger(connection.dialect.name, table, change)))


def unprotect(connection: Connection, table: str) -> None:
    on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
    for change in CHANGES:
        connection.execute(text(f"DROP TRIGGER {_name(table, change)}{on}"))


@contextmanager
def replaced(connection: Connection, table: str) -> Iterator[None]:
    """Inside, the table may be emptied, as when a whole database is put in the place of another."""
    unprotect(connection, table)
    yield
    protect(connection, table)


_REFUSE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""


def _trigger(dialect: str, table: str, change: str) -> str:
    begin = f"CREATE TRIGGER {_name(table, change)} BEFORE {change} ON {table} FOR EACH ROW"
    if dialect == "postgresql":
        return f"{begin} EXECUTE FUNCTION refuse_change()"
    return f"{begin} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"


def _name(table: str, change: str) -> str:
    return f"{table}_refuses_{change.lower()}"
