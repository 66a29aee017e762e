"""Every text is spelt as hunspell knows it, but for the words in ``tests/spelling``, each looked at.

Needs hunspell and its dictionaries (Debian: hunspell hunspell-bg hunspell-lv hunspell-en-gb).
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from locales import LANGUAGES, catalogue_path

DICTIONARIES = {"bg": "bg_BG", "lv": "lv_LV", "en": "en_GB"}
REVIEWED = Path(__file__).parent / "spelling"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text__is_spelt_right(language: str) -> None:
    dictionary = DICTIONARIES[language]
    if not _known(dictionary):
        pytest.skip(f"hunspell with {dictionary} is not installed")
    reviewed = set((REVIEWED / f"{language}.txt").read_text(encoding="utf-8").split())
    assert _doubtful(dictionary, "\n".join(texts(language))) - reviewed == set()


def texts(language: str) -> Iterator[str]:
    """Everything that is said in that language; the English stands in any catalogue."""
    english = language == "en"
    for path in catalogue_path("bg" if english else language, "").parent.glob("*.po"):
        with path.open("rb") as file:
            for message in read_po(file):
                if not message.id or (english and (message.context or "").endswith("/typed")):
                    continue  # the catalogue's header; what people type is no English text
                found = message.id if english else message.string
                for text in found if isinstance(found, tuple | list) else (found,):
                    yield re.sub(r"\{\w+\}", "", str(text or ""))


def _known(dictionary: str) -> bool:
    if not shutil.which("hunspell"):
        return False
    checked = _hunspell(dictionary, "-l", "")
    return checked.returncode == 0


def _doubtful(dictionary: str, text: str) -> set[str]:
    return set(_hunspell(dictionary, "-l", text).stdout.split())


def _hunspell(dictionary: str, mode: str, text: str) -> subprocess.CompletedProcess[str]:
    command = ["hunspell", "-i", "utf-8", "-d", dictionary, mode]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False)
