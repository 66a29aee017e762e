"""Content packages for tests: the tiny instruments, whole, changed, and zipped in any way."""

import io
import zipfile
from collections.abc import Callable, Mapping
from functools import cache

from bot.checking import check_here
from content.package import FILES, Package, PackageRefused, read_parts
from content.problems import Report
from tests.chat import HERE

Edit = Callable[[str], str]


@cache
def package(name: str = "tiny") -> Package:
    """One of ``tests/instruments``."""
    folder = HERE / "instruments" / name
    files = {file: (folder / file).read_bytes() for file in FILES if (folder / file).exists()}
    return Package(name, files)


def put(old: str, new: str) -> Edit:
    """An edit of the first place where ``old`` stands."""

    def edit(text: str) -> str:
        assert old in text, f"{old!r} is not there"
        return text.replace(old, new, 1)

    return edit


def everywhere(old: str, new: str) -> Edit:
    return lambda text: text.replace(old, new)


def changed(*edits: Edit, file: str = "instrument.yaml", of: Package | None = None) -> Package:
    """The package after edits of one of its files."""
    base = of or package()
    text = base.files[file].decode()
    for edit in edits:
        text = edit(text)
    return Package(base.instrument, {**base.files, file: text.encode()})


def with_file(name: str, content: bytes, of: Package | None = None) -> Package:
    base = of or package()
    return Package(base.instrument, {**base.files, name: content})


def report(looked_at: Package, base: Package | None = None) -> Report:
    return check_here(looked_at, None, base)


def refusal(name: str, content: bytes) -> str:
    """The sentence that a file is refused with, before its texts are looked at."""
    try:
        read_parts(name, content).over(package())
    except PackageRefused as refused:
        return str(refused)
    raise AssertionError(f"{name} was taken")


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def zipped_entry(entry: zipfile.ZipInfo, content: bytes = b"x") -> bytes:
    """A zip with an entry whose particulars are set by hand."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(entry, content)
    return packed.getvalue()


def patched(packed: bytes, old: bytes, new: bytes) -> bytes:
    """The same zip with some bytes changed, as no packer would write it."""
    assert old in packed
    assert len(old) == len(new)
    return packed.replace(old, new)
