"""Rules for whole articles, and the one name that mentions count towards."""

from __future__ import annotations

from typing import Final

import pytest

from index.entities import document_rules
from index.entities.abbreviations import introduced
from index.entities.canonical import Named, canonical_names
from index.entities.spans import Span, SpanType

PERSON: Final = "person"
PLACE: Final = "place"
ORGANISATION: Final = "organisation"


def named(*mentions: Named, explained: dict[str, str] | None = None) -> list[str]:
    return canonical_names(list(mentions), explained or {})


def people(*surfaces: str) -> list[str]:
    return named(*((PERSON, surface) for surface in surfaces))


def test_a_surname_counts_towards_the_full_name() -> None:
    assert people("John Kirby", "Kirby", "KIRBY") == ["John Kirby"] * 3


def test_a_surname_before_the_full_name_counts_too() -> None:
    assert people("Putin", "Vladimir Putin") == ["Vladimir Putin"] * 2


def test_family_names_that_come_first() -> None:
    assert people("Kim Jong Un", "Kim") == ["Kim Jong Un"] * 2


def test_particles_belong_to_the_surname() -> None:
    assert people("Ursula von der Leyen", "von der Leyen") == ["Ursula von der Leyen"] * 2


def test_middle_initials_join_and_the_fuller_name_wins() -> None:
    assert people("John Kirby", "John F. Kirby", "Kirby") == ["John F. Kirby"] * 3


def test_of_two_with_one_surname_the_last_named_is_meant() -> None:
    names = people("Bill Clinton", "Clinton", "Hillary Clinton", "Clinton", "Bill", "Clinton")
    assert names == ["Bill Clinton"] * 2 + ["Hillary Clinton"] * 2 + ["Bill Clinton"] * 2


def test_father_and_son_stay_apart() -> None:
    assert people("Donald Trump", "Donald Trump Jr.") == ["Donald Trump", "Donald Trump Jr."]


def test_hyphens_and_case_do_not_matter() -> None:
    assert people("Kim Jong Un", "KIM JONG UN", "Kim Jong-un")[:2] == ["Kim Jong Un"] * 2


def test_a_stranger_keeps_the_name() -> None:
    assert people("John Kirby", "Ryder") == ["John Kirby", "Ryder"]


@pytest.mark.parametrize(
    ("surface", "name"),
    [
        ("U.S.", "United States"),
        ("US", "United States"),
        ("UK", "United Kingdom"),
        ("U.K.", "United Kingdom"),
        ("KYIV", "Kyiv"),
        ("AL-AIN", "Al-Ain"),
        ("RIO DE JANEIRO", "Rio de Janeiro"),
        ("Kyiv", "Kyiv"),
        ("USSR", "Soviet Union"),
        ("EC", "EC"),
    ],
)
def test_places_are_written_one_way(surface: str, name: str) -> None:
    assert named((PLACE, surface)) == [name]


def test_a_person_is_never_an_alias() -> None:
    assert named((PERSON, "US")) != ["United States"]


def test_the_article_shows_how_a_name_in_capitals_is_written() -> None:
    names = named((ORGANISATION, "BAE SYSTEMS"), (ORGANISATION, "BAE Systems"))
    assert names == ["BAE Systems"] * 2


def test_organisations_in_capitals_stay_when_they_are_short() -> None:
    names: list[Named] = [(ORGANISATION, name) for name in ("GSK", "ABC-DEF", "KREMLIN")]
    assert canonical_names(names, {}) == ["GSK", "ABC-DEF", "Kremlin"]


def test_abbreviations_stay_unless_the_article_explains_them() -> None:
    assert named((ORGANISATION, "NATO")) == ["NATO"]
    names = named(
        (ORGANISATION, "Institute for the Study of War"),
        (ORGANISATION, "ISW"),
        explained={"ISW": "Institute for the Study of War"},
    )
    assert names == ["Institute for the Study of War"] * 2


def test_initials_are_joined_without_an_explanation_when_only_one_fits() -> None:
    names = named((ORGANISATION, "National Security Council"), (ORGANISATION, "NSC"))
    assert names == ["National Security Council"] * 2


