"""E-mail: newsletters as .eml, and pages that browsers save as MHTML, which is e-mail in form."""

from __future__ import annotations

import email
from collections.abc import Iterator
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from typing import cast

from index.dating import dated_by
from index.errors import UnreadableSource
from index.sources.content import Content, read_whole
from index.sources.encodings import decode
from index.sources.fragments import text_of_html
from index.sources.items import Item, ReadOptions, SavedPage
from index.sources.records import Sourced, article_from_fields

_TEXTS = {"text/html", "text/plain"}
_PAGES = {"text/html", "application/xhtml+xml"}


def read_mail(content: Content, options: ReadOptions) -> Iterator[Item]:
    """The newsletter of an .eml file: its subject, sender, date, and its text.

    The HTML is read where there is any, else the plain text; attachments are left alone.
    Raises UnreadableSource.
    """
    message = _message(content)
    texts: dict[str, Message] = {}
    for part in _parts(message, _TEXTS):
        texts.setdefault(part.get_content_type(), part)
    if not texts:
        raise UnreadableSource(content.origin, "has no text, only attachments")
    if "text/html" in texts:
        body = text_of_html(_text(texts["text/html"], content.origin), content.origin)
    else:
        body = _text(texts["text/plain"], content.origin)
    name, address = parseaddr(_header(message, "From"))
    fields = {
        "id": _header(message, "Message-ID").strip("<> "),
        "title": _header(message, "Subject"),
        "published": _header(message, "Date"),
        "source": name or address.rpartition("@")[2],
        "sender": address,
        "body": body,
    }
    article = article_from_fields(fields, content.origin, source=options.source)
    yield Sourced(dated_by("file", article), content.origin, sole=True)


def read_mhtml(content: Content, options: ReadOptions) -> Iterator[Item]:
    """The page of an .mhtml or .mht file. Raises UnreadableSource."""
    message = _message(content)
    page = next(_parts(message, _PAGES), None)
    if page is None:
        raise UnreadableSource(content.origin, "has no page in it")
    url = _header(message, "Snapshot-Content-Location") or _header(page, "Content-Location")
    yield SavedPage(
        origin=content.origin,
        content=_bytes(page),
        source=options.source,
        url=url if url.startswith(("http:", "https:")) else None,
        fetched=_moment(_header(message, "Date")),
        charset=str(page.get_content_charset() or ""),
        sole=True,
    )


def _message(content: Content) -> Message:
    data = read_whole(content)
    try:
        message = email.message_from_bytes(data)
    except (RecursionError, ValueError, LookupError) as error:
        raise UnreadableSource(content.origin, f"is no e-mail that can be read: {error}") from error
    if not message.keys():
        raise UnreadableSource(content.origin, "is no e-mail: it does not begin with header fields")
    return message


def _parts(message: Message, kinds: set[str]) -> Iterator[Message]:
    """The parts of these kinds that are no attachments, in their order.

    Without recursion, because parts may be nested as deep as somebody likes.
    """
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if part.is_multipart():
            waiting += reversed(cast("list[Message]", part.get_payload()))
        elif part.get_content_type() in kinds and part.get_content_disposition() != "attachment":
            yield part


def _bytes(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _text(part: Message, origin: str) -> str:
    data = _bytes(part)
    try:
        return data.decode(part.get_content_charset() or "utf-8")
    except (LookupError, ValueError):
        return decode(data, origin)


def _header(message: Message, name: str) -> str:
    """A header field in one line; "" when it is not there."""
    value = message.get(name, "")
    try:
        return " ".join(str(make_header(decode_header(value))).split())
    except (LookupError, ValueError):
        return " ".join(str(value).split())


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # what -0000 stands for
