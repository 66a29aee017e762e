"""Words as the search compares them: without accents and without endings.

Light stemming: the longest known ending is cut off, and what is left need not be a word. English,
Bulgarian and Latvian each have a list of endings; see docs/decisions/0005-search-in-memory.md.
"""

import re
import unicodedata
from collections.abc import Mapping

SHORTEST = 3
"""Letters that a stem keeps."""

_WORD = re.compile(r"[^\W_]+")

# Without accents, as everything here. Bulgarian й is и, and Latvian ķ is k.
_ENDINGS: Mapping[str, str] = {
    "en": "ations ation ings ing edly ed ers er ors or ments ment ly ies ied es s e y",
    "bg": (
        "ованията ованието овете анията анията ането ания ание ане енията ението ението ения ение"
        " ене ищата ища ията ииат иите ият ия ии ната ните ното ният ния на ни но ен ата ята ите ете"
        " ото ето ът ят ове еве аме яме ате ам ям аш яш им иш ат ах ях ал ял ала яла али яли ил ила"
        " или а я о е и у ю"
    ),
    "lv": (
        "esanas esanai esanu esana asanas asanai asanu asana isanas isanai isanu isana osanas osanai"
        " osanu osana sanas sanai sanu sana tajiem tajam tajai tajas taju taja tajs ajiem ajam ajai ajas"
        " ajos aja ajo iem ies iet jam jas jos ju ja ji am as ai a os o us um u em es ei e im is ie i"
        " s ais ot et it at"
    ),
}
_KNOWN = {language: frozenset(endings.split()) for language, endings in _ENDINGS.items()}
_LONGEST = {language: max(map(len, endings)) for language, endings in _KNOWN.items()}

# Words that carry no meaning of their own, folded.
_IGNORED = {
    language: frozenset(words.split())
    for language, words in {
        "en": (
            "a an and are at be by can do for from have how i in is it my of on or our should that"
            " the their there this to we what when where which who with you your"
        ),
        "bg": (
            "а аз в във да до за и или как какво какъв каква кои които кога къде ли ми на над не ние"
            " но от по при с са се си съм със това ще"
        ),
        "lv": (
            "ar ari bet es ir ja jus ka kas kad ko kur lai man mes musu no par pie un uz vai var"
        ),
    }.items()
}


def words_of(text: str, language: str) -> list[str]:
    """The words that carry meaning, folded, in order."""
    folded = fold(text)
    return [word for word in _WORD.findall(folded) if word not in _IGNORED[language]]


def fold(text: str) -> str:
    """Small letters without accents."""
    return unicodedata.normalize("NFKD", text.casefold()).translate(_MARKS)


class _Marks(dict[int, int | None]):
    """For ``str.translate``: takes accents away. Each letter is looked up once, not in every word."""

    def __missing__(self, letter: int) -> int | None:
        self[letter] = None if unicodedata.combining(chr(letter)) else letter
        return self[letter]


_MARKS = _Marks()


def stem(word: str, language: str) -> str:
    """A folded word without its ending."""
    if language == "bg" and word.endswith("стта"):
        return word.removesuffix("та")  # сигурност-та, but консултант-а
    for length in range(min(_LONGEST[language], len(word) - SHORTEST), 0, -1):
        if word[-length:] in _KNOWN[language]:
            return _undoubled(word[:-length], language)
    return _undoubled(word, language)


def _undoubled(cut: str, language: str) -> str:
    """English doubles a consonant before some endings: “planning”."""
    doubled = language == "en" and len(cut) > SHORTEST and cut[-1] == cut[-2]
    return cut[:-1] if doubled else cut
