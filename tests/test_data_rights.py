"""Everything can be taken away and erased: in the tables, the files, the log and old backups too."""

import asyncio
import csv
import io
import json
import logging
import sqlite3
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import Engine, select

from bot.export import _answer_in_words
from dialogs.types import Said
from storage import backups, copying
from storage.conversations import Address
from storage.database import migrate, open_database
from storage.holdings import holdings, owners
from storage.keys import Keys, WrongKey
from storage.tables import conversations, metadata
from storage.writer import Writer
from tests.chat import NOON, edition
from tests.databases import KEYS
from tests.fake_telegram import FakeTelegram
from tests.faults.people import until
from tests.servers import TOKEN, merilo
from tests.shell import command
from tests.test_storage import Desk

ANNA, BORIS = Address("telegram", "987654321"), Address("telegram", "123456789")
NOTE = "=забележка за изтриване"
SQLITE_ONLY = pytest.mark.parametrize("empty_database", ["sqlite"], indirect=True)


@pytest.fixture
def desk(database: Engine) -> Iterator[Desk]:
    with Writer(database) as writer:
        yield Desk(database, writer)


async def answered(desk: Desk, who: Address) -> None:
    card = await desk.begun(who)
    card = await desk.press(who, "Fully agree", card)
    await desk.press(who, "Add a note", card)
    await desk.reception.receive(who, f"note {who.id}", Said(NOTE), "en")


async def erased(desk: Desk, who: Address) -> None:
    await desk.press(who, "Yes, delete everything", await desk.send(who, "erase"))


def silent(*_: object) -> None:
    """Progress that nobody looks at."""


# --- Export --------------------------------------------------------------------------------------


def unpacked(content: bytes) -> tuple[list[dict[str, str]], dict[str, list[dict[str, object]]]]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        table = file.read("answers.csv").decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(table))), json.loads(file.read("everything.json"))


async def test_export__holds_everything_of_one_and_nothing_of_the_other(desk: Desk) -> None:
    await answered(desk, ANNA)
    await answered(desk, BORIS)
    file = await desk.reception.file(ANNA, "export")
    assert file
    table, everything = unpacked(file.content)
    assert [(row["statement"], row["answer"]) for row in table] == [
        ("1.1", "Fully agree"),
        ("1.2", ""),
    ]
    assert table[0]["text"] == "We know the rules."
    assert table[1]["note"] == f"'{NOTE}", "a spreadsheet must not carry a note out"
    assert everything["answers"][1]["note"] == NOTE
    assert everything["conversations"][0]["address"] == ANNA.id
    assert {name: len(rows) for name, rows in everything.items() if rows} == {
        "respondents": 1,
        "conversations": 1,
        "assessments": 1,
        "answers": 2,
    }
    assert BORIS.id not in str(everything)


@pytest.mark.parametrize(
    ("statement", "value", "words"),
    [("1.4", "b", "b"), ("1.4", "", ""), ("1.1", "yes", "option/yes"), ("1.2", "17.5", "")],
)
def test_export__says_in_words_what_was_ticked(statement: str, value: str, words: str) -> None:
    content = edition("answers")
    asked = content.statements[statement]
    keys = {"1.4": asked.item_key(words)}
    key = keys.get(statement, words) if words else ""
    told = _answer_in_words(content, asked, value, "lv")
    assert told == (content.text(key, "lv") if key else value)


async def test_export__of_a_stranger_is_nothing(desk: Desk) -> None:
    await desk.send(ANNA, "start")
    assert await desk.reception.file(ANNA, "export") is None
    assert await desk.reception.file(BORIS, "export") is None


async def test_export__is_the_only_file(desk: Desk) -> None:
    await answered(desk, ANNA)
    assert await desk.reception.file(ANNA, "everything") is None


async def test_export__comes_as_a_document_in_telegram(data_folder: Path) -> None:
    async with FakeTelegram(TOKEN) as telegram, merilo(data_folder, telegram):
        person = telegram.person(1)
        await person.send("/start")
        for label in ("English", "I agree", "Begin", "Fully agree"):
            await person.press(label)
        await person.send("/privacy")
        await person.press("Give me my data")
        await until(lambda: any(call.method == "sendDocument" for call in telegram.log))
        await person.sees("merilo.zip")
        [sent] = [call for call in telegram.log if call.method == "sendDocument"]
        [upload] = sent.uploads.values()
        table, _ = unpacked(upload.content)
        assert [row["statement"] for row in table] == ["1.1"]
        assert not telegram.problems


