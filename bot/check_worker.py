"""The child of ``bot.checking``: reads what was sent from standard input, answers in JSON.

The limits are set before anything is read, so that they hold for the reading too.
"""

import json
import resource
import sys
from base64 import b64decode, b64encode
from typing import Any

MEMORY = 256 * 1024 * 1024
SECONDS = 2


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        told = answer(json.load(sys.stdin.buffer))
    except MemoryError:
        from bot.checking import TOO_LARGE
        from content.sentences import plain

        told = {"refused": plain(TOO_LARGE)}
    json.dump(told, sys.stdout)


def answer(wanted: dict[str, Any]) -> dict[str, Any]:
    """What ``bot.checking`` is told of a package. Within the limits that ``main`` sets, for whatever was sent."""
    from bot.checking import check_here
    from content.compiled import load_edition
    from content.package import Package, PackageRefused, chosen_base, read_parts
    from content.sentences import plain

    bases = {
        id_: Package(id_, {name: b64decode(text) for name, text in base["files"].items()})
        for id_, base in wanted["bases"].items()
    }
    try:
        parts = read_parts(wanted["name"], b64decode(wanted["content"]))
        base = chosen_base(parts, bases, wanted["instrument"])
        package = parts.over(base, wanted["instrument"])
        known = wanted["bases"].get(package.instrument, {})
        edition, former = known.get("edition"), known.get("former", ())
        current = load_edition(b64decode(edition)) if edition else None
        report = check_here(package, current, base, former)
    except PackageRefused as refused:
        return {"refused": plain(refused.sentence)}
    return {
        "instrument": package.instrument,
        "files": {name: _text(written) for name, written in package.files.items()},
        "problems": [row.as_json() for row in report.problems],
        "warnings": [row.as_json() for row in report.warnings],
        "edition": _text(report.edition) if report.edition else None,
    }


def _text(content: bytes) -> str:
    return b64encode(content).decode()


if __name__ == "__main__":
    main()
