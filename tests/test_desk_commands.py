"""Content from a shell: at the database, and at a server, with exit codes for a pipeline."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
from sqlalchemy import Engine

from bot.following import ROUND
from bot.keyring import keys_at_hand
from bot.settings import Settings
from content.package import Package, read_parts, to_zip
from dialogs.types import Judged
from locales import catalogue_path
from storage import editions, opinions
from storage.database import open_database
from tests.chat import NOON
from tests.fake_telegram import FakeTelegram
from tests.readers import populate, where_it_is_day
from tests.servers import TOKEN, merilo
from tests.shell import Command, command, command_here
from tests.test_content_api import LATVIAN

NAME = "social-media"
MINE = "Sociālie tīkli karjeras atbalstā"


class Shell:
    """A person at a shell, in a folder with Merilo's data."""

    def __init__(self, folder: Path, command: Command = command_here) -> None:
        self.folder = folder
        self.command = command
        self.settings = Settings(data_dir=str(folder))
        self.environment = {"MERILO_DATA_DIR": str(folder)}

    async def run(self, *words: str, **environment: str) -> tuple[int | None, str]:
        return await self.command(*words, **{**self.environment, **environment})

    async def content(self, *words: str) -> tuple[int | None, Any]:
        """``merilo content … --json``: the status, and what it printed."""
        status, said = await self.run("content", *words, "--json")
        return status, json.loads(said[said.index("{") :])

    async def token(self, *scopes: str, name: str = "riga") -> str:
        status, said = await self.run("token", "create", "--name", name, "--scope", *scopes)
        assert status == 0, said
        return said.splitlines()[0]

    def catalogue(self, title: str = MINE) -> str:
        """A changed Latvian catalogue; its path."""
        changed = catalogue_path("lv", NAME).read_text().replace(LATVIAN, title)
        file = self.folder / f"{NAME}.lv.po"
        file.write_text(changed)
        return str(file)

    def with_catalogue(self, exported: str) -> bytes:
        """That package with the changed catalogue, as a zip."""
        files = read_parts(exported, (self.folder / exported).read_bytes()).files
        changed = Path(self.catalogue()).read_bytes()
        return to_zip(Package(NAME, {**files, "lv.po": changed}))

    def engine(self) -> Engine:
        return open_database(self.settings.database, keys_at_hand(self.settings))

    def populate(self, people: int) -> list[int]:
        """People with a conversation; those of them who want news."""
        engine = self.engine()
        with engine.begin() as connection:
            wanting = populate(connection, people, where_it_is_day())
        engine.dispose()
        return wanting

    def judge(self, key: str, verdict: str, sentence: str) -> None:
        """Somebody says in Latvian what they think of a text."""
        self.populate(1)
        judged = Judged(self.current().digest, key, verdict, "lv", sentence)
        engine = self.engine()
        with engine.begin() as connection:
            opinions.keep(connection, 1, judged, NOON)
        engine.dispose()

    def current(self) -> editions.Published:
        engine = self.engine()
        with engine.begin() as connection:
            found = editions.current(connection, NAME)
        engine.dispose()
        assert found
        return found


@pytest.fixture
def shell(data_folder: Path) -> Shell:
    return Shell(data_folder)


async def test_push__a_draft_then_publish_then_undo(data_folder: Path) -> None:
    shell = Shell(data_folder, command)
    before = shell.current()
    status, pushed = await shell.content("push", shell.catalogue())
    assert status == 0
    assert pushed["difference"]["counts"] == {"lv": {"changed": 1}}
    assert shell.current() == before
    id_ = pushed["draft"]["id"]
    status, edition = await shell.content("publish", id_, "--why", "clearer")
    assert (status, edition["number"], shell.current().number) == (0, 2, 2)
    status, _ = await shell.content("undo", NAME, "--to", "1", "--why", "as it was")
    assert (status, shell.current().number) == (0, 1)
    status, told = await shell.run("content", "log", NAME)
    assert status == 0
    assert [line.split("  ")[2] for line in told.splitlines()] == [
        "undo",
        "publish",
        "draft",
        "shipped",
    ]
    assert "shell:" in told
    status, whole = await shell.run("content", "log", "--limit", "99")
    assert (status, len(whole.splitlines())) == (0, 9)


