"""A whole assessment in a real browser, against Merilo as it is served, in every language.

Set MERILO_TEST_SCREENSHOTS to a folder to get pictures of each kind of message.
"""

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Browse
from tests.browser.visitor import DRAWN, Visitor
from tests.chat import edition
from tests.golden import whole

OCCAY = edition("occay")
SCREENSHOTS = os.environ.get("MERILO_TEST_SCREENSHOTS")

# language, its own name, agree, begin, next section, overall result, screen width, colours
RUNS = [
    ("lv", "Latviešu", "Piekrītu", "Sākt", "Nākamā sadaļa", "Kopējais rezultāts", 360, "light"),
    ("bg", "Български", "Съгласявам се", "Започвам", "Следващ раздел", "Общ резултат", 360, "dark"),
    ("en", "English", "I agree", "Begin", "Next section", "Overall result", 1280, "light"),
]


async def begun(visitor: Visitor) -> Visitor:
    """The visitor at the first statement, in English."""
    for label in ("English", "I agree", "Begin"):
        await visitor.tap(label)
    return visitor


async def text(visitor: Visitor) -> str:
    """What the newest message says."""
    return "\n".join((await visitor.newest()).lines)


async def missing(visitor: Visitor, lines: list[str]) -> list[str]:
    """What the newest message does not say, be it on a button: “1. An item ☑” is “☑ An item” there."""
    shown = await visitor.newest()
    said = "\n".join(shown.lines)
    buttons = {label for row in shown.buttons for label in row}
    return [line for line in lines if line not in said and _on_button(line) not in buttons]


def _on_button(line: str) -> str:
    item = re.sub(r"^\d+\. ", "", line)
    return f"☑ {item.removesuffix(' ☑')}" if item.endswith(" ☑") else f"☐ {item}"


async def picture(visitor: Visitor, name: str) -> None:
    if SCREENSHOTS:
        await visitor.page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png")


async def answer(visitor: Visitor, label: str, *, by_keyboard: bool) -> None:
    """By tap or by keyboard: after a tap, a new card takes none for a moment, against double taps."""
    if by_keyboard:
        await visitor.button(label).press("Enter")
        await visitor.settled()
    else:
        await visitor.tap(label)


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run[0])
async def test_whole_assessment__in_each_language(
    browse: Browse, address: str, run: tuple[str, str, str, str, str, str, int, str]
) -> None:
    language, name, agree, begin, onward, overall, width, colours = run
    visitor = await browse(
        address, width, color_scheme=colours, locale=language, device_scale_factor=2
    )
    await picture(visitor, f"{language}-1-language")
    await visitor.tap(name)
    await picture(visitor, f"{language}-2-consent")
    await visitor.tap(agree)
    await picture(visitor, f"{language}-3-menu")
    await visitor.tap(begin)
    for number, statement in enumerate(OCCAY.required):
        shown = await text(visitor)
        assert OCCAY.text(statement, language) in shown
        await picture(visitor, f"{language}-4-{statement}")
        option = OCCAY.scale[(number * 3) % 4]
        await answer(
            visitor, OCCAY.text(option.key, language), by_keyboard=language != "lv" or number > 6
        )
        section = OCCAY.section_of(statement)
        if section.statements[-1].id == statement:
            shown = await text(visitor)
            assert OCCAY.text(section.key, language) in shown
            assert await visitor.current.locator("img").count() == 0, "it repeats what is there"
            await picture(visitor, f"{language}-5-section-{section.id}")
            assert await visitor.barriers() == ""
            await visitor.tap(overall if statement == OCCAY.required[-1] else onward)
    shown = await text(visitor)
    assert OCCAY.text("scoring", language) in shown
    await expect(visitor.current.locator("img")).to_have_js_property(
        "complete", value=True, timeout=DRAWN
    )
    assert await visitor.overflow() <= 0
    await picture(visitor, f"{language}-6-overall")


@pytest.mark.parametrize(
    ("instrument", "language"),
    [
        ("cpo", "en"),
        ("cipo", "lv"),
        ("counsellor", "bg"),
        ("digital-profile", "lv"),
        ("social-media", "en"),
    ],
)
async def test_whole_assessment__with_each_instrument__says_what_its_transcript_says(
    browse: Browse, address: str, instrument: str, language: str
) -> None:
    visitor = await browse(address, locale=language, device_scale_factor=2)
    for number, turn in enumerate(whole(instrument, language)[1:]):  # the page is open already
        if turn.act == "press":
            await answer(visitor, turn.text, by_keyboard=True)
        else:
            await visitor.say(turn.text)
        await picture(visitor, f"{instrument}-{language}-{number}")
        assert await missing(visitor, turn.lines) == []
    assert await visitor.overflow() <= 0
    assert await visitor.barriers() == ""


async def test_two_people__do_not_see_each_other(browse: Browse, address: str) -> None:
    anna, boris = await begun(await browse(address)), await begun(await browse(address))
    await anna.tap("Fully agree")
    await boris.open()
    assert "1 of 35" in await text(boris)
    await anna.open()
    assert "2 of 35" in await text(anna)


async def test_typed__answers_and_commands_work(browse: Browse, address: str) -> None:
    visitor = await begun(await browse(address))
    await visitor.say("drīzāk piekrītu")
    assert "1.1: Rather agree. Saved." in (await visitor.newest()).lines
    await visitor.say("/language")
    await visitor.tap("Български")
    assert OCCAY.text("1.2", "bg") in await text(visitor)


async def test_leaving__the_browser_forgets_and_the_link_leads_back(
    browse: Browse, address: str
) -> None:
    visitor = await begun(await browse(address))
    await visitor.tap("Fully agree")
    await visitor.page.locator("#leave").click()
    link = await visitor.page.locator("input.link").input_value()
    assert await visitor.barriers() == ""
    await visitor.page.get_by_role("button", name="Start again").click()
    await visitor.page.locator(".message").first.wait_for()
    assert "Choose your language." in await text(visitor)
    elsewhere = await browse(address)
    await elsewhere.page.goto("about:blank")
    await elsewhere.page.goto(link)
    await elsewhere.page.locator(".message").first.wait_for()
    assert "2 of 35" in await text(elsewhere)
    assert "#" not in elsewhere.page.url


async def test_erasing__leaves_nothing_on_the_screen_either(browse: Browse, address: str) -> None:
    visitor = await begun(await browse(address))
    await visitor.tap("Fully agree")
    await visitor.say("/privacy")
    await visitor.tap("Delete everything")
    await visitor.tap("Yes, delete everything")
    [gone] = await visitor.read()
    assert "1 assessment, 1 answer" in " ".join(gone.lines)
    assert await visitor.page.locator(".own").count() == 0
    await expect(visitor.current).to_be_focused()
