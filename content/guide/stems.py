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
        "ованията ованието овете ианците анията анията ането ането анета ания ание ане "
        "енията ението енето ения ение ене ищата ища ията иите иата ите ата ята ото ето иат ият "
        "ия ии ът ят ят та те то ове еве аме яме ате ите ам ям аш яш им иш ат ят ах ях ал ял ала яла "
        "али яли ал ил ила или ен на но ни на а я о е и у ю т"
    ),
    "lv": (
        "sanas sanai sanam sanu sana sanas tajiem tajam tajai tajas taju taja tajs "
        "ajiem ajam ajai ajas ajos aja ajo iem ies iet jiet am as ai a os o us um u em es ei e "
        "im is i s ais ot et it at ti ta to tas tie tam t m"
    ),
}
_LONGEST_FIRST = {
    language: sorted(set(endings.split()), key=len, reverse=True)
    for language, endings in _ENDINGS.items()
}

# Words that carry no meaning of their own, folded.
_IGNORED = {
    language: frozenset(words.split())
    for language, words in {
        "en": (
            "a an and are at be by can do for from have how i in is it my of on or our should that"
            " the their to we what when where which who with you your"
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
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def stem(word: str, language: str) -> str:
    """A folded word without its ending."""
    for ending in _LONGEST_FIRST[language]:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST:
            return _levelled(word.removesuffix(ending), language)
    return _levelled(word, language)


def _levelled(stem: str, language: str) -> str:
    """What still differs between forms of a word: “plann(ing)”, „дигитален“ and „дигиталн(а)“."""
    if language == "en" and len(stem) > SHORTEST and stem[-1] == stem[-2]:
        return stem[:-1]
    return stem
