"""A Progress that lets a test act, or fail, in the middle of long work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from index.progress import Progress, T


class HookedProgress(Progress):
    """Calls hook(task, how many items came before) ahead of every item."""

    def __init__(self, hook: Callable[[str, int], None]) -> None:
        self._hook = hook

    def track(
        self,
        items: Iterable[T],
        task: str,
        total: int | None = None,  # noqa: ARG002 - nothing is shown
        unit: str = "articles",  # noqa: ARG002
    ) -> Iterator[T]:
        for number, item in enumerate(items):
            self._hook(task, number)
            yield item
