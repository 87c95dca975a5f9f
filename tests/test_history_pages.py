"""What readers and programs are shown of an article that has changed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from changing_news import build, options_for
from flask.testing import FlaskClient

from index.folder import ArchiveFolder
from index.reindex import reindex
from index.store import Store
from index.versions import versions_of
from web import create_app

REFERENCE = Path(__file__).parents[1] / "docs" / "reference" / "http-api.md"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("history")
    build(base)
    return base


@pytest.fixture(scope="module")
def client(base: Path) -> FlaskClient:
    return create_app({"archive": str(base / "archive"), "engine": "native"}).test_client()


def page(client: FlaskClient, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200, response.text
    return BeautifulSoup(response.text, "lxml")


def get(client: FlaskClient, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200, response.text
    return response.json


@pytest.fixture
def address(client: FlaskClient) -> str:
    (hit,) = get(client, "/api/v1/search?q=minister")["hits"]
    return f"/articles/{hit['id']}"


def shown(tag: Tag) -> str:
    """The text of an element as it is seen."""
    copy = BeautifulSoup(str(tag), "lxml")
    for hidden in copy.select(".visually-hidden"):
        hidden.decompose()
    return " ".join(copy.get_text().split())


def facts_of(soup: BeautifulSoup) -> str:
    return " ".join(soup.select(".facts dl")[0].get_text(" ").split())


def test_an_article_says_when_it_changed(client: FlaskClient, address: str) -> None:
    soup = page(client, address)
    assert "Changed 2 times since 1 March 2024, 10:00 UTC" in soup.get_text()
    history = soup.select(".versions li")
    assert [shown(line) for line in history] == [
        "5 March 2024, 09:00 UTC changed",
        "2 March 2024, 10:30 UTC changed",
        "1 March 2024, 10:00 UTC first seen",
    ]
    assert [str(line.a and line.a["href"]) for line in history] == [
        f"{address}/versions/{number}" for number in (3, 2, 1)
    ]


def test_a_version_shows_what_changed(client: FlaskClient, address: str) -> None:
    soup = page(client, f"{address}/versions/2")
    paragraphs = soup.select(".compared p")
    assert [(paragraph["class"], shown(paragraph)) for paragraph in paragraphs] == [
        (["changed"], "The minister will not resign on Monday & leave."),
        (["removed"], "Sabotage <script>alert(1)</script>."),
        (["added"], "A new <i>paragraph</i>."),
    ]
    assert [shown(tag) for tag in paragraphs[0].select("ins")] == ["not"]
    assert paragraphs[0].get_text().count("added:") == 1
    assert not soup.select(".compared script, .compared i, h1 b")
    assert [link["href"] for link in soup.select("nav.pages a")] == [
        f"{address}/versions/1",
        f"{address}/versions/3",
    ]
    first = page(client, f"{address}/versions/1")
    assert not first.select("ins, del")
    assert shown(page(client, f"{address}/versions/3").select("h1")[0]).endswith("stays")


@pytest.mark.parametrize("number", ["0", "4", "x", "999999999999999999999"])
def test_there_are_no_other_versions(client: FlaskClient, address: str, number: str) -> None:
    assert client.get(f"{address}/versions/{number}").status_code == 404
    assert client.get(f"/api/v1{address}/versions/{number}").status_code == 404
    assert client.get(f"/articles/none/versions/{number}").status_code == 404


def test_versions_as_json(client: FlaskClient, address: str) -> None:
    article = get(client, f"/api/v1{address}")
    assert [each["number"] for each in article["versions"]] == [1, 2, 3]
    assert article["versions"][1]["first_seen"] == "2024-03-02T10:30:00+00:00"
    first, second = (get(client, f"/api/v1{address}/versions/{n}") for n in (1, 2))
    assert first["changes"] is None
    assert first["body"].startswith("The minister will resign")
    assert [part["kind"] for part in second["changes"]["body"]] == ["changed", "removed", "added"]
    assert second["changes"]["body"][0]["pieces"][1] == {"kind": "added", "text": "not "}
    reference = REFERENCE.read_text(encoding="utf-8")
    for member in (*second, *second["changes"]["body"][0]):
        assert f"`{member}`" in reference


def test_a_result_shows_what_is_gone(client: FlaskClient) -> None:
    (hit,) = get(client, "/api/v1/search?q=removed:sabotage")["hits"]
    (lost,) = hit["removed"]
    assert lost["html"].startswith("<mark>Sabotage</mark> &lt;script&gt;")
    soup = page(client, "/?q=removed:sabotage")
    assert shown(soup.select(".lost")[0]) == (
        "No longer in the article: Sabotage <script>alert(1)</script>."
    )
    assert not page(client, "/?q=minister").select(".lost")


def test_a_doubtful_date_is_told(client: FlaskClient, address: str) -> None:
    facts = facts_of(page(client, address))
    assert "Published 1 March 2024 from its record; the address says another day" in facts
    assert "Fetched 5 March 2024" in facts
    answer = get(client, "/api/v1/search?q=date:uncertain&sort=newest")
    assert [hit["title"] for hit in answer["hits"]] == ["Minister stays", "A strange date"]
    assert answer["hits"][0]["dates"]["published"] == {
        "source": "given",
        "doubts": ["conflict"],
        "against": ["url"],
        "refused": None,
    }
    assert answer["hits"][1]["published"] is None
    assert answer["histogram"]["bars"] == [
        {"first": "2024-03-01", "last": "2024-03-01", "count": 1}
    ]
    strange = facts_of(page(client, f"/articles/{answer['hits'][1]['id']}"))
    assert "Published unknown its record says “9654-01-01”" in strange
    choices = page(client, "/").select('fieldset[data-facet="dating"] label')
    assert [shown(choice) for choice in choices] == ["uncertain 2"]


def test_reading_everything_again_loses_and_adds_no_version(base: Path) -> None:
    def texts(store: Store) -> dict[str, list[tuple[int, str, str, datetime]]]:
        return {
            article_id: [
                (each.number, each.title, each.body, each.first_seen)
                for each in versions_of(store, article_id)
            ]
            for article_id in store.ids()
        }

    folder = ArchiveFolder(base / "archive")
    with Store.open(folder.store_path) as store:
        before = texts(store)
        reindex(folder, store, "native", options_for(base, reread=True))
        assert texts(store) == before
    assert sorted(map(len, before.values())) == [1, 3]
