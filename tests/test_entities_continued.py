"""Organisations whose names go on behind "and"."""

from __future__ import annotations

import pytest

from index.entities.continued import continue_names
from index.entities.spans import Span


@pytest.mark.parametrize(
    ("name", "further"),
    [
        ("U.S. Customs", "and Border Protection ( CBP )"),
        ("Health Care Fraud Prevention", "and Enforcement Action Team ( HEAT )"),
        ("Bureau of Alcohol", ", Tobacco , Firearms and Explosives"),
        ("Tax Divisions Planning", "and Review Section"),
    ],
)
def test_the_name_goes_on(name: str, further: str) -> None:
    words = f"{name} {further} said so".split()
    (span,) = continue_names(words, [Span(0, len(name.split()), "organisation")])
    assert " ".join(words[: span.end]) == f"{name} {further}".partition(" (")[0]


@pytest.mark.parametrize(
    ("name", "further"),
    [
        ("Justice Department", "and Internal Revenue Service ( IRS )"),
        ("Federal Bureau", ", Treasury and Sample Corp"),
        ("Department of Labor", "and Justice Department"),
        ("Sample Brothers", "and Treasury Department"),
        ("Sample Company", "and others"),
        ("Tax Divisions Fraud Section", "and Assistant Attorneys"),
    ],
)
def test_another_name_follows(name: str, further: str) -> None:
    words = f"{name} {further} said so".split()
    span = Span(0, len(name.split()), "organisation")
    assert continue_names(words, [span]) == [span]
