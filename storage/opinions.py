"""What readers think of texts: a verdict a person, text and edition, with a sealed sentence where one was
written."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, insert, literal, select, update

from dialogs.types import Judged
from storage.keys import keys_of, opinion_place
from storage.tables import editions, opinions

SENTENCES = 50
"""Of a text in a language, the newest sentences that are shown."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What all readers of a text in a language think of it. ``counts`` by verdict; ``sentences`` with
    their verdict, the newest first, and nothing of who wrote them."""

    number: int
    key: str
    language: str
    counts: dict[str, int]
    sentences: tuple[tuple[str, str], ...]


def keep(connection: Connection, respondent: int, judged: Judged, now: datetime) -> None:
    """It takes the place of what the same person thought before. Without a sentence of its own, it leaves
    the earlier one where the verdict is the same."""
    edition = connection.scalar(select(editions.c.id).where(editions.c.digest == judged.edition))
    assert edition is not None  # noqa: S101 - an assessment's edition is stored
    place = opinion_place(respondent, edition, judged.key)
    sentence = keys_of(connection).seal(judged.sentence, place) if judged.sentence else ""
    named = (
        opinions.c.respondent_id == respondent,
        opinions.c.edition_id == edition,
        opinions.c.key == judged.key,
    )
    values: dict[str, Any] = {
        "language": judged.language,
        "verdict": judged.verdict,
        "given_at": now,
    }
    same = opinions.c.verdict == judged.verdict
    left: Any = sentence or case((same, opinions.c.sentence), else_=literal(""))
    # The conversation is locked for as long as this takes: nobody inserts in between.
    changed = connection.execute(update(opinions).where(*named).values(sentence=left, **values))
    if not changed.rowcount:
        whose = {"respondent_id": respondent, "edition_id": edition, "key": judged.key}
        connection.execute(insert(opinions), whose | values | {"sentence": sentence})


def opened(connection: Connection, row: Any) -> str:
    """The sentence of a row of ``opinions``. Raises WrongKey."""
    place = opinion_place(row["respondent_id"], row["edition_id"], row["key"])
    return keys_of(connection).open(row["sentence"], place) if row["sentence"] else ""


def feedback(connection: Connection, instrument: str) -> list[Feedback]:
    """By text and language, those of the newest edition first. Raises WrongKey."""
    query = (
        select(opinions, editions.c.number)
        .join(editions, editions.c.id == opinions.c.edition_id)
        .where(editions.c.instrument == instrument)
        .order_by(editions.c.number.desc(), opinions.c.key, opinions.c.language)
        .order_by(opinions.c.given_at.desc(), opinions.c.id.desc())
    )
    groups: dict[tuple[int, str, str], list[Any]] = {}
    for row in connection.execute(query).mappings():
        groups.setdefault((row["number"], row["key"], row["language"]), []).append(row)
    return [_told(connection, *about, rows) for about, rows in groups.items()]


def _told(
    connection: Connection, number: int, key: str, language: str, rows: list[Any]
) -> Feedback:
    counts = Counter(row["verdict"] for row in rows)
    written = [row for row in rows if row["sentence"]][:SENTENCES]
    sentences = tuple((row["verdict"], opened(connection, row)) for row in written)
    return Feedback(number, key, language, dict(sorted(counts.items())), sentences)
