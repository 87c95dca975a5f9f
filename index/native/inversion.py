"""From documents as lists of words to words as lists of documents: the kernels of indexing."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.compilation import kernel


@kernel
def count_words(  # noqa: PLR0913  (arrays in, arrays out)
    chunks: NDArray[np.uint32],
    first: NDArray[np.int64],
    order: NDArray[np.int64],
    cut_first: NDArray[np.uint32],
    cut_word: NDArray[np.uint32],
    different: int,
) -> Any:
    """How often each word is there, in how many documents, and how many words each document has.

    chunks: array of uint32, the chunks of all documents, title then body
    first: array of int64, shape (documents + 1,), where each document begins in chunks
    order: array of int64, shape (kept documents,), old numbers in the new order
    cut_first, cut_word: as in Lexicon.arrays
    Returns arrays of int64 and uint32, shape (different,), and of uint32, shape (kept documents,).
    """
    occurrences = np.zeros(different, np.int64)
    articles = np.zeros(different, np.uint32)
    last = np.full(different, -1, np.int64)
    lengths = np.zeros(len(order), np.uint32)
    for new in range(len(order)):
        old = order[new]
        length = 0
        for j in range(first[old], first[old + 1]):
            for k in range(cut_first[chunks[j]], cut_first[chunks[j] + 1]):
                word = cut_word[k]
                occurrences[word] += 1
                if last[word] != new:
                    last[word] = new
                    articles[word] += 1
                length += 1
        lengths[new] = length
    return occurrences, articles, lengths


@kernel
def group_occurrences(  # noqa: PLR0913  (arrays in, arrays out)
    chunks: NDArray[np.uint32],
    first: NDArray[np.int64],
    title_end: NDArray[np.int64],
    order: NDArray[np.int64],
    cut_first: NDArray[np.uint32],
    cut_word: NDArray[np.uint32],
    lists: NDArray[np.uint32],
    list_first: NDArray[np.int64],
) -> Any:
    """The occurrences of all words by list, and within each in the order of documents and places.

    chunks … cut_word: as in count_words
    title_end: array of int64, shape (documents,), where the body of each begins in chunks
    lists: array of uint32, the list that each word belongs to
    list_first: array of int64, shape (lists + 1,), where each list is to begin
    Returns documents (new numbers) and places (as encode_postings takes them), both uint32.
    """
    documents = np.empty(list_first[-1], np.uint32)
    places = np.empty(list_first[-1], np.uint32)
    cursor = list_first.copy()
    for new in range(len(order)):
        old = order[new]
        position = 0
        in_body = 0
        for j in range(first[old], first[old + 1]):
            if j == title_end[old]:
                position = 0
                in_body = 1
            for k in range(cut_first[chunks[j]], cut_first[chunks[j] + 1]):
                i = lists[cut_word[k]]
                documents[cursor[i]] = new
                places[cursor[i]] = position * 2 + in_body
                cursor[i] += 1
                position += 1
    return documents, places


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
