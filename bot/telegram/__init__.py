"""The Telegram face: updates become events, replies become calls of the Bot API."""

import os
import sys

# python-telegram-bot warns at every pause that Telegram asks for, unless it may tell it as a timedelta.
os.environ.setdefault("PTB_TIMEDELTA", "true")

# python-telegram-bot loads httpx, and httpx its command line where click and rich happen to be installed:
# 0.1 s of a start and 8 MB for nothing. It does without where that cannot be imported.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
