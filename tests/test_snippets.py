from __future__ import annotations

import unicodedata
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article
from index.tokens import STEMMERS, fold, stem, tokens, words
from search.highlights import CHANGING_BEGINNINGS, occurrences
from search.plan import AnyWord, Boolean, Everything, HasValue, Phrase, Plan, Word
from search.sentences import sentence_breaks
from search.snippets import ELLIPSIS, Passage, highlight_body, highlight_title, passages

VOCABULARY = """
    Putin Putin's troops troop trooping Kursk the U.S. US l'Élysée elysee café Covid-19 covid19
    F-16 10,000 北京 北京市 Київ Києві كتاب الكتاب समाचार О'Брайен naïve nai\u0308ve 👩‍👩‍👧 ❤️ &amp; < b&b …
"""
SEPARATORS = (" ", " ", " ", ". ", "\n", "! ", ", ", "… ", "。", "  ", "-", "")
STEMS = sorted({stem(word, "en") for word in words(VOCABULARY)})

texts = st.lists(st.sampled_from(VOCABULARY.split()) | st.text(max_size=6), max_size=60).flatmap(
    lambda parts: st.lists(
        st.sampled_from(SEPARATORS), min_size=len(parts), max_size=len(parts)
    ).map(lambda gaps: "".join(map("".join, zip(parts, gaps, strict=True))))
)
stems = st.sampled_from(STEMS)
fields = st.sampled_from([None, "title", "body"])
leaves = st.one_of(
    st.builds(Word, stems, fields),
    st.builds(AnyWord, st.lists(stems, min_size=1, max_size=4).map(tuple), fields),
    st.builds(
        Phrase, st.lists(stems, min_size=2, max_size=3).map(tuple), st.integers(0, 3), fields
    ),
    st.just(Everything()),
    st.just(HasValue("person", ("Kursk",))),
)
plans = st.recursive(
    leaves,
    lambda inner: st.builds(
        Boolean,
        must=st.lists(inner, max_size=2).map(tuple),
        should=st.lists(inner, max_size=2).map(tuple),
        filter=st.lists(inner, max_size=1).map(tuple),
        must_not=st.lists(inner, max_size=1).map(tuple),
    ),
    max_leaves=6,
)


def leaves_of(plan: Plan, name: str) -> list[Plan]:
    if isinstance(plan, Boolean):
        children = (*plan.must, *plan.should, *plan.filter)
        return [leaf for child in children for leaf in leaves_of(child, name)]
    return [plan] if getattr(plan, "field", "neither") in (None, name) else []


def characters_slowly(text: str, plan: Plan, name: str, language: str) -> set[int]:
    """Every highlighted character, by looking at every token and every combination of tokens."""
    found = list(tokens(text))
    stemmed = [stem(token.word, language) for token in found]
    marked: set[int] = set()
    for leaf in leaves_of(plan, name):
        wanted = {leaf.stem} if isinstance(leaf, Word) else set(getattr(leaf, "stems", ()))
        if isinstance(leaf, Phrase):
            positions = [[i for i, s in enumerate(stemmed) if s == each] for each in leaf.stems]
            chosen = tightest_slowly(positions, leaf.slop)
        else:
            chosen = {(i,) for i, s in enumerate(stemmed) if s in wanted}
        for places in chosen:
            for place in places:
                marked.update(range(found[place].start, found[place].end))
            for place, after in pairwise(places):
                if after == place + 1:
                    marked.update(range(found[place].start, found[after].end))
    return marked


def tightest_slowly(positions: list[list[int]], slop: int) -> set[tuple[int, ...]]:
    tightest: dict[int, tuple[int, ...]] = {}
    for places in sorted(product(*positions), reverse=True):
        rising = all(a < b for a, b in pairwise(places))
        if rising and places[-1] - places[0] - (len(places) - 1) <= slop:
            tightest[places[0]] = places
    return set(tightest.values())


def marked(passage: Passage) -> list[str]:
    return [passage.text[first:last] for first, last in passage.ranges]


def article(body: str, title: str = "", language: str = "en") -> Article:
    return Article(id="a", title=title, body=body, language=language)


