"""The Telegram face against a strict fake of the Bot API, over real HTTP."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.telegram import chats
from tests.chat import edition
from tests.fake_telegram import FakeTelegram, cut_after, server_error, too_many_requests
from tests.fake_telegram.people import Person, View
from tests.faults.people import until
from tests.golden import whole
from tests.servers import SECRET, TOKEN, merilo

OCCAY = edition("occay")
BOTH_WAYS = pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(TOKEN) as fake:
        yield fake
        assert not fake.problems


async def begin(
    person: Person, language: str = "English", labels: tuple[str, str] = ("I agree", "Begin")
) -> None:
    """First contact, up to the first statement."""
    await person.send("/start")
    await person.press(language)
    for label in labels:
        await person.press(label)
    await person.quiet()


def word(key: str, language: str) -> str:
    return OCCAY.text(key, language)


@BOTH_WAYS
async def test_whole_assessment__in_latvian__ends_with_all_seven_results(
    telegram: FakeTelegram, data_folder: Path, webhook: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A chat goes on without a picture that takes long, as it may on a machine with a lot to do.
    monkeypatch.setattr(chats, "PICTURE", 60.0)
    async with merilo(data_folder, telegram, webhook=webhook):
        person = telegram.person(1001, language_code="lv")
        await person.send("/start")
        await person.press("Latviešu")
        await person.press("Piekrītu")
        await person.press("Sākt")
        answers = [word(option.key, "lv") for option in OCCAY.scale]
        for number, statement in enumerate(OCCAY.required):
            await person.sees(word(statement, "lv"))
            await person.press(answers[number % 4])
            if OCCAY.section_of(statement).statements[-1].id == statement:
                await person.sees(word(OCCAY.section_of(statement).key, "lv"), "%")
                last = statement == OCCAY.required[-1]
                await person.press("Kopējais rezultāts" if last else "Nākamā sadaļa")
        await person.sees("35", word("title", "lv"), word("scoring", "lv"))

        def results() -> list[View]:
            return [view for view in person.screen if view.is_from_bot]

        # Of seven sections, whose results stayed, and of the whole: each with a picture.
        await until(lambda: len(results()) == 16)
        pictures = [view for view in results() if view.file == "photo"]
        assert len(pictures) == 8
        assert word("section/7", "lv") in pictures[-1].text, "the picture is told in words"


@pytest.mark.parametrize(
    ("instrument", "language"),
    [
        ("cpo", "bg"),
        ("cipo", "en"),
        ("counsellor", "lv"),
        ("digital-profile", "bg"),
        ("social-media", "lv"),
    ],
)
async def test_whole_assessment__with_each_instrument__says_what_its_transcript_says(
    telegram: FakeTelegram, data_folder: Path, instrument: str, language: str
) -> None:
    async with merilo(data_folder, telegram):
        person = telegram.person(1, language_code=language)
        for turn in whole(instrument, language):
            await (person.press(turn.text) if turn.act == "press" else person.send(turn.text))
            await person.quiet()
            for line in turn.lines:
                await person.sees(line)


async def test_once_more__last_times_answers_kept_across_a_restart__and_compared(
    telegram: FakeTelegram, data_folder: Path
) -> None:
    person = telegram.person(1, language_code="bg")
    async with merilo(data_folder, telegram):
        for turn in whole("cipo", "bg")[:-1]:  # all but the list of results
            await (person.press(turn.text) if turn.act == "press" else person.send(turn.text))
        await person.press("Меню")
        await person.press("Други самооценки")
        await person.press(edition("cipo").text("title", "bg"))
        await person.press("Започвам")
        await person.press("С предишните отговори")
        for _ in range(4):
            await person.press("Запазвам отговора")
        await person.sees("5 от 10", "Миналия път: Да")
    async with merilo(data_folder, telegram):
        await person.press("Не")
        for onward in ("Следващ раздел", "Следващ раздел", "Общ резултат"):
            await person.press(onward)
            await person.quiet()
            while any("Запазвам отговора" in row for row in person.card.buttons):
                await person.press("Запазвам отговора")
                await person.quiet()
        await person.press("Сравнение")
        await person.sees("Повишени: 0. Понижени: 1. Без промяна: 9.")
        await person.press("По твърдения")
        await person.sees("Понижени:", "Да → Не")


@BOTH_WAYS
async def test_duplicates__delivered_at_once__change_nothing(
    telegram: FakeTelegram, data_folder: Path, webhook: bool
) -> None:
    telegram.updates.duplicates = 1
    telegram.updates.shuffle_window = 5
    async with merilo(data_folder, telegram, webhook=webhook):
        person = telegram.person(1)
        await begin(person)
        for option in ("Fully agree", "Rather agree", "Rather disagree", "Fully disagree"):
            await person.press(option)
        await person.sees("Together: 6 of 12 points")


async def test_double_tap__answers_once_and_every_tap_is_answered(
    telegram: FakeTelegram, data_folder: Path
) -> None:
    async with merilo(data_folder, telegram):
        person = telegram.person(1)
        await begin(person)
        card = person.card
        await person.press("Fully agree", at_once=True)
        await person.press("Fully agree", message=card, at_once=True)
        await person.quiet()
        await person.sees("2 of 35")
        presses = 3 + 2
        assert telegram.calls["answerCallbackQuery"] == presses


async def test_old_card__tapped_later__changes_that_answer(
    telegram: FakeTelegram, data_folder: Path
) -> None:
    async with merilo(data_folder, telegram):
        person = telegram.person(1)
        await begin(person)
        old = person.card
        await person.press("Fully agree")
        await person.press("Fully agree", message=old)
        await person.press("Rather disagree", message=old)
        await person.sees("1.1: Rather disagree. Saved.", "2 of 35")


async def test_message_gone__a_new_card_comes(telegram: FakeTelegram, data_folder: Path) -> None:
    async with merilo(data_folder, telegram):
        person = telegram.person(1)
        await begin(person)
        card = person.card
        telegram.make_too_old(person, card.id)
        await person.press("Fully agree")
        await person.sees("2 of 35")
        assert person.card.id > card.id


async def test_limits_and_faults__are_waited_out(telegram: FakeTelegram, data_folder: Path) -> None:
    async with merilo(data_folder, telegram):
        person = telegram.person(1)
        await begin(person)
        telegram.faults.next("editMessageText", too_many_requests(1), server_error(502))
        await person.press("Fully agree")
        await person.sees("2 of 35")
        telegram.faults.next("editMessageText", cut_after())
        await person.press("Fully agree")
        await person.sees("3 of 35")


async def test_blocked__nothing_more_is_sent_until_they_write(
    telegram: FakeTelegram, data_folder: Path
) -> None:
    async with merilo(data_folder, telegram):
        person = telegram.person(1)
        await begin(person)
        await person.blocks()
        await person.quiet()
        await person.unblocks()
        await person.send("/menu")
        await person.sees("[Continue: ")


async def test_what_is_not_text__gets_a_sentence_and_the_card(
    telegram: FakeTelegram, data_folder: Path
) -> None:
    async with merilo(data_folder, telegram):
        person = telegram.person(1)
        await begin(person)
        await person.sends_sticker()
        await person.sees("A fine sticker", "1 of 35")
        await person.sends_voice()
        await person.sees("voice", "1 of 35")
        await person.send("<b>markup</b> & more")
        await person.sees("did not understand", "1 of 35")


async def test_group__points_to_the_private_chat(telegram: FakeTelegram, data_folder: Path) -> None:
    async with merilo(data_folder, telegram):
        person = telegram.person(1, language_code="bg")
        member = telegram.group(-100).member(person)
        await member.send("/start")
        await member.quiet()
        assert any("t.me/" in view.html for view in member.screen)


async def test_commands__are_registered_in_every_language(
    telegram: FakeTelegram, data_folder: Path
) -> None:
    async with merilo(data_folder, telegram):
        person = telegram.person(1)
        await begin(person)
        languages = {
            call.parameters.get("language_code", "")
            for call in telegram.log
            if call.method == "setMyCommands"
        }
        assert languages == {"", "bg", "lv", "en"}


async def test_restart__the_place_is_kept(telegram: FakeTelegram, data_folder: Path) -> None:
    person = telegram.person(1)
    async with merilo(data_folder, telegram):
        await begin(person)
        await person.press("Fully agree")
        await person.sees("2 of 35")
    async with merilo(data_folder, telegram):
        await person.press("Rather agree")
        await person.sees("3 of 35")


async def test_webhook__refuses_strangers_and_nonsense(
    telegram: FakeTelegram, data_folder: Path
) -> None:
    header = "X-Telegram-Bot-Api-Secret-Token"
    async with (
        merilo(data_folder, telegram, webhook=True) as address,
        aiohttp.ClientSession() as http,
    ):

        async def post(body: bytes, secret: str = SECRET) -> int:
            url = f"{address}/telegram/webhook"
            async with http.post(url, data=io.BytesIO(body), headers={header: secret}) as response:
                return response.status

        assert await post(b'{"update_id": 1}', "wrong") == 403
        assert await post(b"nonsense") == 400
        assert await post(b"[1, 2]") == 400
        assert await post(b'{"update_id": 1, "message": {"text": 5}}') == 400
        assert await post(b"x" * (1024 * 1024 + 1)) == 413
        assert await post(b'{"update_id": 1, "unknown_kind": {}}') == 200


async def test_unreachable_telegram__the_browser_is_served_all_the_same(data_folder: Path) -> None:
    async with FakeTelegram(TOKEN) as gone:
        pass
    async with (
        merilo(data_folder, gone) as address,
        aiohttp.ClientSession() as http,
        http.get(f"{address}/readyz") as response,
    ):
        assert response.status == 200


@BOTH_WAYS
async def test_inline__offers_topics_and_tips_to_share(
    telegram: FakeTelegram, data_folder: Path, webhook: bool
) -> None:
    async with merilo(data_folder, telegram, webhook=webhook):
        person = telegram.person(1, language_code="lv")
        await begin(telegram.person(2))  # Merilo is up, and has told what it wants to hear of

        offers = await person.looks_up("ētikas kodeksu")

        assert offers[0].title == word("topic/G1-4", "lv")
        assert offers[0].html.startswith(f"<b>{offers[0].title}</b>")
        assert "https://t.me/merilo_test_bot" in offers[0].html
        assert any("/tip/" in offer.id for offer in await person.looks_up("konsultantiem kursi"))
        assert len(await person.looks_up("")) == 10
        assert await person.looks_up("xyzzyqwrt") == []
        answers = [c.parameters for c in telegram.log if c.method == "answerInlineQuery"]
        assert {(a["cache_time"], a["is_personal"]) for a in answers} == {(3600, True)}


async def test_inline__too_old__is_let_go(telegram: FakeTelegram, data_folder: Path) -> None:
    async with merilo(data_folder, telegram):
        await begin(telegram.person(2))
        telegram.inline.lifetime = -1
        assert await telegram.person(1).looks_up("consent") == []


async def test_guide__in_the_chat__more_on_a_statement_and_back(
    telegram: FakeTelegram, data_folder: Path
) -> None:
    async with merilo(data_folder, telegram):
        person = telegram.person(1)
        await begin(person)
        for label in ("Why it matters", "More on this"):
            await person.press(label)
        await person.sees(word("topic/G1-1", "en"), "Helps with these statements", "[Back to my")
        await person.press("Back to my place")
        await person.sees("1 of 35")
        await person.send("no sound")
        await person.sees("Try one after the other")
