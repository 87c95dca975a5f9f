"""What is known of an entity as JSON, for the API and the command line."""

from __future__ import annotations

from typing import Any

from index.curation.decisions import in_words, kind_of
from index.curation.notation import Entry
from search.entity import EntityReport, Sentence
from web.entity import why


def entity_json(report: EntityReport) -> dict[str, Any]:
    """The members that docs/reference/http-api.md lists."""
    kind, name = report.entity
    return {
        "type": kind,
        "name": name,
        "articles": report.articles,
        "forms": [
            {
                "type": form.name[0],
                "name": form.name[1],
                "articles": form.articles,
                "reason": form.reason if form.entity == report.entity else "decision",
                "why": why(form, report.entity),
                "surfaces": [
                    {"surface": surface, "articles": articles}
                    for surface, articles in form.surfaces
                ],
            }
            for form in report.forms
        ],
        "could_be": [
            {"type": other[0], "name": other[1], "articles": articles}
            for other, articles in report.could_be
        ],
        "decisions": [decision_json(entry) for entry in report.decisions],
        "sentences": [_sentence(sentence) for sentence in report.sentences],
        "related": [
            {
                "type": related.entity[0],
                "name": related.entity[1],
                "articles": related.articles,
                "score": round(related.score, 3),
            }
            for related in report.related
        ],
    }


def decision_json(entry: Entry) -> dict[str, Any]:
    """A decision and where it is written."""
    decision = entry.decision
    return {
        "kind": kind_of(decision),
        "decision": in_words(decision),
        "note": decision.note,
        "date": decision.date and decision.date.isoformat(),
        "line": entry.line,
    }


def _sentence(sentence: Sentence) -> dict[str, Any]:
    article = sentence.article
    return {
        "text": sentence.passage.text,
        "ranges": sentence.passage.ranges,
        "article": article.id,
        "title": article.title,
        "published": article.published and article.published.isoformat(),
    }
