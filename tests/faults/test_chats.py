"""Chats that take nothing from us any more, or have moved: at most one message after the refusal."""

from collections import Counter
from pathlib import Path

from sqlalchemy import create_engine, select

from storage.tables import conversations
from tests.fake_telegram import FakeTelegram
from tests.fake_telegram.errors import ApiError, bad_request, forbidden
from tests.fake_telegram.faults import Fault
from tests.servers import TOKEN, merilo
from tests.sizes import Figure
from tests.test_telegram import BOTH_WAYS, begin

CLOSED = {
    "blocked": forbidden("bot was blocked by the user"),
    "deactivated": forbidden("user is deactivated"),
    "never opened": forbidden("bot can't initiate conversation with a user"),
    "deleted": bad_request("chat not found"),
}
SENDING = {"sendMessage", "editMessageText"}
MOVED_TO = -1_000_000_000_123


@BOTH_WAYS
async def test_closed_chat__gets_at_most_one_more_message(
    data_folder: Path, webhook: bool, figure: Figure
) -> None:
    async with FakeTelegram(TOKEN) as telegram, merilo(data_folder, telegram, webhook=webhook):
        for number, (why, refusal) in enumerate(CLOSED.items(), start=1):
            more = await close_under_way(telegram, number, refusal, taps=1 if webhook else 3)
            assert more <= 1
            assert blocked(data_folder) == number
            figure(f"chat closed: {why}", f"{more} messages after the first refusal")
        telegram.faults.clear()
        telegram.latency = 0.0
        for number in range(1, len(CLOSED) + 1):  # and whoever comes back is answered
            await telegram.person(number).send("/menu")
            await telegram.person(number).sees("[Continue: ")
        assert blocked(data_folder) == 0


async def close_under_way(telegram: FakeTelegram, number: int, refusal: ApiError, taps: int) -> int:
    """A chat closes while several updates are under way, as many as Telegram delivers at once; how many
    messages are sent there after the first refusal."""
    telegram.faults.clear()
    telegram.latency = 0.0
    person = telegram.person(number)
    await begin(person)
    card, before = person.card, sends(telegram)
    telegram.latency = 0.1
    telegram.faults.randomly(1.0, Fault(refusal), methods=SENDING)
    for label in ("Fully agree", "Rather agree", "Back")[:taps]:
        await person.press(label, message=card, at_once=True)
    await person.send("2")
    await person.quiet()
    return sends(telegram) - before - 1


def sends(telegram: FakeTelegram) -> int:
    """Calls so far that write into a chat, refused ones too."""
    return sum(telegram.calls[method] for method in SENDING)


def blocked(folder: Path) -> int:
    """How many chats are marked."""
    engine = create_engine(f"sqlite:///{folder / 'merilo.db'}")
    with engine.connect() as connection:
        found = list(connection.scalars(select(conversations.c.blocked_at)))
    engine.dispose()
    return sum(at is not None for at in found)


async def test_group_that_has_moved__gets_the_sentence_where_it_is_now(data_folder: Path) -> None:
    moved = ApiError(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        {"migrate_to_chat_id": MOVED_TO},
    )
    async with FakeTelegram(TOKEN) as telegram, merilo(data_folder, telegram):
        anna = telegram.person(1)
        group, now = telegram.group(-100).member(anna), telegram.group(MOVED_TO).member(anna)
        await begin(anna)
        telegram.faults.next("sendMessage", Fault(moved))
        before = Counter(telegram.calls)
        await group.send("/start")
        await now.sees("Answers are personal")
        assert telegram.calls["sendMessage"] - before["sendMessage"] == 2
