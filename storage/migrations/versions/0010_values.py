"""An answer is a value: an option, a number, a text, or what is ticked.

It follows whatever was newest on merging; the numbers between are free.
"""

from alembic import op

revision = "0010"
down_revision = "0002"


def upgrade() -> None:
    op.execute("ALTER TABLE answers RENAME COLUMN option TO value")


def downgrade() -> None:
    op.execute("ALTER TABLE answers RENAME COLUMN value TO option")