async def test_draft__whatever_its_id__can_be_named_at_a_shell(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.token_urlsafe", lambda _: "-iupK6At")
    _, pushed = await shell.content("push", shell.catalogue())
    status, said = await shell.run("content", "publish", pushed["draft"]["id"], "--why", "clearer")
    assert status == 0, said


async def test_push__with_problems_or_nothing_new__changes_nothing(shell: Shell) -> None:
    before = shell.current()
    status, said = await shell.run("content", "push", shell.catalogue(""), "--publish")
    assert status == 1
    assert "lv.po:" in said
    assert "Nothing has changed" in said
    status, said = await shell.run("content", "export", NAME, "--into", str(shell.folder / "x.zip"))
    assert status == 0
    status, said = await shell.run("content", "push", str(shell.folder / "x.zip"), "--publish")
    assert (status, said.splitlines()[-1]) == (0, f"{NAME}: no difference.")
    assert shell.current() == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["publish", "nothing"], "no such draft"),
        (["undo", "nothing", "--to", "1"], "no instrument"),
        (["undo", NAME, "--to", "9"], "no edition 9"),
        (["export", "nothing"], "no instrument"),
        (["push", "nothing.po"], "nothing.po"),
        (["list", "--server", "http://example.org"], "https only"),
        (["list", "--server", "https://example.org"], "MERILO_CONTENT_TOKEN"),
    ],
)
async def test_refused__with_one_sentence_and_status_two(
    shell: Shell, words: list[str], told: str
) -> None:
    status, said = await shell.run("content", *words)
    assert status == 2, said
    assert told in said
    assert "Traceback" not in said


async def test_same_change_by_database_server_api_and_chat__is_the_same_edition(
    first_start: Path, tmp_path: Path
) -> None:
    digests = set()
    for door in ("shell", "server", "api", "chat"):
        folder = Path(shutil.copytree(first_start, tmp_path / door))
        shell = Shell(folder)
        async with (
            FakeTelegram(TOKEN) as telegram,
            merilo(folder, telegram, admins="7:content") as address,
        ):
            if door == "api":
                await by_api(shell, address)
            elif door == "chat":
                await by_chat(shell, telegram)
            else:
                there = ("--server", address) if door == "server" else ()
                shell.environment["MERILO_CONTENT_TOKEN"] = await everything(shell)
                status, said = await shell.run(
                    "content", "push", shell.catalogue(), "--publish", *there
                )
                assert status == 0, said
                assert "edition 2 is current" in said
        assert shell.current().number == 2
        digests.add(shell.current().digest)
    assert len(digests) == 1


async def everything(shell: Shell) -> str:
    return await shell.token("content:read", "content:write", "content:publish")


async def by_chat(shell: Shell, telegram: FakeTelegram) -> None:
    """The whole package, zipped, as a file in the admins' chat."""
    status, said = await shell.run("content", "export", NAME, "--into", f"{shell.folder}/x.zip")
    assert status == 0, said
    admin = telegram.person(7, language_code="en")
    await admin.sends_document("x.zip", shell.with_catalogue("x.zip"))
    await admin.sees(f"Draft for {NAME}", "lv 1")
    await admin.press("Publish")
    await admin.sees("Why?")
    await admin.send("The same again.")
    await admin.sees("Why: “The same again.”")
    await admin.press("Publish now")
    await admin.sees("edition 2 is current now")


async def by_api(shell: Shell, address: str) -> None:
    """The whole package, zipped, with an HTTP client."""
    status, said = await shell.run("content", "export", NAME, "--into", f"{shell.folder}/x.zip")
    assert status == 0, said
    package = shell.with_catalogue("x.zip")
    headers = {"Authorization": f"Bearer {await everything(shell)}"}
    url = f"{address}/api/v1/content/drafts"
    zipped = {**headers, "Content-Type": "application/zip"}
    async with aiohttp.ClientSession() as http:
        async with http.post(url, data=package, headers=zipped) as response:
            draft = await response.json()
        matching = {**headers, "If-Match": f'"{draft["base"]}"'}
        place = f"{url}/{draft['id']}/publish"
        async with http.post(place, json={}, headers=matching) as response:
            assert response.status == 200, await response.text()


