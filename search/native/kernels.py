"""The loops of searching. Plain functions over arrays; each has a slow obvious twin in the tests.

A *bitmap* is an array of uint64 with one bit a document of a segment, in whole blocks: shape
(blocks · 1,024,). Documents are ascending arrays of uint32. See index.native.lists for Lists
and index.native.postings for Occurrences.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.compilation import kernel
from index.native.bits import highest_bit, lowest_bit, popcount
from index.native.lists import (
    BLOCK,
    DENSE_FROM,
    RANK_GROUP_WORDS,
    RANKS_OF_BLOCK,
    WORDS_OF_BLOCK,
    Lists,
)
from index.native.postings import (
    IN_TITLE,
    MOST_IN_BODY,
    MOST_IN_TITLE,
    ONCE_IN_BODY,
    ONE_BYTE,
    START_EVERY,
    Occurrences,
    code_of,
    end_of_positions,
)

CODES = 256
READ_AHEAD = 256
"""Documents whose values are read before they are counted: 32 KB, what the first cache holds."""
VALUES_OF_A_LINE = 16
"""Values of 4 bytes in the 64 that a processor fetches at once."""

Bitmap = NDArray[np.uint64]
Documents = NDArray[np.uint32]


class Leaves(NamedTuple):
    """The words of a plan that score, in flat arrays of one shape.

    number: array of int64, the word's list in the segment
    weight: array of float32, idf · boost
    saturation: array of int64, which table of `saturations` applies
    mask: array of int64, which row of the masks a document must be in, or −1 for none
    """

    number: NDArray[np.int64]
    weight: NDArray[np.float32]
    saturation: NDArray[np.int64]
    mask: NDArray[np.int64]


class Extras(NamedTuple):
    """Scores that are known by document: those of phrases and of words matched by a pattern.

    documents: array of uint32, several ascending runs one after the other
    scores: array of float32, of the same shape
    first: array of int64, shape (runs + 1,), where each run begins
    """

    documents: Documents
    scores: NDArray[np.float32]
    first: NDArray[np.int64]


@kernel
def add_lists(bits: Bitmap, lists: Lists, numbers: NDArray[np.int64]) -> None:
    """Set the bits of the documents of some lists. In place."""
    for i in numbers:
        s = np.int64(lists.first_sparse[i])
        d = np.int64(lists.first_dense[i]) * WORDS_OF_BLOCK
        for c in range(lists.first_container[i], lists.first_container[i + 1]):
            base = np.int64(lists.container_block[c]) * WORDS_OF_BLOCK
            count = np.int64(lists.container_count[c]) + 1
            if count < DENSE_FROM:
                for j in range(s, s + count):
                    within = np.int64(lists.sparse[j])
                    bits[base + (within >> 6)] |= np.uint64(1) << np.uint64(within & 63)
                s += count
            else:
                for w in range(WORDS_OF_BLOCK):
                    bits[base + w] |= lists.dense[d + w]
                d += WORDS_OF_BLOCK


@kernel
def add_documents(bits: Bitmap, documents: Documents) -> None:
    """Set the bits of some documents. In place."""
    for document in documents:
        bits[document >> 6] |= np.uint64(1) << np.uint64(document & 63)


@kernel
def keep_list(bits: Bitmap, lists: Lists, i: int) -> None:
    """Clear the bits of all documents that are not in list i. In place."""
    s = np.int64(lists.first_sparse[i])
    d = np.int64(lists.first_dense[i]) * WORDS_OF_BLOCK
    kept = np.empty(WORDS_OF_BLOCK, np.uint64)
    done = 0
    for c in range(lists.first_container[i], lists.first_container[i + 1]):
        base = np.int64(lists.container_block[c]) * WORDS_OF_BLOCK
        count = np.int64(lists.container_count[c]) + 1
        bits[done:base] = 0
        if count < DENSE_FROM:
            kept[:] = 0
            for j in range(s, s + count):
                within = np.int64(lists.sparse[j])
                kept[within >> 6] |= np.uint64(1) << np.uint64(within & 63)
            for w in range(WORDS_OF_BLOCK):
                bits[base + w] &= kept[w]
            s += count
        else:
            for w in range(WORDS_OF_BLOCK):
                bits[base + w] &= lists.dense[d + w]
            d += WORDS_OF_BLOCK
        done = base + WORDS_OF_BLOCK
    bits[done:] = 0


@kernel
def count_bits(bits: Bitmap) -> int:
    """How many bits are set."""
    total = 0
    for word in bits:
        total += popcount(word)
    return total


@kernel
def count_bits_between(bits: Bitmap, bounds: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many bits are set from each bound to the next; bounds ascending. Shape (bounds − 1,)."""
    counts = np.zeros(len(bounds) - 1, np.int64)
    for i in range(len(counts)):
        start, end = bounds[i], bounds[i + 1]
        if start == end:
            continue
        first, last = start >> 6, (end - 1) >> 6
        from_start = ~np.uint64(0) << np.uint64(start & 63)
        to_end = ~np.uint64(0) >> np.uint64(63 - ((end - 1) & 63))
        if first == last:
            counts[i] = popcount(bits[first] & from_start & to_end)
            continue
        total = popcount(bits[first] & from_start) + popcount(bits[last] & to_end)
        for word in range(first + 1, last):
            total += popcount(bits[word])
        counts[i] = total
    return counts


