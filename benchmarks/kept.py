"""What the database holds afterwards, against what was tapped."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.keyring import keys_at_hand
from bot.settings import Settings
from storage.keys import Keys

Answers = Mapping[tuple[str, str, str], str]
"""The option by chat, assessment and statement."""

KEPT = """
    SELECT conversations.address, assessments.code, answers.statement, answers.value
    FROM answers
    JOIN assessments ON assessments.id = answers.assessment_id
    JOIN conversations ON conversations.respondent_id = assessments.respondent_id
    WHERE conversations.channel = :channel
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """``lost``: tapped, not kept. ``wrong``: kept with another option, or never tapped at all."""

    lost: int
    wrong: int


def read(database: Path, chats: Iterable[str], channel: str = "telegram") -> Answers:
    """All answers that those chats gave there. Addresses are kept as pseudonyms, under the key that lies
    beside the database."""
    names = pseudonyms(keys_at_hand(Settings(data_dir=str(database.parent))), chats, channel)
    these = " AND conversations.address IN (SELECT value FROM json_each(:names))"
    values = {"channel": channel, "names": json.dumps(list(names))}
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute(KEPT + these, values).fetchall()
    return {(names[name], code, statement): option for name, code, statement, option in rows}


def pseudonyms(keys: Keys, chats: Iterable[str], channel: str = "telegram") -> dict[str, str]:
    """The chats by their pseudonyms."""
    return {keys.pseudonym(channel, chat): chat for chat in chats}


def compare(tapped: Answers, kept: Answers) -> Difference:
    lost = sum(place not in kept for place in tapped)
    wrong = sum(tapped.get(place) != option for place, option in kept.items())
    return Difference(lost, wrong)


def incomplete(kept: Answers, chats: int, assessments: int, statements: int) -> int:
    """How many of the expected assessments do not have an answer to each of their statements."""
    counted: defaultdict[tuple[str, str], int] = defaultdict(int)
    for chat, code, _ in kept:
        counted[chat, code] += 1
    whole = sum(count == statements for count in counted.values())
    return max(chats * assessments - whole, 0)
