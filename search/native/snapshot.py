"""One commit of a native index, opened for searching."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged
from index.lengths import length_of_code
from index.native.facets import Facets
from index.native.files import Arrays
from index.native.lists import BLOCK, WORDS_OF_BLOCK
from index.native.manifest import Manifest, SegmentEntry, read_deletions, read_manifest
from index.native.postings import IN_TITLE
from index.native.renaming import read_renamed
from index.native.segment import UNDATED, Segment, verify_guides
from search.bm25 import K1, B, idf, weighted_frequency
from search.histogram import seconds, span_of
from search.native import bitmaps, postings
from search.native.bitmaps import Bitmap
from search.native.few import Words
from search.native.gathered import Gathered
from search.native.remembered import Remembered
from search.plan import Plan
from search.request import Dates, FacetFilter, Grain

FIELD_TABLE = {None: 0, "title": 1, "body": 2}
"""Which table of `Snapshot.saturations` goes with the field a word is looked for in."""

_MOST_TERMS = 50_000
_MOST_PLANS = 1_000
_MOST_FILTERS = 64
"""How many of each are remembered: the filters' bitmaps of 300,000 articles take 2.4 MB."""

_MOST_SPANS = 300
"""Counting as many takes 2.5 µs, as long as finding the first and the last hit: measured on 300,000
articles."""

_ATTEMPTS = 10


