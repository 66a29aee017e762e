"""What no author writes, refused before anything is made of it."""

from content.hidden import hidden_characters
from content.package import INSTRUMENT, Package
from content.problems import NOT_UTF_8, PackageRefused
from content.sentences import at
from content.yaml_file import refuse_tricks


def refuse(package: Package) -> None:
    """Raises PackageRefused, naming file and line, for files that are no plain UTF-8 text."""
    for name, written in package.files.items():
        text = _decoded(name, written)
        for line, told in hidden_characters(text):
            raise PackageRefused(at(name, line, told))
        if name == INSTRUMENT:
            refuse_tricks(name, text)


def _decoded(name: str, written: bytes) -> str:
    try:
        return written.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = written[: error.start].count(b"\n") + 1
        raise PackageRefused(at(name, line, NOT_UTF_8)) from None
