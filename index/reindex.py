"""`dateline reindex`: the configured folders and the store, brought together in a new index."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from index.completing import complete
from index.folder import ArchiveFolder
from index.importing import ImportOptions, ImportSummary, delete_missing, import_files
from index.progress import SILENT, Progress
from index.store import Store
from index.updating import build_index


@dataclass(frozen=True, slots=True, kw_only=True)
class ReindexOptions:
    """How to reindex.

    sources: files and folders to read first. reread: also files that have not changed.
    delete_missing: delete articles whose files are gone from the sources.
    processes: that read pages and look for names; 0 for one a core.
    """

    sources: tuple[Path, ...] = ()
    reread: bool = False
    delete_missing: bool = False
    processes: int = 0


@dataclass(frozen=True, slots=True)
class ReindexSummary:
    """What was imported, how many articles were read for names, and how many are in the index."""

    imported: ImportSummary
    recognised: int
    indexed: int


def reindex(
    folder: ArchiveFolder,
    store: Store,
    engine: str,
    options: ReindexOptions = ReindexOptions(),
    progress: Progress = SILENT,
) -> ReindexSummary:
    """Read the sources, find names where that is due, build a new index and make it live.

    The earlier index answers until the new one is complete, and goes on to when anything fails.
    Raises IndexLocked when another process writes this index, IndexFault, StoreError.
    """
    sources = [path.absolute() for path in options.sources]
    with folder.lock(engine):
        reading = ImportOptions(reread=options.reread, processes=options.processes)
        imported = import_files(store, sources, reading, progress)
        if options.delete_missing:
            imported.deleted = delete_missing(store, sources)
            if imported.deleted:  # other files may hold the same articles
                import_files(store, sources, replace(reading, reread=True), progress)
        done = complete(folder, store, engine, options.processes, progress, build_index)
    return ReindexSummary(imported, done.recognised, done.update.articles)
