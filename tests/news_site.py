"""A small news site, served on loopback by a real HTTP server, that can misbehave."""

from __future__ import annotations

import gzip
import hashlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

HTML = "text/html; charset=utf-8"

Serve = Callable[[BaseHTTPRequestHandler], None]
"""Answers one request in a way of its own."""


@dataclass(frozen=True)
class Resource:
    """What is at a path. serve: answers instead of all the rest."""

    body: bytes = b""
    type: str = HTML
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    serve: Serve | None = None


@dataclass(frozen=True)
class Asked:
    """A request that was served."""

    path: str
    headers: Mapping[str, str]
    at: float
    status: int


class NewsSite:
    """A site at `url`, until the `with` block ends. `asked` lists requests in their order."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.resources: dict[str, Resource] = {}
        self.asked: list[Asked] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                with suppress(BrokenPipeError, ConnectionResetError):
                    site.serve(self)

            def log_request(self, *_: object) -> None:
                """Nowhere: `asked` has it."""

        self._server = ThreadingHTTPServer((host, 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://{host}:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def put(self, path: str, body: str | bytes, kind: str = HTML) -> None:
        """Let a text be at a path."""
        self.resources[path] = Resource(body.encode() if isinstance(body, str) else body, kind)

    def redirect(self, path: str, location: str, status: int = 301) -> None:
        self.resources[path] = Resource(status=status, headers={"Location": location})

    def paths(self) -> list[str]:
        """What was asked for but robots.txt, in order."""
        return [asked.path for asked in self.asked if asked.path != "/robots.txt"]

    def counts(self) -> Counter[str]:
        return Counter(self.paths())

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        resource = self.resources.get(handler.path, Resource(b"<p>Nothing here.</p>", status=404))
        etag = f'"{hashlib.sha256(resource.body).hexdigest()[:16]}"'
        unchanged = resource.status == 200 and handler.headers.get("If-None-Match") == etag
        status = 304 if unchanged else resource.status
        headers = dict(handler.headers.items())
        self.asked.append(Asked(handler.path, headers, time.monotonic(), status))
        if resource.serve is not None:
            resource.serve(handler)
            return
        handler.send_response(status)
        if resource.status == 200:
            handler.send_header("ETag", etag)
        for name, value in resource.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Type", resource.type)
        if not unchanged:
            handler.send_header("Content-Length", str(len(resource.body)))
        handler.end_headers()
        if not unchanged:
            handler.wfile.write(resource.body)


def article(title: str, text: str = "", published: str = "2024-05-06T10:00:00+00:00") -> str:
    """A page with an article; `text` is one more paragraph of it. published: "" for no date."""
    return f"""<!DOCTYPE html>
<html lang="en"><head><title>{title}</title>
<meta property="og:type" content="article"><meta property="og:title" content="{title}">
<meta property="og:site_name" content="The Loopback Gazette">
<meta property="article:published_time" content="{published}"></head>
<body><nav><a href="/">Front page</a> <a href="/section">Section</a></nav>
<article><h1>{title}</h1>
<p>{title}, officials in the harbour town said on Monday, after a meeting that had lasted for
most of the night and that nobody had wanted to leave before there was an agreement.</p>
<p>The decision concerns about two thousand people, according to the town, and will be looked at
again next spring, when the figures of the winter are known and can be compared.</p>
<p>{text or f"It is the first time that anything like it was decided: {title.lower()}."}</p>
</article></body></html>"""


def front_page(links: Mapping[str, str], feeds: Mapping[str, str] = {}) -> str:
    """A page of teasers: text by address. feeds: type by address."""
    alternates = "".join(
        f'<link rel="alternate" type="{kind}" href="{url}">' for url, kind in feeds.items()
    )
    teasers = "".join(f'<li><a href="{url}">{text}</a></li>' for url, text in links.items())
    return f"""<!DOCTYPE html><html lang="en"><head><title>The Loopback Gazette</title>
{alternates}</head><body><ul>{teasers}</ul></body></html>"""


def rss(home: str, links: Mapping[str, str]) -> str:
    """An RSS feed: date by address."""
    items = "".join(
        f"<item><title>One</title><link>{url}</link><pubDate>{date}</pubDate></item>"
        for url, date in links.items()
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>G</title><link>{home}</link>'
        f"<description>d</description>{items}</channel></rss>"
    )


def atom(links: Mapping[str, str]) -> str:
    """An Atom feed: date by address."""
    entries = "".join(
        f'<entry><title>One</title><id>{url}</id><link href="{url}"/><updated>{date}</updated>'
        "</entry>"
        for url, date in links.items()
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>G</title><id>g</id><updated>2024-01-01T00:00:00Z</updated>{entries}</feed>"
    )


def sitemap(links: Mapping[str, str], kind: str = "urlset") -> str:
    """A sitemap, or with "sitemapindex" an index of some: date by address."""
    tag = "url" if kind == "urlset" else "sitemap"
    elements = "".join(
        f"<{tag}><loc>{url}</loc><lastmod>{date}</lastmod></{tag}>" for url, date in links.items()
    )
    return (
        f'<?xml version="1.0"?><{kind} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        f' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{elements}</{kind}>'
    )


def news_sitemap(links: Mapping[str, str]) -> str:
    """A sitemap that says when pages were published: date by address."""
    elements = "".join(
        f"<url><loc>{url}</loc><lastmod>2024-05-06</lastmod><news:news>"
        "<news:publication><news:name>G</news:name></news:publication>"
        f"<news:publication_date>{date}</news:publication_date></news:news></url>"
        for url, date in links.items()
    )
    return (
        '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        f' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{elements}</urlset>'
    )


def http_date(seconds_ago: float) -> str:
    """A date as RSS and HTTP write it."""
    return formatdate(time.time() - seconds_ago, usegmt=True)


def gzip_bomb(size: int) -> bytes:
    """So many bytes of nothing, compressed."""
    return gzip.compress(b"\0" * size)
