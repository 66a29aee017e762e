"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

Key = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "respondents",
        sa.Column("id", Key, primary_key=True),
        sa.Column("consent", sa.Integer, nullable=False),
        sa.Column("agreed_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "conversations",
        sa.Column("id", Key, primary_key=True),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("respondent_id", Key, sa.ForeignKey("respondents.id", ondelete="CASCADE")),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("touched_at", sa.BigInteger, nullable=False),
        sa.Column("blocked_at", sa.BigInteger),
        sa.UniqueConstraint("channel", "address"),
    )
    op.create_index(None, "conversations", ["respondent_id"])
    op.create_table(
        "updates",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("received_at", sa.BigInteger, nullable=False),
    )
    op.create_index(None, "updates", ["received_at"])
    op.create_table(
        "editions",
        sa.Column("id", Key, primary_key=True),
        sa.Column("instrument", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("compiled", sa.LargeBinary, nullable=False),
        sa.Column("published_at", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("digest"),
        sa.UniqueConstraint("instrument", "number"),
    )
    op.create_table(
        "current_editions",
        sa.Column("instrument", sa.Text, primary_key=True),
        sa.Column("edition_id", Key, sa.ForeignKey("editions.id"), nullable=False),
        sa.Column("sources", sa.Text, nullable=False),
    )
    _create_assessments()


def _create_assessments() -> None:
    op.create_table(
        "assessments",
        sa.Column("id", Key, primary_key=True),
        sa.Column(
            "respondent_id",
            Key,
            sa.ForeignKey("respondents.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("instrument", sa.Text, nullable=False),
        sa.Column("edition_id", Key, sa.ForeignKey("editions.id"), nullable=False),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("touched_at", sa.BigInteger, nullable=False),
        sa.Column("finished_at", sa.BigInteger),
        sa.UniqueConstraint("respondent_id", "code"),
    )
    op.create_table(
        "answers",
        sa.Column(
            "assessment_id",
            Key,
            sa.ForeignKey("assessments.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("statement", sa.Text, primary_key=True),
        sa.Column("option", sa.Text),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("edition_id", Key, sa.ForeignKey("editions.id"), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("answered_at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    for table in (
        "answers",
        "assessments",
        "current_editions",
        "editions",
        "updates",
        "conversations",
        "respondents",
    ):
        op.drop_table(table)
