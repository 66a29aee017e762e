"""How long a picture and a report take, what they need, and what they cost those who answer meanwhile.

    python -m benchmarks.reports [--charts 200] [--reports 50] [--rate 200] [--rounds 3]

Pictures and reports go the way they go in Merilo: through the renderer, its process and its pipe, each
different from the one before, so that nothing comes out of a cache. The report is the longest there is:
every statement of ``occay`` answered, with a note of 500 characters. The first of each is told apart,
because it waits for the process to start.

Then people answer at a steady rate, without and with so many reports asked for at once; the time is from
tap to commit, in a real database in a temporary folder (``TMPDIR``). Reports that are sent away because
too many wait ask again. Exit code 1 where an aim is missed; see docs/reports.md.
"""

import argparse
import asyncio
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bot.preparing import prepare
from bot.reception import Address, Busy, Reception
from bot.reports.document import chart_data, report_data
from bot.reports.renderer import Renderer
from content.model import Edition
from dialogs.summary import Summary, summary
from dialogs.types import Answer, Assessment, Pressed
from storage.database import open_database
from storage.writer import Writer
from tests.chat import NOON, edition, library
from tests.databases import KEYS

INSTRUMENT = "occay"
NOTE = ("Дълга бележка за всичко, което не бива да се губи в края на реда. " * 9)[:500]
CHART_AIM, REPORT_AIM = 100.0, 300.0
"""Milliseconds, of 95 in a hundred."""

AGAIN = 0.5
"""Seconds until a report that was sent away is asked for again."""

ANSWERING = 50
"""People who answer."""

ALONE = 10.0
"""Seconds that they are watched without reports."""

Times = list[float]
"""Milliseconds."""


def main() -> int:
    options = _options()
    print(f"{platform.machine()}, Python {platform.python_version()}, {datetime.now(UTC):%Y-%m-%d}")
    return asyncio.run(_measured(options))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--charts", type=int, default=200)
    parser.add_argument("--reports", type=int, default=50)
    parser.add_argument(
        "--rounds", type=int, default=3, help="of answering, without and with reports"
    )
    parser.add_argument("--rate", type=int, default=200, help="answers a second")
    return parser.parse_args()


async def _measured(options: argparse.Namespace) -> int:
    before = _memory("self")
    async with Renderer() as renderer:
        charts = await _made(renderer, "chart", [_chart(n) for n in range(options.charts)])
        reports = await _made(renderer, "report", [_report(n) for n in range(options.reports)])
        process = renderer._process
        worker = _peak(str(process.pid)) if process else 0.0
    _print_times("Chart", charts)
    _print_times("Report", reports)
    print(
        f"Memory of the renderer, peak: {worker:.0f} MB; what asking added here: {_memory('self') - before:.0f} MB"
    )
    pooled: dict[int, Times] = {0: [], options.reports: []}
    # By turns, because the machine may have other work for a while.
    for _ in range(options.rounds):
        for count, times in pooled.items():
            times += await _answering(options.rate, count)
    for count, times in pooled.items():
        print(f"Answer while {count} reports are made: {_told(times)}, {len(times)} answers")
    missed = _p95(charts[1:]) > CHART_AIM or _p95(reports[1:]) > REPORT_AIM
    return int(missed)


def _print_times(what: str, times: Times) -> None:
    print(f"{what}: {_told(times[1:])}; the first one {times[0]:.0f} ms")


def _told(times: Times) -> str:
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return f"median {cuts[49]:.1f}, p95 {cuts[94]:.1f}, p99 {cuts[98]:.1f} ms"


def _p95(times: Times) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[94]


async def _made(renderer: Renderer, what: str, jobs: Sequence[dict[str, object]]) -> Times:
    times = []
    for job in jobs:
        began = time.perf_counter()
        await renderer.make(what, partial(_given, job))
        times.append((time.perf_counter() - began) * 1000)
    return times


async def _given(job: dict[str, object]) -> dict[str, object]:
    return job


def _chart(number: int) -> dict[str, object]:
    told = _told_of(number)
    assert told.chart
    return chart_data(told.chart, told.language)


def _report(number: int) -> dict[str, object]:
    return report_data(_told_of(number))