@kernel
def set_range(bits: Bitmap, start: int, end: int) -> None:
    """Set the bits from start to before end. In place."""
    for document in range(start, min(end, (start + 63) >> 6 << 6)):
        bits[document >> 6] |= np.uint64(1) << np.uint64(document & 63)
    first = (start + 63) >> 6
    for word in range(first, end >> 6):
        bits[word] = ~np.uint64(0)
    for document in range(max(start, max(first, end >> 6) << 6), end):
        bits[document >> 6] |= np.uint64(1) << np.uint64(document & 63)


@kernel
def documents_of(bits: Bitmap, count: int) -> Documents:
    """The documents whose bits are set, ascending; count is how many."""
    documents = np.empty(count, np.uint32)
    n = 0
    for w in range(len(bits)):
        word = bits[w]
        while word:
            documents[n] = w * 64 + lowest_bit(word)
            n += 1
            word &= word - np.uint64(1)
    return documents


@kernel
def first_documents(bits: Bitmap, start: int, most: int) -> Documents:
    """The first documents from `start` on whose bits are set, ascending, at most `most`."""
    documents = np.empty(most, np.uint32)
    n = 0
    w = start >> 6
    if w >= len(bits):
        return documents[:0]
    word = bits[w] & (~np.uint64(0) << np.uint64(start & 63))
    while n < most:
        while word and n < most:
            documents[n] = w * 64 + lowest_bit(word)
            n += 1
            word &= word - np.uint64(1)
        w += 1
        if w == len(bits):
            break
        if n < most:
            word = bits[w]
    return documents[:n]


@kernel
def last_documents(bits: Bitmap, end: int, most: int) -> Documents:
    """The last documents before `end` whose bits are set, descending, at most `most`."""
    documents = np.empty(most, np.uint32)
    n = 0
    if end <= 0:
        return documents[:0]
    w = (end - 1) >> 6
    word = bits[w] & (~np.uint64(0) >> np.uint64(63 - ((end - 1) & 63)))
    while n < most:
        while word and n < most:
            bit = highest_bit(word)
            documents[n] = w * 64 + bit
            n += 1
            word ^= np.uint64(1) << np.uint64(bit)
        w -= 1
        if w < 0:
            break
        if n < most:
            word = bits[w]
    return documents[:n]


