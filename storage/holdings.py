"""All that is kept of one person, found by following what would go with them.

A table belongs to a person where deleting the person deletes its rows (ON DELETE CASCADE). So a table
that is added tomorrow is exported without anybody thinking of it, and a test sees to it that it is
erased too.
"""

from typing import Any

from sqlalchemy import Connection, Table, and_, select

from storage.conversations import opened
from storage.keys import keys_of, note_place
from storage.opinions import opened as opened_opinion
from storage.plan import opened as opened_step
from storage.sealing import open_value
from storage.tables import (
    answers,
    conversations,
    editions,
    metadata,
    opinions,
    plan_steps,
    respondents,
)

Row = dict[str, Any]
Holdings = dict[str, list[Row]]


def owners(table: Table) -> list[Any]:
    """The foreign keys by which rows of this table go with what they point at."""
    return [key for key in table.foreign_keys if key.ondelete == "CASCADE"]


def holdings(connection: Connection, respondent: int) -> Holdings:
    """Rows by table, readable: notes, texts and addresses opened, editions by their digest."""
    found: Holdings = {}
    for table in metadata.sorted_tables:
        if table is respondents:
            condition: Any = table.c.id == respondent
        elif owned := [key for key in owners(table) if key.column.table.name in found]:
            # By every owner at once: of a row that is shared, only what is this person's own.
            condition = and_(*(key.parent.in_(_ids(found, key)) for key in owned))
        else:
            continue
        rows = connection.execute(select(table).where(condition)).mappings()
        found[table.name] = [dict(row) for row in rows]
    _open(connection, found)
    return found


def _ids(found: Holdings, key: Any) -> list[Any]:
    return [row[key.column.name] for row in found[key.column.table.name]]


def _open(connection: Connection, found: Holdings) -> None:
    keys = keys_of(connection)
    for row in found[answers.name]:
        at = row["assessment_id"], row["statement"]
        row["note"] = keys.open(row["note"], note_place(*at)) if row["note"] else ""
        row["value"] = open_value(keys, row["value"], *at)
    for row in found[plan_steps.name]:
        row |= opened_step(connection, row)
    for row in found[opinions.name]:
        row["sentence"] = opened_opinion(connection, row)
    for row in found[conversations.name]:
        sealed = row.pop("sealed_address")
        row["address"] = opened(connection, row["channel"], row["address"], sealed).id
    named = connection.execute(select(editions.c.id, editions.c.digest))
    digests = {row.id: row.digest for row in named}
    for rows in found.values():
        for row in rows:
            if "edition_id" in row:
                row["edition"] = digests[row.pop("edition_id")]
