"""Files into the store: which ones, what came of them, and what could not be read."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.errors import UnreadableSource
from index.progress import SILENT, Progress
from index.sources import SOURCES, reader_of
from index.sources.encodings import reason_of
from index.sources.records import Sourced
from index.stages import stage
from index.store import Outcome, Store
from index.store_reading import SourceFile

BATCH = 500
"""Articles written in one transaction, which ends with the disk having them: 30,000 short
articles/s, against 600 one by one."""

BATCH_CHARACTERS = 8_000_000
"""A batch also ends after so much text, so that memory does not grow with long articles."""


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
    files = _Files(store, options)
    found = progress.track(_timed(files.read(paths)), "Reading")
    for batch in _batches(found):
        with stage("store", len(batch)), _writing(store, options):
            for item in batch:
                _take(store, item, options, files.summary, progress)
            files.remember_finished()
    files.remember_finished()  # those that came after the last article
    return files.summary


def delete_missing(store: Store, folders: Iterable[Path]) -> int:
    """Delete articles whose files were in one of these folders and are gone; returns how many.

    A folder that cannot be found loses nothing: it may only not be mounted.
    """
    present = [folder for folder in folders if folder.is_dir()]
    gone = []
    for article_id, origins in store.origins():
        files = {_path_of(origin) for origin in origins}
        known = all(any(file.is_relative_to(folder) for folder in present) for file in files)
        if known and not any(os.path.lexists(file) for file in files):
            gone.append((article_id, files))
    for first in range(0, len(gone), BATCH):
        with store.transaction():
            for article_id, files in gone[first : first + BATCH]:
                store.delete(article_id)
                for file in files:
                    store.forget_source_file(str(file))
    return len(gone)


def _path_of(origin: str) -> Path:
    """The file of a path or path:line."""
    path, _, line = origin.rpartition(":")
    return Path(path if path and line.isdigit() else origin)


def _take(
    store: Store,
    item: Sourced | UnreadableSource,
    options: ImportOptions,
    summary: ImportSummary,
    progress: Progress,
) -> None:
    if isinstance(item, UnreadableSource):
        summary.problems += 1
        progress.problem(item)
    else:
        put = store.foresee if options.dry_run else store.put
        summary.outcomes[put(item.article, item.origin, sole=item.sole)] += 1


def _batches(
    items: Iterable[Sourced | UnreadableSource],
) -> Iterator[list[Sourced | UnreadableSource]]:
    batch: list[Sourced | UnreadableSource] = []
    characters = 0
    for item in items:
        batch.append(item)
        if isinstance(item, Sourced):
            characters += len(item.article.body)
        if len(batch) >= BATCH or characters >= BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _timed(
    items: Iterator[Sourced | UnreadableSource],
) -> Iterator[Sourced | UnreadableSource]:
    while True:
        with stage("read", articles=0) as counted:
            item = next(items, None)
            counted.articles += isinstance(item, Sourced)
        if item is None:
            return
        yield item


def _writing(store: Store, options: ImportOptions) -> AbstractContextManager[None]:
    return nullcontext() if options.dry_run else store.transaction()


class _Files:
    """Reads files, all but those that are as they were when they were last read to the end."""

    def __init__(self, store: Store, options: ImportOptions) -> None:
        self.summary = ImportSummary()
        self._store = store
        self._options = options
        self._finished: list[SourceFile] = []

    def read(self, paths: Iterable[Path]) -> Iterator[Sourced | UnreadableSource]:
        """The articles of files and folders, and what cannot be read."""
        for path in paths:
            for file in _files(path, self.summary):
                if isinstance(file, UnreadableSource):
                    yield file
                else:
                    self.summary.files += 1
                    yield from self._read_file(file)

    def remember_finished(self) -> None:
        """Store how the files were of which everything has been yielded, without problems."""
        if not self._options.dry_run:
            for file in self._finished:
                self._store.put_source_file(file)
        self._finished.clear()

    def _read_file(self, file: Path) -> Iterator[Sourced | UnreadableSource]:
        try:
            seen, known = self._fingerprint(file)
        except OSError as error:
            yield UnreadableSource(str(file), reason_of(error))
            return
        if known and not self._options.reread:
            self.summary.unchanged_files += 1
            if known != seen:
                self._finished.append(seen)
            return
        articles, problems = 0, 0
        for item in SOURCES[reader_of(file) or ""].read(file, self._options.source):
            articles += isinstance(item, Sourced)
            problems += isinstance(item, UnreadableSource)
            yield item
        if not problems:
            self._finished.append(replace(seen, articles=articles))

    def _fingerprint(self, file: Path) -> tuple[SourceFile, SourceFile | None]:
        """The file as it is now, and as it was when it was read if that was the same content."""
        name = reader_of(file) or ""
        reader = f"{name} {SOURCES[name].version} {self._options.source}".strip()
        status = file.stat()
        stored = self._store.source_file(str(file))
        if stored and (stored.size, stored.reader) != (status.st_size, reader):
            stored = None
        if stored and stored.modified_ns == status.st_mtime_ns:
            return stored, stored
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
