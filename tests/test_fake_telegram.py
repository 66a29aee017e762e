"""The fake Bot API, held against the stock python-telegram-bot and against aiogram's types."""

import asyncio
import datetime as dt
import html
import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiogram.types
import aiohttp
import pytest
import telegram as ptb
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import BadRequest, Conflict, Forbidden, NetworkError, RetryAfter

from tests.fake_telegram import (
    ApiError,
    FakeTelegram,
    Person,
    cut_after,
    cut_before,
    delay,
    server_error,
    too_many_requests,
)
from tests.fake_telegram.markup import FormattedText, HtmlParser

TOKEN = "123456:TEST"
CARD = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("Rather agree", callback_data="a:3"),
            InlineKeyboardButton("Rather disagree", callback_data="a:2"),
        ],
        [InlineKeyboardButton("Handbook", url="https://example.org/handbook")],
    ]
)


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(TOKEN) as fake:
        yield fake


@pytest.fixture
async def bot(telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ptb.Bot]:
    # Without it the library warns of its own future type whenever it meets a 429.
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    base = telegram.base_url
    async with ptb.Bot(TOKEN, f"{base}/bot", f"{base}/file/bot") as stock:
        yield stock


@pytest.fixture
async def anna(telegram: FakeTelegram) -> Person:
    return telegram.person(1001, "lv", has_opened=True)


class Receiver:
    """A webhook that keeps what it gets and answers as it is told."""

    def __init__(self) -> None:
        self.updates: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.answers: list[web.Response | Callable[[], web.Response]] = []
        self.url = ""

    async def handle(self, request: web.BaseRequest) -> web.Response:
        self.updates.append(await request.json())
        self.headers.append(dict(request.headers))
        answer = self.answers.pop(0) if self.answers else web.Response()
        return answer() if callable(answer) else answer

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.updates]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    runner = web.ServerRunner(web.Server(receiver.handle))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/telegram"
    yield receiver
    await runner.cleanup()


async def call(telegram: FakeTelegram, method: str, **parameters: Any) -> dict[str, Any]:
    """A call without a library, for what a library would not let through."""
    url = f"{telegram.base_url}/bot{TOKEN}/{method}"
    async with aiohttp.ClientSession() as session, session.post(url, json=parameters) as answer:
        body: dict[str, Any] = await answer.json()
    assert answer.status == (200 if body["ok"] else body["error_code"])
    return body


async def refusal(telegram: FakeTelegram, method: str, **parameters: Any) -> str:
    body = await call(telegram, method, **parameters)
    assert not body["ok"], body
    return str(body["description"])


async def polled(bot: ptb.Bot, **more: Any) -> list[ptb.Update]:
    return list(await bot.get_updates(**more))


# Sending and editing


async def test_message_with_buttons_is_on_the_screen(bot: ptb.Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "<b>1.1</b> R&amp;D", ParseMode.HTML, reply_markup=CARD)

    assert [view.text for view in anna.screen] == ["1.1 R&D"]
    assert anna.card.html == "<b>1.1</b> R&amp;D"
    assert anna.card.buttons == (("Rather agree", "Rather disagree"), ("Handbook",))


async def test_edit_changes_the_message_in_place(bot: ptb.Bot, anna: Person) -> None:
    message = await bot.send_message(anna.id, "1.1", reply_markup=CARD)
    edited = await bot.edit_message_text("1.2", anna.id, message.message_id)

    assert isinstance(edited, ptb.Message)
    assert edited.edit_date is not None
    assert [(view.text, view.buttons) for view in anna.screen] == [("1.2", ())]


async def test_edit_without_a_change_is_refused(bot: ptb.Bot, anna: Person) -> None:
    message = await bot.send_message(anna.id, "1.1", reply_markup=CARD)

    with pytest.raises(BadRequest, match="Message is not modified: specified new message content"):
        await bot.edit_message_text(" 1.1 ", anna.id, message.message_id, reply_markup=CARD)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(anna.id, message.message_id, reply_markup=CARD)
    await bot.edit_message_reply_markup(anna.id, message.message_id)
    assert anna.screen[0].buttons == ()


