"""What can go wrong while articles come in and indexes are written.

ArchiveError
├── UnreadableSource      a file, page or record that cannot be read as an article
├── DecisionsUnusable     what entities.toml says (index.curation)
├── DecisionRefused       a decision about entities that cannot be made
├── ScrapeRunning         another process is scraping into this archive
├── ModelDamaged          the recogniser's model file (index.entities.model)
├── StoreError            the article store
│   ├── StoreMissing      there is none yet
│   ├── StoreBusy         another process is writing
│   ├── StoreDamaged      SQLite finds the file broken
│   └── StoreTooNew       written by a later version of Dateline
└── IndexFault            a derived index
    ├── IndexMissing      there is none yet
    ├── IndexLocked       another process is writing it
    ├── IndexDamaged      a file is missing, truncated or altered
    ├── IndexTooNew       written by a later version of Dateline
    ├── IndexTooOld       must be rebuilt
    └── OutOfSpace        the disk is full or the folder cannot be written
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

REBUILD_ADVICE = " Rebuild the index with `dateline reindex`."
"""How the messages about damaged indexes end."""


class ArchiveError(Exception):
    """The root of everything index/ raises on purpose."""


class UnreadableSource(ArchiveError):
    """One file, page or record cannot be read; the others go on.

    Attributes: origin, where it came from (a path, or path and line), and reason.
    """

    def __init__(self, origin: str, reason: str) -> None:
        super().__init__(f"{origin}: {reason}")
        self.origin = origin
        self.reason = reason

    def __reduce__(self) -> tuple[type[UnreadableSource], tuple[str, str]]:
        """For the way from one process to another."""
        return type(self), (self.origin, self.reason)


class DecisionsUnusable(ArchiveError):
    """Something in the file of decisions about entities cannot be used.

    Attributes: path, and faults, pairs of a line of the file and what is wrong there.
    """

    def __init__(self, path: Path, faults: Sequence[tuple[int, str]]) -> None:
        super().__init__("\n".join(f"{path}:{line}: {reason}" for line, reason in faults))
        self.path = path
        self.faults = faults


class DecisionRefused(ArchiveError):
    """A decision about entities cannot be made; the message says why and what can be done."""


class ScrapeRunning(ArchiveError):
    """Another process is scraping into this archive."""


class StoreError(ArchiveError):
    """The article store cannot do what was asked."""


class StoreMissing(StoreError):
    """Nothing has been imported into this folder yet."""


class StoreBusy(StoreError):
    """Another process holds the store's write lock for too long."""


class StoreDamaged(StoreError):
    """SQLite reports the store file as broken."""


class StoreTooNew(StoreError):
    """The store's schema is newer than this version of Dateline knows."""


class IndexFault(ArchiveError):
    """A derived index cannot be read or written. `dateline reindex` rebuilds any of them."""


class IndexMissing(IndexFault):
    """No index has been built in this folder yet."""


class IndexLocked(IndexFault):
    """Another process is writing this index."""


class IndexDamaged(IndexFault):
    """A file of the index is missing, truncated or altered.

    Attributes: path, the file concerned, and reason.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}.{REBUILD_ADVICE}")
        self.path = path
        self.reason = reason


class IndexTooNew(IndexFault):
    """The index has a format this version of Dateline does not know yet."""


class IndexTooOld(IndexFault):
    """The index has a format this version of Dateline no longer reads: reindex."""


class OutOfSpace(IndexFault):
    """The disk is full or the folder cannot be written; the last commit stays live."""
