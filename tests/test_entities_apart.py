"""What reads like a name and is a part of another, or of something that is none."""

from __future__ import annotations

import pytest

from index.entities.canonical import canonical_names
from index.entities.corrections import correct
from index.entities.document_rules import apply
from index.entities.mentions import EntityType
from index.entities.spans import IsPlace, Span, SpanType

Named = tuple[str, SpanType]


def corrected(
    text: str, *names: Named, is_great_place: IsPlace = lambda _: False
) -> list[tuple[str, SpanType]]:
    """The names after correction, given with their types in the order of the text."""
    words, spans, at = text.split(), [], 0
    for name, kind in names:
        parts = name.split()
        at = next(n for n in range(at, len(words)) if words[n : n + len(parts)] == parts)
        spans.append(Span(at, at + len(parts), kind))
        at += len(parts)
    return [
        (" ".join(words[start:end]), kind)
        for start, end, kind in correct(words, spans, is_great_place)
        if kind != "other"
    ]


@pytest.mark.parametrize(
    ("text", "names", "firm"),
    [
        ("said Standard and Poor's Corp", [("Poor's Corp", "organisation")], None),
        ("Sampleco ' Pratt and Whitney rose", [("Sampleco ' Pratt", "organisation")], 1),
        ("Pat Q. Sample and Co said", [("Pat Q. Sample", "person")], None),
        (
            "Sample Motors of Canada Ltd",
            [("Sample Motors", "organisation"), ("Canada Ltd", "organisation")],
            None,
        ),
    ],
)
def test_firms_that_were_cut(text: str, names: list[Named], firm: int | None) -> None:
    whole = {0: text.removeprefix("said ").removesuffix(" said"), 1: "Pratt and Whitney"}
    assert corrected(text, *names)[-1] == (whole[firm or 0], "organisation")


def test_two_whom_an_article_on_companies_does_not_introduce_are_a_firm() -> None:
    company: Named = ("Testco Inc", "organisation")
    pair: list[Named] = [("Sampler", "person"), ("Tester", "person")]
    text = "Testco Inc said Sampler and Tester agreed"
    assert corrected(text, company, *pair)[1:] == [("Sampler and Tester", "organisation")]
    assert corrected("He said Sampler and Tester agreed", *pair) == pair
    titled = "Testco Inc said Senators Sampler and Tester agreed"
    assert corrected(titled, company, *pair)[1:] == pair
    again = f"{text} with Sampler"
    assert corrected(again, company, *pair, ("Sampler", "person"))[1:3] == pair


def test_a_surname_goes_on_behind_its_particle() -> None:
    text = "Secretary Jean Sample de Testville spoke"
    assert corrected(text, ("Jean Sample", "person")) == [("Jean Sample de Testville", "person")]
    assert corrected("Jean Sample de facto won", ("Jean Sample", "person")) == [
        ("Jean Sample", "person")
    ]


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("under the Sample Services Employment and Testing Rights Act", "Sample Services Employment", "organisation"),
        ("West Texas Intermediate rose", "West Texas", "place"),
        ("Sen. Pat Sample , D-Wis , said", "D-Wis", "person"),
        ("the Departments of Tests and Samples", "Departments of Tests and Samples", "organisation"),
        ("on the Justice Departmentswebsite today", "Justice Departmentswebsite", "organisation"),
        ("the Sample mine opened , the Sample produces", "Sample", "person"),
        ("told Congressional leaders", "Congressional", "organisation"),
        ("agreed under Project Sample Access ( PSA )", "Project Sample Access", "organisation"),
        ("the Project Sample Access initiative", "Project Sample Access", "organisation"),
    ],
)  # fmt: skip
def test_what_names_something_else(text: str, name: str, kind: SpanType) -> None:
    assert corrected(text, (name, kind)) == []


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("see the Department of Tests Web site", "Department of Tests Web", "Department of Tests"),
        ("the Office of Tests Springfield office said", "Office of Tests Springfield", "Office of Tests Springfield office"),
        ("Samples Divisions Environment and Testing Division", "Samples Divisions Environment", "Samples Divisions Environment and Testing Division"),
        ("Crimes Section of the Environment and Nature Division", "Crimes Section of the Environment", "Crimes Section of the Environment and Nature Division"),
        ("the Child Tests and Samples Section ( CTSS )", "Samples Section", "Child Tests and Samples Section"),
        ("the ABCs Springfield field office said", "ABCs Springfield field", "ABCs Springfield field office"),
        ("call Tests Divisions Sample Center", "Tests Divisions Sample Center", "Tests Divisions Sample Center"),
    ],
)  # fmt: skip
def test_what_belongs_to_an_organisation(text: str, name: str, found: str) -> None:
    assert corrected(text, (name, "organisation")) == [(found, "organisation")]


