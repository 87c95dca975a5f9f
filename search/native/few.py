"""A kernel for words of few articles: matched and scored in one call.

Most questions of people who search an archive find little. Then calling kernels takes longer than
what they do, so this one does it all.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.compilation import kernel
from index.native.lists import Lists, unpack
from index.native.postings import ONCE_IN_BODY, Occurrences, Terms, others_before
from search.native.bitmaps import Bitmap
from search.native.postings import CODES, locate

FEW = 4_096
"""Postings up to which matching and scoring together is the quickest: the rarest word's when all
are required, else those of all words."""


class Words(NamedTuple):
    """Words of few articles.

    numbers: array of int64, the words' lists, in the order in which their scores are added up
    weights: array of float32, idf · boost of each word
    first: when all words are required, the place of that with the fewest documents; else −1
    """

    numbers: NDArray[np.int64]
    weights: NDArray[np.float32]
    first: int


@kernel
def match_and_score(  # noqa: PLR0913  (arrays in, arrays out)
    terms: Terms,
    numbers: NDArray[np.int64],
    weights: NDArray[np.float32],
    first: int,
    saturation: NDArray[np.float32],
    lengths: NDArray[np.uint8],
    scope: Bitmap,
) -> Any:
    """The documents in the scope with all or any of some words, and their scores.

    numbers, weights, first: see Words
    saturation: array of float32, by code · 256 + length code; lengths: array of uint8
    Returns documents (uint32, ascending) and scores (float32).
    """
    lists, occurrences = Lists(*terms[0]), Occurrences(*terms[1])
    every = first >= 0
    documents = documents_of(lists, numbers[first : first + 1] if every else numbers, scope)
    scores = np.zeros(len(documents), np.float32)
    postings = np.empty(len(documents), np.int64)
    other, rank, codes = occurrences.other, occurrences.other_rank, occurrences.code
    for n in range(len(numbers)):
        locate(lists, numbers[n], documents, postings[: len(documents)])
        kept = 0
        last = np.int64(-2)
        stored = 0
        for j in range(len(documents)):
            posting = postings[j]
            if posting < 0 and every:
                continue
            documents[kept] = documents[j]
            scores[kept] = scores[j]
            kept += 1
            if posting < 0:
                continue
            # Those of the rarest word follow each other; then counting goes on from the last one.
            if posting != last + 1:
                stored = others_before(other, rank, posting)
            last = posting
            code = np.int64(ONCE_IN_BODY)
            if (other[posting >> 6] >> np.uint64(posting & 63)) & np.uint64(1):
                code = np.int64(codes[stored])
                stored += 1
            length = np.int64(lengths[documents[kept - 1]])
            scores[kept - 1] += weights[n] * saturation[code * CODES + length]
        documents = documents[:kept]
    return documents, scores[: len(documents)]


@kernel
def documents_of(lists: Lists, numbers: NDArray[np.int64], scope: Bitmap) -> NDArray[np.uint32]:
    """The documents of some lists that are in the scope, ascending, each once."""
    total = 0
    for i in numbers:
        total += lists.first_posting[i + 1] - lists.first_posting[i]
    documents = np.empty(total, np.uint32)
    end = 0
    for i in numbers:
        end += unpack(lists, i, documents[end:])
    if len(numbers) > 1:
        documents.sort()
    kept = 0
    before = np.int64(-1)
    for j in range(end):
        document = documents[j]
        again = np.int64(document) == before
        before = np.int64(document)
        if not again and (scope[document >> 6] >> np.uint64(document & 63)) & np.uint64(1):
            documents[kept] = document
            kept += 1
    return documents[:kept]
