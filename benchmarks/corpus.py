"""Reads articles for measuring: JSON lines with id, title, body, published, source and names."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any

from index.articles import Document, PublicationDate, clean_text

FACET_OF_FIELD: Mapping[str, str] = MappingProxyType(
    {
        "places": "place",
        "people": "person",
        "organisations": "organisation",
        "source": "source",
    }
)
"""The facet that each field of a line becomes. Other fields are left out."""

LANGUAGE = "en"
"""Every article is stemmed as English, as the peers stem all of an index in one language."""


def documents(path: Path, limit: int | None = None) -> Iterator[Document]:
    """The articles of a .jsonl or .jsonl.gz file, at most `limit`; a repeated id is passed over.

    An article without an id is named by its line. Raises ValueError, naming the line, for one
    that is not a JSON object.
    """
    return islice(_each_once(all_documents(path)), limit)


def all_documents(path: Path) -> Iterator[Document]:
    """The articles of a file as `documents` reads them, those with a repeated id too."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield document_of(_fields(line, f"{path}:{number}"), number)


def _each_once(articles: Iterable[Document]) -> Iterator[Document]:
    seen: set[str] = set()
    for document in articles:
        if document.article_id not in seen:
            seen.add(document.article_id)
            yield document


def _fields(line: str, origin: str) -> dict[str, Any]:
    try:
        fields = json.loads(line)
    except ValueError as error:
        raise ValueError(f"{origin}: {error}") from error
    if not isinstance(fields, dict):
        raise ValueError(f"{origin}: is JSON, but not an object with fields")  # noqa: TRY004  (of the file)
    return fields


def document_of(fields: Mapping[str, Any], number: int) -> Document:
    """The article of one line; `number` names it when it has no id."""
    return Document(
        article_id=str(fields.get("id") or f"line-{number}"),
        title=clean_text(str(fields.get("title") or "")),
        body=clean_text(str(fields.get("body") or "")),
        language=LANGUAGE,
        published=_wall_seconds(fields.get("published")),
        facets={
            facet: values
            for field, facet in FACET_OF_FIELD.items()
            if (values := _texts(fields.get(field)))
        },
    )


def _texts(value: object) -> tuple[str, ...]:
    """A text or a list of texts as different, non-empty values."""
    given = value if isinstance(value, list) else [value]
    texts = (clean_text(str(each)) for each in given if each is not None)
    return tuple(dict.fromkeys(filter(None, texts)))


def _wall_seconds(value: object) -> int | None:
    """Seconds as in PublicationDate; None for what is not a date in ISO 8601."""
    try:
        return PublicationDate(datetime.fromisoformat(str(value))).wall_seconds
    except ValueError:
        return None
