"""JSON lines: an article a line, in files of any length."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO

from index.errors import UnreadableSource
from index.sources.columns import ExpectedColumns
from index.sources.content import Content
from index.sources.items import Read, ReadOptions
from index.sources.records import Sourced, article_from_fields

LONGEST_LINE = 64 * 1024 * 1024
"""Bytes of one article; a longer line is reported and passed over."""


def read_jsonl(content: Content, options: ReadOptions) -> Iterator[Read]:
    """The articles of a .jsonl or .ndjson file; a line that is none is yielded as a problem.

    Fields as in FIELD_NAMES. Ids are unique per source or, without one, per name of file.
    Memory: that of the longest line.
    """
    collection = content.name.split(".")[0]
    expected = ExpectedColumns(options.columns)
    with content.open() as file:
        for number, line in _lines(file):
            if line.strip():
                origin = f"{content.origin}:{number}"
                try:
                    fields = _fields(line, origin)
                    expected.note(fields)
                    article = article_from_fields(
                        fields,
                        origin,
                        source=options.source,
                        collection=collection,
                        columns=options.columns,
                    )
                except UnreadableSource as problem:
                    yield problem
                else:
                    yield Sourced(article, origin)
    yield from expected.problems(content.origin)


def _lines(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """The lines with their numbers, from 1. One that is too long ends after LONGEST_LINE + 1."""
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        yield number, line
        while line and not line.endswith(b"\n"):  # what is left of one that is too long
            line = file.readline(LONGEST_LINE)


def _fields(line: bytes, origin: str) -> dict[str, object]:
    if len(line) > LONGEST_LINE:
        raise UnreadableSource(origin, f"is longer than {LONGEST_LINE // 2**20} MB")
    try:
        fields = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnreadableSource(origin, f"is not UTF-8 at byte {error.start + 1}") from error
    except json.JSONDecodeError as error:
        raise UnreadableSource(origin, f"is not JSON: {error.msg} at {error.colno}") from error
    except (ValueError, RecursionError) as error:
        raise UnreadableSource(origin, f"is not JSON that can be read: {error}") from error
    if not isinstance(fields, dict):
        raise UnreadableSource(origin, "is JSON, but not an object with fields")
    return fields
