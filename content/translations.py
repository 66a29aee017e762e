"""Translations of an instrument or of the guide, from a catalogue whose ``msgctxt`` is the text's key."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from content.po_file import Entry, PoFile
from content.problems import Problem, shown
from content.sentences import Sentence, about
from content.source import SourceText

Texts = dict[str, str]


class Source(Protocol):
    """What has English texts: an instrument, or the guide."""

    def texts(self) -> Iterator[SourceText]: ...


def read_translations(path: Path, whole: Source) -> tuple[Texts, list[Problem]]:
    """The texts by key, and what is missing, doubtful or left over."""
    if not path.exists():
        return {}, [no_catalogue(shown(path))]
    catalogue = PoFile(shown(path), path.read_bytes())
    return translations_in(catalogue, {text.key: text.text for text in whole.texts()})


def no_catalogue(name: str) -> Problem:
    told = Sentence("there is no such catalogue: make one (merilo content template)")
    return Problem(name, 1, told)


def translations_in(
    catalogue: PoFile, english: Mapping[str, str], corrected: Mapping[str, str] | None = None
) -> tuple[Texts, list[Problem]]:
    """The same for a catalogue that is read already. ``corrected``: English texts by key that people
    see in place of ``english``; a translation may be made from either."""
    problems = [*catalogue.problems, *_unwanted(catalogue, english)]
    entries = current_entries(catalogue)
    texts: Texts = {}
    for key, text in english.items():
        entry = entries.get(key)
        sources = {text, (corrected or {}).get(key, text)}
        if entry is None or (fault := _fault(entry, sources)):
            told = about(key, fault if entry else NO_TRANSLATION)
            problems.append(catalogue.problem(entry.line if entry else 1, told))
        else:
            texts[key] = entry.text
    return texts, problems


def corrections_in(catalogue: PoFile, english: Mapping[str, str]) -> tuple[Texts, list[Problem]]:
    """What an English catalogue puts in the place of the instrument's own words; an entry that is
    left empty, or is not there, changes nothing."""
    problems = [*catalogue.problems, *_unwanted(catalogue, english)]
    texts: Texts = {}
    for key, entry in current_entries(catalogue).items():
        if key not in english or not entry.text.strip():
            continue
        if fault := _fault(entry, {english[key]}):
            problems.append(catalogue.problem(entry.line, about(key, fault)))
        else:
            texts[key] = entry.text
    return texts, problems


def current_entries(catalogue: PoFile) -> dict[str, Entry]:
    """By key, without those that an editor keeps as obsolete."""
    return {entry.context: entry for entry in catalogue.entries if not entry.obsolete}


def _unwanted(catalogue: PoFile, english: Mapping[str, str]) -> Iterator[Problem]:
    """Entries that stood before, or have no place in the English file."""
    seen: set[str] = set()
    for entry in (entry for entry in catalogue.entries if not entry.obsolete):
        key = entry.context
        if not key:
            told = Sentence(
                "“{text}” has no msgctxt, so nobody knows its place: remove it",
                text=entry.source[:40],
            )
            yield catalogue.problem(entry.line, told)
        elif key in seen:
            told = Sentence("{key} is translated twice: keep one of them", key=key)
            yield catalogue.problem(entry.line, told)
        elif key not in english:
            told = Sentence("not in the English file: remove it")
            yield catalogue.problem(entry.line, about(key, told))
        seen.add(key)


def shared_words(texts: Mapping[str, str], options: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Keys and complaints about what people may type: a phrase that is empty, or means two answers."""
    meant: dict[str, str] = {}
    for option in options:
        key = f"option/{option}"
        phrases = {texts[key], *texts[f"{key}/typed"].split(";")}
        for phrase in sorted(phrase.strip().casefold() for phrase in phrases):
            if not phrase:
                yield f"{key}/typed", Sentence("a semicolon has nothing behind it: remove it")
            elif meant.setdefault(phrase, option) != option:
                told = Sentence(
                    "“{phrase}” means two answers: keep it for one of them", phrase=phrase
                )
                yield f"{key}/typed", told


NO_TRANSLATION = Sentence(
    "there is no translation: update the catalogue (merilo content template), then translate it"
)


def _fault(entry: Entry, sources: set[str]) -> str:
    if entry.plural:
        return Sentence(
            "it has plural forms, which no text here has: keep one msgid and one msgstr"
        )
    if entry.source not in sources:
        return Sentence(
            "the English text has changed: update the catalogue (merilo content template), then look at "
            "the translation again"
        )
    if not entry.text.strip():
        return Sentence("the translation is empty: write it")
    if entry.fuzzy:
        return Sentence("marked as doubtful (fuzzy): confirm or correct the translation")
    return ""
