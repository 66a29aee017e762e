"""Points, percentages and levels, as docs/scoring.md tells them."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.model import Scale
from content.scoring import (
    Score,
    gaps,
    is_agreement,
    level_of,
    overall_score,
    ranked,
    section_score,
    weakest_first,
)
from tests.chat import edition

TINY, OCCAY, GAPS = edition("tiny"), edition("occay"), edition("digital-profile")

same_every_time = settings(derandomize=True, deadline=None)

answers_to_occay = st.dictionaries(
    st.sampled_from(OCCAY.required), st.sampled_from([option.id for option in OCCAY.scale])
)


def of(points: int, maximum: int) -> Score:
    return Score(points, maximum, answered=1, total=1)


def test_section_score__all_answered__is_the_sum_of_points() -> None:
    assert section_score(TINY, TINY.sections[0], {"1.1": "full", "1.2": "hardly"}) == Score(
        points=4, maximum=6, answered=2, total=2
    )


def test_section_score__one_open__is_neither_helped_nor_hurt_by_it() -> None:
    result = section_score(TINY, TINY.sections[0], {"1.1": "rather", "2.1": "none"})
    assert result == Score(points=2, maximum=3, answered=1, total=2)
    assert result.open == 1


def test_ratio__nothing_answered__has_no_value() -> None:
    nothing = overall_score(TINY, {})
    assert nothing == Score(points=0, maximum=0, answered=0, total=3)
    with pytest.raises(ZeroDivisionError):
        _ = nothing.ratio


@same_every_time
@given(answers_to_occay)
def test_overall_score__any_answers__is_the_sum_of_the_sections(answers: dict[str, str]) -> None:
    sections = [section_score(OCCAY, section, answers) for section in OCCAY.sections]
    assert overall_score(OCCAY, answers) == Score(
        points=sum(s.points for s in sections),
        maximum=sum(s.maximum for s in sections),
        answered=len(answers),
        total=35,
    )


@pytest.mark.parametrize(
    ("points", "maximum", "level"),
    [
        *((0, 105, "starting"), (36, 105, "starting"), (37, 105, "developing")),
        *((20, 60, "starting"), (21, 60, "developing")),  # 35 % to the point
        *((62, 105, "developing"), (63, 105, "established")),  # 60 % to the point
        *((50, 60, "established"), (51, 60, "leading")),  # 85 % to the point
        *((105, 105, "leading"), (59, 99, "developing"), (599, 1000, "developing")),
    ],
)
def test_level__around_a_bound__begins_exactly_there(points: int, maximum: int, level: str) -> None:
    reached = level_of(OCCAY, of(points, maximum))
    assert reached
    assert reached.id == level


@same_every_time
@given(st.integers(1, 500).flatmap(lambda top: st.tuples(st.integers(0, top), st.just(top))))
def test_level__any_score__is_the_highest_whose_bound_is_reached(score: tuple[int, int]) -> None:
    percent = Fraction(*score) * 100
    reached = [level for level in OCCAY.levels if (level.from_percent or 0) <= percent]
    assert level_of(OCCAY, of(*score)) == reached[-1]


def test_agreement__four_point_scale__is_its_upper_half() -> None:
    assert [is_agreement(Scale(OCCAY.scale), option) for option in OCCAY.scale] == [
        True,
        True,
        False,
        False,
    ]


def test_ranked__sections_differ__strongest_first_and_the_unanswered_left_out() -> None:
    answers = {"1.1": "rather_disagree", "3.1": "fully_agree", "5.1": "fully_disagree"}
    assert [section.id for section, _ in ranked(OCCAY, answers)] == ["3", "1", "5"]


def test_ranked__sections_equal__stay_in_the_order_of_the_instrument() -> None:
    answers = {"4.1": "rather_agree", "2.1": "rather_agree", "6.1": "fully_agree"}
    assert [section.id for section, _ in ranked(OCCAY, answers)] == ["6", "2", "4"]


def test_ranked__same_ratio_of_different_sums__are_equal() -> None:
    """2 of 3 and 8 of 12: no rounding may part them."""
    answers = {"1.1": "rather_agree", "3.1": "rather_agree"}
    answers |= dict.fromkeys(("2.1", "2.2", "2.3", "2.4"), "rather_agree")
    assert [section.id for section, _ in ranked(OCCAY, answers)] == ["1", "2", "3"]


def test_weakest_first__equals_and_what_does_not_count_keep_their_order() -> None:
    answers = {"1.1": "fully_agree", "3.1": "rather_agree", "4.1": "fully_disagree"}
    answers |= {"5.1": "rather_agree"}
    found = weakest_first(OCCAY, OCCAY.sections, answers)
    assert [section.id for section in found][:3] == ["4", "3", "5"]
    assert {section.id for section in found} == {section.id for section in OCCAY.sections}
    rest = [section for section in OCCAY.sections if section.id not in ("3", "4", "5")]
    assert found[3:] == rest


def test_weakest_first__gaps__the_furthest_from_what_is_required() -> None:
    first, second, *others = GAPS.sections
    given = {s.id: s.scale.options for s in GAPS.statements.values() if s.kind == "choice"}
    answers = {
        id_: max(options, key=lambda o: o.points * (-1 if id_ in second.ids else 1)).id
        for id_, options in given.items()
    }
    assert weakest_first(GAPS, GAPS.sections, answers) == [second, first, *others]


# --- Other kinds of result ---------------------------------------------------------------------


def test_points__half_a_point_below_a_bound__does_not_reach_it() -> None:
    cpo = edition("cpo")
    for half, level in (("8.5", "good"), ("9", "excellent"), ("8", "good")):
        result = overall_score(cpo, {"1.1": "17", "1.2": "65", "1.3": half})
        reached = level_of(cpo, result)
        assert reached
        assert reached.id == level


def test_points__one_area_open__has_no_level_yet() -> None:
    cpo = edition("cpo")
    result = overall_score(cpo, {"1.1": "20", "1.2": "65"})
    assert (result.points, result.maximum, result.open) == (85, 85, 1)
    assert level_of(cpo, result) is None


def test_optional__criteria_and_texts__count_nothing() -> None:
    cpo = edition("cpo")
    assert overall_score(cpo, {"3.1": "high", "7.1": "x", "2.1": "3"}) == Score(0, 0, 0, 3)


def test_gap__own_level_less_the_required__is_what_is_missing() -> None:
    profile = edition("digital-profile")
    section = profile.sections[0]
    found = gaps(section, {"1.1": "4", "1.2": "8"})
    assert [(gap.statement.id, gap.missing) for gap in found] == [("1.1", 2), ("1.2", -2)]


def test_condition__that_does_not_hold__asks_one_statement_less() -> None:
    kinds = edition("answers")
    assert overall_score(kinds, {"1.1": "yes"}).total == 4
    assert overall_score(kinds, {"1.1": "no", "1.2": "3"}) == Score(0, 0, 1, 3)
