"""Settings: right ones are read once, a wrong one stops the start with one helpful sentence."""

import logging
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.logs import Redacting
from bot.settings import WrongSetting, documented, read_settings

DOCS = Path(__file__).parent.parent / "docs" / "settings.md"
HOOK = {"MERILO_WEBHOOK_URL": "https://merilo.example.org"}


def test_nothing_set__serves_the_browser_on_sqlite() -> None:
    settings = read_settings({})
    assert settings.database == "sqlite:///var/merilo.db"
    assert (settings.host, settings.port_number) == ("127.0.0.1", 8080)
    assert settings.telegram_api == "https://api.telegram.org"


@pytest.mark.parametrize(
    ("environment", "name", "wrong"),
    [
        ({"MERILO_PORT": "eighty"}, "MERILO_PORT", "port number"),
        ({"MERILO_PORT": "70000"}, "MERILO_PORT", "port number"),
        ({"MERILO_TELEGRAM_TOKEN": "secret"}, "MERILO_TELEGRAM_TOKEN", "not a bot token"),
        ({"MERILO_TELEGRAM_API": "api"}, "MERILO_TELEGRAM_API", "not an address"),
        (HOOK, "MERILO_WEBHOOK_SECRET", "needs a secret"),
        ({**HOOK, "MERILO_WEBHOOK_SECRET": "short"}, "MERILO_WEBHOOK_SECRET", "needs a secret"),
        ({"MERILO_WEBHOOK_URL": "merilo"}, "MERILO_WEBHOOK_URL", "not an address"),
        ({"MERILO_DATABASE_URL": "file.db"}, "MERILO_DATABASE_URL", "not an address"),
        ({"MERILO_ADMINS": "123456"}, "MERILO_ADMINS", "other roles"),
        ({"MERILO_ADMINS": "@elena:content"}, "MERILO_ADMINS", "not a Telegram id"),
        ({"MERILO_LOG_LEVEL": "loud"}, "MERILO_LOG_LEVEL", "level of logging"),
        ({"MERILO_TOKEN": "1:a"}, "MERILO_TOKEN", "no such setting"),
    ],
)
def test_wrong_setting__is_named_with_what_is_wrong_and_an_example(
    environment: Mapping[str, str], name: str, wrong: str
) -> None:
    with pytest.raises(WrongSetting) as refusal:
        read_settings(environment)
    sentence = str(refusal.value)
    assert sentence.startswith(f"{name}: ")
    assert wrong in sentence
    assert "For example: " in sentence
    assert "\n" not in sentence


def test_documentation__says_what_the_code_says() -> None:
    table = DOCS.read_text(encoding="utf-8")
    for one in documented():
        default = f"`{one.default}`" if one.default else "empty"
        assert f"| `{one.name}` | {default} | {one.help} |" in table
    assert table.count("| `MERILO_") == len(documented())


def test_command__prints_every_setting(tmp_path: Path) -> None:
    done = _merilo("settings", cwd=tmp_path)
    assert done.returncode == 0
    for one in documented():
        assert one.name in done.stdout
        assert one.help in done.stdout


def test_env_file__is_read_and_the_environment_goes_first(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MERILO_PORT=nonsense\n")
    done = _merilo("serve", cwd=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("merilo: MERILO_PORT: ")
    done = _merilo("serve", cwd=tmp_path, MERILO_PORT="other nonsense")
    assert done.returncode == 2


def test_log__never_shows_a_secret() -> None:
    token = "123456:ABC-def"
    record = logging.LogRecord(
        "http", logging.INFO, "", 0, "POST https://api.telegram.org/bot%s/getMe", (token,), None
    )
    try:
        raise ValueError(f"https://api.telegram.org/bot{token}/getMe")
    except ValueError:
        record.exc_info = sys.exc_info()
    text = Redacting([token, ""]).format(record)
    assert token not in text
    assert "bot…/getMe" in text


def test_settings__do_not_show_their_values() -> None:
    assert "123456" not in repr(read_settings({"MERILO_TELEGRAM_TOKEN": "123456:ABC"}))


def _merilo(command: str, cwd: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", command],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
