"""The log: one line an event, without people's texts, and never with a token."""

import json
import logging
from datetime import UTC, datetime


class Redacting(logging.Formatter):
    """Formats a record and takes secrets out of the result, tracebacks included."""

    def __init__(self, secrets: list[str], form: str = "console") -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = [secret for secret in secrets if secret]
        self._form = form

    def format(self, record: logging.LogRecord) -> str:
        text = self._json(record) if self._form == "json" else super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, "…")
        return text

    def _json(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def set_up_logs(level: str, secrets: list[str], form: str = "console") -> None:
    """Log to standard error. Libraries that tell every request are quietened."""
    handler = logging.StreamHandler()
    handler.setFormatter(Redacting(secrets, form))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("httpx", "httpcore", "aiohttp.access", "alembic", "telegram"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
