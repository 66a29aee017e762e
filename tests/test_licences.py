"""Every dependency is listed with a licence that this project can live with."""

import re
from importlib.metadata import PackageNotFoundError, version

import pytest

from tests.licences import FILE, licence, locked

ACCEPTED = {
    *("MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "PSF-2.0"),
    *("MPL-2.0", "LGPL-3.0-only"),
}


def listed() -> dict[tuple[str, str], str]:
    rows = re.findall(r"^\| (\S+) \| (\S+) \| (.+) \|$", FILE.read_text("utf-8"), re.MULTILINE)
    return {(name, number): given for name, number, given in rows if name != "Package"}


def test_list__is_that_of_the_lock() -> None:
    assert set(listed()) == set(locked()), "run: make licences"


def test_every_licence__is_accepted() -> None:
    terms = {
        term.strip("()") for given in listed().values() for term in re.split(r" (?:AND|OR) ", given)
    }
    assert terms <= ACCEPTED


@pytest.mark.parametrize(("name", "number"), list(locked()))
def test_licence__is_what_the_package_says(name: str, number: str) -> None:
    try:
        installed = version(name)
    except PackageNotFoundError:
        pytest.skip(f"{name} is for another platform")
    assert installed != number or listed()[name, number] == licence(name)
