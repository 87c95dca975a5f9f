"""Articles and mentions as rows of the store, and back."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import cast

from index.articles import (
    Article,
    DateOrigin,
    DateRole,
    Precision,
    PublicationDate,
    clean_text,
)
from index.entities.mentions import Mention

COLUMNS = (
    "title",
    "body",
    "url",
    "authors",
    "published",
    "published_precision",
    "modified",
    "fetched",
    "source",
    "section",
    "language",
    "tags",
    "dateline",
    "extra",
    "date_origins",
)
"""The columns of the articles table that hold the fields of an article, but its id."""

_FETCHED = COLUMNS.index("fetched")
_DATE_ORIGINS = COLUMNS.index("date_origins")
_NO_ORIGINS = "{}"

Fields = tuple[str | None, ...]
"""The values of COLUMNS for one article."""


def fields_of(article: Article) -> Fields:
    """What is stored of an article besides its id. Lone surrogates become U+FFFD."""
    published = article.published
    return (
        _storable(article.title),
        _storable(article.body),
        None if article.url is None else _storable(article.url),
        _list(article.authors),
        None if published is None else published.moment.isoformat(),
        None if published is None else published.precision,
        _isoformat(article.modified),
        _isoformat(article.fetched),
        _storable(article.source),
        _storable(article.section),
        _storable(article.language),
        _list(article.tags),
        _storable(article.dateline),
        json.dumps({_storable(k): _storable(v) for k, v in article.extra.items()}),
        _origins(article.date_origins),
    )


def content_hash(fields: Fields) -> bytes:
    """The same for two articles exactly when nothing but their id or time of fetching differs.

    Where dates come from counts only when it is known: stores of version 1 have hashes without it.
    """
    content = [*fields[:_FETCHED], *fields[_FETCHED + 1 : _DATE_ORIGINS]]
    if fields[_DATE_ORIGINS] != _NO_ORIGINS:
        content.append(fields[_DATE_ORIGINS])
    return hashlib.sha256(json.dumps(content).encode()).digest()


def article_of(row: sqlite3.Row) -> Article:
    """The article of a row that has id and COLUMNS."""
    published = row["published"] and PublicationDate(
        datetime.fromisoformat(row["published"]), cast("Precision", row["published_precision"])
    )
    return Article(
        id=row["id"],
        title=row["title"],
        body=row["body"],
        url=row["url"],
        authors=tuple(json.loads(row["authors"])),
        published=published,
        modified=_moment(row["modified"]),
        fetched=_moment(row["fetched"]),
        source=row["source"],
        section=row["section"],
        language=row["language"],
        tags=tuple(json.loads(row["tags"])),
        dateline=row["dateline"],
        extra=MappingProxyType(json.loads(row["extra"])),
        date_origins=_origins_of(row["date_origins"]),
    )


def found_of(mentions: Iterable[Mention]) -> str:
    """Mentions as the column `found` holds them."""
    return json.dumps(list(mentions))


def mentions_of(found: str | None) -> tuple[Mention, ...]:
    """The mentions of a column `found`; none when nobody has looked for them yet."""
    if found is None:
        return ()
    return tuple(map(Mention._make, json.loads(found)))


def _origins(origins: Mapping[DateRole, DateOrigin]) -> str:
    """As JSON: role → [source, doubts, against, refused]."""
    return json.dumps(
        {
            role: [origin.source, origin.doubts, origin.against, _storable(origin.refused)]
            for role, origin in origins.items()
        }
    )


def _origins_of(text: str) -> Mapping[DateRole, DateOrigin]:
    return MappingProxyType(
        {
            role: DateOrigin(source, tuple(doubts), tuple(against), refused)
            for role, (source, doubts, against, refused) in json.loads(text).items()
        }
    )


def _list(values: Iterable[str]) -> str:
    return json.dumps([_storable(value) for value in values])


def _isoformat(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _storable(text: str) -> str:
    """SQLite takes no lone surrogates. Readers clean their text; this is for all other callers."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return clean_text(text)
    return text
