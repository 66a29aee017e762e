"""Translations of an instrument or of the guide, from a catalogue whose ``msgctxt`` is the text's key."""

import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from content.problems import Problem, shown
from content.source import SourceText


class Source(Protocol):
    """What has English texts: an instrument, or the guide."""

    def texts(self) -> Iterator[SourceText]: ...


def read_translations(path: Path, whole: Source) -> tuple[dict[str, str], list[Problem]]:
    """The texts by key, and what is missing, doubtful or left over."""
    if not path.exists():
        return {}, [Problem(shown(path), 1, "there is no such catalogue: run the extraction")]
    written = path.read_bytes()
    messages = {m.context: m for m in read_po(io.BytesIO(written)) if m.context}
    problems = [Problem(shown(path), *twice) for twice in _given_twice(written.decode())]
    texts: dict[str, str] = {}
    for source in whole.texts():
        message = messages.pop(source.key, None)
        fault = _fault(message, source.text)
        if message is None or fault:
            line = message.lineno if message and message.lineno else 1
            problems.append(Problem(shown(path), line, f"{source.key}: {fault}"))
        else:
            texts[source.key] = str(message.string)
    problems += [
        Problem(
            shown(path), left.lineno or 1, f"{left.context}: not in the English file: remove it"
        )
        for left in messages.values()
    ]
    return texts, problems


def _given_twice(written: str) -> Iterator[tuple[int, str]]:
    """Line and complaint for every key that stood before: only one of the two would be taken."""
    seen: set[str] = set()
    for number, line in enumerate(written.splitlines(), 1):
        if line.startswith("msgctxt "):
            if line in seen:
                yield number, f"{line.split(' ', 1)[1]} is translated twice: keep one of them"
            seen.add(line)


def shared_words(texts: Mapping[str, str], options: Iterable[str]) -> Iterator[str]:
    """Complaints about what people may type: a phrase that is empty, or means two answers."""
    meant: dict[str, str] = {}
    for option in options:
        key = f"option/{option}"
        phrases = {texts[key], *texts[f"{key}/typed"].split(";")}
        for phrase in sorted(phrase.strip().casefold() for phrase in phrases):
            if not phrase:
                yield f"{key}/typed: a semicolon has nothing behind it: remove it"
            elif meant.setdefault(phrase, option) != option:
                yield f"{key}/typed: “{phrase}” means two answers: keep it for one of them"


def _fault(message: Message | None, english: str) -> str:
    if message is None:
        return "there is no translation: run the extraction, then translate it"
    if message.id != english:
        return (
            "the English text has changed: run the extraction, then look at the translation again"
        )
    if not str(message.string).strip():
        return "the translation is empty: write it"
    if message.fuzzy:
        return "marked as doubtful (fuzzy): confirm or correct the translation"
    return ""
