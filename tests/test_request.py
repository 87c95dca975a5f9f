"""Requests that no engine can honour cannot be made."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from search.errors import RequestError
from search.request import FacetFilter, FacetRequest, SearchRequest


@pytest.mark.parametrize(
    ("made", "field"),
    [
        (partial(SearchRequest, offset=-1), "offset"),
        (partial(SearchRequest, size=-1), "size"),
        (partial(SearchRequest, offset=1, cursor="c"), "offset"),
        (partial(FacetFilter, facet="colour", values=("red",)), "filters"),
        (partial(FacetRequest, facet="colour"), "facets"),
        (partial(FacetRequest, facet="story"), "facets"),
        (partial(FacetRequest, facet="person", size=-1), "facets.size"),
        (partial(FacetRequest, facet="person", unexpected=-1), "facets.unexpected"),
    ],
)
def test_what_cannot_be_honoured_is_a_request_error(made: partial[object], field: str) -> None:
    with pytest.raises(RequestError) as raised:
        made()
    assert raised.value.field == field


def test_a_changed_request_is_checked_too() -> None:
    with pytest.raises(RequestError, match="size is -1; expected 0 or more"):
        replace(SearchRequest(size=3), size=-1)


def test_articles_can_be_filtered_by_story() -> None:
    assert FacetFilter(facet="story", values=("a",)).values == ("a",)
