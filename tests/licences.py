"""Write docs/licences.md from what is locked and installed: ``make licences``."""

import re
from collections.abc import Iterator
from importlib.metadata import metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements.lock"
FILE = ROOT / "docs" / "licences.md"

SPELT = {"Apache 2.0": "Apache-2.0", "MIT License": "MIT"}
"""What packages without a licence expression say, as SPDX spells it."""

HEAD = """# Licences of what Merilo needs

Made by `make licences` from `requirements.lock` and the packages' own metadata; a test keeps it so. Merilo
uses them as they are and changes none. The LGPL's libraries are imported, each replaceable by another
version of itself; what is merely used to install Merilo (`uv`, `uv-build`) does not run with it.

| Package | Version | Licence |
|---|---|---|
"""


def locked() -> Iterator[tuple[str, str]]:
    """Name and version of each package in the lock."""
    for line in LOCK.read_text(encoding="utf-8").splitlines():
        if found := re.match(r"([a-z0-9-]+)==(\S+)", line):
            yield found[1], found[2]


def licence(name: str) -> str:
    """Raises PackageNotFoundError where it is not installed."""
    told = metadata(name)
    given = str((told.get_all("License-Expression") or told.get_all("License") or [""])[0]).strip()
    return SPELT.get(given, given)


def page() -> str:
    rows = (f"| {name} | {version} | {licence(name)} |\n" for name, version in locked())
    return HEAD + "".join(rows)


if __name__ == "__main__":
    FILE.write_text(page(), encoding="utf-8")
