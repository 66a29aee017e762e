"""What a database needs before Merilo serves from it: migrations, and the shipped content published.

At a first start, that is done ahead in a process of its own: see ``ahead``.
"""

import logging
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

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


def is_prepared(settings: Settings) -> bool:
    """Whether a start finds everything up to date."""
    engine = open_database(settings.database, keys_at_hand(settings))
    try:
        if current_revision(engine) != HEAD:
            return False
        with engine.connect() as connection:
            return is_published(connection)
    finally:
        engine.dispose()


# --- Ahead of a first start: a process that ``ahead`` begins --------------------------------------


def _prepare_all(settings: Settings) -> None:
    with serving(settings):
        engine = open_database(settings.database, keys_at_hand(settings))
        refuse_unsafe(engine, settings)
        shipped_guide(prepare(engine), Path(settings.data_dir))
        engine.dispose()


def prepare_ahead(settings: Settings) -> int:
    """An exit code. What went wrong is not told: whoever waits meets it too, and says so."""
    try:
        _prepare_all(settings)
    except Exception:  # noqa: BLE001 - see above
        return 1
    return 0
