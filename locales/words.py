"""The interface in one language: ``words = words_in("lv")``, then ``words("Continue")``."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from gettext import c2py
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from locales.trimming import trim

LANGUAGES: Mapping[str, str] = {"bg": "Български", "lv": "Latviešu", "en": "English"}
"""Each language by its own name, in the order in which they are offered."""

SOURCE_LANGUAGE = "en"
LOCALES = {"en": "en_GB"}
"""Whose habits for dates and numbers a language follows, where it has several."""

_INHERITED = ("root", "en", "en_001")
"""What ours are made of, in Babel."""

PERCENT = "#,##0.#\N{NO-BREAK SPACE}%"


def catalogue_path(language: str, domain: str) -> Path:
    return Path(__file__).parent / language / "LC_MESSAGES" / f"{domain}.po"


def guess_language(hint: str) -> str:
    """The language for a tag such as ``lv-LV`` or a browser's ``bg,en;q=0.8``; else English."""
    wanted = [entry.partition(";q=") for entry in hint.split(",")]
    for tag, _, weight in sorted(wanted, key=lambda entry: -_weight(entry[2])):
        language = tag.strip().replace("_", "-").split("-")[0].lower()
        if language in LANGUAGES and _weight(weight):
            return language
    return SOURCE_LANGUAGE


def _weight(text: str) -> float:
    """A browser's preference, 0 to 1; 1 where it states none or none that can be read."""
    return float(text) if re.fullmatch(r"[01](\.\d{0,3})?", text.strip()) else 1.0


@cache
def words_in(language: str) -> "Words":
    """The words of a language. Read once: catalogues do not change while Merilo runs."""
    return Words(language)


class Words:
    """Finished texts. Placeholders are named: ``words("{count} of {total}", count=1, total=35)``."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._locale = Locale.parse(LOCALES.get(language, language))
        trim(*_INHERITED, str(self._locale))
        catalogue = _read(language)
        self._form = c2py(catalogue.plural_expr)
        there = [message for message in catalogue if message.id and message.string]
        self._texts = {str(m.id): str(m.string) for m in there if not m.pluralizable}
        self._forms = {m.id[0]: tuple(m.string or ()) for m in there if m.pluralizable}

    def __call__(self, message: str, /, **values: object) -> str:
        """The message in this language; the English itself where no translation is kept."""
        text = self._texts.get(message, message)
        return text.format(**values) if values else text

    def plural(self, singular: str, plural: str, count: int, **values: object) -> str:
        """The form that ``count`` asks for; ``{count}`` stands for the number itself."""
        forms = self._forms.get(singular, (singular, plural))
        form = forms[self._form(count)]
        return form.format(count=self.number(count), **values)

    def number(self, number: float | Decimal) -> str:
        return _number(number, self._locale)

    def percent(self, ratio: float) -> str:
        """``0.755`` as ``75,5 %``: at most one decimal, and a space that does not break."""
        return _percent(ratio, self._locale)

    def date(self, day: date) -> str:
        return _date(day.year, day.month, day.day, self._locale)


@lru_cache(maxsize=4096)
def _number(number: float | Decimal, locale: Locale) -> str:
    """Kept like percentages: Babel takes 20 µs for each, and most are below a hundred."""
    return format_decimal(number, locale=locale)


@lru_cache(maxsize=4096)
def _percent(ratio: float, locale: Locale) -> str:
    """Kept, because there are few: a result has hardly a hundred different ratios."""
    return format_percent(ratio, format=PERCENT, locale=locale)


@lru_cache(maxsize=256)
def _date(year: int, month: int, day: int, locale: Locale) -> str:
    """Kept like numbers: a result tells today's again and again."""
    return format_date(date(year, month, day), format="long", locale=locale)


def _read(language: str) -> Catalog:
    if language == SOURCE_LANGUAGE:
        return Catalog(locale=SOURCE_LANGUAGE)
    with catalogue_path(language, "merilo").open("rb") as file:
        return read_po(file, locale=language)
