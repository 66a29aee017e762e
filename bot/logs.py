"""The log: one line an event, without people's texts, and never with a token."""

import logging


class Redacting(logging.Formatter):
    """Formats a record and takes secrets out of the result, tracebacks included."""

    def __init__(self, secrets: list[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = [secret for secret in secrets if secret]

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, "…")
        return text


def set_up_logs(level: str, secrets: list[str]) -> None:
    """Log to standard error. Libraries that tell every request are quietened."""
    handler = logging.StreamHandler()
    handler.setFormatter(Redacting(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("httpx", "httpcore", "aiohttp.access", "alembic", "telegram"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
