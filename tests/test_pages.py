"""The pages over the sample articles, as a browser without JavaScript sees them."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient

from index.folder import ArchiveFolder
from index.reindex import ReindexOptions, reindex
from index.store import Store
from web import create_app, refinements
from web.params import read, write

COMPLICATED = (
    "/?q=president+kursk&match=any&person=Joe+Biden&person=Vladimir+Putin&match.person=all"
    "&not.place=China&from=2022-01-01&to=2024-12-31&sort=oldest&size=3&size.place=40"
    "&find.organisation=un&grain=year"
)
ADDRESSES = (
    "/",
    "/?q=kursk+troops",
    COMPLICATED,
    "/?q=zanzibar",
    "/?section=hostile",
    "/?q=xyzzy&person=Vladimir+Putin",
    "/?q=the&page=2",
    "/?q=the&page=900",
    "/?size=0",
    "/?colour=red",
    "/articles/nothing",
)


def page(client: FlaskClient, address: str, status: int = 200) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == status, (address, response.status_code)
    return BeautifulSoup(response.text, "lxml")


def total(soup: BeautifulSoup) -> int:
    return number(one(soup, "#total").get_text())


def number(text: str) -> int:
    found = re.search(r"[\d,]+", text)
    assert found, text
    return int(found[0].replace(",", ""))


def one(soup: BeautifulSoup | Tag, selector: str) -> Tag:
    found = soup.select(selector)
    assert len(found) == 1, (selector, len(found))
    return found[0]


def href(tag: Tag) -> str:
    return str(tag["href"])


def submitted(soup: BeautifulSoup, changes: dict[str, str] | None = None) -> str:
    """The address a browser goes to when the search form is submitted."""
    pairs = []
    for control in soup.select('#search input, input[form="search"]'):
        ticked = control.get("type") not in ("checkbox", "radio") or control.has_attr("checked")
        if ticked:
            name = str(control["name"])
            pairs.append((name, (changes or {}).get(name, str(control.get("value", "")))))
    return "/?" + urlencode(pairs)


def test_home_shows_the_whole_archive_newest_first(client: FlaskClient) -> None:
    soup = page(client, "/")
    assert total(soup) > 40
    dates = [str(tag["datetime"])[:10] for tag in soup.select(".hit time")]
    assert dates == sorted(dates, reverse=True)
    assert [tag.get_text() for tag in soup.select("fieldset.facet legend")][:3] == [
        "People", "Places", "Organisations",
    ]  # fmt: skip


def test_hits_show_marked_words_source_date_section_and_authors(client: FlaskClient) -> None:
    soup = page(client, "/?q=kursk+region")
    first = soup.select(".hit")[0]
    marked = {tag.get_text().casefold() for hit in soup.select(".hit") for tag in hit("mark")}
    assert {"kursk", "region"} <= marked
    for part in ("time", ".source", ".section", ".authors", ".snippet"):
        assert any(hit.select(part) for hit in soup.select(".hit")), part
    assert href(one(first, "h3 a")).endswith("?q=kursk+region")


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_on_a_page_is_inline_and_every_header_is_there(
    client: FlaskClient, address: str
) -> None:
    response = client.get(address)
    assert not re.search(r"\sstyle=|\son[a-z]+=\"|javascript:", without_text(response.text))
    for script in BeautifulSoup(response.text, "lxml")("script"):
        assert str(script["src"]).startswith("/static/")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"


def without_text(html: str) -> str:
    """The tags of a page, attributes' values unescaped nowhere."""
    return "".join(re.findall(r"<[^>]*>", html))


def test_hostile_articles_are_only_text(client: FlaskClient) -> None:
    soup = page(client, "/?q=zanzibar")
    assert len(soup("script")) == 2
    assert not soup("img")
    story = page(client, href(one(soup, ".hit h3 a")))
    assert len(story("script")) == 2
    assert not story("img")
    assert not story.select("article b")
    assert one(story, "h1").get_text() == "<script>alert(1)</script> Zanzibar & “quotes”"
    assert not story.select(".original"), "javascript: is no address of the web"


