"""Plan and due: the steps of a person's plan, and what is to be sent later."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

Key = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "plan_steps",
        sa.Column("id", Key, primary_key=True),
        _respondent(),
        *_texts("code", "instrument", "assessment", "statement", "tip"),
        *_texts("text", "note", "due_on", "standing"),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("respondent_id", "code"),
    )
    op.create_table(
        "due",
        sa.Column("id", Key, primary_key=True),
        _respondent(),
        *_texts("kind", "subject"),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        *_texts("payload"),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("claimed_until", sa.BigInteger),
        sa.Column("done_at", sa.BigInteger),
        sa.UniqueConstraint("respondent_id", "kind", "subject"),
    )
    op.create_index(None, "due", ["done_at", "due_at"])
    op.create_index(None, "due", ["claimed_until"])


def downgrade() -> None:
    op.drop_table("due")
    op.drop_table("plan_steps")


def _respondent() -> sa.Column[int]:
    person = sa.ForeignKey("respondents.id", ondelete="CASCADE")
    return sa.Column("respondent_id", Key, person, nullable=False)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]
