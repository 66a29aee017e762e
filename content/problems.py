"""What is wrong with a file of content, told so that its author knows what to do."""

from dataclasses import dataclass
from pathlib import PurePath


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend. ``line`` counts from one; ``message`` says what is wrong and the remedy."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Report:
    """What is to be mended (``problems``), what is to be confirmed (``warnings``), both in order of
    file and line, and the compiled edition where there are no problems."""

    instrument: str
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    edition: bytes | None = None


class ContentError(Exception):
    """Content that cannot be used. ``problems`` holds all that was found, in order of file and line."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class PackageRefused(Exception):
    """Something that is not looked at any further: one sentence, for whoever sent it."""


def shown(path: PurePath) -> str:
    """A file as an author knows it: its folder and its name, and of a catalogue its language."""
    return "/".join(path.parts[-3 if path.parent.name == CATALOGUES else -2 :])


CATALOGUES = "LC_MESSAGES"
"""The folder that gettext puts between a language and its catalogues."""
