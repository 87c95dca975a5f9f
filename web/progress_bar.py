"""Progress on a terminal as bars, elsewhere as a plain line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

import click
from tqdm import tqdm

from index.errors import UnreadableSource
from index.progress import Progress

LINE_SECONDS = 10.0
"""How often a line is written when nobody watches a bar; logs stay short over hours."""

T = TypeVar("T")


class ShownProgress(Progress):
    """Writes to standard error, so that results can be piped. problems: how many were told."""

    def __init__(self) -> None:
        self.problems = 0

    def track(
        self, items: Iterable[T], task: str, total: int | None = None, unit: str = "articles"
    ) -> Iterator[T]:
        """See `Progress.track`."""
        if total == 0:
            yield from items
        elif sys.stderr.isatty():
            yield from tqdm(items, task, total, unit=f" {unit}", dynamic_ncols=True)
        else:
            yield from _with_lines(items, task, total, unit)

    def problem(self, problem: UnreadableSource) -> None:
        """See `Progress.problem`."""
        self.problems += 1
        tqdm.write(f"Not read: {problem}", file=sys.stderr)

    def waiting(self, reason: str) -> None:
        """See `Progress.waiting`."""
        tqdm.write(f"Waiting: {reason}", file=sys.stderr)


def _with_lines(items: Iterable[T], task: str, total: int | None, unit: str) -> Iterator[T]:
    begun = said = time.monotonic()
    count = 0
    for count, item in enumerate(items, 1):
        yield item
        now = time.monotonic()
        if now - said >= LINE_SECONDS:
            said = now
            _line(task, unit, count, total, now - begun)
    if count:
        _line(task, unit, count, total, time.monotonic() - begun)


def _line(task: str, unit: str, count: int, total: int | None, seconds: float) -> None:
    of = f" of {total:,}" if total and count < total else ""
    rate = count / max(seconds, 0.001)
    if count == 1 and not of:
        unit = unit.removesuffix("s")
    click.echo(f"{task}: {count:,}{of} {unit} in {seconds:.1f} s, {rate:,.0f}/s", err=True)
