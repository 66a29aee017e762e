"""What an answer is, in the one form in which it is kept and carried by buttons.

=============  =================================================================
choice         the option's id: ``rather_agree``
number         decimal point, no zeros at the end: ``17.5``
text           the text itself, without white space around it
checklist      the ids of what is ticked, in the order of the list: ``S1,S4``
=============  =================================================================

An empty checklist is an answer, too: nothing applies.
"""

from collections.abc import Collection
from decimal import Decimal

from content.model import Statement


def is_value(statement: Statement, text: str) -> bool:
    """Whether the text is a value that the statement can have."""
    match statement.kind:
        case "choice":
            return text in statement.scale.by_id
        case "number":
            return is_number(statement, text)
        case "text":
            return 0 < len(text) <= statement.limit and text == text.strip()
        case _:
            return text == ticked_value(statement, ticked(text))


def is_number(statement: Statement, text: str) -> bool:
    """In its one spelling, within the bounds and on a step."""
    if not text.replace(".", "", 1).isdecimal() or not text.isascii() or len(text) > NUMBER_LENGTH:
        return False
    number = Decimal(text)
    within = statement.minimum <= number <= statement.maximum
    return text == number_value(number) and within and on_a_step(statement, number)


def on_a_step(statement: Statement, number: Decimal) -> bool:
    return (number - statement.minimum) % statement.step == 0


NUMBER_LENGTH = 12

MISSING = "missing"
"""The answer that a checklist's tips are for: something is not ticked."""


def number_value(number: Decimal) -> str:
    whole = f"{number:f}"
    return whole.rstrip("0").rstrip(".") if "." in whole else whole


def ticked(value: str) -> list[str]:
    """The items of a checklist's value."""
    return value.split(",") if value else []


def ticked_value(statement: Statement, items: Collection[str]) -> str:
    return ",".join(item for item in statement.items if item in items)
