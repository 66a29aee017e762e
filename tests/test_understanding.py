"""What typed texts mean: understood where certain, asked back where not, never guessed."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from content.model import Edition
from dialogs.types import Choice, Reply
from dialogs.understanding import language_named, number_meant, options_meant, plain, pressed_by
from locales import LANGUAGES, words_in
from tests.chat import agreed, edition

TINY, OCCAY = edition("tiny"), edition("occay")
SCALE = [option.id for option in TINY.scale]

same_every_time = settings(derandomize=True, deadline=None)


def phrases(instrument: Edition) -> Iterator[tuple[str, str]]:
    """Every phrase that may be typed, in every language, with its option."""
    for language in instrument.texts:
        for option in instrument.scale:
            typed = instrument.text(f"{option.key}/typed", language).split(";")
            yield from (
                (phrase, option.id) for phrase in (instrument.text(option.key, language), *typed)
            )


# --- How texts are compared ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "compared"),
    [
        *(("  Rather   AGREE! ", "rather agree"), ("По-скоро да", "по скоро да")),
        *(("Pilnībā piekrītu", "pilniba piekritu"), ("й", "и"), ("ѝ", "и"), ("“1.2”", "1 2")),
        *(("④", "4"), ("ﬁne", "fine"), ("Straße", "strasse"), ("🙂", ""), ("\0", ""), ("", "")),
    ],
)
def test_plain__as_people_type__small_letters_and_single_spaces(typed: str, compared: str) -> None:
    assert plain(typed) == compared


@same_every_time
@example("𝓐")
@given(st.text())
def test_plain__any_text__is_the_same_when_done_again(text: str) -> None:
    assert plain(plain(text)) == plain(text)


# --- Answers ---------------------------------------------------------------------------------


@pytest.mark.parametrize("instrument", [TINY, OCCAY], ids=["tiny", "occay"])
def test_words_of_an_option__any_language_and_case__are_certain(instrument: Edition) -> None:
    for phrase, option in phrases(instrument):
        for typed in (phrase, phrase.upper(), f" {phrase}. ", plain(phrase)):
            assert options_meant(typed, instrument, instrument.scale) == ([option], True), typed


@pytest.mark.parametrize(
    ("typed", "option"),
    [
        *(("2", "rather"), ("RATHER AGREE", "rather"), ("напълно съгласна", "full")),
        *(("drīzāk nepiekrītu", "hardly"), ("drizak nepiekritu", "hardly"), ("nemaz!", "none")),
        *(("1.", "full"), ("4)", "none"), ("٣", "hardly"), ("3️⃣", "hardly")),
    ],
)
def test_answer__typed__is_understood(typed: str, option: str) -> None:
    assert options_meant(typed, TINY, TINY.scale) == ([option], True)


@pytest.mark.parametrize(
    ("typed", "options"),
    [
        *(("agree", ["full", "rather"]), ("disagree", ["hardly", "none"])),
        *(("fully", ["full", "none"]), ("rather", ["rather", "hardly"]), ("съгласен", SCALE)),
        *(("piekrītu", ["full", "rather"]), ("не", ["hardly", "none"])),
    ],
)
def test_part_of_an_answer__typed__is_asked_back(typed: str, options: list[str]) -> None:
    assert options_meant(typed, TINY, TINY.scale) == (options, False)


def test_part_of_an_answer__only_one_option_has_it__is_still_uncertain() -> None:
    assert options_meant("all", TINY, TINY.scale) == (["none"], False)


@pytest.mark.parametrize(
    "typed",
    ["0", "5", "12", "1.1", "1 2", "", " ", "🙂", "?", "not fully agree", "agreeable", "1 or 2"],
)
def test_anything_else__typed__means_no_option(typed: str) -> None:
    assert options_meant(typed, TINY, TINY.scale) == ([], False)


@same_every_time
@given(st.text(max_size=40))
def test_options__any_text__certain_of_exactly_one_or_not_at_all(text: str) -> None:
    options, certain = options_meant(text, OCCAY, OCCAY.scale)
    assert set(options) <= {option.id for option in OCCAY.scale}
    assert not certain or len(options) == 1


def test_negative_number__typed__means_no_option() -> None:
    assert options_meant("-1", TINY, TINY.scale) == ([], False)


def test_number__longer_than_python_reads__means_no_option() -> None:
    assert options_meant("1" * 4400, TINY, TINY.scale) == ([], False)


def test_text_without_letters__author_ended_the_phrases_with_a_semicolon__means_no_option() -> None:
    texts = {**TINY.texts["lv"], "option/full/typed": "pilnīgi piekrītu;"}
    careless = replace(TINY, texts={**TINY.texts, "lv": texts})
    assert options_meant("🙂", careless, careless.scale) == ([], False)


def test_plain_no__typed_to_the_shipped_instrument__may_be_either_disagreement() -> None:
    assert options_meant("no", OCCAY, OCCAY.scale) == (["rather_disagree", "fully_disagree"], False)


# --- Buttons and languages -------------------------------------------------------------------


def card(*labels: str) -> Reply:
    return Reply((), tuple((Choice(label, f"token-of-{label}"),) for label in labels))


def test_button__its_label_typed_in_any_case__is_pressed() -> None:
    assert pressed_by("  BACK ", [card("Later", "Back")]) == "token-of-Back"


def test_button__no_label_or_two_buttons_fit__is_not_pressed() -> None:
    assert pressed_by("forward", [card("Later", "Back")]) is None
    assert pressed_by("back", [card("Back", "back!")]) is None
    assert pressed_by("🙂", [card("🙂")]) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_card__labels_in_all_languages__name_one_button_each(language: str) -> None:
    """Whoever types a label, in whatever language, means one thing."""
    chat = agreed("occay", language=language)
    cards = []
    chat.press(words_in(language)("Begin"))
    for code in LANGUAGES:
        chat.say(LANGUAGES[code])
        cards.append(chat.card())
    for choice in (c for one in cards for row in one.choices for c in row):
        assert pressed_by(choice.label, cards) == choice.token, choice.label


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        *(("english", "en"), ("LATVIEŠU", "lv"), ("latviesu", "lv"), ("Български.", "bg")),
        *(("deutsch", None), ("", None), ("lv", None)),
    ],
)
def test_language__its_own_name_typed__is_understood(typed: str, language: str | None) -> None:
    assert language_named(typed) == language


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        *(("17,5", "17.5"), ("17.50", "17.50"), (" 20 ", "20"), ("0", "0"), ("7️⃣", "7")),
        *(("1e3", None), ("-1", None), ("½", None), ("17,5 т.", None), ("1.2.3", None), ("", None)),
    ],
)
def test_number__with_comma_or_point__is_understood(typed: str, number: str | None) -> None:
    assert number_meant(typed) == (Decimal(number) if number else None)


def test_digit__on_a_scale_of_levels__is_that_level() -> None:
    profile = edition("digital-profile")
    for level in range(9):
        assert options_meant(str(level), profile, profile.scale) == ([str(level)], True)
    assert options_meant("9", profile, profile.scale) == ([], False)
