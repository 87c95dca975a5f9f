"""Readers of files: SOURCES maps names to them, `reader_of` chooses by the file's name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from index.sources.archives import read_archive
from index.sources.content import Content, unpacked_name
from index.sources.feeds import read_feed
from index.sources.items import Item, ReadFile, ReadOptions
from index.sources.jsonl import read_jsonl
from index.sources.mail import read_mail, read_mhtml
from index.sources.tables import read_table
from index.sources.text import read_text
from index.sources.warc import read_warc
from index.sources.webpages import read_webpage


@dataclass(frozen=True, slots=True)
class Reader:
    """How files of a kind are read.

    version: raised when the same file would be read differently, so that it is read again.
    """

    suffixes: tuple[str, ...]
    read: ReadFile
    version: int = 1


_FILES = {
    "text": Reader((".txt", ".md", ".text"), read_text, 2),
    "webpages": Reader((".html", ".htm", ".xhtml"), read_webpage, 2),
    "jsonl": Reader((".jsonl", ".ndjson"), read_jsonl, 2),
    "tables": Reader((".csv", ".tsv"), read_table),
    "mhtml": Reader((".mhtml", ".mht"), read_mhtml),
    "mail": Reader((".eml",), read_mail),
    "feeds": Reader((".rss", ".atom", ".rdf", ".xml"), read_feed),
    "warc": Reader((".warc",), read_warc),
}


def _read_zip(content: Content, options: ReadOptions) -> Iterator[Item]:
    return read_archive(content, options, lambda name: _reading(_FILES, name))


def _read_wacz(content: Content, options: ReadOptions) -> Iterator[Item]:
    """Web archives in a zip archive; the rest of it describes them."""
    return read_archive(content, options, lambda name: _reading({"warc": _FILES["warc"]}, name))


_VERSION = sum(reader.version for reader in _FILES.values())

SOURCES: Mapping[str, Reader] = MappingProxyType(
    _FILES
    | {
        "zip": Reader((".zip",), _read_zip, _VERSION),
        "wacz": Reader((".wacz",), _read_wacz, _FILES["warc"].version),
    }
)


def reader_of(name: str) -> str | None:
    """The name of the reader for a file of this name, packed or not; None when there is none."""
    return _reader_in(SOURCES, name)


def _reader_in(readers: Mapping[str, Reader], name: str) -> str | None:
    unpacked = unpacked_name(name.lower())
    return next(
        (key for key, reader in readers.items() if unpacked.endswith(reader.suffixes)), None
    )


def _reading(readers: Mapping[str, Reader], name: str) -> ReadFile | None:
    key = _reader_in(readers, name)
    return readers[key].read if key else None
