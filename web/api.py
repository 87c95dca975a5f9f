"""The JSON API: the same questions as the page, for programs. See docs/reference/http-api.md."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, abort, jsonify, request

from index.articles import Article, DateOrigin, PublicationDate, clean_text
from index.entities.mentions import ENTITY_TYPES, Mention
from index.stories.copies import Copies, copies_of
from index.versions import Appearance, appearances_of, version_of
from search.archive import Answer, Found
from search.entity import report
from search.explanation import Explanation
from search.results import FacetCounts, Histogram
from search.similar import similar
from search.snippets import Passage
from search.suggest import complete
from web import changes, params
from web.asking import ask
from web.differences import differences
from web.entity import find
from web.entity_json import entity_json
from web.filters import marked, web_address
from web.limits import MOST_COPIES
from web.opening import archive
from web.reading import entities

blueprint = Blueprint("api", __name__)

SEARCH = "/api/v1/search"
ENTITIES = "/api/v1/entities"
_SCORE = "/api/v1/articles/{}/score"
_SIMILAR = "/api/v1/articles/{}/similar"


def score_address(article_id: str) -> str:
    """Where an article's score for a question is explained."""
    return _SCORE.format(quote(article_id, safe=""))


def similar_address(article_id: str) -> str:
    """Where the articles like one are."""
    return _SIMILAR.format(quote(article_id, safe=""))


@blueprint.get(SEARCH)
def search() -> Response:
    """Answer a question, with everything that was counted."""
    return jsonify(_answer(ask(archive(), params.read(request.args.items(multi=True)))))


@blueprint.get("/api/v1/articles/<article_id>")
def article(article_id: str) -> Response:
    """Give one article with all it names."""
    params.read(request.args.items(multi=True), only=())
    opened = archive()
    found = opened.store.articles([article_id]).get(article_id)
    if found is None:
        abort(404, f"There is no article {article_id}.")
    mentions = opened.mentions([article_id]).get(article_id, ())
    versions = [_appearance(each) for each in appearances_of(opened.store, article_id)]
    copies = copies_of(opened.store, found, MOST_COPIES)
    return jsonify(
        _article(found)
        | _rest(found)
        | {"mentions": _mentions(mentions), "versions": versions}
        | _copies(copies)
    )


@blueprint.get(_SCORE.format("<article_id>"))
def score(article_id: str) -> Response:
    """Explain the score of one article for a question."""
    question = params.read(request.args.items(multi=True))
    explanation = archive().explain(question, article_id)
    if explanation is None:
        abort(404, f"No article {article_id} is among the results.")
    return jsonify(_explanation(explanation))


@blueprint.get(_SIMILAR.format("<article_id>"))
def similar_articles(article_id: str) -> Response:
    """Give the articles most like one, closest first."""
    question = params.read(request.args.items(multi=True), only=("size",))
    found = similar(archive(), article_id, question.size)
    if found is None:
        abort(404, f"There is no article {article_id}.")
    return jsonify({"hits": [_hit(each) for each in found]})


@blueprint.get(f"{ENTITIES}/<kind>/<path:name>", merge_slashes=False)
def entity(kind: str, name: str) -> Response:
    """Give one person, place or organisation: its forms, sentences, decisions, company."""
    params.read(request.args.items(multi=True), only=())
    return jsonify(entity_json(report(archive(), find(archive(), kind, name))))


@blueprint.get("/api/v1/articles/<article_id>/versions/<int:number>")
def version(article_id: str, number: int) -> Response:
    """Give what an article said once, and what changed from the version before."""
    params.read(request.args.items(multi=True), only=())
    store = archive().store
    found = version_of(store, article_id, number)
    if found is None:
        abort(404, f"There is no version {number} of an article {article_id}.")
    before = version_of(store, article_id, number - 1)
    return jsonify(
        _appearance(found)
        | {"title": found.title, "body": found.body}
        | {
            "changes": before
            and {
                "title": _differences(before.title, found.title),
                "body": _differences(before.body, found.body),
            }
        }
    )


@blueprint.get("/api/v1/suggest")
def suggest() -> Response:
    """Complete what is being typed: names of the archive's entities, words of its titles."""
    params.read(request.args.items(multi=True), only=("q",))
    text = clean_text(request.args.get("q", ""))  # a space at its end means a finished word
    return jsonify({"suggestions": complete(text, archive().engine)})


@blueprint.get("/healthz")
def health() -> Response:
    """Say whether store and index can be read, and how much is in them."""
    params.read(request.args.items(multi=True), only=())
    opened = archive()
    return jsonify(
        {"status": "ok", "articles": opened.store.count(), "indexed": opened.engine.count()}
    )


