"""How texts are cut into words and sentences for recognition."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.entities.chunks import LONGEST_KEPT, ChunkNumbers
from index.entities.tables import Statistics, Tables
from index.entities.vocabulary import Layout, Vocabulary
from index.entities.words import pieces


def layout_of(text: str) -> Layout:
    return Vocabulary(Tables(Statistics.nothing(), 16)).read(text)


def sentences_of(text: str) -> list[str]:
    layout = layout_of(text)
    words = layout.all_words()
    return [" ".join(words[a:b]) for a, b in pairwise(layout.sentences.tolist())]


@pytest.mark.parametrize(
    ("chunk", "words"),
    [
        ("Ukraine's", ["Ukraine", "'s"]),
        ("Ukraine’s", ["Ukraine", "’s"]),
        ("KREMLIN'S", ["KREMLIN", "'S"]),
        ("soldiers'", ["soldiers", "'"]),
        ("O'Brien,", ["O'Brien", ","]),
        ("Sana'a", ["Sana'a"]),
        ("Moody's", ["Moody's"]),
        ("McDonald’s,", ["McDonald’s", ","]),
        ("U.S.", ["U.S."]),
        ("U.S.-led", ["U.S.-led"]),
        ("Gen.", ["Gen."]),
        ("Kirby.", ["Kirby", "."]),
        ("J.D.", ["J.D."]),
        ("D.", ["D."]),
        ("don't", ["don't"]),
        ("al-Qaida-linked", ["al-Qaida-linked"]),
        ("AT&T's", ["AT&T", "'s"]),
        ("(ISW)", ["(", "ISW", ")"]),
        ("1,234.5", ["1,234.5"]),
        ("Amazon.com", ["Amazon.com"]),
        ("war.Then", ["war", ".", "Then"]),
        ("Łódź—Kraków", ["Łódź", "—", "Kraków"]),
        ("https://example.org/a?b=c", ["https://example.org/a?b=c"]),
    ],
)
def test_a_chunk_is_cut_into_words(chunk: str, words: list[str]) -> None:
    assert pieces(chunk) == words


@given(st.text(st.characters(categories=["L"]), min_size=1), st.sampled_from(",;:?!)"))
def test_a_mark_behind_a_word_is_cut_as_it_is_in_brackets(word: str, mark: str) -> None:
    assert pieces(word + mark) == pieces("(" + word + mark)[1:]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("He left. She stayed.", ["He left .", "She stayed ."]),
        ("Gen. Pat Ryder spoke.", ["Gen. Pat Ryder spoke ."]),
        ("In the U.S. Senate it failed.", ["In the U.S. Senate it failed ."]),
        ("It left the U.S. The rest stayed.", ["It left the U.S.", "The rest stayed ."]),
        ("John F. Kirby said so.", ["John F. Kirby said so ."]),
        ("“Go.” They went.", ["“ Go . ”", "They went ."]),
        ("A title\nThe body", ["A title", "The body"]),
        ("costs 3.5 million. more", ["costs 3.5 million . more"]),
    ],
)
def test_where_sentences_end(text: str, sentences: list[str]) -> None:
    assert sentences_of(text) == sentences


@given(st.text(alphabet=st.characters(codec=None), max_size=200))
def test_words_stand_where_the_layout_says(text: str) -> None:
    layout = layout_of(text)
    words = layout.all_words()
    assert all(words)
    assert not any(piece.isspace() for word in words for piece in word)
    assert "".join(words) == "".join(text.split())
    assert all(end <= start for end, start in zip(layout.ends, layout.starts[1:], strict=False))
    assert list(layout.sentences) == sorted(set(layout.sentences.tolist()))
    assert layout.sentences[-1] == len(words)


SPACES = " \n\t\r\x1c\x85\xa0\u2003\u2028\u3000"
WORDS = (
    "a",
    "ab",
    "ba",
    "\x00",
    "\u200b",
    "\ud800",
    "😀",
    "x" * LONGEST_KEPT,
    "y" * (LONGEST_KEPT + 1),
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.lists(
            st.one_of(st.sampled_from(SPACES), st.sampled_from(WORDS), st.characters(codec=None))
        ).map("".join),
        max_size=4,
    )
)
def test_chunks_are_those_between_white_space_and_numbered_once(texts: list[str]) -> None:
    numbers = ChunkNumbers()
    known: dict[str, int] = {}
    count = 0
    for text in texts:
        cut = numbers.cut(text)
        assert cut.starts.tolist() == [match.start() for match in re.finditer(r"\S+", text)]
        behind = re.split(r"\S+", text)[1:]
        assert cut.breaks.tolist() == ["\n" in space for space in behind]
        new = []
        for chunk, number in zip(text.split(), cut.numbers.tolist(), strict=True):
            if chunk not in known or len(chunk) > LONGEST_KEPT:
                known[chunk] = count
                new.append(chunk)
                count += 1
            assert number == known[chunk]
        assert [text[start:end] for start, end in cut.new.tolist()] == new
        assert len(numbers) == count


def test_chunks_keep_their_numbers_when_there_is_no_more_room() -> None:
    numbers = ChunkNumbers()
    text = " ".join(f"chunk{n} {'z' * 70}" for n in range(20_000))
    first = numbers.cut(text).numbers
    again = numbers.cut(text).numbers
    assert (first[::2] == again[::2]).all()
    assert len(set(first.tolist()) | set(again.tolist())) == 20_000 * 3


@given(st.lists(st.text(alphabet="aB.\n \u2028", max_size=9), max_size=5))
def test_texts_are_laid_out_together_as_each_is_alone(texts: list[str]) -> None:
    together = Vocabulary(Tables(Statistics.nothing(), 16)).read(*texts)
    words, bounds = together.all_words(), together.texts.tolist()
    assert (bounds[0], bounds[-1]) == (0, len(words))
    for text, (begin, end) in zip(texts, pairwise(bounds), strict=True):
        alone = layout_of(text)
        inside = together.sentences[(together.sentences >= begin) & (together.sentences <= end)]
        assert words[begin:end] == alone.all_words()
        assert together.starts[begin:end].tolist() == alone.starts.tolist()
        assert together.ends[begin:end].tolist() == alone.ends.tolist()
        assert (inside - begin).tolist() == alone.sentences.tolist()


def test_a_sentence_without_end_is_cut() -> None:
    layout = layout_of("word " * 5000)
    assert max(b - a for a, b in pairwise(layout.sentences.tolist())) <= 400


def test_a_vocabulary_that_forgets_reads_the_same() -> None:
    vocabulary = Vocabulary(Tables(Statistics.nothing(), 16))
    before = vocabulary.read("Gen. Pat Ryder of the Pentagon").all_words()
    vocabulary.forget()
    assert vocabulary.read("Gen. Pat Ryder of the Pentagon").all_words() == before
