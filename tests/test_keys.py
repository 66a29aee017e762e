"""Notes, texts and addresses are sealed under a key outside the database, and keys can be changed."""

import io
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text

from bot.keyring import begin_rotation, end_rotation, key_file, keys_at_hand
from bot.settings import Settings, WrongSetting
from dialogs.types import Said
from storage import conversations, rotation
from storage.conversations import Address
from storage.database import alembic_config, migrate
from storage.keys import Keys, WrongKey, written
from storage.sealing import open_value
from storage.tables import answers
from storage.tables import conversations as rows
from storage.writer import Writer
from tests.databases import KEYS
from tests.test_storage import ANNA, Desk

OLD, NEW = bytes(32), bytes(31) + b"\1"
NOTE = "Да питам Мария"


@pytest.fixture
def desk(database: Engine) -> Iterator[Desk]:
    with Writer(database) as writer:
        yield Desk(database, writer)


@pytest.fixture
def texts(database: Engine) -> Iterator[Desk]:
    """Where answers may be the person's own words."""
    with Writer(database) as writer:
        yield Desk(database, writer, "answers")


async def written_text(desk: Desk, who: Address = ANNA, text: str = NOTE) -> None:
    """Somebody who has written a text, and ticked something."""
    await desk.begun(who)
    code = f"code{desk.events - 1}"
    await desk.send(who, f"tick:{code}:1.4:1:a:1")
    await desk.send(who, f"change:{code}:2.1")
    await desk.reception.receive(who, f"text {who.id}", Said(text), "en")


async def noted(desk: Desk, who: Address = ANNA, note: str = NOTE) -> None:
    """Somebody who has written a note."""
    card = await desk.begun(who)
    await desk.press(who, "Add a note", card)
    await desk.reception.receive(who, f"note {who.id}", Said(note), "en")


def with_keys(engine: Engine, *keys: bytes) -> Engine:
    return engine.execution_options(keys=Keys(keys))


async def test_database__tells_neither_note_nor_address(desk: Desk) -> None:
    await noted(desk, Address("telegram", "987654321"))
    with desk.engine.connect() as connection:
        kept = [str(connection.execute(select(t)).all()) for t in (answers, rows)]
    assert NOTE not in kept[0]
    assert "987654321" not in kept[1]


async def test_note__is_read_again_by_its_person(desk: Desk) -> None:
    await noted(desk)
    seen = await desk.send(ANNA, "note:code3:1.1")
    assert NOTE in str(seen.blocks)


async def test_text__is_kept_sealed_and_read_again_by_its_person(texts: Desk) -> None:
    await written_text(texts)
    with texts.engine.connect() as connection:
        kept = {row.statement: row.value for row in connection.execute(select(answers))}
    assert kept["1.4"] == "a"
    assert kept["2.1"].startswith("~")
    assert NOTE not in str(kept)
    seen = await texts.send(ANNA, "review:code3:2")
    assert NOTE in str(seen.blocks)
    exported = await texts.reception.file(ANNA, "export")
    assert exported
    with zipfile.ZipFile(io.BytesIO(exported.content)) as file:
        assert NOTE in file.read("everything.json").decode()


async def test_text__moved_to_another_statement_does_not_open(texts: Desk) -> None:
    await written_text(texts)
    with texts.engine.begin() as connection:
        connection.execute(
            answers.update().where(answers.c.statement == "2.1").values(statement="1.3")
        )
    reply = await texts.send(ANNA, "here")
    assert "Something went wrong" in str(reply.blocks)


async def test_rotation__texts_are_read_under_the_new_key_alone(texts: Desk) -> None:
    await written_text(texts)
    assert rotation.rotate(with_keys(texts.engine, NEW, OLD), lambda *_: None) == 2
    with with_keys(texts.engine, NEW).begin() as connection:
        assert rotation.left(connection) == 0
        [row] = connection.execute(select(answers).where(answers.c.statement == "2.1")).all()
        assert open_value(Keys([NEW]), row.value, row.assessment_id, "2.1") == NOTE


async def test_older_texts__are_sealed_by_the_migration_and_opened_by_its_undoing(
    texts: Desk,
) -> None:
    from alembic import command

    def values() -> dict[str, str]:
        with texts.engine.connect() as connection:
            return {row.statement: row.value for row in connection.execute(select(answers))}

    await written_text(texts)
    with texts.engine.begin() as connection:
        command.downgrade(alembic_config(connection), "0003")
    assert values() == {"1.4": "a", "2.1": NOTE}
    migrate(texts.engine)
    assert values()["2.1"].startswith("~")
    seen = await texts.send(ANNA, "review:code3:2")
    assert NOTE in str(seen.blocks)