async def test_only_own_present_and_recent_messages_can_be_edited(
    telegram: FakeTelegram, bot: ptb.Bot, anna: Person
) -> None:
    hers = await anna.send("hello")
    mine = await bot.send_message(anna.id, "1.1")
    telegram.make_too_old(anna, mine.message_id)

    for message_id in (hers.id, mine.message_id):
        with pytest.raises(BadRequest, match="Message can't be edited"):
            await bot.edit_message_text("1.2", anna.id, message_id)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("1.2", anna.id, 99)


async def test_deleted_message_leaves_the_screen(bot: ptb.Bot, anna: Person) -> None:
    message = await bot.send_message(anna.id, "1.1")
    await bot.delete_message(anna.id, message.message_id)

    assert anna.screen == []
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(anna.id, message.message_id)


async def test_document_and_photo_can_be_sent_and_fetched(
    telegram: FakeTelegram, bot: ptb.Bot, anna: Person
) -> None:
    report = b"%PDF" + bytes(2_000_000)
    message = await bot.send_document(
        anna.id, report, caption="<i>2026</i>", filename="r.pdf", parse_mode=ParseMode.HTML
    )
    assert message.document is not None
    file = await bot.get_file(message.document.file_id)
    assert bytes(await file.download_as_bytearray()) == report
    assert (anna.screen[0].file, anna.screen[0].html) == ("r.pdf", "<i>2026</i>")

    seen = await anna.sends_photo("my chart")
    picture = telegram.chats[anna.id].messages[seen.id].media["photo"][0]["file_id"]
    assert (await bot.send_photo(anna.id, picture)).photo[0].width == 1
    with pytest.raises(BadRequest, match=r"(?i)IMAGE_PROCESS_FAILED"):
        await bot.send_photo(anna.id, b"no picture")
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_document(anna.id, b"x", caption="x" * 1025)


# What is refused


@pytest.mark.parametrize(
    ("parameters", "description"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": "<b></b>"}, "text must be non-empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": "x", "chat_id": ""}, "chat_id is empty"),
        ({"text": "x", "chat_id": 5}, "chat not found"),
        ({"text": "x", "reply_parameters": {"message_id": 9}}, "message to be replied not found"),
        ({"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        (
            {"text": "<b>x"},
            "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        (
            {"text": "ā<br>"},
            'can\'t parse entities: Unsupported start tag "br" at byte offset 2',
        ),
        (
            {"text": "<i>a</b>"},
            "can't parse entities: Unmatched end tag at byte offset 4,"
            ' expected "</i>", found "</b>"',
        ),
        ({"text": "a <b"}, "can't parse entities: Unclosed start tag at byte offset 2"),
        (
            {"text": "a < b"},
            'can\'t parse entities: Unsupported start tag "" at byte offset 2',
        ),
    ],
)
async def test_bad_text_is_refused(
    telegram: FakeTelegram, anna: Person, parameters: dict[str, Any], description: str
) -> None:
    given = {"chat_id": anna.id, "parse_mode": "HTML", **parameters}
    if "parse_mode" in description:
        given["parse_mode"] = "BBCode"
    assert await refusal(telegram, "sendMessage", **given) == f"Bad Request: {description}"


@pytest.mark.parametrize(
    ("button", "description"),
    [
        ({"text": "x", "callback_data": "я" * 32 + "x"}, "BUTTON_DATA_INVALID"),
        (
            {"text": "x"},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "x", "url": "http://localhost"},
            "inline keyboard button URL 'http://localhost' is invalid: Wrong HTTP URL",
        ),
        (
            {"text": "x", "url": "ftp://example.org"},
            "inline keyboard button URL 'ftp://example.org' is invalid: Unsupported URL protocol",
        ),
    ],
)
async def test_bad_button_is_refused(
    telegram: FakeTelegram, anna: Person, button: dict[str, Any], description: str
) -> None:
    markup = {"inline_keyboard": [[button]]}
    given = {"chat_id": anna.id, "text": "x", "reply_markup": markup}
    assert await refusal(telegram, "sendMessage", **given) == f"Bad Request: {description}"


