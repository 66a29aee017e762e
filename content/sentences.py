"""Sentences for authors: English texts that remember what they were made of.

Whoever writes files at a shell or asks over HTTP reads them as they are. Who is told in a chat, in another
language, is told the same from ``template`` and ``values``, which the catalogues of the interface translate.
"""

from typing import Any, Self

Value = str | int
"""What fills a sentence: a name, a number, or another sentence."""


class Sentence(str):
    """``Sentence("{count} letters are too many", count=40)``: a text like any other. Without values the template
    is the text itself, braces and all."""

    template: str
    values: dict[str, Value]

    def __new__(cls, template: str, /, **values: Value) -> Self:
        made = super().__new__(cls, template.format(**values) if values else template)
        made.template, made.values = template, values
        return made


def about(key: str, what: str) -> Sentence:
    """What is to be said of the text with that key."""
    return Sentence("{key}: {what}", key=key, what=what)


def at(file: str, line: int, what: str) -> Sentence:
    """The same of a line: a whole sentence, with its full stop."""
    return Sentence("{file}:{line}: {what}.", file=file, line=line, what=what)


def plain(text: Value) -> Any:
    """As JSON: a text as it is, a sentence as a list of its template and its values."""
    if not isinstance(text, Sentence):
        return text
    return [text.template, {name: plain(value) for name, value in text.values.items()}]


def revived(told: Any) -> Any:
    """What ``plain`` made a value of."""
    if not isinstance(told, list):
        return told
    template, values = told
    return Sentence(template, **{name: revived(value) for name, value in values.items()})
