"""The tables. Times are whole seconds since 1970 in UTC: the same in every database.

A respondent is a person who agreed to something being kept. Answers belong to an assessment and a
statement id, so that next year's pass is a new assessment, and a team is a table that points at
assessments: no answer ever moves.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept as seconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> int | None:
        return None if value is None else int(value.timestamp())

    def process_result_value(self, value: int | None, _: Dialect) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value, UTC)


Key = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only where the type is INTEGER to the letter."""

respondents = Table(
    "respondents",
    metadata,
    Column("id", Key, primary_key=True),
    Column("consent", Integer, nullable=False),
    Column("agreed_at", Moment, nullable=False),
    # A random word: what an erasure is remembered by, so that it can be repeated in an older backup.
    Column("mark", Text, nullable=False, server_default=""),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", Key, primary_key=True),
    Column("channel", Text, nullable=False),
    # A pseudonym, and what it stands for, sealed: both under a key outside the database.
    Column("address", Text, nullable=False),
    Column("sealed_address", Text, nullable=False, server_default=""),
    Column("respondent_id", Key, ForeignKey("respondents.id", ondelete="CASCADE")),
    Column("state", Text, nullable=False),
    Column("touched_at", Moment, nullable=False),
    # Set while the person has blocked us: nothing is sent until they write again.
    Column("blocked_at", Moment),
    UniqueConstraint("channel", "address"),
    Index(None, "respondent_id"),
)

# Who was erased, by mark. Kept for good: it tells nothing, and any backup may come back.
erasures = Table(
    "erasures",
    metadata,
    Column("mark", Text, primary_key=True),
    Column("erased_at", Moment, nullable=False),
)

# What was received, so that an update delivered again changes nothing. Kept for two days.
updates = Table(
    "updates",
    metadata,
    Column("key", Text, primary_key=True),
    Column("received_at", Moment, nullable=False),
    Index(None, "received_at"),
)

