"""Whether a native index is sound: every byte of the live commit read, and numbers compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from index.errors import IndexDamaged, IndexFault
from index.native.deletions import lost_postings
from index.native.files import Arrays
from index.native.lists import BLOCK
from index.native.manifest import Manifest, SegmentEntry, read_deletions, read_manifest
from index.native.renaming import read_naming, read_renamed
from index.native.segment import Segment


def damages(folder: Path) -> list[str]:
    """What is wrong with the files of the last commit, a line each that names the file.

    Raises IndexMissing, IndexDamaged, IndexTooNew and IndexTooOld when there is no telling what
    the last commit is.
    """
    while True:
        manifest = read_manifest(folder)
        found = [damage for entry in manifest.segments for damage in _of_segment(folder, entry)]
        found += _of_names(folder, manifest)
        if read_manifest(folder) == manifest:  # else a writer may have removed files meanwhile
            return found


def _of_segment(folder: Path, entry: SegmentEntry) -> Iterator[str]:
    path = folder / entry.name
    try:
        segment = Segment(path)
        segment.file.verify()
        yield from (str(IndexDamaged(path, reason)) for reason in _contradictions(segment, entry))
        if entry.deletions:
            path = folder / entry.deletions
            Arrays(path).verify()
            wrong = _wrong_deletions(path, segment, entry)
            yield from (str(IndexDamaged(path, reason)) for reason in wrong)
    except IndexFault as error:
        yield str(error)


def _of_names(folder: Path, manifest: Manifest) -> Iterator[str]:
    """What is wrong with the names in force, and with the facets under them."""
    try:
        if manifest.naming:
            read_naming(folder / manifest.naming)
    except IndexFault as error:
        yield str(error)
    for entry in manifest.segments:
        try:
            if entry.facets:
                read_renamed(folder / entry.facets, entry.articles).file.verify()
        except IndexFault as error:
            yield str(error)


def _contradictions(segment: Segment, entry: SegmentEntry) -> Iterator[str]:
    """Where a segment says two things of itself."""
    if segment.articles != entry.articles:
        yield f"it has {segment.articles:,} articles, not the {entry.articles:,} of the commit"
    sizes = {
        "ids": len(segment.ids),
        "dates": len(segment.published),
        "lengths": len(segment.article_words),
        "rounded lengths": len(segment.length_codes),
        "languages": len(segment.language_codes),
        "hashes": len(segment.hashes),
    }
    for name, size in sizes.items():
        if size != segment.articles:
            yield f"it has {size:,} {name} of {segment.articles:,} articles"
    if int(segment.article_words.sum(dtype=np.int64)) != segment.total_words:
        yield "its number of words is not the sum of the articles' lengths"
    if (segment.published[1:] < segment.published[:-1]).any():
        yield "its articles are not in the order of dates"


def _wrong_deletions(path: Path, segment: Segment, entry: SegmentEntry) -> Iterator[str]:
    """What a deletions file says that is not so."""
    deletions = read_deletions(path)
    bits = np.unpackbits(deletions.live.view(np.uint8), bitorder="little")
    if len(bits) != -(-segment.articles // 64) * 64:
        yield "it is not of this segment"
        return
    live = np.flatnonzero(bits)
    if len(live) != entry.articles - entry.deleted:
        yield f"it has {len(live):,} live articles, not {entry.articles - entry.deleted:,}"
    dead = np.zeros(-(-segment.articles // BLOCK) * BLOCK, bool)
    dead[: segment.articles] = bits[: segment.articles] == 0
    words = int(segment.article_words[np.flatnonzero(dead)].sum(dtype=np.int64))
    lost = lost_postings(segment.term_lists, np.packbits(dead, bitorder="little").view(np.uint64))
    terms = np.flatnonzero(lost)
    same_terms = np.array_equal(terms, deletions.terms)
    if words != deletions.words or not same_terms or (lost[terms] != deletions.lost).any():
        yield "its statistics are not those of the deleted articles"