async def test_address__can_be_opened_to_send_something(desk: Desk) -> None:
    await noted(desk)
    with desk.engine.connect() as connection:
        row = connection.execute(select(rows)).one()
        found = conversations.opened(connection, row.channel, row.address, row.sealed_address)
    assert found == ANNA


async def test_note__moved_to_another_statement_does_not_open(desk: Desk) -> None:
    await noted(desk)
    with desk.engine.begin() as connection:
        connection.execute(answers.update().values(statement="1.2"))
    reply = await desk.send(ANNA, "here")
    assert "Something went wrong" in str(reply.blocks)


async def test_rotation__everything_is_read_under_the_new_key_alone(desk: Desk) -> None:
    for number in range(3):
        await noted(desk, Address("telegram", str(number)))
    told: list[tuple[int, int]] = []
    assert rotation.rotate(with_keys(desk.engine, NEW, OLD), lambda *t: told.append(t)) == 6
    assert told == [(3, 6), (6, 6)]
    with with_keys(desk.engine, NEW).begin() as connection:
        rotation.check_keys(connection)
        assert rotation.left(connection) == 0
        assert conversations.find(connection, Address("telegram", "1"))
        row = connection.execute(select(answers)).first()
        assert row
        assert Keys([NEW]).open(row.note, f"note {row.assessment_id}/1.1") == NOTE


async def test_rotation__interrupted_goes_on_and_everybody_is_found_meanwhile(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BATCH", 1)
    for number in range(3):
        await noted(desk, Address("telegram", str(number)))
    both = with_keys(desk.engine, NEW, OLD)

    def stop(done: int, _: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation.rotate(both, stop)
    with both.begin() as connection:
        assert rotation.left(connection) == 4
        for number in range(3):
            assert conversations.find(connection, Address("telegram", str(number)))
    assert rotation.rotate(both, lambda *_: None) == 4


async def test_other_key__is_noticed(desk: Desk) -> None:
    await noted(desk)
    with with_keys(desk.engine, NEW).begin() as connection, pytest.raises(WrongKey):
        rotation.check_keys(connection)


def test_older_database__is_sealed_by_the_migration_and_opened_by_its_undoing(
    empty_database: Engine,
) -> None:
    from alembic import command

    migrate(empty_database)
    with empty_database.begin() as connection:
        command.downgrade(alembic_config(connection), "0001")
        connection.execute(
            text("INSERT INTO respondents (id, consent, agreed_at) VALUES (1, 1, 0)")
        )
        connection.execute(
            text(
                "INSERT INTO conversations (channel, address, respondent_id, state, touched_at) "
                "VALUES ('telegram', '77', 1, '{\"language\": \"lv\"}', 0)"
            )
        )
    migrate(empty_database)
    with empty_database.connect() as connection:
        found = conversations.find(connection, Address("telegram", "77"))
        assert found
        assert found.respondent == 1
        mark = connection.scalar(text("SELECT mark FROM respondents"))
        assert mark
        assert len(mark) == 32
    with empty_database.begin() as connection:
        command.downgrade(alembic_config(connection), "0001")
        assert connection.scalar(text("SELECT address FROM conversations")) == "77"


# --- Where keys come from ------------------------------------------------------------------------


def test_key_file__is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    settings = Settings(data_dir=str(tmp_path / "var"))
    first = keys_at_hand(settings)
    assert keys_at_hand(settings).id == first.id
    assert stat.S_IMODE(key_file(settings).stat().st_mode) == 0o600


def test_key__from_the_environment_goes_first(tmp_path: Path) -> None:
    settings = Settings(data_dir=str(tmp_path), key=written(OLD))
    assert keys_at_hand(settings).id == KEYS.id
    assert not key_file(settings).exists()


@pytest.mark.parametrize("key", ["short", "a" * 40, "not base64!"])
def test_key__that_is_none_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(WrongSetting, match="MERILO_KEY"):
        keys_at_hand(Settings(data_dir=str(tmp_path), key=key))


def test_key_file__is_changed_in_two_steps(tmp_path: Path) -> None:
    settings = Settings(data_dir=str(tmp_path))
    old = keys_at_hand(settings)
    new = begin_rotation(settings)
    assert new.id != old.id
    assert new.knows(old.seal("x", "place"))
    assert begin_rotation(settings).id == new.id, "an interrupted rotation goes on"
    end_rotation(settings)
    assert keys_at_hand(settings).id == new.id
    assert not keys_at_hand(settings).knows(old.seal("x", "place"))
