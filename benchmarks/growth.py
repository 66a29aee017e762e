"""A database of Merilo filled with finished assessments, quickly: SQLite makes the rows by itself."""

import json
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from benchmarks.peers.questions import Questions
from benchmarks.process import database_in

FIRST = 5_000_000_000
"""The first id, of respondents, chats and assessments alike: the real ones must not meet them."""
CHUNK = 20_000
"""Assessments in a transaction."""

NUMBERS = """
    CREATE TEMP TABLE numbers AS
    WITH RECURSIVE counted(id) AS (
        SELECT :first UNION ALL SELECT id + 1 FROM counted WHERE id + 1 < :first + :count
    )
    SELECT id FROM counted
"""
ROWS = (
    "INSERT INTO respondents (id, consent, agreed_at) SELECT id, 1, :now FROM numbers",
    """
    INSERT INTO conversations (
        id, channel, address, sealed_address, respondent_id, state, touched_at
    )
    SELECT id, 'telegram', CAST(id AS TEXT), '', id, '{"language": "en"}', :now FROM numbers
    """,
    """
    INSERT INTO assessments (
        id, respondent_id, code, instrument, edition_id, started_at, touched_at, finished_at
    )
    SELECT id, id, 'filled', 'occay', (SELECT min(id) FROM editions), :now, :now, :now
    FROM numbers
    """,
    """
    INSERT INTO answers (
        assessment_id, statement, value, note, edition_id, revision, language, answered_at
    )
    SELECT
        numbers.id, statement.value, json_extract(:options, '$[' || (numbers.id % 4) || ']'), '',
        (SELECT min(id) FROM editions), 1, 'en', :now
    FROM numbers, json_each(:statements) AS statement
    """,
)


def fill(folder: Path, count: int, questions: Questions) -> None:
    """Merilo must have started there before: tables and edition are there."""
    values: dict[str, int | str] = {
        "now": int(time.time()),
        "statements": json.dumps(sorted(question.id for question in questions.asked)),
        "options": json.dumps([option for option, _ in questions.options]),
    }
    with closing(sqlite3.connect(database_in(folder))) as database:
        database.execute("PRAGMA synchronous=OFF")
        for first in range(0, count, CHUNK):
            chunk: dict[str, int | str] = {
                "first": FIRST + first,
                "count": min(CHUNK, count - first),
            }
            _add(database, ["DROP TABLE IF EXISTS temp.numbers", NUMBERS, *ROWS], values | chunk)
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def stored(folder: Path) -> int:
    """How many assessments there are."""
    with closing(sqlite3.connect(database_in(folder))) as database:
        [count] = database.execute("SELECT count(*) FROM assessments").fetchone()
    return int(count)


def _add(
    database: sqlite3.Connection, statements: Sequence[str], values: dict[str, int | str]
) -> None:
    with database:
        for sql in statements:
            database.execute(sql, values)
