"""What readers yield, and the making of an article from named fields."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType

import pycountry

from index.addresses import address_id, working_address
from index.articles import Article, article_id, clean_text
from index.dateline import place_of_dateline, title_of_text
from index.dating import Dating, StatedDate, after_change, date_in_url, origins, weigh
from index.errors import UnreadableSource
from index.language import detect

FIELD_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "id": ("id",),
        "title": ("title", "headline"),
        "body": ("body", "text", "content"),
        "url": ("url", "link"),
        "published": ("published", "date"),
        "modified": ("modified", "updated"),
        "fetched": ("fetched", "retrieved"),
        "authors": ("authors", "author", "byline"),
        "source": ("source", "publication"),
        "section": ("section", "category"),
        "language": ("language", "lang"),
        "tags": ("tags", "keywords"),
    }
)
"""The fields of an article by the names they may have in a file; the first one given counts."""

LANGUAGE_SAMPLE = 500
"""Characters by which the language is told: 4,500 articles of three corpora all got the same
one as by their whole text, in a third of the time."""

_AS_KNOWN: Mapping[str, str] = MappingProxyType({})
_LIST_SEPARATOR = re.compile(r"\s*;\s*")
_AUTHOR_SEPARATOR = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+")


@dataclass(frozen=True, slots=True)
class Sourced:
    """An article and where it was read: a path, or path:line in a file of many.

    sole: the origin holds this one article and nothing else.
    """

    article: Article
    origin: str
    sole: bool = False


def article_from_fields(
    fields: Mapping[str, object],
    origin: str,
    *,
    source: str = "",
    collection: str = "",
    columns: Mapping[str, str] = _AS_KNOWN,
) -> Article:
    """An article from the fields of a record, named as in FIELD_NAMES; others become `extra`.

    source: the source of records that name none. collection: what given ids are unique in
    when there is no source at all. columns: the names of fields for which FIELD_NAMES do not
    hold, in lower case; such a name stands for nothing else. Raises UnreadableSource for a
    record without any text and for fields of a wrong type. A date or address that cannot be one is kept in `extra`.
    """
    record = _Record(fields, origin, columns)
    body, title = paragraphs(record.text("body")), _one_line(record.text("title"))
    if not title and not body:
        raise UnreadableSource(origin, "has neither title nor body")
    url = working_address(record.text("url"))
    published, modified, fetched = _dates(record, url)
    source = _one_line(record.text("source")) or source
    title = title or title_of_text(body)
    return Article(
        id=_id(url, source or collection, record.text("id"), title, body),
        title=title,
        body=body,
        url=url,
        authors=record.texts("authors", _AUTHOR_SEPARATOR),
        published=published.date,
        modified=modified.moment,
        fetched=fetched.moment,
        source=source,
        section=_one_line(record.text("section")),
        language=language_code(record.text("language"))
        or detect(f"{title}\n{body}"[:LANGUAGE_SAMPLE]),
        tags=record.texts("tags", re.compile(r"\s*,\s*")),
        dateline=place_of_dateline(body),
        date_origins=origins(published=published, modified=modified, fetched=fetched),
        extra=record.extra(
            unread={
                "url": url is None,
                "published": not published.date or not _is_given(published),
                "modified": modified.date is None,
                "fetched": fetched.date is None,
            }
        ),
    )


def _dates(record: _Record, url: str | None) -> tuple[Dating, Dating, Dating]:
    """When the article of a record was published, changed and fetched."""
    now = datetime.now(UTC)
    fetched = weigh([StatedDate(record.text("fetched"), "given")], now)
    if fetched.date and fetched.date.moment.tzinfo:
        now = min(now, fetched.date.moment)
    modified = weigh([StatedDate(record.text("modified"), "given")], now)
    stated = [
        StatedDate(record.text("published"), "given"),
        StatedDate(date_in_url(url or ""), "url"),
    ]
    return after_change(weigh(stated, now), modified.date), modified, fetched


@lru_cache(maxsize=256)
def language_code(text: str) -> str:
    """ISO 639-1 of "en-GB", "eng", "English"; "" when the text names no language."""
    name = re.split(r"[-_]", text.strip().lower(), maxsplit=1)[0]
    try:
        language = (
            pycountry.languages.get(alpha_2=name)  # by name, "en" is En, spoken in Vietnam
            if len(name) == 2
            else pycountry.languages.lookup(name)
        )
    except LookupError:
        return ""
    return str(getattr(language, "alpha_2", ""))


def paragraphs(text: str) -> str:
    """The text with one line a paragraph; lines wrapped at a fixed width are joined again."""
    blocks = re.split(r"\n[ \t]*(?:\n[ \t]*)+", clean_text(text).strip())
    found: list[str] = []
    for block in blocks:
        lines = [" ".join(line.split()) for line in block.split("\n")]
        if len(blocks) > 1 and _is_wrapped(lines):
            lines = [" ".join(lines)]
        found += filter(None, lines)
    return "\n".join(found)


def _is_wrapped(lines: list[str]) -> bool:
    """Whether a block's lines look broken by a machine: all but the last similar and full."""
    full = [len(line) for line in lines[:-1]]
    return bool(full) and min(full) >= 45 and max(full) <= 100


