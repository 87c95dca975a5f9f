"""What follows after articles were put in the store, up to the written index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from index.folder import ArchiveFolder
from index.names.counting import count_names
from index.names.resolving import resolve_names
from index.progress import SILENT, Progress
from index.recognition import find_mentions
from index.stages import stage
from index.store import Store
from index.stories.grouping import group_stories
from index.updating import Update, update_index

WriteIndex = Callable[[ArchiveFolder, Store, str, Progress], Update]
"""`update_index`, or `build_index` when the engine's lock is held."""


@dataclass(frozen=True, slots=True)
class Completed:
    """How many articles were read for names, and what the index took in."""

    recognised: int
    update: Update


def complete(  # noqa: PLR0913 - what `write_index` needs, and who works and watches
    folder: ArchiveFolder,
    store: Store,
    engine: str,
    processes: int = 0,
    progress: Progress = SILENT,
    write_index: WriteIndex = update_index,
) -> Completed:
    """Do everything that is due after the store has changed; each step is a recorded stage.

    processes: that look for names; 0 for one a core. Whatever was done stays when this is
    interrupted, and the next call goes on. Raises IndexFault, StoreError, ArchiveError.
    """
    with stage("names", articles=0) as counted:
        counted.articles = recognised = find_mentions(store, processes, progress)
    with stage("stories", articles=0) as counted:
        counted.articles = group_stories(store, progress)
    with stage("entities", articles=0) as counted:
        counted.articles = count_names(store)
        resolve_names(store)
    with stage("index", articles=0) as counted:
        update = write_index(folder, store, engine, progress)
        counted.articles = update.changes
    return Completed(recognised, update)
