"""What was measured, as Markdown: a table for each part, and one for the goals."""

import contextlib
import os
import platform
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.announcement import Announced
from benchmarks.bots import BOTS, BROWSER, DIALOGS, FLOOR, FSM, INLINE, MERILO, PEERS, POLLING
from benchmarks.measure import Measured
from benchmarks.replicas import Replicated

BEGIN = "<!-- benchmark: begin, written by `make bench ARGS=--write` -->"
END = "<!-- benchmark: end -->"
NEW = f"# Performance\n\n{BEGIN}\n{END}\n"

Rounds = Mapping[str, Sequence[Measured]]
"""The rounds by bot."""
Growth = Mapping[int, Sequence[Measured]]
"""The rounds by stored assessments."""


@dataclass(slots=True)
class Results:
    """Parts that were not asked for are empty. ``first_starts`` are seconds by bot."""

    chats: int
    many_chats: int
    latency: float
    rounds: int
    main: dict[str, list[Measured]] = field(default_factory=dict)
    first_starts: dict[str, list[float]] = field(default_factory=dict)
    many: dict[str, list[Measured]] = field(default_factory=dict)
    slow: dict[str, list[Measured]] = field(default_factory=dict)
    replicas: dict[int, list[Replicated]] = field(default_factory=dict)
    growth: dict[int, list[Measured]] = field(default_factory=dict)
    announced: dict[bool, list[Announced]] = field(default_factory=dict)

    def of(self, *bots: str) -> list[Measured]:
        """Everything that was measured of these bots."""
        parts = (self.main, self.many, self.slow)
        rounds = [one for part in parts for bot in bots for one in part.get(bot, [])]
        grown = [one for each in self.growth.values() for one in each]
        replicated = [one.measured for each in self.replicas.values() for one in each]
        announced = [one.measured for each in self.announced.values() for one in each]
        return rounds + (grown + replicated + announced if MERILO in bots else [])


@dataclass(frozen=True, slots=True)
class Goal:
    """``measured`` is None where a part is missing. Met where it is ``at_least``, or at most."""

    text: str
    measured: float | None
    limit: float
    at_least: bool
    unit: str = ""

    @property
    def row(self) -> list[str]:
        sign = "≥" if self.at_least else "≤"
        goal = f"{sign} {self.limit:g}{self.unit}"
        if self.measured is None:
            return [self.text, goal, "not measured", "–"]
        met = self.measured >= self.limit if self.at_least else self.measured <= self.limit
        return [self.text, goal, f"{_figure(self.measured)}{self.unit}", "yes" if met else "no"]


# --- The report ------------------------------------------------------------------------------


def report(results: Results) -> str:
    return "\n\n".join(_parts(results))


def _parts(r: Results) -> Iterator[str]:
    yield (
        f"{_cpu_model()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"{datetime.now(UTC):%Y-%m-%d}. Medians of {_rounds(r.rounds)}, interleaved; "
        "smallest and largest in brackets."
    )
    if r.main:
        yield f"**{r.chats} chats at once**"
        yield _main_table(r.main)
        yield "**Seconds from start to ready**"
        yield _starts_table(r)
    if r.many:
        yield f"**{r.many_chats} chats at once**"
        yield _main_table(r.many)
    if r.slow:
        yield f"**{r.chats} chats at once, each call of the Bot API takes {r.latency:g} ms**"
        yield _main_table(r.slow)
    if r.replicas:
        yield f"**Merilo on PostgreSQL, {r.chats} chats at once**"
        yield _replicas_table(r.replicas)
    if r.growth:
        yield "**Merilo with stored assessments**"
        yield _growth_table(r.growth)
    if r.announced:
        yield "**Merilo while people read before they tap, without and with an announcement**"
        yield _announced_table(r.announced)
    yield "**Goals**"
    rows = [goal.row for goal in goals(r)]
    yield _table(["Goal", "Limit", "Measured", "Met"], rows)


def _main_table(part: Rounds) -> str:
    head = ["Bot", "Answers/s", "CPU ms per answer", "per tap", "p50 ms", "p95 ms", "p99 ms"]
    head += ["RSS MB", "Chats unanswered", "Lost by `kill -9`", "CPU of the driver, %"]
    return _table(head, [_bot_row(key, rounds) for key, rounds in part.items()])