async def test_published_from_a_shell__is_served_within_seconds(shell: Shell) -> None:
    jar = aiohttp.CookieJar(unsafe=True)
    async with (
        merilo(shell.folder) as address,
        aiohttp.ClientSession(address, cookie_jar=jar) as http,
    ):
        for token in ("start", "language:lv", "agree:1", f"about:{NAME}"):
            card = await pressed(http, token)
        assert LATVIAN in card
        status, said = await shell.run("content", "push", shell.catalogue(), "--publish")
        assert status == 0, said
        await asyncio.sleep(ROUND + 0.5)
        assert MINE in await pressed(http, f"about:{NAME}")


async def test_published__what_the_guide_shows_of_it_is_new_too(shell: Shell) -> None:
    changed = shell.folder / "occay.lv.po"
    write(changed, catalogue_path("lv", "occay").read_text().replace(RULES, "Likumi un standarti"))
    async with merilo(shell.folder) as address, aiohttp.ClientSession(address) as http:
        assert RULES in await page(http)
        status, said = await shell.run("content", "push", str(changed), "--publish")
        assert status == 0, said
        for _ in range(40):
            if "Likumi un standarti" in await page(http):
                break
            await asyncio.sleep(0.5)
        assert "Likumi un standarti" in await page(http)


RULES = "Noteikumi un standarti"


def write(file: Path, text: str) -> None:
    file.write_text(text)


async def page(http: aiohttp.ClientSession) -> str:
    async with http.get("/guide/lv/") as response:
        return await response.text()


async def pressed(http: aiohttp.ClientSession, token: str) -> str:
    """What the browser is shown."""
    event = {"id": str(uuid4()), "event": {"kind": "pressed", "token": token}}
    async with http.post("/chat", json=event) as response:
        return await response.text()


async def test_server__tells_a_pipeline_what_a_token_may_not_do(shell: Shell) -> None:
    async with merilo(shell.folder) as address:
        shell.environment["MERILO_CONTENT_TOKEN"] = await shell.token("content:read")
        status, told = await shell.content("list", "--server", address)
        assert (status, told["instruments"][0]["id"]) == (0, "occay")
        status, told = await shell.content("push", shell.catalogue(), "--server", address)
        assert (status, told["error"]["code"]) == (2, "forbidden")
        status, _ = await shell.run("token", "revoke", "riga")
        assert status == 0
        status, told = await shell.content("list", "--server", address)
        assert (status, told["error"]["code"]) == (2, "unauthorized")


async def test_announce__told_to_those_who_want_it_with_progress(shell: Shell) -> None:
    shell.environment["MERILO_CONTENT_TOKEN"] = await everything(shell)
    async with (
        FakeTelegram() as telegram,
        merilo(shell.folder, telegram) as address,
    ):
        there = ("--server", address)
        for number in shell.populate(8):
            telegram.person(number, has_opened=True)
        status, said = await shell.run("content", "announce", NAME, "--look", *there)
        assert (status, "nobody has been told" in said, "news: 6." in said) == (0, True, True)
        assert telegram.calls["sendMessage"] == 0
        status, said = await shell.run("content", "announce", NAME, "--en", "News for you", *there)
        assert (status, "told: 6 of 6" in said) == (0, True), said
        assert "edition 1: everybody has been told.\nSent 6, left 0" in said
        assert "News for you" in telegram.person(2).transcript()
        status, told = await shell.content("announce", NAME, "--en", "Other news", *there)
        assert (status, told["error"]["code"]) == (2, "already_announced")
        status, told = await shell.content("announce", NAME)
        assert (status, told["state"], told["sent"]) == (0, "over", 6)
        assert telegram.calls["sendMessage"] == 6
    status, told = await shell.run("content", "log", NAME, "--limit", "1")
    assert "token:riga  announce" in told


async def test_announce__at_the_database__is_stopped_and_looked_at(shell: Shell) -> None:
    status, told = await shell.content("announce", NAME)
    assert (status, told["error"]["code"]) == (0, "nobody_to_tell")
    status, told = await shell.content("announce", NAME, "--stop")
    assert (status, told["error"]["code"]) == (2, "not_found")
    shell.populate(4)
    status, told = await shell.content("announce", NAME, "--lv", "Jaunums", "--wait", "0")
    assert (status, told["state"], told["texts"]["lv"]) == (0, "preparing", "Jaunums")
    status, _ = await shell.run("content", "push", shell.catalogue(), "--publish")
    assert status == 0
    status, told = await shell.content("announce", NAME, "--stop", "--edition", "1")
    assert (status, told["state"], told["edition"]) == (0, "stopped", 1)
    status, said = await shell.run("content", "announce", NAME, "--look")
    assert f"{NAME}, edition 2: nobody has been told." in said


