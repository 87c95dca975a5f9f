"""Names corrected by the words beside them, and firms and companies that read like people."""

from __future__ import annotations

import pytest

from index.entities.corrections import correct
from index.entities.spans import Span, SpanType

Named = tuple[str, SpanType]


def corrected(text: str, *names: Named) -> list[Named]:
    """The names after correction, given with their types in the order of the text."""
    words, spans, at = text.split(), [], 0
    for name, kind in names:
        parts = name.split()
        at = next(n for n in range(at, len(words)) if words[n : n + len(parts)] == parts)
        spans.append(Span(at, at + len(parts), kind))
        at += len(parts)
    return [
        (" ".join(words[start:end]), kind)
        for start, end, kind in correct(words, spans)
        if kind != "other"
    ]


@pytest.mark.parametrize(
    ("text", "name", "firm"),
    [
        ("Duff and Phelps said so", "Duff", "Duff and Phelps"),
        ("DUFF & PHELPS SAYS SO", "DUFF", "DUFF & PHELPS"),
        ("Piper , Jaffray and Hopwood said", "Piper", "Piper , Jaffray and Hopwood"),
        ("Alex . Brown and Sons said", "Alex", "Alex . Brown and Sons"),
        ("Duff and Sample said so", "Duff", None),
        ("led by Donaldson ,", "Donaldson", None),
    ],
)
def test_firms_on_the_list_are_one(text: str, name: str, firm: str | None) -> None:
    found = corrected(text, (name, "person"))
    assert found == [(firm, "organisation") if firm else (name, "person")]


def test_what_is_found_of_a_firm_belongs_to_it() -> None:
    text = "by Donaldson , Lufkin and Jenrette Securities Corp in May"
    names: list[Named] = [
        ("Donaldson", "person"),
        ("Lufkin", "place"),
        ("Jenrette Securities Corp", "organisation"),
    ]
    firm = "Donaldson , Lufkin and Jenrette Securities Corp"
    assert corrected(text, *names) == [(firm, "organisation")]


def test_towns_stand_before_their_state() -> None:
    text = "He is of Sampleton , Ohio , and she is in Examplebury , Texas ."
    names: list[Named] = [
        ("Sampleton", "person"),
        ("Ohio", "place"),
        ("Examplebury", "person"),
        ("Texas", "place"),
    ]
    assert corrected(text, *names) == [(name, "place") for name, _ in names]


def test_people_may_stand_before_a_place() -> None:
    names: list[Named] = [("Pat Sample", "person"), ("Ohio", "place")]
    assert corrected("The trial of Pat Sample , Ohio said", *names) == names


def test_counties_are_places() -> None:
    text = "in Sample , Contra Example and Test counties , said Example ."
    names: list[Named] = [
        ("Sample", "place"),
        ("Contra Example", "person"),
        ("Test", "person"),
        ("Example", "person"),
    ]
    assert [kind for _, kind in corrected(text, *names)] == ["place", "place", "place", "person"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("KANSAS CITY WHEAT FIRMER", "place"), ("KANSAS CITY beat Toronto", "organisation")],
)
def test_cities_are_teams_only_where_sport_is_spoken_of(text: str, kind: SpanType) -> None:
    assert corrected(text, ("KANSAS CITY", "organisation")) == [("KANSAS CITY", kind)]


@pytest.mark.parametrize(
    ("text", "name", "kept"),
    [
        ("The Finance Bill has provisions", "Bill", False),
        ("Uncle said : Bill came . So Bill went", "Bill", True),
        ("King Mark came", "Mark", True),
        ("Then came Diana", "Diana", True),
    ],
)
def test_given_names_that_are_words_name_nobody_alone(text: str, name: str, kept: bool) -> None:
    spans: list[Named] = [(name, "person")] * text.split().count(name)
    assert bool(corrected(text, *spans)) == kept


@pytest.mark.parametrize(
    ("text", "place", "kind"),
    [
        ("Sampleton Air Inc met . Sampleton said so", "Sampleton", "organisation"),
        ("Sampleton Air Inc met . Sampleton rose in Sampleton", "Sampleton", "place"),
        ("Sampleton Air Inc met in Sampleton . Sampleton said so", "Sampleton", "place"),
    ],
)
def test_companies_called_by_a_place_act(text: str, place: str, kind: SpanType) -> None:
    times = text.split().count(place) - 1
    names: list[Named] = [("Sampleton Air Inc", "organisation")]
    names += [(place, "place") for _ in range(times)]
    assert {found for _, found in corrected(text, *names)[1:]} == {kind}


def test_companies_are_called_by_their_founders_surname() -> None:
    text = "A. Sample Co met . Sample led the group"
    names: list[Named] = [("A. Sample Co", "organisation"), ("Sample", "person")]
    assert corrected(text, *names)[1] == ("Sample", "organisation")
    text = "A. Sample Co met . Pat Sample came . Sample led the group"
    names = [("A. Sample Co", "organisation"), ("Pat Sample", "person"), ("Sample", "person")]
    assert corrected(text, *names)[2] == ("Sample", "person")


def test_the_sign_of_its_shares_makes_a_company() -> None:
    assert corrected("SAMPLE < SMP > RISES", ("SAMPLE", "person")) == [("SAMPLE", "organisation")]


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        (
            "U.S. Customs and Border Protection said",
            [("U.S.", "place"), ("Border Protection", "organisation")],
            [("U.S. Customs and Border Protection", "organisation")],
        ),
        (
            "Executive Office for U.S. Trustees said",
            [("Executive Office", "organisation")],
            [("Executive Office for U.S. Trustees", "organisation")],
        ),
        (
            "Pat Sample of the Example Office of Tests said",
            [("Pat Sample of the Example Office of Tests", "organisation")],
            [("Pat Sample", "person"), ("Example Office of Tests", "organisation")],
        ),
        (
            "Tax Division Pat Sample said",
            [("Tax Division Pat Sample", "organisation")],
            [("Tax Division", "organisation"), ("Pat Sample", "person")],
        ),
        (
            "the Justice Departments FCPA work",
            [("Justice Departments FCPA", "organisation")],
            [("Justice Departments", "organisation")],
        ),
        (
            "Assistant Secretary for Fair Tests and Equal Samples",
            [("Equal Samples", "organisation")],
            [],
        ),
        ("the European Currency Unit rose", [("European Currency Unit", "organisation")], []),
        ("rated AAA by them", [("AAA", "organisation")], []),
        ("a John Doe summons", [("John Doe", "person")], []),
    ],
)
def test_ends_of_names(text: str, names: list[Named], found: list[Named]) -> None:
    assert corrected(text, *names) == found
