"""Days as people type them. It is Saturday, 21 November 2026."""

from datetime import date

import pytest

from dialogs.days import Unfit, day_meant, later

TODAY = date(2026, 11, 21)
MARCH, TWO_WEEKS = date(2027, 3, 1), date(2026, 12, 5)


@pytest.mark.parametrize(
    "text",
    [
        *("1 март", "1. marts", "1 March", "1.3.", "2027-03-01", "1. martā", "March 1st"),
        *("1 март 2027 г.", "1-ви март", "2027. gada 1. martā", "на 1 март", "1 Mar", "МАРТ 1"),
        *("1.3.2027", "01/03/27", "1-3-2027", "  1.3.2027 г. ", "1️⃣ март", "1. martam"),
    ],
)
def test_first_of_march__however_it_is_typed(text: str) -> None:
    assert day_meant(text, TODAY) == MARCH


@pytest.mark.parametrize(
    "text",
    [
        *("in two weeks", "след две седмици", "pēc divām nedēļām", "pec 2 nedelam"),
        *("In 14 days", "след 14 дни", "PĒC 14 DIENĀM", "5 декември", "5. decembrī", "5.12."),
    ],
)
def test_in_two_weeks__however_it_is_typed(text: str) -> None:
    assert day_meant(text, TODAY) == TWO_WEEKS


@pytest.mark.parametrize(
    ("text", "days"),
    [
        *(("today", 0), ("днес", 0), ("šodien", 0), ("tomorrow", 1), ("утре", 1), ("rīt", 1)),
        *(("вдругиден", 2), ("parīt", 2), ("day after tomorrow", 2), ("next week", 7)),
        *(("Monday", 2), ("понеделник", 2), ("pirmdien", 2), ("Saturday", 7), ("събота", 7)),
        *(("след седмица", 7), ("pēc nedēļas", 7), ("in a week", 7), ("nākamnedēļ", 7)),
    ],
)
def test_relative__counts_from_today(text: str, days: int) -> None:
    found = day_meant(text, TODAY)
    assert isinstance(found, date)
    assert (found - TODAY).days == days


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("language", ["bg", "lv", "en_GB"])
def test_every_month__by_its_name_in_each_language(language: str, month: int) -> None:
    from babel.dates import format_date

    day = date(2028, month, 9)
    for form in ("long", "d MMMM y", "d MMM y"):
        assert day_meant(format_date(day, form, locale=language), TODAY) == day


@pytest.mark.parametrize(
    ("text", "why"),
    [
        *((t, Unfit.IMPOSSIBLE) for t in ("31 February", "31 февруари", "31. februārī", "31.2.")),
        *((t, Unfit.IMPOSSIBLE) for t in ("30.2.2028", "1.13.", "2027-02-29", "0.5.", "32 март")),
        *((t, Unfit.PAST) for t in ("1.3.2020", "yesterday", "вчера", "vakar", "20 ноември 2026")),
        *((t, Unfit.FAR) for t in ("in five years", "след 5 години", "pēc 5 gadiem", "1.1.2032")),
        *((t, Unfit.FAR) for t in ("9999-12-31", "in 999 weeks", "1 Mar 2030")),
        *(
            (t, Unfit.UNKNOWN)
            for t in ("", "2", "март", "soon", "🙂", "שלום", "\u202e1\u202c", "٣")
        ),
        *((t, Unfit.UNKNOWN) for t in ("1 1 март", "1 март март", "fully agree", "x" * 4000)),
    ],
)
def test_unfit__says_why(text: str, why: Unfit) -> None:
    assert day_meant(text, TODAY) is why


def test_without_a_year__the_next_one_that_has_the_day() -> None:
    assert day_meant("21 November", TODAY) == TODAY
    assert day_meant("20 November", TODAY) == date(2027, 11, 20)
    assert day_meant("29 February", TODAY) == date(2028, 2, 29)


def test_later__the_last_of_a_shorter_month() -> None:
    assert later(date(2026, 11, 30), months=3) == date(2027, 2, 28)
    assert later(date(2026, 12, 1), months=1) == date(2027, 1, 1)
