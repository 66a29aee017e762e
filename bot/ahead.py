"""The heavy part of a first start, done ahead in a process of its own: migrations and compiling.

What they load (Alembic, YAML, models of authors' files) would stay in memory for as long as Merilo
serves, 25 MB for nothing. A start that finds everything up to date needs none of it, and no such process.
"""

import subprocess
import sys
from pathlib import Path

from bot.keyring import keys_at_hand
from bot.occupied import serving
from bot.settings import Settings
from bot.shipped import is_published
from storage.database import HEAD, current_revision, open_database


def begin(settings: Settings) -> "subprocess.Popen[bytes] | None":
    """The process, under way; None where there is nothing to prepare. Wait for it before serving.

    It reads the same settings again, and tells nothing: what it could not do, the start that waits for
    it does itself, and meets the same fault.
    """
    with serving(settings):
        if _is_prepared(settings):
            return None
    # -P: a folder of the operator's that is called "bot" is not meant.
    return subprocess.Popen([sys.executable, "-P", "-m", "bot.ahead"])


def _is_prepared(settings: Settings) -> bool:
    engine = open_database(settings.database, keys_at_hand(settings))
    try:
        if current_revision(engine) != HEAD:
            return False
        with engine.connect() as connection:
            return is_published(connection)
    finally:
        engine.dispose()


def _prepare(settings: Settings) -> None:
    # Imported here: the process that begins this one need not wait for them.
    from bot.app import prepare, refuse_unsafe
    from bot.shipped import shipped_guide

    with serving(settings):
        engine = open_database(settings.database, keys_at_hand(settings))
        refuse_unsafe(engine, settings)
        shipped_guide(prepare(engine), Path(settings.data_dir))
        engine.dispose()


def main() -> int:
    from bot.cli import ready

    try:
        _prepare(ready())
    except Exception:  # noqa: BLE001 - whoever waits meets it too, and says so
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
