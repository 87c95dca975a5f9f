"""Headers that keep a page from doing anything but what it was written for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import Flask, Response, request
from werkzeug.exceptions import MethodNotAllowed

CONTENT_SECURITY_POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)

HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": "; ".join(CONTENT_SECURITY_POLICY),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
        # What somebody searched for is nobody's business, the linked newspaper's least of all.
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
)
"""On every answer, whatever it holds."""


READING = ("GET", "HEAD")
"""The methods there are: nothing here can be changed from outside."""


def protect(app: Flask) -> None:
    """Answer to reading only, and send the headers with every answer."""

    @app.before_request
    def only_read() -> None:
        if request.method not in READING:
            raise MethodNotAllowed(READING)

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response
