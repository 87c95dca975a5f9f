from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.addresses import (
    address_id,
    canonical_address,
    is_front_page,
    preferred_address,
    same_site,
    working_address,
)
from index.articles import article_id

STORY = "https://example.com/2023/12/rates-rise-again"


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/2023/12/rates-rise-again",
        "https://www.example.com/2023/12/rates-rise-again/",
        "HTTPS://WWW.Example.com:443/2023/12/rates-rise-again?",
        "https://m.example.com/2023/12/rates-rise-again#comments",
        "https://mobile.example.com/2023/12/rates-rise-again?fbclid=abc",
        "https://www.m.example.com./2023/12/rates-rise-again",
        "https://example.com/2023/12/rates-rise-again/amp",
        "https://example.com/2023/12/rates-rise-again/amp/",
        "https://example.com/amp/2023/12/rates-rise-again",
        "https://example.com/2023/12/rates-rise-again.amp",
        "https://amp.example.com/2023/12/rates-rise-again",
        "https://example.com/2023/12/rates-rise-again?amp=1&utm_source=a&utm_medium=b",
        "https://example.com/2023/12/rates-rise-again?outputType=amp",
        "https://www.google.com/amp/s/www.example.com/2023/12/rates-rise-again/amp/",
        "https://www-example-com.cdn.ampproject.org/c/s/www.example.com/2023/12/rates-rise-again",
        "https://example.com/2023/12/rates-rise-again?ref=homepage&mc_cid=1&gclid=2",
        "https://example.com/2023/12/rates-rise-again;jsessionid=0F3A?PHPSESSID=9f",
        "https://reader:secret@example.com/2023/./12//%72ates-rise-again",
        "https://example.com/2023/12/rates-rise-again/index.html",
        "  https://example.com/2023/12/rates-rise-again\n",
    ],
)
def test_renditions_of_an_article_have_one_canonical_address(address: str) -> None:
    assert canonical_address(address) == STORY
    assert address_id(address) == article_id(STORY)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/?p=12", "https://example.com/?p=13"),
        ("https://example.com/view?id=1", "https://example.com/view?id=2"),
        ("https://example.com/view?article=1", "https://example.com/view?article=2"),
        ("https://example.com/view?eid=1", "https://example.com/view?eid=2"),
        ("https://example.com/view.php?ref=101", "https://example.com/view.php?ref=102"),
        ("https://example.com/view?sid=101", "https://example.com/view?sid=102"),
        ("https://example.com/a?page=1", "https://example.com/a?page=2"),
        ("https://example.com/Story-1", "https://example.com/story-1"),
        ("https://example.com/topics/amp", "https://example.com/topics"),
        ("https://example.com/a%2Fb", "https://example.com/a/b"),
        ("https://example.com:8080/a", "https://example.com/a"),
        ("https://de.example.com/a", "https://example.com/a"),
        ("https://m.com/a", "https://com/a"),
        ("https://example.com/#!/article/1", "https://example.com/#!/article/2"),
    ],
)
def test_different_articles_stay_different(one: str, other: str) -> None:
    assert canonical_address(one) != canonical_address(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("https://example.com/%7euser", "https://example.com/~user"),
        ("https://example.com/a?b=2&a=1", "https://example.com/a?a=1&b=2"),
        ("https://example.com/a?q=x%20y", "https://example.com/a?q=x+y"),
    ],
)
def test_spellings_of_an_address_are_one(one: str, other: str) -> None:
    assert canonical_address(one) == canonical_address(other)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://Example.org/A?b=1#c", "https://example.org/A?b=1"),
        ("https://example.org", "https://example.org/"),
        ("https://example.org/ä?q=ü&r=%FC", "https://example.org/ä?q=ü&r=%FC"),
        ("https://example.org:443/a", "https://example.org/a"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("http://[::1]:8000/a", "http://[::1]:8000/a"),
        ("http://m.example.org/a/?utm_source=x&id=1", "http://m.example.org/a/?id=1"),
        ("https://google.com/amp/example.org/a-b-c/amp", "http://example.org/a-b-c/amp"),
        ("https://google.com/search?q=a", "https://google.com/search?q=a"),
        ("https://user:secret@example.org/a", "https://example.org/a"),
        ("ftp://example.org/a", None),
        ("javascript:alert(1)", None),
        ("/relative", None),
        ("https://", None),
        ("https://[broken/", None),
        ("https://example.org:99999/", None),
        ("https://two words.example/", None),
        ("https://example.org/\ud800", None),
        ("https://example.org/" + "a" * 5000, None),
        ("", None),
    ],
)
def test_the_working_address_can_be_opened(text: str, address: str | None) -> None:
    assert working_address(text) == address


