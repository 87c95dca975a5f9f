"""Files as the readers read them, for tests of readers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from index.articles import Article
from index.errors import UnreadableSource
from index.sources import SOURCES, reader_of
from index.sources.content import FileContent
from index.sources.items import PassedOver, Read, ReadOptions, SavedPage
from index.sources.records import Sourced
from index.sources.webpages import read_saved_page


def reading(path: Path, source: str = "", **columns: str) -> Iterator[Read]:
    """What is read from a file, pages too; a fault that ends it comes last."""
    reader = SOURCES[reader_of(path.name) or ""]
    try:
        for item in reader.read(FileContent(path), ReadOptions(source, columns)):
            yield read_saved_page(item) if isinstance(item, SavedPage) else item
    except UnreadableSource as problem:
        yield problem


def read(path: Path, source: str = "", **columns: str) -> list[Read]:
    return list(reading(path, source, **columns))


def read_one(path: Path, source: str = "", **columns: str) -> Article:
    (found,) = read(path, source, **columns)
    assert isinstance(found, Sourced), found
    return found.article


def articles(found: list[Read]) -> list[Article]:
    return [item.article for item in found if isinstance(item, Sourced)]


def reasons(found: list[Read]) -> list[str]:
    return [str(problem) for problem in found if isinstance(problem, UnreadableSource)]


def passed_over(found: list[Read]) -> list[str]:
    return [item.what for item in found if isinstance(item, PassedOver)]
