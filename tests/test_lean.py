"""A start without certificates that nobody uses, and calls that trust the system's all the same."""

import asyncio
import os
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from unittest.mock import patch

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.lean import CERTIFICATES, no_certificates
from bot.telegram.connections import Connections, trusted
from tests.servers import free_port

HOST = "127.0.0.1"

ASK = """
from bot.lean import no_certificates
with no_certificates():
    from bot import app
from aiohttp import connector
print(len(connector._SSL_CONTEXT_VERIFIED.get_ca_certs()))
"""


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """For this machine, signed by itself; with its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(HOST))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file = tmp_path / "certificate.pem"
    pem = serialization.Encoding.PEM
    file.write_bytes(key.private_bytes(pem, *form) + made.public_bytes(pem))
    return file


@asynccontextmanager
async def server(certificate: Path) -> AsyncIterator[str]:
    """Answers after a moment, so that calls at once need a connection each; its address."""

    async def slow(_: web.Request) -> web.Response:
        await asyncio.sleep(0.1)
        return web.Response(text="there")

    app = web.Application()
    app.router.add_post("/", slow)
    runner = web.AppRunner(app)
    await runner.setup()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    port = free_port()
    await web.TCPSite(runner, HOST, port, ssl_context=context).start()
    try:
        yield f"https://{HOST}:{port}"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("set_before", ["", "/some/file.pem"])
def test_what_was_set_for_certificates_is_set_again(set_before: str) -> None:
    before = dict.fromkeys(CERTIFICATES, set_before) if set_before else {}
    with patch.dict(os.environ, before):
        as_it_was = dict(os.environ)
        with no_certificates():
            assert ssl.create_default_context().get_ca_certs() == []
        assert dict(os.environ) == as_it_was


def test_a_start_reads_no_certificates(certificate: Path) -> None:
    env = {**os.environ, "SSL_CERT_FILE": str(certificate)}
    said = subprocess.run([sys.executable, "-c", ASK], env=env, check=True, capture_output=True)
    assert said.stdout.split() == [b"0"]


async def test_connections_to_telegram_share_what_they_trust(certificate: Path) -> None:
    trusted.cache_clear()
    with (
        patch.dict(os.environ, {"SSL_CERT_FILE": str(certificate)}),
        patch("ssl.create_default_context", wraps=ssl.create_default_context) as made,
    ):
        async with server(certificate) as base:
            made.reset_mock()
            connections = Connections(base)
            answers = await asyncio.gather(*(connections.post("/", b"{}", 5) for _ in range(5)))
            await connections.close()
    trusted.cache_clear()
    assert answers == [(200, b"there")] * 5
    assert made.call_count == 1


async def test_who_is_not_trusted_is_not_called(certificate: Path) -> None:
    trusted.cache_clear()
    async with server(certificate) as base:
        with pytest.raises(ssl.SSLCertVerificationError):
            await Connections(base).post("/", b"{}", 5)