@kernel
def locate(  # noqa: C901, PLR0912 - a container is sparse or dense, and walked in one go
    lists: Lists, i: int, documents: Documents, postings: NDArray[np.int64]
) -> None:
    """The posting of each document in list i, or −1 where it is not in it. In place.

    documents: ascending; postings: array of int64 of the same shape, overwritten
    """
    postings[:] = -1
    posting = np.int64(lists.first_posting[i])
    s = np.int64(lists.first_sparse[i])
    d = np.int64(lists.first_dense[i])
    at = 0
    for c in range(lists.first_container[i], lists.first_container[i + 1]):
        base = np.int64(lists.container_block[c]) * BLOCK
        count = np.int64(lists.container_count[c]) + 1
        while at < len(documents) and documents[at] < base:
            at += 1
        if count < DENSE_FROM:
            low = s
            while at < len(documents) and documents[at] < base + BLOCK:
                within = np.uint16(documents[at] - base)
                # Gallop: the next document is mostly not far.
                step = 1
                while low + step < s + count and lists.sparse[low + step] <= within:
                    step *= 2
                high = min(low + step, s + count)
                low += step // 2
                while low + 1 < high:
                    middle = (low + high) // 2
                    if lists.sparse[middle] <= within:
                        low = middle
                    else:
                        high = middle
                if lists.sparse[low] == within:
                    postings[at] = posting + low - s
                at += 1
            s += count
        else:
            while at < len(documents) and documents[at] < base + BLOCK:
                within = np.int64(documents[at]) - base
                word = within >> 6
                bit = np.uint64(within & 63)
                bits = lists.dense[d * WORDS_OF_BLOCK + word]
                if (bits >> bit) & np.uint64(1):
                    group = word // RANK_GROUP_WORDS
                    rank = np.int64(lists.dense_rank[d * RANKS_OF_BLOCK + group])
                    for before in range(group * RANK_GROUP_WORDS, word):
                        rank += popcount(lists.dense[d * WORDS_OF_BLOCK + before])
                    rank += popcount(bits & ((np.uint64(1) << bit) - np.uint64(1)))
                    postings[at] = posting + rank
                at += 1
            d += 1
        posting += count


@kernel
def score_documents(  # noqa: PLR0913  (arrays in, arrays out)
    documents: Documents,
    lists: Lists,
    occurrences: Occurrences,
    leaves: Leaves,
    extras: Extras,
    masks: NDArray[np.uint64],
    saturations: NDArray[np.float32],
    lengths: NDArray[np.uint8],
    constant: float,
) -> NDArray[np.float32]:
    """The score of each document, looked up in the lists: for few documents.

    masks: array of uint64, shape (masks, words of a bitmap)
    saturations: array of float32, shape (tables, 256 · 256), by code · 256 + length code
    lengths: array of uint8, the length code of each document of the segment
    constant: what every document gets
    """
    scores = np.full(len(documents), constant, np.float32)
    postings = np.empty(len(documents), np.int64)
    for leaf in range(len(leaves.number)):
        locate(lists, leaves.number[leaf], documents, postings)
        mask = leaves.mask[leaf]
        for j in range(len(documents)):
            document = np.int64(documents[j])
            if postings[j] < 0:
                continue
            if mask >= 0 and not (masks[mask, document >> 6] >> np.uint64(document & 63)) & 1:
                continue
            code = code_of(occurrences, postings[j])
            saturated = saturations[
                leaves.saturation[leaf], code * CODES + np.int64(lengths[document])
            ]
            scores[j] += leaves.weight[leaf] * saturated
    for run in range(len(extras.first) - 1):
        j = 0
        for e in range(extras.first[run], extras.first[run + 1]):
            while j < len(documents) and documents[j] < extras.documents[e]:
                j += 1
            if j < len(documents) and documents[j] == extras.documents[e]:
                scores[j] += extras.scores[e]
    return scores


@kernel
def best_of(
    documents: Documents, scores: NDArray[np.float32], most: int, below: float, before: int
) -> Any:
    """The best scored documents, at most `most`, the later one first when scores are equal.

    Only those with a score less than `below`, or equal to it and a document less than `before`.
    Returns documents (uint32) and scores (float32).
    """
    best = np.empty(most, np.uint32)
    best_scores = np.empty(most, np.float32)
    n = 0
    for back in range(len(documents)):
        j = len(documents) - 1 - back
        if scores[j] < below or (scores[j] == below and documents[j] < before):
            n = _insert(best, best_scores, n, documents[j], scores[j])
    return best[:n], best_scores[:n]