def test_the_number_beside_a_value_is_the_total_of_its_click(client: FlaskClient) -> None:
    for address in ("/?q=president&copies=all", "/?q=war&not.place=Russia&copies=all"):
        pairs = parse_qsl(urlsplit(address).query)
        labels = page(client, address).select(".facet li:not(.excluded):nth-of-type(-n+3) label")
        assert len(labels) > 10
        for label in labels:
            box = one(label, "input")
            clicked = page(client, canonical([*pairs, (str(box["name"]), str(box["value"]))]))
            assert number(one(label, ".count").get_text()) == total(clicked)


def canonical(pairs: list[tuple[str, str]]) -> str:
    return "/?" + urlencode(write(read(pairs)))


def test_submitting_the_form_untouched_asks_the_same(client: FlaskClient) -> None:
    for address in (COMPLICATED, "/", "/?q=kursk&place=Russia&facets=person"):
        soup = page(client, address)
        again = client.get(submitted(soup))
        assert again.status_code in (200, 302)
        expected = read(parse_qsl(urlsplit(address).query))
        assert read(parse_qsl(urlsplit(submitted(soup)).query)) == expected


def test_submitting_leads_to_the_short_address_and_the_first_page(client: FlaskClient) -> None:
    soup = page(client, "/?q=the&page=2")
    response = client.get(submitted(soup, {"q": "kursk troops"}))
    assert response.status_code == 302
    assert response.headers["Location"] == "/?q=kursk+troops"


def test_selected_and_excluded_values_are_chips_that_go_away(client: FlaskClient) -> None:
    soup = page(client, "/?q=zanzibar&person=Vladimir+Putin&not.place=Kursk&to=2024-12-31")
    chips = {str(chip["aria-label"]): href(chip) for chip in soup.select(".chip")}
    assert chips == {
        "Remove filter: person Vladimir Putin": "/?q=zanzibar&not.place=Kursk&to=2024-12-31",
        "Remove filter: not place Kursk": "/?q=zanzibar&person=Vladimir+Putin&to=2024-12-31",
        "Remove filter: published until 31 December 2024": (
            "/?q=zanzibar&person=Vladimir+Putin&not.place=Kursk"
        ),
    }
    assert href(one(soup, ".clear")) == "/?q=zanzibar"
    box = one(soup, 'input[name="person"][value="Vladimir Putin"]')
    assert box.has_attr("checked")
    assert number(box.parent.get_text() if box.parent else "") == 0
    assert one(soup, 'input[name="not.place"][value="Kursk"]').has_attr("checked")


def test_an_empty_answer_names_what_to_change_and_how_many_that_finds(
    client: FlaskClient,
) -> None:
    soup = page(client, "/?q=zanzibar&person=Vladimir+Putin&section=hostile")
    remedies = soup.select(".remedies li")
    assert one(remedies[0], "a").get_text() == "Remove “person Vladimir Putin”"
    for remedy in remedies:
        promised = number(one(remedy, ".count").get_text())
        assert promised == total(page(client, href(one(remedy, "a")))) > 0


def test_a_misspelt_word_is_offered_right(client: FlaskClient) -> None:
    soup = page(client, "/?q=kursck")
    offered = one(soup, ".correction")
    assert number(one(offered, ".count").get_text()) == total(page(client, href(one(offered, "a"))))


def test_a_misspelling_is_found_behind_the_filters_too(client: FlaskClient) -> None:
    soup = page(client, "/?q=kursck&section=hostile")
    assert not soup.select(".correction")
    (remedy,) = [each for each in soup.select(".remedies li") if "without the" in each.get_text()]
    assert number(one(remedy, ".count").get_text()) == total(page(client, href(one(remedy, "a"))))


def test_the_reading_is_shown_with_repairs_and_any_word(client: FlaskClient) -> None:
    soup = page(client, "/?q=%22kursk+zanzibar")
    assert one(soup, ".understood .query").get_text()
    assert soup.select(".repairs li")
    soup = page(client, "/?q=kursk+zanzibar")
    assert total(soup) == 0
    assert not soup.select(".repairs")
    anyword = page(client, href(one(soup, ".understood a")))
    assert total(anyword) > 1
    assert href(one(anyword, ".understood a")) == "/?q=kursk+zanzibar"


def test_pages_are_numbered_and_reach_every_article_once(client: FlaskClient) -> None:
    address: str | None = "/?q=the&size=15"
    seen: list[str] = []
    expected = total(page(client, "/?q=the"))
    number_of_page = 0
    while address:
        soup = page(client, address)
        number_of_page += 1
        assert number(one(soup, '.pages [aria-current="page"]').get_text()) == number_of_page
        seen += [href(link).partition("?")[0] for link in soup.select(".hit h3 a")]
        following = soup.select('.pages a[rel="next"]')
        address = href(following[0]) if following else None
    assert len(seen) == len(set(seen)) == expected


