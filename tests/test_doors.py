"""Every hostile and broken package at the doors of a running Merilo: refused, and the live content untouched.

``tests/test_package.py`` says what each is, and tests the check alone.
"""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from bot import check_worker, checking
from bot.keyring import keys_at_hand
from bot.settings import Settings
from content.package import Package, to_zip
from storage.database import open_database
from tests.fake_telegram import FakeTelegram
from tests.fake_telegram.people import Person, View
from tests.faults.people import until
from tests.packages import changed, package, with_file
from tests.servers import TOKEN, merilo, settings_for
from tests.test_content_api import Server, serving, state_of
from tests.test_package import (
    ENCODINGS,
    HOSTILE_FILES,
    HOSTILE_TEXTS,
    KINDS,
    LV,
    MISTAKES,
    YAML,
    encoded,
)

TOO_LARGE = 2 * 1024 * 1024
AT_ONCE = 2
"""Packages under way, as many as the desk looks at at once."""


@dataclass(frozen=True)
class Case:
    """``says``: what its author is told. ``is_draft``: it can be looked at, and its mistakes told."""

    name: str
    file: str
    content: bytes
    says: str
    instrument: str = "tiny"
    is_draft: bool = False


def cases() -> Iterator[Case]:
    for name, (file, content, says) in HOSTILE_FILES.items():
        yield Case(f"file: {name}", file, content, says)
    for name, (file, edit, line, says) in HOSTILE_TEXTS.items():
        yield refused(f"text: {name}", changed(edit, file=file), f"{file}:{line}: ", says)
    for encoding in ENCODINGS:
        for file in (YAML, LV):
            yield refused(f"{file} in {encoding}", encoded(file, encoding), f"{file}:")
    for name, (file, edit, says) in MISTAKES.items():
        broken = changed(edit, file=file, of=with_file("en.po", b""))
        if name == OF_ANOTHER:
            yield refused(f"mistake: {name}", broken, "belongs to “other”, not to “tiny”")
        else:
            yield drafted(f"mistake: {name}", broken, says)
    for name, (instrument, edit, says) in KINDS.items():
        yield drafted(f"kind: {name}", changed(edit, of=package(instrument)), says)


OF_ANOTHER = "other instrument"
"""Sent for “tiny”, it is refused before its files are compared."""


def refused(name: str, whole: Package, *says: str) -> Case:
    return Case(name, "a.zip", to_zip(whole), "".join(says[-1:]), whole.instrument)


def drafted(name: str, whole: Package, says: str) -> Case:
    return Case(name, "a.zip", to_zip(whole), says, whole.instrument, is_draft=True)


CASES = list(cases())


def test_cases__are_all_that_there_are() -> None:
    every = [*HOSTILE_FILES, *HOSTILE_TEXTS, *MISTAKES, *KINDS, *ENCODINGS * 2]
    assert len(CASES) == len(set(CASES)) == len(every) >= 240


# --- The HTTP API --------------------------------------------------------------------------------


@dataclass
class Client:
    """Hands packages in, and knows what was live before."""

    server: Server
    token: str

    async def begins(self, *names: str) -> None:
        """The tiny instruments are published like any new one."""
        for name in names:
            id_ = (await self._hands_in("a.zip", to_zip(package(name)), name))[1]["id"]
            publish = {"json": {}, "headers": {"If-None-Match": "*"}}
            path = f"/drafts/{id_}/publish"
            status, body, _ = await self.server.ask("POST", path, self.token, **publish)
            assert status == 200, body
        self.before = self.server.state()

    async def tries(self, case: Case) -> str:
        """What went wrong with it; empty where it was refused as it should."""
        status, body = await self._hands_in(case.file, case.content, case.instrument)
        told = await (self._draft if case.is_draft else self._refusal)(case, status, body)
        return told or ("" if self.server.state() == self.before else "the live content changed")

    async def _hands_in(self, name: str, content: bytes, instrument: str) -> tuple[int, Any]:
        status, body, _ = await self.server.ask(
            "POST",
            "/drafts",
            self.token,
            params={"name": name, "instrument": instrument},
            data=io.BytesIO(content),
            headers={"Content-Type": "application/octet-stream"},
        )
        return status, body

    async def _refusal(self, case: Case, status: int, body: Any) -> str:
        """By what it is: nothing of it is kept."""
        if len(case.content) > TOO_LARGE:
            return "" if (status, body["error"]["code"]) == (413, "too_large") else f"{body}"
        error = body.get("error", {})
        is_right = (status, error.get("code")) == (422, "package_refused")
        return "" if is_right and case.says in error["message"] else f"{status} {body}"

    async def _draft(self, case: Case, status: int, body: Any) -> str:
        """By what it says: its mistakes are told, it cannot be published, and is thrown away."""
        told = [one["message"] for one in body.get("problems", ())]
        if (status, body.get("digest")) != (201, "") or not any(case.says in one for one in told):
            return f"{status} {body}"
        path, tag = f"/drafts/{body['id']}", {"If-Match": f'"{body["base"]}"'}
        publish = {"json": {"confirm_warnings": True}, "headers": tag}
        status, refusal, _ = await self.server.ask("POST", f"{path}/publish", self.token, **publish)
        gone, *_ = await self.server.ask("DELETE", path, self.token)
        is_right = (status, refusal["error"]["code"], gone) == (422, "problems", 204)
        return "" if is_right else f"publishing: {status} {refusal}, discarding: {gone}"


