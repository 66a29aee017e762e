"""Pictures and files as people get them on Telegram, and what is theirs alone."""

import io
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pypdf
import pytest
from sqlalchemy import Engine

from bot.reception import Address
from bot.telegram import chats
from storage.writer import Writer
from tests.chat import edition
from tests.fake_telegram import FakeTelegram, server_error
from tests.fake_telegram.errors import bad_request
from tests.fake_telegram.faults import Fault
from tests.fake_telegram.people import Person, View
from tests.faults.people import until
from tests.servers import TOKEN, merilo
from tests.test_storage import Desk

CIPO = edition("cipo")
ANNA, BORIS = Address("telegram", "1"), Address("telegram", "2")


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(TOKEN) as fake:
        yield fake
        assert not fake.problems


async def assess(person: Person) -> None:
    """All of ``cipo``, in English, up to the overall result."""
    await person.send("/start")
    await person.press("English")
    for label in ("I agree", "Other assessments", CIPO.text("title", "en"), "Begin"):
        await person.press(label)
    for statement in CIPO.required:
        await person.sees(CIPO.text(statement, "en"))
        await person.press("No" if statement.endswith("2") else "Yes")
        section = CIPO.section_of(statement)
        if section.statements[-1].id == statement:
            last = section == CIPO.sections[-1]
            await person.press("Overall result" if last else "Next section")
    await person.sees(CIPO.text("scoring", "en"))


def documents(telegram: FakeTelegram) -> dict[str, bytes]:
    """What was sent, by its name."""
    sent = [call for call in telegram.log if call.method == "sendDocument" and not call.error]
    return {upload.name: upload.content for call in sent for upload in call.uploads.values()}


async def test_result__has_its_picture_and_every_file(
    telegram: FakeTelegram, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A chat goes on without a picture that takes long, as it may on a machine with a lot to do.
    monkeypatch.setattr(chats, "PICTURE", 60.0)
    async with merilo(data_folder, telegram):
        person = telegram.person(1)
        await assess(person)
        await person.sees(f"{CIPO.text('title', 'en')}. 1 ")  # the last picture

        def photos() -> list[View]:
            return [view for view in person.screen if view.file == "photo"]

        await until(lambda: len(photos()) == len(CIPO.sections) + 1)
        assert "Quality of the services: 66.7\N{NO-BREAK SPACE}%" in photos()[-1].text

        await person.press("Report and files")
        await person.press("Latviešu")
        for kind in ("(PDF)", "(XLSX)", "(CSV)", "(JSON)"):
            await person.quiet()
            label = next(b for row in person.card.buttons for b in row if kind in b)
            await person.press(label)
            await person.sees("Your file is being made")
            await person.quiet()
            await person.press("Other files")
        await until(lambda: len(documents(telegram)) == 4)
        found = documents(telegram)
        assert {name.rpartition("-")[2] for name in found} == {
            "lv.pdf",
            "lv.xlsx",
            "lv.csv",
            "lv.json",
        }
        report = next(content for name, content in found.items() if name.endswith("pdf"))
        cover = pypdf.PdfReader(io.BytesIO(report)).pages[0].extract_text()
        assert "Pašnovērtējuma ziņojums" in cover
        assert person.chat.actions.count("upload_document") >= 4


async def test_renderer__that_fails__costs_no_word_of_a_result(
    telegram: FakeTelegram, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.child.sys.executable", "/bin/false")
    async with merilo(data_folder, telegram):
        person = telegram.person(1)
        await assess(person)
        await person.press("Report and files")
        await person.press("Report to read and print (PDF)")
        await person.sees("The file could not be made.")
        await person.press("Other files")
        await person.press("Table as text (CSV)")
        await until(lambda: bool(documents(telegram)))
        assert [name.rpartition(".")[2] for name in documents(telegram)] == ["csv"]
        assert telegram.calls["sendPhoto"] == 0


async def test_photo__that_telegram_refuses__is_left_out(
    telegram: FakeTelegram, data_folder: Path
) -> None:
    async with merilo(data_folder, telegram):
        person = telegram.person(1)
        refused = Fault(error=bad_request("PHOTO_INVALID_DIMENSIONS"))
        telegram.faults.next("sendPhoto", server_error(502), *([refused] * 4))
        await assess(person)
        await person.quiet()
        assert [view for view in person.screen if view.file == "photo"] == []


def uploads(telegram: FakeTelegram) -> int:
    """How many pictures were uploaded, rather than sent by their ids."""
    return sum(bool(call.uploads) for call in telegram.log if call.method == "sendPhoto")


async def test_picture__of_the_same_result__is_uploaded_once(
    telegram: FakeTelegram, data_folder: Path
) -> None:
    async with merilo(data_folder, telegram):
        shown = []
        for person in (telegram.person(1), telegram.person(2)):
            await assess(person)
            await person.sees(f"{CIPO.text('title', 'en')}. 1 ")  # the last picture
            shown.append([view.text for view in person.screen if view.file == "photo"])
        assert shown[0] == shown[1]
        assert len(shown[0]) == len(CIPO.sections) + 1
        assert telegram.calls["sendPhoto"] == 2 * len(shown[0])
        assert uploads(telegram) == len(shown[0])


async def test_picture__whose_id_telegram_does_not_know_any_more__is_uploaded_again(
    telegram: FakeTelegram, data_folder: Path
) -> None:
    async with merilo(data_folder, telegram):
        number = len(CIPO.sections) + 1
        unknown = Fault(error=bad_request("wrong file identifier/HTTP URL specified"))
        for id_, refused in ((1, 0), (2, 1), (3, 0)):
            person = telegram.person(id_)
            telegram.faults.next("sendPhoto", *([unknown] * refused))
            await assess(person)
            await person.sees(f"{CIPO.text('title', 'en')}. 1 ")  # the last picture
            assert sum(view.file == "photo" for view in person.screen) == number
        assert uploads(telegram) == number + 1


# --- Whose they are --------------------------------------------------------------------------


@pytest.fixture
def desk(database: Engine) -> Iterator[Desk]:
    with Writer(database) as writer:
        yield Desk(database, writer)


async def begun(desk: Desk, who: Address) -> str:
    """The code of an assessment that was begun."""
    card = await desk.begun(who)
    return card.choices[0][0].token.split(":")[1]


async def test_files__of_somebody_else__are_not_there(desk: Desk) -> None:
    code = await begun(desk, ANNA)
    await desk.begun(BORIS)
    for part in ("csv", "json"):
        which = f"report:{code}:{part}:en"
        assert await desk.reception.file(ANNA, which)
        assert await desk.reception.file(BORIS, which) is None
        assert await desk.reception.file(Address("web", "1"), which) is None
    assert await desk.reception.summary(ANNA, code)
    assert await desk.reception.summary(BORIS, code) is None


@pytest.mark.parametrize(
    "which",
    [
        "report",
        "report:CODE",
        "report:CODE:exe:en",
        "report:CODE:csv:xx",
        "report:CODE:csv:en:more",
        "chart:CODE:none:en",
        "chart:CODE::en",
        "other:CODE:csv:en",
        "report:../../etc/passwd:csv:en",
        "",
        "::::",
    ],
)
async def test_files__of_no_such_name__are_not_there(desk: Desk, which: str) -> None:
    code = await begun(desk, ANNA)
    assert await desk.reception.file(ANNA, which.replace("CODE", code)) is None