# Published content. Rows are never changed or deleted.
editions = Table(
    "editions",
    metadata,
    Column("id", Key, primary_key=True),
    Column("instrument", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("digest", Text, nullable=False, unique=True),
    Column("compiled", LargeBinary, nullable=False),
    Column("published_at", Moment, nullable=False),
    UniqueConstraint("instrument", "number"),
)

# Which edition a new assessment starts with.
current_editions = Table(
    "current_editions",
    metadata,
    Column("instrument", Text, primary_key=True),
    Column("edition_id", Key, ForeignKey("editions.id"), nullable=False),
)

# Which edition Merilo itself ships. ``sources`` is the digest of the files that it was compiled from, so that
# a start need not compile what has not changed. Where the current edition is another, an admin chose it.
shipped_editions = Table(
    "shipped_editions",
    metadata,
    Column("instrument", Text, primary_key=True),
    Column("edition_id", Key, ForeignKey("editions.id"), nullable=False),
    Column("sources", Text, nullable=False),
)

# The files that an edition was compiled from, as a zip: authors' remarks are in them only.
edition_sources = Table(
    "edition_sources",
    metadata,
    Column("edition_id", Key, ForeignKey("editions.id"), primary_key=True, autoincrement=False),
    Column("package", LargeBinary, nullable=False),
)

# What an admin has handed in and not published yet. ``base`` is the digest of the edition that was current
# then, ``compiled`` is empty where the report names problems. Kept for a week.
drafts = Table(
    "drafts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("instrument", Text, nullable=False),
    Column("base", Text, nullable=False),
    Column("package", LargeBinary, nullable=False),
    Column("compiled", LargeBinary, nullable=False),
    Column("report", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    # The edition that it became; empty until it is published.
    Column("edition_id", Key, ForeignKey("editions.id")),
    Index(None, "made_at"),
)

# Everything that an admin does. Triggers see to it that rows are only ever added.
content_log = Table(
    "content_log",
    metadata,
    Column("id", Key, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("instrument", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("why", Text, nullable=False),
    Index(None, "instrument"),
)

# Who may use the API. A token itself is never kept: ``hash`` is its SHA-256.
api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Key, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("hash", Text, nullable=False, unique=True),
    Column("scopes", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
)

# What a request with an Idempotency-Key was answered, so that the same again changes nothing. Kept for a day.
idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("token_id", Key, ForeignKey("api_tokens.id"), primary_key=True, autoincrement=False),
    Column("key", Text, primary_key=True),
    Column("request", Text, nullable=False),
    # 0 while the request is being worked on.
    Column("status", Integer, nullable=False),
    Column("response", Text, nullable=False),
    Column("received_at", Moment, nullable=False),
    Index(None, "received_at"),
)

assessments = Table(
    "assessments",
    metadata,
    Column("id", Key, primary_key=True),
    Column("respondent_id", Key, ForeignKey("respondents.id", ondelete="CASCADE"), nullable=False),
    Column("code", Text, nullable=False),
    Column("instrument", Text, nullable=False),
    Column("edition_id", Key, ForeignKey("editions.id"), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("touched_at", Moment, nullable=False),
    Column("finished_at", Moment),
    # The code of the assessment whose answers are offered again, where somebody chose so.
    Column("earlier", Text),
    UniqueConstraint("respondent_id", "code"),
)

# ``value`` is empty where there is only a note. A note is sealed, and a value that is the person's own words
# (storage/sealing.py). Edition, revision and language say what was read.
answers = Table(
    "answers",
    metadata,
    Column(
        "assessment_id",
        Key,
        ForeignKey("assessments.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("statement", Text, primary_key=True),
    Column("value", Text),
    Column("note", Text, nullable=False),
    Column("edition_id", Key, ForeignKey("editions.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("language", Text, nullable=False),
    Column("answered_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

# Steps of a person's plan. They outlive the assessment that they came from. ``text`` and ``note`` are
# sealed; ``due_on`` is a day by ISO 8601, empty where there is none.
plan_steps = Table(
    "plan_steps",
    metadata,
    Column("id", Key, primary_key=True),
    Column("respondent_id", Key, ForeignKey("respondents.id", ondelete="CASCADE"), nullable=False),
    Column("code", Text, nullable=False),
    Column("instrument", Text, nullable=False),
    Column("assessment", Text, nullable=False),
    Column("statement", Text, nullable=False),
    Column("tip", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("due_on", Text, nullable=False),
    Column("standing", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    UniqueConstraint("respondent_id", "code"),
)

# What a person thinks of a text of an edition: one verdict a text. ``sentence`` is sealed; empty where none
# was written. ``language`` is the one that it was read in.
opinions = Table(
    "opinions",
    metadata,
    Column("id", Key, primary_key=True),
    Column("respondent_id", Key, ForeignKey("respondents.id", ondelete="CASCADE"), nullable=False),
    Column("edition_id", Key, ForeignKey("editions.id"), nullable=False),
    Column("key", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("sentence", Text, nullable=False),
    Column("given_at", Moment, nullable=False),
    UniqueConstraint("respondent_id", "edition_id", "key"),
    Index(None, "edition_id"),
)

# News of an edition for those who want it: see ``storage.announcements``. ``texts`` is JSON by language.
# ``reached`` is the last conversation for which a row of ``due`` was made, where ``all_made`` is 0.
announcements = Table(
    "announcements",
    metadata,
    Column("id", Key, primary_key=True),
    Column("edition_id", Key, ForeignKey("editions.id"), nullable=False, unique=True),
    Column("texts", Text, nullable=False),
    # Empty while it is being written.
    Column("begun_at", Moment),
    Column("reached", Key, nullable=False),
    Column("all_made", Integer, nullable=False),
    Column("stopped_at", Moment),
)

# What is to be sent later, once: see ``storage.due``. While it is being sent, ``claimed_until`` keeps
# other replicas from it; ``attempts`` counts how often it was tried. ``outcome`` is empty until it is done:
# sent, needless or lost.
due = Table(
    "due",
    metadata,
    Column("id", Key, primary_key=True),
    Column("respondent_id", Key, ForeignKey("respondents.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("payload", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("claimed_until", Moment),
    Column("done_at", Moment),
    Column("outcome", Text, nullable=False, server_default=""),
    UniqueConstraint("respondent_id", "kind", "subject"),
    Index(None, "kind", "subject"),
    # With the id: ten thousand rows of an announcement have one time, and the next is wanted at once.
    Index(None, "done_at", "due_at", "id"),
    Index(None, "claimed_until"),
)
