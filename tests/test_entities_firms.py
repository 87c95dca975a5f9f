"""Firms called after their partners, and abbreviations that articles explain as none."""

from __future__ import annotations

import pytest

from index.entities.firms import explains_no_organisation, join_firms
from index.entities.spans import Span, SpanType


def joined(text: str, *names: tuple[str, SpanType]) -> list[tuple[str, SpanType]]:
    """The names after joining, given with their types in the order of the text."""
    words, spans, at = text.split(), [], 0
    for name, kind in names:
        parts = name.split()
        at = next(n for n in range(at, len(words)) if words[n : n + len(parts)] == parts)
        spans.append(Span(at, at + len(parts), kind))
        at += len(parts)
    return [(" ".join(words[start:end]), kind) for start, end, kind in join_firms(words, spans)]


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("Sample , Tester and Co", "Sample", "Tester and Co"),
        ("Sample , Tester & Co Inc", "Sample", "Tester & Co Inc"),
        ("A. Sample and Co Ltd", "A. Sample", "Co Ltd"),
        ("Sample Tester Ltd", "Sample Tester", "Ltd"),
    ],
)
def test_pieces_of_a_firm_are_one(text: str, first: str, second: str) -> None:
    assert joined(text, (first, "person"), (second, "organisation")) == [(text, "organisation")]


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("First Sample , Second Tester and Co", "First Sample", "Second Tester and Co"),
        ("Sample , Tester Corp", "Sample", "Tester Corp"),
        ("Sample of Co Ltd", "Sample", "Co Ltd"),
    ],
)
def test_two_names_stay_two(text: str, first: str, second: str) -> None:
    names: tuple[tuple[str, SpanType], ...] = ((first, "organisation"), (second, "organisation"))
    assert joined(text, *names) == list(names)


def test_partners_never_named_apart_are_a_firm() -> None:
    text = "SAMPLE / TESTER cuts debt . Sample and Tester said so"
    names: list[tuple[str, SpanType]] = [("SAMPLE", "person"), ("Sample", "person")]
    firm = [("SAMPLE / TESTER", "organisation"), ("Sample and Tester", "organisation")]
    assert joined(text, *names, ("Tester", "person")) == firm
    assert joined(f"{text} . Tester agreed", *names)[0] == ("SAMPLE", "person")


def test_one_name_twice_is_a_firm() -> None:
    assert joined("when Sample and Sample rose", ("Sample", "person")) == [
        ("Sample and Sample", "organisation")
    ]


@pytest.mark.parametrize(
    ("text", "explained"),
    [
        ("under the Clean Sample Act ( CSA ) they", {"CSA"}),
        ("under the Clean Sample Act of 1994 ( CSA ) they", {"CSA"}),
        ("for durable sample equipment ( DSE ) they", {"DSE"}),
        ("the Institute for Sample Testing ( IST ) said", set()),
        ("said on the first ( UK ) day", set()),
    ],
)
def test_abbreviations_of_laws_and_common_words(text: str, explained: set[str]) -> None:
    assert explains_no_organisation(text.split()) == explained
