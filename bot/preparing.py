"""What a database needs before Merilo serves from it: migrations, and the shipped content published.

At a first start, that is done ahead in a process of its own. What it loads (Alembic, YAML, models of
authors' files) would stay in memory for as long as Merilo serves, 20 MB for nothing. A start that finds
everything up to date needs none of it, and no such process.
"""

import logging
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from bot import child
from bot.keyring import keys_at_hand
from bot.occupied import serving
from bot.refusal import Refused
from bot.settings import Settings
from bot.shipped import is_published, publish_shipped, shipped_guide
from content.library import Library
from storage.database import (
    HEAD,
    current_revision,
    migrate,
    open_database,
    unsafe_settings,
    wait_for_other_starts,
)
from storage.editions import read_library
from storage.rotation import check_keys

log = logging.getLogger(__name__)


def refuse_unsafe(engine: Engine, settings: Settings) -> None:
    """Raises Refused where the database may lose what it acknowledges, unless told so."""
    unsafe = ", ".join(unsafe_settings(engine))
    if unsafe and settings.unsafe_database != "yes":
        raise Refused(
            f"the database would lose acknowledged answers in a crash: {unsafe}. "
            "Switch it on there, or set MERILO_UNSAFE_DATABASE=yes to try things out"
        )
    if unsafe:
        log.warning("The database may lose acknowledged answers: %s", unsafe)


def prepare(engine: Engine) -> Library:
    """A database that is up to date, with the shipped content published; its editions.

    Raises WrongKey where it was sealed under another key.
    """
    migrate(engine)
    now = datetime.now(UTC)
    with engine.begin() as connection:
        wait_for_other_starts(connection)
        check_keys(connection)
        for instrument in publish_shipped(connection, now):
            log.info("Published %s", instrument)
        return read_library(connection)


# --- Ahead of a first start ------------------------------------------------------------------


def begin_ahead(settings: Settings) -> "subprocess.Popen[bytes] | None":
    """The process, under way; None where there is nothing to prepare. Wait for it before serving.

    It reads the same settings again, and tells nothing: what it could not do, the start that waits for
    it does itself, and meets the same fault.
    """
    with serving(settings):
        if _is_prepared(settings):
            return None
    return subprocess.Popen(child.command("bot.preparing"))  # noqa: S603 - our own module


def _is_prepared(settings: Settings) -> bool:
    engine = open_database(settings.database, keys_at_hand(settings))
    try:
        if current_revision(engine) != HEAD:
            return False
        with engine.connect() as connection:
            return is_published(connection)
    finally:
        engine.dispose()


def _prepare_all(settings: Settings) -> None:
    with serving(settings):
        engine = open_database(settings.database, keys_at_hand(settings))
        refuse_unsafe(engine, settings)
        shipped_guide(prepare(engine), Path(settings.data_dir))
        engine.dispose()


def main() -> int:
    from bot.cli import ready

    try:
        _prepare_all(ready())
    except Exception:  # noqa: BLE001 - whoever waits meets it too, and says so
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
