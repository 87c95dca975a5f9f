"""The archive an application answers from, opened when it is first needed."""

from __future__ import annotations

import threading

from flask import current_app

from index.curation.effect import LiveDecisions
from index.folder import ArchiveFolder
from index.store import Store
from search.archive import Archive
from search.live import LiveEngine
from web.config import Config

EXTENSION = "dateline"


class ArchiveOpener:
    """Opens the archive once, and again after a failure: a server may start before its index."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._lock = threading.Lock()
        self._archive: Archive | None = None

    def archive(self) -> Archive:
        """The archive on its live index; raises what opening it raises."""
        with self._lock:
            if self._archive is None:
                folder = ArchiveFolder(self._config.archive)
                engine = LiveEngine(folder, self._config.engine)
                decisions = LiveDecisions(folder, self._config.engine)
                self._archive = Archive(Store.read(folder.store_path), engine, decisions.now)
            return self._archive

    def forget(self) -> None:
        """Open anew the next time. Requests that are under way keep what they have."""
        with self._lock:
            self._archive = None


def archive() -> Archive:
    """The archive of the application that is answering."""
    return opener().archive()


def opener() -> ArchiveOpener:
    """What opens the archive of the application that is answering."""
    found: ArchiveOpener = current_app.extensions[EXTENSION]
    return found
