"""Kernels that bring facet values from the order of one file into that of another.

*Numbers* are those of the values in a file: over all facets, the most frequent first. *Identifiers*
are for the way between files: over all facets too, but in the order of facets and texts.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.compilation import kernel
from index.native.merge_postings import GONE

FREQUENT = 1 << 16
"""Values with numbers below this are kept as uint16, the others apart from them as uint32."""

_WEIGHT_BITS = 8


@kernel
def interleave(  # noqa: PLR0913  (arrays in, arrays out)
    out: NDArray[np.uint32],
    out_weights: NDArray[np.uint8],
    ends: NDArray[np.int64],
    first: NDArray[np.int64],
    values: NDArray[np.uint32],
    weights: NDArray[np.uint8],
    begin: int,
) -> None:
    """Put one facet's values behind what each document has in `out` already. In place.

    ends: array of int64, shape (documents,), where each document's next value goes; moved on
    first, values, weights: document d has values[first[d]:first[d + 1]]
    begin: added to every value
    """
    for document in range(len(ends)):
        for j in range(first[document], first[document + 1]):
            out[ends[document]] = values[j] + begin
            out_weights[ends[document]] = weights[j]
            ends[document] += 1


@kernel
def count(values: NDArray[np.uint32], different: int) -> NDArray[np.int64]:
    """How often each value below `different` is there."""
    counts = np.zeros(different, np.int64)
    for value in values:
        counts[value] += 1
    return counts


@kernel
def take(
    values: NDArray[np.uint32],
    weights: NDArray[np.uint8],
    first: NDArray[np.int64],
    order: NDArray[np.int64],
) -> Any:
    """The values and weights of some documents, one after the other, and where each begins."""
    out_first = np.zeros(len(order) + 1, np.int64)
    for new in range(len(order)):
        old = order[new]
        out_first[new + 1] = out_first[new] + first[old + 1] - first[old]
    out = np.empty(out_first[-1], np.uint32)
    out_weights = np.empty(out_first[-1], np.uint8)
    for new in range(len(order)):
        at = out_first[new]
        for j in range(first[order[new]], first[order[new] + 1]):
            out[at] = values[j]
            out_weights[at] = weights[j]
            at += 1
    return out, out_weights, out_first


@kernel
def put(  # noqa: PLR0913  (arrays in, arrays out)
    values: NDArray[np.uint32],
    weights: NDArray[np.uint8],
    first: NDArray[np.int64],
    place: NDArray[np.uint32],
    out_first: NDArray[np.int64],
    out: NDArray[np.uint32],
    out_weights: NDArray[np.uint8],
) -> None:
    """Put the values and weights of documents where they belong among those of others. In place.

    place: array of uint32, the number each document is to have
    out_first: array of int64, shape (all documents + 1,), where those of each number begin
    """
    for document in range(len(place)):
        at = out_first[place[document]]
        for j in range(first[document], first[document + 1]):
            out[at] = values[j]
            out_weights[at] = weights[j]
            at += 1


@kernel
def arrange(
    values: NDArray[np.uint32],
    weights: NDArray[np.uint8],
    first: NDArray[np.int64],
    number: NDArray[np.uint32],
) -> Any:
    """The values of documents by number, ascending in each, frequent and rare ones apart.

    number: array of uint32, the number of each identifier
    Returns where each document's frequent ones begin (uint32, shape (documents + 1,)), those
    (uint16), their weights (uint8); and the same of the rare ones (uint32).
    """
    documents = len(first) - 1
    rare = 0
    for value in values:
        rare += number[value] >= FREQUENT
    frequent_first = np.zeros(documents + 1, np.uint32)
    frequent_values = np.empty(len(values) - rare, np.uint16)
    frequent_weights = np.empty(len(values) - rare, np.uint8)
    rare_first = np.zeros(documents + 1, np.uint32)
    rare_values = np.empty(rare, np.uint32)
    rare_weights = np.empty(rare, np.uint8)
    f = 0
    r = 0
    for document in range(documents):
        begin = first[document]
        keys = np.empty(first[document + 1] - begin, np.int64)
        for j in range(len(keys)):
            key = np.int64(number[values[begin + j]]) << _WEIGHT_BITS
            keys[j] = key | np.int64(weights[begin + j])
        keys.sort()
        for key in keys:
            if key >> _WEIGHT_BITS < FREQUENT:
                frequent_values[f] = key >> _WEIGHT_BITS
                frequent_weights[f] = key & 0xFF
                f += 1
            else:
                rare_values[r] = key >> _WEIGHT_BITS
                rare_weights[r] = key & 0xFF
                r += 1
        frequent_first[document + 1] = f
        rare_first[document + 1] = r
    return frequent_first, frequent_values, frequent_weights, rare_first, rare_values, rare_weights


@kernel
def identify(  # noqa: PLR0913  (arrays in, arrays out)
    first: NDArray[np.uint32],
    values: NDArray[np.uint16],
    weights: NDArray[np.uint8],
    rare_first: NDArray[np.uint32],
    rare_values: NDArray[np.uint32],
    rare_weights: NDArray[np.uint8],
    identifier: NDArray[np.uint32],
    documents: NDArray[np.int64],
) -> Any:
    """The values of some documents as identifiers, each once in a document.

    first … rare_weights: as in index.native.facets.Values, where empty arrays stand for none
    identifier: array of uint32, that of each number, or GONE; several may have the same
    Returns identifiers (uint32), ascending in each document, weights (uint8), of several the
    greatest, and where each document's begin (int64, shape (documents + 1,)).
    """
    most = 0
    for document in documents:
        most += first[document + 1] - first[document]
        if len(rare_first):
            most += rare_first[document + 1] - rare_first[document]
    out = np.empty(most, np.uint32)
    out_weights = np.empty(most, np.uint8)
    out_first = np.zeros(len(documents) + 1, np.int64)
    n = 0
    for place in range(len(documents)):
        document = documents[place]
        count = np.int64(first[document + 1]) - np.int64(first[document])
        if len(rare_first):
            count += np.int64(rare_first[document + 1]) - np.int64(rare_first[document])
        keys = np.empty(count, np.int64)
        k = 0
        for j in range(np.int64(first[document]), np.int64(first[document + 1])):
            weight = np.int64(weights[j]) if len(weights) else 1
            keys[k] = (np.int64(identifier[values[j]]) << _WEIGHT_BITS) | weight
            k += 1
        if len(rare_first):
            for j in range(np.int64(rare_first[document]), np.int64(rare_first[document + 1])):
                weight = np.int64(rare_weights[j]) if len(rare_weights) else 1
                keys[k] = (np.int64(identifier[rare_values[j]]) << _WEIGHT_BITS) | weight
                k += 1
        keys.sort()
        for k in range(count):
            key = keys[k] >> _WEIGHT_BITS
            if key == GONE or (k + 1 < count and keys[k + 1] >> _WEIGHT_BITS == key):
                continue
            out[n] = key
            out_weights[n] = keys[k] & 0xFF
            n += 1
        out_first[place + 1] = n
    return out[:n], out_weights[:n], out_first
