"""What is wrong with a file of content, told so that its author knows what to do."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from content.sentences import Sentence, plain, revived


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend. ``line`` counts from one; ``message``, a Sentence wherever an admin may be told of it,
    says what is wrong and the remedy."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"

    def as_json(self) -> list[Any]:
        """Everything of it, for ``problem_of``."""
        return [self.file, self.line, plain(self.message)]


def problem_of(row: list[Any]) -> Problem:
    file, line, message = row
    return Problem(file, line, revived(message))


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

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


NOT_UTF_8 = Sentence("this is not UTF-8: save the file as UTF-8")
"""Of a whole file, at the line of the first byte that is none."""


def shown(path: PurePath) -> str:
    """A file as an author knows it: its folder and its name, and of a catalogue its language."""
    return "/".join(path.parts[-3 if path.parent.name == CATALOGUES else -2 :])


CATALOGUES = "LC_MESSAGES"
"""The folder that gettext puts between a language and its catalogues."""
