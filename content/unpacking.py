"""Taking a zip apart that nobody vouches for: everything about it is checked before it is believed."""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from content.problems import PackageRefused
from content.sentences import Sentence

PACKED_LIMIT = 2 * 1024 * 1024
UNPACKED_LIMIT = 4 * 1024 * 1024
"""Bytes of all files together; the largest instrument with its catalogues has a tenth of it."""

FILES_LIMIT = 20
NAME_LIMIT = 100
DIRECTORY_LIMIT = 16 * 1024
"""Bytes of a zip's own list of files: many more than twenty entries need."""

END, END_SIZE = b"PK\x05\x06", 22
ENCRYPTED = 0x1
KNOWN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ARCHIVES = (".zip", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".7z", ".rar", ".jar", ".zst")
MAGIC = (
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\x28\xb5\x2f\xfd",
)

TOO_MANY = Sentence(
    "The zip holds more than {limit} files: pack only the package's own.", limit=FILES_LIMIT
)
TOO_LARGE = Sentence("Unpacked the files are larger than 4 MB: send the package's own only.")


def _archive(file: str) -> Sentence:
    return Sentence("“{file}” is an archive within the zip: pack the files themselves.", file=file)


def is_zip(content: bytes) -> bool:
    return content.startswith(b"PK")


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files of a zip by their names. Raises PackageRefused with one sentence.

    Folders, and what macOS adds to every zip, are left out.
    """
    _refuse_long_directory(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            wanted = list(_wanted(archive.infolist()))
            return dict(_read(archive, wanted))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as broken:
        raise PackageRefused(Sentence("This zip is damaged: pack the files again.")) from broken


def _refuse_long_directory(content: bytes) -> None:
    """The list of files is read whole by ``zipfile``, so its size is looked at first."""
    end = content.rfind(END)
    if end < 0 or len(content) < end + END_SIZE:
        raise PackageRefused(Sentence("This is not a zip: pack the files again."))
    count = int.from_bytes(content[end + 10 : end + 12], "little")
    size = int.from_bytes(content[end + 12 : end + 16], "little")
    if count > FILES_LIMIT or size > DIRECTORY_LIMIT:
        raise PackageRefused(TOO_MANY)


def _wanted(entries: list[zipfile.ZipInfo]) -> Iterator[zipfile.ZipInfo]:
    if len(entries) > FILES_LIMIT:
        raise PackageRefused(TOO_MANY)
    if sum(entry.file_size for entry in entries) > UNPACKED_LIMIT:
        raise PackageRefused(TOO_LARGE)
    seen: set[str] = set()
    for entry in entries:
        _refuse_odd(entry)
        if entry.filename.casefold() in seen:
            raise PackageRefused(
                Sentence("“{file}” is in the zip twice: keep one of them.", file=entry.filename)
            )
        seen.add(entry.filename.casefold())
        if not entry.is_dir() and not _is_left_out(entry.filename):
            yield entry


def _refuse_odd(entry: zipfile.ZipInfo) -> None:
    """Names that lead elsewhere or hide something, and entries that are no plain files."""
    name = entry.orig_filename
    told = name.encode("unicode_escape").decode()[:NAME_LIMIT]
    path = PurePosixPath(name)
    if name.startswith(("/", "~")) or "\\" in name or ":" in name or ".." in path.parts:
        raise PackageRefused(
            Sentence("“{file}” leads out of the package: use plain file names.", file=told)
        )
    if not name.isascii() or not name.isprintable() or len(name) > NAME_LIMIT or "//" in name:
        raise PackageRefused(
            Sentence("“{file}” is an odd name: use those of the package's files.", file=told)
        )
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise PackageRefused(
            Sentence("“{file}” is a link or a device, not a file: pack the file itself.", file=told)
        )
    if entry.flag_bits & ENCRYPTED:
        raise PackageRefused(Sentence("The zip is locked with a password: pack it without one."))
    if entry.compress_type not in KNOWN:
        raise PackageRefused(
            Sentence("The zip is packed in an unusual way: use the ordinary method, deflate.")
        )
    if path.suffix.lower() in ARCHIVES:
        raise PackageRefused(_archive(told))


def _is_left_out(name: str) -> bool:
    """What macOS adds, and the bare English that translators get with a template's other files."""
    path = PurePosixPath(name)
    return name.startswith("__MACOSX/") or path.name == ".DS_Store" or path.suffix == ".pot"


def _read(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    """Reads no more than the limit, whatever the zip says about itself."""
    left = UNPACKED_LIMIT
    for entry in entries:
        with archive.open(entry) as file:
            written = file.read(left + 1)
        left -= len(written)
        if left < 0:
            raise PackageRefused(TOO_LARGE)
        if len(written) != entry.file_size:
            raise PackageRefused(Sentence("The zip is damaged: a file's size is not what it says."))
        if written.startswith(MAGIC):
            raise PackageRefused(_archive(entry.filename))
        yield entry.filename, written
