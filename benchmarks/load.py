"""How many answers a second Merilo takes, and how long a person waits: ``make bench``.

Two processes. One is Merilo, ``merilo serve`` with its defaults and SQLite in a temporary folder;
the other is the fake Bot API with the respondents in it. These two share a process because talking
over HTTP among themselves would take more of the machine than both need together: a call costs the
fake about 0.06 ms beyond HTTP, a tap 0.01 ms. Whether they were in the way is in the table: as long
as "CPU of fake and respondents" stays well below 100 %, and "CPU of everything else" near 0,
Merilo is what is measured.

Everyone begins at once. A person waits until the card is there and taps at once, so the load is
always as many taps as there are people. As on Telegram, a webhook gets at most 100 deliveries at a
time, and no tap of a person before their last one was acknowledged; waiting for that is part of the
time from tap to card. That time ends when the Bot API has carried out the call that shows the card.
Taps that are no answers (language, consent, begin, results) count in every time and in the CPU.

Each round has a fresh folder: a first start (migration, publishing), a stop, a second start, then
the load on that one. ``TMPDIR`` says where: answers are only as durable, and writing is only as
slow, as the disk there. The exit code is 1 if an answer is missing or wrong, or a chat unanswered.
"""

import argparse
import asyncio
import contextlib
import gc
import os
import platform
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import kept
from benchmarks.process import Running, database_in, machine_cpu, merilo, settings_for
from benchmarks.respondents import INSTRUMENT, BusyTelegram, Respondent
from tests.chat import edition


@dataclass(frozen=True, slots=True)
class Options:
    respondents: int
    assessments: int
    rounds: int
    latency: float
    polling: bool

    @property
    def answers(self) -> int:
        return self.respondents * self.assessments * statements()


@dataclass(frozen=True, slots=True)
class Use:
    """Seconds on the clock, and of CPU: of Merilo, of this process, of the whole machine."""

    clock: float
    merilo: float
    driver: float
    machine: float

    def since(self, earlier: "Use") -> "Use":
        return Use(
            self.clock - earlier.clock,
            self.merilo - earlier.merilo,
            self.driver - earlier.driver,
            self.machine - earlier.machine,
        )


@dataclass(frozen=True, slots=True)
class Round:
    """``figures`` may be averaged; ``failures`` must all be 0."""

    figures: dict[str, float]
    failures: dict[str, int]


# --- A round ---------------------------------------------------------------------------------


async def run_round(options: Options) -> Round:
    """Raises benchmarks.process.NotStarted where Merilo does not start."""
    with tempfile.TemporaryDirectory(prefix="merilo-bench-") as name:
        folder = Path(name)
        telegram = BusyTelegram(options.latency / 1000)
        async with telegram:
            settings = settings_for(telegram.base_url, polling=options.polling)
            async with _serving(telegram, folder, settings, options) as first:
                pass
            people = [Respondent(telegram, number) for number in range(options.respondents)]
            async with _serving(telegram, folder, settings, options) as second:
                use = await _load(second, people, options)
                memory = {"Peak memory of Merilo, MB": second.peak_memory}
        found = kept.read(database_in(folder), [str(person.chat) for person in people])
    starts = {"First start, ms": first.start * 1000, "Second start, ms": second.start * 1000}
    return Round(
        {**_speed(people, use), **_cost(people, use), **memory, **starts},
        _failures(people, found, telegram.refused, options),
    )


@asynccontextmanager
async def _serving(
    telegram: BusyTelegram, folder: Path, settings: dict[str, str], options: Options
) -> AsyncIterator[Running]:
    """Merilo, and the Bot API knows how to reach it."""
    method = "getUpdates" if options.polling else "setWebhook"
    introduced = asyncio.create_task(telegram.hears(method))
    async with merilo(folder, settings) as running:
        await introduced
        yield running


async def _load(running: Running, people: list[Respondent], options: Options) -> Use:
    gc.collect()
    gc.disable()  # a collection here would count as time that Merilo takes
    before = _used(running)
    telling = asyncio.create_task(_tell_progress(people, options.answers))
    try:
        await asyncio.gather(*(person.fill_in(options.assessments) for person in people))
        return _used(running).since(before)
    finally:
        gc.enable()
        telling.cancel()
        print(file=sys.stderr)


def _used(running: Running) -> Use:
    return Use(time.monotonic(), running.cpu, time.process_time(), machine_cpu())


async def _tell_progress(people: list[Respondent], answers: int) -> None:
    began = time.monotonic()
    while True:
        given, seconds = sum(person.answers for person in people), time.monotonic() - began
        line = f"\r{given} of {answers} answers, {seconds:.0f} s"
        print(line, end="", file=sys.stderr, flush=True)
        await asyncio.sleep(0.5)