def here(wanted: bytes) -> Any:
    """What the child that looks at packages says, without its second of starting. Others have it started:
    the chat below, and tests/test_content_commands.py."""
    return json.loads(json.dumps(check_worker.answer(json.loads(wanted))))


async def test_api__refuses_every_one_with_the_live_content_as_it_was(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "_asked", here)
    async with serving(settings_for(None, data_folder)) as server:
        client = Client(server, server.token())
        await client.begins(*sorted({case.instrument for case in CASES}))
        left, wrong = iter(CASES), {}

        async def works() -> None:
            for case in left:
                if told := await client.tries(case):
                    wrong[case.name] = told

        await asyncio.gather(*(works() for _ in range(AT_ONCE)))
        assert wrong == {}
        assert drafts_of(server.engine) == []


def drafts_of(engine: Engine) -> list[Any]:
    """What waits to be published."""
    with engine.connect() as connection:
        waiting = "SELECT id, instrument, who FROM drafts WHERE edition_id IS NULL"
        return list(connection.execute(text(waiting)).all())


# --- The admins' chat ----------------------------------------------------------------------------

IN_CHAT = (
    "file: larger than 2 MB",
    "file: a script",
    "file: not a zip",
    "file: climbs",
    "file: symlink",
    "file: zip in it",
    "file: 21 files",
    "file: bomb that lies",
    "file: something else in it",
    "text: bomb of aliases",
    "text: very deep",
    "text: right-to-left override",
    "lv.po in cp1257",
    "mistake: unknown key",
    "mistake: statement twice",
    "mistake: points that rise",
    "mistake: script",
    "mistake: card too long",
    "mistake: fuzzy",
    "kind: condition that never holds",
)
"""One of a class."""

OTHERWISE = {
    "file: larger than 2 MB": "This file is too large: at most 2 MB.",
    "file: a script": "I take content as a .zip, a .po or a .yaml file.",
}
"""What a chat says before a file is fetched."""


@contextmanager
def live(folder: Path) -> Iterator[Engine]:
    settings = Settings(data_dir=str(folder))
    engine = open_database(settings.database, keys_at_hand(settings))
    yield engine
    engine.dispose()


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(TOKEN) as fake:
        yield fake
        assert not fake.problems


async def test_chat__refuses_one_of_each_class_with_the_live_content_as_it_was(
    telegram: FakeTelegram, data_folder: Path
) -> None:
    chosen = [case for case in CASES if case.name in IN_CHAT]
    assert len(chosen) == len(IN_CHAT)
    async with merilo(data_folder, telegram, admins="7:content"):
        admin = telegram.person(7, language_code="en")
        for name in sorted({case.instrument for case in chosen}):
            await publishes_new(admin, name)
        with live(data_folder) as engine:
            before = state_of(engine)
            for case in chosen:
                await sends(admin, case)
                assert state_of(engine) == before, case.name
            assert drafts_of(engine) == []


async def publishes_new(admin: Person, instrument: str) -> None:
    await admin.sends_document("a.zip", to_zip(package(instrument)), caption=instrument)
    await admin.sees(f"Draft for {instrument}", "Nothing is to be mended.")
    await admin.press("Publish")
    await admin.sees("Why?")
    await admin.send("It is new.")
    await admin.sees("Why: “It is new.”")
    await admin.press("Publish now")
    await admin.sees(f"{instrument}: edition 1 is current now.")


async def sends(admin: Person, case: Case) -> None:
    """One sentence and nothing kept, or a report whose only way on is to throw the draft away."""
    await admin.sends_document(case.file, case.content, caption=case.instrument)
    said = OTHERWISE.get(case.name, case.says)
    if not case.is_draft:
        lead = "" if case.name in OTHERWISE else "This file cannot be taken: "
        await newest(admin, f"{lead}", said)
        return
    card = await newest(admin, "to be mended before it can be published", said)
    assert card.buttons[-1] == ("Discard",)
    assert not card.button("Publish")
    await admin.press("Discard", message=card)
    await newest(admin, "Discarded. Nothing was changed.")


async def newest(admin: Person, *fragments: str) -> View:
    """The newest message that Merilo sent says so."""
    await admin.sees(*fragments)
    await until(lambda: all(one in admin.card.legible for one in fragments))
    return admin.card
