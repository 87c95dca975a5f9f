"""The JSON API over the sample articles."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from index.articles import FACETS
from index.tokens import fold
from web import create_app
from web.limits import NAMES, PARAMETERS

REFERENCE = Path(__file__).parents[1] / "docs" / "reference" / "http-api.md"


def get(client: FlaskClient, address: str, status: int = 200) -> dict[str, Any]:
    response = client.get(address)
    assert response.status_code == status, response.text
    found = json.loads(response.data)
    assert isinstance(found, dict)
    return found


def search(client: FlaskClient, query: str) -> dict[str, Any]:
    return get(client, f"/api/v1/search?{query}")


def values(answer: dict[str, Any], facet: str) -> dict[str, int]:
    return {value["value"]: value["count"] for value in answer["facets"][facet]["values"]}


def test_an_answer_has_everything_the_reference_says(client: FlaskClient) -> None:
    answer = search(client, "q=kursk+troops&size=1")
    assert set(answer) == {
        "total", "hits", "facets", "histogram", "query", "suggestion", "next_cursor", "next",
        "took_ms",
    }  # fmt: skip
    assert tuple(answer["facets"]) == FACETS
    assert set(answer["hits"][0]) == {
        "id", "url", "title", "title_ranges", "source", "authors", "section", "language",
        "dateline", "tags", "published", "dates", "snippets", "removed", "entities", "score",
        "story", "copies",
    }  # fmt: skip
    for member in (*answer, *answer["hits"][0], *answer["query"], *answer["histogram"]):
        assert f"`{member}`" in REFERENCE.read_text(encoding="utf-8")


def test_the_reference_has_the_parameters_as_they_are() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    for parameter in PARAMETERS:
        assert f"| `{parameter.name}` | {parameter.takes} | {parameter.help} |" in text


def test_snippets_are_text_ranges_and_safe_html(client: FlaskClient) -> None:
    answer = search(client, "q=kursk+troops&size=20")
    snippets = [snippet for hit in answer["hits"] for snippet in hit["snippets"]]
    assert snippets
    for snippet in snippets:
        marked = [snippet["text"][start:end] for start, end in snippet["ranges"]]
        assert [unescape(m) for m in re.findall("<mark>(.*?)</mark>", snippet["html"])] == marked
        assert unescape(re.sub("</?mark>", "", snippet["html"])) == snippet["text"]
    assert any(snippet["ranges"] for snippet in snippets)


def test_hostile_articles_come_out_as_text(client: FlaskClient) -> None:
    (hit,) = search(client, "q=zanzibar")["hits"]
    assert hit["title"] == "<script>alert(1)</script> Zanzibar & “quotes”"
    assert hit["url"] is None, "only addresses of the web are given out as such"
    assert "&lt;img src=x onerror=alert(2)&gt;" in hit["snippets"][0]["html"]
    assert "<img" not in hit["snippets"][0]["html"]


def test_entities_of_a_hit_are_counted_by_type(client: FlaskClient) -> None:
    (hit,) = search(client, 'q="mutual+defense+agreement"')["hits"]
    people = {entity["name"] for entity in hit["entities"]["person"]}
    assert {"Kim Jong Un", "Vladimir Putin", "John Kirby"} <= people
    assert set(hit["entities"]) == {"person", "place", "organisation"}


def test_counts_equal_clicks_under_every_kind_of_filter(client: FlaskClient) -> None:
    for asked in (
        "q=president",
        "place=Russia",
        "person=Vladimir+Putin",
        "not.place=Russia&not.place=India",
        "place=Russia&place=Ukraine&match.place=all&not.place=China",
        "person=Joe+Biden&not.place=Russia&from=2022-06&section=diplomacy",
    ):
        query = f"{asked}&copies=all"
        answer = search(client, query + "&size=0")
        checked = 0
        for facet in FACETS:
            for value in answer["facets"][facet]["values"][:4]:
                others = without(query, facet, keep_selected=f"match.{facet}=all" in query)
                taken_back = f"not.{facet}={value['value']}"
                clicked = [part for part in others if part != taken_back.replace(" ", "+")]
                addition = f"{facet}={value['value']}"
                total = search(client, "&".join({*clicked, addition, "size=0"}))["total"]
                assert value["count"] == total, (query, facet, value)
                checked += 1
        assert checked > 5


def without(query: str, facet: str, *, keep_selected: bool) -> list[str]:
    """The parts of a query but what is selected in a facet; exclusions stay."""
    return [part for part in query.split("&") if keep_selected or not part.startswith(f"{facet}=")]


def test_selected_values_stay_even_at_zero(client: FlaskClient) -> None:
    answer = search(client, "q=zanzibar&person=Vladimir+Putin&not.place=Kursk")
    assert answer["total"] == 0
    assert {"value": "Vladimir Putin", "count": 0, "selected": True, "excluded": False} in (
        answer["facets"]["person"]["values"]
    )
    kursk = [value for value in answer["facets"]["place"]["values"] if value["value"] == "Kursk"]
    assert [value["excluded"] for value in kursk] == [True]


def test_bars_equal_clicks(client: FlaskClient) -> None:
    answer = search(client, "q=the&size=0")
    bars = [bar for bar in answer["histogram"]["bars"] if bar["count"]]
    assert sum(bar["count"] for bar in bars) + answer["histogram"]["undated"] == answer["total"]
    for bar in bars[:5]:
        clicked = search(client, f"q=the&size=0&from={bar['first']}&to={bar['last']}")
        assert clicked["total"] == bar["count"]


def test_searching_inside_a_facet_respects_the_query(client: FlaskClient) -> None:
    everywhere = values(search(client, "find.place=u&size.place=100"), "place")
    here = values(search(client, "q=election&find.place=u&size.place=100"), "place")
    assert here
    assert set(here) < set(everywhere)
    assert all("u" in fold(place) for place in here)


def test_values_in_the_order_of_what_the_articles_are_about(client: FlaskClient) -> None:
    """Another order, the same counts."""
    counted = values(search(client, "q=kursk&size.person=500"), "person")
    weighed = values(search(client, "q=kursk&size.person=500&order.person=weight"), "person")
    assert weighed == counted
    assert list(weighed) != list(counted)
    refused = client.get("/api/v1/search?order.person=size")
    assert refused.status_code == 400
    assert "one of count, weight" in refused.get_data(as_text=True)


def test_the_cursor_reaches_every_article_once(client: FlaskClient) -> None:
    address: str | None = "/api/v1/search?q=the&size=7&facets=none&grain=none"
    seen: list[str] = []
    total = 0
    while address:
        answer = get(client, address)
        assert answer["facets"] == {}
        assert answer["histogram"] is None
        seen += [hit["id"] for hit in answer["hits"]]
        total, address = answer["total"], answer["next"]
    assert len(seen) == len(set(seen)) == total > 20


def test_a_cursor_of_another_question_is_refused(client: FlaskClient) -> None:
    cursor = search(client, "q=the&size=3")["next_cursor"]
    for query in (f"q=president&size=3&cursor={cursor}", "q=the&cursor=nonsense"):
        problem = get(client, f"/api/v1/search?{query}", status=400)
        assert problem["field"] == "cursor"


def test_the_reading_and_its_repairs_come_along(client: FlaskClient) -> None:
    query = search(client, "q=%22kursk+troops")["query"]
    assert query["text"] == '"kursk troops'
    assert query["understood"]
    assert query["repairs"]
    assert search(client, "q=kursk+troops")["query"]["repairs"] == []


def test_another_spelling_is_suggested_with_what_it_finds(client: FlaskClient) -> None:
    suggestion = search(client, "q=kursck")["suggestion"]
    assert suggestion["total"] == search(client, f"q={suggestion['text']}")["total"] > 0
    assert search(client, "q=kursk")["suggestion"] is None


def test_completions_are_queries_with_what_they_find(client: FlaskClient) -> None:
    suggestions = get(client, "/api/v1/suggest?q=drones+vladimir+pu")["suggestions"]
    assert suggestions[0]["text"] == "Vladimir Putin"
    assert suggestions[0]["kind"] == "person"
    assert suggestions[0]["query"].startswith("drones ")
    (first, *_) = get(client, "/api/v1/suggest?q=vladimir+pu")["suggestions"]
    assert (
        search(client, urlencode({"q": first["query"], "copies": "all"}))["total"]
        == first["articles"]
    )
    assert get(client, "/api/v1/suggest?q=")["suggestions"] == []
    for member in first:
        assert f"`{member}`" in REFERENCE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/api/v1/search?colour=red", "colour"),
        ("/api/v1/search?size=1000", "size"),
        ("/api/v1/search?from=soon", "from"),
        ("/api/v1/search?size.person=100000", "size.person"),
        ("/api/v1/search?q=" + "x" * 2001, "q"),
        ("/api/v1/suggest?query=x", "query"),
        ("/api/v1/articles/x?q=x", "q"),
        ("/healthz?verbose=1", "verbose"),
    ],
)
def test_a_bad_parameter_is_a_problem_that_names_it(
    client: FlaskClient, address: str, field: str
) -> None:
    response = client.get(address)
    problem = json.loads(response.data)
    assert response.status_code == problem["status"] == 400
    assert response.mimetype == "application/problem+json"
    assert problem["field"] == field
    assert set(problem) == {"type", "title", "status", "detail", "field", "value", "expected"}


HOSTILE_TEXTS = st.one_of(
    st.text(max_size=20),
    st.text('"()[]{}*?~^:-+/\\\\ aANDORTOkursk2024\x00\n🙂é', max_size=40),
    st.sampled_from(
        ("", "0", "1", "5", "person", "all", "2024", "2024-02-30", "newest", "x" * 600)
    ),
)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(sorted(NAMES)), HOSTILE_TEXTS), max_size=5))
def test_no_query_string_is_an_internal_error(app: Flask, pairs: list[tuple[str, str]]) -> None:
    query = urlencode(pairs, errors="surrogatepass")
    client = app.test_client()
    assert client.get(f"/api/v1/search?{query}").status_code in (200, 400)
    response = client.get(f"/?{query}")
    if response.status_code == 302:
        response = client.get(response.headers["Location"])
    assert response.status_code in (200, 400)


def test_an_article_with_its_mentions(client: FlaskClient) -> None:
    (hit,) = search(client, 'q="mutual+defense+agreement"')["hits"]
    article = get(client, f"/api/v1/articles/{hit['id']}")
    text = f"{article['title']}\n{article['body']}"
    assert article["mentions"]
    for mention in article["mentions"]:
        assert text[mention["start"] : mention["end"]] == mention["surface"]
    reference = REFERENCE.read_text(encoding="utf-8")
    for member in (*article, *article["mentions"][0]):
        assert f"`{member}`" in reference


def test_a_score_is_explained_with_all_its_numbers(client: FlaskClient) -> None:
    hit = search(client, "q=title:kursk+troop*")["hits"][0]
    explained = get(client, f"/api/v1/articles/{hit['id']}/score?q=title:kursk+troop*")
    assert set(explained) == {"id", "score", "length", "articles", "average_length", "parts"}
    assert explained["score"] == hit["score"]
    assert sum(part["score"] for part in explained["parts"]) == pytest.approx(hit["score"])
    word, pattern = explained["parts"]
    assert (word["words"], word["field"], word["formula"]["in_body"]) == (["kursk"], "title", 0)
    assert pattern["formula"] is None
    section = REFERENCE.read_text().split("/score`")[1].split("## `GET")[0]
    for name in (*explained, *word, *word["formula"]):
        assert f"`{name}`" in section, name
    get(client, f"/api/v1/articles/{hit['id']}/score?q=nowhereatall", status=404)
    get(client, f"/api/v1/articles/{hit['id']}/score?size=x", status=400)


def test_what_is_not_there_is_a_problem_too(client: FlaskClient) -> None:
    assert get(client, "/api/v1/articles/0000", status=404)["status"] == 404
    assert get(client, "/api/v2/search", status=404)["status"] == 404
    response = client.post("/api/v1/search")
    assert response.status_code == 405
    assert response.mimetype == "application/problem+json"
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD"}


def test_health_counts_store_and_index(client: FlaskClient) -> None:
    health = get(client, "/healthz")
    assert health["status"] == "ok"
    assert health["articles"] == health["indexed"] == search(client, "size=0&copies=all")["total"]


def test_without_an_index_it_says_what_to_run(tmp_path: Path) -> None:
    client = create_app({"archive": str(tmp_path / "nothing")}).test_client()
    for address in ("/healthz", "/api/v1/search?q=x", "/api/v1/suggest?q=x"):
        response = client.get(address)
        assert response.status_code == 503
        assert response.headers["Retry-After"]
        assert "dateline reindex" in json.loads(response.data)["detail"]


def test_articles_like_one(client: FlaskClient) -> None:
    found = get(client, "/api/v1/search?q=title:Chandrayaan-3+title:lands&size=1")["hits"][0]
    hits = get(client, f"/api/v1/articles/{found['id']}/similar")["hits"]
    assert "Japan reaches the Moon" in hits[0]["title"]
    assert found["id"] not in [hit["id"] for hit in hits]
    assert not any("Modi hails Moon landing" in hit["title"] for hit in hits), "it is a copy"
    assert len(get(client, f"/api/v1/articles/{found['id']}/similar?size=1")["hits"]) == 1
    assert client.get("/api/v1/articles/none/similar").status_code == 404
    assert client.get(f"/api/v1/articles/{found['id']}/similar?q=moon").status_code == 400
