"""Editions in the database: what is shipped, what an admin chose, and a log that only grows."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from bot.shipped import publish_shipped, waiting_shipped
from content.library import Library
from storage import content_log, editions
from storage.content_log import Entry
from storage.database import alembic_config, migrate
from tests import chat
from tests.chat import NOON


def compiled(title: str = "Tiny check") -> bytes:
    return chat.compiled("tiny").replace(b"Tiny check", title.encode())


def current(database: Engine) -> editions.Published:
    with database.begin() as connection:
        found = editions.current(connection, "tiny")
    assert found
    return found


def choose(database: Engine, title: str) -> None:
    """As an admin does."""
    with database.begin() as connection:
        edition = editions.stored(connection, "tiny", compiled(title), NOON)
        editions.make_current(connection, "tiny", edition)


def ship(database: Engine, title: str) -> None:
    with database.begin() as connection:
        editions.publish(connection, "tiny", compiled(title), title, NOON)


def test_shipped__changed__is_current(database: Engine) -> None:
    ship(database, "One")
    ship(database, "Two")
    assert (current(database).number, current(database).shipped) == (2, True)


def test_shipped__changed_while_an_admin_s_is_current__waits(database: Engine) -> None:
    ship(database, "One")
    choose(database, "Ours")
    ship(database, "Two")
    assert (current(database).number, current(database).shipped) == (2, False)
    with database.begin() as connection:
        assert [one.number for one in editions.newer_shipped(connection)] == [3]
        [told] = waiting_shipped(connection)
    assert "merilo content undo tiny --to 3" in told


def test_shipped__taken_after_waiting__follows_the_next_release_again(database: Engine) -> None:
    ship(database, "One")
    choose(database, "Ours")
    ship(database, "Two")
    choose(database, "Two")
    ship(database, "Three")
    assert (current(database).number, current(database).shipped) == (4, True)


def test_shipped__refused_by_an_admin__does_not_come_back_by_itself(database: Engine) -> None:
    ship(database, "One")
    ship(database, "Two")
    choose(database, "One")
    ship(database, "Three")
    assert current(database).number == 1


def test_shipped__equal_to_what_an_admin_published__is_the_same_edition(database: Engine) -> None:
    ship(database, "One")
    choose(database, "Ours")
    ship(database, "Ours")
    assert (current(database).number, current(database).shipped) == (2, True)
    with database.begin() as connection:
        assert editions.newer_shipped(connection) == []


def test_start__keeps_the_files_of_what_it_publishes_and_logs_it(database: Engine) -> None:
    with database.begin() as connection:
        published = publish_shipped(connection, NOON)
        log = content_log.read(connection)
        assert all(one.has_sources for one in editions.published(connection))
        assert publish_shipped(connection, NOON) == []
        assert content_log.read(connection) == log
    assert {(one.who, one.what, one.instrument) for one in log} == {
        ("release", "shipped", instrument) for instrument in published
    }


def test_start__files_of_an_older_version_were_not_kept__keeps_them(database: Engine) -> None:
    with database.begin() as connection:
        publish_shipped(connection, NOON)
        connection.execute(text("DELETE FROM edition_sources"))
        assert publish_shipped(connection, NOON) == []
        assert all(one.has_sources for one in editions.published(connection))


def test_library__catches_up_with_what_is_current(database: Engine) -> None:
    ship(database, "One")
    with database.begin() as connection:
        library = editions.read_library(connection)
        assert not editions.is_behind(connection, library)
    choose(database, "Ours")
    with database.begin() as connection:
        assert editions.is_behind(connection, library)
        library = editions.caught_up(connection, library)
        assert not editions.is_behind(connection, library)
    assert titles(library) == ["One", "Ours"]
    assert library.current("tiny").text("title", "en") == "Ours"
    choose(database, "One")
    with database.begin() as connection:
        assert editions.is_behind(connection, library)
        library = editions.caught_up(connection, library)
    assert titles(library) == ["One", "Ours"]
    assert library.current("tiny").text("title", "en") == "One"


def titles(library: Library) -> list[str]:
    return [edition.text("title", "en") for edition in library.editions]


@pytest.mark.parametrize("change", ["UPDATE content_log SET who = 'me'", "DELETE FROM content_log"])
def test_log__refuses_to_be_changed(database: Engine, change: str) -> None:
    entry = Entry(NOON, "shell:anna", "publish", "tiny", "", "abc", "a first edition")
    with database.begin() as connection:
        content_log.write(connection, entry)
    with pytest.raises(DBAPIError, match="append-only"), database.begin() as connection:
        connection.execute(text(change))
    with database.begin() as connection:
        assert content_log.read(connection) == [entry]


def test_database_from_before__its_current_editions_count_as_shipped(
    empty_database: Engine,
) -> None:
    from alembic import command

    with empty_database.begin() as connection:
        command.upgrade(alembic_config(connection), "0003")
        connection.execute(
            text("INSERT INTO editions VALUES (1, 'tiny', 1, 'd', :compiled, 0)"),
            {"compiled": compiled()},
        )
        connection.execute(text("INSERT INTO current_editions VALUES ('tiny', 1, 'old')"))
    migrate(empty_database)
    with empty_database.begin() as connection:
        assert editions.shipped_sources(connection, "tiny") == "old"
        [one] = editions.published(connection, "tiny")
    assert (one.current, one.shipped, one.has_sources) == (True, True, False)
