"""Which decisions are in effect in an index, and which are to be."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from hashlib import sha256

from index.curation.file import Written, load
from index.durable import out_of_space, replace_file
from index.errors import DecisionsUnusable, IndexMissing, UnreadableSource
from index.folder import ArchiveFolder
from index.names.naming import naming, version
from index.naming import Naming
from index.progress import Progress
from index.store_reading import ReadableStore

_Stamp = tuple[str, int, int]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class NamesWanted:
    """What the values of an index are to be counted under.

    version: differs when the store resolves names otherwise, or the decisions are others.
    """

    version: str
    decisions: Written

    def naming(self, store: ReadableStore) -> Naming:
        """The names; takes a second for some hundred thousand of them."""
        return naming(store, self.decisions.decisions)

    def put(self, folder: ArchiveFolder, engine: str, generation: str) -> None:
        """Record that an index has these names; after the commit that made it true."""
        path = folder.decisions_in_effect_path(engine, generation)
        with out_of_space(path.parent):
            replace_file(path, self.decisions.text.encode())


def names_wanted(
    folder: ArchiveFolder, store: ReadableStore, engine: str, progress: Progress
) -> NamesWanted:
    """The names as the store and the user's decisions have them now.

    Decisions that cannot be used are told to `progress`, and those that are in effect stay.
    """
    try:
        decisions = load(folder.decisions_path)
    except DecisionsUnusable as error:
        for line, reason in error.faults:
            progress.problem(UnreadableSource(f"{error.path}:{line}", reason))
        decisions = decisions_in_effect(folder, engine)
    digest = sha256(decisions.text.encode()).hexdigest()[:20]
    return NamesWanted(f"{version(store)}-{digest}", decisions)


class LiveDecisions:
    """The decisions in effect, for a process that goes on while they change."""

    def __init__(self, folder: ArchiveFolder, engine: str) -> None:
        self._folder = folder
        self._engine = engine
        self._read: tuple[_Stamp, Written] | None = None

    def now(self) -> Written:
        """The same object as before unless others have come into effect.

        Decisions that cannot be read any more are logged, and count as none.
        """
        stamp = self._stamp()
        if self._read is None or self._read[0] != stamp:
            try:
                decisions = decisions_in_effect(self._folder, self._engine)
            except DecisionsUnusable as error:
                _log.error("Names of entities are shown without decisions: %s", error)
                decisions = Written()
            self._read = stamp, decisions
        return self._read[1]

    def _stamp(self) -> _Stamp:
        """What differs after other decisions have come into effect."""
        generation = self._folder.live_generation(self._engine)
        try:
            status = self._folder.decisions_in_effect_path(self._engine, generation).stat()
        except FileNotFoundError:
            return generation, 0, 0
        return generation, status.st_ino, status.st_mtime_ns


def decisions_in_effect(folder: ArchiveFolder, engine: str) -> Written:
    """The decisions that the live index counts under; none without an index.

    Raises DecisionsUnusable when they were damaged, IndexDamaged.
    """
    try:
        generation = folder.live_generation(engine)
    except IndexMissing:
        return Written()
    return load(folder.decisions_in_effect_path(engine, generation))
