"""Admins in Telegram, over real HTTP: a file from a phone becomes the edition that people see."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.bases import shipped_package
from content.package import read_parts
from locales import catalogue_path
from tests.chat import edition
from tests.fake_telegram import FakeTelegram
from tests.servers import TOKEN, merilo

ADMINS = "7:content+operator, 8:content"
TITLE = edition("occay").text("title", "lv")
NEW = f"{TITLE} (jauna)"


@pytest.fixture(autouse=True)
def check_in_place() -> None:
    """Not here."""


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(TOKEN) as fake:
        yield fake
        assert not fake.problems


def catalogue(title: str) -> bytes:
    written = catalogue_path("lv", "occay").read_text(encoding="utf-8")
    assert f'"{TITLE}"' in written
    return written.replace(f'"{TITLE}"', f'"{title}"').encode()


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_file__is_checked_previewed_published_and_seen(
    telegram: FakeTelegram, data_folder: Path, webhook: bool
) -> None:
    async with merilo(data_folder, telegram, webhook=webhook, admins=ADMINS):
        admin, reader = telegram.person(7, language_code="en"), telegram.person(9)
        await admin.sends_document("occay.lv.po", catalogue(NEW))
        await admin.sees("Draft for occay", "lv 1")
        await admin.press("Difference")
        await admin.sees("Before", TITLE, "Now", NEW)
        await admin.press("Back to the draft")
        await admin.sees("Draft for occay")
        await admin.press("Preview")
        await admin.sees("nothing of it is kept", "35 statements")
        await admin.press("Leave the preview")
        await admin.sees("Draft for occay")
        await admin.press("Publish")
        await admin.sees("Nobody is in the middle", "Why?")
        await admin.send("A better title.")
        await admin.press("Publish now")
        await admin.sees("occay: edition 2 is current now")
        await reader.send("/start")
        await reader.press("Latviešu")
        await reader.press("Piekrītu")
        await reader.sees(NEW)
        await reader.send("/content")
        await reader.sees("/content", "/help")
        await admin.send("/status")
        await admin.sees("Version", "sqlite")


async def test_one_text__by_a_reply_and_a_role_that_is_taken_away(
    telegram: FakeTelegram, data_folder: Path
) -> None:
    async with merilo(data_folder, telegram, admins=ADMINS):
        admin, other = (
            telegram.person(7, language_code="en"),
            telegram.person(8, language_code="en"),
        )
        await admin.send("/edit title lv")
        await admin.sees("occay · title · lv", TITLE)
        await admin.send(NEW)
        await admin.sees("Draft for occay", "lv 1")
        await other.sends_document("lv.po", catalogue("Cits nosaukums"), caption="occay")
        await other.sees("Draft for occay", "lv 1")
        for one in (admin, other):
            await one.press("Publish")
            await one.sees("Why?")
            await one.send("Better.")
            await one.sees("Why: “Better.”")
        await admin.press("Publish now")
        await admin.sees("edition 2 is current now")
        await other.press("Publish now")
        await other.sees("Meanwhile telegram:7 made edition 2 current")
        await other.send("/content")
        await other.sees("Content", "Better.")
        await other.quiet()
    async with merilo(data_folder, telegram, admins="7:content"):
        await other.press("occay")
        await other.sees("you are not among them now")
        await admin.send("/content")
        await admin.sees("Content", "edition 2", "telegram:7")


async def test_package__from_the_chat_and_sent_back__says_no_difference(
    telegram: FakeTelegram, data_folder: Path
) -> None:
    async with merilo(data_folder, telegram, admins=ADMINS):
        admin = telegram.person(7, language_code="en")
        await admin.send("/content")
        await admin.press("cpo")
        await admin.press("Package")
        await admin.sees("These are all files of cpo, edition 1")
        packed = await sent_to(telegram, "cpo-1.zip")
        assert read_parts("cpo-1.zip", packed).over(None) == shipped_package("cpo")
        await admin.sends_document("cpo-1.zip", packed)
        card = await admin.sees("Draft for cpo", "No difference")
        assert card.buttons == (("Discard",),)
        await admin.press("Back to the editions")
        await admin.sees("Editions of cpo", "edition 1")
        assert "edition 2" not in admin.transcript()


async def sent_to(telegram: FakeTelegram, name: str) -> bytes:
    """A file that Merilo has sent."""
    await telegram.quiet()
    calls = (one for one in telegram.log if one.method == "sendDocument" and not one.error)
    files = {upload.name: upload.content for call in calls for upload in call.uploads.values()}
    return files[name]


async def test_file__that_is_too_large_or_none_of_ours__is_not_fetched(
    telegram: FakeTelegram, data_folder: Path
) -> None:
    async with merilo(data_folder, telegram, admins=ADMINS):
        admin, reader = telegram.person(7, language_code="en"), telegram.person(9)
        await admin.sends_document("big.zip", bytes(2_200_000))
        await admin.sees("too large")
        await admin.sends_document("picture.pdf", b"%PDF")
        await admin.sees(".zip")
        await reader.sends_document("occay.lv.po", catalogue(NEW))
        await reader.quiet()
        assert telegram.calls["getFile"] == 0
