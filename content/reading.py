"""Reading ``instrument.yaml``: what is wrong with it comes back in words for authors, with file and line."""

from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from content.clashes import clashes
from content.problems import ContentError, Problem
from content.sentences import Sentence, about
from content.source import InstrumentSource
from content.yaml_file import YamlFile, read_yaml


def read_instrument(path: Path) -> tuple[InstrumentSource, YamlFile]:
    """The instrument in that file, and the file itself for its lines.

    Raises ContentError with everything that is wrong, file and line first.
    """
    file = read_yaml(path)
    instrument, problems = examine_instrument(file)
    if problems:
        raise ContentError(problems)
    return instrument, file


def examine_instrument(file: YamlFile) -> tuple[InstrumentSource, list[Problem]]:
    """The instrument in the file and its clashes, which leave its translations to be looked at too.

    Raises ContentError where the file's shape leaves nothing to look at.
    """
    try:
        instrument = InstrumentSource.model_validate(file.data)
    except ValidationError as error:
        raise ContentError(
            [as_problem(file, row) for row in error.errors(include_url=False)]
        ) from None
    found = [Problem(file.name, file.line(place), told) for place, told in clashes(instrument)]
    return instrument, found


def as_problem(file: YamlFile, row: ErrorDetails) -> Problem:
    """What pydantic found, in words for authors."""
    place = row["loc"]
    name = str(place[-1]) if place else Sentence("the file")
    remedy = REMEDIES.get(row["type"]) or _rarer(row)
    told = Sentence("“{name}”: {remedy}", name=name, remedy=remedy)
    where = ".".join(str(step) for step in place[:-1])
    return Problem(file.name, file.line(place), about(where, told) if where else told)


def _rarer(row: ErrorDetails) -> Sentence:
    """Where the remedy depends on the value, or is one of our own checks' (``content.source``)."""
    context = row.get("ctx", {})
    if row["type"] == "value_error":
        return Sentence("{what}: correct it", what=context["error"].args[0])
    if row["type"] == "literal_error":
        choices = context["expected"].replace(" or ", ", ")
        return Sentence("it must be one of {choices}: correct it", choices=choices)
    return Sentence("this value cannot be taken ({reason}): correct it", reason=row["msg"])


WHOLE = Sentence("it must be a whole number: correct it")
NUMBER = Sentence("it must be a number, without quotation marks: correct it")
TRUTH = Sentence("it must be true or false: correct it")
KEYS = Sentence("it must have keys with values: look at another instrument for its shape")
REMEDIES = {
    "extra_forbidden": Sentence("there is no such key here: correct its spelling or remove it"),
    "missing": Sentence("it is missing: add it"),
    "string_type": Sentence("it must be a text: put it in quotation marks"),
    "string_too_short": Sentence("the text is empty: write it"),
    "string_pattern_mismatch": Sentence(
        "an id is made of up to 24 Latin letters, digits, dots, dashes and underscores: choose another"
    ),
    "int_type": Sentence("it must be a whole number, without quotation marks"),
    "int_parsing": WHOLE,
    "int_parsing_size": WHOLE,
    "int_from_float": WHOLE,
    "decimal_type": NUMBER,
    "decimal_parsing": NUMBER,
    "bool_type": TRUTH,
    "bool_parsing": TRUTH,
    "greater_than_equal": Sentence("the number is too small: raise it"),
    "less_than_equal": Sentence("the number is too large: lower it"),
    "tuple_type": Sentence("it must be a list: begin each entry with a dash"),
    "too_short": Sentence("the list is empty: add an entry"),
    "model_type": KEYS,
    "dict_type": KEYS,
}
