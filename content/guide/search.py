"""Searching the guide: by any form of a word, in any language, with a typo or without accents.

``search(guide, "bg", "консултантите")`` gives the keys of entries, the best first.
"""

from content.guide.model import Guide
from content.guide.stems import stem, words_of

TIP = "/tip/"

LONGEST = 120
"""Characters of a query that are looked at: what somebody pastes must not hold up others."""

SHORTEST = 3
"""Characters of a text that is worth a guess."""


def search(
    guide: Guide, language: str, query: str, *, tips: bool = False, sure: bool = False
) -> list[str]:
    """Keys of entries: topics, faults and terms; with ``tips`` also tips.

    What finds nothing in the person's language is tried in the others. ``sure``: nobody asked for a
    search, so that silence is better than a guess.
    """
    query = query[:LONGEST].strip()
    if not words_of(query, language) or (sure and len(query) < SHORTEST):
        return []
    for tried in _languages(guide, language, query):
        scores = guide.index[tried].scores(query, sure=sure)
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
    said = {language: _stems(text[:LONGEST], language) for language in guide.texts}
    lengths = {
        fault.key: max(_longest_said(guide, fault.says_key, *row) for row in said.items())
        for fault in guide.faults
    }
    longest = max(lengths.values(), default=0)
    return [key for key, length in lengths.items() if length == longest > 0]


def _longest_said(guide: Guide, says: str, language: str, said: set[str]) -> int:
    """How many words the longest phrase has that was said in full; 0 where none was."""
    phrases = (_stems(phrase, language) for phrase in guide.text(says, language).split(";"))
    return max((len(phrase) for phrase in phrases if phrase <= said), default=0)


def _stems(text: str, language: str) -> set[str]:
    return {stem(word, language) for word in words_of(text, language)}