def test_company_suffixes() -> None:
    assert named((ORGANISATION, "Acme Corp"), (ORGANISATION, "Acme")) == ["Acme Corp"] * 2


def after_rules(text: str, *spans: tuple[int, int, SpanType]) -> list[tuple[str, SpanType]]:
    words = text.split()
    found = document_rules.apply(words, [Span(*span) for span in spans])
    return [(" ".join(words[s.start : s.end]), s.type) for s in found]


def test_a_lone_surname_is_found_elsewhere() -> None:
    text = "John Kirby spoke . Then Kirby left ."
    assert after_rules(text, (0, 2, PERSON)) == [("John Kirby", PERSON), ("Kirby", PERSON)]


def test_a_lone_surname_changes_its_type() -> None:
    text = "John Kirby spoke . Then Kirby left ."
    assert after_rules(text, (0, 2, PERSON), (5, 6, PLACE))[1] == ("Kirby", PERSON)


def test_months_are_not_surnames() -> None:
    text = "Theresa May spoke in May ."
    assert after_rules(text, (0, 2, PERSON)) == [("Theresa May", PERSON)]


def test_titles_articles_and_possessives_are_cut() -> None:
    text = "President Vladimir Putin 's The Kremlin"
    spans = after_rules(text, (0, 4, PERSON), (4, 6, ORGANISATION))
    assert spans == [("Vladimir Putin", PERSON), ("Kremlin", ORGANISATION)]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Egyptian Foreign Minister Sameh Shoukry", "Sameh Shoukry"),
        ("US Secretary of State Antony Blinken", "Antony Blinken"),
        ("Secretary of State George Shultz", "George Shultz"),
        ("of State George Shultz", "George Shultz"),
        ("Acting Deputy Assistant Attorney General Zuckerman", "Zuckerman"),
        ("Attorney General for National Security Dana J. Boente", "Dana J. Boente"),
        ("George H. W. Bush", "George H. W. Bush"),
        ("Juan Carlos R. Perez", "Juan Carlos R. Perez"),
        ("Lucas Cranach the Elder", "Lucas Cranach the Elder"),
        ("Joan of Arc", "Joan of Arc"),
        ("Gen. Pat Ryder", "Pat Ryder"),
        ("Maj. Gen. Pat Ryder", "Pat Ryder"),
        ("Martin Luther King Jr.", "Martin Luther King Jr."),
        ("Billie Jean King", "Billie Jean King"),
        ("Ursula von der Leyen", "Ursula von der Leyen"),
    ],
)
def test_offices_before_a_name_are_not_part_of_it(written: str, name: str) -> None:
    assert after_rules(written, (0, len(written.split()), PERSON)) == [(name, PERSON)]


def test_particles_are_found_with_the_surname() -> None:
    text = "Ursula von der Leyen spoke . Then von der Leyen left ."
    assert ("von der Leyen", PERSON) in after_rules(text, (0, 4, PERSON))


def test_names_do_not_end_in_small_words() -> None:
    assert after_rules("the Kremlin and", (1, 3, ORGANISATION)) == [("Kremlin", ORGANISATION)]


@pytest.mark.parametrize("word", ["He", "We", "It"])
def test_pronouns_name_nobody(word: str) -> None:
    assert after_rules(f"{word} left", (0, 1, PERSON)) == []


def test_the_organisation_that_reads_like_a_pronoun_stays() -> None:
    assert after_rules("WHO said so", (0, 1, ORGANISATION)) == [("WHO", ORGANISATION)]


def test_countries_that_act_are_places_and_the_un_is_none() -> None:
    assert after_rules("U.S. said", (0, 1, ORGANISATION)) == [("U.S.", PLACE)]
    assert after_rules("UN said", (0, 1, PLACE)) == [("UN", ORGANISATION)]


def test_a_title_alone_names_nobody() -> None:
    assert after_rules("The President spoke", (1, 2, PERSON)) == []