def _told_of(number: int) -> Summary:
    """Another assessment for each number, in the three languages by turns."""
    own, language = _assessment(edition(INSTRUMENT), number), ("bg", "lv", "en")[number % 3]
    return summary(library(INSTRUMENT), {own.code: own}, own.code, language, NOON, 1)


def _assessment(content: Edition, number: int) -> Assessment:
    chance = random.Random(number)
    answers = {
        id_: Answer(chance.choice(s.scale.options).id, f"{number} {NOTE}"[:500])
        for id_, s in content.statements.items()
        if s.kind == "choice"
    }
    return Assessment("code1234", INSTRUMENT, content.digest, NOON, NOON, answers)


# --- Answers meanwhile -------------------------------------------------------------------------


async def _answering(rate: int, reports: int) -> Times:
    """Milliseconds from tap to commit, at so many taps a second, for as long as reports are made."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{Path(folder) / 'merilo.db'}", KEYS)
        library_ = prepare(engine)
        with Writer(engine) as writer:
            async with Renderer() as renderer:
                reception = Reception(writer, library_, renderer=renderer)
                people = [await _Person.come(reception, n) for n in range(ANSWERING)]
                readers = [await _Person.come(reception, ANSWERING + n) for n in range(reports)]
                names = [await reader.answered_all() for reader in readers]
                taps = asyncio.create_task(_taps(people, rate))
                began = time.perf_counter()
                await asyncio.gather(*map(_report_for, readers, names))
                if not readers:
                    await asyncio.sleep(ALONE)
                else:
                    print(f"{reports} reports were made in {time.perf_counter() - began:.1f} s")
                taps.cancel()
                await asyncio.sleep(1)  # until the last ones are through
                return [ms for person in people for ms in person.times]


async def _report_for(person: "_Person", which: str) -> None:
    while True:
        try:
            assert await person.reception.file(person.address, which)
        except Busy:
            await asyncio.sleep(AGAIN)
        else:
            return


async def _taps(people: Sequence["_Person"], rate: int) -> None:
    """Steady: a tap is due when it is due, whether the one before is through or not."""
    began, number = time.perf_counter(), 0
    under_way: set[asyncio.Task[None]] = set()
    while True:
        task = asyncio.create_task(people[number % len(people)].tap())
        under_way.add(task)
        task.add_done_callback(under_way.discard)
        number += 1
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))


class _Person:
    """Somebody who answers the same statements again and again, another way each time."""

    def __init__(self, reception: Reception, number: int) -> None:
        self.reception = reception
        self.address = Address("benchmark", str(number))
        self.code = ""
        self.times: Times = []
        self._taps = 0

    @classmethod
    async def come(cls, reception: Reception, number: int) -> "_Person":
        person = cls(reception, number)
        for token in ("start", "language:en", "agree:1"):
            await person._press(token)
        shown = await person._press(f"begin:{INSTRUMENT}")
        person.code = shown.split(":")[1]
        return person

    async def _press(self, token: str) -> str:
        """The first button of what is shown then."""
        self._taps += 1
        answer = await self.reception.receive(self.address, str(self._taps), Pressed(token), "en")
        return answer.replies[-1].choices[0][0].token

    async def answered_all(self) -> str:
        """The name of the report then."""
        for id_, statement in edition(INSTRUMENT).statements.items():
            if statement.kind == "choice":
                option = random.Random(f"{self.address}{id_}").choice(statement.scale.options)
                await self._press(f"a:{self.code}:{id_}:1:{option.id}")
        return f"report:{self.code}:pdf:bg"

    async def tap(self) -> None:
        ids = edition(INSTRUMENT).required
        statement = edition(INSTRUMENT).statements[ids[self._taps % len(ids)]]
        option = statement.scale.options[self._taps // len(ids) % 4].id
        began = time.perf_counter()
        await self._press(f"a:{self.code}:{statement.id}:1:{option}")
        self.times.append((time.perf_counter() - began) * 1000)


def _memory(process: str) -> float:
    """Resident now, in MB."""
    return _status(process, "VmRSS")


def _peak(process: str) -> float:
    return _status(process, "VmHWM")


def _status(process: str, name: str) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    sys.exit(main())
