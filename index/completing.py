"""What follows after articles were put in the store: names found, then the index written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from index.folder import ArchiveFolder
from index.progress import SILENT, Progress
from index.recognition import find_mentions
from index.stages import Stage, Stages
from index.store import Store
from index.updating import Update, update_index

WriteIndex = Callable[[ArchiveFolder, Store, str, Progress], Update]
"""`update_index`, or `build_index` when the engine's lock is held."""


@dataclass(frozen=True, slots=True)
class Completed:
    """How many articles were read for names, what the index took in, and how long all took."""

    recognised: int
    update: Update
    stages: tuple[Stage, ...]


def complete(  # noqa: PLR0913 - what `write_index` needs, and who works and watches
    folder: ArchiveFolder,
    store: Store,
    engine: str,
    processes: int = 0,
    progress: Progress = SILENT,
    write_index: WriteIndex = update_index,
) -> Completed:
    """Do everything that is due after the store has changed.

    processes: that look for names; 0 for one a core. Whatever was done stays when this is
    interrupted, and the next call goes on. Raises IndexFault, StoreError, ArchiveError.
    """
    stages = Stages()
    with stages.timed("names") as stage:
        recognised = stage.articles = find_mentions(store, processes, progress)
    with stages.timed("index") as stage:
        update = write_index(folder, store, engine, progress)
        stage.articles = update.changes
    return Completed(recognised, update, tuple(stages))
