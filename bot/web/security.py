"""What every response says to the browser, and whether a request comes from our own page."""

from urllib.parse import urlsplit

from aiohttp import web

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

READING_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""For pages to read: no program runs there, and a form may ask us."""

HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    # Which versions run here is nobody's business.
    "Server": "Merilo",
}


async def protect(_request: web.Request, response: web.StreamResponse) -> None:
    """Add the headers to a response that is about to be sent, errors included."""
    response.headers.update(HEADERS)
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("Cache-Control", _caching(response))


def _caching(response: web.StreamResponse) -> str:
    """Files are asked for again by their ETag, as no version is in their address."""
    return "no-cache" if isinstance(response, web.FileResponse) else "no-store"


def is_https(request: web.Request) -> bool:
    """Whether the browser came over https, to us or to a proxy before us.

    Who forges the proxy's header only makes their own cookie stricter.
    """
    first, *_ = request.headers.get("X-Forwarded-Proto", "").split(",")
    return request.secure or first.strip().lower() == "https"


def is_same_origin(request: web.Request) -> bool:
    """Whether the request was made by our own page; true for programs that say nothing of it.

    A browser that sends Sec-Fetch-Site has compared the addresses that it really used, and a proxy
    may have changed the Host that we see: so its word goes first.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host