def _bot_row(bot: str, rounds: Sequence[Measured]) -> list[str]:
    figures: list[Callable[[Measured], float]] = [
        lambda m: m.speed,
        lambda m: m.cpu_answer,
        lambda m: m.cpu_update,
        lambda m: m.p50,
        lambda m: m.p95,
        lambda m: m.p99,
        lambda m: m.memory,
    ]
    unanswered = str(sum(m.unanswered for m in rounds))
    driver = _figure(_median([m.driver for m in rounds]))
    spreads = [_spread([figure(m) for m in rounds]) for figure in figures]
    return [BOTS[bot].title, *spreads, unanswered, _durability(rounds), driver]


def _durability(rounds: Sequence[Measured]) -> str:
    lost, wrong = sum(m.lost for m in rounds), sum(m.wrong for m in rounds)
    if wrong:
        return f"{wrong} wrong"
    return f"{lost} of {sum(m.answers for m in rounds)}" if lost else "none: durable"


def _starts_table(r: Results) -> str:
    rows = [
        [BOTS[bot].title, _spread(r.first_starts[bot]), _spread([m.start for m in rounds])]
        for bot, rounds in r.main.items()
    ]
    return _table(["Bot", "First start", "Second start"], rows)


def _replicas_table(replicas: Mapping[int, Sequence[Replicated]]) -> str:
    head = ["Replicas", "Answers/s", "CPU ms per answer", "of PostgreSQL", "p50 ms", "p99 ms"]
    head += ["Connections waiting for a lock", "Deadlocks", "Lost by `kill -9`"]
    rows = [
        [
            str(count),
            _spread([r.measured.speed for r in rounds]),
            _spread([r.measured.cpu_answer for r in rounds]),
            _spread([r.database for r in rounds]),
            _spread([r.measured.p50 for r in rounds]),
            _spread([r.measured.p99 for r in rounds]),
            _spread([r.waiting for r in rounds]),
            str(sum(r.deadlocks for r in rounds)),
            _durability([r.measured for r in rounds]),
        ]
        for count, rounds in replicas.items()
    ]
    return _table(head, rows)


def _growth_table(growth: Growth) -> str:
    head = ["Stored", "CPU ms per answer", "p99 ms", "RSS MB", "Start s", "Chats unanswered"]
    rows = [
        [
            f"{stored:,}",
            _spread([m.cpu_answer for m in rounds]),
            _spread([m.p99 for m in rounds]),
            _spread([m.memory for m in rounds]),
            _spread([m.start for m in rounds]),
            str(sum(m.unanswered for m in rounds)),
        ]
        for stored, rounds in growth.items()
    ]
    return _table(head, rows)


def _announced_table(announced: Mapping[bool, Sequence[Announced]]) -> str:
    head = [
        "Announcement",
        "Told a second",
        "Answers/s",
        "CPU ms per answer",
        "p50 ms",
        "p95 ms",
        "p99 ms",
    ]
    head += ["Chats unanswered", "Lost by `kill -9`"]
    rows = [
        [
            "under way" if announces else "none",
            _spread([a.told for a in rounds]),
            _spread([a.measured.speed for a in rounds]),
            _spread([a.measured.cpu_answer for a in rounds]),
            _spread([a.measured.p50 for a in rounds]),
            _spread([a.measured.p95 for a in rounds]),
            _spread([a.measured.p99 for a in rounds]),
            str(sum(a.measured.unanswered for a in rounds)),
            _durability([a.measured for a in rounds]),
        ]
        for announces, rounds in announced.items()
    ]
    return _table(head, rows)


# --- The goals -------------------------------------------------------------------------------


def goals(r: Results) -> list[Goal]:
    """Those of the issue on speed that this benchmark can show."""
    return [*_goals_of_work(r), *_goals_of_waiting(r), *_goals_of_size(r)]


def _goals_of_work(r: Results) -> Iterator[Goal]:
    own = _cpu_of(r.main, MERILO)
    best = _best([_cpu_of(r.main, bot) for bot in PEERS])
    polling = _cpu_of(r.main, POLLING)
    yield Goal("Answers per CPU second, to the best of A, B, C", _ratio(best, own), 8, True, "×")
    one_call = _cpu_of(r.main, INLINE)
    equal = "The same at equal numbers of calls"
    yield Goal(f"{equal}: one, webhook to B1", _ratio(one_call, own), 5, True, "×")
    yield Goal(f"{equal}: two, long polling to the best", _ratio(best, polling), 5, True, "×")
    floor = _cpu_of(r.main, FLOOR)
    yield Goal("Answers per CPU second, to the floor", _ratio(floor, own), 0.6, True, "×")
    yield Goal("Long polling, CPU to the webhook's", _ratio(polling, own), 1.3, False, "×")


