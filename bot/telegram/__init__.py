"""The Telegram face: updates become events, replies become calls of the Bot API."""

import os

# python-telegram-bot warns at every pause that Telegram asks for, unless it may tell it as a timedelta.
os.environ.setdefault("PTB_TIMEDELTA", "true")
