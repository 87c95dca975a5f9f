"""What is known of an entity as lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from index.curation.decisions import in_words
from index.curation.entities import Form
from index.naming import FacetName
from search.entity import EntityReport, Sentence
from web.entity import why
from web.options import counted

MOST_FORMS = 30
MOST_SURFACES = 8


def entity_lines(report: EntityReport) -> Iterator[str]:
    """All of it, in paragraphs with headings."""
    kind, name = report.entity
    yield f"{click.style(name, bold=True)}, {kind}, {counted(report.articles, 'article')}"
    yield from _part("Names that count here", _forms(report.forms, report.entity))
    yield from _part(
        "Could be short for",
        (f"{articles:>7,}  {other[1]}" for other, articles in report.could_be),
    )
    yield from _part(
        "Decisions",
        (
            f"line {entry.line}: {in_words(entry.decision)}"
            + (f" [{entry.decision.note}]" if entry.decision.note else "")
            for entry in report.decisions
        ),
    )
    yield from _part("In these words", map(_sentence, report.sentences))
    yield from _part(
        "Often named with",
        (f"{each.articles:>7,}  {each.entity[1]} ({each.entity[0]})" for each in report.related),
    )


def _part(heading: str, lines: Iterable[str]) -> Iterator[str]:
    listed = list(lines)
    if listed:
        yield ""
        yield click.style(heading, bold=True)
        yield from (f"  {line}" for line in listed)


def _forms(forms: tuple[Form, ...], entity: FacetName) -> Iterator[str]:
    for form in forms[:MOST_FORMS]:
        kind = "" if form.name[0] == entity[0] else f" ({form.name[0]})"
        reason = why(form, entity)
        yield f"{form.articles:>7,}  {form.name[1]}{kind}" + (f"  – {reason}" if reason else "")
        written = [f"{surface} {articles:,}" for surface, articles in form.surfaces]
        if len(written) > 1:
            more = f", {len(written) - MOST_SURFACES} more" if len(written) > MOST_SURFACES else ""
            yield f"         written {', '.join(written[:MOST_SURFACES])}{more}"
    if len(forms) > MOST_FORMS:
        yield f"         and {len(forms) - MOST_FORMS:,} more"


def _sentence(sentence: Sentence) -> str:
    article, passage = sentence.article, sentence.passage
    (start, end), *_ = passage.ranges
    marked = (
        passage.text[:start] + click.style(passage.text[start:end], bold=True) + passage.text[end:]
    )
    day = article.published.day.isoformat() if article.published else "undated   "
    return f"{day}  {article.id}  {marked}"
