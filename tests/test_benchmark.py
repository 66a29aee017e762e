"""The load driver works, and would notice an answer that is missing. No time is asserted."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import kept

PROJECT = Path(__file__).parent.parent


@pytest.mark.parametrize("way", ["webhook", "polling"])
def test_smoke_run__three_respondents_twice__every_answer_is_kept(way: str) -> None:
    command = [
        *(sys.executable, "-m", "benchmarks.load"),
        "--respondents",
        "3",
        "--assessments",
        "2",
    ]
    flags = ["--polling"] if way == "polling" else []
    done = subprocess.run(
        [*command, *flags], cwd=PROJECT, capture_output=True, text=True, timeout=110, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "| Answers in a round | 210 |" in done.stdout
    for failure in ("Chats left unanswered", "Answers lost", "Answers wrong"):
        assert f"| {failure} | 0 |" in done.stdout


def test_difference__lost_changed_and_unasked_answers__are_counted() -> None:
    tapped = {("1", "x", "1.1"): "yes", ("1", "x", "1.2"): "yes", ("1", "x", "1.3"): "yes"}
    found = {("1", "x", "1.2"): "no", ("1", "x", "1.3"): "yes", ("2", "y", "1.1"): "yes"}
    assert kept.compare(tapped, tapped) == kept.Difference(lost=0, wrong=0)
    assert kept.compare(tapped, found) == kept.Difference(lost=1, wrong=2)


def test_incomplete__an_assessment_with_an_open_statement__is_counted() -> None:
    found = {("1", "x", "1.1"): "yes", ("1", "x", "1.2"): "yes", ("2", "y", "1.1"): "yes"}
    assert kept.incomplete(found, chats=2, assessments=1, statements=2) == 1