@kernel
def _insert(
    best: Documents, scores: NDArray[np.float32], n: int, document: int, score: float
) -> int:
    """Put a document into the n best, behind those of equal score; returns how many there are."""
    if n == len(best):
        if n == 0 or score <= scores[n - 1]:
            return n
        n -= 1
    at = n
    while at > 0 and scores[at - 1] < score:
        scores[at] = scores[at - 1]
        best[at] = best[at - 1]
        at -= 1
    scores[at] = score
    best[at] = document
    return n + 1


@kernel
def best_by_blocks(  # noqa: C901, PLR0912, PLR0913 - one loop over blocks, arrays in and out
    hits: Bitmap,
    lists: Lists,
    occurrences: Occurrences,
    leaves: Leaves,
    extras: Extras,
    masks: NDArray[np.uint64],
    saturations: NDArray[np.float32],
    lengths: NDArray[np.uint8],
    constant: float,
    most: int,
    below: float,
    before: int,
) -> Any:
    """The best scored hits, found by adding up all postings block by block: for many hits.

    Parameters as for score_documents and best_of, and the same result as both together. Blocks
    and documents are gone through from the last one, so that equal scores need no comparison.
    """
    best = np.empty(most, np.uint32)
    best_scores = np.empty(most, np.float32)
    n = 0
    scores = np.full(BLOCK, constant, np.float32)
    places = _ends_of_leaves(lists, occurrences, leaves)
    extra_ends = extras.first[1:].copy()
    blocks = len(hits) // WORDS_OF_BLOCK
    for block in range(blocks - 1, -1, -1):
        base = block * WORDS_OF_BLOCK
        block_lengths = lengths[block * BLOCK : (block + 1) * BLOCK]
        for leaf in range(len(leaves.number)):
            container = places[leaf, 0] - 1
            if container < lists.first_container[leaves.number[leaf]]:
                continue
            if lists.container_block[container] != block:
                continue
            _add_container(
                scores,
                block_lengths,
                lists,
                occurrences,
                leaves,
                leaf,
                places,
                masks,
                base,
                saturations[leaves.saturation[leaf]],
            )
        for run in range(len(extra_ends)):
            e = extra_ends[run]
            while e > extras.first[run] and extras.documents[e - 1] >= block * BLOCK:
                e -= 1
                scores[extras.documents[e] - block * BLOCK] += extras.scores[e]
            extra_ends[run] = e
        as_integers = scores.view(np.int32)
        for w in range(WORDS_OF_BLOCK - 1, -1, -1):
            word = hits[base + w]
            if not word:
                continue
            if n == most and n > 0:
                # Floats of one sign are ordered like their bits, and integers compare faster.
                highest = np.int32(0)
                for score in as_integers[w * 64 : w * 64 + 64]:
                    highest = max(highest, score)
                if highest <= best_scores[n - 1 : n].view(np.int32)[0]:
                    continue
            while word:
                bit = highest_bit(word)
                word ^= np.uint64(1) << np.uint64(bit)
                score = scores[w * 64 + bit]
                document = (base + w) * 64 + bit
                if score < below or (score == below and document < before):
                    n = _insert(best, best_scores, n, document, score)
        scores[:] = constant
    return best[:n], best_scores[:n]


