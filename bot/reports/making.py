"""From a name such as ``report:k2f9…:pdf:lv`` to the file itself."""

import asyncio
import json
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from bot.reports import tables
from bot.reports.document import chart_data, report_data
from bot.reports.renderer import Busy, CannotRender, Renderer
from content.library import Library
from dialogs import charts
from dialogs.charts import WHOLE, Chart
from dialogs.scenes.files import CHART, Wanted, filename
from dialogs.summary import Summary, summary
from dialogs.talk import Talk
from dialogs.types import Assessment, State, World

__all__ = ["Busy", "CannotRender", "File", "Making", "Snapshot"]

KEPT = 256
"""Charts that are kept, each some 50 kB at most: many people have the same result in a section."""

ROOM = 8
"""Jobs that a picture waits for: a chat goes on without it rather than late."""

MEDIA = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "png": "image/png",
    "zip": "application/zip",
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
    ``number`` is that of its edition, ``language`` the one in which they talk just now."""

    library: Library
    shelf: dict[str, Assessment]
    number: int
    now: datetime
    language: str

    def summary(self, code: str, language: str = "") -> Summary:
        spoken = language or self.language
        return summary(self.library, self.shelf, code, spoken, self.now, self.number)


class Making:
    """Makes files. Pictures are kept by what they show, so that the same result is drawn once."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self._drawn: OrderedDict[str, bytes] = OrderedDict()

    async def make(self, wanted: Wanted, held: Snapshot) -> File | None:
        """None where there is nothing to show. Raises Busy and CannotRender."""
        if wanted.kind == CHART:
            return await self._picture(wanted, held)
        told = await asyncio.to_thread(held.summary, wanted.code, wanted.language)
        name = filename(held.shelf[wanted.code], wanted.part, wanted.language)
        return File(await self._report(wanted.part, told), name)

    async def _report(self, part: str, told: Summary) -> bytes:
        match part:
            case "pdf":
                return await self._renderer.make("report", report_data(told))
            case "xlsx":
                return await self._renderer.make("workbook", tables.workbook_data(told))
            case "csv":
                return tables.csv_file(told)
            case _:
                return tables.json_file(told)

    async def _picture(self, wanted: Wanted, held: Snapshot) -> File | None:
        chart = _chart(wanted, held)
        if chart is None:
            return None
        data = chart_data(chart, wanted.language)
        key = json.dumps(data)
        if key not in self._drawn:
            self._drawn[key] = await self._renderer.make("chart", data, room=ROOM)
        self._drawn.move_to_end(key)
        while len(self._drawn) > KEPT:
            self._drawn.popitem(last=False)
        return File(self._drawn[key], f"merilo-{wanted.part}.png")


def _chart(wanted: Wanted, held: Snapshot) -> Chart | None:
    state = State(wanted.language, assessment=wanted.code)
    talk = Talk(state, World(held.library, held.shelf, held.now, fresh=""))
    if wanted.part == WHOLE:
        return charts.overall_chart(talk)
    sections = [s for s in talk.edition.sections if s.id == wanted.part]
    return charts.section_chart(talk, sections[0]) if sections else None
