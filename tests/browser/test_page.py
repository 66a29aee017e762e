"""The page as a person uses it, with a reception that follows a script."""

import asyncio

from playwright.async_api import Route, expect

from dialogs.types import Choice, Heading, Paragraph, Reply, Said
from tests.browser.conftest import Visit
from tests.browser.scripted import LANGUAGE, RESULT, SCALE, Scripted, card

NEXT = "a:k1:1.1:1:3"
OFFLINE = "net::ERR_"
REFUSED = "503 (Service Unavailable)"


async def test_card__shows_its_blocks_and_buttons(visit: Visit) -> None:
    visitor = await visit(Scripted().reception)

    shown = await visitor.newest()

    assert shown.lines == [
        "Section 1 of 7 · Rules and standards",
        "1 of 35",
        "1.1 We follow professional standards when we work online.",
    ]
    assert shown.buttons == [
        list(SCALE[:2]),
        list(SCALE[2:]),
        ["Why it matters", "Add a note"],
        ["Later", "Back"],
    ]


async def test_result__shows_level_tips_and_link(visit: Visit) -> None:
    scripted = Scripted({NEXT: [RESULT]})
    visitor = await visit(scripted.reception)

    await visitor.tap("Rather agree")

    shown = await visitor.newest()
    assert shown.lines[1:3] == [
        "75 % · Established",
        "1.1: 3 + 1.2: 2 + 1.3: 1 + 1.4: 3 = 9 of 12 points, 75 %.",
    ]
    assert shown.lines[-3:] == [
        "• Use encrypted channels.",
        "• Explain the risks before the client agrees.",
        "The guide",
    ]
    level = visitor.page.get_by_role("progressbar", name="75 % · Established")
    await expect(level).to_have_attribute("aria-valuenow", "3")


async def test_tap__replaces_its_message(visit: Visit) -> None:
    visitor = await visit(Scripted({NEXT: [card(2, "Kept: rather agree.")]}).reception)

    await visitor.tap("Rather agree")

    (only,) = await visitor.read()
    assert only.lines[0] == "Kept: rather agree."


async def test_tap__on_a_message_that_stays_appends(visit: Visit) -> None:
    scripted = Scripted({"+next:k1": [card(1, replaces=False)]})
    scripted.open = RESULT
    visitor = await visit(scripted.reception)

    await visitor.tap("Next section")

    first, second = await visitor.read()
    assert first.lines[0] == "Section 1 · Rules and standards"
    assert second.lines[1] == "1 of 35"


async def test_old_button__still_works_and_is_replaced_where_it_stands(visit: Visit) -> None:
    scripted = Scripted(
        {"+next:k1": [card(1, replaces=False)], "+menu": [Reply((Heading("Menu"),))]}
    )
    scripted.open = RESULT
    visitor = await visit(scripted.reception)
    await visitor.tap("Next section")

    await visitor.tap("Menu", message=0)

    menu, below = await visitor.read()
    assert menu.lines == ["Menu"]
    assert below.lines[1] == "1 of 35"


async def test_several_replies__all_appear_and_the_first_is_looked_at(visit: Visit) -> None:
    visitor = await visit(Scripted({NEXT: [RESULT, card(2)]}).reception)

    await visitor.tap("Rather agree")

    assert [shown.lines[0] for shown in await visitor.read()] == [
        "Section 1 · Rules and standards",
        "Section 1 of 7 · Rules and standards",
    ]
    assert (await visitor.focused()).startswith("Section 1 · Rules")


async def test_double_tap__does_not_answer_the_next_card_too(visit: Visit) -> None:
    """However fast the server is: the next card comes where the finger is."""
    scripted = Scripted({NEXT: [card(2)]})
    visitor = await visit(scripted.reception)

    await visitor.button("Rather agree").dblclick(delay=60)
    await visitor.page.wait_for_timeout(600)

    assert scripted.tokens == [NEXT]
    assert (await visitor.newest()).lines[1] == "2 of 35"


async def test_double_tap__on_a_slow_line_is_sent_once(visit: Visit) -> None:
    scripted = Scripted({NEXT: [card(2)]})
    visitor = await visit(scripted.reception)
    scripted.gate.clear()

    await visitor.button("Rather agree").dblclick()
    await expect(visitor.button("Fully agree")).to_be_disabled()
    scripted.gate.set()
    await visitor.settled()

    assert scripted.tokens == [NEXT]
    assert len(scripted.told) == 1


async def test_typed_text__is_echoed_and_sent(visit: Visit) -> None:
    scripted = Scripted({"rather agree": [card(2, replaces=False)]})
    visitor = await visit(scripted.reception)

    await visitor.say("  rather agree ")

    assert [told.event for told in scripted.told] == [Said("rather agree")]
    await expect(visitor.page.locator(".own")).to_have_text("You: rather agree")
    await expect(visitor.field).to_have_value("")
    assert (await visitor.newest()).lines[1] == "2 of 35"


async def test_typed_text__with_a_keyboard_keeps_the_focus_for_the_next(visit: Visit) -> None:
    visitor = await visit(Scripted().reception, width=1280)

    await visitor.say("2")

    await expect(visitor.field).to_be_focused()
    # The focus did not go to the message, so the live region has to speak.
    assert await visitor.current.get_attribute("aria-live") is None


async def test_typed_text__on_a_phone_lets_the_keyboard_go(visit: Visit) -> None:
    visitor = await visit(Scripted().reception, has_touch=True, is_mobile=True)

    await visitor.say("2")

    await expect(visitor.current).to_be_focused()
    await expect(visitor.current).to_have_attribute("aria-live", "off")