def _goals_of_waiting(r: Results) -> Iterator[Goal]:
    for chats, part in ((r.chats, r.main), (r.many_chats, r.many)):
        p99 = _ratio(_p99_of(part, MERILO), _p99_of(part, FLOOR))
        yield Goal(f"p99 at {chats} chats, to the floor's", p99, 2, False, "×")
    browser = _ratio(_p50_of(r.main, BROWSER), _p50_of(r.main, MERILO))
    yield Goal("From tap to card in the browser, to Telegram's, p50", browser, 1.5, False, "×")
    for bot in (FSM, DIALOGS):
        ratio = _ratio(_speed_of(r.slow, MERILO), _speed_of(r.slow, bot))
        yield Goal(f"Answers/s at {r.latency:g} ms of latency, to {bot}", ratio, 5, True, "×")
    waits = {is_: _median([a.measured.p99 for a in each]) for is_, each in r.announced.items()}
    while_told = _ratio(waits.get(True), waits.get(False))
    yield Goal("p99 with an announcement, to without", while_told, 1.2, False, "×")
    own = r.of(MERILO, POLLING, BROWSER)
    yield Goal("Chats left unanswered", sum(m.unanswered for m in own) if own else None, 0, False)
    damage = sum(m.lost + m.wrong for m in own) if own else None
    yield Goal("Answers lost or wrong after `kill -9`", damage, 0, False)


def _goals_of_size(r: Results) -> Iterator[Goal]:
    sizes = sorted(r.growth)
    cpu = [_median([m.cpu_answer for m in r.growth[size]]) for size in sizes]
    grown = _ratio(cpu[-1], cpu[0]) if cpu else None
    most = f"{sizes[-1]:,}" if sizes else "1,000,000"
    yield Goal(f"CPU at {most} stored assessments, to that at one", grown, 1.1, False, "×")
    speeds = {n: _median([r.measured.speed for r in rounds]) for n, rounds in r.replicas.items()}
    more = _ratio(speeds.get(2), speeds.get(1))
    yield Goal("Answers/s of two replicas on PostgreSQL, to one's", more, 1.8, True, "×")
    memory = max((m.memory for m in r.of(MERILO, POLLING, BROWSER)), default=None)
    yield Goal("Resident memory, the most there was", memory, 100, False, " MB")
    first = _median(r.first_starts.get(MERILO, []))
    second = _median([m.start for m in r.main.get(MERILO, [])])
    yield Goal("First start to ready", first or None, 1.5, False, " s")
    yield Goal("Second start to ready", second or None, 1, False, " s")


def _cpu_of(part: Rounds, bot: str) -> float | None:
    return _median([m.cpu_answer for m in part.get(bot, [])]) or None


def _p50_of(part: Rounds, bot: str) -> float | None:
    return _median([m.p50 for m in part.get(bot, [])]) or None


def _p99_of(part: Rounds, bot: str) -> float | None:
    return _median([m.p99 for m in part.get(bot, [])]) or None


def _speed_of(part: Rounds, bot: str) -> float | None:
    return _median([m.speed for m in part.get(bot, [])]) or None


def _best(costs: Sequence[float | None]) -> float | None:
    return min((cost for cost in costs if cost is not None), default=None)


def _ratio(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one / other


# --- Figures and tables ----------------------------------------------------------------------


def _median(values: Sequence[float]) -> float:
    return statistics.median(values) if values else 0.0


def _spread(values: Sequence[float]) -> str:
    median = _figure(_median(values))
    if len(values) < 2:
        return median
    return f"{median} ({_figure(min(values))}–{_figure(max(values))})"


def _figure(value: float) -> str:
    if isinstance(value, int) or value >= 10:
        return f"{value:,.0f}"
    return f"{value:.2f}"


def _rounds(count: int) -> str:
    return "one round" if count == 1 else f"{count} rounds"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    rule = ["---", *("---:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))


def _cpu_model() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


# --- Kept in the documentation ---------------------------------------------------------------


def write(page: Path, written: str) -> None:
    """Put it between the marks on the page; the page is made where there is none."""
    old = page.read_text(encoding="utf-8") if page.exists() else NEW
    before, begin, rest = old.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page} has no place for the tables: it needs {BEGIN} and {END}")
    page.write_text(f"{before}{BEGIN}\n\n{written}\n\n{END}{after}", encoding="utf-8")