@pytest.fixture
async def page(data_folder: Path) -> AsyncIterator[aiohttp.ClientSession]:
    jar = aiohttp.CookieJar(unsafe=True)
    async with (
        merilo(data_folder) as address,
        aiohttp.ClientSession(base_url=address, cookie_jar=jar) as http,
    ):
        yield http


async def test_export__is_a_download_in_the_browser(page: aiohttp.ClientSession) -> None:
    for number, token in enumerate(("start", "language:en", "agree:1", "begin:occay", "export")):
        update = {
            "id": f"00000000-0000-0000-0000-{number:012}",
            "event": {"kind": "pressed", "token": token},
        }
        shown = await (await page.post("/chat", json=update)).json()
    [document] = [b for r in shown["replies"] for b in r["blocks"] if b["kind"] == "document"]
    async with page.get(f"/documents/{document['which']}") as response:
        assert response.status == 200
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Content-Disposition"].startswith("attachment")
        _, everything = unpacked(await response.read())
    assert len(everything["assessments"]) == 1


async def test_download__of_a_stranger_is_not_found(page: aiohttp.ClientSession) -> None:
    for which in ("export", "other"):
        async with page.get(f"/documents/{which}") as response:
            assert response.status == 404


# --- Erasure -------------------------------------------------------------------------------------


def test_every_table__goes_with_the_person_or_is_known_to_be_nobody_s() -> None:
    """A new table that keeps something of people must be found by export and erasure."""
    nobodys = {"respondents", "editions", "current_editions", "updates", "erasures"}
    # Of content, and of the staff who look after it: see docs/privacy.md.
    nobodys |= {"shipped_editions", "edition_sources", "drafts", "content_log", "announcements"}
    nobodys |= {"api_tokens", "idempotency_keys"}
    found = {"respondents"}
    for table in metadata.sorted_tables:
        if any(key.column.table.name in found for key in owners(table)):
            found.add(table.name)
    assert set(metadata.tables) == found | nobodys


