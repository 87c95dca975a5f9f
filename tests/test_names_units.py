"""Organisations named with what they belong to and without."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.names.keys import core
from index.names.spelling import Form
from index.names.units import parted, units


def grouped(**articles: int) -> list[set[str]]:
    """The names that are of one organisation, each with its articles; _ for a space."""
    names = {name.replace("_", " "): count for name, count in articles.items()}
    forms = [Form(name, core("organisation", name), count) for name, count in names.items()]
    return sorted(({form.name for form in unit} for unit in units(forms)), key=sorted)


@pytest.mark.parametrize(
    ("name", "owner", "unit"),
    [
        ("Justice Department's Tax Division", "justice department", "tax division"),
        ("Justice Departments Tax Division", "justice department", "tax division"),
        ("Department of Justice's Tax Division", "justice department", "tax division"),
        ("Tax Division of the Justice Department", "justice department", "tax division"),
        ("Tax Division of the U.S. Department of Justice", "justice department", "tax division"),
        ("the Department's Tax Division", "", "tax division"),
        ("FBIs Miami Field Office", "federal bureau of investigation", "miami field office"),
        ("ABC Miami Field Office", "abc", "miami field office"),
        ("FBI-Miami Field Office", "federal bureau of investigation", "miami field office"),
        ("FBIMiami Field Office", "federal bureau of investigation", "miami field office"),
        ("Justice Department's Tax Division's Fraud Section", "tax division", "fraud section"),
        ("Office of Testing of the Tax Division", "tax division", "office of testing"),
        ("FBI-SEC", "federal bureau of investigation", "securities and exchange commission"),
        ("U.S. EPA", "us", "environmental protection agency"),
        ("President Samples Tax Task Force", "", "tax task force"),
        ("Presidents Tax Task Force", "", "tax task force"),
        ("President of Sample", "", "president of sample"),
        ("Sample Enforcements Testing Unit", "sample enforcement", "testing unit"),
        ("U.S. Department of the Interior", "us", "interior department"),
        ("Interior Departments", "", "interior department"),
        ("Indian Air Force", "indian", "air force"),
        ("Bank of England", "", "bank of england"),
        ("Sample Service - Field Office", "sample service", "field office"),
        ("Acme", "", "acme"),
        ("...", "", "..."),
    ],
)
def test_owner_and_unit(name: str, owner: str, unit: str) -> None:
    assert parted(name)[:2] == (owner, unit)


def test_a_unit_is_that_of_the_one_owner_it_can_have() -> None:
    assert len(grouped(Tax_Division=9, Justice_Departments_Tax_Division=1)) == 1
    assert len(grouped(Air_Force=9, **{"U.S._Air_Force": 3})) == 1


def test_a_unit_of_several_owners_stays_alone() -> None:
    names = {"Justice_Departments_Tax_Division": 3, "Labor_Departments_Tax_Division": 3}
    assert len(grouped(Tax_Division=9, **names)) == 3
    assert len(grouped(Air_Force=9, Indian_Air_Force=3, **{"U.S._Air_Force": 3})) == 3


def test_what_is_called_so_at_home_is_not_another_countrys() -> None:
    assert len(grouped(Supreme_Court=100, **{"U.S._Supreme_Court": 3})) == 2


def test_peoples_and_companies_take_no_names_alone() -> None:
    assert len(grouped(Stock_Exchange=9, American_Stock_Exchange=9)) == 2
    assert len(grouped(Sample=9, **{"U.S._Sample_Inc": 9})) == 2


@given(st.text(max_size=40))
def test_any_name_has_a_unit(name: str) -> None:
    assert parted(name).unit or not name


def test_a_unit_of_an_owners_owner_is_the_owners() -> None:
    names = {
        "Fraud_Section": 5,
        "Tax_Divisions_Fraud_Section": 5,
        "Justice_Departments_Fraud_Section": 5,
        "Fraud_Section_of_the_Justice_Departments_Tax_Division": 1,
    }
    assert len(grouped(**names)) == 1
    names["Fraud_Section_of_the_Justice_Departments_Civil_Division"] = 1
    assert len(grouped(**names)) == 4