def test_sites_are_told_apart_by_their_registrable_domain() -> None:
    assert same_site("https://www.example.co.uk/a", "http://amp.example.co.uk/b")
    assert not same_site("https://example.co.uk/", "https://other.co.uk/")
    assert not same_site("https://one.blogspot.com/", "https://two.blogspot.com/")
    assert same_site("http://127.0.0.1:1/", "http://127.0.0.1:2/")
    assert not same_site("http://127.0.0.1/", "http://127.0.0.2/")
    assert not same_site("nonsense", "nonsense")


def test_a_front_page_has_neither_path_nor_query() -> None:
    assert is_front_page("https://www.example.com/index.html")
    assert is_front_page("https://example.com?utm_source=x")
    assert not is_front_page("https://example.com/?p=1")
    assert not is_front_page("https://example.com/a")


_HOSTS = st.sampled_from(["example.com", "www.m.example.co.uk", "[::1]", "bücher.example", "a..b"])
_PARTS = st.lists(
    st.sampled_from(["amp", "index.html", "a-b-1", "a.amp.html", "%zz", "ä", "..", "", "x-amp-amp"])
    | st.text(max_size=4),
    max_size=5,
)
_QUERIES = st.lists(
    st.tuples(
        st.sampled_from(["id", "amp", "utm_source", "ref", "m", "ü", "a+b", ""]),
        st.sampled_from(["", "1", "x", "a=b", "%26", "ä"]),
    ),
    max_size=4,
)


@given(
    scheme=st.sampled_from(["http", "https"]),
    host=_HOSTS,
    port=st.sampled_from(["", ":80", ":443", ":8080"]),
    parts=_PARTS,
    query=_QUERIES,
)
def test_a_canonical_address_is_its_own(
    scheme: str, host: str, port: str, parts: list[str], query: list[tuple[str, str]]
) -> None:
    asked = "&".join(f"{name}={value}" for name, value in query)
    address = f"{scheme}://{host}{port}/{'/'.join(parts)}?{asked}"
    working = working_address(address)
    if working is not None:
        assert working_address(working) == working
        assert canonical_address(working) == canonical_address(address)
    canonical = canonical_address(address)
    assert canonical_address(canonical) == canonical


@given(st.text(max_size=60) | st.text(max_size=40).map("https://".__add__))
def test_nothing_that_is_typed_is_too_strange(text: str) -> None:
    working = working_address(text)
    assert working is None or working.startswith("http")
    canonical_address(text)
    same_site(text, text)


@pytest.mark.parametrize(
    ("known", "other", "preferred"),
    [
        (STORY, f"{STORY}/amp", STORY),
        (f"{STORY}?amp=1", STORY, STORY),
        (f"{STORY}.amp", STORY, STORY),
        ("https://m.example.com/a-1", "https://example.com/a-1", "https://example.com/a-1"),
        ("http://example.com/a", "https://example.com/a", "https://example.com/a"),
        ("https://www.example.com/a", "https://example.com/a/", "https://www.example.com/a"),
        (f"http://example.com:80{STORY[19:]}", "https://m.example.com/b", "http://example.com:80"),
    ],
)
def test_an_ordinary_page_is_shown_rather_than_a_rendition(
    known: str, other: str, preferred: str
) -> None:
    assert preferred_address(known, other).startswith(preferred)
