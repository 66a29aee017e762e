"""A disk that is full: nothing is acknowledged, the person is told, and it mends itself."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from sqlite3 import connect
from uuid import uuid4

import aiohttp
import pytest
from sqlalchemy import create_engine, select

from storage.tables import answers
from tests.fake_telegram import FakeTelegram
from tests.faults.people import until
from tests.servers import TOKEN, merilo
from tests.sizes import Figure
from tests.test_telegram import BOTH_WAYS, begin

MEGABYTES = 16
PATIENCE = 10.0


@pytest.fixture
def disk(tmp_path: Path, first_start: Path) -> Iterator[Path]:
    """A disk of its own, small enough to be filled."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(place)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("this user may not mount a disk to fill; root may")
    shutil.copytree(first_start, place, dirs_exist_ok=True)
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(disk: Path) -> None:
    """To the last byte; SQLite's log of changes has no room left over from before either."""
    with closing(connect(disk / "merilo.db")) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with suppress(OSError), (disk / "filler").open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass


def kept(disk: Path) -> list[str]:
    engine = create_engine(f"sqlite:///{disk / 'merilo.db'}")
    with engine.connect() as connection:
        found = list(connection.scalars(select(answers.c.statement)))
    engine.dispose()
    return found


@BOTH_WAYS
async def test_full_disk__is_told_not_acknowledged_and_made_good(
    disk: Path, webhook: bool, figure: Figure
) -> None:
    async with FakeTelegram(TOKEN) as telegram, merilo(disk, telegram, webhook=webhook):
        anna, boris = telegram.person(1), telegram.person(2)
        await begin(anna)
        await begin(boris)
        fill(disk)
        await anna.press("Fully agree", at_once=True)
        await boris.send("2")
        await boris.sees("not saved yet", patience=PATIENCE)
        await until(lambda: any("not saved yet" in one.text for one in anna.notices))
        assert kept(disk) == []
        assert len(telegram.updates) == 2, "neither is acknowledged"
        (disk / "filler").unlink()
        for person in (anna, boris):  # without doing anything
            await person.sees("2 of 35", patience=PATIENCE)
        await anna.quiet()
        assert sorted(kept(disk)) == ["1.1", "1.1"]
        told = [view for view in boris.screen if "not saved yet" in view.text]
        assert len(told) == 1, "once is enough"
    figure(
        f"disk full, {'webhook' if webhook else 'polling'}",
        "both told, nothing acknowledged; with room again both answers kept without a tap",
    )


async def test_full_disk__in_the_browser__is_told_and_can_be_sent_again(disk: Path) -> None:
    async with (
        merilo(disk) as address,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http,
    ):

        async def press(token: str, id_: str = "") -> tuple[int, str]:
            event = {"id": id_ or str(uuid4()), "event": {"kind": "pressed", "token": token}}
            async with http.post(f"{address}/chat", json=event) as response:
                return response.status, await response.text()

        await press("language:en")
        fill(disk)
        again = str(uuid4())
        status, said = await press("agree:1", again)
        assert status == 503
        assert "Nothing is lost" in said
        (disk / "filler").unlink()
        assert (await press("agree:1", again))[0] == 200
