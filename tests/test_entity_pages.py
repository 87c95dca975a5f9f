"""The page of an entity, and the ways there."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from named_archive import Named, put_articles

from index.curation.decisions import Hide, Merge
from index.curation.file import add
from index.folder import ArchiveFolder
from web import create_app
from web.pages import entity_page

HOSTILE = '<b onclick="x">A/C\\D // ../ “%2F?” & Söhne</b>'
ALEX: Named = ("person", "Alex Sample", "Alex Sample")
ALEKS: Named = ("person", "Aleks Exampel", "Aleks Exampel")
FIRM: Named = ("organisation", HOSTILE, HOSTILE)
HIDDEN: Named = ("organisation", "Read More", "Read More")


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    path = tmp_path_factory.mktemp("named")
    add(
        ArchiveFolder(path).decisions_path,
        Merge(type="person", names=("Aleks Exampel",), into="Alex Sample", note="<i>one</i>"),
    )
    add(ArchiveFolder(path).decisions_path, Hide(type="organisation", name="Read More"))
    rows = [[ALEX, FIRM]] * 4 + [[ALEKS, HIDDEN]] * 2 + [[HIDDEN]] * 20
    put_articles(path, "native", rows, "Article")
    return create_app({"archive": str(path), "engine": "native"}).test_client()


def page(client: FlaskClient, address: str, status: int = 200) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == status, (address, response.status_code, response.text[:2000])
    return BeautifulSoup(response.text, "lxml")


def test_an_entity_has_a_page_of_its_own(named: FlaskClient) -> None:
    soup = page(named, "/entities/person/Alex%20Sample")
    text = soup.get_text(" ", strip=True)
    assert soup.h1
    assert soup.h1.get_text() == "Alex Sample"
    assert "All 6 articles about Alex Sample" in text
    assert [mark.get_text() for mark in soup.select(".sentences mark")][:2] == [
        "Aleks Exampel", "Alex Sample",
    ]  # fmt: skip
    assert "Aleks Exampel 2 by decision" in text
    assert "merge person “Aleks Exampel” into “Alex Sample”" in text
    assert "<i>one</i>" in text
    assert HOSTILE in text
    for link in soup.select("main a[href^='/']"):
        assert named.get(str(link["href"])).status_code == 200, link


def test_another_name_leads_to_the_page(named: FlaskClient) -> None:
    response = named.get("/entities/person/Aleks%20Exampel")
    assert response.status_code == 302
    assert response.location == "/entities/person/Alex%20Sample"


def test_names_are_only_text_whatever_they_hold(named: FlaskClient) -> None:
    address = entity_page("organisation", HOSTILE)
    assert urlsplit(address).path == f"/entities/organisation/{quote(HOSTILE, safe='')}"
    response = named.get(address)
    assert response.status_code == 200
    assert "<b onclick" not in response.text
    answer = named.get(f"/api/v1{address}").json
    assert answer
    assert (answer["name"], answer["articles"]) == (HOSTILE, 4)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/entities/person/Alex%20Sampel", "There is: Alex Sample (person)"),
        ("/entities/place/Alex%20Sample", "There is: Alex Sample (person)"),
        ("/entities/organisation/Read%20More", "There is no organisation “Read More”"),
        ("/entities/colour/red", "There is no colour “red”"),
        ("/entities/person/%00%ED%A0%80", "There is no person"),
    ],
)
def test_what_is_not_there_is_answered_with_the_nearest(
    named: FlaskClient, address: str, said: str
) -> None:
    assert said in page(named, address, 404).get_text()
    answer = named.get(f"/api/v1{address}")
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert answer.json
    assert said in answer.json["detail"]
    assert named.get("/entities/person/Alex%20Sample?q=1").status_code == 400


def test_hidden_names_are_nowhere(named: FlaskClient) -> None:
    soup = page(named, "/")
    assert "Read More" not in [name.get_text() for name in soup.select(".facet .name")]
    for link in soup.select(".hit h3 a"):
        article = page(named, str(link["href"]))
        assert "Read More" not in [entity.get_text() for entity in article.select(".entity")]


def test_filters_and_articles_lead_to_it(client: FlaskClient) -> None:
    soup = page(client, "/?person=Vladimir+Putin&not.place=China")
    links = [str(link["href"]) for link in soup.select(".chips .more-about")]
    assert links == ["/entities/person/Vladimir%20Putin"]
    article = page(client, str(soup.select(".hit h3 a")[0]["href"]))
    links = [str(link["href"]) for link in article.select(".named .more-about")]
    assert "/entities/person/Vladimir%20Putin" in links
    for link in links:
        assert client.get(link).status_code == 200, link


def test_the_timeline_leads_to_the_articles_of_those_days(client: FlaskClient) -> None:
    soup = page(client, "/entities/person/Vladimir%20Putin")
    bars = soup.select(".histogram tbody a")
    assert len(bars) > 3
    for bar in bars[:3]:
        count = bar.find_parent("tr").td.get_text()  # type: ignore[union-attr]
        found = page(client, str(bar["href"])).select("#total")[0].get_text()
        assert found.split()[0] == count