@SQLITE_ONLY
async def test_erasure__no_byte_is_left_in_database_log_or_restored_backup(
    desk: Desk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await answered(desk, ANNA)
    await answered(desk, BORIS)
    traces = everything_of(desk, ANNA)
    backup = tmp_path / "before.backup"
    backups.back_up(desk.engine, KEYS, backup, silent)
    assert all(trace in backup.read_bytes() for trace in traces), "the test finds what is there"

    await erased(desk, ANNA)
    assert desk.reception.erased.is_set()
    backups.scrub(desk.engine)

    assert_gone(traces, tmp_path, backup)
    assert not any(trace.decode() in caplog.text for trace in [*traces, NOTE.encode()])
    assert desk.count("respondents") == 1

    assert backups.restore(backup, desk.engine, KEYS, silent, NOON) == 1
    assert desk.count("respondents") == 1
    assert_gone(traces, tmp_path, backup)


def everything_of(desk: Desk, who: Address) -> list[bytes]:
    """What stands in the database because of somebody: pseudonym, sealed address and note, codes."""
    with desk.engine.connect() as connection:
        name = KEYS.pseudonym(who.channel, who.id)
        row = connection.execute(select(conversations).where(conversations.c.address == name)).one()
        kept = holdings(connection, row.respondent_id)
        sealed = connection.scalars(
            select(metadata.tables["answers"].c.note).where(
                metadata.tables["answers"].c.assessment_id == kept["assessments"][0]["id"]
            )
        )
        notes = [note for note in sealed if note]
    found = [name, row.sealed_address, kept["assessments"][0]["code"], *notes]
    return [text.encode() for text in found]


def assert_gone(traces: list[bytes], folder: Path, but: Path) -> None:
    files = [f for f in folder.rglob("*") if f.is_file() and f != but]
    assert len(files) >= 2, "the database and its log"
    for file in files:
        content = file.read_bytes()
        for trace in [*traces, ANNA.id.encode(), NOTE.encode()]:
            assert trace not in content, f"{trace!r} in {file.name}"


async def test_erasure__in_the_running_service_is_scrubbed_by_itself(data_folder: Path) -> None:
    async with FakeTelegram(TOKEN) as telegram, merilo(data_folder, telegram):
        person = telegram.person(1)
        await person.send("/start")
        for label in ("English", "I agree", "Begin", "Add a note"):
            await person.press(label)
        await person.send("a note")
        await person.send("/privacy")
        await person.press("Delete everything")
        assert (data_folder / "merilo.db-wal").stat().st_size > 0
        await person.press("Yes, delete everything")
        await person.sees("Deleted")
        await emptied(data_folder / "merilo.db-wal")
        with closing(sqlite3.connect(data_folder / "merilo.db")) as look:
            assert look.execute("SELECT count(*) FROM answers").fetchone() == (0,)
            assert look.execute("SELECT count(*) FROM erasures").fetchone() == (1,)


async def emptied(file: Path) -> None:
    for _ in range(600):
        if (await asyncio.to_thread(file.stat)).st_size == 0:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the log of changes is not emptied")


async def test_erasure__is_remembered_by_a_random_word_only(desk: Desk) -> None:
    await answered(desk, ANNA)
    await erased(desk, ANNA)
    with desk.engine.connect() as connection:
        [(mark, at)] = connection.execute(select(metadata.tables["erasures"])).all()
    assert len(mark) == 32
    assert at == NOON


# --- Backups and copies --------------------------------------------------------------------------


async def test_restore__brings_back_what_was_and_keeps_what_it_replaces(
    desk: Desk, tmp_path: Path
) -> None:
    await answered(desk, ANNA)
    backup = tmp_path / "a.backup"
    backups.back_up(desk.engine, KEYS, backup, silent)
    assert backup.stat().st_mode & 0o077 == 0
    await answered(desk, BORIS)
    assert backups.restore(backup, desk.engine, KEYS, silent, NOON) == 0
    assert desk.count("respondents") == 1
    card = await desk.send(ANNA, "here")
    assert "1.2" in str(card.blocks)
    assert not (tmp_path / "a.backup.restoring").exists()


async def test_backup__is_never_written_over(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("something")
    with pytest.raises(FileExistsError):
        backups.back_up(desk.engine, KEYS, tmp_path / "there", silent)


@pytest.mark.parametrize("content", [b"", b"nonsense" * 1000])
async def test_restore__of_something_else_changes_nothing(
    desk: Desk, tmp_path: Path, content: bytes
) -> None:
    await answered(desk, ANNA)
    (tmp_path / "other").write_bytes(content)
    with pytest.raises(backups.CannotRestore):
        backups.restore(tmp_path / "other", desk.engine, KEYS, silent, NOON)
    assert desk.count("respondents") == 1


async def test_restore__of_another_installation_is_refused(desk: Desk, tmp_path: Path) -> None:
    await answered(desk, ANNA)
    backup = tmp_path / "a.backup"
    backups.back_up(desk.engine, KEYS, backup, silent)
    other = Keys([b"x" * 32])
    engine = open_database(f"sqlite:///{tmp_path / 'other.db'}", other)
    with pytest.raises(WrongKey):
        backups.restore(backup, engine, other, silent, NOON)
    engine.dispose()


@SQLITE_ONLY
async def test_copy__to_postgresql_and_back_loses_nothing(
    desk: Desk, postgresql_url: str, tmp_path: Path
) -> None:
    for number in range(5):
        await answered(desk, Address("telegram", str(number)))
    reset(postgresql_url)
    target = open_database(postgresql_url, KEYS)
    migrate(target)
    counts = copying.copy(desk.engine, target, silent)
    assert (counts["respondents"], counts["answers"]) == (5, 10)
    with pytest.raises(copying.CannotCopy, match="already holds people"):
        copying.copy(desk.engine, target, silent)
    with Writer(target) as writer:
        there = Desk(target, writer)
        await there.send(Address("telegram", "3"), "here", update="after")
        there.events = 1000
        await answered(there, Address("telegram", "new"))
        assert there.count("respondents") == 6
    target.dispose()


@SQLITE_ONLY
def test_copies_made_by_itself__go_after_a_month(database: Engine, tmp_path: Path) -> None:
    (tmp_path / "merilo.db.0001.x.backup").write_bytes(b"")
    assert backups.drop_old_copies(database, NOON - timedelta(days=400)) == 0
    assert backups.drop_old_copies(database, NOON + timedelta(days=400)) == 1


async def test_commands__back_up_restore_and_copy(tmp_path: Path, postgresql_url: str) -> None:
    reset(postgresql_url)
    data = {"MERILO_DATA_DIR": str(tmp_path)}
    for words in (
        ["migrate"],
        ["backup", str(tmp_path / "a.backup")],
        ["restore", str(tmp_path / "a.backup")],
        ["copy", "--to", postgresql_url.replace("+psycopg", "")],
        ["rotate-key"],
    ):
        status, said = await command(*words, **data)
        assert status == 0, said
    status, said = await command("restore", str(tmp_path / "key"), **data)
    assert status == 2
    assert "Traceback" not in said
    assert "not a sound copy" in said
    status, said = await command("migrate", MERILO_KEY="x", **data)
    assert status == 2
    assert "MERILO_KEY: " in said


def reset(postgresql_url: str) -> None:
    engine = open_database(postgresql_url, KEYS)
    with engine.begin() as connection:
        metadata.drop_all(connection)
        connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
    engine.dispose()