def test_beyond_the_numbered_pages_the_cursor_goes_on(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refinements, "DEEPEST_PAGE", 20)
    last = page(client, "/?q=the&page=2")
    assert [link.get_text() for link in last.select(".pages ol a")] == ["1", "2"]
    seen = [href(link) for soup in (page(client, "/?q=the"), last) for link in soup.select("h3 a")]
    address = href(one(last, '.pages a[rel="next"]'))
    while address:
        soup = page(client, address)
        seen += [href(link) for link in soup.select(".hit h3 a")]
        assert href(one(soup, '.pages a[rel="prev"]')) == "/?q=the"
        following = soup.select('.pages a[rel="next"]')
        address = href(following[0]) if following else ""
    assert len(seen) == len(set(seen)) == total(last)


def test_a_page_beyond_the_last_leads_back(client: FlaskClient) -> None:
    soup = page(client, "/?q=the&page=900")
    assert href(one(soup, ".empty a")) == "/?q=the"


def test_bars_are_links_with_their_totals_and_a_table(client: FlaskClient) -> None:
    soup = page(client, "/?q=the")
    rows = soup.select(".histogram tbody tr a")
    assert rows
    for row in rows[:4]:
        cell = row.find_parent("tr")
        assert isinstance(cell, Tag)
        assert number(one(cell, "td").get_text()) == total(page(client, href(row)))
    assert len(soup.select(".histogram svg a")) >= len(rows)


def test_show_more_lists_more_and_find_searches_inside(client: FlaskClient) -> None:
    soup = page(client, "/?q=the")
    people = one(soup, '[data-facet="person"]')
    assert len(people.select("li")) == 8
    more = page(client, href(one(people, ".more a")))
    assert len(one(more, '[data-facet="person"]').select("li")) > 8
    found = page(client, "/?q=the&find.person=put")
    names = [tag.get_text() for tag in one(found, '[data-facet="person"]').select(".name")]
    assert names
    assert all("put" in name.casefold() for name in names)
    nothing = page(client, "/?q=the&find.person=xyzzy")
    assert one(one(nothing, '[data-facet="person"]'), ".none")


def test_any_or_all_of_the_selected(client: FlaskClient) -> None:
    query = "/?person=Joe+Biden&person=Vladimir+Putin"
    either, both = page(client, query), page(client, query + "&match.person=all")
    assert 0 < total(both) < total(either)
    switch = one(both, 'input[name="match.person"][checked]')
    assert switch["value"] == "all"


def test_every_control_has_a_name_and_every_group_a_legend(client: FlaskClient) -> None:
    soup = page(client, COMPLICATED)
    for control in soup.select('input:not([type="hidden"])'):
        labelled = control.has_attr("aria-label") or control.find_parent("label")
        assert labelled, control
    for group in soup("fieldset"):
        assert one(group, "legend").get_text()
    assert one(soup, "a.skip")["href"] == "#main"
    assert one(soup, '[role="status"]')
    ids = [str(tag["id"]) for tag in soup.select("[id]")]
    assert len(ids) == len(set(ids))


def test_links_of_a_result_page_lead_to_pages_at_their_own_address(client: FlaskClient) -> None:
    soup = page(client, COMPLICATED)
    links = {href(tag) for tag in soup.select("a[href^='/']")}
    assert len(links) > 30
    for link in sorted(links):
        assert client.head(link).status_code == 200, link


def test_an_article_links_its_names_and_marks_the_words(client: FlaskClient) -> None:
    results = page(client, '/?q="mutual+defense+agreement"'.replace('"', "%22"))
    soup = page(client, href(one(results, ".hit h3 a")))
    assert [tag.get_text() for tag in soup.select(".story mark")] == ["mutual defense agreement"]
    kirby = [tag for tag in soup.select(".story .entity.person") if tag.get_text() == "John Kirby"]
    assert href(kirby[0]) == "/?person=John+Kirby"
    assert total(page(client, href(kirby[0]))) >= 1
    listed = [tag.get_text() for tag in soup.select(".named .entity.person")]
    assert {"Kim Jong Un", "Vladimir Putin"} <= set(listed)
    assert soup.select(".related li a")
    assert not one(soup, ".story .byline").select("time"), "its date is unknown, and stays so"


