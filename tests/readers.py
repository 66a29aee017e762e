"""People who want to hear of news, many of them, as the database keeps them."""

from datetime import UTC, datetime

from sqlalchemy import Connection, insert, text

from dialogs.news import NEWS
from dialogs.saving import to_json
from dialogs.types import State
from locales import LANGUAGES
from storage.keys import address_place, keys_of
from storage.tables import conversations, respondents

EVERY = 4
"""One of so many does not want to hear of news."""


def populate(
    connection: Connection, people: int, zone: str = "Europe/Riga", first: int = 1
) -> list[int]:
    """Conversations of as many people, in the three languages in turn; some do not want news. Who does."""
    numbers, now = range(first, first + people), datetime.now(UTC)
    keep = [{"id": n, "consent": 1, "agreed_at": now, "mark": f"m{n}"} for n in numbers]
    connection.execute(insert(respondents), keep)
    talking = [_conversation(connection, n, zone, now) for n in numbers]
    connection.execute(insert(conversations), talking)
    if connection.dialect.name == "postgresql":  # as it does by itself within a minute
        connection.execute(text("ANALYZE conversations"))
        # Whoever comes next gets a number of their own.
        highest = (
            "SELECT setval(pg_get_serial_sequence('respondents', 'id'), max(id)) FROM respondents"
        )
        connection.execute(text(highest))
    return [n for n in numbers if n % EVERY]


def language_of(number: int) -> str:
    return list(LANGUAGES)[number % len(LANGUAGES)]


def _conversation(
    connection: Connection, number: int, zone: str, now: datetime
) -> dict[str, object]:
    wanted = () if number % EVERY == 0 else ("yearly", NEWS)
    state = State(language_of(number), "menu", consent=1, zone=zone, reminders=wanted)
    keys = keys_of(connection)
    pseudonym = keys.pseudonym("telegram", str(number))
    return {
        "channel": "telegram",
        "address": pseudonym,
        "sealed_address": keys.seal(str(number), address_place(pseudonym)),
        "respondent_id": number,
        "state": to_json(state),
        "touched_at": now,
    }


def where_it_is_day() -> str:
    """A time zone where it is about one in the afternoon by the real clock: nobody is told anything by night."""
    ahead = 13 - datetime.now(UTC).hour
    return f"Etc/GMT{-ahead:+d}"  # POSIX counts them the other way round
