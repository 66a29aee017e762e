"""The content desk: editions as admins publish them, with their sources, drafts, a log, and API tokens."""

import sqlalchemy as sa
from alembic import op

from storage.append_only import protect

revision = "0005"
down_revision = "0004"

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TABLES = (
    "shipped_editions",
    "edition_sources",
    "drafts",
    "content_log",
    "idempotency_keys",
    "api_tokens",
)


def upgrade() -> None:
    _shipped()
    _sources_and_drafts()
    _log()
    _api()


def _shipped() -> None:
    """Until now, whatever was current was shipped."""
    op.create_table(
        "shipped_editions",
        sa.Column("instrument", sa.Text, primary_key=True),
        _edition(nullable=False),
        sa.Column("sources", sa.Text, nullable=False),
    )
    op.execute(
        "INSERT INTO shipped_editions (instrument, edition_id, sources) "
        "SELECT instrument, edition_id, sources FROM current_editions"
    )
    op.drop_column("current_editions", "sources")


def _sources_and_drafts() -> None:
    op.create_table(
        "edition_sources",
        _edition(primary_key=True, autoincrement=False),
        sa.Column("package", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "drafts",
        sa.Column("id", sa.Text, primary_key=True),
        *_texts("instrument", "base"),
        sa.Column("package", sa.LargeBinary, nullable=False),
        sa.Column("compiled", sa.LargeBinary, nullable=False),
        *_texts("report", "who"),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        _edition(),
        sa.Index("ix_drafts_made_at", "made_at"),
    )


def _log() -> None:
    op.create_table(
        "content_log",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        *_texts("who", "what", "instrument", "before", "after", "why"),
        sa.Index("ix_content_log_instrument", "instrument"),
    )
    protect(op.get_bind(), "content_log")


def _api() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("id", KEY, primary_key=True),
        *_texts("name", "hash", "scopes"),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("revoked_at", sa.BigInteger),
        sa.UniqueConstraint("name", name="uq_api_tokens_name"),
        sa.UniqueConstraint("hash", name="uq_api_tokens_hash"),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column(
            "token_id",
            KEY,
            sa.ForeignKey("api_tokens.id", name="fk_idempotency_keys_token_id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("key", sa.Text, primary_key=True),
        *_texts("request"),
        sa.Column("status", sa.Integer, nullable=False),
        *_texts("response"),
        sa.Column("received_at", sa.BigInteger, nullable=False),
        sa.Index("ix_idempotency_keys_received_at", "received_at"),
    )


def _edition(**options: bool) -> sa.Column[int]:
    return sa.Column("edition_id", KEY, sa.ForeignKey("editions.id"), **options)  # type: ignore[arg-type]


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def downgrade() -> None:
    op.add_column(
        "current_editions", sa.Column("sources", sa.Text, nullable=False, server_default="")
    )
    op.execute(
        "UPDATE current_editions SET sources = coalesce((SELECT sources FROM shipped_editions "
        "WHERE shipped_editions.instrument = current_editions.instrument "
        "AND shipped_editions.edition_id = current_editions.edition_id), '')"
    )
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
