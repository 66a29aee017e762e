"""An answer is a value: an option, a number, a text, or what is ticked.

Numbers from 0002 on belong to another branch: on merging, ``down_revision`` becomes its newest one.
"""

from alembic import op

revision = "0010"
down_revision = "0001"


def upgrade() -> None:
    op.execute("ALTER TABLE answers RENAME COLUMN option TO value")


def downgrade() -> None:
    op.execute("ALTER TABLE answers RENAME COLUMN value TO option")
