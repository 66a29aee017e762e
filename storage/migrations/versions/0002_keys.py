"""Notes and addresses under a key that is not in the database; marks by which an erasure is repeated."""

import secrets

import sqlalchemy as sa
from alembic import op

from storage.keys import address_place, keys_of, note_place

revision = "0002"
down_revision = "0001"

conversations = sa.table(
    "conversations",
    *(sa.column(name) for name in ("id", "channel", "address", "sealed_address")),
)
respondents = sa.table("respondents", sa.column("id"), sa.column("mark"))
answers = sa.table("answers", *(sa.column(name) for name in ("assessment_id", "statement", "note")))


def upgrade() -> None:
    for table, column in (("conversations", "sealed_address"), ("respondents", "mark")):
        op.add_column(table, sa.Column(column, sa.Text, nullable=False, server_default=""))
    op.create_table(
        "erasures",
        sa.Column("mark", sa.Text, primary_key=True),
        sa.Column("erased_at", sa.BigInteger, nullable=False),
    )
    _change_addresses(_sealed)
    _change_notes(_seal_note)
    _mark_respondents()


def downgrade() -> None:
    _change_addresses(_opened)
    _change_notes(_open_note)
    op.drop_table("erasures")
    op.drop_column("respondents", "mark")
    op.drop_column("conversations", "sealed_address")


def _change_addresses(changed) -> None:  # type: ignore[no-untyped-def]
    connection = op.get_bind()
    for row in connection.execute(sa.select(conversations)).all():
        connection.execute(
            conversations.update()
            .where(conversations.c.id == row.id)
            .values(changed(keys_of(connection), row))
        )


def _sealed(keys, row):  # type: ignore[no-untyped-def]
    name = keys.pseudonym(row.channel, row.address)
    return {"address": name, "sealed_address": keys.seal(row.address, address_place(name))}


def _opened(keys, row):  # type: ignore[no-untyped-def]
    return {"address": keys.open(row.sealed_address, address_place(row.address))}


def _change_notes(changed) -> None:  # type: ignore[no-untyped-def]
    connection = op.get_bind()
    for row in connection.execute(sa.select(answers).where(answers.c.note != "")).all():
        place = note_place(row.assessment_id, row.statement)
        connection.execute(
            answers.update()
            .where(
                answers.c.assessment_id == row.assessment_id, answers.c.statement == row.statement
            )
            .values(note=changed(keys_of(connection), row.note, place))
        )


def _seal_note(keys, note, place):  # type: ignore[no-untyped-def]
    return keys.seal(note, place)


def _open_note(keys, note, place):  # type: ignore[no-untyped-def]
    return keys.open(note, place)


def _mark_respondents() -> None:
    connection = op.get_bind()
    for (id_,) in connection.execute(sa.select(respondents.c.id)).all():
        marked = respondents.update().where(respondents.c.id == id_)
        connection.execute(marked.values(mark=secrets.token_hex(16)))
