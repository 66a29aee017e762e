"""From a name such as ``report:k2f9…:pdf:lv`` to the file itself."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from bot.reports import tables
from bot.reports.document import chart_data, report_data
from bot.reports.renderer import Busy, CannotRender, Renderer
from content.library import Library
from dialogs import charts
from dialogs.charts import WHOLE
from dialogs.scenes.files import CHART, Wanted, filename
from dialogs.summary import Summary, summary
from dialogs.talk import Talk
from dialogs.types import Assessment, Chart, PlanStep, State, World

__all__ = ["Busy", "CannotRender", "File", "Maker", "Snapshot"]

T = TypeVar("T")
Json = dict[str, Any]

KEPT = 1024 * 1024
"""Bytes of charts that are kept: some thirty sections, where many people have the same result."""

ROOM = 8
"""Jobs that a picture waits for: a chat goes on without it rather than late."""

MEDIA = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "png": "image/png",
    "zip": "application/zip",
    "ics": "text/calendar; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class File:
    content: bytes
    name: str

    @property
    def media(self) -> str:
        return MEDIA[self.name.rpartition(".")[2]]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a file is made from: one person's assessments as they were, up to the one that is wanted.
    ``number`` is that of its edition, ``language`` the one in which they talk just now,
    ``plan`` their steps for this instrument."""

    library: Library
    shelf: dict[str, Assessment]
    number: int
    now: datetime
    language: str
    plan: dict[str, PlanStep] = field(default_factory=dict)

    def summary(self, code: str, language: str = "") -> Summary:
        spoken = language or self.language
        return summary(self.library, self.shelf, code, spoken, self.now, self.number, self.plan)


Fetch = Callable[[], Awaitable[Snapshot | None]]
"""Reads what a file is made from; None for a stranger."""


class Maker:
    """Makes files. Pictures are kept by what they show, so that the same result is drawn once."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self._drawn: OrderedDict[tuple[Chart, str], bytes] = OrderedDict()

    async def make(self, wanted: Wanted, fetch: Fetch) -> File | None:
        """None for a stranger, and where there is nothing to show. Raises Busy and CannotRender, and what
        ``fetch`` raises."""
        if wanted.kind == CHART:
            return await self._picture(wanted, fetch)
        telling = _Telling(wanted, fetch)
        match wanted.part:
            case "pdf":
                made = await self._renderer.make("report", telling.report)
            case "xlsx":
                made = await self._renderer.make("workbook", telling.workbook)
            case _:
                made = await telling.text()
        return File(made, telling.name) if made is not None else None

    async def _picture(self, wanted: Wanted, fetch: Fetch) -> File | None:
        held = await fetch()
        chart = _chart(wanted, held) if held else None
        if chart is None:
            return None
        return File(await self.drawn(chart, wanted.language), f"merilo-{wanted.part}.png")

    async def drawn(self, chart: Chart, language: str) -> bytes:
        """A picture, as PNG. Raises Busy and CannotRender."""
        if (chart, language) not in self._drawn:
            await self._draw(chart, language)
        self._drawn.move_to_end((chart, language))
        return self._drawn[chart, language]

    async def _draw(self, chart: Chart, language: str) -> None:
        async def prepared() -> Json:
            return chart_data(chart, language)

        made = await self._renderer.make("chart", prepared, room=ROOM)
        self._drawn[chart, language] = made or b""
        while sum(map(len, self._drawn.values())) > KEPT and len(self._drawn) > 1:
            self._drawn.popitem(last=False)


class _Telling:
    """One assessment on its way into a file. ``name`` is there once something was told."""

    def __init__(self, wanted: Wanted, fetch: Fetch) -> None:
        self._wanted = wanted
        self._fetch = fetch
        self.name = ""

    async def report(self) -> Json | None:
        return await self._told(report_data)

    async def workbook(self) -> Json | None:
        return await self._told(tables.workbook_data)

    async def text(self) -> bytes | None:
        return await self._told(tables.csv_file if self._wanted.part == "csv" else tables.json_file)

    async def _told(self, form: Callable[[Summary], T]) -> T | None:
        """In a thread: it takes a millisecond or two, and people are answered meanwhile."""
        held = await self._fetch()
        if held is None:
            return None
        code, language = self._wanted.code, self._wanted.language
        self.name = filename(held.shelf[code], self._wanted.part, language)
        return await asyncio.to_thread(lambda: form(held.summary(code, language)))


def _chart(wanted: Wanted, held: Snapshot) -> Chart | None:
    state = State(wanted.language, assessment=wanted.code)
    talk = Talk(state, World(held.library, held.shelf, held.now, fresh=""))
    if wanted.part == WHOLE:
        return charts.overall_chart(talk)
    sections = [s for s in talk.edition.sections if s.id == wanted.part]
    return charts.section_chart(talk, sections[0]) if sections else None
