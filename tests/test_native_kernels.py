"""Every kernel of index.native against a slow obvious twin; those of search.native are beside.

Documents go over several blocks, lists are empty, sparse, dense and both, and have documents at
every edge of a container; see native_arrays.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from native_arrays import (
    DOCUMENTS,
    Posting,
    PostingList,
    bitmap,
    code,
    lists_of_postings,
    occurrences_of,
    shapes_of_lists,
    write_lists,
    write_postings,
)
from numba.typed import List
from numpy.typing import NDArray

from index.native import bits
from index.native.deletions import lost_postings
from index.native.inversion import count_words, group_documents, group_occurrences
from index.native.lists import BLOCK, DENSE_FROM, Lists, pack, unpack
from index.native.merge_postings import GONE, merge_postings
from index.native.positions import (
    begin_of_positions,
    end_of_positions,
    read_number,
    skip_numbers,
)
from index.native.postings import Occurrences, code_of, others_before
from index.native.postings_writer import Encoded, encode_postings
from index.native.texts import Texts, first_not_less, starts

SEED = 20_240_229

popcount, lowest_bit, highest_bit = (
    numba.njit(lambda word, find=find: find(word))
    for find in (bits.popcount, bits.lowest_bit, bits.highest_bit)
)


def _at_least(array: NDArray[Any], place: int, value: int) -> Any:
    return bits.at_least(array, place, value)


def _eight_bytes(array: NDArray[np.uint8], place: int) -> Any:
    return bits.eight_bytes(array, place)


at_least: Any = numba.njit(_at_least)
eight_bytes: Any = numba.njit(_eight_bytes)


@pytest.fixture(scope="module")
def plain() -> list[PostingList]:
    return lists_of_postings(SEED)


@pytest.fixture(scope="module")
def packed(
    plain: list[PostingList], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Lists, Occurrences]:
    return write_postings(tmp_path_factory.mktemp("postings"), plain)


def read_list(lists: Lists, i: int) -> list[int]:
    """The documents of a list as docs/reference/index-format.md says they are packed."""
    documents = []
    sparse, dense = int(lists.first_sparse[i]), int(lists.first_dense[i])
    for container in range(lists.first_container[i], lists.first_container[i + 1]):
        base = int(lists.container_block[container]) * BLOCK
        count = int(lists.container_count[container]) + 1
        if count < DENSE_FROM:
            within = lists.sparse[sparse : sparse + count].tolist()
            sparse += count
        else:
            words = lists.dense[dense * 1024 : (dense + 1) * 1024]
            unpacked = np.unpackbits(words.view(np.uint8), bitorder="little")
            within = np.flatnonzero(unpacked).tolist()
            assert len(within) == count
            ranks = lists.dense_rank[dense * 128 : (dense + 1) * 128].tolist()
            assert ranks == [int(unpacked[: group * 512].sum()) for group in range(128)]
            dense += 1
        documents += [base + each for each in within]
    assert sparse == lists.first_sparse[i + 1]
    assert dense == lists.first_dense[i + 1]
    assert len(documents) == lists.first_posting[i + 1] - lists.first_posting[i]
    return documents


def read_numbers(data: bytes) -> list[int]:
    """Variable-length numbers, as index-format.md has them."""
    numbers = []
    at = 0
    while at < len(data):
        head = data[at]
        if head < 192:
            numbers.append(head)
            at += 1
        elif head < 255:
            numbers.append(192 + (head - 192) * 256 + data[at + 1])
            at += 2
        else:
            numbers.append(int.from_bytes(data[at + 1 : at + 5], "little"))
            at += 5
    return numbers


def read_posting(data: bytes, frequency_code: int) -> Posting:
    """The positions of a posting from exactly its bytes."""
    numbers = read_numbers(data)
    title: list[int] = []
    if frequency_code >= 64:
        end = numbers.index(0)
        title, numbers = numbers[:end], numbers[end + 1 :]
    if frequency_code % 64 == 63:
        assert numbers.pop() == 0
    assert 0 not in numbers
    return positions_of(title), positions_of(numbers)


def gaps_of(positions: Sequence[int]) -> list[int]:
    return np.diff(positions, prepend=-1).tolist() if positions else []


def positions_of(gaps: Sequence[int]) -> tuple[int, ...]:
    return tuple((np.cumsum(gaps, dtype=np.int64) - 1).tolist())


@given(st.integers(0, 2**64 - 1))
def test_bits(word: int) -> None:
    assert popcount(np.uint64(word)) == word.bit_count()
    if word:
        assert highest_bit(np.uint64(word)) == word.bit_length() - 1
        assert lowest_bit(np.uint64(word)) == (word & -word).bit_length() - 1


def test_lists_are_packed_as_the_format_says(tmp_path: Path) -> None:
    every = shapes_of_lists(SEED)
    lists = write_lists(tmp_path, every)
    buffer = np.empty(DOCUMENTS, np.uint32)
    assert len(lists.first_container) == len(every) + 1
    for i, expected in enumerate(every):
        assert read_list(lists, i) == expected
        assert buffer[: unpack(lists, i, buffer)].tolist() == expected
    kinds = lists.container_count.astype(np.int64) + 1
    assert {DENSE_FROM - 1, DENSE_FROM, BLOCK} <= set(kinds.tolist())


def test_no_lists_at_all(tmp_path: Path) -> None:
    lists = write_lists(tmp_path, [])
    assert lists.first_container.tolist() == [0]
    assert len(lists.sparse) == len(lists.dense) == 0


@given(st.lists(st.sets(st.integers(0, 3 * BLOCK), max_size=30), max_size=6))
def test_small_lists(every: list[set[int]]) -> None:
    documents = np.array([document for each in every for document in sorted(each)], np.uint32)
    first = np.cumsum([0, *map(len, every)])
    containers, sparse, dense, block, count, within, _, _ = pack(documents, first)
    at = container = 0
    for i, each in enumerate(every):
        blocks = sorted({document // BLOCK for document in each})
        assert containers[i] == len(blocks)
        assert sparse[i] == len(each)
        assert dense[i] == 0
        for expected in blocks:
            here = sorted(document % BLOCK for document in each if document // BLOCK == expected)
            assert block[container] == expected
            assert count[container] + 1 == len(here)
            assert within[at : at + len(here)].tolist() == here
            container += 1
            at += len(here)


def write_number(number: int) -> bytes:
    if number < 192:
        return bytes([number])
    if number < 16_320:
        return bytes([192 + (number - 192) // 256, (number - 192) % 256])
    return b"\xff" + number.to_bytes(4, "little")


some_numbers = st.one_of(
    st.integers(0, 191),
    # The second byte of some of these could begin a number.
    st.sampled_from((191, 192, 192 + 255, 192 + 62 * 256 + 255, 16_319, 192 + 200)),
    st.sampled_from((16_320, 2**32 - 1)),
)


@given(st.lists(some_numbers, max_size=90), st.integers(0, 80), st.integers(0, 90))
def test_passing_over_numbers(numbers: list[int], behind: int, start: int) -> None:
    written = [write_number(number) for number in numbers]
    ends = np.cumsum([0, *map(len, written)]).tolist()
    data = np.frombuffer(b"".join(written) + bytes(behind), np.uint8)
    start = min(start, len(numbers))
    for count in range(len(numbers) - start + 1):
        assert skip_numbers(data, ends[start], count) == ends[start + count]
    for at, end, number in zip(ends, ends[1:], numbers, strict=False):
        assert read_number(data, at) == (number, end)


@given(st.lists(st.integers(0, 65_535), min_size=64, max_size=70), st.integers(0, 6), st.data())
def test_many_items_at_once(items: list[int], place: int, data: st.DataObject) -> None:
    place = min(place, len(items) - 64)
    value = data.draw(st.sampled_from(items))
    found = at_least(np.array(items, np.uint16), place, value)
    assert found == sum(1 << n for n, item in enumerate(items[place : place + 64]) if item >= value)
    narrow = np.array(items, np.uint16).astype(np.uint8)
    low = value % 256
    found = at_least(narrow, place, low)
    assert found == sum(1 << n for n, item in enumerate(narrow[place : place + 64]) if item >= low)
    eight = narrow[place : place + 8].tobytes()
    assert eight_bytes(narrow, place) == int.from_bytes(eight, "little")


def is_stored(posting: Posting) -> bool:
    """Whether the format keeps the code of a posting."""
    return code(posting) != 1 or posting[1][0] > 65_535


def test_postings_keep_every_position(
    plain: list[PostingList], packed: tuple[Lists, Occurrences]
) -> None:
    lists, occurrences = packed
    data = occurrences.position.tobytes()
    begin = stored = once = 0
    for i, postings in enumerate(plain):
        assert read_list(lists, i) == list(postings)
        for number, posting in enumerate(postings.values(), int(lists.first_posting[i])):
            assert found_code(occurrences, number) == code(posting)
            assert others_before(occurrences.other, occurrences.other_rank, number) == stored
            if not is_stored(posting):
                assert posting == ((), (occurrences.once[once],))
                once += 1
                continue
            if stored % 6 == 0:
                assert begin == occurrences.position_start[stored // 6]
            arrays = occurrences.code, occurrences.position, occurrences.position_start
            assert begin == begin_of_positions(*arrays, stored, False)
            end = end_of_positions(occurrences.position, begin, code(posting))
            in_title = data[begin : begin_of_positions(*arrays, stored, True)]
            assert read_numbers(in_title)[:-1] == gaps_of(posting[0])
            assert read_posting(data[begin:end], code(posting)) == posting
            begin = end
            stored += 1
    assert begin == len(data)
    assert stored == len(occurrences.code)
    assert once == len(occurrences.once)


def found_code(occurrences: Occurrences, number: int) -> int:
    """The code of a posting as the kernel finds it."""
    return int(code_of(occurrences.other, occurrences.other_rank, occurrences.code, number))


def test_only_unusual_codes_are_stored(
    plain: list[PostingList], packed: tuple[Lists, Occurrences]
) -> None:
    every = [posting for each in plain for posting in each.values()]
    codes = np.array([code(posting) for posting in every])
    other = np.array([is_stored(posting) for posting in every])
    occurrences = packed[1]
    assert occurrences.code.tolist() == codes[other].tolist()
    unpacked = np.unpackbits(occurrences.other.view(np.uint8), bitorder="little")
    assert unpacked[: len(codes)].tolist() == other.tolist()
    assert not unpacked[len(codes) :].any()
    ranks = [int(other[:posting].sum()) for posting in range(0, len(codes), 512)]
    assert occurrences.other_rank.tolist() == ranks


@pytest.mark.parametrize("postings", [0, 1, 63, 64, 65, 511, 512, 513, 1024, 1500])
@pytest.mark.parametrize("kind", ["once", "other", "alternating"])
def test_codes_around_the_groups(tmp_path: Path, postings: int, kind: str) -> None:
    twice: Posting = ((), (3, 300))
    choices = {"once": [ONCE_LATER], "other": [twice], "alternating": [twice, ONCE_LATER]}[kind]
    posting_list = {document: choices[document % len(choices)] for document in range(postings)}
    _, occurrences = write_postings(tmp_path, [posting_list])
    assert len(occurrences.other) == -(-postings // 64)
    found = [found_code(occurrences, number) for number in range(postings)]
    assert found == [code(posting) for posting in posting_list.values()]


ONCE_LATER: Posting = ((), (191,))


@given(
    st.lists(
        st.tuples(
            st.sets(st.integers(0, 20_000), max_size=5),
            st.one_of(
                st.sets(st.integers(0, 80), max_size=70),
                st.sets(st.integers(65_530, 65_540), max_size=1),
            ),
        ).filter(any),
        max_size=8,
    )
)
def test_encoding_any_positions(drawn: list[tuple[set[int], set[int]]]) -> None:
    postings: dict[int, Posting] = {
        document: (tuple(sorted(title)), tuple(sorted(body)))
        for document, (title, body) in enumerate(drawn)
    }
    documents, first, *rest = encode_postings(*occurrences_of([postings, {}]))
    encoded = Encoded(*rest)
    assert documents.tolist() == list(postings)
    assert first.tolist() == [0, len(postings), len(postings)]
    assert encoded.other.tolist() == [is_stored(posting) for posting in postings.values()]
    stored = [posting for posting in postings.values() if is_stored(posting)]
    once = [posting[1][0] for posting in postings.values() if not is_stored(posting)]
    assert encoded.once.tolist() == once
    assert encoded.code.tolist() == [code(posting) for posting in stored]
    ends = np.cumsum(encoded.size, dtype=np.int64)
    for size, end, posting in zip(encoded.size.tolist(), ends.tolist(), stored, strict=True):
        assert read_posting(encoded.position[end - size : end].tobytes(), code(posting)) == posting
    assert len(encoded.position) == encoded.size.sum()


def test_counting_what_deletions_cost(
    plain: list[PostingList], packed: tuple[Lists, Occurrences]
) -> None:
    chance = random.Random(1)
    for dead in ({0, BLOCK - 1, BLOCK, DOCUMENTS - 1}, set(chance.sample(range(DOCUMENTS), 9_000))):
        lost = lost_postings(packed[0], bitmap(dead))
        assert lost.tolist() == [len(dead.intersection(postings)) for postings in plain]


texts = st.lists(st.lists(st.integers(0, 4), max_size=6), min_size=1, max_size=5)


@given(texts, texts, st.randoms())
def test_from_documents_to_lists(
    titles: list[list[int]], bodies: list[list[int]], chance: random.Random
) -> None:
    cuts = [[7], [], [1, 2], [3], [3, 3, 0]]
    pairs = list(zip(titles, bodies, strict=False))
    chunks = np.array(
        [chunk for title, body in pairs for chunk in [*title, *body]], dtype=np.uint32
    )
    first = np.cumsum([0, *(len(title) + len(body) for title, body in pairs)])
    title_end = first[:-1] + [len(title) for title, _ in pairs]
    chosen = chance.sample(range(len(pairs)), chance.randrange(len(pairs) + 1))
    order = np.array(chosen, np.int64)
    cut_first = np.cumsum([0, *map(len, cuts)]).astype(np.uint32)
    cut_word = np.array([word for cut in cuts for word in cut], np.uint32)
    drawn = [
        (word, new, position * 2 + in_body)
        for new, old in enumerate(chosen)
        for in_body, text in enumerate(pairs[old])
        for position, word in enumerate(word for chunk in text for word in cuts[chunk])
    ]
    counts, articles, lengths = count_words(chunks, first, order, cut_first, cut_word, 8)
    for word in range(8):
        own = [document for drawn_word, document, _ in drawn if drawn_word == word]
        assert (counts[word], articles[word]) == (len(own), len(set(own)))
    assert lengths.tolist() == [sum(d == new for _, d, _ in drawn) for new in range(len(order))]
    lists = np.array([2, 0, 2, 1, 3, 3, 3, 0], np.uint32)  # words 0 and 2 share one, 1 and 7 too
    sizes = np.bincount(lists, counts, minlength=4).astype(np.int64)
    documents, places = group_occurrences(
        chunks, first, title_end, order, cut_first, cut_word, lists, starts(sizes)
    )
    assert list(zip(documents.tolist(), places.tolist(), strict=True)) == [
        (document, place)
        for number in range(4)
        for word, document, place in drawn
        if lists[word] == number
    ]


@given(st.lists(st.lists(st.integers(0, 4), unique=True, max_size=4), max_size=12))
def test_documents_of_each_value(values: list[list[int]]) -> None:
    flat = np.array([value for each in values for value in each], np.uint32)
    value_first = np.cumsum([0, *map(len, values)])
    first = np.concatenate([[0], np.cumsum(np.bincount(flat, minlength=5))])
    for least, end in ((0, 5), (0, 2), (2, 5), (4, 4)):
        own = first[least : end + 1]
        documents = group_documents(flat, value_first, least, own)
        for value in range(least, end):
            expected = [document for document, each in enumerate(values) if value in each]
            begin = first[least]
            assert documents[first[value] - begin : first[value + 1] - begin].tolist() == expected


@pytest.mark.parametrize("seed", range(2))
def test_merging_postings(tmp_path: Path, seed: int) -> None:
    """Three sources, with documents that interleave or follow each other, and some gone."""
    chance = random.Random(seed)
    sources = [lists_of_postings(seed * 10 + number)[:9] for number in range(3)]
    numbers, kept = renumber(chance, seed)
    # The new number of each of the nine lists of a source; two are left out.
    terms = [sorted(chance.sample(range(10), 9)) for _ in sources]
    new = [np.array(own, np.uint32) for own in terms]
    for own in new:
        own[chance.sample(range(9), 2)] = GONE
    least, most = chance.choice([(0, 10), (3, 8)])
    begin, end = (np.array([bisect_left(own, n) for own in terms]) for n in (least, most))
    expected: list[dict[int, Posting]] = [{} for _ in range(least, most)]
    for source, (number, own) in enumerate(zip(numbers, new, strict=True)):
        for old in range(begin[source], end[source]):
            for document, posting in sources[source][old].items() if own[old] != GONE else ():
                if kept[source][document]:
                    expected[own[old] - least][int(number[document])] = posting
    written = []
    for source, lists in enumerate(sources):
        folder = tmp_path / str(source)
        folder.mkdir()
        written.append(write_postings(folder, lists))
    documents, first, *rest = merge_postings(
        List([lists for lists, _ in written]),
        List([occurrences for _, occurrences in written]),
        List(numbers),
        List(new),
        begin,
        end,
        least,
        np.array([len(postings) for postings in expected], np.int64),
        DOCUMENTS,
        sum(int(each.sum()) for each in kept),
    )
    encoded = Encoded(*rest)
    position = stored = once = 0
    for term, postings in enumerate(expected):
        assert documents[first[term] : first[term + 1]].tolist() == sorted(postings)
        for place, document in enumerate(sorted(postings), int(first[term])):
            assert encoded.other[place] == is_stored(postings[document])
            if not is_stored(postings[document]):
                assert postings[document] == ((), (encoded.once[once],))
                once += 1
                continue
            read, position = position, position + int(encoded.size[stored])
            data = encoded.position[read:position].tobytes()
            assert encoded.code[stored] == code(postings[document])
            found = read_posting(data, code(postings[document]))
            assert found == postings[document]
            stored += 1
    assert position == len(encoded.position)


def renumber(
    chance: random.Random, seed: int
) -> tuple[list[np.typing.NDArray[np.uint32]], list[np.typing.NDArray[np.bool_]]]:
    """New numbers for three sources' documents: in turns, at random, or one source after another."""
    generator = np.random.default_rng(seed)
    kept = [generator.random(DOCUMENTS) < part for part in (1.0, 0.9, 0.3)]
    chance.shuffle(kept)
    total = sum(int(each.sum()) for each in kept)
    owner = np.repeat(np.arange(3), [int(each.sum()) for each in kept])
    if seed:
        generator.shuffle(owner)
    numbers = []
    for source, each in enumerate(kept):
        new = np.full(DOCUMENTS, GONE, np.uint32)
        new[each] = np.arange(total, dtype=np.uint32)[owner == source]
        numbers.append(new)
    return numbers, kept


@given(st.lists(st.text("aé\n", max_size=4), unique=True), st.text("aé\n", max_size=4))
def test_looking_up_in_a_sorted_table(texts: list[str], wanted: str) -> None:
    table = sorted(text.encode() for text in texts)
    text = np.frombuffer(b"".join(table), np.uint8)
    start = starts(np.array([len(each) for each in table], np.int64)).astype(np.uint32)
    sought = np.frombuffer(wanted.encode(), np.uint8)
    assert first_not_less(text, start, sought) == bisect_left(table, wanted.encode())
    backwards = np.arange(len(table))[::-1]
    assert Texts(text, start).several(backwards) == sorted(texts, key=str.encode)[::-1]
