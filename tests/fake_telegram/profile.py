"""What the bot says of itself: its name, its commands, its descriptions."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .errors import Json, bad_request
from .parameters import Parameters

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"(?:[a-z]{2})?")
_SCOPES = {
    "default": set[str](),
    "all_private_chats": set[str](),
    "all_group_chats": set[str](),
    "all_chat_administrators": set[str](),
    "chat": {"chat_id"},
    "chat_administrators": {"chat_id"},
    "chat_member": {"chat_id", "user_id"},
}


@dataclass
class Profile:
    """The bot as people find it. Descriptions are kept by language code, "" being the default."""

    bot: Json
    reads_all_group_messages: bool = False
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)

    def methods(self) -> dict[str, Callable[[Parameters], Any]]:
        """The methods by name."""
        return {
            "getMe": self.get_me,
            "setMyCommands": self.set_my_commands,
            "getMyCommands": self.get_my_commands,
            "setMyDescription": self.set_my_description,
            "setMyShortDescription": self.set_my_short_description,
        }

    def get_me(self, _parameters: Parameters) -> Json:
        """`getMe`."""
        return {
            **self.bot,
            "can_join_groups": True,
            "can_read_all_group_messages": self.reads_all_group_messages,
            "supports_inline_queries": True,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    def set_my_commands(self, parameters: Parameters) -> bool:
        """`setMyCommands`."""
        commands = parameters.structure("commands", "commands") or []
        if not isinstance(commands, list):
            raise bad_request("expected an Array of BotCommand")
        if len(commands) > 100:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        self.commands[_place(parameters)] = [_command(command) for command in commands]
        return True

    def get_my_commands(self, parameters: Parameters) -> list[Json]:
        """`getMyCommands`: of exactly this scope and language, as the real one."""
        return self.commands.get(_place(parameters), [])

    def set_my_description(self, parameters: Parameters) -> bool:
        """`setMyDescription`."""
        text = _limited(parameters.text("description"), 512, "description")
        self.descriptions[_language(parameters)] = text
        return True

    def set_my_short_description(self, parameters: Parameters) -> bool:
        """`setMyShortDescription`."""
        text = _limited(parameters.text("short_description"), 120, "short description")
        self.short_descriptions[_language(parameters)] = text
        return True


def _limited(text: str, limit: int, what: str) -> str:
    if len(text) > limit:
        raise bad_request(f"{what} is too long")
    return text


def _command(command: Any) -> Json:
    if not isinstance(command, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    for name in ("command", "description"):
        if not isinstance(command.get(name), str):
            raise bad_request(f"can't parse BotCommand: Can't find field \"{name}\"")
    name, description = command["command"], command["description"]
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID" if name else "command must be non-empty")
    if not description.strip():
        raise bad_request("command description must be non-empty")
    if len(description) > 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


def _place(parameters: Parameters) -> tuple[str, str]:
    scope = parameters.structure("scope", "BotCommandScope") or {"type": "default"}
    if not isinstance(scope, dict):
        raise bad_request("can't parse BotCommandScope: BotCommandScope must be an Object")
    needed = _SCOPES.get(scope.get("type", ""))
    if needed is None:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    for name in needed - scope.keys():
        raise bad_request(f"can't parse BotCommandScope: Can't find field \"{name}\"")
    return json.dumps(scope, sort_keys=True), _language(parameters)


def _language(parameters: Parameters) -> str:
    code = parameters.text("language_code")
    if not _LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code
