"""Marking articles of a segment as deleted, and what its statistics lose by that."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.compilation import kernel
from index.native.lists import BLOCK, DENSE_FROM, WORDS_OF_BLOCK, Lists
from index.native.manifest import Deletions
from index.native.segment import Segment


def add_deletions(
    segment: Segment, before: Deletions | None, documents: NDArray[np.int64]
) -> tuple[Deletions, int]:
    """The deletions of a segment with these documents too, and how many they are then."""
    live = np.zeros(-(-segment.articles // 64) * 64, bool)
    live[: segment.articles] = True
    if before is not None:
        bits = np.unpackbits(before.live.view(np.uint8), bitorder="little")
        live &= bits.astype(bool)
    live[documents] = False
    dead = np.flatnonzero(~live[: segment.articles])
    padded = np.zeros(-(-segment.articles // BLOCK) * BLOCK, bool)
    padded[dead] = True
    lost = lost_postings(segment.term_lists, _words(padded))
    terms = np.flatnonzero(lost)
    return (
        Deletions(
            _words(live),
            terms.astype(np.uint32),
            lost[terms],
            int(segment.article_words[dead].sum(dtype=np.int64)),
        ),
        len(dead),
    )


def _words(bits: NDArray[np.bool_]) -> NDArray[np.uint64]:
    return np.packbits(bits, bitorder="little").view(np.uint64)


@kernel
def lost_postings(lists: Lists, dead: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """How many of each list's documents are among the dead.

    dead: array of uint64, a bitmap of whole blocks. Returns array of uint32, shape (lists,).
    """
    lost = np.zeros(len(lists.first_container) - 1, np.uint32)
    for i in range(len(lost)):
        s = np.int64(lists.first_sparse[i])
        d = np.int64(lists.first_dense[i])
        for c in range(lists.first_container[i], lists.first_container[i + 1]):
            base = np.int64(lists.container_block[c]) * WORDS_OF_BLOCK
            count = np.int64(lists.container_count[c]) + 1
            if count < DENSE_FROM:
                for j in range(s, s + count):
                    within = np.int64(lists.sparse[j])
                    word = dead[base + (within >> 6)]
                    lost[i] += (word >> np.uint64(within & 63)) & np.uint64(1)
                s += count
            else:
                for w in range(WORDS_OF_BLOCK):
                    both = lists.dense[d * WORDS_OF_BLOCK + w] & dead[base + w]
                    while both:
                        both &= both - np.uint64(1)
                        lost[i] += 1
                d += 1
    return lost