# --- What it comes to ------------------------------------------------------------------------


def statements() -> int:
    """How many statements a whole assessment has."""
    return len(edition(INSTRUMENT).required)


def _speed(people: list[Respondent], use: Use) -> dict[str, float]:
    waits = [wait * 1000 for person in people for wait in person.waits]
    points = statistics.quantiles(waits, n=100, method="inclusive")
    return {
        "Answers per second": _answers(people) / use.clock,
        "Updates per second": len(waits) / use.clock,
        "Tap to card, p50, ms": points[49],
        "Tap to card, p95, ms": points[94],
        "Tap to card, p99, ms": points[98],
        "Tap to card, max, ms": max(waits),
    }


def _cost(people: list[Respondent], use: Use) -> dict[str, float]:
    updates = sum(len(person.waits) for person in people)
    others = use.machine - use.merilo - use.driver
    return {
        "CPU of Merilo per answer, ms": use.merilo * 1000 / _answers(people),
        "CPU of Merilo per update, ms": use.merilo * 1000 / updates,
        "CPU of Merilo, % of one core": use.merilo / use.clock * 100,
        "CPU of fake and respondents, % of one core": use.driver / use.clock * 100,
        "CPU of everything else, % of one core": max(others, 0) / use.clock * 100,
    }


def _failures(
    people: list[Respondent], found: kept.Answers, refused: int, options: Options
) -> dict[str, int]:
    tapped = {
        (str(person.chat), code, statement): option
        for person in people
        for code, answers in person.given.items()
        for statement, option in answers.items()
    }
    difference = kept.compare(tapped, found)
    return {
        "Chats left unanswered": sum(person.unanswered for person in people),
        "Calls refused by the Bot API": refused,
        "Answers lost": difference.lost,
        "Answers wrong": difference.wrong,
        "Assessments incomplete": kept.incomplete(
            found, options.respondents, options.assessments, statements()
        ),
    }


def _answers(people: list[Respondent]) -> int:
    return max(sum(person.answers for person in people), 1)


# --- The table -------------------------------------------------------------------------------


def table(options: Options, rounds: Sequence[Round]) -> str:
    """Markdown: the machine, what was asked, medians with the range of the rounds, failures."""
    figures = [(name, _spread([r.figures[name] for r in rounds])) for name in rounds[0].figures]
    failures = [(name, str(sum(r.failures[name] for r in rounds))) for name in rounds[0].failures]
    rows = [("Merilo under load", ""), *_conditions(options), *figures, *failures]
    lines = [f"| {name} | {value} |" for name, value in rows]
    return "\n".join([lines[0], "|---|---:|", *lines[1:]])


def _conditions(options: Options) -> Iterable[tuple[str, str]]:
    yield "Machine", f"{_cpu_model()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    yield "Date", f"{datetime.now(UTC):%Y-%m-%d}"
    yield "Updates by", "long polling" if options.polling else "webhook"
    yield "Latency of the Bot API, ms", f"{options.latency:g}"
    yield "Rounds", str(options.rounds)
    yield "Respondents at once", str(options.respondents)
    yield "Answers in a round", str(options.answers)


def _spread(values: Sequence[float]) -> str:
    median = _figure(statistics.median(values))
    if len(values) == 1:
        return median
    return f"{median} ({_figure(min(values))} – {_figure(max(values))})"


def _figure(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def _cpu_model() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


# --- The command -----------------------------------------------------------------------------


def read_options() -> Options:
    parser = argparse.ArgumentParser(prog="benchmarks.load", description="Merilo under load.")
    parser.add_argument("--respondents", type=_at_least_one, default=200)
    parser.add_argument(
        "--assessments", type=_at_least_one, default=1, help="each, one after another"
    )
    parser.add_argument(
        "--rounds", type=_at_least_one, default=1, help="medians are taken of several"
    )
    parser.add_argument(
        "--latency", type=float, default=0.0, metavar="MS", help="of each call of the Bot API"
    )
    parser.add_argument("--polling", action="store_true", help="instead of a webhook")
    return Options(**vars(parser.parse_args()))


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("it must be at least 1")
    return number


async def run(options: Options) -> list[Round]:
    return [await run_round(options) for _ in range(options.rounds)]


def main() -> int:
    """Measure and print the table; 1 if anything failed."""
    options = read_options()
    # Stopped in any polite way, it takes Merilo and the folder along.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    rounds = asyncio.run(run(options))
    print(table(options, rounds))
    return int(any(count for one in rounds for count in one.failures.values()))


if __name__ == "__main__":
    sys.exit(main())
