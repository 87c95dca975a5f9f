"""Files into the store: which ones, what came of them, and what could not be read."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from index.batches import batched
from index.errors import UnreadableSource
from index.extraction import read_pages
from index.progress import SILENT, Progress
from index.sources import SOURCES, reader_of
from index.sources.content import FileContent, reason_of
from index.sources.folders import files_in
from index.sources.items import Item, PassedOver, Read, ReadOptions
from index.sources.records import Sourced
from index.stages import stage
from index.store import Outcome, Store
from index.store_reading import SourceFile

BATCH = 500
"""Articles written in one transaction, which ends with the disk having them: 30,000 short
articles/s, against 600 one by one."""

BATCH_CHARACTERS = 8_000_000
"""A batch also ends after so much text, so that memory does not grow with long articles."""

MOST_KINDS = 100
"""Kinds of files that are counted one by one, so that memory does not grow with strange names."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """How to import.

    source: that of articles which name none. columns: names of fields in records, as in
    `ReadOptions`. reread: also read files that have not changed. dry_run: only find out what
    would happen. processes: that read pages; 0 for one a core.
    """

    source: str = ""
    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    reread: bool = False
    dry_run: bool = False
    processes: int = 0


@dataclass(slots=True)
class ImportSummary:
    """What became of the files and their articles.

    unchanged_files were not read again; skipped counts files without a reader by their ending,
    passed_over what holds no article by what it is. deleted: articles whose files are gone, if
    that was asked for.
    """

    files: int = 0
    unchanged_files: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    problems: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    passed_over: Counter[str] = field(default_factory=Counter)
    deleted: int = 0

    @property
    def read(self) -> int:
        """Articles that were read."""
        return self.outcomes.total()


@dataclass(frozen=True, slots=True)
class _FileEnd:
    """Everything of a file has come; how to remember it if there was no problem with it."""

    file: SourceFile | None = None


def import_files(
    store: Store,
    paths: Iterable[Path],
    options: ImportOptions = ImportOptions(),
    progress: Progress = SILENT,
) -> ImportSummary:
    """Read files and folders into the store; what cannot be read is reported, the rest goes on.

    Whatever was committed stays when this is interrupted, and the next run finds it unchanged.
    Raises StoreError, OutOfSpace, ArchiveError.
    """
    files = _Files(store, options)
    taking = _Taking(store, options, files.summary, progress)
    read: Iterator[Read | _FileEnd] = read_pages(files.read(paths), options.processes)
    for _ in progress.track(_articles_taken(_timed(read), taking), "Reading"):
        pass
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
        if known and not any(_is_there(file) for file in files):
            gone.append((article_id, files))
    for first in range(0, len(gone), BATCH):
        with store.transaction():
            for article_id, files in gone[first : first + BATCH]:
                store.delete(article_id)
                for file in files:
                    for path in (file, *file.parents):  # it may have been in an archive
                        store.forget_source_file(str(path))
    return len(gone)


def _path_of(origin: str) -> Path:
    """The file of a path or path:line."""
    path, _, line = origin.rpartition(":")
    return Path(path if path and line.isdigit() else origin)


def _is_there(file: Path) -> bool:
    """Whether there is such a file, or an archive with a file of that name in it."""
    return os.path.lexists(file) or any(folder.is_file() for folder in file.parents)


class _Taking:
    """Takes what was read into the store, and remembers files read to the end without problems."""

    def __init__(
        self, store: Store, options: ImportOptions, summary: ImportSummary, progress: Progress
    ) -> None:
        self._store = store
        self._dry_run = options.dry_run
        self._put = store.foresee if options.dry_run else store.put
        self._summary = summary
        self._progress = progress
        self._articles = self._problems = 0  # of the present file

    def transaction(self) -> AbstractContextManager[None]:
        """Around each batch."""
        return nullcontext() if self._dry_run else self._store.transaction()

    def take(self, item: Read | _FileEnd) -> None:
        """Deal with one item; they come file by file."""
        match item:
            case Sourced():
                self._articles += 1
                outcome = self._put(item.article, item.origin, sole=item.sole)
                self._summary.outcomes[outcome] += 1
            case UnreadableSource():
                self._problems += 1
                self._summary.problems += 1
                self._progress.problem(item)
            case PassedOver():
                self._summary.passed_over[item.what] += 1
            case _FileEnd():
                if item.file and not self._problems and not self._dry_run:
                    articles = self._articles or item.file.articles
                    self._store.put_source_file(replace(item.file, articles=articles))
                self._articles = self._problems = 0


def _articles_taken(read: Iterator[Read | _FileEnd], taking: _Taking) -> Iterator[Sourced]:
    """Take everything batch by batch, and yield the articles among it."""
    for batch in batched(read, BATCH, _characters, BATCH_CHARACTERS):
        with stage("store", articles=0) as counted, taking.transaction():
            for item in batch:
                taking.take(item)
                if isinstance(item, Sourced):
                    counted.articles += 1
                    yield item


def _characters(item: Read | _FileEnd) -> int:
    return len(item.article.body) if isinstance(item, Sourced) else 0


def _timed(items: Iterator[T]) -> Iterator[T]:
    while True:
        with stage("read", articles=0) as counted:
            item = next(items, None)
            counted.articles += isinstance(item, Sourced)
        if item is None:
            return
        yield item


class _Files:
    """Reads files, all but those that are as they were when they were last read to the end."""

    def __init__(self, store: Store, options: ImportOptions) -> None:
        self.summary = ImportSummary()
        self._store = store
        self._reread = options.reread
        self._options = ReadOptions(options.source, options.columns)

    def read(self, paths: Iterable[Path]) -> Iterator[Item | _FileEnd]:
        """What is in files and folders, and what cannot be read."""
        for path in paths:
            for file in self._files(path.absolute()):
                if isinstance(file, UnreadableSource):
                    yield file
                    yield _FileEnd()
                else:
                    self.summary.files += 1
                    yield from self._read_file(file)

    def _files(self, path: Path) -> Iterator[Path | UnreadableSource]:
        """The files at a path that have a reader."""
        if path.is_dir():
            for file in files_in(path, self._pass_over):
                if reader_of(file.name):
                    yield file
                else:
                    self._skip(file)
        elif not path.is_file():
            yield UnreadableSource(str(path), "does not exist")
        elif reader_of(path.name):
            yield path
        else:
            endings = ", ".join(ending for reader in SOURCES.values() for ending in reader.suffixes)
            yield UnreadableSource(str(path), f"is of a kind no reader knows; they know {endings}")

    def _skip(self, file: Path) -> None:
        kind, skipped = file.suffix or "no ending", self.summary.skipped
        skipped[kind if kind in skipped or len(skipped) < MOST_KINDS else "others"] += 1

    def _pass_over(self, _: str) -> None:
        self.summary.passed_over["folders that belong to a saved page"] += 1

    def _read_file(self, file: Path) -> Iterator[Item | _FileEnd]:
        try:
            seen, known = self._fingerprint(file)
        except OSError as error:
            yield UnreadableSource(str(file), reason_of(error))
            yield _FileEnd()
            return
        if known and not self._reread:
            self.summary.unchanged_files += 1
            if known != seen:
                yield _FileEnd(seen)
            return
        try:
            yield from SOURCES[reader_of(file.name) or ""].read(FileContent(file), self._options)
        except UnreadableSource as problem:
            yield problem
        yield _FileEnd(replace(seen, articles=0))

    def _fingerprint(self, file: Path) -> tuple[SourceFile, SourceFile | None]:
        """The file as it is now, and as it was when it was read if that was the same content."""
        reader = self._reader(file)
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

    def _reader(self, file: Path) -> str:
        """The reader of a file and how it reads; another way of reading is a reason to read."""
        name = reader_of(file.name) or ""
        columns = dict(sorted(self._options.columns.items()))
        how = [name, str(SOURCES[name].version), self._options.source]
        return " ".join(how + [json.dumps(columns)] * bool(columns)).strip()