async def test_64_bytes_of_data_are_fine_and_101_buttons_are_not(
    telegram: FakeTelegram, anna: Person
) -> None:
    button = {"text": "x", "callback_data": "я" * 32}
    markup = {"inline_keyboard": [[button]]}
    assert (await call(telegram, "sendMessage", chat_id=1001, text="x", reply_markup=markup))["ok"]
    markup = {"inline_keyboard": [[button]] * 101}
    description = await refusal(
        telegram, "sendMessage", chat_id=1001, text="x", reply_markup=markup
    )
    assert description == "Bad Request: reply markup is too long"
    assert not telegram.problems


async def test_chat_must_have_been_opened_and_not_be_blocked(
    telegram: FakeTelegram, bot: ptb.Bot
) -> None:
    boris = telegram.person(1002)
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(boris.id, "hello")
    await boris.send("/start")
    await bot.send_message(boris.id, "hello")
    await boris.blocks()
    with pytest.raises(Forbidden, match="Forbidden: bot was blocked by the user"):
        await bot.send_message(boris.id, "hello")
    await boris.unblocks()
    await bot.send_message(boris.id, "hello")


async def test_wrong_token_and_unknown_method(telegram: FakeTelegram) -> None:
    async with aiohttp.ClientSession() as session:
        answer = await session.get(f"{telegram.base_url}/bot999:NO/getMe")
        assert (answer.status, (await answer.json())["description"]) == (401, "Unauthorized")
    assert await refusal(telegram, "sendDice") == "Not Found: method not found"
    assert telegram.problems == ["sendDice: this method is not part of the fake"]


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        ({"txet": "x"}, "unknown parameter 'txet'"),
        ({"reply_markup": None}, "parameter 'reply_markup' is null: leave it out instead"),
        ({"text": "R&D", "parse_mode": "HTML"}, "a bare '&' in HTML: '&D'"),
        ({"text": "a&nbsp;b", "parse_mode": "HTML"}, "a bare '&' in HTML: '&nbsp;b'"),
        ({"text": "a > b", "parse_mode": "HTML"}, "a bare '>' in HTML: write &gt;"),
        ({"text": "<a href='x'>y</a>", "parse_mode": "HTML"}, "a link that leads nowhere: 'x'"),
        (
            {"text": "<b>a</b> " * 101, "parse_mode": "HTML"},
            "101 entities: Telegram drops those after the hundredth",
        ),
        (
            {"reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "x"}] * 9]}},
            "9 buttons in a row: Telegram shows at most 8",
        ),
    ],
)
async def test_what_telegram_overlooks_is_a_problem(
    telegram: FakeTelegram, anna: Person, parameters: dict[str, Any], problem: str
) -> None:
    answer = await call(telegram, "sendMessage", **{"chat_id": 1001, "text": "x", **parameters})
    assert answer["ok"]
    assert telegram.problems == [f"sendMessage: {problem}"]


