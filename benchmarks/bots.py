"""The bots that are compared: how each is started, watched and killed, and what it has kept."""

import asyncio
import pickle
import sqlite3
import sys
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import kept
from benchmarks.peers.place import DATABASE, PICKLE, SECRET, TOKEN
from benchmarks.peers.questions import Questions
from benchmarks.players import MeriloPlayer, PeerPlayer, Player
from benchmarks.process import COMMAND, PATIENCE, NotStarted, Running, database_in, environment
from benchmarks.respondents import BusyTelegram
from benchmarks.visitors import Visitor
from tests.servers import free_port

ROOT = Path(__file__).parent.parent
MERILO, POLLING, PTB, FSM, DIALOGS, FLOOR = "merilo", "polling", "A", "B", "C", "floor"
INLINE, BROWSER = "B1", "browser"
LOG = "bot.log"
PEERS = (PTB, FSM, DIALOGS)

Kept = Mapping[tuple[str, str], str]
"""The option by chat and statement."""


@dataclass(frozen=True, slots=True)
class Start:
    """What a start is made of: the command, and the environment besides our own."""

    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bot:
    """``start`` is told the folder, the port and the Bot API's address. ``read`` tells what those
    chats have kept in that folder."""

    key: str
    title: str
    start: Callable[[Path, int, str], Start]
    read: Callable[[Path, Sequence[str]], Kept]
    introduces: str = "setWebhook"

    @property
    def is_merilo(self) -> bool:
        return self.key in {MERILO, POLLING, BROWSER}

    def player(self, telegram: BusyTelegram, number: int, questions: Questions) -> Player:
        if self.key == BROWSER:
            return Visitor(telegram, number)
        if self.is_merilo:
            return MeriloPlayer(telegram, number)
        return PeerPlayer(telegram, number, questions)


# --- How each is started, and what it has kept ----------------------------------------------


def _merilo(folder: Path, port: int, api: str) -> Start:
    webhook = {
        "MERILO_WEBHOOK_URL": f"http://127.0.0.1:{port}",
        "MERILO_WEBHOOK_SECRET": SECRET,
    }
    polling = _polling(folder, port, api)
    return Start(polling.command, polling.environment | webhook)


def _polling(_folder: Path, port: int, api: str) -> Start:
    settings = {
        "MERILO_TELEGRAM_TOKEN": TOKEN,
        "MERILO_TELEGRAM_API": api,
        "MERILO_PORT": str(port),
        # Respondents are faster than any person.
        "MERILO_EVENTS_PER_SECOND": "0",
    }
    return Start((str(COMMAND), "serve"), settings)


def _module(name: str, *more: str) -> Callable[[Path, int, str], Start]:
    def start(folder: Path, port: int, api: str) -> Start:
        where = ("--port", str(port), "--api", api, "--data", str(folder))
        return Start((sys.executable, "-m", name, *where, *more), {"PYTHONPATH": str(ROOT)})

    return start


def _kept_by_merilo(folder: Path, chats: Sequence[str]) -> Kept:
    found = kept.read(database_in(folder), chats)
    return {(chat, statement): option for (chat, _, statement), option in found.items()}


def _kept_of_visitors(folder: Path, visitors: Sequence[str]) -> Kept:
    found = kept.read(database_in(folder), visitors, "web")
    return {(visitor, statement): option for (visitor, _, statement), option in found.items()}


def _kept_in_table(folder: Path, _chats: Sequence[str]) -> Kept:
    with closing(sqlite3.connect(folder / DATABASE)) as database:
        rows = database.execute("SELECT chat, statement, option FROM answers").fetchall()
    return {(str(chat), statement): option for chat, statement, option in rows}


class _PlainUnpickler(pickle.Unpickler):
    """python-telegram-bot pickles its bot by reference; there is none here."""

    def persistent_load(self, _id: Any) -> None:
        return None


def _kept_in_pickle(folder: Path, _chats: Sequence[str]) -> Kept:
    """What is in the file, if there is one that can be read."""
    with suppress(FileNotFoundError, EOFError, pickle.UnpicklingError):
        with (folder / PICKLE).open("rb") as file:
            data = _PlainUnpickler(file).load()["user_data"]
        return {
            (str(chat), statement): option
            for chat, kept_of_user in data.items()
            for statement, option in kept_of_user["answers"].items()
        }
    return {}


BOTS = {
    bot.key: bot
    for bot in (
        Bot(MERILO, "Merilo", _merilo, _kept_by_merilo),
        Bot(POLLING, "Merilo, long polling", _polling, _kept_by_merilo, "getUpdates"),
        Bot(BROWSER, "Merilo, browser chat", _merilo, _kept_of_visitors),
        Bot(
            PTB,
            "A. python-telegram-bot, ConversationHandler + PicklePersistence",
            _module("benchmarks.peers.ptb"),
            _kept_in_pickle,
        ),
        Bot(
            FSM,
            "B. aiogram 3 + FSM + SQLAlchemy async",
            _module("benchmarks.peers.aiogram_fsm"),
            _kept_in_table,
        ),
        Bot(
            INLINE,
            "B1. B with the tap answered in the webhook's response",
            _module("benchmarks.peers.aiogram_fsm", "--inline"),
            _kept_in_table,
        ),
        Bot(
            DIALOGS,
            "C. aiogram-dialog 2 + SQLAlchemy async",
            _module("benchmarks.peers.aiogram_dialogs"),
            _kept_in_table,
        ),
        Bot(
            FLOOR,
            "Floor: plain aiohttp + SQLite",
            _module("benchmarks.floor"),
            _kept_in_table,
        ),
    )
}


# --- A bot at work ---------------------------------------------------------------------------


@asynccontextmanager
async def serving(bot: Bot, telegram: BusyTelegram, folder: Path) -> AsyncIterator[Running]:
    """The bot, ready: it has introduced itself to the Bot API and listens. Killed on leaving, as by
    a power cut, for what it keeps until then is what counts. Raises NotStarted."""
    port, log = free_port(), folder / LOG
    start = bot.start(folder, port, telegram.base_url)
    introduced = asyncio.create_task(telegram.hears(bot.introduces))
    await asyncio.sleep(0)  # from here on it listens
    began = time.monotonic()
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *start.command,
            cwd=folder,
            env=environment(start.environment),
            stdout=DEVNULL,
            stderr=output,
        )
    try:
        await _ready(process, introduced, port, folder)
        yield Running(process.pid, time.monotonic() - began)
    finally:
        introduced.cancel()
        await _kill(process)


async def _ready(process: Process, introduced: asyncio.Task[None], port: int, folder: Path) -> None:
    ended = asyncio.create_task(process.wait())
    try:
        async with asyncio.timeout(PATIENCE):
            await asyncio.wait({introduced, ended}, return_when=asyncio.FIRST_COMPLETED)
            if not introduced.done():
                raise NotStarted(end_of_log(folder))
            await _listening(port)
    except TimeoutError:
        raise NotStarted(f"not ready in time: {end_of_log(folder)}") from None
    finally:
        ended.cancel()


def end_of_log(folder: Path) -> str:
    """What the bot there has said last."""
    return (folder / LOG).read_text(encoding="utf-8", errors="replace")[-2000:]


async def _listening(port: int) -> None:
    """aiogram introduces itself before it listens."""
    while True:
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            await writer.wait_closed()
            return
        await asyncio.sleep(0.005)


async def _kill(process: Process) -> None:
    if process.returncode is None:
        process.kill()
    await process.wait()
