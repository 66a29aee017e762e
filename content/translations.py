"""Translations of an instrument or of the guide, from a catalogue whose ``msgctxt`` is the text's key."""

from collections.abc import Iterator
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
    with path.open("rb") as file:
        messages = {m.context: m for m in read_po(file) if m.context}
    texts: dict[str, str] = {}
    problems = []
    for source in whole.texts():
        message = messages.pop(source.key, None)
        fault = _fault(message, source.text)
        if message is None or fault:
            line = message.lineno if message and message.lineno else 1
            problems.append(Problem(shown(path), line, f"{source.key}: {fault}"))
        else:
            texts[source.key] = str(message.string)
    problems += [
        Problem(shown(path), left.lineno or 1, f"{left.context}: not in the English file")
        for left in messages.values()
    ]
    return texts, problems


def _fault(message: Message | None, english: str) -> str:
    if message is None:
        return "there is no translation: run the extraction, then translate it"
    if message.id != english:
        return (
            "the English text has changed: run the extraction, then look at the translation again"
        )
    if not message.string:
        return "the translation is empty"
    if message.fuzzy:
        return "marked as doubtful (fuzzy): confirm or correct the translation"
    return ""
