"""What authors are told, in each language of the admins' chat: the same sentences, none of them left in English."""

import json
from collections.abc import Iterator
from functools import cache
from itertools import chain

import pytest

from bot.admin.telling import problem, told
from bot.messages import read
from content.check import check
from content.package import PackageRefused, read_parts
from content.problems import Problem, problem_of
from content.sentences import Sentence, plain, revived
from locales import words_in
from tests.packages import changed, package, report, with_file
from tests.test_package import HOSTILE_FILES, HOSTILE_TEXTS, KINDS, MISTAKES

PIDGIN = "this value cannot be taken ({reason}): correct it"
"""With a reason that is not ours: no mistake that authors make shall lead there."""


def refusals() -> Iterator[Sentence]:
    for name, content, _ in HOSTILE_FILES.values():
        with pytest.raises(PackageRefused) as refused:
            read_parts(name, content).over(package())
        yield refused.value.sentence
    for file, edit, *_ in HOSTILE_TEXTS.values():
        with pytest.raises(PackageRefused) as refused:
            check(changed(edit, file=file))
        yield refused.value.sentence


def problems() -> Iterator[Problem]:
    for file, edit, _ in MISTAKES.values():
        yield from report(changed(edit, file=file, of=with_file("en.po", b""))).problems
    for name, edit, _ in KINDS.values():
        yield from report(changed(edit, of=package(name))).problems


@cache
def every() -> dict[str, Sentence]:
    """All that is said of the hostile and broken packages, by its English."""
    messages = (one.message for one in problems())
    found = {str(one): one for one in chain(refusals(), messages)}
    assert len(found) > 150
    assert all(isinstance(one, Sentence) for one in found.values())
    return found  # type: ignore[return-value]


def templates(sentence: object) -> Iterator[str]:
    if isinstance(sentence, Sentence):
        yield sentence.template
        for value in sentence.values.values():
            yield from templates(value)


@pytest.mark.parametrize("language", ["bg", "lv"])
def test_sentence__with_all_that_is_in_it__has_a_translation(language: str) -> None:
    catalogue = read(language, "merilo")
    used = {template for one in every().values() for template in templates(one)}
    assert {one for one in used if not (found := catalogue.get(one)) or not found.string} == set()
    assert PIDGIN not in used


@pytest.mark.parametrize("language", ["bg", "lv"])
def test_sentence__names_the_same_things_in_every_language(language: str) -> None:
    for english, sentence in every().items():
        said = str(told(words_in(language), sentence))
        names = [one for one in sentence.values.values() if not isinstance(one, Sentence)]
        assert all(str(name) in said for name in names), english
        assert "{" not in sentence.template or said != english or not sentence.values


def test_sentence__in_english_is_what_shells_and_programs_read() -> None:
    for english, sentence in every().items():
        assert told(words_in("en"), sentence) == english


def test_sentence__kept_in_a_database_or_come_from_the_child__is_the_same() -> None:
    for english, sentence in every().items():
        again = revived(json.loads(json.dumps(plain(sentence))))
        assert again == english
        assert list(templates(again)) == list(templates(sentence))


def test_problem__kept_before_sentences_were__is_told_as_it_was_written() -> None:
    kept = problem_of(["lv.po", 12, "1.2: the translation is empty {at all}"])
    assert problem(words_in("lv"), kept) == "lv.po:12: 1.2: the translation is empty {at all}"