def _one_line(text: str) -> str:
    return " ".join(clean_text(text).split())


def _is_given(dating: Dating) -> bool:
    return dating.origin is not None and dating.origin.source == "given"


def _id(url: str | None, collection: str, given: str, title: str, body: str) -> str:
    if url:
        return address_id(url)
    if given:
        return article_id("given", collection, given)
    return article_id("content", title, body)


class _Record:
    """Reads fields by any of their names, and knows which were left."""

    def __init__(
        self, fields: Mapping[str, object], origin: str, columns: Mapping[str, str]
    ) -> None:
        self._fields = {str(name).strip().lower(): value for name, value in fields.items()}
        self._origin = origin
        self._columns = columns
        self._used: dict[str, str] = {}

    def text(self, field: str) -> str:
        """A field that is text or a number; "" when it is not given."""
        value = self._value(field)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise self._wrong(field, value, "a text")
        return str(value)

    def texts(self, field: str, separator: re.Pattern[str]) -> tuple[str, ...]:
        """A field that is a list of texts, or one text with separators; each value once."""
        value = self._value(field)
        if isinstance(value, str):
            parts = (_LIST_SEPARATOR if ";" in value else separator).split(value)
            surnames_first = separator is _AUTHOR_SEPARATOR and any(" " not in p for p in parts)
            values = [value] if surnames_first else parts
        elif isinstance(value, list) and all(isinstance(item, str) for item in value):
            values = value
        else:
            raise self._wrong(field, value, "a text or a list of texts")
        return tuple(dict.fromkeys(filter(None, map(_one_line, values))))

    def extra(self, unread: Mapping[str, bool]) -> Mapping[str, str]:
        """The fields nobody asked for, and those asked for that could not be read."""
        used = {name for field, name in self._used.items() if not unread.get(field)}
        return MappingProxyType(
            {
                clean_text(name): clean_text(
                    value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
                )
                for name, value in self._fields.items()
                if name not in used and value not in (None, "", [])
            }
        )

    def _value(self, field: str) -> object:
        known = (name for name in FIELD_NAMES[field] if name not in self._columns.values())
        for name in (self._columns[field],) if field in self._columns else known:
            value = self._fields.get(name)
            if value is not None:
                self._used[field] = name
                return value
        return ""

    def _wrong(self, field: str, value: object, expected: str) -> UnreadableSource:
        shown = json.dumps(value, ensure_ascii=False)[:60]
        return UnreadableSource(
            self._origin, f"{self._used[field]} is {shown}; expected {expected}"
        )