async def test_push__tells_the_command_that_publishes_it_there(shell: Shell) -> None:
    async with merilo(shell.folder) as address:
        shell.environment["MERILO_CONTENT_TOKEN"] = await everything(shell)
        status, said = await shell.run("content", "push", shell.catalogue(), "--server", address)
        assert status == 0
        [line] = [line for line in said.splitlines() if line.startswith("Draft ")]
        words = line.split("merilo ")[1].removesuffix(" publishes it.").split()
        assert words[-2:] == ["--server", address]
        status, said = await shell.run(*words)
        assert (status, "edition 2 is current" in said) == (0, True)


async def test_feedback__tells_verdicts_and_sentences_and_nobody(shell: Shell) -> None:
    status, said = await shell.run("content", "feedback", NAME)
    assert (status, said.strip()) == (0, "Nobody has said anything yet.")
    shell.judge("1.1", "unclear", "Kā to saprast?")
    status, said = await shell.run("content", "feedback", NAME)
    assert (status, said.splitlines()) == (
        0,
        ["1.1  lv  edition 1  unclear 1", "    unclear: Kā to saprast?"],
    )
    async with merilo(shell.folder) as address:
        shell.environment["MERILO_CONTENT_TOKEN"] = await everything(shell)
        status, there = await shell.content("feedback", NAME, "--server", address)
    _, here = await shell.content("feedback", NAME)
    assert (status, there) == (0, here)
    assert here["feedback"] == [
        {
            "edition": 1,
            "key": "1.1",
            "language": "lv",
            "counts": {"unclear": 1},
            "sentences": [{"verdict": "unclear", "text": "Kā to saprast?"}],
        }
    ]
    status, told = await shell.content("feedback", "nothing")
    assert (status, told["error"]["code"]) == (2, "not_found")


async def test_diff__against_a_server__needs_no_more_than_reading(
    shell: Shell, tmp_path: Path
) -> None:
    elsewhere = Shell(tmp_path / "elsewhere")  # where there is nothing
    changed = shell.catalogue()
    async with merilo(shell.folder) as address:
        elsewhere.environment["MERILO_CONTENT_TOKEN"] = await shell.token("content:read")
        asked = ("diff", changed, "--server", address)
        status, told = await elsewhere.content(*asked)
        assert (status, told["counts"]) == (0, {"lv": {"changed": 1}})
        status, said = await shell.run("content", "push", changed, "--publish")
        assert status == 0, said
        status, said = await elsewhere.run("content", *asked)
        assert (status, said.strip()) == (0, "No difference.")
        elsewhere.environment["MERILO_CONTENT_TOKEN"] = "merilo_guess"
        status, told = await elsewhere.content(*asked)
        assert (status, told["error"]["code"]) == (2, "unauthorized")
    assert not elsewhere.folder.exists()


async def test_tokens__are_listed_without_what_is_secret(shell: Shell) -> None:
    secret = await shell.token("content:read", "content:publish")
    status, said = await shell.run("token", "create", "--name", "riga")
    assert (status, "choose another name" in said) == (2, True)
    status, said = await shell.run("token", "create", "--name", "x", "--days", "9999")
    assert (status, "1 to 366 days" in said) == (2, True)
    await shell.run("token", "revoke", "riga")
    status, said = await shell.run("token", "list")
    assert said.startswith("riga  revoked 2")
    assert said.rstrip().endswith("content:read, content:publish")
    assert secret not in said
    status, said = await shell.run("token", "revoke", "riga")
    assert status == 2


async def test_check_and_diff__compare_with_what_is_published_here(shell: Shell) -> None:
    changed = shell.catalogue()
    status, said = await shell.run("content", "diff", changed)
    assert (status, MINE in said) == (0, True)
    await shell.run("content", "push", changed, "--publish")
    status, said = await shell.run("content", "diff", changed)
    assert (status, said.strip()) == (0, "No difference.")
