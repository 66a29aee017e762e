"""Merilo beside other bots and the floor, in one run: ``make bench``.

Every bot is a process of its own, on a fresh folder; the fake Bot API and the respondents are this
process (see benchmarks.load for why). Everyone taps as soon as the next card is there. In each round
every bot has its turn, so that a slow minute of the machine meets all of them. At the end of its turn
a bot is killed by ``kill -9``, and what it has kept is compared with what was tapped and shown as
taken. "Ready" is when it has told the Bot API its address and listens, or has asked for updates.

CPU per answer is that of the whole process for everything the respondents did, divided by answers.
Merilo's respondents tap more than the other bots' do: language, consent, menu, section results. The
column "per tap" divides by taps.

Six parts: ``main``; ``many`` (more chats, fewer answers each) and ``latency`` (the Bot API takes
its time), which both begin with the first statement; ``replicas`` (Merilo on PostgreSQL, one and two of
it); ``growth`` (Merilo on databases of different sizes); ``announcement`` (Merilo with ten thousand people to
tell while some answer, and without). ``TMPDIR`` says where databases are: writing is only as slow as the disk
there.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks import announcement, growth, replicas, report
from benchmarks.bots import BOTS, BROWSER, INLINE, MERILO, PTB, Bot
from benchmarks.measure import Measured, Scenario, measure, start_once
from benchmarks.peers import questions
from benchmarks.peers.questions import Questions
from benchmarks.report import Results

PARTS = ("main", "many", "latency", "replicas", "growth", "announcement")
PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
STORED = (1, 1_000, 100_000, 1_000_000)
ANSWERS_OF_MANY = 3
ANSWERS_AT_LATENCY = 10
ANSWERING, ANSWERS_OF_READERS = 16, 35
"""While an announcement runs: eight taps a second together, for a minute and a half."""
ANSWERS_OF_SEQUENTIAL = 2
"""A takes one update at a time, so it gets few where each takes long."""


@dataclass(frozen=True, slots=True)
class Options:
    parts: tuple[str, ...]
    bots: tuple[str, ...]
    rounds: int
    chats: int
    many: int
    latency: float
    growth_max: int
    announced: int
    quick: bool
    write: bool

    @property
    def sizes(self) -> list[int]:
        return [size for size in STORED if size <= self.growth_max]


# --- The parts -------------------------------------------------------------------------------


async def run(options: Options) -> Results:
    """Raises benchmarks.process.NotStarted where a bot does not start."""
    asked = questions.compiled()
    results = Results(options.chats, options.many, options.latency, options.rounds)
    for number in range(options.rounds):
        for bot in (BOTS[key] for key in options.bots):
            _tell(f"round {number + 1} of {options.rounds}, {bot.title}")
            await _take_turn(bot, asked, options, results)
    if "replicas" in options.parts:
        results.replicas = await _replicate(asked, options)
    if "growth" in options.parts:
        results.growth = await _grow(asked, options)
    if "announcement" in options.parts:
        results.announced = await _announce(options)
    return results


async def _take_turn(bot: Bot, asked: Questions, options: Options, results: Results) -> None:
    if "main" in options.parts:
        with _folder() as folder:
            first = await start_once(bot, folder)
            results.first_starts.setdefault(bot.key, []).append(first)
            whole = Scenario(options.chats, len(asked.asked))
            _add(results.main, bot, await measure(bot, folder, whole, asked))
    if "many" in options.parts and bot.key != INLINE:
        with _folder() as folder:
            many = Scenario(options.many, ANSWERS_OF_MANY, whole=False)
            _add(results.many, bot, await measure(bot, folder, many, asked))
    # A browser has nothing to do with the Bot API.
    if "latency" in options.parts and bot.key != BROWSER:
        with _folder() as folder:
            answers = ANSWERS_OF_SEQUENTIAL if bot.key == PTB else ANSWERS_AT_LATENCY
            slow = Scenario(options.chats, answers, options.latency, whole=False)
            _add(results.slow, bot, await measure(bot, folder, slow, asked))


async def _replicate(asked: Questions, options: Options) -> dict[int, list[replicas.Replicated]]:
    measured: dict[int, list[replicas.Replicated]] = {1: [], 2: []}
    load = Scenario(options.chats, len(asked.asked))
    with _folder() as above, replicas.postgresql(above) as server:
        for number in range(options.rounds):
            for count, rounds in measured.items():
                _tell(f"round {number + 1} of {options.rounds}, PostgreSQL, replicas: {count}")
                with _folder() as folder:
                    rounds.append(await replicas.measure(server, count, folder, load, asked))
    return measured


async def _grow(asked: Questions, options: Options) -> dict[int, list[Measured]]:
    """Each size has a folder, filled once; in each round all of them are measured."""
    bot = BOTS[MERILO]
    measured: dict[int, list[Measured]] = {size: [] for size in options.sizes}
    with _folder() as above:
        folders = {size: above / str(size) for size in options.sizes}
        for size, folder in folders.items():
            _tell(f"filling a database with {size} assessments")
            folder.mkdir()
            await start_once(bot, folder)
            growth.fill(folder, size, asked)
        for number in range(options.rounds):
            for size, folder in folders.items():
                _tell(f"round {number + 1} of {options.rounds}, {size} stored assessments")
                load = Scenario(options.chats, len(asked.asked), first=number * options.chats)
                measured[size].append(await measure(bot, folder, load, asked))
    return measured


async def _announce(options: Options) -> dict[bool, list[announcement.Announced]]:
    """With and without one, by whether there is one."""
    measured: dict[bool, list[announcement.Announced]] = {False: [], True: []}
    load = Scenario(ANSWERING, 3 if options.quick else ANSWERS_OF_READERS, whole=False)
    for number in range(options.rounds):
        for announces, rounds in measured.items():
            _tell(f"round {number + 1} of {options.rounds}, announcement: {announces}")
            with _folder() as folder:
                made = announcement.measure(folder, load, options.announced, announces=announces)
                rounds.append(await made)
    return measured


def _add(part: dict[str, list[Measured]], bot: Bot, measured: Measured) -> None:
    part.setdefault(bot.key, []).append(measured)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="merilo-bench-") as name:
        folder = Path(name)
        questions.write(folder)
        yield folder


def _tell(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


# --- The command -----------------------------------------------------------------------------


def read_options(given: Sequence[str] | None = None) -> Options:
    parser = argparse.ArgumentParser(prog="benchmarks.compare", description="Merilo beside others.")
    parser.add_argument("--parts", type=_some_of(PARTS), default=PARTS, help=",".join(PARTS))
    every = tuple(BOTS)
    parser.add_argument("--bots", type=_some_of(every), default=every, help=",".join(every))
    parser.add_argument("--rounds", type=_at_least_one, default=3)
    parser.add_argument("--chats", type=_at_least_one, default=50, help="at once")
    parser.add_argument("--many", type=_at_least_one, default=500, help="chats in part many")
    parser.add_argument("--latency", type=float, default=50.0, metavar="MS", help="of a call")
    parser.add_argument(
        "--growth-max", type=_at_least_one, default=100_000, help="1000000 takes some minutes more"
    )
    parser.add_argument(
        "--announced", type=_at_least_one, default=14_000, help="people; one in four wants no news"
    )
    parser.add_argument("--quick", action="store_true", help="one small round: does it work?")
    parser.add_argument(
        "--write", action="store_true", help=f"put the tables into docs/{PAGE.name}"
    )
    options = Options(**vars(parser.parse_args(given)))
    return _quick(options) if options.quick else options


def _quick(options: Options) -> Options:
    size = min(options.growth_max, 1_000)
    return replace(options, rounds=1, chats=3, many=6, latency=5.0, growth_max=size, announced=400)


def _some_of(known: tuple[str, ...]) -> Callable[[str], tuple[str, ...]]:
    def chosen(text: str) -> tuple[str, ...]:
        names = tuple(text.split(","))
        if unknown := set(names) - set(known):
            raise argparse.ArgumentTypeError(f"there is no {min(unknown)}")
        return names

    return chosen


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("it must be at least 1")
    return number


def failed(results: Results) -> bool:
    """Whether Merilo left a chat unanswered, or lost an answer."""
    own = results.of(*(bot.key for bot in BOTS.values() if bot.is_merilo))
    return any(m.unanswered or m.lost or m.wrong or m.refused for m in own)


def main() -> int:
    """Measure, print the tables; 1 if Merilo failed anyone."""
    options = read_options()
    results = asyncio.run(run(options))
    written = report.report(results)
    print(written)
    if options.write:
        report.write(PAGE, written)
    return int(failed(results))


if __name__ == "__main__":
    sys.exit(main())
