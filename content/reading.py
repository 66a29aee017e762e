"""Reading ``instrument.yaml``: what is wrong with it comes back in words for authors, with file and line."""

from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from content.clashes import clashes
from content.problems import ContentError, Problem
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
    name = str(place[-1]) if place else "the file"
    own = row["msg"].removeprefix("Value error, ")
    remedy = REMEDIES.get(row["type"], f"{own}: correct it")
    where = ".".join(str(step) for step in place[:-1])
    return Problem(file.name, file.line(place), f"{where}: “{name}”: {remedy}".lstrip(": "))


REMEDIES = {
    "extra_forbidden": "there is no such key here: correct its spelling or remove it",
    "missing": "it is missing: add it",
    "string_type": "it must be a text: put it in quotation marks",
    "string_too_short": "the text is empty: write it",
    "string_pattern_mismatch": "an id is made of up to 24 Latin letters, digits, dots, dashes and "
    "underscores: choose another",
    "int_type": "it must be a whole number, without quotation marks",
    "greater_than_equal": "the number is too small: raise it",
    "less_than_equal": "the number is too large: lower it",
    "tuple_type": "it must be a list: begin each entry with a dash",
    "too_short": "the list is empty: add an entry",
    "model_type": "it must have keys with values: look at another instrument for its shape",
}
