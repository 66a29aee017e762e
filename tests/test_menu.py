"""The menu with everything that Merilo ships: few rows, and labels that a phone shows uncut."""

import pytest

from bot.shipped import ORDER
from dialogs.types import Reply
from locales import LANGUAGES, words_in
from tests.chat import Chat, agreed

ROWS = 5
BESIDE = 20
"""Characters of a label beside another one: half of a keyboard on a screen 360 points wide."""

every_language = pytest.mark.parametrize("language", LANGUAGES)


def _in_menu(language: str) -> Chat:
    return agreed(*ORDER, language=language, guide_of="occay")


def _labels(menu: Reply) -> list[list[str]]:
    return [[choice.label for choice in row] for row in menu.choices]


def _holds(menu: Reply, first: str) -> None:
    rows = _labels(menu)
    assert rows[0] == [first]
    assert len(rows) <= ROWS
    assert max(map(len, rows)) <= 2
    assert [label for row in rows if len(row) > 1 for label in row if len(label) > BESIDE] == []


@every_language
def test_first_visit__begins_alone_in_its_row(language: str) -> None:
    _holds(_in_menu(language).card(), words_in(language)("Begin"))


@every_language
def test_under_way__goes_on_alone_in_its_row(language: str) -> None:
    chat, words = _in_menu(language), words_in(language)
    chat.press(words("Begin"))
    title = chat.library.current("occay").text("title", language)
    _holds(chat.say("/menu").replies[0], words("Continue: {title}", title=title))


def test_under_way__what_is_not_in_the_menu_is_one_tap_further() -> None:
    chat = _in_menu("en")
    chat.press("Begin")
    for way, found in (("Guide", "Examples and context"), ("My plan", "Reminders")):
        chat.say("/menu")
        assert [found] in [row[:1] for row in _labels(chat.press(way).replies[0])]
