"""What stands between spaces, numbered by a kernel as a dictionary would."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Document
from index.native.buffer import Buffer
from index.native.chunk_table import ChunkTable
from index.native.lexicon import Lexicon
from index.tokens import words

LANGUAGES = st.integers(0, 255)
TEXTS = st.text(st.sampled_from("aabé \n\t\x00\x1f\u00a0\u2028\ud800北😀"), max_size=30)


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
    first, word, _ = lexicon.arrays()
    texts = [text for text, _ in lexicon.words.numbers]
    for (text, _), part in zip(drawn, np.split(numbers, ends), strict=False):
        found = [texts[word[k]] for n in part for k in range(first[n], first[n + 1])]
        assert found == words(text)


def test_what_waits_counts_as_memory() -> None:
    buffer = Buffer(Lexicon())
    before = buffer.memory
    buffer.put(Document(article_id="a", title="", body="word " * 10_000))
    waiting = buffer.memory
    buffer.seal()
    assert before < waiting
    assert waiting == pytest.approx(buffer.memory, rel=0.3)
