"""Every kernel of search.native against a slow obvious twin, over several blocks of documents.

Those that look for phrases are in test_native_phrases.
"""

from __future__ import annotations

import itertools
import math
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from native_arrays import (
    BLOCKS,
    DOCUMENTS,
    ONCE,
    PostingList,
    as_terms,
    bitmap,
    code,
    in_one_file,
    lists_of_postings,
    members,
    read_only,
    shapes_of_lists,
    write_lists,
    write_postings,
)
from numpy.typing import NDArray

from index.native.lists import BLOCK, WORDS_OF_BLOCK, Lists
from index.native.postings import Occurrences, Terms
from search.native import (
    bitmaps,
    by_blocks,
    counting,
    few,
    most_frequent,
    one_word,
    pruned,
    streams,
    windows,
)
from search.native import postings as posting_kernels
from search.native import scoring as scoring_kernels
from search.native.bitmaps import Documents
from search.native.scoring import Extras, Leaves
from search.native.unexpected import most_unexpected

SEED = 19_691_231
Float32 = Any
"""A numpy float32: kernels take it for a float, the type checker does not."""

NO_END = (math.inf, BLOCKS * BLOCK)
"""A cursor before everything."""

edges = st.sampled_from((0, 1, 63, 64, 65, 4_095, 65_535, 65_536, 65_537, 131_071, 131_072))
places = st.one_of(edges, st.integers(0, 2 * BLOCK))


@pytest.fixture(scope="module")
def plain() -> list[PostingList]:
    return lists_of_postings(SEED)


@pytest.fixture(scope="module")
def packed(
    plain: list[PostingList], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Lists, Occurrences]:
    return write_postings(tmp_path_factory.mktemp("postings"), plain)


