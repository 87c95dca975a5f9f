"""One segment: some articles with everything an index knows of them, never changed once written.

Documents are numbered by publication date and then by article id, those without a date first,
so that a range of dates is a range of documents. docs/reference/index-format.md lists the arrays;
ARRAYS is that list, with index.native.facets.ARRAYS, and a test holds them together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged
from index.native.facets import Facets
from index.native.files import Arrays
from index.native.lists import Lists
from index.native.postings import Occurrences, Terms, read_lists, read_occurrences
from index.native.texts import Texts, read_texts

UNDATED = np.iinfo(np.int64).min
"""`published` of an article without a date: before every date there is."""

ARRAYS = {
    "term.text": "<u1",
    "term.start": "<u4",
    "term.<lists>": "",
    "term.<occurrences>": "",
    "word.text": "<u1",
    "word.start": "<u4",
    "word.term": "<u4",
    "word.articles": "<u4",
    "article.text": "<u1",
    "article.start": "<u4",
    "article.hash": "<u8",
    "article.by_hash": "<u4",
    "article.published": "<i8",
    "article.words": "<u4",
    "article.length": "<u1",
    "article.language": "<u1",
}


FACTS = frozenset({"articles", "words", "languages", "facets"})
"""What a segment's file says of itself beside its arrays; see `facts_of`."""


_LARGE = (".text", "term.sparse", "term.dense", "term.once", "term.position", "weight")


class Segment:
    """A segment mapped for reading. Opening raises what index.native.files.Arrays raises."""

    def __init__(self, path: Path) -> None:
        self.file = Arrays(path)
        facts = self.file.facts
        if not facts.keys() >= FACTS:
            raise IndexDamaged(path, "it is not a segment")
        self.name = path.name
        self.articles: int = facts["articles"]
        self.total_words: int = facts["words"]
        self.languages: list[str] = facts["languages"]
        self.facets = Facets(self.file)

    @cached_property
    def terms(self) -> Texts:
        """The stems, sorted."""
        return read_texts(self.file, "term")

    @cached_property
    def term_lists(self) -> Lists:
        """The articles of each term."""
        return read_lists(self.file, "term")

    @cached_property
    def occurrences(self) -> Occurrences:
        """Frequencies and positions of the terms' postings."""
        return read_occurrences(self.file, "term")

    @cached_property
    def term_postings(self) -> Terms:
        """Both as kernels take them."""
        return tuple(self.term_lists), tuple(self.occurrences)

    @cached_property
    def words(self) -> Texts:
        """The words as they stand in the articles (folded), sorted; one may have several terms."""
        return read_texts(self.file, "word")

    @cached_property
    def word_terms(self) -> NDArray[np.uint32]:
        """The term of each word."""
        return self.file.array("word.term", "<u4")

    @cached_property
    def word_articles(self) -> NDArray[np.uint32]:
        """In how many articles each word is, deleted ones counted."""
        return self.file.array("word.articles", "<u4")

    @cached_property
    def ids(self) -> Texts:
        """The articles' ids, in the order of documents."""
        return read_texts(self.file, "article")

    @cached_property
    def published(self) -> NDArray[np.int64]:
        """Wall-clock seconds by document, ascending; UNDATED first."""
        return self.file.array("article.published", "<i8")

    @cached_property
    def article_words(self) -> NDArray[np.uint32]:
        """The exact length of each article in words."""
        return self.file.array("article.words", "<u4")

    @cached_property
    def longest(self) -> int:
        """How many words the longest article has."""
        return int(self.article_words.max(initial=0))

    @cached_property
    def length_codes(self) -> NDArray[np.uint8]:
        """The rounded length of each article as index.lengths.length_code has it."""
        return self.file.array("article.length", "<u1")

    @cached_property
    def language_codes(self) -> NDArray[np.uint8]:
        """The language of each article, a place in `languages`."""
        return self.file.array("article.language", "<u1")

    @cached_property
    def hashes(self) -> NDArray[np.uint64]:
        """The hashes of the article ids, ascending."""
        return self.file.array("article.hash", "<u8")

    @cached_property
    def by_hash(self) -> NDArray[np.uint32]:
        """The documents in the order of `hashes`."""
        return self.file.array("article.by_hash", "<u4")

    def find(self, article_ids: Iterable[str]) -> NDArray[np.int64]:
        """The documents of those of these articles that are in the segment."""
        ids = list(article_ids)
        if not ids or not self.articles:
            return np.zeros(0, np.int64)
        wanted = np.array([hash_of_id(article_id) for article_id in ids], np.uint64)
        at = np.searchsorted(self.hashes, wanted)
        found = np.flatnonzero(self.hashes[np.minimum(at, self.articles - 1)] == wanted)
        documents: list[int] = []
        for i in found:
            j = int(at[i])
            while j < self.articles and self.hashes[j] == wanted[i]:
                document = int(self.by_hash[j])
                if self.ids[document] == ids[i]:
                    documents.append(document)
                j += 1
        return np.array(documents, np.int64)


def verify_guides(file: Arrays) -> None:
    """Compare the checksums of the arrays that say where others are to be read.

    All but the large ones, which lead nowhere: damaged they make a wrong answer at worst, while a
    damaged guide would have a kernel read or write where it must not. Raises IndexDamaged.
    """
    file.verify(name for name in file.names() if not name.endswith(_LARGE))


def hash_of_id(article_id: str) -> int:
    """64 bits of an article id, by which documents are found."""
    digest = hashlib.blake2b(article_id.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def facts_of(articles: int, words: int, languages: list[str], facets: list[str]) -> dict[str, Any]:
    """The facts a segment's file carries beside its arrays."""
    return {"articles": articles, "words": words, "languages": languages, "facets": facets}
