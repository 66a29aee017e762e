"""Time zones: whose clock a person lives by, and what is day and what is night there."""

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale

from dialogs.types import State
from dialogs.understanding import plain
from locales import LANGUAGES

OFFERED = ("Europe/Sofia", "Europe/Riga", "Europe/London")
GUESSED = {"bg": "Europe/Sofia", "lv": "Europe/Riga", "en": "Europe/London"}
"""Until somebody has told theirs."""

MORNING, EVENING = 8, 20
"""Hours outside which nothing is sent by itself."""

USUAL = time(9)
"""When something comes that has a day and no hour."""


def zone_of(state: State) -> ZoneInfo:
    return ZoneInfo(state.zone or GUESSED[state.language])


def today(state: State, now: datetime) -> date:
    """The day that it is where the person is."""
    return now.astimezone(zone_of(state)).date()


def at_usual_hour(day: date, zone: ZoneInfo) -> datetime:
    """In the morning of that day."""
    return datetime.combine(day, USUAL, zone)


def by_day(moment: datetime, zone: ZoneInfo) -> datetime:
    """The same moment, or the next morning where it falls into the night."""
    there = moment.astimezone(zone)
    if MORNING <= there.hour < EVENING:
        return moment
    return at_usual_hour(there.date() + timedelta(days=there.hour >= EVENING), zone)


def zone_meant(text: str) -> str | None:
    """The time zone of a city, named in any of our languages; None for one that is not known."""
    return _by_city().get(plain(text)) if plain(text) else None


@cache
def _by_city() -> dict[str, str]:
    """Looked up rarely, and then the files of six hundred zones are listed."""
    known = sorted(zone for zone in available_timezones() if "/" in zone)
    found = {plain(zone.rpartition("/")[2].replace("_", " ")): zone for zone in known}
    for language in LANGUAGES:
        named = Locale.parse(language).time_zones
        cities = {zone: named[zone].get("city") for zone in known if zone in named}
        found |= {plain(city): zone for zone, city in cities.items() if city}
    return found


def city(zone: str, language: str) -> str:
    """“София” for ``Europe/Sofia``."""
    named = Locale.parse(language).time_zones.get(zone, {})
    return str(named.get("city") or zone.rpartition("/")[2].replace("_", " "))
