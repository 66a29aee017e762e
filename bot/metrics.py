"""What is measured, for Prometheus at ``/metrics``: counts and times, nothing about anybody.

Kept once for the process, as Prometheus reads it; replicas are added up there.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import generate_latest

registry = CollectorRegistry()
ProcessCollector(registry=registry)

UPDATES = Counter(
    "merilo_updates",
    "Updates taken in, by face and outcome.",
    ["face", "outcome"],
    registry=registry,
)
ANSWERS = Counter("merilo_answers", "Answers and notes saved.", registry=registry)
SECONDS = Histogram(
    "merilo_update_seconds",
    "Seconds from an update to its commit.",
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
    registry=registry,
)
SEND_ERRORS = Counter(
    "merilo_send_errors", "Calls of the Bot API that failed, by kind.", ["kind"], registry=registry
)
DUE = Counter(
    "merilo_due",
    "Messages that were due, by kind and outcome.",
    ["kind", "outcome"],
    registry=registry,
)
INCIDENTS = Counter(
    "merilo_incidents", "Faults of ours, each in the log under its id.", registry=registry
)
RENDERED = Counter(
    "merilo_rendered",
    "Pictures, reports and workbooks asked for, by outcome.",
    ["kind", "outcome"],
    registry=registry,
)
QUEUE = Gauge("merilo_queue_units", "Units of work that wait for the writer.", registry=registry)
EDITIONS = Gauge("merilo_editions", "Published editions.", registry=registry)
ACTIVE = Gauge(
    "merilo_active_assessments", "Assessments begun and not finished.", registry=registry
)


def page() -> bytes:
    return generate_latest(registry)
