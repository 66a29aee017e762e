"""What the database holds afterwards, against what was tapped."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

Answers = Mapping[tuple[str, str, str], str]
"""The option by chat, assessment and statement."""

KEPT = """
    SELECT conversations.address, assessments.code, answers.statement, answers.option
    FROM answers
    JOIN assessments ON assessments.id = answers.assessment_id
    JOIN conversations ON conversations.respondent_id = assessments.respondent_id
    WHERE conversations.channel = 'telegram'
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """``lost``: tapped, not kept. ``wrong``: kept with another option, or never tapped at all."""

    lost: int
    wrong: int


def read(database: Path) -> Answers:
    """All answers that were given on Telegram."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute(KEPT).fetchall()
    return {(chat, code, statement): option for chat, code, statement, option in rows}


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