def some_bitmaps(seed: int) -> list[set[int]]:
    """Sets of documents from none to all."""
    chance = random.Random(seed)
    return [
        set(),
        {0, 63, 64, BLOCK - 1, BLOCK, DOCUMENTS - 1},
        set(chance.sample(range(DOCUMENTS), 3_000)),
        set(chance.sample(range(DOCUMENTS), DOCUMENTS // 2)),
        set(range(DOCUMENTS)),
    ]


def test_adding_lists_to_a_bitmap(
    plain: list[PostingList], packed: tuple[Lists, Occurrences]
) -> None:
    for numbers in ([], *([i] for i in range(len(plain))), [1, 4, 8], list(range(len(plain)))):
        bits = bitmap({5, DOCUMENTS - 2})
        bitmaps.add_lists(bits, tuple(packed[0]), np.array(numbers, np.int64))
        assert members(bits) == sorted({5, DOCUMENTS - 2}.union(*(plain[i] for i in numbers)))


def test_keeping_the_documents_of_a_list(
    plain: list[PostingList], packed: tuple[Lists, Occurrences]
) -> None:
    for hits in some_bitmaps(1):
        for i, postings in enumerate(plain):
            bits = bitmap(hits)
            bitmaps.keep_list(bits, tuple(packed[0]), i)
            assert members(bits) == sorted(hits.intersection(postings))


def test_counting_hits_in_lists(plain: list[PostingList], tmp_path: Path) -> None:
    """In any order, and with some behind others in the same file."""
    file_lists, place = in_one_file(tmp_path, plain[:5], plain[5:])
    numbers = [*range(len(plain)), -1, 3]
    for hits in some_bitmaps(2):
        expected = [len(hits.intersection(plain[place[n]])) if n >= 0 else 0 for n in numbers]
        bits = bitmap(hits)
        counts = counting.count_in_lists(bits, file_lists, np.array(numbers, np.int64))
        assert counts.tolist() == expected
        for number, least in itertools.product(range(len(plain)), (0, 1, 900, 5_000)):
            count = counting.count_in_list(bits, bits.view(np.uint8), *file_lists, number, least)
            assert count == expected[number] or count < expected[number] < least


def test_bitmaps_to_documents_and_back() -> None:
    for hits in some_bitmaps(3):
        bits = bitmap(hits)
        assert bitmaps.count_bits(bits) == len(hits)
        documents = bitmaps.documents_of(bits, len(hits))
        assert documents.dtype == np.uint32
        assert documents.tolist() == sorted(hits)
        again = bitmap(())
        bitmaps.add_documents(again, documents)
        assert (again == bits).all()


def test_documents_a_room_at_a_time() -> None:
    chance = random.Random(4)
    crowded = {*chance.sample(range(1_000), 700), *range(5_000, 7_000), 9_000, DOCUMENTS - 1}
    for hits in (*some_bitmaps(4), crowded):
        bits, place, found = bitmap(hits), np.zeros(1, np.int64), []
        documents = np.empty(130, np.int64)
        while place[0] < len(bits):
            n = streams.next_documents(bits, place, documents)
            found += documents[:n].tolist()
        assert found == sorted(hits)


@given(
    st.lists(st.sampled_from((0, 1, 5, 31, 32, 33, 70)), min_size=1, max_size=60),
    st.sampled_from((32, 40, 100, 4_096)),
    st.sampled_from((np.uint16, np.uint32)),
    st.randoms(),
)
def test_values_a_room_at_a_time(
    counts: list[int], room: int, kind: type, chance: random.Random
) -> None:
    first = np.cumsum([0, *counts]).astype(np.uint32)
    value: NDArray[np.generic] = np.array(
        [chance.randrange(2**16) for _ in range(sum(counts))], kind
    )
    documents = np.array(sorted(chance.sample(range(len(counts)), len(counts) // 2)), np.int64)
    values: NDArray[np.generic] = np.empty(room, kind)
    place, found = np.zeros(2, np.int64), []
    arguments = (read_only(first), read_only(value), documents, len(documents), place, values)
    while place[0] < len(documents):
        found += values[: streams.next_values(*arguments)].tolist()
    expected = [v for d in documents for v in value[first[d] : first[d + 1]].tolist()]
    assert found == expected


@given(places, places)
def test_setting_a_range(start: int, end: int) -> None:
    bits = bitmap({7, BLOCK}, blocks=2)
    bitmaps.set_range(bits, start, end)
    assert members(bits) == sorted({7, BLOCK, *range(start, end)})


@given(st.lists(places, min_size=1, max_size=6), st.randoms())
def test_counting_between_bounds(bounds: list[int], chance: random.Random) -> None:
    bounds.sort()
    hits = {*chance.sample(range(2 * BLOCK), 200), 0, 63, 64, BLOCK - 1, BLOCK, 2 * BLOCK - 1}
    counts = bitmaps.count_bits_between(bitmap(hits, blocks=2), np.array(bounds, np.int64))
    assert counts.tolist() == [
        sum(start <= document < end for document in hits)
        for start, end in itertools.pairwise(bounds)
    ]


@given(places, st.sampled_from((0, 1, 2, 63, 64, 65, 5_000)), st.sampled_from((0, 3, 300, 2**17)))
def test_first_and_last_documents(place: int, most: int, count: int) -> None:
    hits = sorted(random.Random(count).sample(range(2 * BLOCK), count))
    bits = bitmap(hits, blocks=2)
    first = bitmaps.first_documents(bits, place, most)
    assert first.tolist() == [document for document in hits if document >= place][:most]
    last = bitmaps.last_documents(bits, place, most)
    before = [document for document in hits if document < place]
    assert last.tolist() == before[::-1][:most]


@given(
    places, st.sets(st.one_of(edges, places).filter(lambda place: place < 2 * BLOCK), max_size=4)
)
def test_the_ends_of_a_bitmap(start: int, hits: set[int]) -> None:
    first, last, before = bitmaps.ends(bitmap(hits, blocks=2), start)
    behind = [hit for hit in hits if hit >= start]
    assert before == len(hits) - len(behind)
    assert (first, last) == (min(behind), max(behind)) if behind else first > last


def test_locating_documents_in_lists(
    plain: list[PostingList], packed: tuple[Lists, Occurrences]
) -> None:
    lists = packed[0]
    for hits in some_bitmaps(4):
        documents = np.array(sorted(hits), np.uint32)
        for i, postings in enumerate(plain):
            found = np.empty(len(documents), np.int64)
            posting_kernels.locate(lists, i, documents, found)
            first = int(lists.first_posting[i])
            number = {document: place for place, document in enumerate(postings, first)}
            assert found.tolist() == [number.get(document, -1) for document in documents.tolist()]


def test_words_in_one_field(plain: list[PostingList], packed: tuple[Lists, Occurrences]) -> None:
    for i, postings in enumerate(plain):
        documents = np.array(list(postings), np.uint32)
        for number, title in enumerate((True, False)):
            found = posting_kernels.in_field(as_terms(*packed), i, documents, title)
            assert found.tolist() == [bool(posting[1 - title]) for posting in postings.values()]
            assert number == 1 - title


class Scoring(NamedTuple):
    """What score_documents takes, without the documents; and the same plainly."""

    terms: Terms
    leaves: Leaves
    extras: Extras
    masks: NDArray[np.uint64]
    saturations: NDArray[np.float32]
    lengths: NDArray[np.uint8]
    constant: Float32


def some_scoring(
    packed: tuple[Lists, Occurrences], numbers: Sequence[int], *, extra: bool, constant: float
) -> Scoring:
    """Random weights, tables, masks and lengths for some lists."""
    generator = np.random.default_rng(len(numbers) * 2 + extra)
    masks = [bitmap(hits) for hits in some_bitmaps(6)[2:4]]
    runs = [
        np.sort(generator.choice(DOCUMENTS, count, replace=False)).astype(np.uint32)
        for count in ((4_000, 0, 2) if extra else ())
    ]
    every = np.concatenate([np.zeros(0, np.uint32), *runs])
    return Scoring(
        as_terms(*packed),
        Leaves(
            np.array(numbers, np.int64),
            generator.random(len(numbers), np.float32) * 9,
            generator.integers(0, 3, len(numbers)),
            generator.integers(-1, 2, len(numbers)),
        ),
        Extras(every, generator.random(len(every), np.float32), np.cumsum([0, *map(len, runs)])),
        np.stack(masks),
        generator.random((3, 256 * 256), np.float32),
        read_only(generator.integers(0, 256, DOCUMENTS).astype(np.uint8)),
        np.float32(constant),
    )


def plain_score(scoring: Scoring, plain: list[PostingList], document: int) -> np.float32:
    score = scoring.constant
    for number, weight, table, mask in zip(
        *(each.tolist() for each in scoring.leaves), strict=True
    ):
        inside = mask < 0 or scoring.masks[mask, document // 64] >> np.uint64(document % 64) & 1
        if inside and document in plain[number]:
            place = code(plain[number][document]) * 256 + int(scoring.lengths[document])
            score += np.float32(weight) * scoring.saturations[table, place]
    for start, end in itertools.pairwise(scoring.extras.first.tolist()):
        at = np.flatnonzero(scoring.extras.documents[start:end] == document)
        if len(at):
            score += scoring.extras.scores[start + at[0]]
    return np.float32(score)


SCORED: tuple[list[int], ...] = (
    [],
    [3],
    [8],
    [11],
    [4, 8, 9, 5],
    [8, 10, 11, 6, 4, 4],
    [0, 1, 2, 7],
)


@pytest.mark.parametrize("extra", [False, True])
@pytest.mark.parametrize("numbers", SCORED, ids=str)
def test_scores(
    plain: list[PostingList], packed: tuple[Lists, Occurrences], numbers: list[int], extra: bool
) -> None:
    scoring = some_scoring(packed, numbers, extra=extra, constant=0.25 * extra)
    chance = random.Random(7)
    hits = {0, BLOCK, DOCUMENTS - 1, *chance.sample(range(DOCUMENTS), 500)}
    hits.update(*(chance.sample(list(plain[i]), min(len(plain[i]), 200)) for i in numbers))
    documents = np.array(sorted(hits), np.uint32)
    scores = scoring_kernels.score_documents(documents, *scoring)
    assert scores.tolist() == [plain_score(scoring, plain, int(each)) for each in documents]


def best(
    documents: Documents, scores: NDArray[np.float32], most: int, below: Float32, before: int
) -> list[tuple[int, float]]:
    """best_of by sorting everything."""
    behind = (scores < below) | ((scores == below) & (documents < before))
    order = np.lexsort((-documents[behind].astype(np.int64), -scores[behind]))[:most]
    chosen = documents[behind][order].tolist(), scores[behind][order].tolist()
    return list(zip(*chosen, strict=True))


@given(
    st.lists(st.sampled_from((0.5, 1.0, 1.5, 2.0)), max_size=30),
    st.integers(1, 8),
    st.sampled_from((0.0, 0.5, 1.0, 3.0)),
    st.integers(0, 40),
)
def test_the_best_of_ties(drawn: list[float], most: int, below: float, before: int) -> None:
    documents = np.arange(len(drawn), dtype=np.uint32)
    scores = np.array(drawn, np.float32)
    cursor = float(np.float32(below)), before
    hits = documents[documents % 5 > 0]
    found = scoring_kernels.best_of(hits, scores[hits], most, *cursor)
    assert pairs(found) == best(hits, scores[hits], most, *cursor)


@pytest.mark.parametrize("extra", [False, True])
@pytest.mark.parametrize("numbers", SCORED, ids=str)
def test_both_ways_to_the_best_hits_are_one(
    packed: tuple[Lists, Occurrences], numbers: list[int], extra: bool
) -> None:
    """Block by block or document by document: the same bits of every score, for every cursor."""
    scoring = some_scoring(packed, numbers, extra=extra, constant=0.5 * extra)
    for hits in some_bitmaps(5):
        bits = bitmap(hits)
        documents = bitmaps.documents_of(bits, len(hits))
        scores = scoring_kernels.score_documents(documents, *scoring)
        cursors = [NO_END, (-1.0, 0), (1.0, BLOCK + 5)]
        for most in (1, 10, 256):
            for cursor in cursors:
                looked_up = scoring_kernels.best_of(documents, scores, most, *cursor)
                added_up = by_blocks.best_by_blocks(bits, *scoring, most, *cursor)
                expected = best(documents, scores, most, *cursor)
                assert pairs(looked_up) == pairs(added_up) == expected
            if most == 10 and expected:
                cursors.append((float(expected[-1][1]), expected[-1][0]))


def unmasked(scoring: Scoring) -> list[Scoring]:
    """Without masks: scores at random, with many ties, and the higher the more often it is there."""
    leaves = scoring.leaves._replace(mask=np.full(len(scoring.leaves.number), -1))
    scoring = scoring._replace(leaves=leaves)
    more_often_is_more = np.repeat(np.linspace(0.1, 1, 256, dtype=np.float32), 256)
    return [
        scoring,
        scoring._replace(
            saturations=np.round(scoring.saturations, 1),
            leaves=leaves._replace(weight=np.ceil(leaves.weight / 3)),
        ),
        scoring._replace(saturations=scoring.saturations * more_often_is_more),
    ]


def for_pruning(scoring: Scoring) -> tuple[Any, ...]:
    """What kernels that prune take, but for the hits and which part of the best is wanted."""
    highest = scoring.saturations.reshape(3, 256, 256).max(axis=2)
    return highest, *scoring[:2], *scoring[4:]


@pytest.mark.parametrize("constant", [0.0, 0.75])
@pytest.mark.parametrize("number", [1, 3, 4, 8, 11])
def test_the_best_hits_of_one_word(
    plain: list[PostingList], packed: tuple[Lists, Occurrences], number: int, constant: float
) -> None:
    """Posting by posting, among hits that all have the word: as by the other ways."""
    for hits in some_bitmaps(9):
        bits = bitmap(hits.intersection(plain[number]))
        documents = bitmaps.documents_of(bits, int(bitmaps.count_bits(bits)))
        for each in unmasked(some_scoring(packed, [number], extra=False, constant=constant)):
            scores = scoring_kernels.score_documents(documents, *each)
            for most in (1, 10, 256):
                cursor = NO_END
                for _ in range(3):
                    got = pairs(one_word.best_of_word(bits, *for_pruning(each), most, *cursor))
                    assert got == best(documents, scores, most, *cursor)
                    if got:
                        cursor = float(got[-1][1]), got[-1][0]


@pytest.mark.parametrize("constant", [0.0, 0.75])
@pytest.mark.parametrize(
    "numbers", [[0], [8], [11, 9], [5, 6], [3, 1, 8], [8, 8, 9], [4, 8, 9, 5], [8, 10, 11, 6, 4, 4]]
)
def test_pruning_passes_over_none_of_the_best(
    plain: list[PostingList],
    packed: tuple[Lists, Occurrences],
    numbers: list[int],
    constant: float,
) -> None:
    """Among hits with any of some words, and others: as by looking all of them up."""
    every = set().union(*(plain[number] for number in numbers))
    for hits in (*some_bitmaps(9), every):
        bits = bitmap(hits)
        documents = bitmaps.documents_of(bits, len(hits))
        for each in unmasked(some_scoring(packed, numbers, extra=False, constant=constant)):
            scores = scoring_kernels.score_documents(documents, *each)
            for most in (1, 10, 256):
                cursor = NO_END
                for _ in range(3):
                    arguments = (bits, *for_pruning(each), most, *cursor)
                    got = pairs(pruned.best_by_limits(*arguments))
                    assert got == best(documents, scores, most, *cursor)
                    if got:
                        cursor = float(got[-1][1]), got[-1][0]


def test_pruning_where_a_sum_less_a_word_is_not_the_sum_before(tmp_path: Path) -> None:
    """A document with a and b beats the last one, whose score a alone just cannot reach."""
    a, b = np.float32(0.7048676), np.float32(0.5826382)
    score = a * windows.ROUNDING
    assert (a + b - b) * windows.ROUNDING > score
    postings: list[PostingList] = [{5: ONCE}, {5: ONCE}, {9_000: ONCE}]
    three = np.arange(3)
    leaves = Leaves(three, np.ones(3, np.float32), three, np.full(3, -1))
    saturations = np.repeat(np.array([[a], [b], [score]], np.float32), 256 * 256, axis=1)
    lengths = read_only(np.zeros(DOCUMENTS, np.uint8))
    highest = saturations[:, :256].copy()
    terms = as_terms(*write_postings(tmp_path, postings))
    arguments = (highest, terms, leaves, saturations, lengths, np.float32(0), 1, *NO_END)
    assert pairs(pruned.best_by_limits(bitmap({5, 9_000}), *arguments)) == [(5, float(a + b))]


def test_pruning_looks_few_documents_up(
    plain: list[PostingList], packed: tuple[Lists, Occurrences], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of words as heavy as each other that some have all of: after the first 4,096 documents."""
    windows: Counter[str] = Counter()

    def counted(name: str) -> None:
        function = getattr(pruned, name)

        def count(*arguments: Any) -> Any:
            windows[name] += 1
            return function(*arguments)

        monkeypatch.setattr(pruned, name, count)

    counted("add_up")
    counted("keep_looked_up")
    numbers = [8, 9, 11]
    scoring = unmasked(some_scoring(packed, numbers, extra=False, constant=0.0))[0]
    scoring = scoring._replace(
        leaves=scoring.leaves._replace(weight=np.ones(3, np.float32)),
        saturations=np.float32(0.9) + scoring.saturations / np.float32(10),
    )
    hits = {hit for number in numbers for hit in plain[number] if hit < BLOCK}
    arguments = (bitmap(hits), *for_pruning(scoring), 3, *NO_END)
    got = pairs(pruned.best_by_limits.py_func(*arguments))  # type: ignore[attr-defined]
    documents = np.array(sorted(hits), np.uint32)
    scores = scoring_kernels.score_documents(documents, *scoring)
    assert got == best(documents, scores, 3, *NO_END)
    assert windows["add_up"] == 1
    assert windows["keep_looked_up"] > 10


@pytest.mark.parametrize("every", [False, True])
@pytest.mark.parametrize("numbers", [[1], [3], [4], [0], [0, 4], [6, 4, 9], [4, 4, 8], [3, 2, 4]])
def test_matching_and_scoring_at_once(
    plain: list[PostingList],
    packed: tuple[Lists, Occurrences],
    numbers: list[int],
    every: bool,
) -> None:
    scoring = some_scoring(packed, numbers, extra=False, constant=0.0)
    leaves = scoring.leaves._replace(
        mask=np.full(len(numbers), -1), saturation=np.zeros(len(numbers), np.int64)
    )
    scoring = scoring._replace(leaves=leaves)
    alike = set.intersection if every else set.union
    matching = alike(*(set(plain[number]) for number in numbers))
    for hits in some_bitmaps(3):
        documents, scores = few.match_and_score(
            as_terms(*packed),
            leaves.number,
            leaves.weight,
            numbers.index(min(numbers, key=lambda number: len(plain[number]))) if every else -1,
            scoring.saturations[0],
            scoring.lengths,
            bitmap(hits),
        )
        expected = sorted(matching & hits)
        assert documents.tolist() == expected
        assert scores.tolist() == [plain_score(scoring, plain, each) for each in expected]


@pytest.mark.parametrize("numbers", SCORED, ids=str)
def test_the_best_with_any_of_some_words(
    plain: list[PostingList], packed: tuple[Lists, Occurrences], numbers: list[int]
) -> None:
    scoring = some_scoring(packed, numbers, extra=True, constant=0.25)
    for some in (numbers[:1], numbers[1:3], numbers):
        for hits in some_bitmaps(6):
            having = sorted(hits.intersection(set().union(*(plain[i] for i in some))))
            documents = np.array(having, np.uint32)
            scores = scoring_kernels.score_documents(documents, *scoring)
            for cursor in (NO_END, (1.5, 70_000)):
                for most in (1, 40):
                    found = scoring_kernels.best_with_any(
                        bitmap(hits), np.array(some, np.int64), *scoring, most, *cursor
                    )
                    assert pairs(found) == best(documents, scores, most, *cursor)


def test_all_roads_are_compiled_beforehand() -> None:
    """To the best, and to the counts of facets."""
    program = "from search.native import bands, by_blocks, by_lists, counting, few, most_frequent, "
    program += "one_word, phrases, pruned, scoring, warming; warming.warm(); "
    program += "roads = few.match_and_score, one_word.best_of_word, pruned.best_by_limits, "
    program += "scoring.best_with_any, by_blocks.best_by_blocks, scoring.score_documents, "
    program += "phrases.match_phrase, bands.count_band, by_lists.cost_of_open, "
    program += "by_lists.most_by_lists, counting.count_in_lists, counting.count_values, "
    program += "most_frequent.most_of_all; "
    program += "print([road.__name__ for road in roads if not road.signatures])"
    run = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    assert run.stdout.strip() == b"[]"


def test_paging_by_blocks_through_ties(packed: tuple[Lists, Occurrences]) -> None:
    """Only three different scores: every page begins in the middle of equal ones."""
    scoring = some_scoring(packed, [9], extra=False, constant=0.0)
    leaves = scoring.leaves._replace(mask=np.array([-1]), weight=np.ones(1, np.float32))
    table = np.repeat(np.array([[1.0], [2.0], [4.0]], np.float32), 256 * 256, axis=1)
    scoring = scoring._replace(leaves=leaves, saturations=table)
    hits = set(members(bitmap(range(0, DOCUMENTS, 50))))
    bits = bitmap(hits)
    pages: list[tuple[int, float]] = []
    cursor = NO_END
    while True:
        documents, scores = by_blocks.best_by_blocks(bits, *scoring, 97, *cursor)
        if not len(documents):
            break
        pages += pairs((documents, scores))
        cursor = scores[-1], int(documents[-1])
    documents = bitmaps.documents_of(bits, len(hits))
    scores = scoring_kernels.score_documents(documents, *scoring)
    assert pages == best(documents, scores, len(hits), *NO_END)


@given(
    st.lists(st.lists(st.integers(0, 9), unique=True, max_size=5), min_size=1, max_size=150),
    st.integers(0, 6),
    st.booleans(),
    st.sampled_from((np.uint16, np.uint32)),
    st.randoms(),
)
def test_counting_values(
    values: list[list[int]], most: int, renumber: bool, kind: type, chance: random.Random
) -> None:
    renumbered = np.array([2, 3, 5, 6, 7, 8, 9, 11, 12, 13] if renumber else [], np.uint32)
    first = read_only(np.cumsum([0, *map(len, values)]).astype(np.uint32))
    value = read_only(np.array([v for each in values for v in each], kind))
    weight = read_only(np.array([v * 20 + 1 for each in values for v in each], np.uint8))
    hits = chance.sample(range(len(values)), len(values) // 2)
    counted = Counter(v for document in hits for v in values[document])
    expected = {int(renumbered[v]) if renumber else v: n for v, n in counted.items()}
    counts, few, sums = np.zeros(20, np.int32), np.zeros(20, np.int32), np.zeros(20, np.int64)
    seen, n_seen = np.empty(21, np.uint32), 0
    facet = np.array(chance.choices(range(3), k=20), np.uint8)
    counted_rows = np.array([0, 1 - 2 * chance.randrange(2), 5])
    none = read_only(np.zeros(len(first), np.uint32))
    own = (first, value, none[:0], none[:0])
    if kind is np.uint32:  # all of them rare
        own = (none, read_only(np.zeros(0, np.uint16)), first, value)
    half = len(hits) // 2
    for part in (hits[:half], hits[half:]):  # as from two segments
        arrays = (bitmap(part, blocks=1), first, value)
        counting.count_values(*arrays, renumbered, counts)
        documents = np.array(sorted(part), np.uint32)
        n_seen = counting.count_few_values(
            documents, *own, renumbered, facet, counted_rows, few, seen, n_seen
        )
        counting.sum_weights(*arrays, weight, renumbered, sums)
    seen = seen[:n_seen]
    assert {number: n for number, n in enumerate(counts.tolist()) if n} == expected
    left_out = counted_rows[facet] < 0
    assert (few == np.where(left_out, 0, counts)).all()
    assert sorted(seen.tolist()) == [each for each in sorted(expected) if not left_out[each]]
    seen = np.array(list(expected), np.uint32)
    assert sum(sums.tolist()) == sum((v * 20 + 1) * n for v, n in counted.items())
    rank = np.array(chance.sample(range(20), 20), np.uint32)
    bound = np.maximum.accumulate(counts[::-1])[::-1].astype(np.uint32)
    every = np.full(20, 10_000, np.uint32)
    rows = np.array([1, -1, 0])
    for keys, bounds in ((counts, bound), (counts, every), (sums, every)):
        arguments = (counts, keys, facet, rank, rows, np.array([most, 3]))
        ends = np.array([np.flatnonzero(facet == f).max(initial=-1) + 1 for f in (2, 0)])
        for found in (
            most_frequent.most_of_seen(seen, *arguments),
            most_frequent.most_of_all(bounds, *arguments, ends),
        ):
            for row, (of_facet, size) in enumerate(((2, most), (0, 3))):
                in_order = sorted(
                    (number for number in expected if facet[number] == of_facet),
                    key=lambda number: (-keys[number], rank[number]),
                )[:size]
                in_order += [-1] * (found.shape[2] - len(in_order))
                row_of = [[max(number, 0) for number in in_order]]
                row_of.append([expected.get(number, 0) for number in in_order])
                assert found[:, row].tolist() == row_of
    counting.clear(few, seen)
    assert not few.any()


def log_likelihood(count: int, total: int, counted: int, articles: int) -> float:
    """By its definition: twice the sum of observed · ln(observed / expected)."""
    score = 0.0
    for observed, row, column in (
        (count, total, counted),
        (total - count, total, articles - counted),
        (counted - count, articles - total, counted),
        (articles - total - counted + count, articles - total, articles - counted),
    ):
        if observed:
            score += 2 * observed * math.log(observed * articles / (row * column))
    return score


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 60)), max_size=60), st.integers(0, 8))
def test_the_most_unexpected(drawn: list[tuple[int, int]], most: int) -> None:
    counted, articles = 30, 120
    counts = np.array([count for count, _ in drawn], np.int32)
    totals = np.array([count + others for count, others in drawn], np.int64)
    rank = np.arange(len(drawn), dtype=np.uint32)[::-1].copy()
    numbers = np.arange(len(drawn))
    found, scores = most_unexpected(numbers, counts, totals, rank, counted, articles, most)
    expected = sorted(
        (
            (-log_likelihood(int(counts[n]), int(totals[n]), counted, articles), -n)
            for n in numbers.tolist()
            if counts[n] * articles > totals[n] * counted
        ),
        key=lambda pair: (round(pair[0], 6), pair[1]),
    )[:most]
    assert [-n for _, n in expected] == found.tolist()
    assert [-score for score, _ in expected] == pytest.approx(scores.tolist())


def pairs(arrays: tuple[NDArray[np.generic], NDArray[np.generic]]) -> list[tuple[int, float]]:
    """What a kernel gives as two arrays of one shape."""
    return list(zip(*(each.tolist() for each in arrays), strict=True))


def test_lists_of_a_facet(tmp_path: Path) -> None:
    """Lists without occurrences, as add_lists gets them from facets."""
    every = shapes_of_lists(8)
    lists = write_lists(tmp_path, every)
    bits = np.zeros(BLOCKS * WORDS_OF_BLOCK, np.uint64)
    bitmaps.add_lists(bits, tuple(lists), np.arange(len(every)))
    union = set().union(*every)
    assert members(bits) == sorted(union)


@given(
    st.sets(st.integers(0, 300), max_size=40),
    st.sets(st.integers(0, 300), max_size=40),
    st.lists(st.integers(0, 320), min_size=1, max_size=9),
)
def test_documents_as_bitmaps_have_them(
    drawn: set[int], others: set[int], bounds: list[int]
) -> None:
    """What is done with documents one by one gives what their bitmaps give."""
    documents = np.array(sorted(drawn), np.uint32)
    bits, between = bitmap(sorted(drawn), blocks=1), np.array(sorted(bounds))
    counted = bitmaps.count_documents_between(documents, between)
    assert counted.tolist() == bitmaps.count_bits_between(bits, between).tolist()
    scores = documents.astype(np.float32) / 2
    kept = bitmaps.keep_scored(documents, scores, bitmap(sorted(others), blocks=1))
    assert pairs(kept) == [(each, each / 2) for each in sorted(drawn & others)]