def _answer(answer: Answer) -> dict[str, Any]:
    results, correction = answer.results, answer.correction
    following = results.next_cursor and changes.following(answer.question, results.next_cursor)
    return {
        "total": results.total,
        "hits": [_hit(found) for found in answer.found],
        "facets": {counts.facet: _facet(counts) for counts in results.facets},
        "histogram": results.histogram and _histogram(results.histogram),
        "query": {
            "text": answer.question.text,
            "match": answer.question.match,
            "sort": answer.request.sort,
            "copies": "all" if answer.question.copies else "one",
            "understood": answer.reading.understood,
            "repairs": list(answer.reading.repairs),
        },
        "suggestion": correction and {"text": correction.text, "total": correction.total},
        "next_cursor": results.next_cursor,
        "next": following and params.address(SEARCH, following),
        "took_ms": round(answer.took_ms, 2),
    }


def _explanation(explanation: Explanation) -> dict[str, Any]:
    return {
        "id": explanation.article_id,
        "score": explanation.score,
        "length": explanation.length,
        "articles": explanation.statistics.articles,
        "average_length": explanation.statistics.average_length,
        "parts": [asdict(part) for part in explanation.parts],
    }


def _hit(found: Found) -> dict[str, Any]:
    return _article(found.article) | {
        "title_ranges": found.title.ranges,
        "snippets": [_snippet(passage) for passage in found.passages],
        "removed": [_snippet(passage) for passage in found.removed],
        "entities": _entities(found.article, found.mentions),
        "score": found.hit.score,
        "story": found.story,
        "copies": found.hit.copies,
    }


def _article(found: Article) -> dict[str, Any]:
    return {
        "id": found.id,
        "url": web_address(found.url),
        "title": found.title,
        "source": found.source,
        "authors": found.authors,
        "section": found.section,
        "language": found.language,
        "published": found.published and _published(found.published),
        "dates": {role: _origin(origin) for role, origin in found.date_origins.items()},
        "dateline": found.dateline,
        "tags": found.tags,
    }


def _rest(found: Article) -> dict[str, Any]:
    """What an article has beside the members of a hit."""
    return {
        "body": found.body,
        "modified": found.modified and found.modified.isoformat(),
        "fetched": found.fetched and found.fetched.isoformat(),
        "extra": dict(found.extra),
    }


def _appearance(found: Appearance) -> dict[str, Any]:
    return {
        "number": found.number,
        "first_seen": found.first_seen.isoformat(),
        "last_seen": found.last_seen.isoformat(),
        "fetched": found.fetched and found.fetched.isoformat(),
    }


def _differences(before: str, after: str) -> list[dict[str, Any]]:
    return [
        {
            "kind": paragraph.kind,
            "pieces": [{"kind": piece.kind, "text": piece.text} for piece in paragraph.pieces],
        }
        for paragraph in differences(before, after)
    ]


def _copies(copies: Copies | None) -> dict[str, Any]:
    """The story of an article, how many others are of it, and the earliest of those."""
    if copies is None:
        return {"story": None, "copies": 0, "other_copies": []}
    others = [
        _article(copy.article) | {"shared": round(copy.shared, 3)} for copy in copies.earliest
    ]
    return {"story": copies.story, "copies": copies.total, "other_copies": others}


def _published(published: PublicationDate) -> dict[str, str]:
    return {"date": published.isoformat(), "precision": published.precision}


def _origin(origin: DateOrigin) -> dict[str, Any]:
    return {
        "source": origin.source,
        "doubts": origin.doubts,
        "against": origin.against,
        "refused": origin.refused or None,
    }


def _snippet(passage: Passage) -> dict[str, Any]:
    return {
        "text": passage.text,
        "ranges": passage.ranges,
        "start": passage.start,
        "html": marked(passage),
    }


def _entities(found: Article, mentions: tuple[Mention, ...]) -> dict[str, list[dict[str, Any]]]:
    return {
        kind: [
            {"name": entity.name, "mentions": entity.mentions, "weight": entity.weight}
            for entity in entities(found, mentions)
            if entity.type == kind
        ]
        for kind in ENTITY_TYPES
    }


def _mentions(mentions: tuple[Mention, ...]) -> list[dict[str, Any]]:
    return [
        {"type": m.type, "name": m.name, "surface": m.surface, "start": m.start, "end": m.end}
        for m in mentions
    ]


def _facet(counts: FacetCounts) -> dict[str, Any]:
    return {
        "values": [
            {
                "value": value.value,
                "count": value.count,
                "selected": value.selected,
                "excluded": value.excluded,
            }
            for value in counts.values
        ],
        "more": counts.more,
        "unexpected": [
            {
                "value": value.value,
                "count": value.count,
                "total": value.total,
                "score": round(value.score, 3),
            }
            for value in counts.unexpected
        ],
    }


def _histogram(histogram: Histogram) -> dict[str, Any]:
    return {
        "grain": histogram.grain,
        "bars": [
            {"first": bar.first.isoformat(), "last": bar.last.isoformat(), "count": bar.count}
            for bar in histogram.bars
        ],
        "undated": histogram.undated,
    }
