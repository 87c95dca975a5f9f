"""Which segments make up the index: one small file, replaced as a whole at every commit."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged, IndexMissing
from index.native.files import (
    FORMAT,
    Arrays,
    ArraysWriter,
    read_facts,
    sync_folder,
    write_facts,
)

FILE_NAME = "manifest.json"
LOCK_NAME = "writer.lock"
SEGMENT_SUFFIX = ".segment"
DELETIONS_SUFFIX = ".deletions"
FACETS_SUFFIX = ".facets"
NAMING_SUFFIX = ".naming"
SUFFIXES = frozenset({SEGMENT_SUFFIX, DELETIONS_SUFFIX, FACETS_SUFFIX, NAMING_SUFFIX})
"""Of the files a commit consists of, beside the manifest."""


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """A segment of the index, and the files that go with it in this commit, "" for none.

    deletions: says which articles are deleted, `deleted` of them
    facets: the segment's facets under the names in force, where these change any
    """

    name: str
    articles: int
    deleted: int = 0
    deletions: str = ""
    facets: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """One commit: its number and its segments in the order they were written.

    naming: the file with the names in force, "" when there are none
    """

    commit: int = 0
    segments: tuple[SegmentEntry, ...] = ()
    naming: str = ""

    def names(self) -> set[str]:
        """The files the commit consists of, beside the manifest itself."""
        files = {file for s in self.segments for file in (s.name, s.deletions, s.facets)}
        return (files | {self.naming}) - {""}


def read_manifest(folder: Path) -> Manifest:
    """The last commit. Raises IndexMissing, IndexDamaged, IndexTooNew, IndexTooOld."""
    try:
        facts = read_facts(folder / FILE_NAME)
    except FileNotFoundError as error:
        raise IndexMissing(f"{folder} holds no index: build it with `dateline reindex`.") from error
    try:
        segments = tuple(SegmentEntry(**entry) for entry in facts["segments"])
        return Manifest(int(facts["commit"]), segments, str(facts["naming"]))
    except (KeyError, TypeError, ValueError) as error:
        raise IndexDamaged(folder / FILE_NAME, "it is not what Dateline writes there") from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Make a commit the live one: all or nothing, also in a power cut."""
    facts = {
        "format": FORMAT,
        "commit": manifest.commit,
        "segments": [asdict(entry) for entry in manifest.segments],
        "naming": manifest.naming,
    }
    sync_folder(folder)  # the names of the files come to the disk before what refers to them
    write_facts(folder / FILE_NAME, facts)


@dataclass(frozen=True, slots=True)
class Deletions:
    """Which articles of a segment are deleted, and what statistics lose by them.

    live: array of uint64, shape (articles / 64 rounded up,), bit set for an article still there
    terms, lost: arrays of uint32 of one shape: term terms[i] has lost[i] articles fewer
    words: the deleted articles' words, all together
    """

    live: NDArray[np.uint64]
    terms: NDArray[np.uint32]
    lost: NDArray[np.uint32]
    words: int


def write_deletions(path: Path, deletions: Deletions) -> None:
    """Write a deletions file. Raises OutOfSpace."""
    file = ArraysWriter(path)
    try:
        file.add("live", deletions.live, "<u8")
        file.add("terms", deletions.terms, "<u4")
        file.add("lost", deletions.lost, "<u4")
        file.close({"words": deletions.words})
    finally:
        file.abandon()


def read_deletions(path: Path) -> Deletions:
    """The deletions in a file. Raises what index.native.files.Arrays raises."""
    file = Arrays(path)
    file.verify()
    return Deletions(
        file.array("live", "<u8"),
        file.array("terms", "<u4"),
        file.array("lost", "<u4"),
        int(file.facts["words"]),
    )
