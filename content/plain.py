"""What a text may be made of: plain words, as people see them."""

import re
from collections.abc import Iterator

from content.hidden import hidden_characters
from content.sentences import Sentence

MARKUP = {
    Sentence("an HTML tag"): re.compile(r"</?[A-Za-z][^<>]{0,200}>|<!--"),
    Sentence("an HTML entity"): re.compile(r"&(?:[A-Za-z]{2,10}|#\d{1,6}|#x[0-9A-Fa-f]{1,6});"),
    Sentence("a link in the text"): re.compile(
        r"\[[^\[\]\n]{0,200}\]\([^()\n]{0,500}\)|\[\[[^\[\]\n]{0,200}\]\]"
    ),
    Sentence("an address"): re.compile(
        r"\b(?:https?|ftp|tg|mailto|javascript|data):\S|\bwww\.\w", re.IGNORECASE
    ),
    Sentence("bold or struck type"): re.compile(r"\*\*|__|~~|\|\|"),
    Sentence("italic type"): re.compile(r"(?<!\w)([*_])(?=\S)[^*_\n]{1,200}(?<=\S)\1(?!\w)"),
    Sentence("code"): re.compile(r"`"),
    Sentence("a heading"): re.compile(r"^ {0,3}#{1,6} ", re.MULTILINE),
    Sentence("a template"): re.compile(r"\{\{|\}\}|\{%|%\}|\$\{"),
}
"""How markup is written in HTML, Markdown and templates, each found in a single pass."""

PLACEHOLDER = re.compile(r"\{[A-Za-z_]\w{0,40}\}|%\(\w{1,40}\)[sd]|%[sd]\b")


def faults(text: str) -> Iterator[str]:
    """What is wrong with a text by itself, and what to do."""
    for name, pattern in MARKUP.items():
        if found := pattern.search(text):
            yield Sentence(
                "“{part}” is {markup}, and texts are shown as they are: {remedy}",
                part=found[0][:40],
                markup=name,
                remedy=LINKS if "link" in name or "address" in name else WORDS,
            )
    for _, told in hidden_characters(text, allowed="\n"):
        yield told


LINKS = Sentence("remove it, links have a field of their own (links:, with url: and text:)")
WORDS = Sentence("write plain words")


def placeholders(text: str) -> list[str]:
    """What stands in a text for a value, in alphabetical order."""
    return sorted(PLACEHOLDER.findall(text))
