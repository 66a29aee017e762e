"""The way to a comparison: which earlier assessment, and from page to page."""

from content.scoring import overall_score
from dialogs.comparison import compare
from dialogs.scenes.kinds import assessments_before
from dialogs.scenes.scores import short_score
from dialogs.scenes.sides import Sides, overview, section_page
from dialogs.talk import Rows, Talk, reply
from dialogs.tokens import token
from dialogs.types import Assessment, Choice, Heading, Paragraph, Reply


def compare_choice(talk: Talk, later: Assessment, label: str) -> list[Choice]:
    """The button that leads here; none where there is nothing earlier to compare with."""
    if not later.values or not assessments_before(talk, later):
        return []
    return [Choice(label, token("compare", later.code))]


def view(talk: Talk, code: str, earlier: str = "", page: str = "0") -> Reply | None:
    """A page of the comparison, or which earlier assessment to choose; None where there is none.

    Page 0 is the overview; those of the sections follow.
    """
    later = talk.world.shelf[code]
    there = {a.code: a for a in assessments_before(talk, later)}
    if len(there) > 1 and not earlier:
        return _choose(talk, code, [*there.values()][::-1])
    before = there.get(earlier or next(iter(there), ""))
    if before is None:
        return None
    sides = Sides(talk, compare(talk.world.library, before, later))
    if page not in {str(number) for number in range(len(sides.parts) + 1)}:
        return None
    number = int(page)
    blocks = section_page(sides, sides.parts[number - 1]) if number else overview(sides)
    return reply(*blocks, choices=_ways(sides, number))


def _choose(talk: Talk, code: str, earlier: list[Assessment]) -> Reply:
    """Which of several, the newest first."""
    question = talk.words("Which earlier assessment would you like to see beside this one?")
    rows = [
        [Choice(f"{n}. {_name(talk, a)}", token("compare", code, a.code))]
        for n, a in enumerate(earlier[:CHOICES], 1)
    ]
    return reply(
        Heading(talk.words("Comparison")),
        Paragraph(question),
        choices=[*rows, _ways_out(talk, code)],
    )


CHOICES = 20
"""How many are offered: a screen holds no more."""


def _name(talk: Talk, assessment: Assessment) -> str:
    """“3 March 2026 · 75 %”."""
    edition = talk.world.library.edition(assessment.edition)
    result = overall_score(edition, assessment.values)
    parts = [short_score(talk, edition, result)] if result.maximum else []
    return " · ".join([talk.words.date(assessment.started), *parts])


def _ways(sides: Sides, number: int) -> Rows:
    words, found = sides.words, sides.found

    def page(n: int) -> str:
        return token("compare", found.later.code, found.earlier.code, n)

    onward = words("Next section") if number else words("Statement by statement")
    back = words("Previous section") if number > 1 else words("Overview")
    return [
        [Choice(onward, page(number + 1))] if number < len(sides.parts) else [],
        [Choice(back, page(number - 1))] if number else [],
        _ways_out(sides.talk, found.later.code),
    ]


def _ways_out(talk: Talk, code: str) -> list[Choice]:
    words = talk.words
    return [
        Choice(words("Overall result"), token("open", code)),
        Choice(words("Menu"), token("menu")),
    ]