@kernel
def best_of_word(  # noqa: PLR0913  (arrays in, arrays out)
    hits: Bitmap,
    lists: Lists,
    occurrences: Occurrences,
    leaves: Leaves,
    saturations: NDArray[np.float32],
    lengths: NDArray[np.uint8],
    constant: float,
    most: int,
    below: float,
    before: int,
) -> Any:
    """The best scored hits of one leaf without a mask, posting by posting from the last one.

    Parameters as for best_by_blocks, and the same result when all hits have the leaf's word.
    """
    best = np.empty(most, np.uint32)
    best_scores = np.empty(most, np.float32)
    n = 0
    i = leaves.number[0]
    weight = leaves.weight[0]
    saturation = saturations[leaves.saturation[0]]
    posting = np.int64(lists.first_posting[i + 1])
    stored = _stored_codes_before(occurrences, posting)
    s = np.int64(lists.first_sparse[i + 1])
    d = np.int64(lists.first_dense[i + 1])
    for c in range(lists.first_container[i + 1] - 1, np.int64(lists.first_container[i]) - 1, -1):
        base = np.int64(lists.container_block[c]) * BLOCK
        count = np.int64(lists.container_count[c]) + 1
        dense = count >= DENSE_FROM
        w = WORDS_OF_BLOCK
        word = np.uint64(0)
        if dense:
            d -= 1
        for _ in range(count):
            if dense:
                while not word:
                    w -= 1
                    word = lists.dense[d * WORDS_OF_BLOCK + w]
                bit = highest_bit(word)
                word ^= np.uint64(1) << np.uint64(bit)
                document = base + w * 64 + bit
            else:
                s -= 1
                document = base + np.int64(lists.sparse[s])
            posting -= 1
            code = ONCE_IN_BODY
            if (occurrences.other[posting >> 6] >> np.uint64(posting & 63)) & np.uint64(1):
                stored -= 1
                code = np.int64(occurrences.code[stored])
            score = constant + weight * saturation[code * CODES + np.int64(lengths[document])]
            if n == most and (n == 0 or score <= best_scores[n - 1]):
                continue
            if not (hits[document >> 6] >> np.uint64(document & 63)) & np.uint64(1):
                continue
            if score < below or (score == below and document < before):
                n = _insert(best, best_scores, n, document, score)
    return best[:n], best_scores[:n]


@kernel
def _ends_of_leaves(lists: Lists, occurrences: Occurrences, leaves: Leaves) -> NDArray[np.int64]:
    """Where each leaf's list ends.

    Array of int64, shape (leaves, 5): behind its last container, posting, document in a sparse
    container, dense container and stored code.
    """
    places = np.empty((len(leaves.number), 5), np.int64)
    for leaf in range(len(leaves.number)):
        i = leaves.number[leaf]
        places[leaf, 0] = lists.first_container[i + 1]
        places[leaf, 1] = lists.first_posting[i + 1]
        places[leaf, 2] = lists.first_sparse[i + 1]
        places[leaf, 3] = lists.first_dense[i + 1]
        places[leaf, 4] = _stored_codes_before(occurrences, places[leaf, 1])
    return places


