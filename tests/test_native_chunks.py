"""What stands between spaces, numbered by a kernel as a dictionary would."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Document
from index.native.buffer import Buffer
from index.native.chunk_table import ChunkTable
from index.native.lexicon import Kept, Lexicon
from index.native.text_order import copy_texts, put_in_order
from index.native.texts import starts
from index.tokens import stem, words

LANGUAGES = st.integers(0, 255)
TEXTS = st.text(st.sampled_from("aab!é \n\t\x00\x1f\u00a0\u2028\ud800北😀"), max_size=30)


def chunks_of(text: str) -> list[str]:
    """Cut at control characters and white space of ASCII."""
    return [each for each in "".join(max(" ", one) for one in text).split(" ") if each]


@given(st.lists(st.lists(st.tuples(TEXTS, LANGUAGES), max_size=6), max_size=4))
def test_chunks_are_numbered_in_the_order_of_first_sight(
    batches: list[list[tuple[str, int]]],
) -> None:
    table, known = ChunkTable(), dict[tuple[int, str], int]()
    for batch in batches:
        numbers, ends = table.number(
            [text.encode("utf-8", "surrogatepass") for text, _ in batch],
            [language for _, language in batch],
        )
        expected, counts = [], []
        for text, language in batch:
            keys = [(language, chunk) for chunk in chunks_of(text)]
            expected += [known.setdefault(key, len(known)) for key in keys]
            counts.append(len(expected))
        assert numbers.tolist() == expected
        assert ends.tolist() == counts
    assert [table[number] for number in range(len(table))] == list(known)


def test_many_and_long_chunks_find_room() -> None:
    table = ChunkTable()
    different = [f"chunk{number}" for number in range(5_000)]
    long = "x" * 100_000
    text = " ".join([*different, long, *different]).encode()
    for _ in range(2):
        numbers, ends = table.number([text], [7])
        assert numbers.tolist() == [*range(5_001), *range(5_000)]
        assert ends.tolist() == [10_001]
    assert table[5_000] == (7, long)
    assert table.memory < 20 * (len(long) + sum(map(len, different)))


@given(st.lists(st.tuples(TEXTS, st.sampled_from(["en", "fr"])), min_size=1, max_size=5))
def test_the_words_are_those_of_the_tokenizer(drawn: list[tuple[str, str]]) -> None:
    """White space beyond ASCII stays within a chunk, but in no word."""
    lexicon = Lexicon()
    numbers, ends = lexicon.numbers(
        [text.lower().encode("utf-8", "surrogatepass") for text, _ in drawn],
        [language for _, language in drawn],
    )
    known = lexicon.copy()
    first, word = known.chunk_first, known.chunk_word
    texts, terms = texts_of(known.words), texts_of(known.terms)
    for (text, language), part in zip(drawn, np.split(numbers, ends), strict=False):
        found = [word[k] for n in part for k in range(first[n], first[n + 1])]
        assert [texts[number] for number in found] == words(text)
        own_terms = [terms[known.word_term[number]] for number in found]
        assert own_terms == [stem(each, language) for each in words(text)]
    stems = [terms[number] for number in known.word_term.tolist()]
    order = known.words.used(np.ones(len(texts), bool)).tolist()
    assert [(texts[n], stems[n]) for n in order] == sorted(zip(texts, stems, strict=True))


def texts_of(kept: Kept) -> list[str]:
    """The words or terms of a lexicon by number."""
    text, start = kept.encoded(np.arange(len(kept.start) - 1, dtype=np.uint32))
    return [text[a:b].tobytes().decode() for a, b in itertools.pairwise(start.tolist())]


@given(st.lists(st.lists(st.binary(max_size=12), max_size=20), max_size=4), st.randoms())
def test_texts_are_put_in_order(batches: list[list[bytes]], chance: random.Random) -> None:
    """Those that were sorted before and those that are new."""
    texts: list[bytes] = []
    numbers = np.zeros(0, np.uint32)
    for batch in batches:
        texts += batch
        text = np.frombuffer(bytearray(b"".join(texts)), np.uint8)
        start = starts(np.array([len(each) for each in texts], np.int64))
        done = len(numbers)
        new = np.arange(done, len(texts), dtype=np.uint32)
        numbers = np.concatenate([numbers, new])
        put_in_order(text, start, numbers, done)
        assert numbers.tolist() == sorted(range(len(texts)), key=lambda n: (texts[n], n))
        chosen = chance.sample(range(len(texts)), len(texts) // 2)
        copied, begins = copy_texts(text, start, np.array(chosen, np.uint32), 1, ord("!"))
        expected = [texts[n][1:].partition(b"!")[0] for n in chosen]
        assert [copied[a:b].tobytes() for a, b in itertools.pairwise(begins)] == expected


def test_what_waits_counts_as_memory() -> None:
    buffer = Buffer(Lexicon())
    before = buffer.memory
    buffer.put(Document(article_id="a", title="", body="word " * 10_000))
    waiting = buffer.memory
    buffer.seal()
    assert before < waiting
    assert waiting == pytest.approx(buffer.memory, rel=0.3)
