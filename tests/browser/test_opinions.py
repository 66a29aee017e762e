"""What a reader says of texts, and news of an assessment, as they are seen on a phone in every language.

Set MERILO_TEST_SCREENSHOTS to a folder to get pictures.
"""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dialogs.news import NEWS, standard
from locales import LANGUAGES, Words, words_in
from tests.browser.conftest import Browse
from tests.browser.test_plan import fits
from tests.browser.test_whole import text
from tests.browser.visitor import Visitor
from tests.chat import edition
from tests.test_reminders import a_city_by_day

OCCAY = edition("occay")
LONG = "Konsultantenverantwortungsbewusstseinsentwicklungsmaßnahme " * 3
RUNS = [("bg", "light"), ("lv", "dark"), ("en", "light")]

each_run = pytest.mark.parametrize(("language", "scheme"), RUNS)


async def _begun(browse: Browse, address: str, language: str, scheme: str) -> tuple[Visitor, Words]:
    words = words_in(language)
    visitor = await browse(
        address, 360, locale=language, color_scheme=scheme, device_scale_factor=2
    )
    for label in (LANGUAGES[language], words("I agree"), words("Begin")):
        await visitor.tap(label)
    return visitor, words


@each_run
async def test_opinions__on_a_statement_and_on_a_tip(
    browse: Browse, address: str, language: str, scheme: str
) -> None:
    visitor, words = await _begun(browse, address, language, scheme)
    await visitor.tap(words("Why it matters"))
    await fits(visitor, f"{language}-opinion-1-why")
    await visitor.tap(words("This is unclear to me"))
    await fits(visitor, f"{language}-opinion-2-unclear")
    await visitor.say(LONG)
    await fits(visitor, f"{language}-opinion-3-thanks")
    least = OCCAY.text(OCCAY.scale[-1].key, language)
    for _ in OCCAY.sections[0].statements:
        await visitor.button(least).press("Enter")
        await visitor.settled()
    await fits(visitor, f"{language}-opinion-4-section")
    await visitor.tap(words("Were the tips helpful?"))
    await fits(visitor, f"{language}-opinion-5-tips")
    await visitor.tap("1")
    await fits(visitor, f"{language}-opinion-6-tip")
    assert await visitor.current.locator(".primary").count() == 0, (
        "neither of them is the better one"
    )
    await visitor.button(words("Not helpful")).press("Enter")
    await visitor.settled()
    await fits(visitor, f"{language}-opinion-7-marked")
    await visitor.button(words("That is all")).press("Enter")
    await visitor.settled()
    assert OCCAY.text("section/1", language) in await text(visitor)


@each_run
async def test_news__stands_above_the_open_card_with_the_way_there(
    browse: Browse, address: str, data_folder: Path, language: str, scheme: str
) -> None:
    visitor, words = await _begun(browse, address, language, scheme)
    await visitor.say("/reminders")
    await visitor.tap(f"☐ {words('News about assessments')}")
    await visitor.say(a_city_by_day())
    await fits(visitor, f"{language}-news-1-wanted")
    _announce(data_folder)
    await visitor.open()
    news, card = await visitor.read()
    await fits(visitor, f"{language}-news-2-told")
    assert standard(language, OCCAY.text("title", language), LONG.strip()) in news.lines
    assert OCCAY.text("1.1", language) in " ".join(card.lines)
    await visitor.tap(words("To the assessment"), 0)
    await fits(visitor, f"{language}-news-3-there")
    assert OCCAY.text("title", language) in await text(visitor)


def _announce(folder: Path) -> None:
    """As if an admin had announced an edition: a row for everybody who is there."""
    texts = {one: standard(one, OCCAY.text("title", one), LONG.strip()) for one in LANGUAGES}
    payload = json.dumps({"instrument": "occay", "texts": texts})
    with closing(sqlite3.connect(folder / "merilo.db")) as database, database:
        database.execute(
            "INSERT INTO due (respondent_id, kind, subject, due_at, payload, attempts)"
            " SELECT id, ?, '1', 0, ?, 0 FROM respondents",
            (NEWS, payload),
        )
