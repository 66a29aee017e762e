"""Options of the test run, the fixtures that every test may ask for, and the table of what was measured."""

import json
import os
import platform
import shutil
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot import check_worker, checking
from tests.databases import (
    KEY,
    database,
    empty_database,
    migrated_file,
    migrated_template,
    postgresql_url,
)
from tests.scratch import write_in_memory
from tests.sizes import FIGURE, figure

__all__ = [
    "database",
    "empty_database",
    "figure",
    "migrated_file",
    "migrated_template",
    "postgresql_url",
]

write_in_memory()


@pytest.fixture(scope="session")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder after a first start: migrated, and with everything published that is shipped. Its key is
    that of ``KEYS``."""
    from bot.keyring import keys_at_hand
    from bot.preparing import prepare
    from bot.settings import Settings
    from bot.shipped import shipped_guide
    from storage.database import open_database

    folder = tmp_path_factory.mktemp("first-start")
    (folder / "key").write_text(KEY + "\n")
    (folder / "key").chmod(0o600)
    settings = Settings(data_dir=str(folder))
    engine = open_database(settings.database, keys_at_hand(settings))
    shipped_guide(prepare(engine), folder)
    engine.dispose()
    return folder


@pytest.fixture
def data_folder(first_start: Path, tmp_path: Path) -> Path:
    """A copy of it, so that a test need not wait for compiling."""
    return Path(shutil.copytree(first_start, tmp_path / "data"))


@pytest.fixture(autouse=True)
def check_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """A package is checked in this process, and the same one once. tests/test_content_commands.py and
    tests/test_admin_telegram.py have it done in a process of its own, as it is for everybody else."""
    monkeypatch.setattr(checking, "_asked", _answered)


@cache
def _answered(wanted: bytes) -> dict[str, Any]:
    """What the child would say, by way of JSON too."""
    answer: dict[str, Any] = json.loads(json.dumps(check_worker.answer(json.loads(wanted))))
    return answer


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-transcripts",
        action="store_true",
        help="write what the conversations say now into tests/transcripts",
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures of this run, as docs/reliability.md shows them."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    rows = sorted({row for one in reports for name, row in one.user_properties if name == FIGURE})
    if rows:
        terminalreporter.section("measured")
        machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
        terminalreporter.line(f"{datetime.now(UTC):%Y-%m-%d}, {machine}\n")
        for row in ("| Fault | Measured |", "|---|---|", *rows):
            terminalreporter.line(str(row))
