"""What a text may be made of: plain words, as people see them."""

import re
from collections.abc import Iterator

from content.hidden import hidden_characters

MARKUP = {
    "an HTML tag": re.compile(r"</?[A-Za-z][^<>]{0,200}>|<!--"),
    "an HTML entity": re.compile(r"&(?:[A-Za-z]{2,10}|#\d{1,6}|#x[0-9A-Fa-f]{1,6});"),
    "a link in the text": re.compile(
        r"\[[^\[\]\n]{0,200}\]\([^()\n]{0,500}\)|\[\[[^\[\]\n]{0,200}\]\]"
    ),
    "an address": re.compile(
        r"\b(?:https?|ftp|tg|mailto|javascript|data):\S|\bwww\.\w", re.IGNORECASE
    ),
    "bold or struck type": re.compile(r"\*\*|__|~~|\|\|"),
    "italic type": re.compile(r"(?<!\w)([*_])(?=\S)[^*_\n]{1,200}(?<=\S)\1(?!\w)"),
    "code": re.compile(r"`"),
    "a heading": re.compile(r"^ {0,3}#{1,6} ", re.MULTILINE),
    "a template": re.compile(r"\{\{|\}\}|\{%|%\}|\$\{"),
}
"""How markup is written in HTML, Markdown and templates, each found in a single pass."""

PLACEHOLDER = re.compile(r"\{[A-Za-z_]\w{0,40}\}|%\(\w{1,40}\)[sd]|%[sd]\b")


def faults(text: str) -> Iterator[str]:
    """What is wrong with a text by itself, and what to do."""
    for name, pattern in MARKUP.items():
        if found := pattern.search(text):
            remedy = LINKS if "link" in name or "address" in name else "write plain words"
            yield f"“{found[0][:40]}” is {name}, and texts are shown as they are: {remedy}"
    for _, told in hidden_characters(text, allowed="\n"):
        yield told


LINKS = "remove it, links have a field of their own (links:, with url: and text:)"


def placeholders(text: str) -> list[str]:
    """What stands in a text for a value, in alphabetical order."""
    return sorted(PLACEHOLDER.findall(text))
