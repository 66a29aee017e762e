"""The comparison works: every bot plays, and what it kept is found. No time is asserted."""

import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
NEEDED = ("aiogram", "aiogram_dialog", "aiosqlite", "orjson", "tornado", "uvloop")
MISSING = [name for name in NEEDED if find_spec(name) is None]

pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"the dependency group 'bench' is not installed: no {', '.join(MISSING)}"
)


def compare(*options: str) -> str:
    command = [sys.executable, "-m", "benchmarks.compare", "--quick", *options]
    done = subprocess.run(
        command, cwd=PROJECT, capture_output=True, text=True, timeout=230, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.timeout(240)
def test_quick_run__every_bot__answers_everyone_and_keeps_what_it_says() -> None:
    printed = compare("--parts", "main")
    lines = [line for line in printed.splitlines() if line.count(" | ") == 10]
    rows = {line.split(" | ")[0][2:]: line for line in lines[1:] if "| ---:" not in line}
    durable = [name for name, row in rows.items() if "| none: durable |" in row]
    assert [name[:6] for name in rows] == [
        *("Merilo", "Merilo", "Merilo", "A. pyt", "B. aio", "B1. B ", "C. aio", "Floor:")
    ]
    assert set(rows) - set(durable) == {name for name in rows if name.startswith("A.")}
    assert "| Chats left unanswered | ≤ 0 | 0 | yes |" in printed


@pytest.mark.timeout(240)
def test_quick_run__the_other_parts__are_measured() -> None:
    parts = "many,latency,replicas,growth,announcement"
    printed = compare("--parts", parts, "--bots", "merilo,browser,floor")
    _, _, replicated = printed.partition("**Merilo on PostgreSQL")
    rows = [line for line in replicated.splitlines() if line.startswith(("| 1 | ", "| 2 | "))][:2]
    assert [row.endswith("| none: durable |") for row in rows] == [True, True]
    assert "**6 chats at once**" in printed
    assert "each call of the Bot API takes 5 ms" in printed
    assert "| 1,000 | " in printed
    rows = [line for line in printed.splitlines() if line.startswith("| under way | ")]
    assert [float(row.split(" | ")[1]) > 0 for row in rows] == [True]
    assert "| Answers lost or wrong after `kill -9` | ≤ 0 | 0 | yes |" in printed


def test_fill__two_chunks__every_assessment_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from benchmarks import growth
    from benchmarks.peers import questions
    from benchmarks.process import database_in
    from bot.preparing import prepare
    from storage.database import open_database
    from tests.databases import KEYS

    monkeypatch.setattr(growth, "CHUNK", 2)
    engine = open_database(f"sqlite:///{database_in(tmp_path)}", KEYS)
    prepare(engine)
    growth.fill(tmp_path, 3, questions.compiled())
    with engine.begin() as connection:
        [counted] = connection.exec_driver_sql("SELECT count(*) FROM answers").one()
    engine.dispose()
    assert (growth.stored(tmp_path), counted) == (3, 3 * 35)


def test_goals__from_medians__are_compared_the_right_way_round() -> None:
    from benchmarks.measure import Measured
    from benchmarks.report import Results, goals

    merilo = Measured(
        *(100.0, 0.5, 0.4, 5, 8, 10, 80, 0.9, 50),
        answers=10,
        unanswered=0,
        refused=0,
        lost=0,
        wrong=0,
    )
    main = {
        "merilo": [merilo],
        "A": [replace(merilo, cpu_answer=5.0)],
        "B": [replace(merilo, cpu_answer=4.5)],
        "floor": [replace(merilo, cpu_answer=0.25, p99=4.0)],
    }
    results = Results(50, 500, 50.0, 1, main=main, first_starts={"merilo": [1.2]})
    rows = {goal.text: goal.row[2:] for goal in goals(results)}
    assert rows["Answers per CPU second, to the best of A, B, C"] == ["9.00×", "yes"]
    assert rows["Answers per CPU second, to the floor"] == ["0.50×", "no"]
    assert rows["p99 at 50 chats, to the floor's"] == ["2.50×", "no"]
    assert rows["p99 at 500 chats, to the floor's"] == ["not measured", "–"]
    assert rows["First start to ready"] == ["1.20 s", "yes"]


def test_write__a_page_with_marks__keeps_what_is_around_them(tmp_path: Path) -> None:
    from benchmarks import report

    page = tmp_path / "performance.md"
    report.write(page, "first")
    page.write_text(f"{page.read_text()}\nA remark.\n")
    report.write(page, "second")
    text = page.read_text()
    assert "second" in text
    assert "first" not in text
    assert text.startswith("# Performance")
    assert text.endswith("A remark.\n")


def test_write__a_page_without_marks__is_left_alone(tmp_path: Path) -> None:
    from benchmarks import report

    page = tmp_path / "performance.md"
    page.write_text("Something else\n")
    with pytest.raises(ValueError, match="no place"):
        report.write(page, "tables")
    assert page.read_text() == "Something else\n"