def test_html_round_trip() -> None:
    source = (
        '<b>1</b> <i>ā<u>😀</u></i> <a href="https://example.org/?a=1&amp;b">y</a>'
        '<pre><code class="language-py">x &lt; 1</code></pre><blockquote expandable>q</blockquote>'
    )
    problems: list[str] = []
    parsed = HtmlParser(source, problems).parse()
    assert parsed.to_html() == source
    assert parsed.text == "1 ā😀 yx < 1q"
    assert [e["type"] for e in parsed.entities] == [
        "bold", "italic", "underline", "text_link", "pre", "expandable_blockquote",
    ]  # fmt: skip
    assert parsed.entities[2] == {"type": "underline", "offset": 3, "length": 2}
    assert not problems


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("&#57311;", "Text contains invalid Unicode characters after decoding HTML entities"),
        ("🏟 🏟&lt;<abac aba>", 'Unsupported start tag "abac" at byte offset 13'),
        ("🏟 🏟&lt;<i   =aba>", 'Empty attribute name in the tag "i" at byte offset 13'),
        (
            "🏟 🏟&lt;<i    aba>",
            'Expected equal sign in declaration of an attribute of the tag "i" at byte offset 13',
        ),
        ("🏟 🏟&lt;<i    aba  =  ", 'Unclosed start tag "i" at byte offset 13'),
        ("🏟 🏟&lt;<i    aba  =  190azAz-.,", "Unexpected end of name token at byte offset 27"),
        ("🏟 🏟&lt;<i    aba  =  '&lt;&gt;&quot;>", "Unclosed start tag at byte offset 13"),
        ("🏟 🏟&lt;<b></b></", "Unexpected end tag at byte offset 20"),
        ("🏟 🏟&lt;<i>a</i   ", "Unclosed end tag at byte offset 17"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_html_errors_are_those_of_tdlib(source: str, error: str) -> None:
    with pytest.raises(ApiError, match=re.escape(f"Bad Request: can't parse entities: {error}")):
        HtmlParser(source, []).parse()


@given(st.lists(st.tuples(st.sampled_from(["b", "i", "u", "s", "code"]), st.text(min_size=1))))
def test_html_comes_back_as_it_was(runs: list[tuple[str, str]]) -> None:
    source = "".join(f"<{tag}>{html.escape(text, quote=False)}</{tag}>" for tag, text in runs)
    problems: list[str] = []
    parsed = HtmlParser(source, problems).parse()
    assert parsed.text == "".join(text for _, text in runs)
    assert parsed.to_html() == source
    assert not problems


def test_commands_and_links_are_found_outside_code() -> None:
    found = FormattedText("/start@merilo_test_bot see https://example.org/x. a/b").with_found()
    assert [(e["type"], e["offset"], e["length"]) for e in found.entities] == [
        ("bot_command", 0, 22),
        ("url", 27, 21),
    ]


# Presses


async def test_press_is_answered_once(telegram: FakeTelegram, bot: ptb.Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "1.1", reply_markup=CARD)
    await anna.press("Rather agree")
    query = (await polled(bot))[0].callback_query
    assert query is not None
    assert (query.data, query.from_user.language_code) == ("a:3", "lv")

    await bot.answer_callback_query(query.id, "Saved", show_alert=True)
    assert [(notice.text, notice.is_alert) for notice in anna.notices] == [("Saved", True)]
    with pytest.raises(BadRequest, match="Query is too old and response timeout expired"):
        await bot.answer_callback_query(query.id)


async def test_late_and_long_answers_to_a_press(
    telegram: FakeTelegram, bot: ptb.Bot, anna: Person
) -> None:
    telegram.messaging.query_lifetime = 0.0
    message = await bot.send_message(anna.id, "1.1", reply_markup=CARD)
    query = await anna.press("Rather agree", at_once=True)
    with pytest.raises(BadRequest, match=r"(?i)MESSAGE_TOO_LONG"):
        await bot.answer_callback_query(query, "x" * 201)
    with pytest.raises(BadRequest, match=r"(?i)or query ID is invalid"):
        await bot.answer_callback_query(query)
    await bot.delete_message(anna.id, message.message_id)
    await anna.press_data("forged", message.message_id)
    pressed = (await polled(bot))[-1].callback_query
    assert pressed is not None
    assert pressed.data == "forged"
    assert pressed.message is not None
    assert not pressed.message.is_accessible


async def test_button_of_an_earlier_look_can_be_pressed(bot: ptb.Bot, anna: Person) -> None:
    message = await bot.send_message(anna.id, "1.1", reply_markup=CARD)
    earlier = anna.card
    await bot.edit_message_text("done", anna.id, message.message_id)
    with pytest.raises(LookupError, match="no button 'Rather agree' on:\n< done"):
        await anna.press("Rather agree", at_once=True)
    await anna.press("Rather agree", message=earlier)
    assert len(await polled(bot)) == 1


# Groups


async def test_privacy_mode_in_a_group(telegram: FakeTelegram, bot: ptb.Bot, anna: Person) -> None:
    group = telegram.group(-100)
    member = group.member(anna)
    await member.send("a word among ourselves")
    await member.send("/results@other_bot")
    await member.send("/results")
    mine = await bot.send_message(-100, "answer me")
    await member.send("yes", reply_to=mine.message_id)
    updates = await polled(bot)
    assert [update.effective_message.text for update in updates if update.effective_message] == [
        "/results",
        "yes",
    ]
    await group.removes_bot(anna)
    with pytest.raises(Forbidden, match="bot was kicked from the group chat"):
        await bot.send_message(-100, "hello")


# Profile


async def test_commands_are_kept_by_scope_and_language(bot: ptb.Bot) -> None:
    await bot.set_my_commands([("start", "Begin")])
    await bot.set_my_commands([("start", "Sākt")], language_code="lv")
    scope = ptb.BotCommandScopeChat(1001)
    assert [c.description for c in await bot.get_my_commands(language_code="lv")] == ["Sākt"]
    assert await bot.get_my_commands(scope=scope) == ()
    with pytest.raises(BadRequest, match=r"(?i)BOT_COMMAND_INVALID"):
        await bot.set_my_commands([("Start", "Begin")])
    with pytest.raises(BadRequest, match="Command description must be non-empty"):
        await bot.set_my_commands([("start", "")])
    with pytest.raises(BadRequest, match=r"(?i)BOT_COMMANDS_TOO_MUCH"):
        await bot.set_my_commands([(f"c{number}", "x") for number in range(101)])


async def test_descriptions_have_limits(telegram: FakeTelegram, bot: ptb.Bot) -> None:
    await bot.set_my_description("x" * 512)
    await bot.set_my_short_description("x" * 120, "lv")
    assert telegram.profile.short_descriptions == {"lv": "x" * 120}
    for setting in (bot.set_my_description, bot.set_my_short_description):
        with pytest.raises(BadRequest, match="too long"):
            await setting("x" * 513)


# Faults


async def test_planned_faults_meet_the_next_calls(
    telegram: FakeTelegram, bot: ptb.Bot, anna: Person
) -> None:
    telegram.faults.next("sendMessage", too_many_requests(3), server_error(502), None)
    with pytest.raises(RetryAfter) as waiting:
        await bot.send_message(anna.id, "1")
    assert waiting.value.retry_after == dt.timedelta(seconds=3)
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(anna.id, "2")
    await bot.send_message(anna.id, "3")
    assert [view.text for view in anna.screen] == ["3"]
    assert telegram.calls["sendMessage"] == 3
    assert telegram.faults.remaining == 0


async def test_connection_cut_before_and_after_the_effect(
    telegram: FakeTelegram, bot: ptb.Bot, anna: Person
) -> None:
    telegram.faults.next("sendMessage", cut_before(), cut_after(), server_error(after=True))
    for text in ("before", "after", "told to have failed"):
        with pytest.raises(NetworkError):
            await bot.send_message(anna.id, text)
    assert [view.text for view in anna.screen] == ["after", "told to have failed"]


async def test_slowness_and_chance(telegram: FakeTelegram, bot: ptb.Bot, anna: Person) -> None:
    telegram.faults.next("sendMessage", delay(0.1))
    sending = asyncio.create_task(bot.send_message(anna.id, "slow"))
    await asyncio.sleep(0.03)
    await bot.send_message(anna.id, "quick")
    await telegram.quiet()
    assert sending.done()
    assert [view.text for view in anna.screen] == ["quick", "slow"]

    telegram.faults.randomly(1.0, too_many_requests(1), methods=["sendChatAction"])
    with pytest.raises(RetryAfter):
        await bot.send_chat_action(anna.id, "typing")
    telegram.faults.clear()
    await bot.send_chat_action(anna.id, "typing")


# Long polling


async def test_polling_repeats_until_confirmed(bot: ptb.Bot, anna: Person) -> None:
    await anna.send("one")
    await anna.send("two")
    first = await polled(bot)
    assert first == await polled(bot)
    assert [u.update_id for u in first] == [first[0].update_id, first[0].update_id + 1]
    assert len(await polled(bot, limit=1)) == 1
    rest = await polled(bot, offset=first[0].update_id + 1)
    assert rest == first[1:]
    assert await polled(bot, offset=rest[0].update_id + 1) == []


async def test_long_poll_waits_for_an_update(bot: ptb.Bot, anna: Person) -> None:
    waiting = asyncio.create_task(polled(bot, timeout=10))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    await anna.send("here")
    assert len(await waiting) == 1


async def test_second_poller_drives_out_the_first(
    telegram: FakeTelegram, bot: ptb.Bot, anna: Person
) -> None:
    older = asyncio.create_task(call(telegram, "getUpdates", timeout=10))
    await asyncio.sleep(0.05)
    newer = asyncio.create_task(polled(bot, timeout=10))
    assert (await older)["description"] == (
        "Conflict: terminated by other getUpdates request;"
        " make sure that only one bot instance is running"
    )
    await anna.send("here")
    assert len(await newer) == 1


async def test_only_wanted_kinds_are_kept(bot: ptb.Bot, anna: Person) -> None:
    await polled(bot, allowed_updates=["edited_message"])
    message = await anna.send("one")
    await anna.edits(message, "two")
    updates = await polled(bot)
    assert [u.edited_message and u.edited_message.text for u in updates] == ["two"]


async def test_duplicates_have_the_same_number(
    telegram: FakeTelegram, bot: ptb.Bot, anna: Person
) -> None:
    telegram.updates.duplicates = 1
    await anna.send("one")
    first = await polled(bot)
    again = await polled(bot, offset=first[0].update_id + 1)
    assert again == first
    assert await polled(bot, offset=first[0].update_id + 1) == []


async def test_shuffling_keeps_numbers_rising(
    telegram: FakeTelegram, bot: ptb.Bot, anna: Person
) -> None:
    telegram.updates.shuffle_window = 20
    for number in range(25):
        await anna.send(str(number))
    await asyncio.sleep(0.05)
    updates = await polled(bot)
    numbers = [int(u.message.text) for u in updates if u.message and u.message.text]
    assert sorted(numbers) == list(range(25))
    assert numbers != sorted(numbers)
    ids = [u.update_id for u in updates]
    assert ids == sorted(set(ids))


async def test_quiet_does_not_wait_for_ever(telegram: FakeTelegram, anna: Person) -> None:
    await anna.send("nobody listens")
    with pytest.raises(TimeoutError, match="1 updates pending"):
        await telegram.quiet(patience=0.1)
    with pytest.raises(AssertionError, match="did not appear"):
        await anna.sees("an answer", patience=0.05)


# Webhook


async def test_webhook_gets_updates_with_the_secret(
    bot: ptb.Bot, anna: Person, receiver: Receiver
) -> None:
    await bot.set_webhook(receiver.url, secret_token="s3cret_-", max_connections=5)
    await anna.send("/start")
    await anna.quiet()
    assert receiver.texts == ["/start"]
    assert receiver.headers[0]["X-Telegram-Bot-Api-Secret-Token"] == "s3cret_-"
    info = await bot.get_webhook_info()
    assert (info.url, info.max_connections, info.pending_update_count) == (receiver.url, 5, 0)
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await polled(bot)
    assert await bot.delete_webhook()
    assert await polled(bot) == []


async def test_webhook_is_repeated_until_it_answers_well(
    telegram: FakeTelegram, bot: ptb.Bot, anna: Person, receiver: Receiver
) -> None:
    receiver.answers = [web.Response(status=500), web.Response(status=503)]
    telegram.webhook.lost_acknowledgements = 1
    await bot.set_webhook(receiver.url)
    await anna.send("one")
    await anna.send("two")
    await anna.quiet()
    assert receiver.texts == ["one", "one", "one", "one", "two"]
    assert len({update["update_id"] for update in receiver.updates}) == 2
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 503 Service Unavailable"


async def test_webhook_duplicates(
    telegram: FakeTelegram, bot: ptb.Bot, anna: Person, receiver: Receiver
) -> None:
    telegram.updates.duplicates = 2
    await bot.set_webhook(receiver.url)
    await anna.send("one")
    await anna.quiet()
    assert receiver.texts == ["one"] * 3


async def test_call_in_the_answer_of_the_webhook(
    telegram: FakeTelegram, bot: ptb.Bot, anna: Person, receiver: Receiver
) -> None:
    message = await bot.send_message(anna.id, "1.1", reply_markup=CARD)
    edit = {"method": "editMessageText", "chat_id": 1001, "message_id": message.message_id}
    receiver.answers = [web.json_response({**edit, "text": "1.2"})]
    await bot.set_webhook(receiver.url)
    await anna.press("Rather agree")
    await anna.sees("1.2")
    assert [(c.method, c.via) for c in telegram.log if c.via != "http"] == [
        ("editMessageText", "webhook")
    ]


async def test_call_in_a_form_in_the_answer_of_the_webhook(
    telegram: FakeTelegram, bot: ptb.Bot, anna: Person, receiver: Receiver
) -> None:
    message = await bot.send_message(anna.id, "1.1", reply_markup=CARD)
    edit = {"method": "editMessageText", "chat_id": "1001", "text": "Да\n1.2"}
    with aiohttp.MultipartWriter("form-data") as form:
        for name, value in {**edit, "message_id": str(message.message_id)}.items():
            form.append(value).set_content_disposition("form-data", name=name)
    receiver.answers = [web.Response(body=form)]
    await bot.set_webhook(receiver.url)
    await anna.press("Rather agree")
    await anna.sees("Да\n1.2")


async def test_pending_updates_survive_the_change_of_the_way(
    bot: ptb.Bot, anna: Person, receiver: Receiver
) -> None:
    await anna.send("before")
    await bot.set_webhook(receiver.url)
    await anna.quiet()
    assert receiver.texts == ["before"]
    await bot.delete_webhook()
    await anna.send("dropped")
    await bot.set_webhook(receiver.url, drop_pending_updates=True)
    await anna.send("after")
    await anna.quiet()
    assert receiver.texts == ["before", "after"]


async def test_webhook_drives_out_the_poller(bot: ptb.Bot, receiver: Receiver) -> None:
    polling = asyncio.create_task(polled(bot, timeout=10))
    await asyncio.sleep(0.05)
    await bot.set_webhook(receiver.url)
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await polling


@pytest.mark.parametrize(
    ("url", "secret", "reason"),
    [
        ("http://example.org/x", "", "bad webhook: An HTTPS URL must be provided for webhook"),
        ("https://example.org:81/", "", "bad webhook: Webhook can be set up only on ports 80,"),
        ("ftp://example.org", "", "invalid webhook URL specified"),
        ("https://example.org", "a b", "secret token contains unallowed characters"),
        ("https://example.org", "a" * 257, "secret token is too long"),
    ],
)
async def test_bad_webhook_is_refused(
    telegram: FakeTelegram, url: str, secret: str, reason: str
) -> None:
    description = await refusal(telegram, "setWebhook", url=url, secret_token=secret)
    assert description.startswith(f"Bad Request: {reason}")


# The objects


async def do_everything(bot: ptb.Bot, telegram: FakeTelegram) -> None:
    """Let every kind of object come into being once."""
    anna = telegram.person(1001, "lv", username="anna")
    start = await anna.send("/start now", reply_to=None)
    await anna.send("again", reply_to=start)
    await anna.edits(start, "/start https://example.org")
    await anna.sends_sticker()
    await anna.sends_voice()
    await anna.sends_photo("caption #1")
    await anna.sends_document("a.txt", b"text", "text/plain")
    options = ptb.LinkPreviewOptions(is_disabled=True)
    text = "<b>a</b> <a href='https://example.org'>b</a>"
    card = await bot.send_message(
        anna.id, text, ParseMode.HTML, reply_markup=CARD, link_preview_options=options,
        reply_to_message_id=start.id, protect_content=True,
    )  # fmt: skip
    await anna.press("Rather agree", at_once=True)
    await bot.send_document(anna.id, b"x", caption="c", parse_mode=ParseMode.HTML, filename="x.pdf")
    await bot.edit_message_text("changed", anna.id, card.message_id)
    await bot.delete_message(anna.id, card.message_id)
    await anna.press_data("old", card.message_id)
    group = telegram.group(-1001234567890)
    await group.member(anna).send("/results")
    await group.removes_bot(anna)
    await anna.blocks()
    await anna.unblocks()


async def test_every_object_reads_in_aiogram_and_in_python_telegram_bot(
    telegram: FakeTelegram, bot: ptb.Bot
) -> None:
    await do_everything(bot, telegram)
    bodies = (await call(telegram, "getUpdates"))["result"]
    assert len(bodies) == 13
    for body in bodies:
        assert not unread_by_aiogram(aiogram.types.Update.model_validate(body)), body
        assert not unread_by_ptb(ptb.Update.de_json(body, bot)), body
    types: dict[str, Any] = {
        "getMe": aiogram.types.User,
        "sendMessage": aiogram.types.Message,
        "sendDocument": aiogram.types.Message,
        "editMessageText": aiogram.types.Message,
    }
    for made in telegram.log:
        assert made.error is None
        if made.method in types:
            assert not unread_by_aiogram(types[made.method].model_validate(made.result))
    assert not telegram.problems


def unread_by_aiogram(read: object) -> dict[str, Any]:
    """What aiogram did not know, anywhere inside the object."""
    if isinstance(read, list):
        return {key: value for each in read for key, value in unread_by_aiogram(each).items()}
    if not isinstance(read, aiogram.types.TelegramObject):
        return {}
    found = dict(read.model_extra or {})
    for name in type(read).model_fields:
        found.update(unread_by_aiogram(getattr(read, name)))
    return found


def unread_by_ptb(read: object) -> dict[str, Any]:
    """What python-telegram-bot did not know, anywhere inside the object."""
    if isinstance(read, tuple):
        return {key: value for each in read for key, value in unread_by_ptb(each).items()}
    if not isinstance(read, ptb.TelegramObject):
        return {}
    found: dict[str, Any] = dict(read.api_kwargs)
    for kind in type(read).__mro__:
        for name in getattr(kind, "__slots__", ()):
            if name in {"_bot", "api_kwargs"}:
                continue
            found.update(unread_by_ptb(getattr(read, name, None)))
    return found


# The stock machinery


async def test_stock_application_polls_and_answers(telegram: FakeTelegram) -> None:
    from telegram.ext import ApplicationBuilder, CommandHandler, ContextTypes

    async def start(update: ptb.Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.effective_message is not None
        await update.effective_message.reply_text("Choose your language.", reply_markup=CARD)

    base = telegram.base_url
    builder = ApplicationBuilder().token(TOKEN).base_url(f"{base}/bot")
    application = builder.base_file_url(f"{base}/file/bot").build()
    application.add_handler(CommandHandler("start", start))
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling(poll_interval=0.0, timeout=2)
        person = telegram.person(7)
        await person.send("/start")
        await person.sees("Choose your language.", "[Rather agree]")
        await person.quiet()
        await application.updater.stop()
        await application.stop()
    assert not telegram.problems


async def test_people_can_be_moved_from_another_process(
    telegram: FakeTelegram, bot: ptb.Bot
) -> None:
    async with aiohttp.ClientSession(telegram.base_url) as session:
        await session.post("/control/7/send", json={"text": "/start"})
        await bot.send_message(7, "1.1", reply_markup=CARD)
        answer = await session.post("/control/7/press", json={"label": "Rather agree"})
        screen = (await answer.json())["result"]["screen"]
        assert [message["text"] for message in screen] == ["/start", "1.1"]
        answer = await session.post("/control/7/press", json={"label": "Nothing"})
        assert answer.status == 400
    assert len(await polled(bot)) == 2