async def test_markup_in_a_text__stays_text(visit: Visit) -> None:
    evil = '<img src=x onerror="document.title=1"><b>bold</b>'
    scripted = Scripted()
    scripted.open = Reply((Heading(evil), Paragraph(evil)), ((Choice(evil, "x"),),))
    visitor = await visit(scripted.reception)

    await visitor.say(evil)

    assert (await visitor.newest()).lines == [evil, evil]
    assert await visitor.page.locator(".message img, .message b, .own b").count() == 0


async def test_shortcuts__say_commands_without_an_echo(visit: Visit) -> None:
    scripted = Scripted({"/menu": [Reply((Heading("Assessments"),), replaces=False)]})
    visitor = await visit(scripted.reception)

    await visitor.page.get_by_role("button", name="Menu", exact=True).click()
    await visitor.settled()

    assert (await visitor.newest()).lines == ["Assessments"]
    assert await visitor.page.locator(".own").count() == 0


async def test_language__is_followed_by_page_and_field(visit: Visit) -> None:
    scripted = Scripted()
    scripted.open = LANGUAGE
    visitor = await visit(scripted.reception)
    scripted.language = "lv"

    await visitor.tap("Latviešu")

    await expect(visitor.page.locator("html")).to_have_attribute("lang", "lv")
    await visitor.say("1")
    assert scripted.told[-1].hint.startswith("lv")


async def test_reload__shows_the_open_card_to_the_same_person(visit: Visit) -> None:
    scripted = Scripted()
    visitor = await visit(scripted.reception)
    await visitor.tap("Rather agree")
    scripted.open = card(3)

    await visitor.open()
    await visitor.tap("Rather agree")

    assert (await visitor.newest()).lines[1] == "3 of 35"
    assert len({told.address for told in scripted.told}) == 1


# --- Trouble ---------------------------------------------------------------------------------


async def test_lost_reply__is_asked_for_again_under_the_same_id(visit: Visit) -> None:
    scripted = Scripted({NEXT: [card(2)]})
    visitor = await visit(scripted.reception)
    visitor.forgives = (OFFLINE,)
    await visitor.page.route("**/chat", _deliver_and_lose, times=1)

    await visitor.button("Rather agree").click()
    await expect(visitor.page.get_by_role("alert").last).to_contain_text("Nothing is lost")
    await visitor.page.get_by_role("button", name="Try again").click()
    await visitor.settled()

    first, second = scripted.told
    assert first.update == second.update
    assert (await visitor.newest()).lines[1] == "2 of 35"
    await expect(visitor.page.locator("#trouble")).to_be_empty()


async def _deliver_and_lose(route: Route) -> None:
    await route.fetch()
    await route.abort()


async def test_connection_that_comes_back__sends_by_itself(visit: Visit) -> None:
    scripted = Scripted({"2": [card(2, replaces=False)]})
    visitor = await visit(scripted.reception)
    visitor.forgives = (OFFLINE,)
    await visitor.page.context.set_offline(True)

    await visitor.field.fill("2")
    await visitor.field.press("Enter")
    await expect(visitor.page.locator("#trouble")).to_contain_text("no connection")
    await visitor.page.context.set_offline(False)
    await visitor.settled()

    assert (await visitor.newest()).lines[1] == "2 of 35"
    assert await visitor.page.locator(".own").count() == 1


async def test_not_saved__is_said_and_can_be_sent_again(visit: Visit) -> None:
    scripted = Scripted({NEXT: [card(2)]})
    scripted.refuse = 1
    visitor = await visit(scripted.reception)
    visitor.forgives = (REFUSED,)

    await visitor.button("Rather agree").click()
    await expect(visitor.page.locator("#trouble")).to_contain_text("Nothing can be saved")
    await visitor.page.keyboard.press("Enter")  # the focus is on “Try again”
    await visitor.settled()

    assert (await visitor.newest()).lines[1] == "2 of 35"


async def test_text_too_long__comes_back_to_be_shortened(visit: Visit) -> None:
    visitor = await visit(Scripted().reception)
    visitor.forgives = ("413",)
    await visitor.field.evaluate("field => field.removeAttribute('maxlength')")

    await visitor.say("ж" * 9000)

    await expect(visitor.page.locator("#trouble")).to_contain_text("shorten it")
    await expect(visitor.field).to_have_value("ж" * 9000)
    assert await visitor.page.locator(".own").count() == 0


async def test_no_chat__says_so_in_every_language_and_opens_later(visit: Visit) -> None:
    visitor = await visit(Scripted().reception)
    visitor.forgives = (OFFLINE,)
    await visitor.page.route("**/chat", lambda route: route.abort(), times=1)

    await visitor.page.reload()
    await expect(visitor.page.locator("#closed")).to_contain_text("Nothing is lost")
    await visitor.page.get_by_role("button", name="Try again").click()

    await expect(visitor.page.locator("#closed")).to_be_hidden()
    await expect(visitor.current).to_be_visible()


async def test_complaints_of_the_browser__are_noticed(visit: Visit) -> None:
    visitor = await visit(Scripted().reception)

    await visitor.page.evaluate("""() => {
      const script = document.createElement("script");
      script.textContent = "document.title = 'broken in'";
      document.head.append(script);
    }""")
    await asyncio.sleep(0.1)

    (complaint,) = visitor.complaints
    assert "Content Security Policy" in complaint
    assert await visitor.page.title() == "Merilo"
    visitor.complaints.clear()
