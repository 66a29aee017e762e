"""What a picture of a result shows, for every kind of result, and the same in words.

A chart is bars only: see docs/decisions/0007-bars.md. Nothing here draws.
"""

from collections.abc import Callable, Iterable, Mapping

from content.model import Section, Statement
from content.scoring import Gap, gaps, level_of, overall_score, points_of, section_score
from dialogs.scenes import files
from dialogs.scenes.scores import short_score
from dialogs.talk import Talk
from dialogs.types import Bar, Chart, Picture

LABEL = 64
"""Characters of a bar's label: two lines on a phone. What is longer is cut between words."""

WHOLE = "all"
"""In a chart's name, where another one has the id of its section."""


def section_chart(talk: Talk, section: Section) -> Chart | None:
    """The result of one section; None where nothing in it is counted."""
    draw = SECTIONS.get(talk.edition.result)
    bars = draw(talk, section) if draw else []
    return _chart(talk, talk.text(section.key), bars) if bars else None


def overall_chart(talk: Talk) -> Chart | None:
    """All sections side by side; None where nothing is counted."""
    draw = WHOLES.get(talk.edition.result)
    bars = draw(talk) if draw else []
    if all(bar.ratio is None for bar in bars):
        return None
    return _chart(talk, talk.text("title"), bars)


def section_picture(talk: Talk, section: Section) -> Picture | None:
    chart = section_chart(talk, section)
    return Picture(_name(talk, section.id), chart, repeats=True) if chart else None


def overall_picture(talk: Talk) -> Picture | None:
    chart = overall_chart(talk)
    return Picture(_name(talk, WHOLE), chart) if chart else None


def _name(talk: Talk, of: str) -> str:
    return files.Wanted(files.CHART, talk.assessment.code, of, talk.state.language).name


def _chart(talk: Talk, title: str, bars: list[Bar]) -> Chart:
    """With what its lines mean: the bounds of the levels, or the required levels."""
    words = talk.words
    if talk.edition.result == "gap":
        return Chart(title, tuple(bars), legend=words("The line in a bar is the required level."))
    marks = _marks(talk)
    return Chart(title, tuple(bars), marks, _levels(talk) if marks else "")


def _marks(talk: Talk) -> tuple[float, ...]:
    """Levels in points are of the whole, so that they mean nothing for its parts."""
    if talk.edition.result == "points":
        return ()
    return tuple((level.from_percent or 0) / 100 for level in talk.edition.levels[1:])


def _levels(talk: Talk) -> str:
    levels = (
        talk.words(
            "{level} from {percent}",
            level=talk.text(level.key),
            percent=talk.words.percent((level.from_percent or 0) / 100),
        )
        for level in talk.edition.levels[1:]
    )
    return talk.words("Lines in a bar: {levels}.", levels=", ".join(levels))


# --- Shares and percentages ------------------------------------------------------------------


def _section_bar(talk: Talk, section: Section) -> list[Bar]:
    bar = _share(talk, section, "")
    return [bar] if bar.ratio is not None else []


def _share(talk: Talk, section: Section, label: str) -> Bar:
    result = section_score(talk.edition, section, talk.assessment.values)
    if not result.maximum:
        return Bar(label, talk.words("not answered yet"), None)
    level = level_of(talk.edition, result)
    named = [talk.text(level.key)] if level else []
    told = " · ".join([short_score(talk, talk.edition, result), *named])
    return Bar(label, told, result.ratio)


def _section_bars(talk: Talk) -> list[Bar]:
    sections = [s for s in talk.edition.sections if not s.optional]
    return [_share(talk, s, f"{talk.edition.number_of(s)} {talk.text(s.key)}") for s in sections]


# --- Points ----------------------------------------------------------------------------------


def _areas(talk: Talk, section: Section) -> list[Bar]:
    return [_area(talk, s) for s in _numbers(section.statements)]


def _all_areas(talk: Talk) -> list[Bar]:
    """Every area, and their sum where there are several."""
    bars = [_area(talk, s) for s in _numbers(talk.edition.statements.values())]
    result = overall_score(talk.edition, talk.assessment.values)
    if not result.maximum or result.open or len(bars) < 2:
        return bars
    level = level_of(talk.edition, result)
    told = _of(talk, result.points, result.maximum)
    named = f"{told} · {talk.text(level.key)}" if level else told
    return [*bars, Bar(talk.words("Together"), named, result.ratio)]


def _numbers(statements: Iterable[Statement]) -> list[Statement]:
    return [s for s in statements if s.kind == "number" and not s.optional]


def _area(talk: Talk, statement: Statement) -> Bar:
    value = talk.assessment.values.get(statement.id)
    label = _label(talk, statement)
    if value is None:
        return Bar(label, talk.words("not answered yet"), None)
    points = points_of(statement, value)
    told = _of(talk, points, statement.maximum)
    return Bar(label, told, float(points) / float(statement.maximum))


def _of(talk: Talk, points: object, maximum: object) -> str:
    number = talk.words.number
    return talk.words(
        "{points} of {maximum} points",
        points=number(points),  # type: ignore[arg-type]
        maximum=number(maximum),  # type: ignore[arg-type]
    )


# --- Gaps ------------------------------------------------------------------------------------


def _gaps(talk: Talk, section: Section) -> list[Bar]:
    if section.optional:
        return []
    return [_gap(talk, gap) for gap in gaps(section, talk.assessment.values)]


def _all_gaps(talk: Talk) -> list[Bar]:
    return [bar for section in talk.edition.sections for bar in _gaps(talk, section)]


def _gap(talk: Talk, gap: Gap) -> Bar:
    words, top = talk.words, gap.statement.scale.top
    told = words("{own}, required {required}", own=gap.own, required=gap.statement.required)
    return Bar(
        _label(talk, gap.statement), told, gap.own / top, wanted=gap.statement.required / top
    )


def _label(talk: Talk, statement: Statement) -> str:
    return shortened(f"{statement.id} {talk.text(statement.key).rstrip('.')}", LABEL)


def shortened(text: str, limit: int) -> str:
    """The whole words that fit, with an ellipsis where some do not."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1].rpartition(" ")[0] or text[: limit - 1]
    return kept.rstrip(" .,;:–") + "…"


SECTIONS: Mapping[str, Callable[[Talk, Section], list[Bar]]] = {
    "percentage": _section_bar,
    "yes_share": _section_bar,
    "points": _areas,
    "gap": _gaps,
}

WHOLES: Mapping[str, Callable[[Talk], list[Bar]]] = {
    "percentage": _section_bars,
    "yes_share": _section_bars,
    "points": _all_areas,
    "gap": _all_gaps,
}
