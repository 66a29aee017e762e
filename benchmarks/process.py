"""Merilo as a process of its own, as an operator starts it; what it and the machine do. Linux only."""

import asyncio
import os
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers import SECRET, TOKEN, free_port

COMMAND = Path(sys.executable).with_name("merilo")
READY = b"Merilo is ready"
TICKS = os.sysconf("SC_CLK_TCK")
"""The unit of CPU time in /proc, a second's parts."""
PATIENCE = 30.0
"""Seconds for a start, and for a stop."""


class NotStarted(Exception):
    """Merilo ended before it was ready."""


@dataclass(frozen=True, slots=True)
class Running:
    """``start`` is the time in seconds from the command to the line that says it is ready."""

    pid: int
    start: float

    @property
    def cpu(self) -> float:
        """Seconds of CPU that all its threads have used, in the program and in the kernel."""
        stat = Path(f"/proc/{self.pid}/stat").read_text()
        after_name = stat.rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / TICKS

    @property
    def peak_memory(self) -> float:
        """The most memory that it has ever held, in MB of 1024 × 1024 bytes."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024


def machine_cpu() -> float:
    """Seconds of CPU that the whole machine has used, its host's other guests included."""
    line = Path("/proc/stat").read_text().partition("\n")[0]
    user, nice, system, _idle, _waiting, irq, soft, stolen = map(int, line.split()[1:9])
    return (user + nice + system + irq + soft + stolen) / TICKS


def settings_for(telegram: str, *, polling: bool) -> dict[str, str]:
    """What an operator has to set; everything else keeps its default."""
    port = free_port()
    settings = {
        "MERILO_TELEGRAM_TOKEN": TOKEN,
        "MERILO_TELEGRAM_API": telegram,
        "MERILO_PORT": str(port),
        # Respondents are faster than any person.
        "MERILO_EVENTS_PER_SECOND": "0",
    }
    webhook = {
        "MERILO_WEBHOOK_URL": f"http://127.0.0.1:{port}",
        "MERILO_WEBHOOK_SECRET": SECRET,
    }
    return settings if polling else settings | webhook


@asynccontextmanager
async def merilo(folder: Path, settings: Mapping[str, str]) -> AsyncIterator[Running]:
    """``merilo serve`` in that folder, stopped on leaving. Raises NotStarted with its last words."""
    log, began = folder / "merilo.log", time.monotonic()
    with log.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            COMMAND,
            "serve",
            cwd=folder,
            env=environment(settings),
            stdout=PIPE,
            stderr=errors,
        )
    try:
        if not await _says_ready(process):
            raise NotStarted(_end_of(log))
        yield Running(process.pid, time.monotonic() - began)
    finally:
        await _stop(process)


def database_in(folder: Path) -> Path:
    """Where Merilo keeps its data by default."""
    return folder / "var" / "merilo.db"


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Ours without the settings of a Merilo that may be at home here. Bytecode is written, and there at
    the second start, as everywhere after ``make setup``."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("MERILO_")}
    own.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**own, **settings}


async def _says_ready(process: Process) -> bool:
    assert process.stdout
    async with asyncio.timeout(PATIENCE):
        return (await process.stdout.readline()).startswith(READY)


async def _stop(process: Process) -> None:
    if process.returncode is None:
        process.terminate()
    try:
        async with asyncio.timeout(PATIENCE):
            await process.communicate()
    except TimeoutError:
        process.kill()
        await process.communicate()


def _end_of(log: Path) -> str:
    return log.read_text()[-2000:] or "Merilo ended without a word"
