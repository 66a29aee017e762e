"""What rose, what fell, and what cannot be compared, in plain data."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from content.library import Library
from content.model import Edition, Scale, Section, Statement
from dialogs.comparison import Comparison, compare, same_question
from dialogs.types import Answer, Assessment, Bullets, Notice, Paragraph, Pressed
from tests.chat import NOON, agreed, edition

TINY, EVERY_KIND, POINTS, GAPS = map(edition, ("tiny", "answers", "points", "gaps"))

Edit = Callable[[Statement], Statement | None]


def edited(old: Edition, edit: Edit, *more: Statement) -> Edition:
    """A later edition: each statement as ``edit`` leaves it (None takes it away), ``more`` at the end."""
    sections = [
        replace(section, statements=tuple(filter(None, map(edit, section.statements))))
        for section in old.sections
    ]
    last = sections[-1]
    sections[-1] = Section(last.id, (*last.statements, *more))
    return replace(old, digest="later", sections=tuple(sections))


def only(id_: str, **changes: Any) -> Edit:
    return lambda s: replace(s, **changes) if s.id == id_ else s


def assessment(of: Edition, values: Mapping[str, str]) -> Assessment:
    answers = {id_: Answer(value, "", of.statements[id_].revision) for id_, value in values.items()}
    return Assessment(of.digest[:8], of.instrument, of.digest, NOON, NOON, answers)


def between(
    old: Edition, then: Mapping[str, str], now: Mapping[str, str], new: Edition | None = None
) -> Comparison:
    later = new or old
    library = Library({old.digest: old, later.digest: later}.values(), [later.digest])
    return compare(library, assessment(old, then), assessment(later, now))


def verdicts(found: Comparison) -> dict[str, str]:
    rows = [row for part in found.parts for row in part.rows]
    return {row.statement: row.verdict for row in (*rows, *found.retired)}


THEN = {"1.1": "hardly", "1.2": "full", "2.1": "rather"}


def test_choices__rise_fall_and_stay__with_both_totals() -> None:
    found = between(TINY, THEN, {"1.1": "full", "1.2": "rather", "2.1": "rather"})
    assert verdicts(found) == {"1.1": "rose", "1.2": "fell", "2.1": "same"}
    assert (found.before.points, found.after.points, found.after.maximum) == (6, 7, 9)
    rules = found.part("1")
    assert (rules.before.points, rules.after.points, rules.after.maximum) == (4, 5, 6)
    assert [(row.before, row.after) for row in rules.rows] == [
        ("hardly", "full"),
        ("full", "rather"),
    ]


def test_open__in_one_of_the_two__is_in_no_total() -> None:
    found = between(TINY, THEN, {"1.1": "full", "2.1": "rather"})
    assert verdicts(found)["1.2"] == "open"
    assert (found.before.maximum, found.after.maximum) == (6, 6)
    assert [row.statement for row in found.having("open")] == ["1.2"]


OTHER_SCALE = Scale(tuple(replace(o, points=o.points * 2) for o in TINY.scale))


@pytest.mark.parametrize(
    ("edit", "verdict"),
    [
        (only("1.1", revision=2), "changed"),
        (only("1.1", kind="text", limit=9), "changed"),
        (only("1.1", scale=OTHER_SCALE), "rescaled"),
        (lambda s: None if s.id == "1.1" else s, "retired"),
    ],
)
def test_statement__not_the_same_in_both_editions__is_in_no_total(edit: Edit, verdict: str) -> None:
    new = edited(TINY, edit)
    now = dict.fromkeys(("1.2", "2.1"), "full")
    if new.statements.get("1.1") and new.statements["1.1"].kind == "choice":
        now["1.1"] = "full"
    found = between(TINY, THEN, now, new)
    assert verdicts(found)["1.1"] == verdict
    assert [row.statement for row in found.having("changed", "rescaled", "retired")] == ["1.1"]
    assert (found.before.points, found.before.maximum) == (5, 6)
    assert (found.after.points, found.after.maximum) == (6, 6)


def test_statement__added__is_in_no_total() -> None:
    new = edited(TINY, lambda s: s, replace(TINY.statements["2.1"], id="2.2"))
    found = between(TINY, THEN, {**THEN, "2.2": "full"}, new)
    assert verdicts(found)["2.2"] == "added"
    assert found.before == found.after


def test_retired__never_answered__is_not_told() -> None:
    new = edited(TINY, lambda s: None if s.id == "1.1" else s)
    assert between(TINY, {"1.2": "full"}, {"1.2": "full"}, new).retired == ()


def test_answer__given_to_an_older_wording__is_not_compared() -> None:
    """An assessment may have been carried to a newer edition with some answers left to look at."""
    then, now = assessment(TINY, THEN), assessment(TINY, THEN)
    now = now.with_answer("1.1", replace(now.answers["1.1"], revision=9))
    found = compare(Library([TINY], [TINY.digest]), then, now)
    assert verdicts(found)["1.1"] == "changed"


def test_every_kind__has_its_own_way_of_rising() -> None:
    then = {"1.1": "yes", "1.2": "7.5", "1.3": "good", "1.4": "a", "2.1": "Light.", "2.2": "2"}
    now = {"1.1": "yes", "1.2": "10", "1.3": "bad", "1.4": "b", "2.1": "More.", "2.2": "2"}
    found = between(EVERY_KIND, then, now)
    assert verdicts(found) == {
        "1.1": "same",
        "1.2": "rose",
        "1.3": "fell",
        "1.4": "differs",
        "2.1": "differs",
        "2.2": "same",
    }
    assert found.before.maximum == 0, "this instrument counts nothing"


def test_ticks__more_of_them__rise() -> None:
    found = between(EVERY_KIND, {"1.1": "no", "1.4": "a"}, {"1.1": "no", "1.4": "a,b"})
    assert verdicts(found)["1.4"] == "rose"


def test_condition__not_met_now__its_answer_counts_as_open() -> None:
    found = between(EVERY_KIND, {"1.1": "yes", "1.2": "3"}, {"1.1": "no", "1.2": "3"})
    assert verdicts(found)["1.2"] == "open"
    assert "2.1" not in verdicts(found), "what may be left out and was, is not told"


def test_points__other_bounds__are_not_compared() -> None:
    new = edited(POINTS, only("1.1", maximum=Decimal(99)))
    found = between(POINTS, {"1.1": "10"}, {"1.1": "12"}, new)
    assert verdicts(found)["1.1"] == "rescaled"


def test_levels__higher__rise_without_a_total() -> None:
    found = between(GAPS, {"1.1": "1", "1.2": "2"}, {"1.1": "2", "1.2": "2"})
    assert verdicts(found) == {"1.1": "rose", "1.2": "same"}
    assert found.after.maximum == 0


def test_same_question__asks_revision_and_answers() -> None:
    new = edited(TINY, only("1.1", revision=2))
    library = Library([TINY, new], [new.digest])
    then, now = assessment(TINY, THEN), assessment(new, {})
    asked = {id_: same_question(library, then, now, id_) for id_ in new.order}
    assert asked == {"1.1": False, "1.2": True, "2.1": True}


def test_shown__what_is_not_the_same__with_its_reason() -> None:
    new = edited(TINY, lambda s: None if s.id == "1.1" else replace(s, revision=3))
    chat = agreed("tiny")
    chat.library = Library([TINY, new], [new.digest])
    for code, of in (("before", TINY), ("after", new)):
        values = {id_: THEN[id_] for id_ in of.order}
        chat.shelf[code] = replace(assessment(of, values), code=code)
    overview = chat.receive(Pressed("compare:after")).replies[0]
    assert overview.blocks[-2:] == (
        Paragraph(
            "3 statements are not the same in both editions and are in none of these figures:"
        ),
        Bullets(
            (
                "1.2: its meaning has changed",
                "2.1: its meaning has changed",
                "1.1: no longer asked · We know the rules.",
            )
        ),
    )
    page = chat.press("Statement by statement").replies[0]
    assert page.blocks[-1] == Bullets(
        ("1.2: its meaning has changed, Fully agree → Fully agree · We follow the rules.",)
    )


def test_shown__pages_and_assessments_that_are_not__say_so() -> None:
    chat = agreed("tiny")
    for code in ("before", "after"):
        chat.shelf[code] = replace(assessment(TINY, THEN), code=code)
    for made in ("compare:before", "compare:after:nobody", "compare:after:before:3", "compare:x"):
        shown = chat.receive(Pressed(made)).replies[0]
        assert isinstance(shown.blocks[0], Notice), made
