"""How long the stages of long work took, so that the slow one is seen."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(slots=True)
class Stage:
    """One stage: how many articles it dealt with, and in how many seconds."""

    name: str
    articles: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Articles a second; 0 when there were none."""
        return self.articles / max(self.seconds, 1e-6)


class Stages:
    """Adds up the time of each stage; iterates over them in the order in which they began."""

    def __init__(self) -> None:
        self._stages: dict[str, Stage] = {}

    def __iter__(self) -> Iterator[Stage]:
        return iter(self._stages.values())

    @contextmanager
    def timed(self, name: str) -> Iterator[Stage]:
        """Count the time of the block towards a stage; the block says how many articles it had."""
        stage = self._stages.setdefault(name, Stage(name))
        begun = time.perf_counter()
        try:
            yield stage
        finally:
            stage.seconds += time.perf_counter() - begun
