"""CSV and TSV: an article a row, in files of any length, encoding and separator."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import IO

from index.errors import UnreadableSource
from index.sources.columns import ExpectedColumns
from index.sources.content import Content
from index.sources.encodings import AS_WINDOWS, encoding_of
from index.sources.items import Read, ReadOptions
from index.sources.records import FIELD_NAMES, Sourced, article_from_fields

LONGEST_CELL = 64 * 1024 * 1024
"""Characters of a cell; a row with a longer one is reported and passed over."""

_SEPARATORS = ",;\t|"
_SAMPLE = 64 * 1024
_REST = "more"  # the field for cells beyond the last column


def read_table(content: Content, options: ReadOptions) -> Iterator[Read]:
    """The articles of a .csv or .tsv file; a row that is none is yielded as a problem.

    The first row names the columns, as in FIELD_NAMES. Ids are unique per source or, without
    one, per name of file. Memory: that of the longest row.
    """
    collection = content.name.split(".")[0]
    csv.field_size_limit(LONGEST_CELL)
    with content.open() as file:
        rows = _Rows(file, content.origin)
        header = rows.header()
        yield from _check(header, options, content.origin)
        for row in rows:
            if isinstance(row, UnreadableSource):
                yield row
                continue
            try:
                article = article_from_fields(
                    _fields(header, row),
                    rows.origin,
                    source=options.source,
                    collection=collection,
                    columns=options.columns,
                )
            except UnreadableSource as problem:
                yield problem
            else:
                yield Sourced(article, rows.origin)


def _check(header: list[str], options: ReadOptions, origin: str) -> Iterator[UnreadableSource]:
    """Problems with the names of the columns; raises when no column can be an article's text."""
    expected = ExpectedColumns(options.columns)
    expected.note(header)
    yield from expected.problems(origin)
    names = {
        name
        for field in ("title", "body")
        for name in ([options.columns[field]] if field in options.columns else FIELD_NAMES[field])
    }
    if not names.intersection(name.lower() for name in header):
        raise UnreadableSource(
            origin,
            f"has no column {' or '.join(sorted(names))}, only {', '.join(header)[:500]}; "
            "`--map body=COLUMN` says which one it is",
        )


class _Rows:
    """The rows of a table after the header. origin: file and line of the row that came last."""

    def __init__(self, file: IO[bytes], content_origin: str) -> None:
        self._file_origin = content_origin
        self.origin = content_origin
        self._ended = False
        self._lines = 0
        text = _decoded(file, content_origin)
        first = text.readline(LONGEST_CELL)
        separator = max(_SEPARATORS, key=lambda separator: _known_names(first, separator))
        self._reader = csv.reader(self._read_lines(first, text), delimiter=separator)

    def header(self) -> list[str]:
        """The names of the columns. Raises UnreadableSource when there are none."""
        try:
            header = [name.strip(" \ufeff") for name in next(self._reader, [])]
        except csv.Error as error:
            raise UnreadableSource(self._file_origin, f"is no table: {error}") from error
        if self._ended or not any(header):
            raise UnreadableSource(self._file_origin, "has no row with the names of its columns")
        return header

    def __iter__(self) -> Iterator[list[str] | UnreadableSource]:
        while not self._ended:
            self.origin = f"{self._file_origin}:{self._lines + 1}"
            try:
                row = next(self._reader, None)
            except csv.Error as error:
                yield UnreadableSource(self.origin, f"is no row of a table: {error}")
                continue
            if row is None:
                return
            if self._ended:
                yield UnreadableSource(self.origin, "begins a quotation that is never ended")
            elif row:
                yield row

    def _read_lines(self, first: str, text: IO[str]) -> Iterator[str]:
        """Lines for the reader, which asks for another one only within an open quotation."""
        line = first
        while line:
            self._lines += 1
            yield line
            line = text.readline(LONGEST_CELL)
        self._ended = True


def _decoded(file: IO[bytes], origin: str) -> IO[str]:
    sample = file.peek(_SAMPLE)[:_SAMPLE] if isinstance(file, io.BufferedReader) else b""
    encoding = encoding_of(sample, origin)
    return io.TextIOWrapper(file, encoding, errors=AS_WINDOWS, newline="")


def _known_names(line: str, separator: str) -> tuple[int, int]:
    """How many cells of a first line name fields when so separated, and how many there are."""
    known = {name for names in FIELD_NAMES.values() for name in names}
    cells = [cell.strip(" \"'\r\n\ufeff").lower() for cell in line.split(separator)]
    return sum(cell in known for cell in cells), len(cells)


def _fields(header: Sequence[str], row: Sequence[str]) -> dict[str, object]:
    fields: dict[str, object] = {
        name: cell for name, cell in zip(header, row, strict=False) if cell.strip()
    }
    if len(row) > len(header):
        fields[_REST] = list(row[len(header) :])
    return fields
