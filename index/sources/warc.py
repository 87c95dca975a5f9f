"""Web archives: the pages of WARC files, whatever else is in them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import redirect_stderr
from typing import IO, Any

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import BufferedReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from index.errors import UnreadableSource
from index.sources.content import Content
from index.sources.gzip_members import MAGIC, GzipMembers, Member
from index.sources.items import Item, ReadOptions
from index.sources.warc_pages import is_whole, page_of

BEGINNING = b"WARC/"
"""How a record begins."""

LONGEST_HEADER = 1_000_000
"""Bytes of the header of a record; warcio reads them all, however many they are."""

_CUT_SHORT = "is cut short"
_DAMAGED = "is damaged"
_Found = tuple[ArcWarcRecord | None, str]
"""A record, which may come again with what is wrong with it; None for one that cannot be read."""


def read_warc(content: Content, options: ReadOptions) -> Iterator[Item]:
    """The pages of a .warc file, plain or packed (as a rule with a record in each gzip member).

    What is damaged or cut short is yielded as a problem with the number of the record, from 1,
    and reading goes on with the next record that can be found. Memory: that of one page.
    """
    number, last, reported = 0, None, False
    for record, fault in _records(content):
        if record is None or record is not last:
            number, last, reported = number + 1, record, False
        origin = f"{content.origin}:{number}"
        try:
            item = UnreadableSource(origin, fault) if fault else page_of(record, origin, options)
        except UnreadableSource as problem:
            item = problem
        if item and not reported:
            reported = isinstance(item, UnreadableSource)
            yield item
    if not number:
        raise UnreadableSource(content.origin, "has no record of a web archive")


def _records(content: Content) -> Iterator[_Found]:
    with content.open(packed=True) as file:
        packed = file.read(len(MAGIC)) == MAGIC
    if not packed:
        with content.open() as file:
            yield from _records_of(file)
        return
    with content.open(packed=True) as file:
        record = None
        for member in GzipMembers(file, content.origin, BEGINNING):
            if member is None:
                yield None, _DAMAGED
                continue
            for record, fault in _records_of(member):
                yield record, fault
            if member.fault:
                yield record, member.fault


def _records_of(stream: IO[bytes] | Member) -> Iterator[_Found]:
    reader = _HeaderReader(stream)
    records = _iterator(reader)
    while True:
        reader.header = 0
        try:
            with redirect_stderr(io.StringIO()):  # warcio would print what is reported here
                record = next(records, None)
        except ArchiveLoadFailed:
            yield None, _DAMAGED
            records = _iterator(reader, reader.next_beginning())
            continue
        if record is None:
            return
        if not (record.rec_headers.get_header("Content-Length") or "").isdecimal():
            yield None, "has no length in its header, or a header that is cut short"
            records = _iterator(reader, reader.next_beginning())
            continue
        yield record, ""
        if not is_whole(record):
            yield record, _CUT_SHORT


def _iterator(reader: _HeaderReader, first_line: bytes | None = None) -> ArchiveIterator:
    """Records from a place between two of them; first_line has been read already."""
    records = ArchiveIterator(io.BytesIO(), no_record_parse=True)
    records.reader = reader
    records.known_format = "warc"
    records.next_line = first_line
    return records


class _HeaderReader(BufferedReader):  # type: ignore[misc]  # warcio has no types
    """Refuses headers that do not end. header: bytes of lines read; to be reset for each record."""

    def __init__(self, stream: Any) -> None:
        super().__init__(stream)
        self.header = 0

    def readline(self, length: int | None = None) -> bytes:
        line: bytes = super().readline(min(length or LONGEST_HEADER, LONGEST_HEADER))
        self.header += len(line)
        if self.header > LONGEST_HEADER:
            raise ArchiveLoadFailed("header too long")
        return line

    def next_beginning(self) -> bytes:
        """The first line of the next record, read; b"" when there is none."""
        while True:
            self.header = 0
            line = self.readline(LONGEST_HEADER)
            if not line or line.startswith(BEGINNING):
                return line
