"""Where the keys come from: ``MERILO_KEY``, or the key file in the data folder, made at first start."""

import os
from pathlib import Path

from bot.settings import Settings, WrongSetting
from storage.keys import Keys, new_key, read_keys, written

FILE = "key"


def key_file(settings: Settings) -> Path:
    return Path(settings.data_dir) / FILE


def keys_at_hand(settings: Settings) -> Keys:
    """Raises WrongSetting where what stands there is not a key."""
    try:
        return read_keys(settings.key or _file_text(key_file(settings)))
    except ValueError:
        place = "MERILO_KEY" if settings.key else f"the file {key_file(settings)}"
        raise WrongSetting(
            "MERILO_KEY", f"what stands in {place} is not a key of 32 bytes in base64", _example()
        ) from None


def begin_rotation(settings: Settings) -> Keys:
    """The keys with a new one ahead; where a rotation was interrupted, the ones it was using.

    With MERILO_KEY the operator has put the new one ahead already.
    """
    if not settings.key:
        words = _file_text(key_file(settings)).split()
        if len(words) == 1:
            _write(key_file(settings), [written(new_key()), *words])
    return keys_at_hand(settings)


def end_rotation(settings: Settings) -> None:
    """Forget the old keys of the file. Those of MERILO_KEY are the operator's to take away."""
    if not settings.key:
        _write(key_file(settings), _file_text(key_file(settings)).split()[:1])


def _file_text(file: Path) -> str:
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(file, [written(new_key())])
    return file.read_text(encoding="ascii")


def _write(file: Path, words: list[str]) -> None:
    """All of it or nothing, and readable by nobody else, from the first byte on."""
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write("\n".join(words) + "\n")
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)


def _example() -> str:
    return "made by: openssl rand -base64 32"
