"""Posting lists as plain Python, and the same as the writers of the native index pack them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.native.files import Arrays, ArraysWriter
from index.native.lists import BLOCK, DENSE_FROM, FileLists, Lists
from index.native.postings import Occurrences, Terms, list_places, read_lists, read_occurrences
from index.native.postings_writer import Encoded, ListsWriter, OccurrencesWriter, encode_postings

DOCUMENTS = 3 * BLOCK + 5_000
"""Three whole blocks and a part of one."""

BLOCKS = 4

Posting = tuple[tuple[int, ...], tuple[int, ...]]
"""The positions of a word in the title and in the body of a document."""

PostingList = Mapping[int, Posting]
"""By document, ascending."""

ONCE: Posting = ((), (0,))


def as_terms(lists: Lists, occurrences: Occurrences) -> Terms:
    """As kernels take them from Python."""
    return tuple(lists), tuple(occurrences)


def write_postings(
    folder: Path, lists: Sequence[PostingList], at_once: int = 3
) -> tuple[Lists, Occurrences]:
    """The lists written to a file, `at_once` of them at a time, and mapped again."""
    file = ArraysWriter(folder / "postings")
    writers = ListsWriter(file, "term"), OccurrencesWriter(file, "term")
    for start in range(0, len(lists), at_once):
        documents, first, *encoded = encode_postings(
            *occurrences_of(lists[start : start + at_once])
        )
        writers[0].append(documents, first)
        writers[1].append(Encoded(*encoded))
    writers[1].close()
    file.close({})
    mapped = Arrays(folder / "postings")
    return read_lists(mapped, "term"), read_occurrences(mapped, "term")


def write_lists(folder: Path, *several: Sequence[Iterable[int]]) -> Lists:
    """Lists without occurrences, as those of facets, under "0", "1" and so on; returns the first."""
    file = ArraysWriter(folder / "lists")
    for number, lists in enumerate(several):
        every = [np.array(sorted(each), np.uint32) for each in lists]
        first = np.cumsum([0, *map(len, every)])
        documents = np.concatenate([np.zeros(0, np.uint32), *every])
        ListsWriter(file, str(number)).append(documents, first)
    file.close({})
    return read_lists(Arrays(folder / "lists"), "0")


def in_one_file(folder: Path, *several: Sequence[Iterable[int]]) -> tuple[FileLists, list[int]]:
    """Lists written as above, in another order, and which of all of them each is."""
    write_lists(folder, *several)
    file = Arrays(folder / "lists")
    places = np.concatenate([list_places(file, str(number)) for number in range(len(several))])
    sizes = np.array([len(set(each)) for lists in several for each in lists], np.uint32)
    order = np.roll(np.arange(len(sizes)), 3)
    lists = file.whole("<u2"), file.whole("<u8"), places[order], sizes[order]
    return lists, order.tolist()


def occurrences_of(
    lists: Sequence[PostingList],
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.int64]]:
    """Documents and places of all occurrences, and where each list's begin."""
    documents: list[int] = []
    places: list[int] = []
    first = [0]
    for postings in lists:
        for document, (title, body) in sorted(postings.items()):
            documents += [document] * (len(title) + len(body))
            places += [position * 2 for position in title]
            places += [position * 2 + 1 for position in body]
        first.append(len(documents))
    return np.array(documents, np.uint32), np.array(places, np.uint32), np.array(first, np.int64)


def code(posting: Posting) -> int:
    """The frequency code the format gives a posting."""
    title, body = posting
    return min(len(title), 3) * 64 + min(len(body), 63)


def bitmap(documents: Iterable[int], blocks: int = BLOCKS) -> NDArray[np.uint64]:
    """The bitmap of some documents."""
    bits = np.zeros(blocks * BLOCK, bool)
    bits[list(documents)] = True
    return np.packbits(bits, bitorder="little").view(np.uint64)


def members(bits: NDArray[np.uint64]) -> list[int]:
    """The documents of a bitmap."""
    found: list[int] = np.flatnonzero(
        np.unpackbits(bits.view(np.uint8), bitorder="little")
    ).tolist()
    return found


def read_only(values: NDArray[Any]) -> NDArray[Any]:
    """An array as if mapped from a file."""
    values.flags.writeable = False
    return values


def shapes_of_lists(seed: int) -> list[list[int]]:
    """Documents of lists of every kind: empty, sparse, dense, both, and at every edge."""
    chance = random.Random(seed)

    def some(start: int, count: int) -> list[int]:
        return sorted(chance.sample(range(start, min(start + BLOCK, DOCUMENTS)), count))

    edges = [b * BLOCK + within for b in range(3) for within in (0, 1, 63, 64, 511, 512, 65_535)]
    return [
        [],
        [0],
        [DOCUMENTS - 1],
        sorted({*edges, DOCUMENTS - 1}),
        some(0, 900) + some(BLOCK, 50) + some(2 * BLOCK, 1) + some(3 * BLOCK, 700),
        some(BLOCK, DENSE_FROM),
        some(BLOCK, DENSE_FROM - 1),
        [],
        some(0, DENSE_FROM - 1) + some(BLOCK, 9_000) + some(3 * BLOCK, DENSE_FROM),
        some(0, 5_000) + some(2 * BLOCK, 4_500),
        list(range(BLOCK, 2 * BLOCK)),
        sorted({0, BLOCK - 1, *some(0, 30_000)}) + some(2 * BLOCK, 10),
        [],
    ]


def lists_of_postings(seed: int) -> list[PostingList]:
    """Lists of every kind with postings of every kind, most of them once in the body."""
    chance = random.Random(seed)
    return [
        {document: _posting(chance) for document in documents}
        for documents in shapes_of_lists(seed)
    ]


def _posting(chance: random.Random) -> Posting:
    if chance.random() < 0.8:
        return (), (chance.randrange(400),)
    kind = chance.randrange(60)
    if kind == 0:
        return (), tuple(sorted(chance.sample(range(300), chance.choice((62, 63, 64, 90)))))
    if kind == 1:
        return tuple(range(chance.choice((3, 4, 7)))), (190, 191, 192, 16_319, 16_320, 40_000)
    if kind == 3:
        return (), (chance.choice((65_534, 65_535, 65_536, 70_000)),)
    if kind == 2:
        return (chance.choice((191, 192, 16_318, 16_319, 16_320, 16_321, 70_000)),), ()
    title = tuple(sorted(chance.sample(range(12), chance.randrange(4))))
    body = tuple(sorted(chance.sample(range(500), chance.randrange(0 if title else 1, 6))))
    return title, body