def test_a_rewritten_story_is_related_first(client: FlaskClient) -> None:
    results = page(client, "/?q=title:Chandrayaan-3+title:lands")
    soup = page(client, href(one(results, ".hit h3 a")))
    related = [tag.get_text() for tag in soup.select(".related li > a")]
    assert "Modi hails Moon landing" in related[0]
    assert one(soup, "h1").get_text() not in related


def test_the_original_is_linked_without_ties(client: FlaskClient) -> None:
    results = page(client, "/?section=hostile&size=50")
    cairo = next(tag for tag in results.select(".hit h3 a") if "القاهرة" in tag.get_text())
    original = one(page(client, href(cairo)), ".original a")
    assert original["href"] == "https://example.org/cairo?a=1&b=2"
    assert "noopener" in original["rel"]
    assert "example.org" in original.get_text()


def test_pages_only_answer_to_reading(client: FlaskClient) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        for address in ("/", "/articles/x", "/static/dateline.css"):
            response = client.open(address, method=method)
            assert response.status_code == 405, (method, address)
            assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD"}
    assert client.head("/?q=kursk").status_code == 200


def test_errors_are_pages(client: FlaskClient, tmp_path: Path) -> None:
    mistaken = one(page(client, "/?colour=red&q=kursk", 400), ".error")
    assert "colour" in mistaken.get_text()
    assert href(mistaken.select("a")[0]) == "/?q=kursk"
    assert "archive" in one(page(client, "/articles/nothing", 404), ".error").get_text()
    assert page(client, "/no/such/page", 404).select(".error")
    fresh = create_app({"archive": str(tmp_path / "nothing")}).test_client()
    assert "dateline reindex" in one(page(fresh, "/", 503), ".error").get_text()


def test_a_server_may_start_before_its_index(tmp_path: Path) -> None:
    folder = ArchiveFolder(tmp_path)
    waiting = create_app({"archive": str(tmp_path), "engine": "whoosh"}).test_client()
    assert page(waiting, "/", 503)
    with Store.open(folder.store_path) as store:
        reindex(folder, store, "whoosh", ReindexOptions(processes=1))
        assert "empty" in one(page(waiting, "/"), ".empty").get_text()


def test_many_readers_at_once_get_the_same_answers(app: Flask) -> None:
    addresses = ["/?q=president", "/?q=kursk", COMPLICATED, "/?q=xyzzy"] * 4
    alone = [app.test_client().get(address).text for address in addresses]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda each: app.test_client().get(each).text, addresses))
    assert together == alone


def test_an_unexpected_error_says_nothing_of_itself(tmp_path: Path) -> None:
    application = create_app({"archive": str(tmp_path)})

    @application.get("/broken")
    def broken() -> str:
        raise KeyError("a secret")

    response = application.test_client().get("/broken")
    assert response.status_code == 500
    assert "secret" not in response.text


def test_static_files_have_an_address_for_every_version(client: FlaskClient) -> None:
    soup = page(client, "/")
    sheet = href(soup.select('link[rel="stylesheet"]')[0])
    assert "v=" in sheet
    with client.get(sheet) as response:
        assert "max-age=31536000" in response.headers["Cache-Control"]
        assert "url(" not in response.get_data(as_text=True)


def test_what_is_named_more_than_usual_is_shown_and_a_click_finds_as_many(
    client: FlaskClient,
) -> None:
    soup = page(client, "/?person=Vladimir+Putin")
    listed = soup.select(".unexpected li")
    assert 1 <= len(listed) <= 8
    for each in listed:
        link = one(each, "a")
        assert total(page(client, href(link))) == number(one(each, ".count").get_text())
        assert number(one(each, ".count").get_text()) < total(soup)
    assert "Vladimir Putin" not in [one(each, "a").get_text() for each in listed]
    assert page(client, "/").select(".unexpected") == []
    facets = client.get("/api/v1/search?person=Vladimir+Putin").json["facets"]  # type: ignore[index]
    assert facets["place"]["unexpected"][0]["value"] in [one(each, "a").text for each in listed]
    assert facets["source"]["unexpected"] == []
