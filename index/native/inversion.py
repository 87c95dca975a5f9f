"""From documents as lists of words to words as lists of documents: the kernels of indexing."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.compilation import kernel


@kernel
def expand(  # noqa: PLR0913  (arrays in, arrays out)
    chunks: NDArray[np.uint32],
    first: NDArray[np.int64],
    title_end: NDArray[np.int64],
    order: NDArray[np.int64],
    cut_first: NDArray[np.uint32],
    cut_word: NDArray[np.uint32],
) -> Any:
    """Replace chunks by the words they are cut into, documents in a new order.

    chunks: array of uint32, the chunks of all documents, title then body
    first: array of int64, shape (documents + 1,), where each document begins in chunks
    title_end: array of int64, shape (documents,), where its body begins in chunks
    order: array of int64, shape (documents,), old numbers in the new order
    cut_first, cut_word: as in Lexicon.arrays
    Returns words, their documents (new numbers) and places (as encode_postings takes them), all
    uint32 and of one shape, and the length of each document in words (uint32).
    """
    total = 0
    for token in chunks:
        total += cut_first[token + 1] - cut_first[token]
    words = np.empty(total, np.uint32)
    documents = np.empty(total, np.uint32)
    places = np.empty(total, np.uint32)
    lengths = np.zeros(len(order), np.uint32)
    n = 0
    for new in range(len(order)):
        old = order[new]
        begun = n
        position = 0
        in_body = 0
        for j in range(first[old], first[old + 1]):
            if j == title_end[old]:
                position = 0
                in_body = 1
            for k in range(cut_first[chunks[j]], cut_first[chunks[j] + 1]):
                words[n] = cut_word[k]
                documents[n] = new
                places[n] = position * 2 + in_body
                position += 1
                n += 1
        lengths[new] = n - begun
    return words[:n], documents[:n], places[:n], lengths


@kernel
def articles_of_words(
    words: NDArray[np.uint32], documents: NDArray[np.uint32], different: int
) -> NDArray[np.uint32]:
    """In how many documents each word is; assumes documents ascending. Shape (different,)."""
    counts = np.zeros(different, np.uint32)
    last = np.full(different, -1, np.int64)
    for j in range(len(words)):
        word = words[j]
        if last[word] != documents[j]:
            last[word] = documents[j]
            counts[word] += 1
    return counts


@kernel
def group_occurrences(
    lists: NDArray[np.uint32],
    of: NDArray[np.uint32],
    documents: NDArray[np.uint32],
    places: NDArray[np.uint32],
    first: NDArray[np.int64],
) -> Any:
    """Sort occurrences by list, keeping their order within each.

    lists: array of uint32; occurrence j belongs to list lists[of[j]]
    documents, places: arrays of uint32, shape (occurrences,)
    first: array of int64, shape (lists + 1,), where each list is to begin
    Returns documents and places in the new order.
    """
    sorted_documents = np.empty_like(documents)
    sorted_places = np.empty_like(places)
    cursor = first.copy()
    for j in range(len(of)):
        i = lists[of[j]]
        sorted_documents[cursor[i]] = documents[j]
        sorted_places[cursor[i]] = places[j]
        cursor[i] += 1
    return sorted_documents, sorted_places


@kernel
def group_documents(
    values: NDArray[np.uint32],
    value_first: NDArray[np.int64],
    least: int,
    first: NDArray[np.int64],
) -> NDArray[np.uint32]:
    """The documents of some values, those from `least` on, from the values of each document.

    values: array of uint32; document d has values[value_first[d]:value_first[d + 1]]
    first: array of int64, shape (wanted values + 1,), where each one's documents are to begin,
        counted from the first one's
    """
    documents = np.empty(first[-1] - first[0], np.uint32)
    cursor = first - first[0]
    wanted = len(first) - 1
    for document in range(len(value_first) - 1):
        for j in range(value_first[document], value_first[document + 1]):
            value = np.int64(values[j]) - least
            if 0 <= value < wanted:
                documents[cursor[value]] = document
                cursor[value] += 1
    return documents
