"""The web page in a record of a web archive."""

from __future__ import annotations

import zlib
from datetime import datetime
from email.message import Message

import brotli
from warcio.bufferedreaders import ChunkedDataReader
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser

from index.errors import UnreadableSource
from index.page_tree import LARGEST_PAGE
from index.sources.items import PassedOver, ReadOptions, SavedPage

_PAGES = {"text/html", "application/xhtml+xml"}
_CHUNK = 64 * 1024
_HTTP = StatusAndHeadersParser(["HTTP/1.0", "HTTP/1.1"], verify=False)
_WINDOWS = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}


def page_of(
    record: ArcWarcRecord, origin: str, options: ReadOptions
) -> SavedPage | PassedOver | None:
    """The page of a record, why it holds none, or None when no response is in it at all.

    Raises UnreadableSource when the record is cut short or its page cannot be unpacked.
    """
    if record.rec_type == "revisit":
        return PassedOver("revisits of pages saved before")
    if record.rec_type not in ("response", "resource"):
        return None
    headers = _http_headers(record, origin)
    kind = _content_type(headers, record)
    if headers and headers.get_statuscode() not in ("200", "203"):
        return PassedOver("responses that are no pages, but redirections or errors")
    if kind.get_content_type() not in _PAGES:
        return PassedOver("files that are no pages")
    return SavedPage(
        origin=origin,
        content=_payload(record, headers, origin),
        source=options.source,
        url=record.rec_headers.get_header("WARC-Target-URI"),
        fetched=_moment(record.rec_headers.get_header("WARC-Date")),
        charset=str(kind.get_param("charset", "")),
    )


def is_whole(record: ArcWarcRecord) -> bool:
    """Whether all of the record is there; reads it to its end."""
    while record.raw_stream.read(_CHUNK):
        pass
    return not record.raw_stream.limit


def _http_headers(record: ArcWarcRecord, origin: str) -> StatusAndHeaders | None:
    uri = record.rec_headers.get_header("WARC-Target-URI") or ""
    if record.rec_type == "resource" or not uri.startswith(("http:", "https:")):
        return None
    try:
        return _HTTP.parse(record.raw_stream)
    except EOFError:
        raise UnreadableSource(origin, "is cut short") from None


def _content_type(headers: StatusAndHeaders | None, record: ArcWarcRecord) -> Message:
    kind = headers.get_header("Content-Type") if headers else record.content_type
    parsed = Message()
    parsed["Content-Type"] = " ".join((kind or "").split()) or "text/plain"
    return parsed


def _field(headers: StatusAndHeaders | None, name: str) -> str:
    value = headers.get_header(name) if headers else None
    return (value or "").strip().lower()


def _payload(record: ArcWarcRecord, headers: StatusAndHeaders | None, origin: str) -> bytes:
    """The page's bytes as they were before the transfer, at most one more than a page may have."""
    chunked = _field(headers, "Transfer-Encoding") == "chunked"
    stream = ChunkedDataReader(record.raw_stream) if chunked else record.raw_stream
    data = stream.read(LARGEST_PAGE + 1)
    if len(data) <= LARGEST_PAGE and not is_whole(record):
        raise UnreadableSource(origin, "is cut short")
    encoding = _field(headers, "Content-Encoding")
    if encoding in ("", "identity"):
        return bytes(data)
    try:
        return _unpacked(data, encoding)
    except (zlib.error, brotli.error) as error:
        raise UnreadableSource(origin, f"is damaged ({encoding} data)") from error
    except KeyError:
        raise UnreadableSource(origin, f"is packed as {encoding[:40]}, which is unknown") from None


def _unpacked(data: bytes, encoding: str) -> bytes:
    if encoding == "br":
        return bytes(brotli.Decompressor().process(data, output_buffer_limit=LARGEST_PAGE + 1))
    try:
        return zlib.decompressobj(_WINDOWS[encoding]).decompress(data, LARGEST_PAGE + 1)
    except zlib.error:
        if encoding != "deflate":
            raise  # some servers send no zlib header
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, LARGEST_PAGE + 1)


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else None
