"""How texts are cut into words and sentences for recognition."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.entities.tables import Statistics, Tables
from index.entities.vocabulary import Layout, Vocabulary
from index.entities.words import chunks, pieces


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
    assert "".join(chunks(text)) == text
    assert "".join(words) == "".join(text.split())
    assert all(end <= start for end, start in zip(layout.ends, layout.starts[1:], strict=False))
    assert list(layout.sentences) == sorted(set(layout.sentences.tolist()))
    assert layout.sentences[-1] == len(words)


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
