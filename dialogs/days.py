"""Days as people type them, in Bulgarian, Latvian and English at once: “1 март”, “pēc divām nedēļām”.

An own reading, because the library for it (dateparser) knows neither spelt-out numbers in Bulgarian and
Latvian nor Latvian cases, takes a bare “2” for a day of this month, and costs 27 MB and a second.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from enum import Enum, auto
from functools import cache

from babel.dates import get_day_names, get_month_names

from dialogs.understanding import KEYCAP, plain

YEARS_AHEAD = 3
"""A step further off than that is a slip of the pen."""


class Unfit(Enum):
    """Why a text is no day for a plan."""

    UNKNOWN = auto()
    IMPOSSIBLE = auto()
    PAST = auto()
    FAR = auto()


NUMBERS = {
    1: "a an one един една едно viena vienas vienu vienam",
    2: "two два две двa diviem divam divas divu",
    3: "three три trim tris triju",
    4: "four четири cetriem cetram",
    5: "five пет pieciem piecam",
    6: "six шест sesiem sesam",
    7: "seven седем septiniem septinam",
    8: "eight осем astoniem astonam",
    9: "nine девет deviniem devinam",
    10: "ten десет desmit desmitiem desmitam",
    11: "eleven единадесет единайсет vienpadsmit",
    12: "twelve дванадесет дванайсет divpadsmit",
}
UNITS = {
    "day": "day days ден дни диена dienas dienam dienu",
    "week": "week weeks седмица седмици nedelas nedelam nedelu",
    "month": "month months месец месеца месеци menesa menesiem menesi",
    "year": "year years година години gada gadiem gadu",
}
NAMED = {
    0: "today днес sodien",
    1: "tomorrow утре rit ritdien",
    2: "day after tomorrow|вдругиден|други ден|parit|paritdien",
    -1: "yesterday вчера vakar",
}
IN = {"in", "after", "след", "pec"}
NEXT_WEEK = {"next week", "следващата седмица", "другата седмица", "nakamnedel", "nakamaja nedela"}
FILLERS = {"the", "of", "on", "st", "nd", "rd", "th", "ви", "ри", "ти", "ми", "г", "година"}
FILLERS |= {"gada", "na", "до", "на", "lidz", "by", "until", "в", "във"}


def day_meant(text: str, today: date) -> date | Unfit:
    """The day that a text means, today or later; without a year the next one."""
    said = plain(text.translate(KEYCAP))
    for read in (_relative, _iso, _numeric, _with_month_name, _weekday):
        found = read(said, text.translate(KEYCAP), today)
        if found is not None:
            return _within(found, today)
    return Unfit.UNKNOWN


def _within(found: date | Unfit, today: date) -> date | Unfit:
    if isinstance(found, Unfit):
        return found
    if found < today:
        return Unfit.PAST
    return Unfit.FAR if found > later(today, months=12 * YEARS_AHEAD) else found


def later(day: date, *, months: int) -> date:
    """The same day some months later; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


# --- Ways to say it ----------------------------------------------------------------------------


def _relative(said: str, _: str, today: date) -> date | Unfit | None:
    for days, names in NAMED.items():
        if said in {plain(name) for name in names.split("|" if "|" in names else " ")}:
            return today + timedelta(days=days)
    if said in {plain(words) for words in NEXT_WEEK}:
        return today + timedelta(weeks=1)
    head, *words = said.split() or [""]
    if head not in {plain(word) for word in IN} or not 1 <= len(words) <= 2:
        return None
    count, unit = _number(words[0]) if len(words) == 2 else 1, _unit(words[-1])
    return _ahead(today, count, unit) if count and unit else None


def _number(word: str) -> int | None:
    if re.fullmatch(r"\d{1,3}", word, re.ASCII):
        return int(word)
    return next((n for n, names in NUMBERS.items() if word in plain(names).split()), None)


