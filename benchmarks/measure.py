"""One bot in one scenario, once: started, loaded, killed, and what it has kept compared."""

import asyncio
import gc
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.bots import Bot, end_of_log, serving
from benchmarks.peers.questions import Questions
from benchmarks.players import Player
from benchmarks.process import Running
from benchmarks.respondents import BusyTelegram


@dataclass(frozen=True, slots=True)
class Scenario:
    """``latency`` of the Bot API in ms. ``first`` is the number of the first respondent. ``whole``
    counts from the first contact; else from the first statement, for those who answer only a few."""

    chats: int
    answers: int
    latency: float = 0.0
    first: int = 0
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Measured:
    """``start`` in seconds, other times in ms; CPU of the bot's whole process, user and system.
    ``driver`` is the CPU of the fake Bot API with the respondents, in % of a core."""

    speed: float
    cpu_answer: float
    cpu_update: float
    p50: float
    p95: float
    p99: float
    memory: float
    start: float
    driver: float
    answers: int
    unanswered: int
    refused: int
    lost: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Use:
    clock: float
    bot: float
    driver: float


async def start_once(bot: Bot, folder: Path) -> float:
    """Seconds until it is ready; then it is killed."""
    telegram = BusyTelegram(0)
    async with telegram, serving(bot, telegram, folder) as running:
        return running.start


async def measure(bot: Bot, folder: Path, scenario: Scenario, questions: Questions) -> Measured:
    """Raises benchmarks.process.NotStarted where the bot does not start."""
    telegram = BusyTelegram(scenario.latency / 1000)
    async with telegram:
        numbers = range(scenario.first, scenario.first + scenario.chats)
        players = [bot.player(telegram, number, questions) for number in numbers]
        async with serving(bot, telegram, folder) as running:
            measured = await measure_all([running], players, scenario)
        refused = telegram.refused
    # Only now is it killed, and only what it keeps until then counts.
    lost, wrong = damage(bot, folder, players)
    if measured.unanswered or refused:
        _tell_why(bot, folder, measured.unanswered, refused)
    return replace(measured, refused=refused, lost=lost, wrong=wrong)


async def measure_all(
    running: Sequence[Running], players: Sequence[Player], scenario: Scenario
) -> Measured:
    """Load what is running, together: CPU is their sum, memory that of the largest. What was refused
    and lost is not looked at yet."""
    use = await _load(running, players, scenario)
    answers = max(sum(player.answers for player in players), 1)
    waits = [wait * 1000 for player in players for wait in player.waits] or [0.0]
    points = statistics.quantiles(waits * 2, n=100, method="inclusive")
    return Measured(
        speed=answers / use.clock,
        cpu_answer=use.bot * 1000 / answers,
        cpu_update=use.bot * 1000 / len(waits),
        p50=points[49],
        p95=points[94],
        p99=points[98],
        memory=max(one.peak_memory for one in running),
        start=max(one.start for one in running),
        driver=use.driver / use.clock * 100,
        answers=answers,
        unanswered=sum(player.unanswered for player in players),
        refused=0,
        lost=0,
        wrong=0,
    )


async def _load(running: Sequence[Running], players: Sequence[Player], scenario: Scenario) -> Use:
    if not scenario.whole:
        await asyncio.gather(*(player.begin() for player in players))
    gc.collect()
    gc.disable()  # a collection here would count as time that the bot takes
    try:
        before = _used(running)
        await asyncio.gather(*(player.play(scenario.answers) for player in players))
        after = _used(running)
    finally:
        gc.enable()
    return Use(after.clock - before.clock, after.bot - before.bot, after.driver - before.driver)


def _used(running: Sequence[Running]) -> Use:
    cpu = sum(cpu_of(one.pid) for one in running)
    return Use(time.monotonic(), cpu, time.process_time())


def cpu_of(pid: int) -> float:
    """Seconds of CPU of all threads of a process: its own clock, finer than /proc. See
    clock_getcpuclockid(3)."""
    return time.clock_gettime((~pid << 3) | 2)


def _tell_why(bot: Bot, folder: Path, unanswered: int, refused: int) -> None:
    said = end_of_log(folder)
    print(f"{bot.title}: {unanswered} chats unanswered, {refused} calls refused.", file=sys.stderr)
    print(f"The end of its log:\n{said}", file=sys.stderr, flush=True)


def damage(bot: Bot, folder: Path, players: Sequence[Player]) -> tuple[int, int]:
    """How many answers were lost and how many are wrong, though the next card had been shown."""
    shown = [player for player in players if not player.unanswered]
    tapped = {place: option for player in shown for place, option in player.tapped.items()}
    found = bot.read(folder, [str(player.chat) for player in shown])
    lost = sum(place not in found for place in tapped)
    wrong = sum(found.get(place, option) != option for place, option in tapped.items())
    return lost, wrong
