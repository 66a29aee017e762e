"""Texts that people wrote are sealed; an assessment knows whose answers it offers again."""

import json

import sqlalchemy as sa
from alembic import op

from storage.keys import keys_of
from storage.sealing import open_value, seal_value

revision = "0006"
down_revision = "0005"

editions = sa.table("editions", sa.column("id"), sa.column("compiled", sa.LargeBinary))
answers = sa.table(
    "answers",
    *(sa.column(name) for name in ("assessment_id", "statement", "value", "edition_id")),
)


def upgrade() -> None:
    op.add_column("assessments", sa.Column("earlier", sa.Text))
    _change_texts(seal_value)


def downgrade() -> None:
    _change_texts(open_value)
    op.drop_column("assessments", "earlier")


def _change_texts(changed) -> None:  # type: ignore[no-untyped-def]
    connection = op.get_bind()
    keys, own = keys_of(connection), answers.c
    for edition in connection.execute(sa.select(editions)).all():
        of_texts = (
            own.edition_id == edition.id,
            own.statement.in_(_texts(edition.compiled)),
            own.value.is_not(None),
        )
        for row in connection.execute(sa.select(answers).where(*of_texts)).all():
            place = row.assessment_id, row.statement
            connection.execute(
                answers.update()
                .where(own.assessment_id == place[0], own.statement == place[1])
                .values(value=changed(keys, row.value, *place))
            )


def _texts(compiled: bytes) -> list[str]:
    """The statements of an edition that are answered in own words."""
    sections = json.loads(compiled)["sections"]
    return [s["id"] for each in sections for s in each["statements"] if s.get("kind") == "text"]
