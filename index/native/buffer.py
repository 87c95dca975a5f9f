"""Documents in memory on their way into a segment."""

from __future__ import annotations

from array import array
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.articles import Document
from index.lengths import length_code
from index.native.facet_buffer import FacetBuffer, collected
from index.native.facets import write_facets
from index.native.files import ArraysWriter
from index.native.inversion import count_words, group_occurrences
from index.native.lexicon import Lexicon, Words
from index.native.postings_writer import (
    Encoded,
    ListsWriter,
    OccurrencesWriter,
    encode_postings,
)
from index.native.segment import UNDATED, facts_of, hash_of_id
from index.native.texts import slices, starts, write_encoded, write_texts

OCCURRENCES_AT_ONCE = 2_000_000
"""Occurrences encoded in one go; bounds the memory of writing, 2 million take about 60 MB."""

_BYTES_A_TOKEN = 36
"""Peak memory of writing a segment, by chunk, with what the allocator keeps and the chunks that are
collected meanwhile: 393 MB were taken of a budget of 512, on 1,000,000 synthetic articles."""

BYTES_AT_ONCE = 1 << 18
"""Bytes of text whose chunks are numbered in one go: enough for calling a kernel to cost nothing."""

_BYTES_OF_A_CHUNK = 6
"""Bytes of text for each chunk in it; English has a few more."""

_BYTES_A_DOCUMENT = 900
"""Memory of a document beside its words: id, dates and the numbers of its facet values."""


