"""The process that draws and writes: started by ``renderer``, ends when its input does.

It keeps some 100 MB of fonts and laid-out pages out of the process that answers, and gives way to it.
A job comes in as a length and JSON, a result goes out as a status, a length and bytes.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import typst

from bot.reports import letters
from bot.reports.protocol import DONE, FAILED, SIZE
from bot.reports.spreadsheet import workbook

TEMPLATES = Path(__file__).parent / "templates"

PPI = 144
"""Two dots for each point, as a phone has them."""

DOCUMENTS_KEPT = 11
"""Documents after which typst has dropped what an earlier one needed."""

NICENESS = 19
"""How far this process stands back behind answers: as far as it goes."""

Json = dict[str, Any]


class Typesetter:
    """Templates are read once; what a job brings goes in as data only."""

    def __init__(self, template: str) -> None:
        self._compiler = typst.Compiler(TEMPLATES / template, ignore_system_fonts=True)

    def png(self, data: Json) -> bytes:
        return self._compile(data, format="png", ppi=PPI)

    def pdf(self, data: Json) -> bytes:
        return self._compile(data, format="pdf", pdf_standards=["ua-1"])

    def _compile(self, data: Json, **how: Any) -> bytes:
        try:
            return self._typeset(letters.shown(data), how)
        except typst.TypstError as refusal:
            if "could not be displayed" not in refusal.message:
                raise
            return self._typeset(letters.plain(data), how)

    def _typeset(self, data: Json, how: Json) -> bytes:
        given = {"data": json.dumps(data, ensure_ascii=False)}
        made = self._compiler.compile(sys_inputs=given, **how)
        if not isinstance(made, bytes):
            raise TypeError("a picture is one page")
        return made


def forget() -> None:
    """Let go of what was laid out. Typst keeps it for the next ten documents, in case they are alike: they
    are other people's, and would take 170 MB."""
    nothing = typst.Compiler(TEMPLATES / "empty.typ", ignore_system_fonts=True)
    for _ in range(DOCUMENTS_KEPT):
        nothing.compile(format="svg")


def makers() -> dict[str, Callable[[Json], bytes]]:
    """What can be made, by the name of the job."""
    return {
        "chart": Typesetter("chart.typ").png,
        "report": Typesetter("report.typ").pdf,
        "workbook": workbook,
    }


def work(jobs: BinaryIO, results: BinaryIO) -> None:
    """Carry out jobs until there are no more."""
    made = makers()
    while head := jobs.read(SIZE.size):
        job = json.loads(jobs.read(SIZE.unpack(head)[0]))
        try:
            status, result = DONE, made[job["make"]](job["data"])
        except Exception as fault:  # noqa: BLE001 - whatever it is, the next job may go well
            status, result = FAILED, f"{type(fault).__name__}: {fault}".encode()
        results.write(status + SIZE.pack(len(result)) + result)
        results.flush()
        if job["make"] == "report":
            forget()


def main() -> None:
    # Ctrl-C reaches every process of a terminal: this one ends when the other closes its input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICENESS)
    work(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
