"""Names whose own words, or the words beside them, say what they are."""

from __future__ import annotations

import pytest

from index.entities.corrections import correct
from index.entities.spans import Span, SpanType


def corrected(text: str, *names: tuple[str, SpanType]) -> list[tuple[str, SpanType]]:
    """The names after correction, given with their types in the order of the text."""
    words = text.split()
    spans = []
    at = 0
    for name, kind in names:
        parts = name.split()
        while words[at : at + len(parts)] != parts:
            at += 1
        spans.append(Span(at, at + len(parts), kind))
        at += len(parts)
    return [(" ".join(words[start:end]), kind) for start, end, kind in correct(words, spans)]


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("the Office of Inspector General", "person", ("Office of Inspector General",)),
        ("HHS Office of Inspector General", "place", ("HHS Office of Inspector General",)),
        ("Labour party", "organisation", ("Labour",)),
        ("John Smith @", "person", ("John Smith",)),
        ("Turner Turnpike", "organisation", ("Turner Turnpike",)),
    ],
)
def test_names_lose_what_is_not_theirs(text: str, before: SpanType, after: tuple[str, ...]) -> None:
    name = text.removeprefix("the ")
    assert tuple(found for found, _ in corrected(text, (name, before))) == after


@pytest.mark.parametrize(
    ("text", "name", "before", "after"),
    [
        ("Office of Inspector General", None, "person", "organisation"),
        ("U.S. District Court", None, "place", "organisation"),
        ("Margaret Court", None, "person", "person"),
        ("Harvard University", None, "place", "organisation"),
        ("Institute for the Study of War", None, "organisation", "organisation"),
        ("P. Young Co", None, "person", "organisation"),
        ("Medicare", None, "place", "other"),
        ("APR", None, "organisation", "other"),
        ("Soviet Union", None, "place", "place"),
        ("Turner Turnpike", None, "person", "place"),
        ("Treaty of London", None, "organisation", "other"),
        ("Kigali Amendment", None, "organisation", "other"),
        ("Kim Il Sung Square", "Kim Il Sung", "person", "place"),
        ("Davis Cup", "Davis", "place", "other"),
        ("Southern District", None, "place", "other"),
    ],
)
def test_words_decide_on_types(
    text: str, name: str | None, before: SpanType, after: SpanType
) -> None:
    assert corrected(text, (name or text, before)) == [(text, after)]


def test_a_name_does_not_take_a_word_of_the_next() -> None:
    names: list[tuple[str, SpanType]] = [("Kim", "person"), ("Square Enix", "organisation")]
    assert corrected("Kim Square Enix", *names) == names


def test_districts_of_courts_are_one_place() -> None:
    text = "the Southern District of New York and the Eastern District said"
    found = corrected(
        text,
        ("Southern District", "place"),
        ("New York", "place"),
        ("Eastern District", "place"),
    )
    assert found == [("Southern District of New York", "place"), ("Eastern District", "other")]


def test_an_organisation_named_in_full_is_one_when_shortened() -> None:
    text = "Merrill Lynch and Co. rose . Merrill Lynch and Chrysler fell , Chrysler Corp said"
    found = corrected(
        text,
        ("Merrill Lynch and Co.", "organisation"),
        ("Merrill Lynch", "person"),
        ("Chrysler", "person"),
        ("Chrysler Corp", "organisation"),
    )
    assert [kind for _, kind in found] == ["organisation"] * 4


def test_a_person_with_a_first_name_stays_one_beside_a_company_of_that_name() -> None:
    found = corrected(
        "Donald Ford leads Ford Motor Co ; Ford said",
        ("Donald Ford", "person"),
        ("Ford Motor Co", "organisation"),
        ("Ford", "person"),
    )
    assert [kind for _, kind in found] == ["person", "organisation", "person"]
