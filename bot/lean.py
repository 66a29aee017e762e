"""Starting without what a start does not need: collections of garbage, and certificates."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager

CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
"""Where OpenSSL looks, before its own default."""


def rest_the_collector() -> None:
    """Loading makes a hundred thousand objects that stay: looking through them again and again, and once
    more at the end, takes a fifth of the CPU time of a start, and frees less than a megabyte."""
    gc.disable()


def calm_the_collector() -> None:
    """What is loaded now stays, and an answer leaves no cycles behind: looking through all of it as
    often as Python does by default takes a sixth of the CPU time of an answer."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    gc.enable()


@contextmanager
def no_certificates() -> Iterator[None]:
    """For importing aiohttp, which reads the system's certificates while it is imported, twice: 80 ms and
    2 MB for two contexts that nothing here uses. Imported like this, they trust nobody.

    Calls to Telegram have a context of their own: see ``bot.telegram.connections.trusted``.
    """
    before = {name: os.environ.pop(name, None) for name in CERTIFICATES}
    os.environ.update(dict.fromkeys(CERTIFICATES, os.devnull))
    try:
        yield
    finally:
        for name, value in before.items():
            del os.environ[name]
            if value is not None:
                os.environ[name] = value
