"""The search index of one language: for each stem the entries with it, and its weight in each."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, cached_property, partial
from math import log

from content.guide.stems import stem, words_of

NAME, SERVES, BODY = 5, 2, 1
"""How much a word counts in a name, in a statement that is served, and in the text itself."""

SOME, MOST = 0.3, 0.51
"""The share of a query that something found must have."""

SATURATION = 1.5
"""How soon more of the same word stops counting, as in BM25."""

BEGINNING = 0.5
"""What a word counts of which only the beginning fits; a mistyped one counts its likeness."""

LIKENESS, ALMOST = 0.5, 0.65
"""From which share of common pairs of letters a word passes for a mistyped one, and surely for one."""

LIKEST = 3
LONG_ENOUGH = 4
"""Letters of a beginning that tells something."""


def postings(language: str, entries: Iterable[list[tuple[str, int]]]) -> dict[str, list[int]]:
    """``entries``: the texts of each, with what a word in them counts. The numbers alternate:
    an entry's place, the weight of the stem in it."""
    index: dict[str, list[int]] = defaultdict(list)
    stemmed = cache(partial(stem, language=language))  # the same words come again and again
    for number, fields in enumerate(entries):
        for found, weight in _weights(language, fields, stemmed).items():
            index[found] += [number, weight]
    return dict(index)


def _weights(
    language: str, fields: list[tuple[str, int]], stemmed: Callable[[str], str]
) -> Counter[str]:
    weights: Counter[str] = Counter()
    for text, weight in fields:
        for word in words_of(text, language):
            weights[stemmed(word)] += weight
    return weights


class Index:
    """``postings`` of a language over ``total`` entries, ready to be asked."""

    def __init__(self, language: str, postings: Mapping[str, list[int]], total: int) -> None:
        self._language = language
        self._postings = postings
        self._total = total

    def scores(self, query: str, *, sure: bool) -> dict[int, float]:
        """By the entry's number: how well it fits. With ``sure`` only what has most of the query in its
        name, and nearly as typed; otherwise what has some of it. Rare words count more."""
        lightest, unlikest = (NAME, ALMOST) if sure else (0, 0.0)
        points: dict[int, float] = defaultdict(float)
        had: dict[int, float] = defaultdict(float)
        asked = 0.0
        for word in dict.fromkeys(words_of(query, self._language)):
            best = self._best(stem(word, self._language), lightest, unlikest)
            rarity = log(1 + self._total / max(len(best), 1))
            asked += rarity
            for number, (score, share) in best.items():
                points[number] += rarity * score
                had[number] += rarity * share
        least = asked * (MOST if sure else SOME)
        return {n: points[n] * (had[n] / asked) ** 2 for n in points if had[n] >= least}

    def _best(self, wanted: str, lightest: int, unlikest: float) -> dict[int, tuple[float, float]]:
        """For each entry that may have the word: its score, and how surely it is that word."""
        best: dict[int, tuple[float, float]] = {}
        for known, share in self._meant(wanted):
            row = self._postings[known]
            for number, weight in zip(row[::2], row[1::2], strict=True):
                if weight >= lightest and share >= unlikest:
                    score = share * weight / (weight + SATURATION)
                    best[number] = max(best.get(number, (0.0, 0.0)), (score, share))
        return best

    def _meant(self, wanted: str) -> Iterator[tuple[str, float]]:
        """Known stems with how surely they are meant, from 0 to 1."""
        if wanted in self._postings:
            yield wanted, 1.0
        yield from ((known, BEGINNING) for known in self._postings if _begins(known, wanted))
        if wanted not in self._postings:
            yield from self._alike(wanted)

    def _alike(self, wanted: str) -> list[tuple[str, float]]:
        """The likest stems, by the pairs of letters that they share with the wanted one."""
        own = _pairs(wanted)
        common = Counter(known for pair in own for known in self._by_pair.get(pair, ()))
        alike = [(known, 2 * n / (len(own) + len(_pairs(known)))) for known, n in common.items()]
        likest = sorted((row for row in alike if row[1] >= LIKENESS), key=lambda row: -row[1])
        return likest[:LIKEST]

    @cached_property
    def _by_pair(self) -> dict[str, list[str]]:
        """The stems by their pairs of letters: made when the first typo comes."""
        by_pair: dict[str, list[str]] = defaultdict(list)
        for known in self._postings:
            for pair in _pairs(known):
                by_pair[pair].append(known)
        return dict(by_pair)


def _begins(known: str, wanted: str) -> bool:
    """Whether one is the beginning of the other, and long enough to tell something."""
    if known.startswith(wanted):
        return len(wanted) >= LONG_ENOUGH and known != wanted
    return len(known) >= LONG_ENOUGH and wanted.startswith(known)


def _pairs(word: str) -> set[str]:
    bounded = f" {word} "
    return {bounded[i : i + 2] for i in range(len(bounded) - 1)}
