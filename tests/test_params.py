"""The query string ↔ Question, in both directions."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import FACETS, clean_text
from search.archive import Question
from search.errors import RequestError
from search.request import Dates, FacetFilter, FacetRequest, HistogramRequest
from web import changes
from web.limits import (
    DEEPEST_PAGE,
    LARGEST_FACET,
    LARGEST_PAGE,
    LONGEST_QUERY,
    LONGEST_VALUE,
    MOST_FILTERS,
    NAMES,
    PARAMETERS,
)
from web.params import address, read, write


def texts(longest: int) -> st.SearchStrategy[str]:
    return st.text(max_size=longest).map(lambda drawn: clean_text(drawn).strip())


values = texts(30).filter(bool)


@st.composite
def filters(draw: st.DrawFn) -> tuple[FacetFilter, ...]:
    chosen = []
    for facet in draw(st.lists(st.sampled_from(FACETS), unique=True, max_size=3)):
        drawn = draw(st.lists(values, unique=True, min_size=1, max_size=4))
        cut = draw(st.integers(0, len(drawn)))
        chosen.append(
            FacetFilter(
                facet=facet,
                values=tuple(sorted(drawn[:cut])),
                excluded=tuple(sorted(drawn[cut:])),
                match=draw(st.sampled_from(("any", "all"))) if cut else "any",
            )
        )
    return tuple(sorted(chosen, key=lambda each: FACETS.index(each.facet)))


@st.composite
def dates(draw: st.DrawFn) -> Dates | None:
    first, last = sorted((draw(st.dates()), draw(st.dates())))
    return draw(
        st.sampled_from((None, Dates(first=first), Dates(last=last), Dates(first=first, last=last)))
    )


@st.composite
def facets(draw: st.DrawFn) -> tuple[FacetRequest, ...]:
    return tuple(
        FacetRequest(
            facet=facet,
            size=draw(st.sampled_from((8, 1, 40, LARGEST_FACET))),
            containing=draw(st.sampled_from(("", "put", "é & =?#"))),
            order=draw(st.sampled_from(("count", "weight"))),
        )
        for facet in FACETS
        if draw(st.booleans())
    )


@st.composite
def questions(draw: st.DrawFn) -> Question:
    size = draw(st.sampled_from((10, 0, 1, LARGEST_PAGE)))
    cursor = draw(st.one_of(st.none(), values))
    pages = DEEPEST_PAGE // size if size else 1
    return Question(
        text=draw(texts(60)),
        match=draw(st.sampled_from(("all", "any"))),
        filters=draw(filters()),
        dates=draw(dates()),
        sort=draw(st.sampled_from((None, "relevance", "newest", "oldest"))),
        offset=0 if cursor else size * (draw(st.integers(1, pages)) - 1),
        size=size,
        cursor=cursor,
        facets=draw(facets()),
        histogram=draw(st.sampled_from((None, HistogramRequest(), HistogramRequest(grain="year")))),
    )


def asked(query: str) -> Question:
    return read(parse_qsl(query, keep_blank_values=True))


def refused(query: str) -> RequestError:
    with pytest.raises(RequestError) as caught:
        asked(query)
    return caught.value


@given(questions())
def test_what_is_written_is_read_as_the_same_question(question: Question) -> None:
    assert read(write(question)) == question


@given(questions())
def test_an_address_survives_percent_encoding(question: Question) -> None:
    assert asked(urlsplit(address("/", question)).query) == question


@given(st.lists(st.tuples(st.sampled_from(sorted(NAMES)), st.text(max_size=12)), max_size=6))
def test_any_query_string_is_read_or_refused_and_then_written_the_same(
    pairs: list[tuple[str, str]],
) -> None:
    try:
        question = read(pairs)
    except RequestError:
        return
    assert read(write(question)) == question
    assert write(read(write(question))) == write(question)


def test_nothing_given_is_the_whole_archive_with_all_facets_and_a_histogram() -> None:
    question = asked("")
    assert (question.text, question.filters, question.dates, question.sort) == ("", (), None, None)
    assert tuple(wanted.facet for wanted in question.facets) == FACETS
    assert question.histogram == HistogramRequest()
    assert write(question) == ()


def test_empty_values_of_a_form_count_as_absent() -> None:
    assert asked("q=&from=&to=&find.person=&person=&match.person=any&match=all") == asked("")


def test_filters_come_in_one_order_however_they_were_given() -> None:
    one = asked("place=Kyiv&person=B&person=A&not.person=C&person=A")
    other = asked("person=A&not.person=C&person=B&place=Kyiv")
    assert one == other
    assert address("/", one) == "/?person=A&person=B&not.person=C&place=Kyiv"


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("from=2024&to=2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("from=2024-02&to=2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("from=2023-02-03", date(2023, 2, 3), None),
        ("to=9999", None, date(9999, 12, 31)),
        ("from=0001", date(1, 1, 1), None),
    ],
)
def test_dates_may_be_years_and_months(query: str, first: date | None, last: date | None) -> None:
    assert asked(query).dates == Dates(first=first, last=last)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("colour=red", "colour"),
        ("Q=kursk", "Q"),
        ("q=a&q=b", "q"),
        ("match=some", "match"),
        ("match.person=both", "match.person"),
        ("sort=best", "sort"),
        ("from=2024-13", "from"),
        ("from=2024-02-30", "from"),
        ("from=yesterday", "from"),
        ("from=0000", "from"),
        ("to=2023-02-29", "to"),
        ("to=٢٠٢٤", "to"),
        ("from=2024&to=2023", "from"),
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=1001", "page"),
        ("page=2&cursor=x", "page"),
        ("size=101", "size"),
        ("size=ten", "size"),
        ("size=١", "size"),
        ("size.person=501", "size.person"),
        ("size.person=0", "size.person"),
        ("facets=person,colour", "facets"),
        ("facets=none,person", "facets"),
        ("grain=hour", "grain"),
        ("grain=day&from=1900&to=2024", "grain"),
        ("person=A&not.person=A", "not.person"),
        ("not.match.person=all", "not.match.person"),
    ],
)
def test_what_cannot_be_honoured_is_named(query: str, field: str) -> None:
    error = refused(query)
    assert error.field == field
    assert error.expected in str(error)


def test_limits_on_length_and_number() -> None:
    assert asked("q=" + "x" * LONGEST_QUERY).text == "x" * LONGEST_QUERY
    assert refused("q=" + "x" * (LONGEST_QUERY + 1)).field == "q"
    assert refused("person=" + "x" * (LONGEST_VALUE + 1)).field == "person"
    assert refused("not.place=" + "x" * (LONGEST_VALUE + 1)).field == "not.place"
    enough = "&".join(f"person={number}" for number in range(MOST_FILTERS))
    assert len(asked(enough).filters[0].values) == MOST_FILTERS
    assert refused(enough + "&place=Kyiv").field == "filters"


def test_an_error_does_not_repeat_ten_megabytes() -> None:
    assert len(str(refused("q=" + "x" * 10_000_000))) < 200


def test_values_are_compared_in_normal_form() -> None:
    assert asked("author=Franc\u0327ois").filters[0].values == ("François",)


def test_only_the_parameters_of_an_endpoint_are_known_there() -> None:
    with pytest.raises(RequestError, match="no parameters here"):
        read([("q", "x")], only=())
    with pytest.raises(RequestError, match="q, match"):
        read([("person", "x")], only=("q", "match"))


def test_every_change_leads_back_to_the_first_page() -> None:
    question = asked("q=kursk&person=A&page=3")
    for changed in (
        changes.asking(question, "kyiv"),
        changes.matching(question, "any"),
        changes.selecting(question, "person", "B"),
        changes.excluding(question, "place", "Kyiv"),
        changes.releasing(question, "person", "A"),
        changes.between(question, date(2024, 1, 1), None),
        changes.sorted_by(question, "oldest"),
        changes.cleared(question),
    ):
        assert changed.offset == 0
        assert changed != question
        assert read(write(changed)) == changed
    assert changes.listing(question, "person", 40).offset == 20
    assert changes.on_page(question, 5).offset == 40


def test_a_value_is_selected_excluded_or_neither() -> None:
    question = asked("person=A&person=B&match.person=all")
    assert address("/", changes.excluding(question, "person", "A")) == (
        "/?person=B&not.person=A&match.person=all"
    )
    released = changes.releasing(changes.releasing(question, "person", "A"), "person", "B")
    assert address("/", released) == "/"


def test_the_reference_lists_every_parameter() -> None:
    expanded = {
        parameter.name.replace("<facet>", facet) for parameter in PARAMETERS for facet in FACETS
    }
    assert expanded == NAMES
