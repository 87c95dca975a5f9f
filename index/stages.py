"""How long the stages of long work take, so that the slow one is seen.

Work marks its stages with `stage`; who wants to know runs it inside `recording`. Times are of
the clock and add up to the whole: a stage inside another one counts for itself only, and what
other processes do counts as far as it was waited for.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Stage:
    """One stage: how many articles it dealt with, and in how many seconds."""

    name: str
    articles: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Articles a second."""
        return self.articles / max(self.seconds, 1e-6)


class Stages:
    """The stages recorded, in the order in which they began."""

    def __init__(self) -> None:
        self._stages: dict[str, Stage] = {}
        self._open: list[Stage] = []
        self._since = 0.0

    def __iter__(self) -> Iterator[Stage]:
        return iter(self._stages.values())

    def begin(self, name: str) -> Stage:
        """Count the time from now on towards this stage."""
        self._count()
        stage = self._stages.setdefault(name, Stage(name))
        self._open.append(stage)
        return stage

    def end(self) -> None:
        """End the stage begun last; time counts again towards the one it is inside of."""
        self._count()
        self._open.pop()

    def add_waited(self, stages: Iterable[Stage], seconds: float) -> None:
        """Add the stages of work done elsewhere, for which so many seconds were just waited."""
        stages = list(stages)
        worked = sum(stage.seconds for stage in stages)
        if not worked:
            return
        self._count()
        if self._open:
            self._open[-1].seconds -= seconds
        for stage in stages:
            own = self._stages.setdefault(stage.name, Stage(stage.name))
            own.articles += stage.articles
            own.seconds += seconds * stage.seconds / worked

    def _count(self) -> None:
        now = time.perf_counter()
        if self._open:
            self._open[-1].seconds += now - self._since
        self._since = now


_recorded: ContextVar[Stages | None] = ContextVar("recorded", default=None)


@contextmanager
def recording() -> Iterator[Stages]:
    """Record the stages of the work in the block, on this thread."""
    stages = Stages()
    token = _recorded.set(stages)
    try:
        yield stages
    finally:
        _recorded.reset(token)


@contextmanager
def stage(name: str, articles: int = 1) -> Iterator[Stage]:
    """The block is a stage, in which so many articles are dealt with; it may correct that."""
    stages = _recorded.get()
    if stages is None:
        yield Stage(name)
        return
    begun = stages.begin(name)
    begun.articles += articles
    try:
        yield begun
    finally:
        stages.end()


def recorded() -> Stages | None:
    """What is being recorded on this thread, if anything is."""
    return _recorded.get()
