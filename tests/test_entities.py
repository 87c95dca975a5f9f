"""What the recogniser finds in whole articles."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.entities import model
from index.entities.mentions import ENTITY_TYPES, Mention
from index.entities.recogniser import MODEL, load
from index.entities.tagger import Tagger

SEED = Path(__file__).parents[1] / "seeds" / "north-korean-troops-kursk.txt"

IN_THE_SEED = {
    "person": {
        "Kim Jong Un",
        "Vladimir Putin",
        "John Kirby",
        "Pat Ryder",
        "Dmitry Peskov",
        "Andrei Belousov",
    },
    "place": {
        "Ukraine",
        "Russia",
        "North Korea",
        "Kursk",
        "Donetsk",
        "Kyiv",
        "Europe",
        "Asia",
        "United States",
    },
    "organisation": {
        "Pentagon",
        "White House",
        "Kremlin",
        "National Security Council",
        "Institute for the Study of War",
        "Telegram",
        "Russian Ministry of Defense",
    },
}

HOSTILE = {
    "nothing": "",
    "white space": " \n\t\r\n" * 1000,
    "emoji": "😀👩‍👩‍👧‍👦🇺🇦 " * 20_000,
    "one long word": "A" * 100_000,
    "one long acronym": "A." * 50_000,
    "one long hyphenated word": "Ab-" * 50_000,
    "apostrophes": "O'" * 50_000,
    "control characters": "".join(map(chr, range(32))) * 1000,
    "lone surrogates": "\ud800 Kyiv \udfff\udc00Putin said\ud83d. " * 1000,
    "combining marks": "e\u0301" * 50_000,
    "no sentence ever ends": "John Kirby of the " * 20_000,
    "a list of single names": "Putin\nKyiv\nKremlin\n" * 20_000,
    "brackets": "(" * 50_000 + ")" * 50_000,
    "nulls": "\x00" * 100_000,
    "right to left": "قال الرئيس فلاديمير بوتين يوم الإثنين. " * 3000,
}


def find(text: str) -> tuple[Mention, ...]:
    return load().find(text)


def found(text: str) -> dict[str, set[str]]:
    """Canonical names by type."""
    names: dict[str, set[str]] = {kind: set() for kind in ENTITY_TYPES}
    for mention in load().find(text):
        names[mention.type].add(mention.name)
    return names


def test_the_seed_article_gives_what_a_careful_reader_would_list() -> None:
    assert found(SEED.read_text(encoding="utf-8")) == IN_THE_SEED


def test_mentions_stand_where_they_say_in_order_and_apart() -> None:
    text = SEED.read_text(encoding="utf-8")
    mentions = load().find(text)
    assert all(text[m.start : m.end] == m.surface for m in mentions)
    assert all(a.end <= b.start for a, b in pairwise(mentions))


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.sampled_from(("", "\n", "Putin", "Kyiv.", "Kirby said\nof the", "\ud800 A.\n\n")))
)
def test_texts_read_together_are_found_what_each_is_found_alone(texts: list[str]) -> None:
    assert list(load().find_all(texts)) == [find(text) for text in texts]


def test_articles_read_together_are_found_what_each_is_found_alone() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(SEED.parent.glob("**/*.txt"))]
    assert list(load().find_all(texts)) == [find(text) for text in texts]


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_other_processes_find_the_same(method: str) -> None:
    text = SEED.read_text(encoding="utf-8")
    here = load().find(text)
    context = multiprocessing.get_context(method)
    with ProcessPoolExecutor(1, mp_context=context) as workers:
        assert workers.submit(find, text).result() == here


def test_threads_find_the_same() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(SEED.parent.glob("*/*.txt"))][:12]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(find, texts * 3)) == [find(text) for text in texts] * 3


def test_a_recogniser_that_has_forgotten_its_words_finds_the_same() -> None:
    text = SEED.read_text(encoding="utf-8")
    tagger = Tagger(model.read(MODEL)[0])
    before = tagger.spans(tagger.read(text))
    tagger.vocabulary.forget()
    tagger.spans(tagger.read(" ".join(f"Word{n}" for n in range(5000))))
    assert tagger.spans(tagger.read(text)) == before


def test_it_starts_without_large_packages_it_does_not_need() -> None:
    program = "import sys; from index.entities import recogniser; recogniser.warm(); "
    program += "print({'nltk', 'scipy.linalg'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    assert run.stdout == b"set()\n"


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_text_makes_it_fail(text: str) -> None:
    mentions = load().find(text)
    assert all(text[m.start : m.end] == m.surface for m in mentions)


PIECES = (
    *("Putin", "Vladimir", "President", "Secretary", "State", "von", "der", "Leyen", "Jr.", "III"),
    *("Institute", "for", "Study", "the", "The", "of", "War", "ISW", "(", ")", "U.S.", "US", "He"),
    *(
        "U.S.-led",
        "Russian-occupied",
        "Moody's",
        "Co",
        "Inc",
        "&",
        "<",
        ">",
        "KYIV",
        "Łódź",
        "中国",
    ),
    *("'s", "’s", "O'", "a-", "-a", "-", "--", ",", ".", "!", "...", "“", '"', "''", "#UN", "@bbc"),
    *("\n", "\t", "\x00", "\x02", "\x1c", "\u2028", "\ud800", "\u200d", "😀", "İstanbul", "ǅ"),
)


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.sampled_from(["", " ", "  "]))
def test_mentions_of_any_text_are_in_order_and_apart(words: list[str], gap: str) -> None:
    text = gap.join(words)
    mentions = load().find(text)
    assert all(text[m.start : m.end] == m.surface for m in mentions)
    assert all(m.surface and m.name and m.name == m.name.strip() for m in mentions)
    assert all(a.end <= b.start for a, b in pairwise(mentions))


def test_five_megabytes_of_capitals() -> None:
    word = "VLADIMIR PUTIN MET KIM JONG UN IN PYONGYANG AND MOSCOW HAILED THE TREATY "
    text = word * (5_000_000 // len(word))
    assert all(text[m.start : m.end] == m.surface for m in load().find(text))
