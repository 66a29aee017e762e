"""Values that are a person's own words are sealed, as notes are.

A sealed value begins with a mark, which no option, number or checklist can begin with, so that reading
one needs no look at what was asked.
"""

from storage.keys import Keys, value_place

MARK = "~"


def seal_value(keys: Keys, value: str, assessment: int, statement: str) -> str:
    return MARK + keys.seal(value, value_place(assessment, statement))


def open_value(keys: Keys, kept: str | None, assessment: int, statement: str) -> str | None:
    """As it was given; what is not sealed stays as it is. Raises WrongKey."""
    if kept is None or not kept.startswith(MARK):
        return kept
    return keys.open(kept.removeprefix(MARK), value_place(assessment, statement))
