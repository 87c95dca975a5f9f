"""What single names stand for in small archives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from index.articles import Article, article_id
from index.entities.mentions import EntityType, Mention
from index.names.counting import count_names
from index.names.naming import naming
from index.names.resolving import resolve_names
from index.naming import FacetName
from index.store import Store

PERSON: EntityType = "person"
PLACE: EntityType = "place"
ORGANISATION: EntityType = "organisation"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "articles.sqlite") as opened:
        yield opened


def put(store: Store, mentions: Iterable[tuple[EntityType, str, str]], times: int = 1) -> None:
    """Articles with these mentions: type, surface, name."""
    found = [Mention(kind, 0, 1, surface, name) for kind, surface, name in mentions]
    with store.transaction():
        for _ in range(times):
            key = str(store.count())
            article = Article(id=article_id(key), title=key, body="")
            store.put(article, key)
            assert store.put_mentions(article, "v1", found)


def resolved(store: Store, kind: EntityType, **articles: int) -> dict[FacetName, FacetName | None]:
    """What names of a type stand for, each given by so many articles; _ for a space."""
    for name, times in articles.items():
        put(store, [(kind, name.replace("_", " "), name.replace("_", " "))], times)
    return resolve(store)


def resolve(store: Store) -> dict[FacetName, FacetName | None]:
    count_names(store)
    resolve_names(store)
    return dict(naming(store).names)


def reason(store: Store, kind: EntityType, name: str) -> str:
    (row,) = store.rows("SELECT reason FROM names WHERE type = ? AND name = ?", kind, name)
    return str(row[0])


def test_a_lone_surname_joins_the_one_person_it_can_be(store: Store) -> None:
    names = resolved(store, PERSON, John_Kirby=3, Kirby=5, Pat_Ryder=1)
    assert names == {(PERSON, "Kirby"): (PERSON, "John Kirby")}
    assert reason(store, PERSON, "Kirby") == "short"


def test_a_lone_surname_of_two_stays_alone_and_says_so(store: Store) -> None:
    assert resolved(store, PERSON, Bill_Clinton=3, Hillary_Clinton=3, Clinton=5) == {}
    assert reason(store, PERSON, "Clinton") == "ambiguous"


def test_of_two_the_one_named_far_more_often_is_meant(store: Store) -> None:
    names = resolved(store, PERSON, Vladimir_Putin=40, Igor_Putin=1, Putin=9)
    assert names == {(PERSON, "Putin"): (PERSON, "Vladimir Putin")}


def test_a_rare_full_name_does_not_explain_a_frequent_surname(store: Store) -> None:
    assert resolved(store, PERSON, Adam_Smith=1, Smith=60) == {}


def test_a_family_name_that_comes_first(store: Store) -> None:
    assert resolved(store, PERSON, Zhao_Ziyang=3, Zhao=2) == {
        (PERSON, "Zhao"): (PERSON, "Zhao Ziyang")
    }


@pytest.mark.parametrize(
    ("other", "name"),
    [
        ("JD Vance", "J. D. Vance"),
        ("J.D. Vance", "J. D. Vance"),
        ("José Nuñez", "Jose Nunez"),
        ("Kim Jong-un", "Kim Jong Un"),
        ("Jim Baker", "James Baker"),
        ("J. Baker", "James Baker"),
        ("James A. Baker", "James Baker"),
        ("Volodymyr Zelenskyy", "Volodymyr Zelensky"),
        ("Perez de Cuellar", "Javier Perez de Cuellar"),
    ],
)
def test_forms_of_one_name(store: Store, other: str, name: str) -> None:
    put(store, [(PERSON, name, name)], 4)
    put(store, [(PERSON, other, other)])
    assert resolve(store) == {(PERSON, other): (PERSON, name)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Donald Trump", "Donald Trump Jr."),
        ("George W. Bush", "George H. W. Bush"),
        ("John Kirby", "James Kirby"),
        ("Kim Jong Un", "Kim Jong Il"),
        ("Alan Smith", "John Alan Smith"),
    ],
)
def test_names_of_two_people(store: Store, one: str, other: str) -> None:
    put(store, [(PERSON, one, one)], 6)
    put(store, [(PERSON, other, other)])
    assert resolve(store) == {}


def test_a_name_that_fits_two_fuller_ones_stays(store: Store) -> None:
    names = resolved(
        store, PERSON, **{"George_W._Bush": 3, "George_H._W._Bush": 3, "George_Bush": 2}
    )
    assert names == {}


def test_the_fullest_frequent_form_is_shown(store: Store) -> None:
    put(store, [(PERSON, "x", "Martin Sosnoff")], 6)
    put(store, [(PERSON, "x", "Martin T. Sosnoff")], 3)
    put(store, [(PERSON, "x", "Martin Thomas Sosnoff")], 1)
    entities = set(resolve(store).values())
    assert entities == {(PERSON, "Martin T. Sosnoff")}


@pytest.mark.parametrize("other", ["OPEC", "O.P.E.C.", "The Opec"])
def test_spellings_of_an_organisation(store: Store, other: str) -> None:
    put(store, [(ORGANISATION, "Opec", "Opec")], 3)
    put(store, [(ORGANISATION, other, other)], 1)
    assert resolve(store) == {(ORGANISATION, other): (ORGANISATION, "Opec")}


def test_company_suffixes_do_not_part_a_company(store: Store) -> None:
    names = resolved(
        store, ORGANISATION, General_Motors=9, General_Motors_Corp=2, General_Electric=1
    )
    assert names == {(ORGANISATION, "General Motors Corp"): (ORGANISATION, "General Motors")}


ISW = "Institute for the Study of War"


def test_an_abbreviation_that_articles_explain(store: Store) -> None:
    put(store, [(ORGANISATION, ISW, ISW), (ORGANISATION, "ISW", ISW)], 2)
    put(store, [(ORGANISATION, "ISW", "ISW")], 9)
    assert resolve(store) == {(ORGANISATION, "ISW"): (ORGANISATION, ISW)}


def test_an_abbreviation_that_one_article_of_many_explains_stays_alone(store: Store) -> None:
    put(store, [(ORGANISATION, "ADA", "American Dental Association")])
    put(store, [(ORGANISATION, "ADA", "ADA")], 60)
    assert resolve(store) == {}


def test_an_abbreviation_of_two_stays_alone(store: Store) -> None:
    for name in (ISW, "International Society of Wine"):
        put(store, [(ORGANISATION, "ISW", name)], 2)
    put(store, [(ORGANISATION, "ISW", "ISW")])
    assert resolve(store) == {}
    assert reason(store, ORGANISATION, "ISW") == "ambiguous"


def test_the_first_word_of_an_organisation(store: Store) -> None:
    names = resolved(store, ORGANISATION, Goldman_Sachs=5, Goldman_Sachs_International=1, Goldman=3)
    assert names[ORGANISATION, "Goldman"] == (ORGANISATION, "Goldman Sachs")


def test_conflicts_of_types_go_to_the_majority(store: Store) -> None:
    put(store, [(PLACE, "Sweden", "Sweden")], 5)
    put(store, [(ORGANISATION, "Sweden", "Sweden")], 2)
    assert resolve(store) == {(ORGANISATION, "Sweden"): (PLACE, "Sweden")}
    assert reason(store, ORGANISATION, "Sweden") == "type"


def test_longer_names_tell_companies_from_people(store: Store) -> None:
    for name in ("Ford Motor", "Ford Credit"):
        put(store, [(ORGANISATION, "x", name)], 4)
    put(store, [(ORGANISATION, "Ford", "Ford")], 3)
    put(store, [(PERSON, "Ford", "Ford")], 5)
    assert resolve(store) == {(PERSON, "Ford"): (ORGANISATION, "Ford")}
    put(store, [(PERSON, "x", "Gerald Ford")], 20)
    names = resolve(store)
    assert names[ORGANISATION, "Ford"] == names[PERSON, "Ford"] == (PERSON, "Gerald Ford")


def test_a_name_followed_by_a_company_suffix_is_no_person(store: Store) -> None:
    put(store, [(PERSON, "x", "Merrill Lynch")], 5)
    put(store, [(ORGANISATION, "x", "Merrill Lynch and Co Inc")], 2)
    names = resolve(store)
    assert names[PERSON, "Merrill Lynch"] == (ORGANISATION, "Merrill Lynch and Co Inc")


def test_a_boston_globe_does_not_make_boston_an_organisation(store: Store) -> None:
    put(store, [(PLACE, "Boston", "Boston")], 4)
    put(store, [(ORGANISATION, "x", "Boston Globe")], 9)
    assert (PLACE, "Boston") not in resolve(store)


def test_what_one_article_adds_is_taken_back_with_it(store: Store) -> None:
    put(store, [(PERSON, "Kirby", "Kirby")], 2)
    put(store, [(PERSON, "x", "John Kirby")])
    assert resolve(store)
    store.delete(article_id("2"))
    assert resolve(store) == {}
    assert [row[0] for row in store.rows("SELECT name FROM names")] == ["Kirby"]


def test_a_lost_apostrophe_does_not_part_a_name(store: Store) -> None:
    put(store, [(PERSON, "x", "John Kirby"), (ORGANISATION, "x", "Justice Department")], 2)
    put(store, [(PERSON, "x", "John Kirbys"), (ORGANISATION, "x", "Justice Departments")], 3)
    put(store, [(ORGANISATION, "x", "Justice Departments Tax Division")])
    assert resolve(store) == {
        (PERSON, "John Kirbys"): (PERSON, "John Kirby"),
        (ORGANISATION, "Justice Departments"): (ORGANISATION, "Justice Department"),
    }


def test_a_surname_that_ends_in_s_is_another(store: Store) -> None:
    assert resolved(store, PERSON, John_Adams=9, John_Adam=1) == {}


def test_a_firm_called_after_people_is_no_person(store: Store) -> None:
    put(store, [(PERSON, "x", "Arthur Sample")], 20)
    put(store, [(ORGANISATION, "x", "Arthur Sample")], 3)
    put(store, [(ORGANISATION, "x", "Arthur Sample Fellow and Partner")], 4)
    assert resolve(store)[PERSON, "Arthur Sample"] == (ORGANISATION, "Arthur Sample")


def test_a_city_that_clubs_are_called_after_is_a_place(store: Store) -> None:
    put(store, [(PLACE, "x", "Sample City")], 5)
    put(store, [(ORGANISATION, "x", "Sample City")], 7)
    assert resolve(store) == {(ORGANISATION, "Sample City"): (PLACE, "Sample City")}


def test_a_word_that_firms_begin_with_and_nobody_is_called_is_a_firm(store: Store) -> None:
    put(store, [(PERSON, "Duff", "Duff")], 9)
    names = resolved(store, ORGANISATION, Duff_and_Phelps=4)
    assert names[PERSON, "Duff"] == (ORGANISATION, "Duff and Phelps")


def test_a_surname_stays_a_persons_though_firms_begin_with_it(store: Store) -> None:
    put(store, [(PERSON, "Duff", "Duff")], 9)
    put(store, [(PERSON, "Pat Duff", "Pat Duff")], 5)
    names = resolved(store, ORGANISATION, Duff_and_Phelps=4)
    assert names[PERSON, "Duff"] == (PERSON, "Pat Duff")


def test_a_government_is_not_called_by_its_head_alone(store: Store) -> None:
    put(store, [(PERSON, "Sample", "Sample")], 5)
    assert not resolved(store, ORGANISATION, Sample_Administration=4)


def test_departments_are_one_however_their_name_is_turned(store: Store) -> None:
    names = resolved(
        store,
        ORGANISATION,
        State_Department=3,
        Department_of_State=2,
        **{"U.S._Department_of_State": 2, "Navy": 2, "U.S._Navy": 1},
    )
    state = (ORGANISATION, "U.S. Department of State")
    assert names[ORGANISATION, "State Department"] == state
    assert names[ORGANISATION, "Department of State"] == state
    assert names[ORGANISATION, "Navy"] == (ORGANISATION, "U.S. Navy")


def test_who_goes_by_the_second_name_is_nobody_of_another_first(store: Store) -> None:
    names = resolved(store, PERSON, **{"J._Hugh_Sample": 5, "John_Sample": 3, "Hugh_Sample": 2})
    assert (PERSON, "John Sample") not in names


def test_a_company_is_not_called_by_its_product_that_few_name(store: Store) -> None:
    assert not resolved(store, ORGANISATION, SpaceX=3, SpaceX_Falcon=2)


def test_an_archive_counted_under_earlier_rules_is_counted_anew(store: Store) -> None:
    before = resolved(store, PERSON, John_Kirby=3, Kirby=5)
    with store.transaction():
        store.write("UPDATE settings SET value = '1' WHERE key = 'names_rules'")
        store.write("UPDATE names SET entity = name, bucket = NULL, articles = 7")
    assert count_names(store) == 8
    assert resolve(store) == before
    assert count_names(store) == 0


def test_two_words_that_an_organisation_begins_with(store: Store) -> None:
    names = resolved(
        store,
        ORGANISATION,
        Sample=2,
        Sample_Tester=3,
        Sample_Tester_Brothers_Inc=9,
        Samples_Guild=1,
    )
    brothers = (ORGANISATION, "Sample Tester Brothers Inc")
    assert names[ORGANISATION, "Sample Tester"] == names[ORGANISATION, "Sample"] == brothers


def test_two_words_that_may_be_a_name_in_full(store: Store) -> None:
    assert not resolved(store, ORGANISATION, Sample_Suisse=4, Sample_Suisse_First_Testing=6)
    assert not resolved(store, ORGANISATION, **{"A._Tester_Inc": 4, "A._Tester_Capital_Markets": 9})


def test_a_company_named_in_full_is_not_another_that_begins_so(store: Store) -> None:
    names = resolved(store, ORGANISATION, Sampler_Co=9, Sampler_Systems=9, Sampler=3)
    assert names == {(ORGANISATION, "Sampler"): (ORGANISATION, "Sampler Co")}


def test_a_part_of_a_name_explains_nothing(store: Store) -> None:
    put(store, [(ORGANISATION, "Delta", "Delta Testing"), (ORGANISATION, "x", "Delta Testing")], 2)
    put(store, [(ORGANISATION, "Delta", "Delta")], 9)
    assert resolve(store) == {}


def test_a_founders_surname_is_the_firms(store: Store) -> None:
    put(store, [(PERSON, "Testerson", "Testerson")], 4)
    names = resolved(store, ORGANISATION, **{"A.B._Testerson_and_Co": 5})
    assert names[PERSON, "Testerson"] == (ORGANISATION, "A.B. Testerson and Co")


def test_a_department_by_what_it_is_for(store: Store) -> None:
    names = resolved(
        store, ORGANISATION, Fish_and_Forest_Services=2, Department_of_Fish_and_Forest_Services=9
    )
    department = (ORGANISATION, "Department of Fish and Forest Services")
    assert names == {(ORGANISATION, "Fish and Forest Services"): department}


def test_a_word_articles_take_for_an_organisation_is_no_persons(store: Store) -> None:
    put(store, [(PERSON, "x", "Kim Bae")], 9)
    put(store, [(PERSON, "Bae", "Bae")])
    names = resolved(store, ORGANISATION, BAE=5)
    assert names[PERSON, "Bae"] == (ORGANISATION, "BAE")


def test_a_group_is_its_company(store: Store) -> None:
    names = resolved(store, ORGANISATION, Sample_Inc=3, Sample_Group_Inc=5)
    assert names == {(ORGANISATION, "Sample Inc"): (ORGANISATION, "Sample Group Inc")}


def test_names_are_shown_with_their_apostrophe(store: Store) -> None:
    put(store, [(ORGANISATION, "x", "Tax Divisions Fraud Section")], 9)
    put(store, [(ORGANISATION, "x", "ABCs Tests")], 9)
    names = resolved(store, ORGANISATION, **{"Tax_Division's_Fraud_Section": 1, "ABC_Tests": 1})
    section = (ORGANISATION, "Tax Division's Fraud Section")
    assert names[ORGANISATION, "Tax Divisions Fraud Section"] == section
    assert names[ORGANISATION, "ABCs Tests"] == (ORGANISATION, "ABC Tests")