class View:
    """A segment as one commit sees it: without the articles deleted since it was written."""

    def __init__(self, folder: Path, entry: SegmentEntry, segment: Segment, facets: Facets) -> None:
        """facets: the segment's under the names in force."""
        if segment.articles != entry.articles:
            reason = (
                f"it has {segment.articles:,} articles, not the {entry.articles:,} of the commit"
            )
            raise IndexDamaged(segment.file.path, reason)
        self.entry = entry
        self.segment = segment
        self.facets = facets
        self.blocks = -(-segment.articles // BLOCK)
        self.articles = entry.articles - entry.deleted
        self.words = segment.total_words
        self._lost_terms = np.zeros(0, np.uint32)
        self._lost = np.zeros(0, np.uint32)
        self.live = self.no_documents()
        self.all_live = not entry.deletions
        if entry.deletions:
            deletions = read_deletions(folder / entry.deletions)
            self._lost_terms, self._lost = deletions.terms, deletions.lost
            self.live[: len(deletions.live)] = deletions.live
            self.words -= deletions.words
        else:
            self.live[: segment.articles // 64] = ~np.uint64(0)
            if segment.articles % 64:
                self.live[segment.articles // 64] = (1 << segment.articles % 64) - 1
        self._terms: Remembered[str, int] = Remembered(_MOST_TERMS)
        self.few_words: Remembered[Plan, Words | None] = Remembered(_MOST_PLANS)
        self.phrase_words: Remembered[
            tuple[tuple[str, ...], str | None], tuple[NDArray[np.int64] | None, float]
        ] = Remembered(_MOST_PLANS)
        self.gathered: Remembered[Plan, Gathered] = Remembered(_MOST_PLANS)
        self.passing: Remembered[FacetFilter | Dates, Bitmap] = Remembered(_MOST_FILTERS)
        """These four are of search.native.words, ranking and matching."""
        self._spans: dict[Grain, tuple[int, NDArray[np.int64]]] = {}

    def no_documents(self) -> Bitmap:
        """A new bitmap without any bit set."""
        return np.zeros(self.blocks * WORDS_OF_BLOCK, np.uint64)

    def term(self, stem: str) -> int:
        """The number of a term in the segment, or -1."""
        number = self._terms.get(stem)
        if number is None:
            number = self._terms.put(stem, self.segment.terms.find(stem))
        return number

    def postings(self, number: int) -> int:
        """How many live articles have a term."""
        first = self.segment.term_lists.first_posting
        found = int(first[number + 1]) - int(first[number])
        if len(self._lost_terms):
            at = int(np.searchsorted(self._lost_terms, number))
            if at < len(self._lost_terms) and self._lost_terms[at] == number:
                found -= int(self._lost[at])
        return found

    def articles_in_field(self, number: int, field: str) -> int:
        """How many live articles have a term in one field."""
        documents = self.documents_in_field(number, field)
        bits = self.no_documents()
        bitmaps.add_documents(bits, documents)
        return int(bitmaps.count_bits(bits & self.live))

    def documents_in_field(self, number: int, field: str) -> NDArray[np.uint32]:
        """The documents with a term in one field, deleted ones among them."""
        bits = self.no_documents()
        bitmaps.add_lists(bits, self.segment.term_postings[0], np.array([number]))
        documents = bitmaps.documents_of(bits, int(bitmaps.count_bits(bits)))
        found = postings.in_field(self.segment.term_postings, number, documents, field == "title")
        chosen: NDArray[np.uint32] = documents[found]
        return chosen

    def position(self, published: int | None, article_id: str) -> int:
        """How many documents come before an article in the order of the segment."""
        key = UNDATED if published is None else published
        low, high = (
            int(np.searchsorted(self.segment.published, key, s)) for s in ("left", "right")
        )
        wanted = article_id.encode()
        while low < high:
            middle = (low + high) // 2
            if self.segment.ids.encoded(middle) < wanted:
                low = middle + 1
            else:
                high = middle
        return low

    def spans(self, grain: Grain, start: int, stop: int) -> NDArray[np.int64]:
        """Where spans of a histogram begin in the order of the segment; shape (stop − start + 1,).

        Those of the segment's own dates are looked up once.
        """
        if grain not in self._spans:
            dated = self.segment.published[self.undated :]
            first, last = (
                (span_of(int(dated[0]), grain), span_of(int(dated[-1]), grain) + 1)
                if len(dated)
                else (0, 0)
            )
            begins = np.searchsorted(self.segment.published, seconds(first, last, grain))
            self._spans[grain] = first, np.append(begins[:-1], self.segment.articles)
        first, begins = self._spans[grain]
        if first <= start and stop < first + len(begins):
            return begins[start - first : stop + 1 - first]
        wanted = np.arange(start - first, stop + 1 - first)
        return begins[np.clip(wanted, 0, len(begins) - 1)]

    @cached_property
    def undated(self) -> int:
        """How many documents have no date; they are the first ones."""
        return int(np.searchsorted(self.segment.published, UNDATED, "right"))


class Snapshot:
    """The segments of one commit, and the statistics of the articles in them."""

    def __init__(self, folder: Path, manifest: Manifest, known: Snapshot | None) -> None:
        self.manifest = manifest
        known_segments = {} if known is None else known.segments
        known_facets = {} if known is None else known.renamed
        self.segments: dict[str, Segment] = {
            entry.name: known_segments.get(entry.name) or _opened(folder / entry.name)
            for entry in manifest.segments
        }
        self.renamed: dict[str, Facets] = {
            entry.facets: known_facets.get(entry.facets) or _opened_facets(folder, entry)
            for entry in manifest.segments
            if entry.facets
        }
        self.views = []
        for entry in manifest.segments:
            segment = self.segments[entry.name]
            facets = self.renamed.get(entry.facets, segment.facets)
            self.views.append(View(folder, entry, segment, facets))
        self.articles = sum(view.articles for view in self.views)
        words = sum(view.words for view in self.views)
        self.average_length = words / self.articles if self.articles else 0.0
        self._ends: dict[Grain, tuple[int | None, int | None] | None] = {}
        self._frequencies: Remembered[tuple[str, str | None], int] = Remembered(_MOST_TERMS)

    @classmethod
    def open(cls, folder: Path, known: Snapshot | None = None) -> Snapshot:
        """The last commit in a folder; files of the `known` one are not opened again.

        Raises IndexMissing, IndexDamaged, IndexTooNew, IndexTooOld.
        """
        for _ in range(_ATTEMPTS):
            manifest = read_manifest(folder)
            try:
                return cls(folder, manifest, known)
            except IndexDamaged:
                # A writer may have replaced the commit, and removed its files, just now.
                if read_manifest(folder) == manifest:
                    raise
        return cls(folder, read_manifest(folder), known)

    def files(self) -> dict[str, Arrays]:
        """The mapped files of segments and renamed facets, by name."""
        mapped = {name: segment.file for name, segment in self.segments.items()}
        return mapped | {name: facets.file for name, facets in self.renamed.items()}

    def document_frequency(self, stem: str, field: str | None) -> int:
        """How many articles have a stem in the title or body, or in the one field."""
        key = (stem, field)
        found = self._frequencies.get(key)
        if found is None:
            found = 0
            for view in self.views:
                number = view.term(stem)
                if number >= 0 and field is None:
                    found += view.postings(number)
                elif number >= 0 and field is not None:
                    found += view.articles_in_field(number, field)
            self._frequencies.put(key, found)
        return found

    def idf(self, stem: str, field: str | None) -> float:
        """The idf of search.bm25 of a stem in this snapshot."""
        return idf(self.articles, self.document_frequency(stem, field))

    def ends(self, grain: Grain) -> tuple[int | None, int | None] | None:
        """When the first and the last of all articles with a date were published.

        None where more spans lie between than are counted sooner than the ends of the hits found.
        """
        if grain not in self._ends:
            dated = [view.segment.published[view.undated :] for view in self.views]
            first = min((int(each[0]) for each in dated if len(each)), default=None)
            last = max((int(each[-1]) for each in dated if len(each)), default=None)
            near = (
                first is None
                or last is None
                or span_of(last, grain) - span_of(first, grain) < _MOST_SPANS
            )
            self._ends[grain] = (first, last) if near else None
        return self._ends[grain]

    @cached_property
    def saturations(self) -> NDArray[np.float32]:
        """search.bm25.saturation as tables, by frequency code · 256 + length code.

        Array of float32, shape (3, 65,536): for a word looked for anywhere, in titles, in bodies.
        """
        codes = range(256)
        frequencies = np.array(
            [
                [weighted_frequency(code // IN_TITLE, code % IN_TITLE) for code in codes],
                [weighted_frequency(code // IN_TITLE, 0) for code in codes],
                [weighted_frequency(0, code % IN_TITLE) for code in codes],
            ]
        )[:, :, np.newaxis]
        lengths = np.array([length_of_code(code) for code in codes], np.float64)
        norms = 1 - B + B * lengths / self.average_length if self.articles else np.ones(256)
        saturated = (K1 + 1) * frequencies / (K1 * norms + frequencies)
        tables: NDArray[np.float32] = saturated.reshape(3, -1).astype(np.float32)
        return tables

    @cached_property
    def highest(self) -> NDArray[np.float32]:
        """The most there is in `saturations` for each frequency code and the lengths of articles.

        Array of float32, shape (3, 256).
        """
        codes = [view.segment.length_codes for view in self.views]
        shortest = min((int(each.min()) for each in codes if len(each)), default=0)
        by_length = self.saturations.reshape(3, 256, 256)[:, :, shortest:]
        highest: NDArray[np.float32] = by_length.max(axis=2)
        return highest

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of the articles, most frequent first, equal ones by code."""
        counts: dict[str, int] = {}
        for view in self.views:
            documents = bitmaps.documents_of(view.live, view.articles)
            codes = np.bincount(
                view.segment.language_codes[documents], minlength=len(view.segment.languages)
            )
            for language, count in zip(view.segment.languages, codes.tolist(), strict=True):
                counts[language] = counts.get(language, 0) + count
        found = [language for language, count in counts.items() if count]
        return tuple(sorted(found, key=lambda language: (-counts[language], language)))


def _opened(path: Path) -> Segment:
    segment = Segment(path)
    verify_guides(segment.file)
    return segment


def _opened_facets(folder: Path, entry: SegmentEntry) -> Facets:
    facets = read_renamed(folder / entry.facets, entry.articles)
    verify_guides(facets.file)
    return facets
