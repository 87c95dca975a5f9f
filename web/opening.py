"""The archive an application answers from, opened when it is first needed."""

from __future__ import annotations

import threading
from collections.abc import Callable

from flask import current_app

from search.archive import Archive

EXTENSION = "dateline"


class ArchiveOpener:
    """Opens the archive once, and again after a failure: a server may start before its index."""

    def __init__(self, open_archive: Callable[[], Archive]) -> None:
        self._open = open_archive
        self._lock = threading.Lock()
        self._archive: Archive | None = None

    def archive(self) -> Archive:
        """The archive; raises what opening it raises."""
        with self._lock:
            if self._archive is None:
                self._archive = self._open()
            return self._archive

    def forget(self) -> None:
        """Open anew the next time. Requests that are under way keep what they have."""
        with self._lock:
            self._archive = None


def opener() -> ArchiveOpener:
    """The opener of the application that is answering."""
    found: ArchiveOpener = current_app.extensions[EXTENSION]
    return found


def archive() -> Archive:
    """The archive of the application that is answering."""
    return opener().archive()
