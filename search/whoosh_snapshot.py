"""One commit of a Whoosh index as numpy arrays, read from Whoosh when first asked for.

Articles have document numbers, 0 to `articles` − 1 over all segments, deleted ones included.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.articles import STORY
from index.whoosh_fields import IN_BODY, RECORD, TEXT, Record, decode, text_term
from index.whoosh_files import first_damage, open_commit
from search.bm25 import length_norm
from search.engine import ArchiveWord
from search.errors import EngineUnavailable
from search.whoosh_columns import FacetColumn, Numbers, read_column, terms
from search.whoosh_stories import NO_STORY, Stories

_MOST_KEPT = 10_000_000
"""Occurrences of the stems asked for last that are kept: 80 MB at eight bytes each."""

_COST_OF_A_STEM = 100
"""What keeping a stem costs beside its occurrences, counted in them."""


@dataclass(frozen=True, slots=True)
class Postings:
    """Where a stem stands in the articles that are not deleted.

    documents: their numbers, ascending. in_title, in_body: how often it stands there, for each
    of them. places: number << 32 | position for each occurrence, ascending, the position as
    index.whoosh_fields packs it.
    """

    documents: Numbers
    in_title: Numbers
    in_body: Numbers
    places: Numbers


class Snapshot:
    """What a search needs of one commit; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._closed = False
        self._postings: OrderedDict[str, Postings] = OrderedDict()
        self._kept = 0
        self._facets: dict[str, FacetColumn] = {}
        with self._reading():
            self._reader, self._naming = open_commit(folder)
            self._segments = self._reader.leaf_readers() if self._reader.doc_count_all() else []
            self._records = [
                Record.unpack(packed)
                for segment, _ in self._segments
                for packed in segment.column_reader(RECORD, translate=False)
            ]
        self.live = np.zeros(len(self._records), dtype=bool)
        for segment, first in self._segments:
            self.live[[first + number for number in segment.all_doc_ids()]] = True
        self.count = int(self.live.sum())

    def close(self) -> None:
        """Release the files; what was not read before raises EngineUnavailable from now on."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._reader.close()

    def record(self, number: int) -> Record:
        """What is known of an article."""
        return self._records[number]

    def among(self, article_ids: frozenset[str]) -> NDArray[np.bool_]:
        """For each document number whether its article is one of these."""
        return np.array([each.article_id in article_ids for each in self._records], dtype=bool)

    @cached_property
    def norms(self) -> NDArray[np.float64]:
        """The length norm of each article, as search.bm25 defines it."""
        distinct, which = np.unique(self._lengths, return_inverse=True)
        norms = [length_norm(int(each), self.average_length) for each in distinct]
        return np.array(norms)[which]

    @cached_property
    def average_length(self) -> float:
        """Words in an article, on average."""
        return int(self._lengths[self.live].sum()) / self.count if self.count else 0.0

    @cached_property
    def _lengths(self) -> Numbers:
        return np.array([record.length for record in self._records], dtype=np.int64)

    @cached_property
    def undated(self) -> NDArray[np.bool_]:
        """Which articles have no publication date."""
        return np.array([record.published is None for record in self._records], dtype=bool)

    @cached_property
    def published(self) -> Numbers:
        """When each article was published, in wall-clock seconds; 0 without a date."""
        return np.array([record.published or 0 for record in self._records], dtype=np.int64)

    @cached_property
    def ids(self) -> list[str]:
        """The article ids in the order of their code points."""
        return sorted(record.article_id for record in self._records)

    @cached_property
    def id_ranks(self) -> Numbers:
        """The place of each article's id among `ids`."""
        order = sorted(range(len(self._records)), key=lambda n: self._records[n].article_id)
        ranks = np.empty(len(order), dtype=np.int64)
        ranks[order] = np.arange(len(order))
        return ranks

    @cached_property
    def stories(self) -> Stories:
        """Which articles are copies of which."""
        column = self.facet(STORY)
        story = np.full(len(self.live), NO_STORY)
        story[column.documents] = column.ordinals
        return Stories(story, np.lexsort((self.id_ranks, self.published, self.undated)))

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of the articles, most frequent first, equal ones by code."""
        articles = Counter(self._records[number].language for number in np.flatnonzero(self.live))
        return tuple(sorted(articles, key=lambda language: (-articles[language], language)))

    @cached_property
    def words(self) -> list[ArchiveWord]:
        """The words of the archive, ordered by code points, once for each of their stems."""
        articles: Counter[bytes] = Counter()
        with self._reading():
            for segment, _ in self._segments:
                for term, info in terms(segment, TEXT):
                    articles[term] += info.doc_frequency()
        pairs = [(decode(term).split("\0"), count) for term, count in articles.items()]
        return sorted(
            (ArchiveWord(word, stem, count) for (stem, word), count in pairs),
            key=lambda each: (each.word, each.stem),
        )

    def postings(self, stem: str) -> Postings:
        """Where a stem stands; nowhere for one that is not in the archive."""
        with self._reading():
            if stem in self._postings:
                self._postings.move_to_end(stem)
                return self._postings[stem]
            found = self._postings[stem] = self._read_postings(text_term(stem))
            self._kept += len(found.places) + _COST_OF_A_STEM
            while self._kept > _MOST_KEPT and len(self._postings) > 1:
                _, oldest = self._postings.popitem(last=False)
                self._kept -= len(oldest.places) + _COST_OF_A_STEM
            return found

    def facet(self, name: str) -> FacetColumn:
        """The values of a facet, or of STORY, under their names."""
        with self._reading():
            if name not in self._facets:
                self._facets[name] = read_column(self._segments, name, self._naming)
            return self._facets[name]

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """One thread at a time, since Whoosh's readers keep their place in the files."""
        with self._lock:
            if self._closed:
                raise EngineUnavailable(f"The engine on {self._folder} has been closed.")
            try:
                yield
            except Exception as error:
                if (damage := first_damage(self._folder)) is not None:
                    raise damage from error
                raise

    def _read_postings(self, prefix: bytes) -> Postings:
        numbers: list[int] = []
        packed: list[bytes] = []
        for segment, first in self._segments:
            for term, _ in terms(segment, TEXT, prefix):
                matcher = segment.postings(TEXT, term)
                while matcher.is_active():
                    numbers.append(first + matcher.id())
                    packed.append(matcher.value())
                    matcher.next()
        counts = np.array([len(value) // 4 for value in packed], dtype=np.int64)
        positions = np.frombuffer(b"".join(packed), dtype="<u4").astype(np.int64)
        places = (np.repeat(np.array(numbers, dtype=np.int64), counts) << 32) | positions
        places.sort()
        documents, starts = np.unique(places >> 32, return_index=True)
        in_body = np.add.reduceat((places & IN_BODY) >> 31, starts) if len(places) else documents
        return Postings(documents, np.diff(starts, append=len(places)) - in_body, in_body, places)
