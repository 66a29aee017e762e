"""Draw the chart and the report page that the README shows: ``python -m docs.pictures.draw``."""

import json
import random
from pathlib import Path

import typst

from bot.reports.document import chart_data, report_data
from bot.reports.worker import TEMPLATES, Typesetter
from content.model import Option
from dialogs.summary import Summary, summary
from dialogs.types import Answer, Assessment
from tests.chat import NOON, edition, library

HERE = Path(__file__).parent
PAGE = 2
"""The summary; the cover is the first."""


def made_up(name: str, language: str) -> Summary:
    """An assessment as somebody might fill it in."""
    content, chance = edition(name), random.Random(7)  # noqa: S311 - to be the same every time
    answers = {}
    for id_, statement in content.statements.items():
        if statement.kind == "choice":
            option: Option = chance.choice(statement.scale.options[:3])
            answers[id_] = Answer(option.id)
        elif statement.kind == "checklist":
            answers[id_] = Answer(",".join(statement.items[:7]))
    own = Assessment("code1234", name, content.digest, NOON, NOON, answers)
    return summary(library(name), {own.code: own}, own.code, language, NOON, 1)


def main() -> None:
    chart = made_up("occay", "bg").chart
    assert chart  # noqa: S101 - all of it is answered
    (HERE / "chart.png").write_bytes(Typesetter("chart.typ").png(chart_data(chart, "bg")))
    given = {"data": json.dumps(report_data(made_up("occay", "lv")))}
    report = typst.Compiler(TEMPLATES / "report.typ", ignore_system_fonts=True, sys_inputs=given)
    pages = report.compile(format="png", ppi=90)
    assert isinstance(pages, list)  # noqa: S101 - it has several
    (HERE / "report.png").write_bytes(pages[PAGE - 1])


if __name__ == "__main__":
    main()