class Buffer:
    """Documents waiting to be written as one segment; one that comes again replaces itself."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._words: Words
        self._slots: dict[str, int] = {}
        self._ids: list[str | None] = []
        self._published = array("q")
        self._languages: dict[str, int] = {}
        self._language = array("B")
        self._tokens = array("I")
        self._ends = array("q", [0])
        self._waiting: list[bytes] = []
        self._waiting_languages: list[str] = []
        self._waiting_bytes = 0
        self._facets: dict[str, FacetBuffer] = {}

    def __len__(self) -> int:
        return len(self._slots)

    @property
    def memory(self) -> int:
        """About how many bytes writing the segment will need at its peak."""
        tokens = len(self._tokens) + self._waiting_bytes // _BYTES_OF_A_CHUNK
        values = sum(facet.memory for facet in self._facets.values())
        return tokens * _BYTES_A_TOKEN + len(self._ids) * _BYTES_A_DOCUMENT + values

    def ids(self) -> list[str]:
        """The ids of the articles waiting."""
        return list(self._slots)

    def put(self, document: Document) -> None:
        """Add or replace a document."""
        self.delete(document.article_id)
        for text in (document.title, document.body):
            encoded = text.lower().encode("utf-8", "surrogatepass")
            self._waiting.append(encoded)
            self._waiting_languages.append(document.language)
            self._waiting_bytes += len(encoded)
        if self._waiting_bytes > BYTES_AT_ONCE:
            self._number_chunks()
        self._slots[document.article_id] = len(self._ids)
        for facet, values in document.facets.items():
            if facet not in self._facets:
                self._facets[facet] = FacetBuffer(len(self._ids))
            self._facets[facet].put(values, document.weights.get(facet))
        for facet, buffer in self._facets.items():
            if facet not in document.facets:
                buffer.put(())
        self._ids.append(document.article_id)
        self._published.append(UNDATED if document.published is None else document.published)
        self._language.append(self._languages.setdefault(document.language, len(self._languages)))

    def delete(self, article_id: str) -> bool:
        """Forget a document; says whether it was there."""
        slot = self._slots.pop(article_id, None)
        if slot is not None:
            self._ids[slot] = None
        return slot is not None

    def seal(self) -> None:
        """Take what is needed of the lexicon; then `write` may run while a thread adds to that."""
        self._number_chunks()
        self._words = self._lexicon.copy()

    def _number_chunks(self) -> None:
        """Have the lexicon number the chunks of the texts that wait."""
        numbers, ends = self._lexicon.numbers(self._waiting, self._waiting_languages)
        self._ends.frombytes((ends + len(self._tokens)).tobytes())
        self._tokens.frombytes(numbers.tobytes())
        self._waiting, self._waiting_languages, self._waiting_bytes = [], [], 0

    def write(self, path: Path) -> None:
        """Write the documents as a segment, once sealed. Raises OutOfSpace."""
        file = ArraysWriter(path)
        try:
            order = self._order()
            total = self._write_texts(file, order)
            self._write_articles(file, order)
            facets = write_facets(file, collected(self._facets, order))
            file.close(facts_of(len(order), total, list(self._languages), facets))
        finally:
            file.abandon()

    def _order(self) -> NDArray[np.int64]:
        """The slots of the documents in the order of the segment."""
        slots = sorted(self._slots.items(), key=lambda item: (self._published[item[1]], item[0]))
        return np.array([slot for _, slot in slots], np.int64)

    def _write_texts(self, file: ArraysWriter, order: NDArray[np.int64]) -> int:
        """Write words, terms and postings; returns the number of words in all articles."""
        known = self._words
        ends = np.frombuffer(self._ends, np.int64)
        cuts = (known.chunk_first, known.chunk_word)
        chunks, begins = np.frombuffer(self._tokens, np.uint32), ends[::2].copy()
        counts, articles, lengths = count_words(chunks, begins, order, *cuts, len(known.word_term))
        used = articles > 0
        term_of_word = _write_words(file, known, articles)
        first = starts(np.bincount(term_of_word[used], counts[used]).astype(np.int64))
        documents, places = group_occurrences(
            chunks, begins, ends[1::2].copy(), order, *cuts, term_of_word, first
        )
        lists, occurrences = ListsWriter(file, "term"), OccurrencesWriter(file, "term")
        for a, b in slices(first, OCCURRENCES_AT_ONCE):
            part = slice(first[a], first[b])
            posting_documents, posting_first, *encoded = encode_postings(
                documents[part], places[part], first[a : b + 1] - first[a]
            )
            lists.append(posting_documents, posting_first)
            occurrences.append(Encoded(*encoded))
        occurrences.close()
        write_lengths(file, lengths)
        return int(lengths.sum(dtype=np.int64))

    def _write_articles(self, file: ArraysWriter, order: NDArray[np.int64]) -> None:
        ids = [str(self._ids[slot]) for slot in order]
        write_texts(file, "article", (article_id.encode() for article_id in ids))
        hashes = np.fromiter((hash_of_id(article_id) for article_id in ids), np.uint64, len(ids))
        published = np.frombuffer(self._published, np.int64)[order]
        languages = np.frombuffer(self._language, np.uint8)[order]
        write_articles(file, hashes, published, languages)


def write_articles(
    file: ArraysWriter,
    hashes: NDArray[np.uint64],
    published: NDArray[np.int64],
    languages: NDArray[np.uint8],
) -> None:
    """Write what a segment knows of its articles beside ids and words, in document order.

    hashes: of the ids
    """
    by_hash = np.argsort(hashes, kind="stable")
    file.add("article.hash", hashes[by_hash], "<u8")
    file.add("article.by_hash", by_hash, "<u4")
    file.add("article.published", published, "<i8")
    file.add("article.language", languages, "<u1")


def write_lengths(file: ArraysWriter, lengths: NDArray[np.uint32]) -> None:
    """Write the articles' lengths in words, exact and as codes."""
    different, where = np.unique(lengths, return_inverse=True)
    codes = np.array([length_code(int(length)) for length in different], np.uint8)
    file.add("article.words", lengths, "<u4")
    file.add("article.length", codes[where] if len(codes) else codes, "<u1")


def _write_words(
    file: ArraysWriter, known: Words, articles: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    """Write the words that are in some article and their terms; returns the term of each word.

    articles: in how many articles each word is
    """
    used = np.zeros(len(known.terms.start) - 1, bool)
    used[known.word_term[articles > 0]] = True
    numbers = known.terms.used(used)
    write_encoded(file, "term", *known.terms.encoded(numbers))
    place = np.zeros(len(used), np.uint32)
    place[numbers] = np.arange(len(numbers), dtype=np.uint32)
    term_of_word: NDArray[np.uint32] = place[known.word_term]
    numbers = known.words.used(articles > 0)
    write_encoded(file, "word", *known.words.encoded(numbers))
    file.add("word.term", term_of_word[numbers], "<u4")
    file.add("word.articles", articles[numbers], "<u4")
    return term_of_word
