"""What readers think of texts, and announcements to those who want to hear of news."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

Key = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    person = sa.ForeignKey("respondents.id", ondelete="CASCADE")
    op.create_table(
        "opinions",
        sa.Column("id", Key, primary_key=True),
        sa.Column("respondent_id", Key, person, nullable=False),
        sa.Column("edition_id", Key, sa.ForeignKey("editions.id"), nullable=False),
        *_texts("key", "language", "verdict", "sentence"),
        sa.Column("given_at", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("respondent_id", "edition_id", "key"),
    )
    op.create_index(None, "opinions", ["edition_id"])
    op.create_table(
        "announcements",
        sa.Column("id", Key, primary_key=True),
        sa.Column("edition_id", Key, sa.ForeignKey("editions.id"), nullable=False, unique=True),
        *_texts("texts"),
        sa.Column("begun_at", sa.BigInteger),
        sa.Column("reached", Key, nullable=False),
        sa.Column("all_made", sa.Integer, nullable=False),
        sa.Column("stopped_at", sa.BigInteger),
    )
    op.add_column("due", sa.Column("outcome", sa.Text, nullable=False, server_default=""))
    op.create_index(None, "due", ["kind", "subject"])
    op.create_index(None, "due", ["done_at", "due_at", "id"])
    op.drop_index("ix_due_done_at_due_at", "due")


def downgrade() -> None:
    op.create_index(None, "due", ["done_at", "due_at"])
    op.drop_index("ix_due_done_at_due_at_id", "due")
    op.drop_index("ix_due_kind_subject", "due")
    op.drop_column("due", "outcome")
    op.drop_table("announcements")
    op.drop_table("opinions")


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]
