"""RSS and Atom feeds saved as files: the entries that hold a whole article."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

import feedparser

from index.dating import dated_by
from index.errors import UnreadableSource
from index.sources.content import Content, read_whole
from index.sources.fragments import text_of_html
from index.sources.items import PassedOver, Read, ReadOptions
from index.sources.records import Sourced, article_from_fields

LONGEST_TEASER = 500
"""Characters up to which the description of an entry only leads to its article. Those in the
metadata of 80 news pages have up to 358."""

_FEED = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)
_HEAD = 4_096  # bytes in which a feed says that it is one


def read_feed(content: Content, options: ReadOptions) -> Iterator[Read]:
    """The articles of a feed; entries that only lead to theirs are passed over.

    Origins count entries from 1. Raises UnreadableSource when a file is no feed; a file that
    ends in .xml may be anything and is passed over then.
    """
    data = read_whole(content)
    if content.name.lower().endswith(".xml") and not _FEED.search(data[:_HEAD].replace(b"\0", b"")):
        yield PassedOver("XML files that are no feeds")
        return
    try:
        feed = feedparser.parse(io.BytesIO(data))
    except (RecursionError, ValueError, LookupError) as error:
        raise UnreadableSource(content.origin, f"is no feed that can be read: {error}") from error
    if not feed.get("version"):
        raise UnreadableSource(content.origin, "is no RSS or Atom feed")
    for number, entry in enumerate(feed.entries, 1):
        try:
            yield _read_entry(dict(entry), dict(feed.feed), f"{content.origin}:{number}", options)
        except UnreadableSource as problem:
            yield problem


def _read_entry(
    entry: Mapping[str, Any], feed: Mapping[str, Any], origin: str, options: ReadOptions
) -> Read:
    body = _body(entry, origin)
    if not body:
        return PassedOver("entries of feeds that only lead to their article")
    fields = {
        "id": _text(entry, "id"),
        "title": text_of_html(_text(entry, "title"), origin),
        "body": body,
        "url": _text(entry, "link"),
        "published": _text(entry, "published"),
        "modified": _text(entry, "updated"),
        "authors": [_text(author, "name") for author in entry.get("authors") or ()],
        "source": _text(feed, "title"),
        "language": _text(feed, "language"),
        "tags": [_text(tag, "term") for tag in entry.get("tags") or ()],
    }
    article = article_from_fields(fields, origin, source=options.source)
    return Sourced(dated_by("feed", article), origin)


def _body(entry: Mapping[str, Any], origin: str) -> str:
    """The text of the entry: its content, or a description that is more than a teaser."""
    contents = [_text(content, "value") for content in entry.get("content") or ()]
    body = text_of_html(max(contents, key=len, default=""), origin)
    if body:
        return body
    description = text_of_html(_text(entry, "summary"), origin)
    return description if len(description) > LONGEST_TEASER else ""


def _text(fields: Mapping[str, Any], name: str) -> str:
    """A field as text; broken feeds have fields with nothing in them."""
    return str(fields.get(name) or "")