@kernel
def _stored_codes_before(occurrences: Occurrences, posting: int) -> int:
    """How many postings before this one have a stored code."""
    if posting == 0:
        return 0
    last = posting - 1
    word = last >> 6
    rank = np.int64(occurrences.other_rank[word // 8])
    for before in range(word // 8 * 8, word):
        rank += popcount(occurrences.other[before])
    through = ~np.uint64(0) >> np.uint64(63 - (last & 63))
    return rank + popcount(occurrences.other[word] & through)


@kernel
def _add_container(  # noqa: PLR0913  (arrays in, arrays out)
    scores: NDArray[np.float32],
    lengths: NDArray[np.uint8],
    lists: Lists,
    occurrences: Occurrences,
    leaves: Leaves,
    leaf: int,
    places: NDArray[np.int64],
    masks: NDArray[np.uint64],
    base: int,
    saturation: NDArray[np.float32],
) -> None:
    """Add the scores of a leaf's last container that is left, from its end. In place."""
    container = places[leaf, 0] - 1
    count = np.int64(lists.container_count[container]) + 1
    weight = leaves.weight[leaf]
    mask = leaves.mask[leaf]
    posting = places[leaf, 1]
    stored = places[leaf, 4]
    once = saturation[ONCE_IN_BODY * CODES : (ONCE_IN_BODY + 1) * CODES]
    if count < DENSE_FROM:
        s = places[leaf, 2]
        for back in range(1, count + 1):
            within = np.int64(lists.sparse[s - back])
            posting -= 1
            if (occurrences.other[posting >> 6] >> np.uint64(posting & 63)) & np.uint64(1):
                stored -= 1
                code = np.int64(occurrences.code[stored])
                score = weight * saturation[code * CODES + np.int64(lengths[within])]
            else:
                score = weight * once[lengths[within]]
            if mask >= 0:
                word = masks[mask, base + (within >> 6)]
                score *= np.float32((word >> np.uint64(within & 63)) & np.uint64(1))
            scores[within] += score
        places[leaf, 2] -= count
    else:
        d = (places[leaf, 3] - 1) * WORDS_OF_BLOCK
        for w in range(WORDS_OF_BLOCK - 1, -1, -1):
            word = lists.dense[d + w]
            while word:
                bit = highest_bit(word)
                word ^= np.uint64(1) << np.uint64(bit)
                within = w * 64 + bit
                posting -= 1
                if (occurrences.other[posting >> 6] >> np.uint64(posting & 63)) & np.uint64(1):
                    stored -= 1
                    code = np.int64(occurrences.code[stored])
                    score = weight * saturation[code * CODES + np.int64(lengths[within])]
                else:
                    score = weight * once[lengths[within]]
                if mask >= 0:
                    score *= np.float32((masks[mask, base + w] >> np.uint64(bit)) & np.uint64(1))
                scores[within] += score
        places[leaf, 3] -= 1
    places[leaf, 0] = container
    places[leaf, 1] = posting
    places[leaf, 4] = stored


@kernel
def in_field(
    lists: Lists, occurrences: Occurrences, i: int, documents: Documents, title: bool
) -> NDArray[np.bool_]:
    """For each document of list i, all of them given, whether the word is in the one field."""
    found = np.empty(len(documents), np.bool_)
    first = np.int64(lists.first_posting[i])
    for j in range(len(documents)):
        code = code_of(occurrences, first + j)
        found[j] = code >= IN_TITLE if title else code % IN_TITLE > 0
    return found


@kernel
def find_phrase(  # noqa: PLR0913  (arrays in, arrays out)
    lists: Lists,
    occurrences: Occurrences,
    numbers: NDArray[np.int64],
    slop: int,
    documents: Documents,
    longest: int,
) -> Any:
    """How often a phrase begins in title and body of documents that have all its words.

    numbers: array of int64, the words' lists in order; longest: words of the longest document
    Returns codes as in index.native.postings, array of uint8, 0 where it is in neither.
    """
    codes = np.zeros(len(documents), np.uint8)
    words = len(numbers)
    postings = np.empty((words, len(documents)), np.int64)
    for word in range(words):
        locate(lists, numbers[word], documents, postings[word])
    last_posting = np.full(words, -2, np.int64)
    last_end = np.zeros(words, np.int64)
    title = np.empty((words, longest), np.int32)
    body = np.empty((words, longest), np.int32)
    in_title = np.zeros(words, np.int64)
    in_body = np.zeros(words, np.int64)
    for j in range(len(documents)):
        for word in range(words):
            posting = postings[word, j]
            begin = _begin_of_positions(occurrences, posting, last_posting[word], last_end[word])
            code = code_of(occurrences, posting)
            in_title[word], in_body[word], last_end[word] = _read_positions(
                occurrences.position, begin, code, title[word], body[word]
            )
            last_posting[word] = posting
        codes[j] = min(_begins(title, in_title, slop), MOST_IN_TITLE) * IN_TITLE + min(
            _begins(body, in_body, slop), MOST_IN_BODY
        )
    return codes


@kernel
def _begin_of_positions(
    occurrences: Occurrences, posting: int, last_posting: int, last_end: int
) -> int:
    """Where a posting's positions begin, going on from one already read if that is nearer."""
    at = posting // START_EVERY * START_EVERY
    begin = np.int64(occurrences.position_start[posting // START_EVERY])
    if at <= last_posting < posting:
        at = last_posting + 1
        begin = last_end
    if at == posting:
        return begin
    stored = _stored_codes_before(occurrences, at)
    while at < posting:
        code = ONCE_IN_BODY
        if (occurrences.other[at >> 6] >> np.uint64(at & 63)) & np.uint64(1):
            code = np.int64(occurrences.code[stored])
            stored += 1
        begin = end_of_positions(occurrences.position, begin, code)
        at += 1
    return begin


@kernel
def _read_positions(
    position: NDArray[np.uint8],
    begin: int,
    code: int,
    title: NDArray[np.int32],
    body: NDArray[np.int32],
) -> Any:
    """Read the positions of a posting; returns how many in title and body, and where they end."""
    at = begin
    in_title = 0
    if code >= IN_TITLE:
        before = -1
        while position[at] != 0 and in_title < len(title):
            gap, at = _read_number(position, at)
            before += gap
            title[in_title] = before
            in_title += 1
        at += 1
    in_body = 0
    most = code % IN_TITLE
    before = -1
    while in_body < len(body) and (in_body < most or (most == MOST_IN_BODY and position[at] != 0)):
        gap, at = _read_number(position, at)
        before += gap
        body[in_body] = before
        in_body += 1
    if most == MOST_IN_BODY:
        at += 1
    return in_title, in_body, at


@kernel
def _read_number(position: NDArray[np.uint8], at: int) -> Any:
    """A number and where the next one begins."""
    head = np.int64(position[at])
    if head < ONE_BYTE:
        return head, at + 1
    if head < 255:
        return ONE_BYTE + ((head - ONE_BYTE) << 8) + np.int64(position[at + 1]), at + 2
    number = np.int64(0)
    for byte in range(4):
        number |= np.int64(position[at + 1 + byte]) << (8 * byte)
    return number, at + 5


@kernel
def _begins(positions: NDArray[np.int32], counts: NDArray[np.int64], slop: int) -> int:
    """At how many positions of the first word the others follow in order within the slop."""
    words = len(counts)
    found = 0
    cursor = np.zeros(words, np.int64)
    for first in range(counts[0]):
        place = positions[0, first]
        complete = True
        # The earliest place for each word is the best one for those after it.
        for word in range(1, words):
            while cursor[word] < counts[word] and positions[word, cursor[word]] <= place:
                cursor[word] += 1
            if cursor[word] == counts[word]:
                complete = False
                break
            place = positions[word, cursor[word]]
        if not complete:
            break
        if place - positions[0, first] - (words - 1) <= slop:
            found += 1
    return found


@kernel
def count_in_lists(bits: Bitmap, lists: Lists, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many documents of each list have their bit set; a number of −1 is an empty list."""
    counts = np.zeros(len(numbers), np.int64)
    for n in range(len(numbers)):
        i = numbers[n]
        if i < 0:
            continue
        s = np.int64(lists.first_sparse[i])
        d = np.int64(lists.first_dense[i]) * WORDS_OF_BLOCK
        total = 0
        for c in range(lists.first_container[i], lists.first_container[i + 1]):
            base = np.int64(lists.container_block[c]) * WORDS_OF_BLOCK
            count = np.int64(lists.container_count[c]) + 1
            if count < DENSE_FROM:
                for j in range(s, s + count):
                    within = np.int64(lists.sparse[j])
                    word = bits[base + (within >> 6)]
                    total += np.int64((word >> np.uint64(within & 63)) & np.uint64(1))
                s += count
            else:
                for w in range(WORDS_OF_BLOCK):
                    total += popcount(bits[base + w] & lists.dense[d + w])
                d += WORDS_OF_BLOCK
        counts[n] = total
    return counts


@kernel
def count_values(
    documents: Documents,
    first: NDArray[np.uint32],
    value: NDArray[np.uint32],
    renumbered: NDArray[np.uint32],
    counts: NDArray[np.int32],
) -> int:
    """Count the values of documents, going from each document to its values. In place.

    first, value: as in index.native.segment.FacetArrays
    renumbered: the number by which to count each value; empty when they are the same
    counts: array of int32 by number, added to
    Returns a number that means nothing: without it the compiler would leave out reading ahead.
    """
    ahead = 0
    last = len(value) - 1
    if last < 0:
        return ahead
    for start in range(0, len(documents), READ_AHEAD):
        end = min(start + READ_AHEAD, len(documents))
        # The values of each document are far from those of the one before. Counting waits for
        # each in turn; when they are only read, the processor fetches many at once.
        for i in range(start, end):
            j = np.int64(first[documents[i]])
            ahead += value[min(j, last)] + value[min(j + VALUES_OF_A_LINE - 1, last)]
        for i in range(start, end):
            document = documents[i]
            if len(renumbered):
                for j in range(first[document], first[document + 1]):
                    counts[renumbered[value[j]]] += np.int32(1)
            else:
                for j in range(first[document], first[document + 1]):
                    counts[value[j]] += np.int32(1)
    return ahead


@kernel
def interleave(  # noqa: PLR0913  (arrays in, arrays out)
    out: NDArray[np.uint32],
    ends: NDArray[np.int64],
    first: NDArray[np.uint32],
    value: NDArray[np.uint32],
    renumbered: NDArray[np.uint32],
    begin: int,
) -> None:
    """Put one facet's values behind what each document has in `out` already. In place.

    ends: array of int64, shape (documents,), where each document's next value goes; moved on
    first, value, renumbered: as for count_values; begin: added to every number
    """
    for document in range(len(ends)):
        for j in range(first[document], first[document + 1]):
            number = renumbered[value[j]] if len(renumbered) else value[j]
            out[ends[document]] = number + begin
            ends[document] += 1


@kernel
def values_of(
    documents: Documents,
    first: NDArray[np.uint32],
    value: NDArray[np.uint32],
    renumbered: NDArray[np.uint32],
) -> NDArray[np.uint32]:
    """The values of documents one after the other; parameters as for count_values."""
    total = 0
    for document in documents:
        total += first[document + 1] - first[document]
    values = np.empty(total, np.uint32)
    n = 0
    for document in documents:
        for j in range(first[document], first[document + 1]):
            values[n] = renumbered[value[j]] if len(renumbered) else value[j]
            n += 1
    return values


@kernel
def most_counted(counts: NDArray[np.int32], most: int) -> Any:
    """The numbers with the highest counts above 0, equal ones ascending; clears all counts.

    Returns numbers (int64) and their counts (int64), at most `most`. In place.
    """
    numbers = np.empty(most, np.int64)
    best = np.empty(most, np.int64)
    n = 0
    for number in range(len(counts)):
        count = np.int64(counts[number])
        if count > 0 and most > 0 and (n < most or count > best[n - 1]):
            n = _insert_count(numbers, best, n, number, count)
        counts[number] = 0
    return numbers[:n], best[:n]


@kernel
def most_common(values: NDArray[np.uint32], most: int) -> Any:
    """The same for the numbers in an array, each as often as it counts: for few. Sorts in place."""
    values.sort()
    numbers = np.empty(most, np.int64)
    best = np.empty(most, np.int64)
    n = 0
    j = 0
    while j < len(values):
        begun = j
        while j < len(values) and values[j] == values[begun]:
            j += 1
        if most > 0 and (n < most or j - begun > best[n - 1]):
            n = _insert_count(numbers, best, n, np.int64(values[begun]), j - begun)
    return numbers[:n], best[:n]


@kernel
def _insert_count(
    numbers: NDArray[np.int64], best: NDArray[np.int64], n: int, number: int, count: int
) -> int:
    """Put a number behind those that count as much, the last one out; returns how many there are."""
    at = min(n, len(numbers) - 1)
    while at > 0 and best[at - 1] < count:
        best[at] = best[at - 1]
        numbers[at] = numbers[at - 1]
        at -= 1
    best[at] = count
    numbers[at] = number
    return min(n + 1, len(numbers))