def found_in(body: str, plan: Plan, language: str = "en") -> list[str]:
    return marked(highlight_body(article(body, language=language), plan))


@given(texts, plans, st.sampled_from(["", "en", "fr", "ru", "ar", "xx"]))
def test_highlights_are_what_looking_at_every_token_gives(
    text: str, plan: Plan, language: str
) -> None:
    for name, passage in (
        ("title", highlight_title(article("", text, language), plan)),
        ("body", highlight_body(article(text, "", language), plan)),
    ):
        assert passage.text == text
        ends = [place for span in passage.ranges for place in span]
        assert ends == sorted(ends)
        assert all(first < last for first, last in passage.ranges)
        shown = {place for first, last in passage.ranges for place in range(first, last)}
        assert shown == characters_slowly(text, plan, name, language)


@given(texts, plans, st.integers(1, 4), st.integers(5, 120))
def test_passages_are_parts_of_the_body_with_its_highlights(
    text: str, plan: Plan, most: int, width: int
) -> None:
    whole = highlight_body(article(text), plan)
    found = passages(article(text), plan, most=most, width=width)
    assert len(found) <= most
    assert bool(found) == bool(text.strip())
    assert any(passage.ranges for passage in found) == bool(whole.ranges)
    last_end = 0
    for passage in found:
        begins = passage.start + passage.text.startswith(ELLIPSIS)
        shown = passage.text.strip(ELLIPSIS)
        assert len(shown) <= width
        inside = text.replace("\n", " ")[passage.start : passage.start + len(passage.text)]
        assert shown in inside or shown == inside.strip(ELLIPSIS)
        assert begins >= last_end or passage.start >= last_end
        last_end = passage.start + len(passage.text.rstrip(ELLIPSIS))
        characters = {c for first, last in whole.ranges for c in range(first, last)}
        here = {passage.start + c for first, last in passage.ranges for c in range(first, last)}
        assert here <= characters
        assert all(0 <= first < last <= len(passage.text) for first, last in passage.ranges)


@given(
    st.lists(st.lists(st.integers(0, 12), unique=True).map(sorted), min_size=2, max_size=4),
    st.integers(0, 4),
)
def test_occurrences_are_the_tightest_of_all_combinations(
    positions: list[list[int]], slop: int
) -> None:
    assert set(occurrences(positions, slop)) == tightest_slowly(positions, slop)


@given(st.sampled_from(sorted(set(STEMMERS) - CHANGING_BEGINNINGS)), st.text(min_size=1))
def test_a_stem_begins_with_the_first_letter_of_its_word(language: str, text: str) -> None:
    for word in words(text):
        assert stem(word, language)[0] == word[0]


@pytest.mark.parametrize(
    ("body", "typed", "language", "expected"),
    [
        ("Ukraine's troops, trooping.", "ukraine troop", "en", ["Ukraine", "troops", "trooping"]),
        ("The U.S. said: ask us", "us", "en", ["U.S", "us"]),
        ("à l'Élysée, l’élysée", "elysee", "fr", ["Élysée", "élysée"]),
        ("👩‍👩‍👧 café 🇺🇦 cafe\u0301", "cafe", "en", ["café", "cafe\u0301"]),
        ("A & B &amp; C < amp", "amp", "en", ["amp", "amp"]),
        ("قرأ الكتاب اليوم", "الكتاب", "ar", ["الكتاب"]),
        ("שלום עולם", "עולם", "he", ["עולם"]),
        ("Ⅳ ﬁne STRASSE straße", "strasse", "de", ["STRASSE", "straße"]),
    ],
)
def test_words_are_marked_as_they_stand(
    body: str, typed: str, language: str, expected: list[str]
) -> None:
    plan = Boolean(must=tuple(Word(stem(word, language)) for word in words(typed)))
    assert found_in(body, plan, language) == expected


def test_an_exact_phrase_is_one_range_and_only_where_it_occurs() -> None:
    plan = Phrase(("white", stem("house", "en")))
    body = "The White House, white-house and a white old house; house white."
    assert found_in(body, plan) == ["White House", "white-house"]


