"""The writing half of an engine: documents in, a searchable index on disk out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from index.articles import Document
from index.naming import Naming


class Target(Protocol):
    """Writes one index folder. One writer at a time, any number of readers.

    Nothing is visible to readers before `commit`; after it all is, across kill -9 and power
    loss. Leaving the context without a commit discards what was added since the last one.
    Raises IndexLocked when another process writes, OutOfSpace, IndexDamaged, IndexTooNew.
    """

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def put(self, document: Document) -> None:
        """Add the document; one with the same article id is replaced."""

    def delete(self, article_id: str) -> None:
        """Remove the article if it is there."""

    def rename(self, naming: Naming) -> None:
        """From the next commit on, count facet values under these names, and no others.

        Documents keep the values they were put with, so that another naming needs none of them
        again. A new index begins with none.
        """

    def commit(self) -> None:
        """Make everything since the last commit durable and visible, all or nothing."""


OpenTarget = Callable[[Path], Target]
"""Opens (or creates) the index in a folder for writing."""


def open_target(engine: str, folder: Path) -> Target:
    """The target of an engine by its name; raises KeyError for a name not in TARGETS."""
    return TARGETS[engine](folder)


def _native(folder: Path) -> Target:
    from index.native.writer import NativeTarget  # noqa: PLC0415 - numba loads slowly

    return NativeTarget(folder)


def _whoosh(folder: Path) -> Target:
    from index.whoosh_target import WhooshTarget  # noqa: PLC0415

    return WhooshTarget(folder)


TARGETS: Mapping[str, OpenTarget] = {"native": _native, "whoosh": _whoosh}
