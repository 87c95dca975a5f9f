"""Looking for phrases: their kernels against slow obvious twins."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from native_arrays import (
    BLOCKS,
    DOCUMENTS,
    Posting,
    PostingList,
    as_terms,
    bitmap,
    shapes_of_lists,
    write_lists,
    write_postings,
)
from numpy.typing import NDArray

from index.native.lists import BLOCK
from search.native import conjunction, phrases

SEED = 19_691_231


def begins(positions: Sequence[Sequence[int]], slop: int) -> int:
    """At how many positions of the first word the phrase begins, trying all of the others."""
    return sum(
        any(
            all(a < b for a, b in itertools.pairwise(chain))
            and chain[-1] - chain[0] - (len(chain) - 1) <= slop
            for chain in itertools.product([first], *positions[1:])
        )
        for first in positions[0]
    )


some_positions = st.sets(st.integers(0, 12), max_size=5).map(lambda drawn: tuple(sorted(drawn)))
some_postings = st.tuples(some_positions, some_positions).filter(any)


@given(
    st.lists(st.lists(some_postings, min_size=3, max_size=3), min_size=1, max_size=6),
    st.sampled_from(((0, 1), (0, 1, 2), (1, 1), (2, 0, 2))),
    st.sampled_from((0, 1, 3)),
    st.sampled_from((1, 70, BLOCK)),
)
def test_phrases(
    tmp_path_factory: pytest.TempPathFactory,
    drawn: list[list[Posting]],
    numbers: tuple[int, ...],
    slop: int,
    apart: int,
) -> None:
    plain: list[PostingList] = [
        {number * apart % DOCUMENTS: each[word] for number, each in enumerate(drawn)}
        for word in range(3)
    ]
    check_phrase(tmp_path_factory.mktemp("phrase"), plain, numbers, slop, longest=30)


def test_phrases_far_down_and_often(tmp_path: Path) -> None:
    """Positions of two and five bytes, more occurrences than a code holds, groups passed over."""
    often: Posting = ((0, 2, 4, 6, 8), tuple(range(0, 160, 2)))
    after: Posting = ((1, 3, 5, 7), tuple(range(1, 161, 2)))
    far: Posting = ((), (190, 16_318, 16_400, 70_000))
    further: Posting = ((191,), (191, 16_320, 16_401, 69_999))
    pairs = [(often, after), (far, further), (after, far), (((), (1,)), ((), (2,)))]
    plain: list[PostingList] = [
        {document: pairs[document * 7 % 4][word] for document in range(0, 1_000, 3)}
        for word in range(2)
    ]
    for slop in (0, 1):
        check_phrase(tmp_path, plain, (0, 1), slop, longest=70_001, every=11)


def check_phrase(
    folder: Path,
    plain: Sequence[PostingList],
    numbers: tuple[int, ...],
    slop: int,
    *,
    longest: int,
    every: int = 1,
) -> None:
    asked = sorted({near for document in plain[0] for near in (document, document + 1)})[::every]
    packed = write_postings(folder, plain)
    found = phrases.find_phrase(
        as_terms(*packed), np.array(numbers), slop, 255, bitmap(asked), longest
    )
    assert pairs(found) == phrase_in(plain, numbers, slop, asked)


def pairs(found: tuple[NDArray[np.uint32], NDArray[np.uint8]]) -> list[tuple[int, int]]:
    return list(zip(found[0].tolist(), found[1].tolist(), strict=True))


def phrase_in(
    plain: Sequence[PostingList], numbers: Sequence[int], slop: int, scope: Iterable[int]
) -> list[tuple[int, int]]:
    """The documents of the scope with a phrase, and its frequency codes there."""
    found = []
    for document in sorted(set(scope).intersection(*(plain[number] for number in numbers))):
        title, body = (
            begins([plain[number][document][field] for number in numbers], slop) for field in (0, 1)
        )
        if title or body:
            found.append((document, min(title, 3) * 64 + min(body, 63)))
    return found


def test_phrases_in_lists_of_every_kind(tmp_path: Path) -> None:
    """Words stand close together, so that many documents have the phrase."""
    chance = random.Random(SEED)
    plain = [
        {
            document: ((), (chance.randrange(4),))
            if chance.random() < 0.5
            else (some_of(chance, 5), (0, *some_of(chance, 230, 192)))
            for document in documents
        }
        for documents in shapes_of_lists(SEED)
    ]
    packed = write_postings(tmp_path, plain)
    scope = sorted(chance.sample(range(DOCUMENTS), DOCUMENTS // 3))
    saturation = np.array([chance.random() for _ in range(256 * 256)], np.float32)
    lengths = np.array([chance.randrange(256) for _ in range(DOCUMENTS)], np.uint8)
    for numbers in ((11, 10), (8, 11), (5, 6, 10), (3, 4), (9, 11, 8), (10, 5, 10), (0, 8), (11,)):
        for slop in (0, 2):
            anywhere = phrase_in(plain, numbers, slop, scope)
            for fields in phrases.FIELDS.values():
                asked = np.array(numbers), slop, fields, bitmap(scope), 300
                expected = [(each, code & fields) for each, code in anywhere if code & fields]
                assert pairs(phrases.find_phrase(as_terms(*packed), *asked)) == expected
                documents, scores = phrases.match_phrase(
                    as_terms(*packed), *asked, 1.5, saturation, lengths
                )
                assert documents.tolist() == [each for each, _ in expected]
                assert scores.tolist() == [
                    np.float32(1.5) * saturation[code * 256 + int(lengths[each])]
                    for each, code in expected
                ]


def test_fields_are_bits_of_codes() -> None:
    for title, body in itertools.product(range(4), range(64)):
        code = title * 64 + body
        assert code & phrases.FIELDS["title"] == title * 64
        assert code & phrases.FIELDS["body"] == body
        assert code & phrases.FIELDS[None] == code


def some_of(chance: random.Random, most: int, least: int = 0) -> tuple[int, ...]:
    """Some positions, up to four."""
    return tuple(sorted(chance.sample(range(least, most), chance.randrange(5))))


def test_documents_with_all_words(tmp_path: Path) -> None:
    shapes = shapes_of_lists(SEED)
    lists = write_lists(tmp_path, shapes)
    first = lists.first_posting.tolist()
    postings = [
        {document: place for place, document in enumerate(documents, first[i])}
        for i, documents in enumerate(shapes)
    ]
    chance = random.Random(SEED)
    several = [*itertools.combinations(range(len(shapes)), 2), (3, 8, 11), (11, 9, 8), (4,)]
    for count in (0, 3_000, DOCUMENTS // 2, DOCUMENTS):
        hits = set(chance.sample(range(DOCUMENTS), count))
        for numbers in several:
            walk = conjunction.begin_walk(lists, np.array(numbers), 100)
            found: list[tuple[int, ...]] = []
            for block in range(BLOCKS):
                n = conjunction.add_block(walk, lists, np.array(numbers), block, bitmap(hits), 100)
                columns = walk.documents[100:n], *walk.posting[:, 100:n]
                found += zip(*(column.tolist() for column in columns), strict=True)
            assert found == [
                (document, *(postings[i][document] for i in numbers))
                for document in sorted(hits.intersection(*(shapes[i] for i in numbers)))
            ]
