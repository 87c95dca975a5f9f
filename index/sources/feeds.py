"""RSS and Atom feeds saved as files: the entries that hold a whole article."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

import feedparser

from index.errors import UnreadableSource
from index.sources.content import Content, read_whole
from index.sources.fragments import text_of_html
from index.sources.items import PassedOver, Read, ReadOptions
from index.sources.records import Sourced, article_from_fields

LONGEST_TEASER = 500
"""Characters up to which the description of an entry only leads to its article. Those in the
metadata of 80 news pages have up to 358."""


def read_feed(content: Content, options: ReadOptions) -> Iterator[Read]:
    """The articles of a feed; entries that only lead to theirs are passed over.

    Origins count entries from 1. Raises UnreadableSource when a file is no feed; a file that
    ends in .xml may be anything and is passed over then.
    """
    data = read_whole(content)
    try:
        feed = feedparser.parse(io.BytesIO(data))
    except (RecursionError, ValueError, LookupError) as error:
        raise UnreadableSource(content.origin, f"is no feed that can be read: {error}") from error
    if not feed.get("version"):
        if content.name.lower().endswith(".xml"):
            yield PassedOver("XML files that are no feeds")
            return
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
        "id": entry.get("id", ""),
        "title": text_of_html(entry.get("title", ""), origin),
        "body": body,
        "url": entry.get("link", ""),
        "published": entry.get("published", ""),
        "modified": entry.get("updated", ""),
        "authors": [author.get("name", "") for author in entry.get("authors", [])],
        "source": feed.get("title", ""),
        "language": feed.get("language", ""),
        "tags": [tag.get("term") or "" for tag in entry.get("tags", [])],
    }
    return Sourced(article_from_fields(fields, origin, source=options.source), origin)


def _body(entry: Mapping[str, Any], origin: str) -> str:
    """The text of the entry: its content, or a description that is more than a teaser."""
    contents = [content.get("value") or "" for content in entry.get("content", [])]
    body = text_of_html(max(contents, key=len, default=""), origin)
    if body:
        return body
    description = text_of_html(entry.get("summary", ""), origin)
    return description if len(description) > LONGEST_TEASER else ""
