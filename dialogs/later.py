"""Which function makes the message of which kind, when its time has come: see ``dialogs.due``."""

from collections.abc import Mapping

from dialogs import news, reminders, retention
from dialogs.due import Making

KINDS: Mapping[str, Making] = {**reminders.MAKING, **retention.MAKING, **news.MAKING}
