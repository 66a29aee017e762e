"""An answer is a value: an option, a number, a text, or what is ticked."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("ALTER TABLE answers RENAME COLUMN option TO value")


def downgrade() -> None:
    op.execute("ALTER TABLE answers RENAME COLUMN value TO option")
