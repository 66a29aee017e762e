"""Searching the guide: by any form of a word, in any language, with a typo or without accents.

``search(guide, "bg", "консултантите")`` gives the keys of entries, the best first.
"""

from content.guide.model import Guide
from content.guide.stems import stem, words_of

TIP = "/tip/"

PARTLY = 0.3
"""The share of a query that something found must have."""

SURELY = 0.7
"""The same where nobody asked for a search, and silence would be better than a guess."""


def search(
    guide: Guide, language: str, query: str, *, tips: bool = False, sure: bool = False
) -> list[str]:
    """Keys of entries: topics, faults and terms; with ``tips`` also tips.

    What finds nothing in the person's language is tried in the others.
    """
    if not words_of(query, language):
        return []
    least = SURELY if sure else PARTLY
    for tried in _languages(guide, language, query):
        scores = guide.index[tried].scores(query, least)
        found = (guide.entries[number] for number in sorted(scores, key=lambda n: -scores[n]))
        if keys := [key for key in found if tips or TIP not in key]:
            return keys
    return []


def _languages(guide: Guide, language: str, query: str) -> list[str]:
    """The languages to try in turn; Cyrillic letters can only be Bulgarian."""
    if any("а" <= letter <= "я" for letter in query.casefold()):
        return [code for code in guide.index if code == "bg"]
    return [code for code in (language, *guide.texts) if code in guide.index]


def faults_meant(guide: Guide, text: str) -> list[str]:
    """The keys of the technical problems that a text names in words foreseen for them: of those
    with the longest of these phrases."""
    lengths = {fault.key: _longest_said(guide, fault.says_key, text) for fault in guide.faults}
    longest = max(lengths.values(), default=0)
    return [key for key, length in lengths.items() if length == longest > 0]


def _longest_said(guide: Guide, says: str, text: str) -> int:
    """How many words the longest phrase has that is all in the text; 0 where none is."""
    lengths = [0]
    for language in guide.texts:
        said = _stems(text, language)
        phrases = (_stems(phrase, language) for phrase in guide.text(says, language).split(";"))
        lengths += [len(phrase) for phrase in phrases if phrase <= said]
    return max(lengths)


def _stems(text: str, language: str) -> set[str]:
    return {stem(word, language) for word in words_of(text, language)}
