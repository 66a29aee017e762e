"""A plan as an iCalendar file (RFC 5545).

Steps are all-day events, not tasks: the calendars of iOS and Android take events from a file and pass
over tasks. An event keeps its UID, so that a newer file changes what an older one has brought.

The library takes 10 MB for good, too much to carry for a file that few ever want: ``made`` runs it in a
process of its own.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot import child
from dialogs.types import PlanStep

PATIENCE = 20.0
"""Seconds that the making may take."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event of the calendar; ``day`` by ISO 8601."""

    uid: str
    day: str
    summary: str
    description: str


def entries(steps: Iterable[PlanStep]) -> list[Entry]:
    """The steps that have a date."""
    return [
        Entry(f"{step.code}@merilo", step.due.isoformat(), step.text, step.note)
        for step in steps
        if step.due
    ]


async def made(steps: Iterable[PlanStep], now: datetime) -> bytes:
    """The file. ``now`` stands in it as the time of making. Raises RuntimeError, TimeoutError."""
    wanted = {"now": now.isoformat(), "entries": [_plain(entry) for entry in entries(steps)]}
    return await child.run(
        "bot.calendar_file", given=json.dumps(wanted).encode(), patience=PATIENCE
    )


def _plain(entry: Entry) -> dict[str, str]:
    return {name: getattr(entry, name) for name in Entry.__slots__}


def written(events: Iterable[Entry], now: datetime) -> bytes:
    """The file, made in this process."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//Merilo//Plan//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for entry in events:
        event = Event()
        event.add("uid", entry.uid)
        event.add("dtstamp", now)
        event.add("dtstart", date.fromisoformat(entry.day))
        event.add("summary", entry.summary)
        if entry.description:
            event.add("description", entry.description)
        event.add("transp", "TRANSPARENT")  # it takes up no time of the day
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _main(wanted: Mapping[str, object]) -> bytes:
    given = wanted["entries"]
    assert isinstance(given, list)  # noqa: S101 - made above
    return written([Entry(**one) for one in given], datetime.fromisoformat(str(wanted["now"])))


if __name__ == "__main__":
    sys.stdout.buffer.write(_main(json.load(sys.stdin)))
