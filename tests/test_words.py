"""Plural forms, numbers, dates and the guess of a language."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from string import Formatter

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from locales import LANGUAGES, catalogue_path, guess_language, words_in

ROOT = Path(__file__).parent.parent
FORMS = {"bg": ["one", "other"], "lv": ["zero", "one", "other"]}
"""The plural categories of CLDR, in the order in which our catalogues have their forms."""

translated = pytest.mark.parametrize("language", FORMS)


def catalogue(language: str) -> Catalog:
    with catalogue_path(language, "merilo").open("rb") as file:
        return read_po(file, locale=language)


def interface(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def forms(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (str(message.string),)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


# --- Plural forms ----------------------------------------------------------------------------


@translated
@pytest.mark.parametrize("count", range(121))
def test_plural__any_count__takes_the_form_that_cldr_names(language: str, count: int) -> None:
    message = catalogue(language).get("{count} statement")
    assert message
    category = Locale(language).plural_form(count)
    expected = forms(message)[FORMS[language].index(category)].format(count=count)
    said = words_in(language).plural("{count} statement", "{count} statements", count)
    assert said == expected


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [
        *(("en", 0, "0 statements"), ("en", 1, "1 statement"), ("en", 21, "21 statements")),
        *(("bg", 0, "0 твърдения"), ("bg", 1, "1 твърдение"), ("bg", 21, "21 твърдения")),
        *(("lv", 0, "0 apgalvojumu"), ("lv", 1, "1 apgalvojums"), ("lv", 2, "2 apgalvojumi")),
        *(("lv", 10, "10 apgalvojumu"), ("lv", 11, "11 apgalvojumu"), ("lv", 21, "21 apgalvojums")),
        *(("lv", 35, "35 apgalvojumi"), ("lv", 111, "111 apgalvojumu")),
    ],
)
def test_plural__as_people_say_it(language: str, count: int, said: str) -> None:
    assert words_in(language).plural("{count} statement", "{count} statements", count) == said


# --- Catalogues ------------------------------------------------------------------------------


@translated
def test_catalogue__every_message__is_translated_in_every_form(language: str) -> None:
    for message in interface(language):
        expected = len(FORMS[language]) if message.pluralizable else 1
        assert len(forms(message)) == expected, message.id
        assert all(form.strip() for form in forms(message)), message.id
        assert not message.fuzzy, message.id


@translated
def test_catalogue__every_translation__has_the_placeholders_of_its_english(language: str) -> None:
    for message in interface(language):
        english = [message.id] if isinstance(message.id, str) else message.id
        expected = set().union(*(placeholders(text) for text in english))
        for form in forms(message):
            assert placeholders(form) == expected, message.id


@translated
def test_catalogue__everything_that_dialogs_say__is_in_it(language: str) -> None:
    kept = catalogue(language)
    missing = [text for text in said_in_dialogs() if text not in kept]
    assert missing == []


def said_in_dialogs() -> Iterator[str]:
    """The first argument of every ``words(…)`` and ``words.plural(…)``."""
    for path in sorted((ROOT / "dialogs").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and names_words(node.func) and node.args:
                text = node.args[0]
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    yield text.value


def names_words(function: ast.expr) -> bool:
    spoken = {"words", "plural"}
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in spoken
        case ast.Call(func=ast.Name(id="words_in")):
            return True
    return False


def test_english__text_without_a_catalogue__is_said_as_it_stands() -> None:
    assert words_in("en")("{count} of {total}", count=2, total=35) == "2 of 35"


# --- Numbers and dates -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "ratio", "said"),
    [
        *(("en", 0.755, "75.5 %"), ("bg", 0.755, "75,5 %"), ("lv", 0.755, "75,5 %")),
        *(("en", 0, "0 %"), ("bg", 1, "100 %"), ("lv", 2 / 3, "66,7 %"), ("lv", 0.5, "50 %")),
    ],
)
def test_percent__in_a_language__has_its_comma_and_a_space_that_holds(
    language: str, ratio: float, said: str
) -> None:
    assert words_in(language).percent(ratio) == said.replace(" ", "\N{NO-BREAK SPACE}")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("bg", "21 ноември 2026\N{NARROW NO-BREAK SPACE}г."),
        ("lv", "2026. gada 21. novembris"),
        ("en", "21 November 2026"),
    ],
)
def test_date__in_a_language__is_written_out(language: str, said: str) -> None:
    assert words_in(language).date(date(2026, 11, 21)) == said


# --- Languages -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hint", "language"),
    [
        *(("lv", "lv"), ("lv-LV", "lv"), ("BG", "bg"), ("bg-Cyrl-BG", "bg"), ("en-GB", "en")),
        *(("de", "en"), ("", "en"), ("*", "en"), ("-", "en"), (";;,,", "en"), ("lva", "en")),
        *(("de-AT,lv;q=0.8,en;q=0.5", "lv"), ("ru, bg", "bg"), (" lv ;q=0.9", "lv")),
        ("x" * 10_000, "en"),
    ],
)
def test_guess__language_tag__first_that_we_speak_else_english(hint: str, language: str) -> None:
    assert guess_language(hint) == language


@pytest.mark.parametrize(
    "hint",
    [
        "lv_LV",
        "en;q=0.3,lv;q=0.9",
    ],
)
def test_guess__unusual_tag_of_a_latvian__latvian(hint: str) -> None:
    assert guess_language(hint) == "lv"


def test_languages__offered__each_by_its_own_name() -> None:
    assert dict(LANGUAGES) == {"bg": "Български", "lv": "Latviešu", "en": "English"}


KEPT = """
import tracemalloc
from datetime import date
from locales import LANGUAGES, words_in
tracemalloc.start()
for words in map(words_in, LANGUAGES):
    words.number(5), words.percent(0.5), words.date(date(2026, 11, 22))
print(tracemalloc.get_traced_memory()[0])
"""


def test_languages__take_little_memory() -> None:
    told = subprocess.run([sys.executable, "-c", KEPT], check=True, capture_output=True)
    assert int(told.stdout) < 4_000_000  # 7.5 MB with all that Babel knows of them