def test_a_near_phrase_marks_its_words_but_not_those_between() -> None:
    plan = Phrase(("kim", "putin"), slop=2)
    body = "Kim met Putin. Kim told the crowd that Putin left. Putin, Kim."
    assert found_in(body, plan) == ["Kim", "Putin"]


def test_excluded_words_and_words_of_the_other_field_are_not_marked() -> None:
    plan = Boolean(must=(Word("kursk", "title"), Word("kyiv")), must_not=(Word("donetsk"),))
    text = "Kursk, Kyiv and Donetsk"
    assert found_in(text, plan) == ["Kyiv"]
    assert marked(highlight_title(article("", text), plan)) == ["Kursk", "Kyiv"]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It rained. It poured!  It was 3.5 mm.", ["It rained.", "It poured!", "It was 3.5 mm."]),
        ("Gen. A. Smith of the U.S. Army left at 5 a.m. on Mon. He slept.", []),
        (
            "“Go!” he said. “No.” Then: “Why?”\nOut",
            ["“Go!” he said.", "“No.”", "Then: “Why?”", "Out"],
        ),
        ("他走了。她也走了！“真的？”是", ["他走了。", "她也走了！", "“真的？”", "是"]),
        ("Wait… what? yes. Really?! Yes", ["Wait… what? yes.", "Really?!", "Yes"]),
        ("यह सच है। वह गया", ["यह सच है।", "वह गया"]),
    ],
)
def test_sentences_end_where_they_seem_to(text: str, sentences: list[str]) -> None:
    breaks = sentence_breaks(text, 0, len(text))
    starts = [0, *(each.next for each in breaks)]
    ends = [*(each.end for each in breaks), len(text)]
    found = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    assert [each for each in found if each] == (sentences or [text])


def test_without_words_the_first_sentences_lead() -> None:
    body = "Mr. Smith of the U.S. Senate spoke. It rained.\n" + "More of the same followed. " * 20
    (lead,) = passages(article(body), Everything(), width=60)
    assert lead == Passage("Mr. Smith of the U.S. Senate spoke. It rained.", (), 0)


def test_a_passage_is_the_sentence_with_the_words() -> None:
    filler = "Nothing of interest happened on that day in the quiet town. " * 8
    body = f"{filler}Putin met Kim in Pyongyang. {filler}"
    (passage,) = passages(article(body), Word("pyongyang"), width=90)
    assert passage.text == (
        "Putin met Kim in Pyongyang. Nothing of interest happened on that day in the quiet town."
    )
    assert body[passage.start :].startswith("Putin met Kim")


def test_the_passages_with_most_of_the_words_closest_win_and_stand_in_text_order() -> None:
    gap = "and so on it went without any end " * 10
    body = f"kursk {gap} kursk {gap} troops of korea in kursk {gap} korea troops {gap} troops"
    plan = Boolean(must=tuple(Word(stem(word, "en")) for word in ("kursk", "troops", "korea")))
    first, second = passages(article(body), plan, most=2, width=80)
    assert marked(first) == ["troops", "korea", "kursk"]
    assert marked(second) == ["korea", "troops"]
    assert first.start < second.start
    assert first.text.startswith(ELLIPSIS)
    assert first.text.endswith(ELLIPSIS)


def test_text_without_spaces_is_cut_between_whole_characters() -> None:
    family = "👩‍👩‍👧‍👦"
    (passage,) = passages(article("x" + family * 50), Word("x"), width=30)
    assert passage.text == "x" + family * 4 + ELLIPSIS
    (devanagari,) = passages(article("नि" * 500), Everything(), width=51)
    assert not unicodedata.category(devanagari.text[-2]).startswith("L")


def test_a_megabyte_is_searched_whole() -> None:
    body = "The president said nothing. " * 37_000 + "Then came Kursk."
    found = passages(article(body), Boolean(should=(Word("presid"), Word("kursk"))))
    assert [fold(text) for text in marked(found[-1])][-1] == "kursk"
    assert len(found) == 3


def test_a_word_longer_than_a_passage_is_marked_in_part() -> None:
    (passage,) = passages(article("b" * 5_000), Word("b" * 80), width=100)
    assert passage == Passage("b" * 100 + ELLIPSIS, ((0, 100),), 0)