@pytest.mark.parametrize("demonym", ["Russian", "North Korean", "Ukrainians"])
def test_demonyms_are_not_places(demonym: str) -> None:
    end = len(demonym.split())
    assert (demonym, PLACE) not in after_rules(f"{demonym} troops", (0, end, PLACE))


def test_words_of_belonging_are_not_part_of_a_name() -> None:
    spans = after_rules("Russian-occupied Zaporizhzhia U.S.-led", (0, 2, PLACE), (2, 3, PLACE))
    assert spans == [("Zaporizhzhia", PLACE)]


def test_an_abbreviation_in_brackets_is_an_organisation() -> None:
    text = "The Institute for War ( ISW ) said . ISW added ."
    assert after_rules(text, (1, 4, ORGANISATION))[1:] == [("ISW", ORGANISATION)] * 2


def test_a_country_in_brackets_explains_nothing() -> None:
    words = ["Boris", "Johnson", "(", "UK", ")", "won"]
    assert introduced(words, [Span(0, 2, ORGANISATION)]) == {}


def test_the_majority_decides() -> None:
    text = "Jordan . Jordan . Jordan . Jordan ."
    spans: list[tuple[int, int, SpanType]] = [
        (0, 1, PLACE),
        (2, 3, PLACE),
        (4, 5, PLACE),
        (6, 7, PERSON),
    ]
    assert {kind for _, kind in after_rules(text, *spans)} == {PLACE}


def test_a_name_found_once_in_full_is_found_everywhere() -> None:
    text = "the Wagner Group . Later Wagner Group left ."
    assert after_rules(text, (1, 3, ORGANISATION)) == [("Wagner Group", ORGANISATION)] * 2


def test_one_word_must_be_found_twice_to_be_found_everywhere() -> None:
    text = "Telegram . Telegram . Telegram ."
    once = after_rules(text, (0, 1, ORGANISATION))
    twice = after_rules(text, (0, 1, ORGANISATION), (2, 3, ORGANISATION))
    assert (len(once), len(twice)) == (1, 3)


def test_a_longer_name_that_the_article_breaks_off_is_not_found() -> None:
    text = "the Wagner Group and Wagner Group Holdings left . Wagner Group"
    spans = after_rules(text, (1, 3, ORGANISATION), (4, 7, ORGANISATION))
    assert spans[-1] == ("Wagner Group", ORGANISATION)


def test_many_names_with_one_first_word_take_linear_time() -> None:
    names = [f"John {'x' * (n % 90)}{n}" for n in range(20_000)]
    words = " and John left , ".join(names).split()
    spans = [
        Span(at, at + 2, PERSON)
        for at, word in enumerate(words[:-1])
        if word == "John" and words[at + 1] != "left"
    ]
    assert len(document_rules.apply(words, spans)) >= len(spans)


@pytest.mark.parametrize(
    ("written", "kind", "name", "found"),
    [
        ("Kim Il Sung Square", PERSON, "Kim Il Sung Square", PLACE),
        ("Merrill Lynch and Co", PERSON, "Merrill Lynch and Co", ORGANISATION),
        ("Office of Inspector General", PERSON, "Office of Inspector General", ORGANISATION),
        ("Jane Roe of Acme", PERSON, "Jane Roe", PERSON),
        ("Energy Minister Subroto", PERSON, "Subroto", PERSON),
        ("U.S. Attorney MacBride", PERSON, "MacBride", PERSON),
        ("Inc Stoltenberg", PERSON, "Stoltenberg", PERSON),
        ("Carl Icahn-led TWA", PERSON, "Carl Icahn-led", PERSON),
        ("WASHINGTON The Justice Department", ORGANISATION, "Justice Department", ORGANISATION),
        ("Securities and Exchange Commission a", ORGANISATION, "Securities and Exchange Commission", ORGANISATION),
        ("Clean Air Act", ORGANISATION, "Clean Air Act", "other"),
    ],
)  # fmt: skip
def test_a_name_shows_what_it_is(written: str, kind: SpanType, name: str, found: SpanType) -> None:
    assert after_rules(written, (0, len(written.split()), kind)) == [(name, found)]


