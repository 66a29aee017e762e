"""Searching the guide, measured on queries as busy counsellors type them."""

from pathlib import Path

import pytest

from content.guide.search import faults_meant, search
from content.guide.stems import fold, stem
from tests.chat import guide

QUERIES = [
    [part.strip() for part in line.split("|")]
    for line in (Path(__file__).parent / "guide_queries.txt").read_text("utf-8").splitlines()
    if "|" in line and not line.startswith("#")
]


def test_queries__first_three_results__hit_nine_in_ten() -> None:
    missed = [
        f"{language} {query}: {found}"
        for language, query, expected in QUERIES
        if not set(found := search(guide("occay"), language, query)[:3]) & _keys(expected)
    ]
    assert len(QUERIES) == 60
    assert len(missed) <= len(QUERIES) // 10, "\n".join(missed)


def test_queries__expected_keys__are_in_the_guide() -> None:
    wanted = {key for *_, expected in QUERIES for key in _keys(expected)}
    assert wanted <= guide("occay").by_key.keys()


def _keys(expected: str) -> set[str]:
    return {key.strip() for key in expected.split(",")}


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("bg", "консултант консултанта консултантът консултанти консултантите"),
        ("bg", "дигитален дигитална дигиталната дигитални дигиталните дигитално"),
        ("bg", "сигурност сигурността"),
        ("lv", "konsultants konsultanta konsultantam konsultanti konsultantiem konsultantus"),
        ("lv", "prasme prasmes prasmju prasmēm"),
        ("lv", "digitālā digitālās digitālo digitālajām digitālie"),
        ("en", "client clients"),
        ("en", "plan plans planning planned"),
        ("en", "policy policies"),
    ],
)
def test_stem__forms_of_a_word__share_one(language: str, forms: str) -> None:
    assert len({stem(fold(form), language) for form in forms.split()}) == 1


@pytest.mark.parametrize("language", ["en", "bg", "lv"])
def test_search__in_another_language__still_finds(language: str) -> None:
    assert search(guide("occay"), language, "ētikas kodeksu")[0] in {
        "topic/G1-4",
        "term/code-of-ethics",
    }
    assert search(guide("occay"), language, "съгласието")


def test_search__tips__only_where_asked() -> None:
    def tips(**asked: bool) -> list[str]:
        return [key for key in search(guide("occay"), "en", "consent", **asked) if "/tip/" in key]

    assert tips(tips=True)
    assert not tips()


@pytest.mark.parametrize("query", ["", "?!", "the", "xyzzyqwrt", "и", "   "])
def test_search__nothing_to_look_for__finds_nothing(query: str) -> None:
    assert search(guide("occay"), "en", query) == []


@pytest.mark.parametrize("text", ["няма звук", "nav skaņas", "there is no sound!", "Nav skanas"])
def test_faults_meant__plain_words__name_the_problem(text: str) -> None:
    assert faults_meant(guide("occay"), text) == ["fault/hardware"]


def test_faults_meant__other_words__name_none() -> None:
    assert faults_meant(guide("occay"), "rather agree") == []
