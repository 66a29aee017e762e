"""Keys that never enter the database: with it alone, nobody reads a note or learns whose answers they are.

Notes and texts are sealed (AES-256-GCM), bound to their statement. A conversation is looked up by a pseudonym of
its address (HMAC-SHA256), and the address itself stands beside it, sealed, because reminders need it.
"""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

if TYPE_CHECKING:
    from sqlalchemy import Connection  # every command knows of keys, few need a database

BYTES = 32
NONCE = 12
ID = 8
"""Characters of a key's id, which stands before everything that it has sealed."""


class WrongKey(Exception):
    """What is kept was sealed under another key, or somebody has changed it."""


class _Key:
    def __init__(self, secret: bytes) -> None:
        self.id = hmac.digest(secret, b"merilo/id", "sha256").hex()[:ID]
        self.names = hmac.digest(secret, b"merilo/names", "sha256")
        self.seals = AESGCM(hmac.digest(secret, b"merilo/seals", "sha256"))


class Keys:
    """The first key seals and names; the others, while keys are changed, can still be read."""

    def __init__(self, given: Sequence[bytes]) -> None:
        """Raises ValueError where there is none, or one of another length than 32 bytes."""
        if not given or any(len(secret) != BYTES for secret in given):
            raise ValueError(f"a key has {BYTES} bytes")
        self._all = [_Key(secret) for secret in given]
        self._current = self._all[0]
        self._by_id = {key.id: key for key in self._all}

    @property
    def id(self) -> str:
        """What the current key is called; nothing follows from it."""
        return self._current.id

    def seal(self, text: str, place: str) -> str:
        """``place`` is where it is kept: moved elsewhere in the database, it does not open."""
        nonce = secrets.token_bytes(NONCE)
        sealed = self._current.seals.encrypt(nonce, text.encode(), place.encode())
        return self._current.id + urlsafe_b64encode(nonce + sealed).decode()

    def open(self, sealed: str, place: str) -> str:
        """Raises WrongKey."""
        key = self._by_id.get(sealed[:ID])
        if key is None:
            raise WrongKey(f"it is sealed under the key {sealed[:ID]!r}, which is not here")
        raw = urlsafe_b64decode(sealed[ID:])
        try:
            return key.seals.decrypt(raw[:NONCE], raw[NONCE:], place.encode()).decode()
        except InvalidTag:
            raise WrongKey("it was changed, or moved from another place") from None

    def knows(self, sealed: str) -> bool:
        return sealed[:ID] in self._by_id

    def pseudonym(self, channel: str, address: str) -> str:
        """Under which a conversation is kept from now on."""
        return _pseudonym(self._current, channel, address)

    def pseudonyms(self, channel: str, address: str) -> list[str]:
        """Under which it may be kept already: several only while keys are changed."""
        return [_pseudonym(key, channel, address) for key in self._all]


def _pseudonym(key: _Key, channel: str, address: str) -> str:
    # Half of the digest: 128 bits never meet by chance.
    return hmac.digest(key.names, f"{channel}\0{address}".encode(), "sha256").hex()[:32]


def new_key() -> bytes:
    return secrets.token_bytes(BYTES)


def written(key: bytes) -> str:
    """A key as text, as it stands in a key file."""
    return urlsafe_b64encode(key).decode()


def read_keys(text: str) -> Keys:
    """Keys apart by commas or lines, the current one first. Raises ValueError."""
    return Keys([urlsafe_b64decode(word) for word in text.replace(",", " ").split()])


def keys_of(connection: "Connection") -> Keys:
    """The keys travel with the connection: see ``storage.database.open_database``."""
    keys: Keys = connection.get_execution_options()["keys"]
    return keys


def note_place(assessment: int, statement: str) -> str:
    return f"note {assessment}/{statement}"


def value_place(assessment: int, statement: str) -> str:
    return f"value {assessment}/{statement}"


def step_place(respondent: int, code: str, part: str) -> str:
    """``part`` of a plan's step: its text or its note."""
    return f"step {respondent}/{code}/{part}"


def opinion_place(respondent: int, edition: int, key: str) -> str:
    """``key``: of the text that the sentence is about."""
    return f"opinion {respondent}/{edition}/{key}"


def address_place(pseudonym: str) -> str:
    return f"address {pseudonym}"
