"""What a request brings: a package, or a small JSON object."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from bot.web.api.errors import ApiError
from content.unpacking import PACKED_LIMIT

PATIENCE = 30.0
"""Seconds in which a body has to be here."""

JSON_LIMIT = 16 * 1024
CHUNK = 64 * 1024

NAMES = {
    "application/zip": "package.zip",
    "application/x-zip-compressed": "package.zip",
    "application/yaml": "instrument.yaml",
    "application/x-yaml": "instrument.yaml",
    "text/yaml": "instrument.yaml",
    "text/x-gettext-translation": "catalogue.po",
    "application/octet-stream": "",
}
"""The types that a package may come as, and its file's name where none is given."""


@dataclass(frozen=True, slots=True)
class Upload:
    """``instrument`` is None where the client has not named one."""

    content: bytes
    name: str
    instrument: str | None


async def upload_of(request: web.Request) -> Upload:
    """The package, sent as it is (``?name=`` may name its file) or in a form's one file.

    Raises ApiError.
    """
    instrument = request.query.get("instrument")
    if request.content_type == "multipart/form-data":
        name, content = await _patiently(_form_file(request))
    elif request.content_type in NAMES:
        name = request.query.get("name", NAMES[request.content_type])
        content = await _patiently(_whole(request.content.iter_chunked(CHUNK), PACKED_LIMIT))
    else:
        taken = ", ".join((*NAMES, "multipart/form-data"))
        raise ApiError(415, "unsupported_type", f"A package is sent as one of: {taken}.")
    return Upload(content, name, instrument)


async def object_of(request: web.Request) -> dict[str, Any]:
    """The JSON object. Raises ApiError."""
    if request.content_type != "application/json":
        raise ApiError(415, "unsupported_type", "This takes a JSON object: application/json.")
    body = await _patiently(_whole(request.content.iter_chunked(CHUNK), JSON_LIMIT))
    try:
        found = json.loads(body)
    except ValueError:
        raise ApiError(400, "malformed", "The body is not JSON.") from None
    if not isinstance(found, dict):
        raise ApiError(422, "invalid", "The body must be a JSON object.")
    return found


def field(body: dict[str, Any], name: str, type_: type, default: Any) -> Any:
    """A field of that very type. Raises ApiError."""
    value = body.get(name, default)
    if type(value) is not type_:
        words = {str: "a text", int: "a whole number", bool: "true or false", dict: "an object"}
        raise ApiError(422, "invalid", f"“{name}” must be {words[type_]}.")
    return value


def only(body: dict[str, Any], *names: str) -> None:
    """Raises ApiError for a field that means nothing: a misspelt one must not be overlooked."""
    for name in body.keys() - set(names):
        raise ApiError(422, "invalid", f"There is no field “{name[:100]}”: {', '.join(names)}.")


async def _patiently(reading: Any) -> Any:
    try:
        async with asyncio.timeout(PATIENCE):
            return await reading
    except TimeoutError:
        raise ApiError(408, "too_slow", "The body did not arrive in time: send it again.") from None


async def _whole(chunks: AsyncIterator[bytes], limit: int) -> bytes:
    """Reading stops where it is too long, whatever length it claims."""
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > limit:
            message = f"The body is larger than {limit // 1024} KB."
            raise ApiError(413, "too_large", message)
    return bytes(body)


async def _form_file(request: web.Request) -> tuple[str, bytes]:
    """Name and content of the form's one file. Raises ApiError."""
    found: list[tuple[str, bytes]] = []
    try:
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and part.filename:
                found.append((part.filename, await _whole(_chunks(part), PACKED_LIMIT)))
            if len(found) > 1:
                break
    except (ValueError, AssertionError, RuntimeError, HttpProcessingError):
        raise ApiError(400, "malformed", "The form cannot be read.") from None
    if len(found) != 1:
        raise ApiError(422, "invalid", "The form must hold one file, the package.")
    return found[0]


async def _chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    while chunk := await part.read_chunk(CHUNK):
        yield chunk
