"""The seam between long work and whoever watches it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from index.errors import UnreadableSource

T = TypeVar("T")


class Progress:
    """What long work tells whoever watches. This one is nobody: it shows nothing."""

    def track(
        self,
        items: Iterable[T],
        task: str,  # noqa: ARG002 - for those who show it
        total: int | None = None,  # noqa: ARG002
        unit: str = "articles",  # noqa: ARG002
    ) -> Iterator[T]:
        """Pass the items through, one by one, as they are dealt with.

        task: what is done, in a word or two. total: how many there are, None when unknown.
        unit: what they are called.
        """
        yield from items

    def problem(self, problem: UnreadableSource) -> None:
        """Something could not be read; the rest goes on."""

    def waiting(self, reason: str) -> None:
        """Nothing goes on until another process is done."""


SILENT = Progress()
