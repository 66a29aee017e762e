"""Content that nobody vouches for is looked at in a process of its own, within limits.

So neither an endless expression nor a greedy file can stop or slow the service. The child is given no
settings and no secrets; what it says comes back as JSON.
"""

import json
import logging
import signal
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot import child
from content.model import Edition
from content.package import Package, PackageRefused
from content.problems import Report, problem_of
from content.sentences import Sentence, revived

PATIENCE = 10
"""Seconds to wait for the child on a busy machine; its own limit is of computing time."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Base:
    """What is current of an instrument: the sources, and the compiled edition where it is published.
    ``former``: wordings of its other editions (``content.former``)."""

    package: Package
    edition: bytes | None = None
    former: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checked:
    """``package`` is complete: what was sent, laid over the base."""

    package: Package
    report: Report


def check_apart(
    name: str, content: bytes, bases: Mapping[str, Base], instrument: str | None = None
) -> Checked:
    """Look at a file that was sent: a zip, a ``.po`` or an ``instrument.yaml``.

    ``bases``: what is current, by instrument. ``instrument`` says which one the file is for, where it
    does not say so itself. It blocks, for a second at most as a rule: not for the event loop.
    Raises PackageRefused.
    """
    wanted = {
        "name": name,
        "content": _text(content),
        "instrument": instrument,
        "bases": {id_: _base(base) for id_, base in bases.items()},
    }
    return _checked(_asked(json.dumps(wanted).encode()))


def check_here(
    package: Package,
    current: Edition | None = None,
    sources: Package | None = None,
    former: Sequence[str] = (),
) -> Report:
    """The same in this process, for content that is trusted: our own, or an author's at the shell."""
    # Imported here: what reads authors' files, the service can do without.
    from bot.fitting import too_long_messages
    from content.check import check
    from content.former import load_wording

    known = [load_wording(one) for one in former]
    return check(package, current, sources, [too_long_messages], known)


def _base(base: Base) -> dict[str, Any]:
    files = {name: _text(written) for name, written in base.package.files.items()}
    edition = _text(base.edition) if base.edition else None
    return {"files": files, "edition": edition, "former": base.former}


def _text(content: bytes) -> str:
    return b64encode(content).decode()


def _asked(wanted: bytes) -> dict[str, Any]:
    """What the child says."""
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            child.command("bot.check_worker"),
            input=wanted,
            capture_output=True,
            env={**child.environment(), "PYTHONDONTWRITEBYTECODE": "1"},  # it may write no file
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PackageRefused(TOO_LONG) from None
    if done.returncode:
        raise PackageRefused(_reason(done))
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


TOO_LONG = Sentence(
    "Checking this package takes longer than two seconds: make it smaller and simpler."
)
TOO_LARGE = Sentence(
    "Checking this package takes more than 256 MB of memory: make it smaller and simpler."
)
BROKEN = Sentence(
    "This package cannot be checked: it breaks the check itself. The operator's log says where."
)


def _reason(done: subprocess.CompletedProcess[bytes]) -> Sentence:
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return TOO_LONG
    log.error("The check of a package failed: %s", child.last_words(done.stderr))
    return BROKEN


def _checked(answer: dict[str, Any]) -> Checked:
    if "refused" in answer:
        raise PackageRefused(revived(answer["refused"]))
    files = {name: b64decode(written) for name, written in answer["files"].items()}
    report = Report(
        answer["instrument"],
        tuple(map(problem_of, answer["problems"])),
        tuple(map(problem_of, answer["warnings"])),
        b64decode(answer["edition"]) if answer["edition"] else None,
    )
    return Checked(Package(answer["instrument"], files), report)
