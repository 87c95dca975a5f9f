"""What readers are told and what they yield."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from index.errors import UnreadableSource
from index.sources.content import Content, FileContent
from index.sources.records import Sourced


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user says about the files.

    source: that of articles which name none. columns: how fields of records (FIELD_NAMES) are
    called in the files, where that is not one of the names known; in lower case.
    """

    source: str = ""
    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPage:
    """A web page whose article is still to be read, which takes long (`read_saved_page`).

    content: its bytes, or the file that holds them. url, fetched, charset: where and when it
    was saved, and how the server said it was encoded, if known. sole: the origin holds this
    page and nothing else, and somebody thought it worth saving.
    """

    origin: str
    content: bytes | FileContent
    source: str = ""
    url: str | None = None
    fetched: datetime | None = None
    charset: str = ""
    sole: bool = False


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Something that holds no article and need not: counted by what it is, in the plural."""

    what: str


Read = Sourced | PassedOver | UnreadableSource
"""What came of a piece of a file."""

Item = Read | SavedPage
"""What readers yield."""

ReadFile = Callable[[Content, ReadOptions], Iterator[Item]]
"""Reads a file, problems included; raises UnreadableSource when it cannot go on."""
