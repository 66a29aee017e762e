"""The page for everyone: keyboard, screen reader, small window, dark room, no JavaScript."""

import pytest
from playwright.async_api import Browser, expect

from dialogs.types import Bullets, Choice, Heading, Notice, Paragraph, Progress, Reply, Statement
from tests.browser.conftest import Serve, Visit
from tests.browser.scripted import LANGUAGE, RESULT, Scripted, answers, card
from tests.browser.visitor import Visitor

BULGARIAN = Reply(
    (
        Notice("Отговорът ви на 1.2 е запазен: по-скоро не съм съгласен/съгласна."),
        Heading("Раздел 1 от 7 · Професионални стандарти за предоставяне на онлайн услуги"),
        Progress(3, 4, "3 от 35 твърдения"),
        Paragraph("Разделът пита за правилата, по които работи организацията."),
        Statement("1.3", "Организацията спазва професионалните стандарти при консултирането."),
    ),
    (
        *answers(
            1,
            (
                "Напълно съм съгласен/съгласна",
                "По-скоро съм съгласен/съгласна",
                "По-скоро не съм съгласен/съгласна",
                "Напълно не съм съгласен/съгласна",
            ),
        ),
        (Choice("Защо е важно", "why"), Choice("Добавяне на бележка", "note")),
        (Choice("По-късно", "later"), Choice("Назад", "back")),
    ),
)

LATVIAN = Reply(
    (
        Heading("1. sadaļa · Profesionālie standarti un ētika tiešsaistes konsultēšanā"),
        Progress(2, 4, "58,3 % · Veidojas, bet vēl nav nostiprinājies"),
        Paragraph("Nākamie soļi apgalvojumam 1.3 (jūsu atbilde: drīzāk nepiekrītu):"),
        Bullets(("Noskaidrojiet, kādi valsts noteikumi attiecas uz pakalpojumu." * 2, "Īsi.")),
    ),
    (
        (Choice("Pāriet uz nākamo sadaļu", "+next"),),
        (Choice("Pārskatīt manas atbildes", "+review"), Choice("Izvēlne", "+menu")),
        tuple(Choice(f"1.{i}", f"change:{i}") for i in range(1, 5)),
    ),
)

SHOWN = {"card": BULGARIAN, "result": LATVIAN, "languages": LANGUAGE, "tips": RESULT}


async def _filled(visit: Visit, shown: Reply, **options: object) -> Visitor:
    """A page with an older message, the person's own text, and that message."""
    visitor = await visit(Scripted({"2": [shown]}).reception, **options)
    await visitor.say("2")
    return visitor


@pytest.mark.parametrize("shown", SHOWN)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
async def test_axe__finds_nothing(visit: Visit, width: int, scheme: str, shown: str) -> None:
    visitor = await _filled(visit, SHOWN[shown], width=width, color_scheme=scheme)

    assert await visitor.barriers() == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe__finds_nothing_in_trouble(visit: Visit, scheme: str) -> None:
    scripted = Scripted()
    scripted.refuse = 1
    visitor = await visit(scripted.reception, color_scheme=scheme)
    visitor.forgives = ("503",)

    await visitor.button("Rather agree").click()
    await expect(visitor.page.locator("#trouble button")).to_be_visible()

    assert await visitor.barriers() == ""


@pytest.mark.parametrize("shown", SHOWN)
async def test_small_window__is_never_too_narrow(visit: Visit, shown: str) -> None:
    visitor = await _filled(visit, SHOWN[shown], width=320)

    assert await visitor.overflow() <= 0


async def test_phone__shows_the_answers_two_by_two(visit: Visit) -> None:
    visitor = await visit(Scripted().reception, width=360)

    boxes = [await answer.bounding_box() for answer in await visitor.page.locator(".answer").all()]

    assert len({box["x"] for box in boxes if box}) == 2
    assert len({box["y"] for box in boxes if box}) == 2


@pytest.mark.parametrize("shown", SHOWN)
async def test_touch_targets__are_large(visit: Visit, shown: str) -> None:
    visitor = await _filled(visit, SHOWN[shown])

    boxes = [await b.bounding_box() for b in await visitor.page.locator("button, a").all()]

    assert [box for box in boxes if box and min(box["width"], box["height"]) < 44] == []


async def test_keyboard__is_enough(visit: Visit) -> None:
    scripted = Scripted({"a:k1:1.1:1:3": [card(2)], "a:k1:1.2:1:4": [RESULT]})
    visitor = await visit(scripted.reception)
    press = visitor.page.keyboard.press

    for key in (*["Tab"] * 5, "Enter"):  # past three shortcuts, to the second answer
        await press(key)
    await visitor.settled()
    assert (await visitor.focused()).startswith("Section 1 of 7")

    await press("Tab")
    await press("Enter")
    await visitor.settled()
    assert scripted.tokens == ["a:k1:1.1:1:3", "a:k1:1.2:1:4"]


async def test_screen_reader__hears_a_new_card_once_and_whole(visit: Visit) -> None:
    visitor = await visit(Scripted({"a:k1:1.1:1:3": [card(2, "Kept.")]}).reception)

    await visitor.tap("Rather agree")

    await expect(visitor.current).to_be_focused()
    await expect(visitor.current).to_have_attribute("aria-live", "off")
    await expect(visitor.current).to_have_accessible_name(
        "Kept. Section 1 of 7 · Rules and standards 2 of 35 "
        "1.2 We follow professional standards when we work online."
    )


@pytest.mark.parametrize("shown", ["result", "tips"])
async def test_long_message__is_seen_from_its_start(visit: Visit, shown: str) -> None:
    visitor = await _filled(visit, SHOWN[shown], height=420)

    box = await visitor.current.bounding_box()

    assert box
    assert 0 <= box["y"] < 100


async def test_card__is_seen_whole_above_the_field(visit: Visit) -> None:
    visitor = await _filled(visit, card(2), height=740)

    card_box, dock = (
        await visitor.current.bounding_box(),
        await visitor.page.locator(".dock").bounding_box(),
    )

    assert card_box
    assert dock
    assert card_box["y"] >= 0
    assert card_box["y"] + card_box["height"] <= dock["y"]


async def test_way_forward__stands_out_but_no_answer_does(visit: Visit) -> None:
    visitor = await visit(Scripted({"a:k1:1.1:1:3": [RESULT]}).reception)
    await expect(visitor.page.locator(".primary")).to_have_count(0)

    await visitor.tap("Rather agree")

    await expect(visitor.page.locator(".primary")).to_have_text("Next section")


async def test_without_javascript__the_page_says_what_it_needs(
    browser: Browser, serve: Serve
) -> None:
    address = await serve(Scripted().reception)
    async with await browser.new_context(java_script_enabled=False) as context:
        page = await context.new_page()
        await page.goto(address)

        for language in ("bg", "lv", "en"):
            sentence = page.locator(f"noscript p[lang={language}]")
            await expect(sentence).to_contain_text("JavaScript")
        await expect(page.locator("#composer, #closed").first).to_be_hidden()