@pytest.mark.parametrize("generic", ["Department", "Police Department", "Southern District"])
def test_one_of_many_is_no_name(generic: str) -> None:
    assert after_rules(generic, (0, len(generic.split()), ORGANISATION)) == []


def test_a_possessive_name_is_one_in_capitals_too() -> None:
    spans = after_rules("MOODY 'S said . Moody's said", (0, 1, PERSON), (4, 5, ORGANISATION))
    assert [kind for _, kind in spans] == [ORGANISATION] * 2
    assert spans[0][0] == "MOODY 'S"


def test_a_word_the_article_mostly_has_in_lower_case_is_no_name() -> None:
    assert after_rules("Sterling rose as sterling does", (0, 1, PERSON)) == []
    assert after_rules("Turkey ate Turkey 's turkey", (0, 1, PLACE))[0] == ("Turkey", PLACE)


def in_headline(text: str, *spans: tuple[int, int, SpanType]) -> list[str]:
    """The names found in a text whose words before " | " are its headline."""
    words = [word for word in text.split() if word != "|"]
    headline = text.split().index("|")
    small = {"praises", "says"}
    found = document_rules.apply(
        words, [Span(*span) for span in spans], headline, lambda word: word.lower() in small
    )
    return [" ".join(words[s.start : s.end]) for s in found]


def test_words_before_a_name_in_a_headline_are_cut() -> None:
    text = "REAGAN PRAISES VOLCKER | Paul Volcker was praised"
    assert "VOLCKER" in in_headline(text, (0, 1, PERSON), (1, 3, PERSON), (3, 5, PERSON))
    assert in_headline("SHULTZ SAYS | He did", (0, 2, PERSON)) == ["SHULTZ"]


def test_a_name_the_body_gives_whole_stays_whole_in_the_headline() -> None:
    text = "KIM JONG UN MEETS | Kim Jong Un met"
    assert in_headline(text, (0, 3, PERSON), (4, 7, PERSON))[0] == "KIM JONG UN"


def test_what_is_led_is_not_part_of_the_name() -> None:
    assert people("Carl Icahn-led") == ["Carl Icahn"]
    assert people("Kim Jong-un") == ["Kim Jong-un"]


def test_an_organisation_of_common_words_in_a_headline_is_none() -> None:
    text = "SAMPLE RIGHTS VIOLATED | He violated rights , and samples too"
    assert in_headline(text, (1, 3, ORGANISATION)) == []
    assert in_headline(text, (0, 3, ORGANISATION)) == ["SAMPLE RIGHTS VIOLATED"]


def test_a_part_of_one_name_only_is_that() -> None:
    names = ["Ford Motor Co", "Ford", "Criminal Division's Fraud Section", "Fraud Section"]
    full = named(*((ORGANISATION, name) for name in names))
    assert full == [names[0], names[0], names[2], names[2]]


def test_a_part_of_several_names_is_none_of_them() -> None:
    names = ["Ford Motor Co", "Ford Credit Corp", "Ford", "Sample U.K. Ltd", "Sample"]
    assert named(*((ORGANISATION, name) for name in names)) == names


def test_abbreviations_of_companies_stay_in_capitals() -> None:
    assert named((ORGANISATION, "UBS AG")) == ["UBS AG"]
    assert named((ORGANISATION, "SAMPLE INC")) == ["Sample Inc"]


def test_states_and_well_known_organisations_have_their_full_names() -> None:
    names: list[Named] = [(PLACE, "Fla."), (PLACE, "Britain"), (ORGANISATION, "FBI")]
    assert named(*names) == ["Florida", "United Kingdom", "Federal Bureau of Investigation"]


def test_an_initial_and_the_offices_of_every_county_are_no_names() -> None:
    words = "S and P. of the Sheriff 's Office".split()
    assert document_rules.apply(words, [Span(2, 3, PERSON), Span(5, 8, ORGANISATION)]) == []
