"""Files that people and the bot have sent, and what Telegram tells of them."""

import hashlib
import struct
from dataclasses import dataclass

from .errors import ApiError, Json, bad_request
from .parameters import Parameters, Upload

_LARGEST_DOWNLOAD = 20 * 1024 * 1024
_LARGEST_PHOTO = 10 * 1024 * 1024
_LARGEST_SIDES = 10_000
_LONGEST_SHAPE = 20
_LARGEST_DOCUMENT = 50 * 1024 * 1024


@dataclass(frozen=True)
class StoredFile:
    """A file as Telegram keeps it; `file_id` is what the bot knows it by."""

    file_id: str
    unique_id: str
    path: str
    name: str
    mime_type: str
    content: bytes

    def to_json(self) -> Json:
        """The fields that every object with a file has."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.content),
        }

    def document(self) -> Json:
        """The file as a `Document`."""
        return {**self.to_json(), "file_name": self.name, "mime_type": self.mime_type}

    def photo(self) -> list[Json]:
        """The picture as its one `PhotoSize`."""
        size = picture_size(self.content)
        if size is None:
            raise bad_request("IMAGE_PROCESS_FAILED")
        if sum(size) > _LARGEST_SIDES or max(size) > _LONGEST_SHAPE * min(size):
            raise bad_request("PHOTO_INVALID_DIMENSIONS")
        return [{**self.to_json(), "width": size[0], "height": size[1]}]


class Files:
    """The store of files."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def add(self, folder: str, upload: Upload) -> StoredFile:
        """Keep a file; `folder` is part of its path, as in `documents/file_3.pdf`."""
        number = len(self._by_id)
        unique = hashlib.sha256(upload.content + upload.name.encode()).hexdigest()[:15]
        suffix = f".{upload.name.rpartition('.')[2]}" if "." in upload.name else ""
        file = StoredFile(
            f"BQACAgIAAxkBAAI{number:05}{unique}",
            f"Ag{unique}",
            f"{folder}/file_{number}{suffix}",
            upload.name,
            upload.mime_type,
            upload.content,
        )
        self._by_id[file.file_id] = self._by_path[file.path] = file
        return file

    def at(self, path: str) -> StoredFile | None:
        """The file at a path of the download address."""
        return self._by_path.get(path)

    def __getitem__(self, file_id: str) -> StoredFile:
        return self._by_id[file_id]

    def get_file(self, parameters: Parameters) -> Json:
        """`getFile`."""
        file = self._by_id.get(parameters.text("file_id"))
        if file is None:
            raise bad_request("invalid file_id")
        if len(file.content) > _LARGEST_DOWNLOAD:
            raise bad_request("file is too big")
        return {**file.to_json(), "file_path": file.path}

    def received(self, parameters: Parameters, name: str) -> StoredFile:
        """The file to send: one that came with the call, or one known by its id."""
        given = parameters.text(name)
        upload = parameters.uploads.get(given.removeprefix("attach://") or name)
        if upload is not None:
            _check_size(upload, _LARGEST_PHOTO if name == "photo" else _LARGEST_DOCUMENT)
            return self.add(f"{name}s", upload)
        if given.startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")
        if known := self._by_id.get(given):
            return _usable(known, name)
        raise bad_request(
            "wrong remote file identifier specified: Wrong string length"
            if given
            else f"there is no {name} in the request"
        )


def _usable(file: StoredFile, name: str) -> StoredFile:
    """A photo can only be sent again as a photo, a document only as a document."""
    kind = file.path.partition("/")[0].removesuffix("s")
    if kind != name:
        raise bad_request(f"can't use file of type {kind.title()} as {name.title()}")
    return file


def _check_size(upload: Upload, largest: int) -> None:
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > largest:
        raise ApiError(413, "Request Entity Too Large")


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG or a JPEG in pixels, or None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content.startswith(b"\xff\xd8"):
        return _jpeg_size(content)
    return None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None