def test_an_agencys_city_is_no_person() -> None:
    assert corrected("the ABCs Springfield field office", ("ABCs Springfield", "person")) == [
        ("ABCs Springfield field office", "organisation")
    ]


def test_an_agent_in_charge_is_told_from_the_office() -> None:
    name = "Special Agent in Charge Pat Sample of the Testing Office"
    assert corrected(f"{name} said", (name, "organisation")) == [
        ("Pat Sample", "person"),
        ("Testing Office", "organisation"),
    ]


def test_papers_with_a_foreign_article_are_no_people() -> None:
    assert corrected("told Der Tester so", ("Der Tester", "person"))[0][1] == "organisation"


def test_a_person_before_a_state_is_a_town() -> None:
    text = "the Sampleton , Mississippi , police"
    names: list[Named] = [("Sampleton", "person"), ("Mississippi", "place")]
    assert corrected(text, *names)[0] == ("Sampleton", "place")
    assert corrected("Rep. Sampleton , Mississippi , said", *names)[0] == ("Sampleton", "person")


def test_countries_and_great_cities_are_no_people() -> None:
    assert corrected(
        "via Testland today", ("Testland", "person"), is_great_place=lambda _: True
    ) == [("Testland", "place")]


def test_only_small_towns_are_companies_without_acting() -> None:
    text = "Sampleton Air Inc met . Nobody likes Sampleton"
    names: list[Named] = [("Sampleton Air Inc", "organisation"), ("Sampleton", "place")]
    assert corrected(text, *names)[1] == ("Sampleton", "organisation")
    assert corrected(text, *names, is_great_place=lambda _: True)[1] == ("Sampleton", "place")


def test_common_words_where_all_have_a_capital_name_nobody() -> None:
    words = "It rose . Casino shares fell . He met Casino .".split()
    spans = [Span(3, 4, "person"), Span(9, 10, "person")]
    assert apply(words, spans, 0, lambda word: word == "Casino") == spans[1:]


def test_the_abbreviation_of_a_project_is_no_organisation() -> None:
    words = "under Project Sample Access ( PSA ) . PSA began".split()
    assert {span.type for span in apply(words, [Span(1, 4, "other")])} == {"other"}


def test_each_county_has_its_district_attorney() -> None:
    assert apply("the District Attorneys Office".split(), [Span(1, 4, "organisation")]) == []


def names_of(*named: tuple[EntityType, str]) -> list[str]:
    return canonical_names(named, {})


def test_the_bank_is_the_one_named_last() -> None:
    banks = ("Bank", "Bank of Sample", "Bank", "Test Bank", "Bank", "Central Bank")
    named = names_of(*(("organisation", bank) for bank in banks))
    assert named == ["", "Bank of Sample", "Bank of Sample", "Test Bank", "Test Bank", ""]


def test_a_company_in_capitals_is_the_one_that_begins_so() -> None:
    named = names_of(("organisation", "SAMP"), ("organisation", "Samp, Tester and Sons Inc"))
    assert named == ["Samp, Tester and Sons Inc"] * 2


def test_an_acronym_that_lost_its_apostrophe_is_the_acronym() -> None:
    named: list[tuple[EntityType, str]] = [("organisation", "ABCDs"), ("organisation", "ABCD")]
    assert canonical_names(named, {"ABCD": "Agency of Tests"}) == ["Agency of Tests"] * 2
