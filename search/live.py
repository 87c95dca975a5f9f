"""The engine on an archive's live index, which a reindex may replace at any time."""

from __future__ import annotations

import copy
import logging
import threading
import time
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from index.errors import ArchiveError, IndexDamaged
from index.folder import ArchiveFolder
from search.bm25 import Statistics
from search.engine import ENGINES, ArchiveWord, Engine
from search.errors import SearchError
from search.request import SearchRequest
from search.results import SearchResults

CHECK_SECONDS = 0.2
"""How old the knowledge of which generation is live may be; a check is one stat, 2 µs."""

RETRY_SECONDS = 5.0
"""When to try again after a new generation could not be opened."""

_log = logging.getLogger(__name__)


class LiveEngine:
    """An Engine on one snapshot, whose `refreshed` also follows to new generations.

    Raises IndexMissing and what opening an index raises. A generation that cannot be opened
    later is logged, and the earlier one goes on answering. Its files are released when the
    last engine on it is gone; threads may go on using theirs.
    """

    def __init__(self, folder: ArchiveFolder, engine: str) -> None:
        self._following = _Following(folder, engine)
        self._snapshot = self._following.snapshot

    def search(self, request: SearchRequest) -> SearchResults:
        """Answer from the snapshot; raises CursorError for the cursor of another question."""
        return self._snapshot.engine.search(request)

    def words(self, prefix: str) -> Iterator[ArchiveWord]:
        """The archive's words that begin with `prefix`, in code point order."""
        yield from self._snapshot.engine.words(prefix)

    def facet_values(self, facet: str, containing: str) -> Iterator[tuple[str, int]]:
        """Values of a facet whose folded text contains `containing`, with their articles."""
        yield from self._snapshot.engine.facet_values(facet, containing)

    def count(self) -> int:
        """Articles in the snapshot."""
        return self._snapshot.engine.count()

    def languages(self) -> tuple[str, ...]:
        """The languages the archive's articles are written in, most frequent first."""
        return self._snapshot.engine.languages()

    def statistics(self) -> Statistics:
        """What ranking knows of the articles in the snapshot (search.bm25)."""
        return self._snapshot.engine.statistics()

    def refreshed(self) -> Self:
        """Itself, or one on the newest snapshot of the generation that is live now."""
        newest = self._following.newest()
        if newest is self._snapshot:
            return self
        engine = copy.copy(self)
        engine._snapshot = newest  # noqa: SLF001 - a copy of itself
        return engine

    def close(self) -> None:
        """Release files; further calls raise EngineUnavailable."""
        self._snapshot.engine.close()


class _Generation:
    """An open generation. Its newest engine is closed when nothing refers to this any more."""

    def __init__(self, name: str, engine: Engine) -> None:
        self.name = name
        self._newest = [engine]
        weakref.finalize(self, _close_last, self._newest)

    def refreshed(self) -> Engine:
        """The engine on its newest commit."""
        self._newest[0] = self._newest[0].refreshed()
        return self._newest[0]


def _close_last(engines: list[Engine]) -> None:
    engines.pop().close()


@dataclass(frozen=True, slots=True)
class _Snapshot:
    engine: Engine
    generation: _Generation


class _Following:
    """What all engines that came from one LiveEngine share: the newest snapshot."""

    def __init__(self, folder: ArchiveFolder, engine: str) -> None:
        self._folder = folder
        self._engine = engine
        self._lock = threading.Lock()
        self._stamp = self._stamp_now()
        self._next_check = time.monotonic() + CHECK_SECONDS
        self.snapshot = self._open(folder.live_generation(engine))

    def newest(self) -> _Snapshot:
        """The newest snapshot; while a thread is looking for it, others get the last one."""
        if time.monotonic() >= self._next_check and self._lock.acquire(blocking=False):
            try:
                self._next_check = time.monotonic() + CHECK_SECONDS
                self._look()
            finally:
                self._lock.release()
        return self.snapshot

    def _look(self) -> None:
        stamp, generation = self._stamp_now(), self.snapshot.generation
        try:
            if stamp not in (None, self._stamp):
                name = self._folder.live_generation(self._engine)
                if name != generation.name:
                    self.snapshot = self._open(name)
                self._stamp = stamp
            else:
                engine = generation.refreshed()
                if engine is not self.snapshot.engine:
                    self.snapshot = _Snapshot(engine, generation)
        except (ArchiveError, SearchError, OSError) as error:
            self._next_check = time.monotonic() + RETRY_SECONDS
            _log.error("Answering from the earlier index: %s", error)

    def _open(self, name: str) -> _Snapshot:
        path = self._folder.generation_path(self._engine, name)
        if not path.is_dir():
            raise IndexDamaged(path, "is the live index, but missing")
        engine = ENGINES[self._engine](path)
        return _Snapshot(engine, _Generation(name, engine))

    def _stamp_now(self) -> tuple[int, int] | None:
        """What differs after CURRENT was replaced; None when it cannot be seen."""
        try:
            status = self._folder.current_path(self._engine).stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns
