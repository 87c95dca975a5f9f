"""Web archives made for tests: their pages, and what else is in them."""

from __future__ import annotations

import gzip
import io
from collections.abc import Mapping

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

HTML = "text/html; charset=utf-8"


def page(name: str, charset: str = "utf-8", paragraphs: int = 6) -> bytes:
    """A page with an article whose title is `name`."""
    text = "".join(
        f"<p>Part {number} of {name} says that ships with grain left the port on Monday, that more"
        " would follow within the week, and that the inn at the quay stayed open.</p>"
        for number in range(paragraphs)
    )
    return (
        f'<html lang="en"><head><title>{name}</title>'
        '<meta property="og:type" content="article"></head>'
        f"<body><article><h1>{name}</h1>{text}</article></body></html>"
    ).encode(charset)


class WebArchive:
    """A WARC that is being written, a record in each gzip member unless it is plain."""

    def __init__(self, *, plain: bool = False) -> None:
        self._out = io.BytesIO()
        self._writer = WARCWriter(self._out, gzip=not plain)
        self.ends: list[int] = []
        self._write(self._writer.create_warcinfo_record("a.warc", {"software": "a test"}))

    def response(
        self,
        path: str,
        body: bytes,
        status: str = "200 OK",
        headers: Mapping[str, str] | None = None,
        kind: str = "response",
    ) -> None:
        fields = {"Content-Type": HTML} | dict(headers or {})
        http = StatusAndHeaders(status, list(fields.items()), protocol="HTTP/1.1")
        record = self._writer.create_warc_record(
            f"https://news.example/{path}",
            kind,
            payload=io.BytesIO(body),
            length=len(body),
            http_headers=http,
            warc_headers_dict={"WARC-Date": "2024-05-06T07:08:09Z"},
        )
        self._write(record)

    def resource(self, url: str, body: bytes, kind: str) -> None:
        record = self._writer.create_warc_record(
            url, "resource", payload=io.BytesIO(body), length=len(body), warc_content_type=kind
        )
        self._write(record)

    def revisit(self, path: str) -> None:
        url = f"https://news.example/{path}"
        record = self._writer.create_revisit_record(url, "sha1:ABC", url, "2024-01-01T00:00:00Z")
        self._write(record)

    @property
    def data(self) -> bytes:
        return self._out.getvalue()

    def _write(self, record: ArcWarcRecord) -> None:
        self._writer.write_record(record)
        record.raw_stream.close()
        self.ends.append(self._out.tell())


def archive_of(*names: str, plain: bool = False) -> WebArchive:
    """An archive with a page for each name."""
    archive = WebArchive(plain=plain)
    for name in names:
        archive.response(name.replace(" ", "-"), page(name))
    return archive


def packed_zeros(megabytes: int) -> bytes:
    """So many megabytes of zeros as gzip: a thousandth of that."""
    block = bytes(1_000_000)
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb") as file:
        for _ in range(megabytes):
            file.write(block)
    return out.getvalue()
