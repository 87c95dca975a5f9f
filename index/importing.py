"""Files into the store: which ones, what came of them, and what could not be read."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from index.errors import UnreadableSource
from index.progress import SILENT, Progress
from index.sources import SOURCES, reader_of
from index.sources.encodings import reason_of
from index.sources.records import Sourced
from index.store import Outcome, Store
from index.store_reading import SourceFile

BATCH = 500
"""Articles written in one transaction, which ends with the disk having them: 30,000 short
articles/s, against 600 one by one."""

BATCH_CHARACTERS = 8_000_000
"""A batch also ends after so much text, so that memory does not grow with long articles."""

_Event = Sourced | UnreadableSource | SourceFile


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """How to import.

    source: that of articles which name none. reread: also read files that have not changed.
    dry_run: only find out what would happen.
    """

    source: str = ""
    reread: bool = False
    dry_run: bool = False


@dataclass(slots=True)
class ImportSummary:
    """What became of the files and their articles.

    unchanged_files were not read again; skipped counts files without a reader by their ending.
    deleted: articles whose files are gone, if that was asked for.
    """

    files: int = 0
    unchanged_files: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    problems: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    deleted: int = 0

    @property
    def read(self) -> int:
        """Articles that were read."""
        return self.outcomes.total()


def import_files(
    store: Store,
    paths: Iterable[Path],
    options: ImportOptions = ImportOptions(),
    progress: Progress = SILENT,
) -> ImportSummary:
    """Read files and folders into the store; what cannot be read is reported, the rest goes on.

    Whatever was committed stays when this is interrupted, and the next run finds it unchanged.
    Raises StoreError, OutOfSpace.
    """
    summary = ImportSummary()
    events = progress.track(_events(store, paths, options, summary), "Reading")
    for batch in _batches(events):
        with nullcontext() if options.dry_run else store.transaction():
            for event in batch:
                _take(store, event, options, summary, progress)
    return summary


def delete_missing(store: Store, folders: Iterable[Path]) -> int:
    """Delete articles whose files were in one of these folders and are gone; returns how many.

    A folder that cannot be found loses nothing: it may only not be mounted.
    """
    present = [folder for folder in folders if folder.is_dir()]
    origins: dict[str, list[str]] = {}
    for article_id, origin in store.origins():
        file = _path_of(origin)
        if any(file.is_relative_to(folder) for folder in present):
            origins.setdefault(str(file), []).append(article_id)
    deleted = 0
    for path, ids in origins.items():
        if not os.path.lexists(path):
            with store.transaction():
                deleted += sum(map(store.delete, ids))
                store.forget_source_file(path)
    return deleted


def _path_of(origin: str) -> Path:
    """The file of a path or path:line."""
    path, _, line = origin.rpartition(":")
    return Path(path if path and line.isdigit() else origin)


def _take(
    store: Store,
    event: _Event,
    options: ImportOptions,
    summary: ImportSummary,
    progress: Progress,
) -> None:
    match event:
        case Sourced(article, origin, sole):
            put = store.foresee if options.dry_run else store.put
            summary.outcomes[put(article, origin, sole=sole)] += 1
        case UnreadableSource():
            summary.problems += 1
            progress.problem(event)
        case SourceFile():
            if not options.dry_run:
                store.put_source_file(event)


def _batches(events: Iterable[_Event]) -> Iterator[list[_Event]]:
    batch: list[_Event] = []
    characters = 0
    for event in events:
        batch.append(event)
        if isinstance(event, Sourced):
            characters += len(event.article.body)
        if len(batch) >= BATCH or characters >= BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _events(
    store: Store, paths: Iterable[Path], options: ImportOptions, summary: ImportSummary
) -> Iterator[_Event]:
    """Articles, problems, and after each file without any problem how the file was."""
    for path in paths:
        for file in _files(path, summary):
            if isinstance(file, UnreadableSource):
                yield file
                continue
            summary.files += 1
            try:
                seen, known = _fingerprint(store, file, options.source)
            except OSError as error:
                yield UnreadableSource(str(file), reason_of(error))
                continue
            if known and not options.reread:
                summary.unchanged_files += 1
                if known != seen:
                    yield seen
            else:
                yield from _read(file, options.source, seen)


def _read(file: Path, source: str, seen: SourceFile) -> Iterator[_Event]:
    reader = SOURCES[reader_of(file) or ""]
    articles, problems = 0, 0
    for event in reader.read(file, source):
        articles += isinstance(event, Sourced)
        problems += isinstance(event, UnreadableSource)
        yield event
    if not problems:
        yield SourceFile(seen.path, seen.size, seen.modified_ns, seen.sha256, seen.reader, articles)


def _fingerprint(store: Store, file: Path, source: str) -> tuple[SourceFile, SourceFile | None]:
    """The file as it is now, and as it was when it was read if that was the same content."""
    name = reader_of(file) or ""
    reader = f"{name} {SOURCES[name].version} {source}".strip()
    status = file.stat()
    stored = store.source_file(str(file))
    if stored and (stored.size, stored.reader) == (status.st_size, reader):
        if stored.modified_ns == status.st_mtime_ns:
            return stored, stored
    else:
        stored = None
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    articles = stored.articles if stored else 0
    seen = SourceFile(str(file), status.st_size, status.st_mtime_ns, digest, reader, articles)
    return seen, stored if stored and stored.sha256 == digest else None


def _files(path: Path, summary: ImportSummary) -> Iterator[Path | UnreadableSource]:
    """The files at a path that have a reader, in their order; hidden ones are passed over."""
    path = path.absolute()
    if path.is_file():
        if reader_of(path):
            yield path
        else:
            endings = ", ".join(ending for reader in SOURCES.values() for ending in reader.suffixes)
            yield UnreadableSource(str(path), f"is of a kind no reader knows; they know {endings}")
        return
    if not path.is_dir():
        yield UnreadableSource(str(path), "does not exist")
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(folder) / name
            if reader_of(file):
                yield file
            elif not name.startswith("."):
                summary.skipped[file.suffix or "no ending"] += 1
