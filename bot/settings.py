"""All settings, read once into one frozen object. docs/settings.md is kept equal by a test."""

import logging
import re
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.admin.roles import read_roles

PREFIX = "MERILO_"


class WrongSetting(Exception):
    """One sentence: which setting, what is wrong, an example."""

    def __init__(self, name: str, wrong: str, example: str) -> None:
        super().__init__(f"{name}: {wrong}. For example: {name}={example}")


def _setting(default: str, help_: str, example: str) -> Any:
    return field(default=default, metadata={"help": help_, "example": example})


@dataclass(frozen=True, slots=True)
class Settings:
    """Each field is ``MERILO_`` and its name in capitals. Texts here; what they mean, below."""

    telegram_token: str = _setting(
        "",
        "The bot's token from @BotFather. Empty: no Telegram, the browser only.",
        "123456:ABC-def",
    )
    telegram_api: str = _setting(
        "https://api.telegram.org",
        "Base address of the Bot API; also for a Bot API server of your own.",
        "https://api.telegram.org",
    )
    webhook_url: str = _setting(
        "",
        "Public base address. Set: Telegram is told {this}/telegram/webhook. Empty: long polling.",
        "https://merilo.example.org",
    )
    webhook_secret: str = _setting(
        "",
        "What Telegram sends in its secret header: 16 to 256 of A–Z, a–z, 0–9, _ and -. "
        "Needed with a webhook.",
        "a-long-random-word-1234",
    )
    database_url: str = _setting(
        "", "Address of the database. Empty: SQLite in the data folder.", "sqlite:///var/merilo.db"
    )
    data_dir: str = _setting("var", "Folder of the database and all other data.", "var")
    key: str = _setting(
        "",
        "Key for notes and addresses: 32 bytes in base64; while keys are changed, the new one, a comma, "
        "the old one. Empty: the file key in the data folder, made at first start.",
        "the output of: openssl rand -base64 32",
    )
    content_token: str = _setting(
        "",
        "The token that `merilo content … --server` uses there. The server itself does not need it.",
        "merilo_…",
    )
    host: str = _setting(
        "127.0.0.1", "Address to serve the browser chat and the webhook on.", "127.0.0.1"
    )
    port: str = _setting("8080", "Port to serve on; 0 takes a free one.", "8080")
    log_format: str = _setting("console", "console (for people) or json (for collectors).", "json")
    unsafe_database: str = _setting(
        "no",
        "yes: serve although the database may lose what it has acknowledged. For trying out only.",
        "no",
    )
    events_per_second: str = _setting(
        "5",
        "Taps and texts a second that one person may send, after 100 at once; 0 for any number.",
        "5",
    )
    admins: str = _setting(
        "",
        "Who may change content and who may ask for the state of the service in Telegram: ids with content, "
        "operator or both. Empty: nobody.",
        "123456:content, 234567:operator, 345678:content+operator",
    )
    log_level: str = _setting("INFO", "DEBUG, INFO, WARNING or ERROR.", "INFO")

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.database_file}"

    @property
    def database_file(self) -> Path | None:
        """Where SQLite is by default; None where another address is set."""
        return None if self.database_url else Path(self.data_dir) / "merilo.db"

    @property
    def roles(self) -> dict[int, frozenset[str]]:
        return read_roles(self.admins)

    @property
    def port_number(self) -> int:
        return int(self.port)

    def __repr__(self) -> str:
        """Without values: a token must never reach a log."""
        return "Settings(…)"


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting as it is documented."""

    name: str
    default: str
    help: str
    example: str


def documented() -> list[Setting]:
    return [_documented(f) for f in fields(Settings)]


def _documented(one: "Field[Any]") -> Setting:
    meta = one.metadata
    return Setting(_name(one.name), str(one.default), meta["help"], meta["example"])


def _name(field_name: str) -> str:
    return PREFIX + field_name.upper()


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Raises WrongSetting for the first one that cannot be used, or that Merilo does not know."""
    names = {_name(f.name): f.name for f in fields(Settings)}
    for name in environment:
        if name.startswith(PREFIX) and name not in names and not name.startswith(f"{PREFIX}TEST_"):
            raise WrongSetting(name, "there is no such setting, see `merilo settings`", "…")
    given = {names[n]: v.strip() for n, v in environment.items() if n in names and v.strip()}
    settings = Settings(**given)
    _check(settings)
    return settings


def _check(settings: Settings) -> None:
    for field_name, is_right, wrong in _rules(settings):
        if not is_right:
            meta = next(s for s in documented() if s.name == _name(field_name))
            raise WrongSetting(meta.name, wrong, meta.example)


def _rules(s: Settings) -> list[tuple[str, bool, str]]:
    token = not s.telegram_token or re.fullmatch(r"\d+:[\w-]+", s.telegram_token) is not None
    secret = re.fullmatch(r"[A-Za-z0-9_-]{16,256}", s.webhook_secret) is not None
    return [
        ("telegram_token", token, "it is not a bot token (digits, a colon, letters)"),
        ("telegram_api", _is_address(s.telegram_api), "it is not an address"),
        (
            "webhook_url",
            not s.webhook_url or _is_address(s.webhook_url),
            "it is not an address",
        ),
        (
            "webhook_secret",
            not s.webhook_url or secret,
            "a webhook needs a secret of 16 to 256 letters, digits, _ or -",
        ),
        ("database_url", not s.database_url or "://" in s.database_url, "it is not an address"),
        (
            "port",
            s.port.isdecimal() and int(s.port) < 65536,
            "it is not a port number (0 to 65535)",
        ),
        (
            "events_per_second",
            s.events_per_second.isdecimal() and int(s.events_per_second) <= 1000,
            "it is not a number from 0 to 1000",
        ),
        ("admins", not _wrong_roles(s.admins), _wrong_roles(s.admins)),
        ("log_format", s.log_format in {"console", "json"}, "it is neither console nor json"),
        ("unsafe_database", s.unsafe_database in {"yes", "no"}, "it is neither yes nor no"),
        (
            "log_level",
            s.log_level in logging.getLevelNamesMapping(),
            "it is not a level of logging",
        ),
    ]


def _wrong_roles(text: str) -> str:
    """What is wrong with them; empty where nothing is."""
    try:
        read_roles(text)
    except ValueError as fault:
        return str(fault)
    return ""


def _is_address(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in {"http", "https"} and bool(parts.netloc)
