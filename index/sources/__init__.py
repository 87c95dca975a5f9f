"""Readers of files: SOURCES maps names to them, `reader_of` chooses by the file's name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from index.errors import UnreadableSource
from index.sources.jsonl import read_jsonl
from index.sources.records import Sourced
from index.sources.text import read_text
from index.sources.webpages import read_webpage

ReadFile = Callable[[Path, str], Iterator[Sourced | UnreadableSource]]
"""Reads a file (path, name of the source for articles that name none), problems included."""


@dataclass(frozen=True, slots=True)
class Reader:
    """How files of a kind are read.

    version: raised when the same file would be read differently, so that it is read again.
    """

    suffixes: tuple[str, ...]
    read: ReadFile
    version: int = 1


SOURCES: Mapping[str, Reader] = MappingProxyType(
    {
        "text": Reader((".txt", ".md", ".text"), read_text, 2),
        "webpages": Reader((".html", ".htm", ".xhtml"), read_webpage, 2),
        "jsonl": Reader((".jsonl", ".ndjson"), read_jsonl, 2),
    }
)


def reader_of(path: Path) -> str | None:
    """The name of the reader for a file by its ending, also before .gz; None when there is none."""
    name = path.name.lower().removesuffix(".gz")
    for source, reader in SOURCES.items():
        if name.endswith(reader.suffixes):
            return source
    return None
