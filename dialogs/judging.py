"""What the buttons of readers' opinions do, and the sentence that is typed there."""

from collections.abc import Mapping

from dialogs.handling import Handler, Verbs, own, reads, where_we_are
from dialogs.scenes import opinions
from dialogs.talk import Talk, noticed
from dialogs.types import Judged, Step


@own
def _judge(talk: Talk, code: str, key: str, letter: str) -> Step:
    """Keep the verdict at once; a sentence may follow."""
    card = opinions.ask_sentence(talk, code, key, letter)
    if card is None:
        return where_we_are(talk, talk.words("This button no longer works."))
    marked = talk.judge(_judged(talk, code, key, letter))
    return marked.at(view=f"sentence:{code}:{key}:{letter}").shows(card)


def _judged(talk: Talk, code: str, key: str, letter: str, sentence: str = "") -> Judged:
    edition = talk.world.shelf[code].edition
    return Judged(edition, key, opinions.VERDICTS[letter], talk.state.language, sentence)


@own
def _sentence(talk: Talk, code: str, key: str, letter: str, text: str) -> Step:
    """What was typed goes with the verdict; too long a text is asked for again."""
    card = opinions.ask_sentence(talk, code, key, letter)
    if card is None:
        return where_we_are(talk.at(view=""), talk.words("This button no longer works."))
    words, limit = talk.words, opinions.SENTENCE_LIMIT
    if not 0 < len(text) <= limit:
        told = words("Please say it in at most {limit} characters.", limit=limit)
        return talk.shows(noticed(card, told))
    kept = talk.judge(_judged(talk, code, key, letter, text))
    return where_we_are(kept.at(view=""), words("Thank you. What you wrote is saved."))


OPINIONS: Verbs = {
    "opinions": (own(reads("opinions", opinions.choose)), (2,)),
    "opinion": (own(reads("opinion", opinions.ask)), (2,)),
    "judge": (_judge, (3,)),
    "sentence": (own(reads("sentence", opinions.ask_sentence)), (3,)),
}

TYPED: Mapping[str, Handler] = {"sentence": _sentence}