def _unit(word: str) -> str | None:
    return next((unit for unit, names in UNITS.items() if word in plain(names).split()), None)


def _ahead(today: date, count: int, unit: str) -> date | Unfit:
    match unit:
        case "day":
            return today + timedelta(days=count)
        case "week":
            return today + timedelta(weeks=count)
    months = count if unit == "month" else 12 * count
    return Unfit.FAR if months > 12 * YEARS_AHEAD else later(today, months=months)


def _iso(_: str, text: str, __: date) -> date | Unfit | None:
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text.strip(), re.ASCII)
    return _date(int(found[1]), int(found[2]), int(found[3])) if found else None


def _numeric(_: str, text: str, today: date) -> date | Unfit | None:
    """Day before month, as everywhere where Merilo is at home."""
    pattern = r"(\d{1,2})\s*[./-]\s*(\d{1,2})\s*(?:[./-]\s*(\d{4}|\d{2}))?\s*\.?\s*(?:г\.?)?"
    found = re.fullmatch(pattern, text.strip(), re.ASCII)
    if not found:
        return None
    year = _year(found[3]) if found[3] else None
    return _dated(int(found[1]), int(found[2]), year, today)


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _with_month_name(said: str, _: str, today: date) -> date | Unfit | None:
    """“1 март 2027 г.”, “2027. gada 1. martā”, “March 1st”."""
    words = [word for word in re.findall(r"\d+|[^\W\d]+", said) if word not in FILLERS]
    numbers = [int(word) for word in words if re.fullmatch(r"\d{1,4}", word, re.ASCII)]
    names = [word for word in words if not word.isdigit()]
    months = [_month(name) for name in names]
    if len(months) != 1 or months[0] is None or not 1 <= len(numbers) <= 2:
        return None
    if len(words) != len(names) + len(numbers):
        return None
    days = [number for number in numbers if number < 1000]
    years = [number for number in numbers if number >= 1000]
    if len(days) != 1:
        return None
    return _dated(days[0], months[0], years[0] if years else None, today)


def _weekday(said: str, _: str, today: date) -> date | Unfit | None:
    """The next such day, not today."""
    words = [word for word in said.split() if word not in FILLERS]
    if len(words) != 1:
        return None
    number = next((n for n, name in _weekdays() if _same_word(words[0], name)), None)
    if number is None:
        return None
    return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)


# --- Names and numbers -------------------------------------------------------------------------


def _month(word: str) -> int | None:
    return next((number for number, name in _months() if _same_word(word, name)), None)


def _same_word(word: str, name: str) -> bool:
    """In another case (“martā” for “marts”), or shortened (“Mar”)."""
    if len(word) < 3:
        return word == name
    stem = max(3, len(name) - 2)
    return name.startswith(word) or (word[:stem] == name[:stem] and len(word) <= len(name) + 2)


@cache
def _months() -> tuple[tuple[int, str], ...]:
    return tuple(_names(get_month_names))


@cache
def _weekdays() -> tuple[tuple[int, str], ...]:
    return tuple(_names(get_day_names))


def _names(names_in: object) -> Iterator[tuple[int, str]]:
    assert callable(names_in)  # noqa: S101 - Babel's two functions are typed apart
    for locale in ("bg", "lv", "en_GB"):
        for number, name in names_in("wide", locale=locale).items():
            yield int(number), plain(name)


def _dated(day: int, month: int, year: int | None, today: date) -> date | Unfit:
    if year is not None:
        return _date(year, month, day)
    # A year is found for 29 February too; for 31 February there is none.
    for ahead in range(YEARS_AHEAD + 2):
        found = _date(today.year + ahead, month, day)
        if isinstance(found, date) and found >= today:
            return found
    return Unfit.IMPOSSIBLE


def _date(year: int, month: int, day: int) -> date | Unfit:
    try:
        return date(year, month, day)
    except ValueError:
        return Unfit.IMPOSSIBLE
