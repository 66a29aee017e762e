"""Faults of ours: the operator finds in the log what the person was told."""

import logging
import secrets

from bot.metrics import INCIDENTS

log = logging.getLogger(__name__)


def incident(what: str, fault: BaseException) -> str:
    """Log a fault; the id that the log and the person share."""
    id_ = secrets.token_hex(4)
    INCIDENTS.inc()
    log.error("Incident %s: %s", id_, what, exc_info=fault)
    return id_
